//! Stop every transfer, mint and burn of one stock.
use crate::{errors::ScripError, events::StockStopped, shared::accounts::Fleet, state::Role, token::mint_facts};
use anchor_lang::prelude::*;

/// Callable by the pauser. Accounts: [`Fleet`].
///
/// Refuses, in order: NotAuthorised, Paused.
pub(crate) fn pause(ctx: Context<Fleet>) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.issuer.require(Role::Pauser, accounts.signer.key)?;
    ensure!(!mint_facts(&accounts.mint)?.paused, ScripError::Paused);
    accounts.signs().pause(&accounts.mint)?;
    tell!(ctx, StockStopped { mint: ctx.accounts.mint.key(), stopped: true });
    Ok(())
}
