//! Allow transfers, mints and burns of one stock again.
use crate::{errors::ScripError, events::StockStopped, shared::accounts::Fleet, state::Role, token::mint_facts};
use anchor_lang::prelude::*;

/// Callable by the unpauser, who is not the pauser. Accounts: [`Fleet`].
///
/// Refuses, in order: NotAuthorised, Halted, NotPaused.
pub(crate) fn resume(ctx: Context<Fleet>) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.issuer.require(Role::Unpauser, accounts.signer.key)?;
    accounts.issuer.require_running()?;
    ensure!(mint_facts(&accounts.mint)?.paused, ScripError::NotPaused);
    accounts.signs().resume(&accounts.mint)?;
    tell!(ctx, StockStopped { mint: ctx.accounts.mint.key(), stopped: false });
    Ok(())
}
