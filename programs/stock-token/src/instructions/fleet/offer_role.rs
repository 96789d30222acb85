//! Offer a role to somebody, who must accept it; or name a key that only signs papers.
use crate::{
    errors::ScripError,
    events::{RoleOffered, RoleTaken},
    shared::accounts::Administration,
    state::{is_somebodys, Role},
};
use anchor_lang::prelude::*;

/// Callable by the admin. Accounts: [`Administration`]. One role changes hands at a time: a new offer replaces the old
/// one, and the default address withdraws it. The keys of quotes and of attestations send no transaction and accept
/// nothing: they are named at once, and leave what is offered as it is.
///
/// Refuses, in order: NotAuthorised, ZeroAddress (such a key is nobody's: `revoke_role` takes it away).
pub(crate) fn offer_role(ctx: Context<Administration>, role: Role, to: Pubkey) -> Result<()> {
    let issuer = &mut ctx.accounts.issuer;
    issuer.require(Role::Admin, ctx.accounts.signer.key)?;
    if role == Role::QuoteSigner || role == Role::Attestor {
        ensure!(is_somebodys(&to), ScripError::ZeroAddress);
        let from = issuer.roles.holder(role);
        issuer.roles.set(role, to);
        issuer.invariant()?;
        tell!(ctx, RoleTaken { role, from, to });
        return Ok(());
    }
    (issuer.offered, issuer.offered_to) = (role, to);
    issuer.invariant()?;
    tell!(ctx, RoleOffered { role, to });
    Ok(())
}
