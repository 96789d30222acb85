//! Accounts of the instructions that concern a stock's backing and its book-keeping.
use crate::{
    seeds::{AUTHORITY, CALENDAR, ISSUER, RESERVE, STOCK},
    state::{Calendar, Issuer, Reserve, Stock},
    token::{Authority, Token2022},
};
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
pub struct Backing<'info> {
    pub signer: Signer<'info>,
    #[account(seeds = [ISSUER], bump = issuer.bump)]
    pub issuer: Box<Account<'info, Issuer>>,
    #[account(mut, seeds = [STOCK, mint.key().as_ref()], bump = stock.bump)]
    pub stock: Box<Account<'info, Stock>>,
    /// CHECK: the stock's seeds name it.
    #[account(mut)]
    pub mint: UncheckedAccount<'info>,
    #[account(mut, seeds = [CALENDAR, stock.key().as_ref()], bump = calendar.bump)]
    pub calendar: Box<Account<'info, Calendar>>,
    #[account(mut, seeds = [RESERVE, stock.key().as_ref()], bump = reserve.bump)]
    pub reserve: Box<Account<'info, Reserve>>,
    /// CHECK: an address without an account.
    #[account(seeds = [AUTHORITY], bump = issuer.authority_bump)]
    pub authority: UncheckedAccount<'info>,
    /// CHECK: the sysvar's own address.
    #[account(address = solana_instructions_sysvar::ID)]
    pub instructions: UncheckedAccount<'info>,
    pub token_program: Program<'info, Token2022>,
}

impl<'info> Backing<'info> {
    /// The address that signs for the program.
    pub fn signs(&self) -> Authority<'_, 'info> {
        Authority { info: &self.authority, bump: self.issuer.authority_bump }
    }
}
