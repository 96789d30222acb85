//! Limit how many investors hold an allow-list stock, and how much of it one account is minted; or end that.
use crate::{
    errors::ScripError,
    events::LimitsChanged,
    parameters::MAX_HOLDERS,
    shared::accounts::Backing,
    state::{HolderLimits, Policy},
    token::mint_facts,
};
use anchor_lang::prelude::*;

/// Callable by compliance, where nothing becomes looser; else by the admin. Accounts: [`Backing`]. Seats are taken when
/// accounts are thawed. While anything is issued, the first limits come in a pause, in which anyone freezes and thaws each
/// holder's account, and so gives it a seat. No limit at all ends them, by the admin.
///
/// Refuses, in order: NotAuthorised, NotAnAllowlist, BadLimits, LimitsNotPaused, NotCounted (none stand that could end),
/// WouldLoosen.
pub(crate) fn set_limits(ctx: Context<Backing>, limits: HolderLimits) -> Result<()> {
    let accounts = &mut *ctx.accounts;
    let (loosens, mint) = (accounts.may_loosen()?, mint_facts(&accounts.mint)?);
    let stock = &mut accounts.stock;
    ensure!(stock.policy == Policy::Allowlist, ScripError::NotAnAllowlist);
    ensure!(limits.most <= MAX_HOLDERS, ScripError::BadLimits);
    let (begins, ends) = (!stock.limits.any(), !limits.any());
    ensure!(!(begins && ends), ScripError::NotCounted);
    ensure!(!begins || mint.supply == 0 || mint.paused, ScripError::LimitsNotPaused);
    ensure!(loosens || begins || limits.within(&stock.limits), ScripError::WouldLoosen);
    stock.limits = limits;
    stock.invariant()?;
    let HolderLimits { most, maximum } = limits;
    tell!(ctx, LimitsChanged { mint: ctx.accounts.mint.key(), most, maximum });
    Ok(())
}
