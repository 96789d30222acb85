//! Halt all stocks at once.
use crate::{errors::ScripError, events::FleetStopped, shared::accounts::Administration, state::Role};
use anchor_lang::prelude::*;

/// Callable by the guardian. Accounts: [`Administration`]. From then on this program mints, redeems, thaws and resumes
/// nothing, and anyone may pause any mint (`pause_halted`), which stops its transfers. No invariant is asked: a stop must
/// work when something is wrong with the issuer's record already.
///
/// Refuses, in order: NotAuthorised, FleetHalted.
pub(crate) fn halt(ctx: Context<Administration>) -> Result<()> {
    let issuer = &mut ctx.accounts.issuer;
    issuer.require(Role::Guardian, ctx.accounts.signer.key)?;
    ensure!(!issuer.halted, ScripError::FleetHalted);
    issuer.halted = true;
    tell!(ctx, FleetStopped { halted: true });
    Ok(())
}
