//! Say how a stock's attestations are judged.
use crate::{
    errors::ScripError,
    events::ReserveConfigured,
    parameters::MAX_MARGIN_BPS,
    shared::accounts::Backing,
    state::{Basis, Ceilings, Role},
};
use anchor_lang::prelude::*;

/// Callable by the admin. Accounts: [`Backing`]. `max_age` in seconds, `margin_bps` in basis points; both ceilings in
/// shares of `basis` with 18 decimals, until the next attestation. The first call adopts the stock's split factor as the
/// basis.
///
/// Refuses, in order: NotAuthorised, ReserveBadConfig, WrongBasis.
pub(crate) fn configure_reserve(
    ctx: Context<Backing>,
    max_age: u32,
    margin_bps: u16,
    ceiling: u128,
    others: u128,
    basis: Basis,
) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let accounts = &mut *ctx.accounts;
    accounts.issuer.require(Role::Admin, accounts.signer.key)?;
    ensure!(max_age > 0 && margin_bps <= MAX_MARGIN_BPS, ScripError::ReserveBadConfig);
    let reserve = &mut accounts.reserve;
    if !reserve.configured() && reserve.unconfirmed(now) {
        reserve.adopt();
    }
    reserve.require_known(&basis)?;
    let ceilings = Ceilings { own: ceiling, others, counter: basis.counter };
    (reserve.max_age, reserve.margin_bps, reserve.ceilings) = (max_age.into(), margin_bps, ceilings);
    reserve.void_papers();
    reserve.invariant()?;
    tell!(ctx, ReserveConfigured { mint: ctx.accounts.mint.key(), max_age, margin_bps, ceilings });
    Ok(())
}
