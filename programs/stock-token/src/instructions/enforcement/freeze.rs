//! Freeze a token account whose wallet is no longer cleared, or is held: the crank of every removal, lapse and hold.
use crate::{errors::ScripError, events::AccountFrozen, shared::accounts::Crank};
use anchor_lang::prelude::*;

/// Callable by anyone, for any token account of the wallet. Accounts: [`Crank`].
///
/// Refuses, in order: InvalidReceiver, NotTheWalletsAccount, AlreadyFrozen, UnknownWallet, UnknownInvestor, UnknownHold,
/// StillCleared.
pub(crate) fn freeze(ctx: Context<Crank>) -> Result<()> {
    let accounts = &ctx.accounts;
    let facts = accounts.facts()?;
    ensure!(!facts.frozen, ScripError::AlreadyFrozen);
    ensure!(!accounts.may_be_thawed(Clock::get()?.unix_timestamp)?, ScripError::StillCleared);
    accounts.signs().freeze(&accounts.mint, &accounts.token_account)?;
    let (mint, holder, account) = (facts.mint, facts.owner, accounts.token_account.key());
    tell!(ctx, AccountFrozen { mint, holder, account, frozen: true });
    Ok(())
}
