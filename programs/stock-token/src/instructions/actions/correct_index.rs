//! Schedule another dividend index after a mistake, lower or higher, outside the bounds.
use crate::{
    errors::ScripError,
    events::{MultiplierApplied, MultiplierRepaired},
    guards::require_reason,
    parameters::{CORRECTION_NOTICE, MAX_U40},
    shared::accounts::{require_notice, Actions},
    state::{Factors, Role, CORR},
};
use anchor_lang::prelude::*;

/// Callable by the admin. Accounts: [`Actions`]. It is recorded as an action of its own with code CORR, alone in the slot;
/// the actions role and the admin can cancel it before its second. Dividends that are still to be bought count no more.
///
/// Refuses, in order: NotAuthorised, ActionsReasonAndDocument, EffectiveInThePast, BadTerms, NoticeTooShort,
/// MultiplierDrift, CalendarFull, SlotTaken, NoEffect, PairDoesNotFit, AlreadyAnnounced.
pub(crate) fn correct_index(
    ctx: Context<Actions>,
    reference: [u8; 32],
    index: u128,
    effective_at: i64,
    reason: u16,
    document: [u8; 32],
) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let accounts = &mut *ctx.accounts;
    accounts.issuer.require(Role::Admin, accounts.signer.key)?;
    require_reason(reason, &document, ScripError::ActionsReasonAndDocument)?;
    ensure!(effective_at > now, ScripError::EffectiveInThePast);
    ensure!(effective_at <= MAX_U40, ScripError::BadTerms);
    require_notice(effective_at, CORRECTION_NOTICE, now)?;
    let (shown, folded) = accounts.settle(now)?;
    let before = accounts.stock.multiplier.current;
    ensure!(accounts.calendar.parts.is_empty(), ScripError::SlotTaken);
    ensure!(index != before.index, ScripError::NoEffect);
    let after = Factors { index, ..before };
    after.ui_multiplier()?;
    let id = accounts.repair(CORR, reference, after, effective_at, &shown, now)?;
    let mint = accounts.mint.key();
    tell(ctx, folded, MultiplierRepaired { mint, id, reference, before, after, effective_at, reason, document })
}

/// Tell of a repair, and first of what took effect before and is folded with it. Both repairs tell it here, once in the
/// program.
#[inline(never)]
pub(super) fn tell(
    ctx: Context<Actions>,
    folded: Option<MultiplierApplied>,
    repaired: MultiplierRepaired,
) -> Result<()> {
    if let Some(event) = folded {
        tell!(ctx, event);
    }
    tell!(ctx, repaired);
    Ok(())
}
