//! Lock-ups that have ended go to their wallet's own account: the crank of every date.
use crate::{
    errors::ScripError,
    shared::accounts::{Bound, Crank},
    token::{canonical, mint_facts},
};
use anchor_lang::prelude::*;

/// Callable by anyone. Accounts: [`Crank`], with the wallet's canonical token account, then the record of its bound units and
/// its vault. It is no receipt: whoever may redeem has its own units back, in an account that stays as frozen as it was (law 8).
/// An enforcer releases what a wallet has that may not (`release_locks`).
///
/// Refuses, in order: Halted, InvalidReceiver, NotTheWalletsAccount, NotCanonicalAccount, Paused, UnknownWallet,
/// UnknownInvestor, UnknownHold, CannotReceive (blocked or held), UnknownLocks, NoLocks (none has ended).
pub(crate) fn release_ended<'info>(ctx: Context<'info, Crank<'info>>) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.issuer.require_running()?;
    let (facts, now) = (accounts.facts()?, Clock::get()?.unix_timestamp);
    let expected = canonical(accounts.holder.key, accounts.mint.key);
    ensure_same!(accounts.token_account.key(), expected, ScripError::NotCanonicalAccount);
    ensure!(!mint_facts(&accounts.mint)?.paused, ScripError::Paused);
    let may = accounts.standing(now)?.clearance.may_leave() && !accounts.is_held()?;
    ensure!(may, ScripError::CannotReceive);
    let [record, vault] = ctx.remaining_accounts else { return Err(ScripError::UnknownLocks.into()) };
    let mut bound = Bound::of(record, vault, &accounts.stock.key(), accounts.holder.key)?;
    ensure!(bound.state.settle(now), ScripError::NoLocks);
    bound.settle(&accounts.signs(), &accounts.mint, (&accounts.token_account, &facts))?;
    tell!(ctx, bound.told(facts.mint, 0, [0; 32], [0; 32]));
    Ok(())
}
