//! Stop mints and redemptions on quotes, of all stocks.
use crate::{errors::ScripError, events::MarketStopped, instructions::Administer, state::Role};
use anchor_lang::prelude::*;

/// Callable by the pauser. Refuses NotAuthorised, MarketPaused.
pub fn handler(ctx: Context<Administer>) -> Result<()> {
    let issuer = &mut ctx.accounts.issuer;
    issuer.require(Role::Pauser, ctx.accounts.signer.key)?;
    require!(!issuer.market_paused, ScripError::MarketPaused);
    issuer.market_paused = true;
    emit_cpi!(MarketStopped { stopped: true });
    Ok(())
}
