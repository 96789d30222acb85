//! Thaw a token account of a wallet that may have one: on an allow-list stock the canonical one alone.
use crate::{
    errors::ScripError,
    events::AccountFrozen,
    shared::accounts::Crank,
    state::Policy,
    token::{canonical, AccountFacts},
};
use anchor_lang::prelude::*;

/// Callable by anyone. Accounts: [`Crank`].
///
/// Refuses, in order: InvalidReceiver, NotTheWalletsAccount, NotCanonicalAccount, OwnerNotImmutable (both of allow-list
/// stocks alone), NotFrozen, UnknownWallet, UnknownInvestor, UnknownHold, CannotReceive (not cleared, blocked, or held
/// by an enforcer).
pub(crate) fn thaw(ctx: Context<Crank>) -> Result<()> {
    let accounts = &ctx.accounts;
    let facts = accounts.facts()?;
    // Where accounts are born thawed, what was frozen for a block or a hold is any of the wallet's, and goes free with it.
    if accounts.stock.policy == Policy::Allowlist {
        require_canonical(accounts, &facts)?;
    }
    require!(facts.frozen, ScripError::NotFrozen);
    require!(accounts.may_be_thawed(Clock::get()?.unix_timestamp)?, ScripError::CannotReceive);
    accounts.signs().thaw(&accounts.mint, &accounts.token_account)?;
    let (mint, holder, account) = (facts.mint, facts.owner, accounts.token_account.key());
    emit_cpi!(AccountFrozen { mint, holder, account, frozen: false });
    Ok(())
}

/// Guard: the account is the wallet's canonical one, and stays its own. Refuses NotCanonicalAccount, OwnerNotImmutable.
fn require_canonical(accounts: &Crank, facts: &AccountFacts) -> Result<()> {
    let canonical = canonical(accounts.holder.key, accounts.mint.key);
    require_keys_eq!(accounts.token_account.key(), canonical, ScripError::NotCanonicalAccount);
    // Without it the wallet could thaw the account here and hand it over to somebody whom nobody knows.
    require!(facts.immutable_owner, ScripError::OwnerNotImmutable);
    Ok(())
}
