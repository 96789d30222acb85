//! View: the raw units that shares pay for.
use crate::{errors::ScripError, math, shared::accounts::View};
use anchor_lang::prelude::*;

/// The most raw units that shares (8 decimals) pay for now, rounded down. Callable by anyone. Accounts: [`View`].
///
/// Refuses AmountOutOfRange.
pub(crate) fn raw_amount(ctx: Context<View>, ui: u64) -> Result<u128> {
    let multiplier = ctx.accounts.stock.multiplier.at(Clock::get()?.unix_timestamp).ui_multiplier()?;
    math::raw_amount(ui.into(), multiplier).ok_or_else(|| ScripError::AmountOutOfRange.into())
}
