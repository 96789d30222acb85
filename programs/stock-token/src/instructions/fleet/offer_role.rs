//! Offer a role to somebody, who must accept it.
use crate::{events::RoleOffered, shared::accounts::Administration, state::Role};
use anchor_lang::prelude::*;

/// Callable by the admin. Accounts: [`Administration`]. One role changes hands at a time: a new offer replaces the old
/// one, and the default address withdraws it.
///
/// Refuses NotAuthorised.
pub(crate) fn offer_role(ctx: Context<Administration>, role: Role, to: Pubkey) -> Result<()> {
    let issuer = &mut ctx.accounts.issuer;
    issuer.require(Role::Admin, ctx.accounts.signer.key)?;
    (issuer.offered, issuer.offered_to) = (role, to);
    issuer.invariant()?;
    emit_cpi!(RoleOffered { role, to });
    Ok(())
}
