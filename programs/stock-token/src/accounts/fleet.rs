//! Accounts of the instructions about one stock of the fleet: it is stopped, goes on, and carries another ISIN.
use crate::{
    seeds::{AUTHORITY_AT, ISSUER_AT},
    state::{Issuer, Stock},
    token::{Authority, Token2022},
};
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
pub struct Fleet<'info> {
    pub signer: Signer<'info>,
    #[account(address = ISSUER_AT.0)]
    pub issuer: Box<Account<'info, Issuer>>,
    #[account(has_one = mint)]
    pub stock: Box<Account<'info, Stock>>,
    /// CHECK: the stock names it.
    #[account(mut, owner = spl_token_2022_interface::ID)]
    pub mint: UncheckedAccount<'info>,
    /// CHECK: an address without an account.
    #[account(address = AUTHORITY_AT.0)]
    pub authority: UncheckedAccount<'info>,
    pub token_program: Program<'info, Token2022>,
}

impl<'info> Fleet<'info> {
    /// The address that signs for the program.
    pub fn signs(&self) -> Authority<'_, 'info> {
        Authority(&self.authority)
    }
}
