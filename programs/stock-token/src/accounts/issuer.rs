//! Accounts of the instructions that change the issuer alone.
use crate::{seeds::ISSUER_AT, state::Issuer};
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
pub struct Administration<'info> {
    pub signer: Signer<'info>,
    #[account(mut, address = ISSUER_AT.0)]
    pub issuer: Box<Account<'info, Issuer>>,
}
