//! Thaw the canonical token account of a cleared wallet.
use crate::{
    errors::ScripError, events::AccountFrozen, pda::is_vacant, shared::accounts::Enforcement, token::canonical,
};
use anchor_lang::prelude::*;

/// Callable by anyone. Accounts: [`Enforcement`]; `_key` is unused and may be zero.
///
/// Refuses, in order: InvalidReceiver, NotTheWalletsAccount, NotCanonicalAccount, OwnerNotImmutable, NotFrozen,
/// UnknownWallet, UnknownInvestor, CannotReceive (not cleared, blocked, or held by an enforcer).
pub(crate) fn thaw(ctx: Context<Enforcement>, _key: [u8; 32]) -> Result<()> {
    let accounts = &ctx.accounts;
    let facts = accounts.facts()?;
    let canonical = canonical(accounts.holder.key, accounts.mint.key);
    require_keys_eq!(accounts.token_account.key(), canonical, ScripError::NotCanonicalAccount);
    // Without it the wallet could thaw the account here and hand it over to somebody whom nobody knows.
    require!(facts.immutable_owner, ScripError::OwnerNotImmutable);
    require!(facts.frozen, ScripError::NotFrozen);
    let clearance = accounts.clearance(Clock::get()?.unix_timestamp)?;
    let may = clearance.may_receive(accounts.stock.policy) && is_vacant(&accounts.hold);
    require!(may, ScripError::CannotReceive);
    accounts.signs().thaw(&accounts.mint, &accounts.token_account)?;
    let (mint, holder, account) = (facts.mint, facts.owner, accounts.token_account.key());
    emit_cpi!(AccountFrozen { mint, holder, account, frozen: false });
    Ok(())
}
