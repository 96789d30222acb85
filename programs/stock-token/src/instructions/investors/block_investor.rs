//! Block an investor: no wallet of theirs is cleared from now on, in any stock.
use crate::{
    errors::ScripError,
    events::InvestorBlocked,
    guards::require_reason,
    pda::write,
    shared::accounts::{freeze_groups, Investors},
    state::Clearance,
    token::Authority,
};
use anchor_lang::prelude::*;

/// Callable by compliance. Accounts: [`Investors`], then groups of accounts to freeze. The status changes first, then
/// the named accounts are frozen (see `freeze_groups`); anyone may freeze the others from then on. No invariant is
/// asked: a block must work when something is wrong with the record already.
///
/// Refuses, in order: NotAuthorised, KeyEmpty, KeyUsed, UnknownInvestor, RegistryReasonAndDocument, AlreadyBlocked,
/// NotAStock, UnknownWallet, InvalidReceiver, NotTheWalletsAccount.
pub(crate) fn block_investor<'info>(
    ctx: Context<'info, Investors<'info>>,
    key: [u8; 32],
    id: [u8; 32],
    reason: u16,
    document: [u8; 32],
) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.begin(&key, &ctx.bumps)?;
    let mut investor = accounts.investor()?;
    require_reason(reason, &document, ScripError::RegistryReasonAndDocument)?;
    ensure!(!investor.blocked, ScripError::AlreadyBlocked);
    investor.blocked = true;
    write(&accounts.investor, &investor)?;
    let authority = Authority(&accounts.authority);
    for event in freeze_groups(&authority, &accounts.investor.key(), Clearance::Blocked, ctx.remaining_accounts)? {
        tell!(ctx, event);
    }
    tell!(ctx, InvestorBlocked { investor: id, blocked: true, reason, document, key });
    Ok(())
}
