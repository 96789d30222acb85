//! View: both sides of the reserve's check.
use crate::{shared::accounts::View, state::Coverage, token::mint_facts};
use anchor_lang::prelude::*;

/// Callable by anyone, for the present supply, whatever the attestation's age. Accounts: [`View`].
///
/// Refuses ReserveInsufficient where a side does not fit.
pub(crate) fn coverage(ctx: Context<View>) -> Result<Coverage> {
    let (accounts, now) = (&ctx.accounts, Clock::get()?.unix_timestamp);
    let supply = mint_facts(&accounts.mint)?.supply;
    accounts.reserve.coverage(supply, supply, &accounts.stock.multiplier, now)
}
