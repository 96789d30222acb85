//! Thaw a token account of a wallet that may have one: on an allow-list stock the canonical one alone.
use crate::{
    errors::ScripError,
    events::AccountFrozen,
    shared::accounts::{require_unlisted, Crank},
    state::Policy,
    token::canonical,
};
use anchor_lang::prelude::*;

/// Callable by anyone. Accounts: [`Crank`], then of an issuer in strict mode the sanctions list's record and that of the
/// wallet's absence from it.
///
/// Refuses, in order: Halted, InvalidReceiver, NotTheWalletsAccount, NotCanonicalAccount (of allow-list stocks alone),
/// OwnerNotImmutable (where accounts are born frozen), NotFrozen, UnknownWallet, UnknownInvestor, UnknownHold,
/// CannotReceive (not cleared, blocked, shut out by the stock's rules, or held by an enforcer), as
/// `require_unlisted`, then as `take_seat`.
pub(crate) fn thaw<'info>(ctx: Context<'info, Crank<'info>>) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.issuer.require_running()?;
    let facts = accounts.facts()?;
    // Of a block-list stock any account of the wallet's may be open: a pool's vault is seldom the canonical one.
    if accounts.stock.policy == Policy::Allowlist {
        let canonical = canonical(accounts.holder.key, accounts.mint.key);
        ensure_same!(accounts.token_account.key(), canonical, ScripError::NotCanonicalAccount);
    }
    // Nobody but an enforcer opens what is bound of a wallet's.
    ensure!(accounts.holder.owner != &crate::ID, ScripError::CannotReceive);
    // Where an account is born frozen, the wallet must not hand over what was thawed here to somebody who may have none.
    ensure!(facts.immutable_owner || !accounts.stock.default_frozen, ScripError::OwnerNotImmutable);
    ensure!(facts.frozen, ScripError::NotFrozen);
    let now = Clock::get()?.unix_timestamp;
    let mut standing = accounts.standing(now)?;
    let may = standing.within(&accounts.stock).may_receive(accounts.stock.policy) && !accounts.is_held()?;
    ensure!(may, ScripError::CannotReceive);
    require_unlisted(&accounts.issuer, accounts.holder.key, ctx.remaining_accounts, now)?;
    let seated = accounts.take_seat(&mut standing, facts.amount)?;
    accounts.signs().thaw(&accounts.mint, &accounts.token_account)?;
    let (mint, holder, account) = (facts.mint, facts.owner, accounts.token_account.key());
    if let Some(seated) = seated {
        tell!(ctx, seated);
    }
    tell!(ctx, AccountFrozen { mint, holder, account, frozen: false });
    Ok(())
}
