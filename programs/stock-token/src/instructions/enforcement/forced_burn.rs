//! An enforcer destroys units that their holder cannot redeem. Nothing is paid out.
use crate::{errors::ScripError, events::UnitsTaken, shared::accounts::Enforcement};
use anchor_lang::prelude::*;

/// Callable by the enforcer. Accounts: [`Enforcement`]. Works in a pause, in a halt, and where the account is frozen, and
/// leaves all that as it was found.
///
/// Refuses, in order: NotAuthorised, ReasonAndDocument, KeyEmpty, KeyUsed, ZeroAmount, InvalidReceiver,
/// NotTheWalletsAccount, InsufficientBalance.
pub(crate) fn forced_burn(
    ctx: Context<Enforcement>,
    key: [u8; 32],
    amount: u64,
    reason: u16,
    document: [u8; 32],
) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.begin(&key, reason, &document, &ctx.bumps)?;
    ensure!(amount > 0, ScripError::ZeroAmount);
    let source = accounts.source()?;
    ensure!(source.amount >= amount, ScripError::InsufficientBalance);
    let account = &accounts.token_account;
    accounts.signs().take(&accounts.mint, (account, source.frozen), None, amount)?;
    let (mint, holder, account, nobody) = (source.mint, source.owner, account.key(), Pubkey::default());
    tell!(ctx, UnitsTaken { mint, holder, account, to: nobody, to_account: nobody, amount, reason, document, key });
    Ok(())
}
