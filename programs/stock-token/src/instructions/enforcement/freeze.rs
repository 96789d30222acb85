//! Freeze a token account whose wallet is no longer cleared: the crank of every removal and every lapse.
use crate::{errors::ScripError, events::AccountFrozen, shared::accounts::Enforcement};
use anchor_lang::prelude::*;

/// Callable by anyone, for any token account of the wallet. Accounts: [`Enforcement`]; `_key` is unused and may be
/// zero.
///
/// Refuses, in order: InvalidReceiver, NotTheWalletsAccount, AlreadyFrozen, UnknownWallet, UnknownInvestor,
/// StillCleared.
pub(crate) fn freeze(ctx: Context<Enforcement>, _key: [u8; 32]) -> Result<()> {
    let accounts = &ctx.accounts;
    let facts = accounts.facts()?;
    require!(!facts.frozen, ScripError::AlreadyFrozen);
    let clearance = accounts.clearance(Clock::get()?.unix_timestamp)?;
    require!(!clearance.may_receive(accounts.stock.policy), ScripError::StillCleared);
    accounts.signs().freeze(&accounts.mint, &accounts.token_account)?;
    let (mint, holder, account) = (facts.mint, facts.owner, accounts.token_account.key());
    emit_cpi!(AccountFrozen { mint, holder, account, frozen: true });
    Ok(())
}
