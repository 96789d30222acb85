//! Accounts of the instructions that concern a stock's backing and its book-keeping.
use crate::{
    seeds::{AUTHORITY_AT, ISSUER_AT},
    state::{Calendar, Issuer, Reserve, Role, Stock},
    token::{Authority, Token2022},
};
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
pub struct Backing<'info> {
    pub signer: Signer<'info>,
    #[account(address = ISSUER_AT.0)]
    pub issuer: Box<Account<'info, Issuer>>,
    #[account(mut, has_one = mint)]
    pub stock: Box<Account<'info, Stock>>,
    /// CHECK: the stock names it.
    #[account(mut)]
    pub mint: UncheckedAccount<'info>,
    #[account(mut, has_one = stock)]
    pub calendar: Box<Account<'info, Calendar>>,
    #[account(mut, has_one = stock)]
    pub reserve: Box<Account<'info, Reserve>>,
    /// CHECK: an address without an account.
    #[account(address = AUTHORITY_AT.0)]
    pub authority: UncheckedAccount<'info>,
    /// CHECK: the sysvar's own address.
    #[account(address = solana_instructions_sysvar::ID)]
    pub instructions: UncheckedAccount<'info>,
    pub token_program: Program<'info, Token2022>,
}

impl<'info> Backing<'info> {
    /// Whether the signer may make rules and limits looser, as the admin may; compliance makes them tighter. Refuses
    /// NotAuthorised.
    pub fn may_loosen(&self) -> Result<bool> {
        let admin = self.issuer.require(Role::Admin, self.signer.key).is_ok();
        if !admin {
            self.issuer.require(Role::Compliance, self.signer.key)?;
        }
        Ok(admin)
    }

    /// The address that signs for the program.
    pub fn signs(&self) -> Authority<'_, 'info> {
        Authority(&self.authority)
    }
}
