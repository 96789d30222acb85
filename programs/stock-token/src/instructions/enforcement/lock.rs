//! An enforcer locks units of a wallet up until a date: they go to the wallet's vault.
use crate::{errors::ScripError, parameters::MAX_U40, shared::accounts::Enforcement, state::Tranche};
use anchor_lang::prelude::*;

/// Callable by the enforcer. Accounts: as `freeze_tokens`. The units are bound while now < `until`, on top of what is bound
/// already; a fifth lock-up joins another (see `Locked::add`). What has ended is released by it. Works as `freeze_tokens`.
///
/// Refuses, in order: NotAuthorised, ReasonAndDocument, KeyEmpty, KeyUsed, LockBadAmount, LockBadDate, as `bound`,
/// InsufficientBalance.
pub(crate) fn lock(
    ctx: Context<Enforcement>,
    key: [u8; 32],
    amount: u64,
    until: i64,
    reason: u16,
    document: [u8; 32],
) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.begin(&key, reason, &document, &ctx.bumps)?;
    let now = Clock::get()?.unix_timestamp;
    ensure!(amount > 0, ScripError::LockBadAmount);
    ensure!(now < until && until <= MAX_U40, ScripError::LockBadDate);
    let (mut bound, facts) = accounts.bound()?;
    bound.state.settle(now);
    bound.state.add(Tranche { until, amount });
    bound.settle(&accounts.signs(), &accounts.mint, (&accounts.token_account, &facts))?;
    tell!(ctx, bound.told(facts.mint, reason, document, key));
    Ok(())
}
