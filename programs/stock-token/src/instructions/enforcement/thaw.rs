//! Thaw a token account of a wallet that may have one: on an allow-list stock the canonical one alone.
use crate::{errors::ScripError, events::AccountFrozen, shared::accounts::Crank, state::Policy, token::canonical};
use anchor_lang::prelude::*;

/// Callable by anyone. Accounts: [`Crank`].
///
/// Refuses, in order: Halted, InvalidReceiver, NotTheWalletsAccount, NotCanonicalAccount (of allow-list stocks alone),
/// OwnerNotImmutable (where accounts are born frozen), NotFrozen, UnknownWallet, UnknownInvestor, UnknownHold,
/// CannotReceive (not cleared, blocked, or held by an enforcer).
pub(crate) fn thaw(ctx: Context<Crank>) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.issuer.require_running()?;
    let facts = accounts.facts()?;
    // Of a block-list stock any account of the wallet's may be open: a pool's vault is seldom the canonical one.
    if accounts.stock.policy == Policy::Allowlist {
        let canonical = canonical(accounts.holder.key, accounts.mint.key);
        ensure_same!(accounts.token_account.key(), canonical, ScripError::NotCanonicalAccount);
    }
    // Where an account is born frozen, the wallet must not hand over what was thawed here to somebody who may have none.
    ensure!(facts.immutable_owner || !accounts.stock.default_frozen, ScripError::OwnerNotImmutable);
    ensure!(facts.frozen, ScripError::NotFrozen);
    ensure!(accounts.may_be_thawed(Clock::get()?.unix_timestamp)?, ScripError::CannotReceive);
    accounts.signs().thaw(&accounts.mint, &accounts.token_account)?;
    let (mint, holder, account) = (facts.mint, facts.owner, accounts.token_account.key());
    tell!(ctx, AccountFrozen { mint, holder, account, frozen: false });
    Ok(())
}
