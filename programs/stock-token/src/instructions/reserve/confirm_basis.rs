//! Count in the basis after a split from now on, because the latest attestation is in it.
use crate::{errors::ScripError, events::BasisConfirmed, shared::accounts::Backing};
use anchor_lang::prelude::*;

/// Callable by anyone. Accounts: [`Backing`].
///
/// Refuses, in order: ReserveNotConfigured, BasisIsCurrent (no split is in effect), BadAnswer, FutureAnswer,
/// StaleAnswer, AnswerTooOld (from before the split), SplitNotShown.
pub(crate) fn confirm_basis(ctx: Context<Backing>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let reserve = &mut ctx.accounts.reserve;
    ensure!(reserve.configured(), ScripError::ReserveNotConfigured);
    ensure!(reserve.unconfirmed(now), ScripError::BasisIsCurrent);
    reserve.require_fresh(now)?;
    ensure!(reserve.latest.as_of >= reserve.step.effective_at, ScripError::AnswerTooOld);
    ensure!(reserve.latest.counter == reserve.step.basis.counter, ScripError::SplitNotShown);
    reserve.adopt();
    reserve.invariant()?;
    let (basis, ceilings) = (reserve.basis, reserve.ceilings);
    tell!(ctx, BasisConfirmed { mint: ctx.accounts.mint.key(), basis, ceilings });
    Ok(())
}
