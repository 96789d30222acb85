//! Count in the basis after a split from now on, on the administrator's word, after human review.
use crate::{
    errors::ScripError,
    events::BasisConfirmed,
    shared::accounts::Backing,
    state::{Basis, Role},
};
use anchor_lang::prelude::*;

/// Callable by the admin. Accounts: [`Backing`]. It adopts what it names and nothing else, so that an order that has
/// waited cannot adopt a later split.
///
/// Refuses, in order: NotAuthorised, ReserveNotConfigured, WrongBasis (not the stock's own now), BasisIsCurrent.
pub(crate) fn set_basis(ctx: Context<Backing>, basis: Basis) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let accounts = &mut *ctx.accounts;
    accounts.issuer.require(Role::Admin, accounts.signer.key)?;
    let reserve = &mut accounts.reserve;
    ensure!(reserve.configured(), ScripError::ReserveNotConfigured);
    ensure!(basis == reserve.present(now), ScripError::WrongBasis);
    ensure!(reserve.unconfirmed(now), ScripError::BasisIsCurrent);
    reserve.adopt();
    reserve.invariant()?;
    let ceilings = reserve.ceilings;
    tell!(ctx, BasisConfirmed { mint: ctx.accounts.mint.key(), basis, ceilings });
    Ok(())
}
