//! Schedule an announced action: strike its price and put it into the stock's one slot.
use crate::{
    errors::ScripError,
    events::ActionScheduled,
    math,
    parameters::{MAX_PARTS, YEAR},
    pda::save,
    shared::accounts::{require_notice, Actions},
    state::{Action, Part, Role, Status},
};
use anchor_lang::prelude::*;

/// Callable by the actions role. Accounts: [`Actions`]. `price` is a wad of currency per share for a dividend, 0 for a
/// split. Neither a pause of the stock nor one of the market stops it: the market's split waits for nobody.
///
/// Refuses, in order: NotAuthorised, NotAnnounced, NoticeTooShort, BadTerms, StepBound, MultiplierDrift, CalendarFull,
/// SlotTaken, PairDoesNotFit, NoEffect, RateBound, ReceivablesFull, BasisUnconfirmed (a split, while the one
/// before is).
pub(crate) fn schedule_action(ctx: Context<Actions>, code: [u8; 4], reference: [u8; 32], price: u128) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let accounts = &mut *ctx.accounts;
    let settings = accounts.issuer.settings;
    accounts.issuer.require(Role::Actions, accounts.signer.key)?;
    let mut action = accounts.record(code, reference).ok_or(ScripError::NotAnnounced)?;
    ensure!(action.status == Status::Announced, ScripError::NotAnnounced);
    let dividend = action.is_dividend();
    let notice = if dividend { settings.dividend_strike } else { settings.split_notice };
    require_notice(action.effective_at, notice, now)?;
    ensure!(dividend == (price > 0), ScripError::BadTerms);
    if dividend {
        strike(&mut action, price, settings.withholding_bps)?;
    }

    let (shown, folded) = accounts.settle(now)?;
    let pending = accounts.stock.multiplier.effective_at;
    let joins = pending == 0 || pending == action.effective_at;
    let room = accounts.calendar.parts.len() < MAX_PARTS && !accounts.calendar.is_repaired();
    ensure!(joins && room, ScripError::SlotTaken);
    let before = accounts.stock.multiplier.next;
    let Action { num, den, net, .. } = action;
    let key = accounts.action.key();
    let part = Part { action: key, num, den, net, price };
    let after = part.apply(&before)?;
    if dividend {
        ensure!(after.index != before.index, ScripError::NoEffect);
        let year_before = action.effective_at.saturating_sub(YEAR).max(0);
        let in_bound = math::rate_in_bound(after.index, accounts.calendar.index_at(year_before));
        ensure!(in_bound, ScripError::RateBound);
        let until = action.pay.max(action.effective_at).saturating_add(settings.grace);
        accounts.reserve.receivables.add(key, shown.supply, action.buy, until, now)?;
    }
    accounts.calendar.parts.push(part);
    accounts.reserve.receivables.decide(action.ex_at);
    let next = accounts.fill(action.effective_at, &shown, now)?;
    action.status = Status::Scheduled;
    save(&accounts.action, &action)?;
    accounts.invariant()?;
    let current = accounts.stock.multiplier.current;
    if let Some(event) = folded {
        tell!(ctx, event);
    }
    tell!(
        ctx,
        ActionScheduled {
            mint: ctx.accounts.mint.key(),
            id: action.id,
            price,
            withheld: action.withheld,
            net,
            current,
            next,
            effective_at: action.effective_at,
        }
    );
    Ok(())
}

/// Fix a dividend's price, and what is withheld of it at the rate of this moment. Refuses StepBound.
fn strike(action: &mut Action, price: u128, bps: u16) -> Result<()> {
    let withheld = math::withheld(action.gross, bps).ok_or(ScripError::BadTerms)?;
    let net = action.gross.checked_sub(withheld).ok_or(ScripError::BadTerms)?;
    ensure!(math::step_in_bound(price, net), ScripError::StepBound);
    (action.price, action.withheld, action.net) = (price, withheld, net);
    Ok(())
}
