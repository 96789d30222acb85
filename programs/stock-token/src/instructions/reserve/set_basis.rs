//! Adopt the stock's split factor as the basis on the administrator's word, after human review.
use crate::{errors::ScripError, events::BasisConfirmed, shared::accounts::Backing, state::Role};
use anchor_lang::prelude::*;

/// Callable by the admin. Accounts: [`Backing`]. The ceiling follows the basis only downwards: raising it is a decision
/// of its own.
///
/// Refuses, in order: NotAuthorised, ReserveNotConfigured, PairDoesNotFit.
pub(crate) fn set_basis(ctx: Context<Backing>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let accounts = &mut *ctx.accounts;
    accounts.issuer.require(Role::Admin, accounts.signer.key)?;
    require!(accounts.reserve.configured(), ScripError::ReserveNotConfigured);
    let (split, before) = (accounts.stock.multiplier.at(now).split(), accounts.reserve.ceiling);
    accounts.reserve.adopt(split)?;
    accounts.reserve.ceiling = accounts.reserve.ceiling.min(before);
    accounts.reserve.invariant()?;
    emit_cpi!(BasisConfirmed { mint: ctx.accounts.mint.key(), num: split.0, den: split.1 });
    Ok(())
}
