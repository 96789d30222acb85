//! Make the mint show the multiplier that the program keeps, where it shows another.
use crate::{
    errors::ScripError, events::MultiplierResynced, shared::accounts::Backing, state::Role, token::mint_facts,
};
use anchor_lang::prelude::*;

/// Callable by the unpauser: a mint that shows another number stops minting, redeeming and scheduling, and somebody has to
/// have looked before they go on. Accounts: [`Backing`]. It writes what the stock's own record says, current and pending,
/// and nothing else: no amount, no reserve and no schedule follows from what a mint shows.
///
/// Refuses, in order: NotAuthorised, NoDrift, CalendarFull.
pub(crate) fn resync_multiplier(ctx: Context<Backing>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let accounts = &mut *ctx.accounts;
    accounts.issuer.require(Role::Unpauser, accounts.signer.key)?;
    let shown = mint_facts(&accounts.mint)?;
    ensure!(shown.require_no_drift(&accounts.stock.multiplier).is_err(), ScripError::NoDrift);
    accounts.calendar.fold(&mut accounts.stock.multiplier, now)?;
    accounts.stock.invariant()?;
    accounts.calendar.invariant()?;
    accounts.calendar.agrees(&accounts.stock.multiplier)?;
    accounts.signs().restore(&accounts.mint, &accounts.stock.multiplier)?;
    let multiplier = &accounts.stock.multiplier;
    let (current, generation, effective_at) = (multiplier.current, multiplier.generation, multiplier.effective_at);
    tell!(
        ctx,
        MultiplierResynced {
            mint: ctx.accounts.mint.key(),
            shown_current: shown.current_bits,
            shown_next: shown.next_bits,
            current,
            generation,
            effective_at,
        }
    );
    Ok(())
}
