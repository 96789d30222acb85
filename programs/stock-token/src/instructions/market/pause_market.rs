//! Stop mints and redemptions on quotes, of all stocks.
use crate::{errors::ScripError, events::MarketStopped, shared::accounts::Administration, state::Role};
use anchor_lang::prelude::*;

/// Callable by the pauser. Accounts: [`Administration`]. No invariant is asked: a stop must work when something is
/// wrong with the issuer's record already.
///
/// Refuses, in order: NotAuthorised, MarketPaused.
pub(crate) fn pause_market(ctx: Context<Administration>) -> Result<()> {
    let issuer = &mut ctx.accounts.issuer;
    issuer.require(Role::Pauser, ctx.accounts.signer.key)?;
    ensure!(!issuer.market_paused, ScripError::MarketPaused);
    issuer.market_paused = true;
    tell!(ctx, MarketStopped { stopped: true });
    Ok(())
}
