//! Take a role from its holder, or give one's own up: nobody has it until somebody takes it.
use crate::{errors::ScripError, events::RoleTaken, shared::accounts::Administration, state::Role};
use anchor_lang::prelude::*;

/// Callable by the admin and by the role's holder. Accounts: [`Administration`]. Nobody has to accept anything, and an
/// offer of the role stands. `from` is who is to lose it, so that an order that has waited takes it from nobody else.
/// The administrator's own role is handed over alone.
///
/// Refuses, in order: NotAuthorised, BadSetting (the administrator's), NotTheHolder (`from` does not hold it).
pub(crate) fn revoke_role(ctx: Context<Administration>, role: Role, from: Pubkey) -> Result<()> {
    let (issuer, signer) = (&mut ctx.accounts.issuer, ctx.accounts.signer.key());
    if issuer.require(role, &signer).is_err() {
        issuer.require(Role::Admin, &signer)?;
    }
    ensure!(role != Role::Admin, ScripError::BadSetting);
    ensure_same!(issuer.roles.holder(role), from, ScripError::NotTheHolder);
    let to = Pubkey::default();
    issuer.roles.set(role, to);
    issuer.invariant()?;
    tell!(ctx, RoleTaken { role, from, to });
    Ok(())
}
