//! Believe whoever signs sanctions lists no longer, until the administrator names somebody.
use crate::{events::SanctionsOracleSuspended, pda::write, shared::accounts::Attesting, state::Role};
use anchor_lang::prelude::*;

/// Callable by compliance. Accounts: [`Attesting`]. Nobody more is blocked on a list, and an issuer in strict mode lets
/// nobody in. Whom a list blocked stays blocked. No invariant is asked: a stop must work when something is wrong already.
///
/// Refuses, in order: NotAuthorised, NoOracle, OracleSuspended.
pub(crate) fn suspend_sanctions_oracle(ctx: Context<Attesting>) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.issuer.require(Role::Compliance, accounts.signer.key)?;
    let mut list = accounts.heard()?;
    list.suspended = true;
    write(&accounts.provider, &list)?;
    tell!(ctx, SanctionsOracleSuspended { oracle: list.oracle });
    Ok(())
}
