//! Accounts of the views: exact answers by return data, at the clock. They change nothing and cost only compute.
use crate::state::{Reserve, Stock};
use anchor_lang::prelude::*;

#[derive(Accounts)]
pub struct View<'info> {
    #[account(has_one = mint)]
    pub stock: Box<Account<'info, Stock>>,
    /// CHECK: the stock names it.
    #[account(owner = spl_token_2022_interface::ID)]
    pub mint: UncheckedAccount<'info>,
    #[account(has_one = stock)]
    pub reserve: Box<Account<'info, Reserve>>,
}
