//! An enforcer freezes part of what a wallet has in one stock: that many units go to the wallet's vault.
use crate::shared::accounts::Enforcement;
use anchor_lang::prelude::*;

/// Callable by the enforcer. Accounts: [`Enforcement`], with the record of the wallet's bound units in the hold's place, its
/// vault in the receiver's account's and its canonical token account. `amount` is what is frozen from now on, not what is
/// added; 0 releases all that was. What has ended of lock-ups is released by it. Works whatever the clearance, and in a pause
/// and a halt, as `seize`. More than the wallet has cannot be frozen: `hold_account` stops what it may get later.
///
/// Refuses, in order: NotAuthorised, ReasonAndDocument, KeyEmpty, KeyUsed, as `bound`, InsufficientBalance.
pub(crate) fn freeze_tokens(
    ctx: Context<Enforcement>,
    key: [u8; 32],
    amount: u64,
    reason: u16,
    document: [u8; 32],
) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.begin(&key, reason, &document, &ctx.bumps)?;
    let (mut bound, facts) = accounts.bound()?;
    bound.state.settle(Clock::get()?.unix_timestamp);
    bound.state.frozen = amount;
    bound.settle(&accounts.signs(), &accounts.mint, (&accounts.token_account, &facts))?;
    tell!(ctx, bound.told(facts.mint, reason, document, key));
    Ok(())
}
