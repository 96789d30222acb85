//! Views: exact answers by return data, at the clock. They change nothing and cost a caller only compute.
use crate::{
    errors::ScripError,
    math,
    seeds::{RESERVE, STOCK},
    state::{Coverage, Factors, Reserve, Stock},
    token::mint_facts,
};
use anchor_lang::prelude::*;

#[derive(Accounts)]
pub struct View<'info> {
    #[account(seeds = [STOCK, mint.key().as_ref()], bump = stock.bump)]
    pub stock: Box<Account<'info, Stock>>,
    /// CHECK: the stock's seeds name it.
    pub mint: UncheckedAccount<'info>,
    #[account(seeds = [RESERVE, stock.key().as_ref()], bump = reserve.bump)]
    pub reserve: Box<Account<'info, Reserve>>,
}

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

/// Shares (8 decimals) that raw units stand for now, rounded down. Refuses AmountOutOfRange.
pub fn view_ui_amount(ctx: Context<View>, raw: u64) -> Result<u128> {
    let multiplier = ctx.accounts.stock.multiplier.at(Clock::get()?.unix_timestamp).ui_multiplier()?;
    math::ui_amount(raw.into(), multiplier).ok_or_else(|| error!(ScripError::AmountOutOfRange))
}

/// The most raw units that shares (8 decimals) pay for now, rounded down. Refuses AmountOutOfRange.
pub fn view_raw_amount(ctx: Context<View>, ui: u64) -> Result<u128> {
    let multiplier = ctx.accounts.stock.multiplier.at(Clock::get()?.unix_timestamp).ui_multiplier()?;
    math::raw_amount(ui.into(), multiplier).ok_or_else(|| error!(ScripError::AmountOutOfRange))
}

/// The multiplier now and next.
pub fn view_multiplier(ctx: Context<View>) -> Result<MultiplierView> {
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

/// Both sides of the reserve's check for the present supply, whatever the attestation's age.
pub fn view_coverage(ctx: Context<View>) -> Result<Coverage> {
    let (accounts, now) = (&ctx.accounts, Clock::get()?.unix_timestamp);
    accounts.reserve.coverage(mint_facts(&accounts.mint)?.supply, &accounts.stock.multiplier, now)
}
