//! An enforcer takes units of a wallet for another, whatever is frozen or paused.
use crate::{errors::ScripError, events::UnitsTaken, shared::accounts::Enforcement};
use anchor_lang::prelude::*;

/// Callable by the enforcer. Accounts: [`Enforcement`]. Works in a pause, in a halt, and where either account is frozen, and
/// leaves all that as it was found; what the receiver may not have, it is not given.
///
/// Refuses, in order: NotAuthorised, ReasonAndDocument, KeyEmpty, KeyUsed, as `target`, then of the wallet's account
/// InvalidReceiver, NotTheWalletsAccount, InsufficientBalance.
pub(crate) fn seize(
    ctx: Context<Enforcement>,
    key: [u8; 32],
    amount: u64,
    reason: u16,
    document: [u8; 32],
) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.begin(&key, reason, &document, &ctx.bumps)?;
    let target = accounts.target(Clock::get()?.unix_timestamp)?;
    let source = accounts.source()?;
    ensure!(source.amount >= amount, ScripError::InsufficientBalance);
    let (from, to_account) = (&accounts.token_account, &accounts.to_account);
    accounts.signs().take(&accounts.mint, (from, source.frozen), Some((to_account, target.frozen)), amount)?;
    let (mint, holder, to) = (source.mint, source.owner, target.owner);
    let (account, to_account) = (from.key(), to_account.key());
    tell!(ctx, UnitsTaken { mint, holder, account, to, to_account, amount, reason, document, key });
    Ok(())
}
