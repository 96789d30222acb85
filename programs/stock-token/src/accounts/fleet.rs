//! Accounts of the instructions that stop one stock of the fleet, and let it go on.
use crate::{
    seeds::{AUTHORITY, ISSUER, STOCK},
    state::{Issuer, Stock},
    token::{Authority, Token2022},
};
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
pub struct Fleet<'info> {
    pub signer: Signer<'info>,
    #[account(seeds = [ISSUER], bump = issuer.bump)]
    pub issuer: Box<Account<'info, Issuer>>,
    #[account(seeds = [STOCK, mint.key().as_ref()], bump = stock.bump)]
    pub stock: Box<Account<'info, Stock>>,
    /// CHECK: the stock's seeds name it.
    #[account(mut)]
    pub mint: UncheckedAccount<'info>,
    /// CHECK: an address without an account.
    #[account(seeds = [AUTHORITY], bump = issuer.authority_bump)]
    pub authority: UncheckedAccount<'info>,
    pub token_program: Program<'info, Token2022>,
}

impl<'info> Fleet<'info> {
    /// The address that signs for the program.
    pub fn signs(&self) -> Authority<'_, 'info> {
        Authority { info: &self.authority, bump: self.issuer.authority_bump }
    }
}
