//! End a halt.
use crate::{errors::ScripError, events::FleetStopped, shared::accounts::Administration, state::Role};
use anchor_lang::prelude::*;

/// Callable by the admin. Accounts: [`Administration`]. Mints that were paused stay so until the unpauser resumes each.
///
/// Refuses, in order: NotAuthorised, FleetNotHalted.
pub(crate) fn unhalt(ctx: Context<Administration>) -> Result<()> {
    let issuer = &mut ctx.accounts.issuer;
    issuer.require(Role::Admin, ctx.accounts.signer.key)?;
    ensure!(issuer.halted, ScripError::FleetNotHalted);
    issuer.halted = false;
    issuer.invariant()?;
    tell!(ctx, FleetStopped { halted: false });
    Ok(())
}
