//! Fold a multiplier that has taken effect. Book-keeping: every view shows it already.
use crate::{errors::ScripError, events::MultiplierApplied, shared::accounts::Backing, token::mint_facts};
use anchor_lang::prelude::*;

/// Callable by anyone. Accounts: [`Backing`].
///
/// Refuses, in order: MultiplierDrift, CalendarFull, NothingToApply.
pub(crate) fn apply_multiplier(ctx: Context<Backing>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let accounts = &mut *ctx.accounts;
    let shown = mint_facts(&accounts.mint)?;
    shown.require_no_drift(&accounts.stock.multiplier)?;
    let folded = accounts.calendar.fold(&mut accounts.stock.multiplier, now)?;
    ensure!(folded, ScripError::NothingToApply);
    accounts.stock.invariant()?;
    accounts.calendar.invariant()?;
    accounts.calendar.agrees(&accounts.stock.multiplier)?;
    accounts.signs().show(&accounts.mint, &shown, &accounts.stock.multiplier)?;
    let (current, generation) = (accounts.stock.multiplier.current, accounts.stock.multiplier.generation);
    tell!(ctx, MultiplierApplied { mint: ctx.accounts.mint.key(), current, generation });
    Ok(())
}
