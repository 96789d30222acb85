//! View: the shares that raw units stand for.
use crate::{errors::ScripError, math, shared::accounts::View};
use anchor_lang::prelude::*;

/// Shares (8 decimals) that raw units stand for now, rounded down. Callable by anyone. Accounts: [`View`].
///
/// Refuses AmountOutOfRange.
pub(crate) fn ui_amount(ctx: Context<View>, raw: u64) -> Result<u128> {
    let multiplier = ctx.accounts.stock.multiplier.at(Clock::get()?.unix_timestamp).ui_multiplier()?;
    math::ui_amount(raw.into(), multiplier).ok_or_else(|| ScripError::AmountOutOfRange.into())
}
