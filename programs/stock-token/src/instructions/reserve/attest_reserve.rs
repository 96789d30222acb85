//! Publish the custodian's attestation: shares held, and what this chain alone may owe.
use crate::{
    errors::ScripError,
    events::ReserveAttested,
    messages::{attestation_digest, Statement},
    shared::accounts::Backing,
    signature::require_signed,
    state::Attestation,
};
use anchor_lang::prelude::*;

/// Callable by anyone, with the attestor's signature in the instruction just before. Accounts: [`Backing`]. The
/// signature binds the basis that the ceiling is stated in: an attestation that was signed before a basis changed does
/// not pass after it.
///
/// Refuses, in order: SequenceNotRising, then as `require_signed` with NotAnAttestor. An answer that no mint would
/// accept, of zero shares or from the future, is recorded all the same: mints refuse it, and the next one replaces it.
pub(crate) fn attest_reserve(ctx: Context<Backing>, attestation: Attestation, ceiling: u128) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let accounts = &mut *ctx.accounts;
    require!(attestation.sequence > accounts.reserve.latest.sequence, ScripError::SequenceNotRising);
    let (num, den) = accounts.reserve.basis();
    let statement = Statement { attestation: &attestation, ceiling, basis: (num, den) };
    let digest = attestation_digest(&statement, &accounts.issuer.genesis, &accounts.issuer.key(), accounts.mint.key);
    let attestor = accounts.issuer.roles.attestor;
    require_signed(&accounts.instructions, &attestor, &digest, ScripError::NotAnAttestor)?;

    let reserve = &mut accounts.reserve;
    let (first, _) = accounts.stock.multiplier.unconfirmed((num, den), now);
    let crosses = reserve.latest.as_of < first && first <= attestation.as_of;
    if crosses && reserve.latest.sequence > 0 {
        (reserve.before_split, reserve.after_split) = (reserve.latest, attestation.as_of);
    }
    (reserve.latest, reserve.ceiling) = (attestation, ceiling);
    reserve.invariant()?;
    emit_cpi!(ReserveAttested { mint: ctx.accounts.mint.key(), attestation, ceiling });
    Ok(())
}
