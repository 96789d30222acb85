//! Accounts of the views: exact answers by return data, at the clock. They change nothing and cost only compute.
use crate::{
    seeds::{RESERVE, STOCK},
    state::{Reserve, Stock},
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
