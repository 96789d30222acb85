//! Say how a stock's attestations are judged.
use crate::{
    errors::ScripError, events::ReserveConfigured, parameters::MAX_MARGIN_BPS, shared::accounts::Backing, state::Role,
};
use anchor_lang::prelude::*;

/// Callable by the admin. Accounts: [`Backing`]. `max_age` in seconds, `margin_bps` in basis points, `ceiling` in
/// shares of the basis with 18 decimals, until the next attestation. The first call adopts the stock's split factor as
/// the basis.
///
/// Refuses, in order: NotAuthorised, ReserveBadConfig.
pub(crate) fn configure_reserve(ctx: Context<Backing>, max_age: u32, margin_bps: u16, ceiling: u128) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let accounts = &mut *ctx.accounts;
    accounts.issuer.require(Role::Admin, accounts.signer.key)?;
    require!(max_age > 0 && margin_bps <= MAX_MARGIN_BPS, ScripError::ReserveBadConfig);
    let split = accounts.stock.multiplier.at(now).split();
    let reserve = &mut accounts.reserve;
    if !reserve.configured() {
        reserve.adopt(split)?;
    }
    (reserve.max_age, reserve.margin_bps, reserve.ceiling) = (max_age.into(), margin_bps, ceiling);
    reserve.invariant()?;
    emit_cpi!(ReserveConfigured { mint: ctx.accounts.mint.key(), max_age, margin_bps, ceiling });
    Ok(())
}
