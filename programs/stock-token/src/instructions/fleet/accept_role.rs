//! Accept an offered role: a role never goes to an address that cannot sign.
use crate::{errors::ScripError, events::RoleTaken, shared::accounts::Administration, state::Role};
use anchor_lang::prelude::*;

/// Callable by the address that the role was offered to. Accounts: [`Administration`].
///
/// Refuses NothingOffered.
pub(crate) fn accept_role(ctx: Context<Administration>, role: Role) -> Result<()> {
    let (issuer, to) = (&mut ctx.accounts.issuer, ctx.accounts.signer.key());
    ensure!(issuer.offered == role && issuer.offered_to == to, ScripError::NothingOffered);
    let from = issuer.roles.holder(role);
    issuer.roles.set(role, to);
    issuer.offered_to = Pubkey::default();
    issuer.invariant()?;
    tell!(ctx, RoleTaken { role, from, to });
    Ok(())
}
