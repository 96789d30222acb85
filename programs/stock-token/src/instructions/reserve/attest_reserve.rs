//! Publish the custodian's attestation: shares held, in which split basis, and what each side may owe.
use crate::{
    errors::ScripError,
    events::ReserveAttested,
    messages::paper_digest,
    shared::accounts::Backing,
    signature::require_signed,
    state::{Attestation, Ceilings, Paper},
};
use anchor_lang::prelude::*;

/// Callable by anyone, with the attestor's signature in the instruction just before. Accounts: [`Backing`]. It counts as
/// what it says: the confirmed basis, or that after the open step.
///
/// Refuses, in order: ReserveNotConfigured, WrongNonce, PaperExpired, WrongBasis, FutureAnswer, NotNewer, then as
/// `require_signed` with NotAnAttestor. Zero shares are recorded all the same: mints refuse them, and the next one
/// replaces them.
pub(crate) fn attest_reserve(ctx: Context<Backing>, paper: Paper) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let accounts = &mut *ctx.accounts;
    let reserve = &accounts.reserve;
    ensure!(reserve.configured(), ScripError::ReserveNotConfigured);
    ensure!(paper.nonce == reserve.nonce, ScripError::WrongNonce);
    ensure!(now <= paper.expiry, ScripError::PaperExpired);
    reserve.require_known(&paper.basis)?;
    ensure!(paper.as_of <= now, ScripError::FutureAnswer);
    ensure!(paper.as_of > reserve.latest.as_of, ScripError::NotNewer);
    let digest = paper_digest(&paper, &accounts.issuer.genesis, &accounts.issuer.key(), accounts.mint.key);
    let attestor = accounts.issuer.roles.attestor;
    require_signed(&accounts.instructions, &attestor, &digest, ScripError::NotAnAttestor)?;

    let reserve = &mut accounts.reserve;
    let counter = paper.basis.counter;
    let attestation = Attestation { shares: paper.shares, as_of: paper.as_of, counter };
    let ceilings = Ceilings { own: paper.ceiling, others: paper.others, counter };
    (reserve.latest, reserve.ceilings) = (attestation, ceilings);
    reserve.void_papers();
    reserve.invariant()?;
    tell!(ctx, ReserveAttested { mint: ctx.accounts.mint.key(), attestation, ceilings, nonce: paper.nonce });
    Ok(())
}
