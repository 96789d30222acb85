//! An enforcer ends all lock-ups of a wallet in one stock.
use crate::{errors::ScripError, parameters::MAX_TRANCHES, shared::accounts::Enforcement, state::Tranche};
use anchor_lang::prelude::*;

/// Callable by the enforcer. Accounts: as `freeze_tokens`. What is frozen stays so. Works as `freeze_tokens`.
///
/// Refuses, in order: NotAuthorised, ReasonAndDocument, KeyEmpty, KeyUsed, as `bound`, NoLocks (none that has not ended).
pub(crate) fn release_locks(ctx: Context<Enforcement>, key: [u8; 32], reason: u16, document: [u8; 32]) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.begin(&key, reason, &document, &ctx.bumps)?;
    let (mut bound, facts) = accounts.bound()?;
    bound.state.settle(Clock::get()?.unix_timestamp);
    ensure!(bound.state.total() > bound.state.frozen, ScripError::NoLocks);
    bound.state.tranches = [Tranche::default(); MAX_TRANCHES];
    bound.settle(&accounts.signs(), &accounts.mint, (&accounts.token_account, &facts))?;
    tell!(ctx, bound.told(facts.mint, reason, document, key));
    Ok(())
}
