//! An enforcer destroys units that their holder cannot redeem. Nothing is paid out.
use crate::{errors::ScripError, events::UnitsTaken, shared::accounts::Enforcement};
use anchor_lang::prelude::*;

/// Callable by the enforcer. Accounts: [`Enforcement`], then, where the wallet's account may have too little, the record of
/// its bound units and its vault (see `take`). Works in a pause, in a halt, and where the account is frozen, and leaves all
/// that as it was found.
///
/// Refuses, in order: NotAuthorised, ReasonAndDocument, KeyEmpty, KeyUsed, ZeroAmount, InvalidReceiver,
/// NotTheWalletsAccount, UnknownLocks, InsufficientBalance.
pub(crate) fn forced_burn<'info>(
    ctx: Context<'info, Enforcement<'info>>,
    key: [u8; 32],
    amount: u64,
    reason: u16,
    document: [u8; 32],
) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.begin(&key, reason, &document, &ctx.bumps)?;
    ensure!(amount > 0, ScripError::ZeroAmount);
    let source = accounts.source()?;
    let mut kept = accounts.kept(ctx.remaining_accounts)?;
    let (given, more) = accounts.take(&source, kept.as_mut(), None, amount)?;
    let (mint, holder, account, nobody) = (source.mint, source.owner, accounts.token_account.key(), Pubkey::default());
    let taken =
        UnitsTaken { mint, holder, account, to: nobody, to_account: nobody, amount: given, reason, document, key };
    if given > 0 {
        taken.tell(&accounts.event_authority)?;
    }
    if let Some(kept) = kept.filter(|_| more > 0) {
        UnitsTaken { account: kept.vault.key(), amount: more, ..taken }.tell(&accounts.event_authority)?;
        tell!(ctx, kept.told(mint, reason, document, key));
    }
    Ok(())
}
