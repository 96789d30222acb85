//! Accounts of the instructions that change the issuer alone.
use crate::{seeds::ISSUER, state::Issuer};
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
pub struct Administration<'info> {
    pub signer: Signer<'info>,
    #[account(mut, seeds = [ISSUER], bump = issuer.bump)]
    pub issuer: Box<Account<'info, Issuer>>,
}
