//! View: the multiplier now and next.
use crate::{shared::accounts::View, state::Factors};
use anchor_lang::prelude::*;

/// A stock's multiplier at the clock.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy)]
pub struct MultiplierView {
    pub current: Factors,
    /// floor(index × num ÷ den), a wad.
    pub ui_multiplier: u128,
    /// Equal to `ui_multiplier` when nothing is pending.
    pub pending_ui_multiplier: u128,
    /// UTC second of the pending change; 0 when nothing is pending.
    pub effective_at: i64,
    /// How many changes have taken effect.
    pub generation: u64,
}

/// Callable by anyone. Accounts: [`View`].
///
/// Refuses PairDoesNotFit, which no stored multiplier meets.
pub(crate) fn multiplier(ctx: Context<View>) -> Result<MultiplierView> {
    let (now, stored) = (Clock::get()?.unix_timestamp, &ctx.accounts.stock.multiplier);
    let current = stored.at(now);
    Ok(MultiplierView {
        current,
        ui_multiplier: current.ui_multiplier()?,
        pending_ui_multiplier: stored.next.ui_multiplier()?,
        effective_at: stored.pending_at(now),
        generation: stored.generation_at(now),
    })
}
