//! Show that the attestations around a split say what the split says, so that mints may go on.
use crate::{errors::ScripError, events::BasisConfirmed, math, shared::accounts::Backing};
use anchor_lang::prelude::*;

/// Callable by anyone. Accounts: [`Backing`]. Compares the last attestation from before the first unconfirmed split
/// with the latest one.
///
/// Refuses, in order: ReserveNotConfigured, BasisIsCurrent, WrongOldRound (there is no attestation from before the
/// split, or none after it), WrongNewRound (the latest is from before the last split), FutureAnswer, BadAnswer,
/// PairDoesNotFit, OutsideTheBand.
pub(crate) fn confirm_basis(ctx: Context<Backing>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let accounts = &mut *ctx.accounts;
    let (reserve, multiplier) = (&mut accounts.reserve, &accounts.stock.multiplier);
    require!(reserve.configured(), ScripError::ReserveNotConfigured);
    let split = multiplier.at(now).split();
    require!(split != reserve.basis(), ScripError::BasisIsCurrent);
    let (first, last) = multiplier.unconfirmed(reserve.basis(), now);
    let (old, new) = (reserve.before_split, reserve.latest);
    let around = old.sequence > 0 && old.as_of < first && first <= reserve.after_split;
    require!(around, ScripError::WrongOldRound);
    require!(new.as_of >= last, ScripError::WrongNewRound);
    require!(new.as_of <= now, ScripError::FutureAnswer);
    require!(old.shares > 0 && new.shares > 0, ScripError::BadAnswer);
    let (num, den) = reserve.ratio(split)?;
    let within = math::in_band(old.shares, new.shares, num, den).unwrap_or(false);
    require!(within, ScripError::OutsideTheBand);
    reserve.adopt(split)?;
    reserve.invariant()?;
    emit_cpi!(BasisConfirmed { mint: ctx.accounts.mint.key(), num: split.0, den: split.1 });
    Ok(())
}
