//! Open the primary market again.
use crate::{errors::ScripError, events::MarketStopped, shared::accounts::Administration, state::Role};
use anchor_lang::prelude::*;

/// Callable by the unpauser, who is not the pauser. Accounts: [`Administration`].
///
/// Refuses, in order: NotAuthorised, MarketNotPaused.
pub(crate) fn resume_market(ctx: Context<Administration>) -> Result<()> {
    let issuer = &mut ctx.accounts.issuer;
    issuer.require(Role::Unpauser, ctx.accounts.signer.key)?;
    ensure!(issuer.market_paused, ScripError::MarketNotPaused);
    issuer.market_paused = false;
    issuer.invariant()?;
    tell!(ctx, MarketStopped { stopped: false });
    Ok(())
}
