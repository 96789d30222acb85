//! Move what this chain alone may owe of a stock, and all others together.
use crate::{
    errors::ScripError,
    events::CeilingSet,
    shared::accounts::Backing,
    state::{Basis, Ceilings, Role},
};
use anchor_lang::prelude::*;

/// Callable by the admin. Accounts: [`Backing`]. Shares of `basis` with 18 decimals; a confirmation does not scale what
/// is stated in the basis after a split, and no paper that was signed before counts after.
///
/// Refuses, in order: NotAuthorised, ReserveNotConfigured, WrongBasis.
pub(crate) fn set_ceiling(ctx: Context<Backing>, own: u128, others: u128, basis: Basis) -> Result<()> {
    let accounts = &mut *ctx.accounts;
    accounts.issuer.require(Role::Admin, accounts.signer.key)?;
    let reserve = &mut accounts.reserve;
    ensure!(reserve.configured(), ScripError::ReserveNotConfigured);
    reserve.require_known(&basis)?;
    let ceilings = Ceilings { own, others, counter: basis.counter };
    reserve.ceilings = ceilings;
    reserve.void_papers();
    reserve.invariant()?;
    tell!(ctx, CeilingSet { mint: ctx.accounts.mint.key(), ceilings });
    Ok(())
}
