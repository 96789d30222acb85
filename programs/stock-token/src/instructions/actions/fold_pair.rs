//! Write the same multiplier as a smaller pair, when the next split would no longer fit.
use super::tell;
use crate::{
    errors::ScripError,
    events::MultiplierRepaired,
    guards::require_reason,
    math,
    shared::accounts::Actions,
    state::{Factors, Role, FOLD},
};
use anchor_lang::prelude::*;

/// Callable by the admin. Accounts: [`Actions`]. It is recorded as an action of its own with code FOLD and takes effect in
/// the next second, for there is nothing that a holder could see; nobody can cancel it. The reserve opens a step of ratio
/// 1, to be confirmed, and dividends that are still to be bought count no more.
///
/// Refuses, in order: NotAuthorised, ActionsReasonAndDocument, MultiplierDrift, CalendarFull, SlotTaken, BadTerms (not
/// smaller, not reduced, or zero), PairDoesNotFit, NotTheSameMultiplier, AlreadyAnnounced, BasisUnconfirmed.
pub(crate) fn fold_pair(
    ctx: Context<Actions>,
    reference: [u8; 32],
    index: u128,
    num: u64,
    den: u64,
    reason: u16,
    document: [u8; 32],
) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let accounts = &mut *ctx.accounts;
    accounts.issuer.require(Role::Admin, accounts.signer.key)?;
    require_reason(reason, &document, ScripError::ActionsReasonAndDocument)?;
    let (shown, folded) = accounts.settle(now)?;
    let before = accounts.stock.multiplier.current;
    ensure!(accounts.calendar.parts.is_empty(), ScripError::SlotTaken);
    let smaller = num <= before.num && den <= before.den && (num, den) != before.split();
    let reduced = num > 0 && den > 0 && math::gcd(num.into(), den.into()) == 1;
    ensure!(smaller && reduced, ScripError::BadTerms);
    let after = Factors { index, num, den };
    ensure!(after.ui_multiplier()? == before.ui_multiplier()?, ScripError::NotTheSameMultiplier);
    let effective_at = now.saturating_add(1);
    let id = accounts.repair(FOLD, reference, after, effective_at, &shown, now)?;
    let mint = accounts.mint.key();
    tell(ctx, folded, MultiplierRepaired { mint, id, reference, before, after, effective_at, reason, document })
}
