//! Accounts of the instructions about the administrator's delay.
use crate::{
    errors::ScripError,
    pda::load,
    seeds::{ISSUER_AT, TIMELOCK_AT},
    state::{Issuer, Operation, Timelock},
};
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
pub struct Delayed<'info> {
    /// Pays for new accounts.
    #[account(mut)]
    pub signer: Signer<'info>,
    #[account(address = ISSUER_AT.0)]
    pub issuer: Box<Account<'info, Issuer>>,
    /// CHECK: created, changed or read here.
    #[account(mut, address = TIMELOCK_AT.0)]
    pub timelock: UncheckedAccount<'info>,
    /// CHECK: created by `schedule_operation`, at its own address; afterwards its record says that it is one. Where an
    /// instruction concerns no operation, any address.
    #[account(mut)]
    pub operation: UncheckedAccount<'info>,
    /// CHECK: whoever paid for the operation. Where an instruction ends none, any address.
    #[account(mut)]
    pub payer: UncheckedAccount<'info>,
    pub system_program: Program<'info, System>,
}

impl Delayed<'_> {
    /// Who proposes and cancels, and how long an operation waits. Refuses TimelockNotSet.
    pub fn timelock(&self) -> Result<Timelock> {
        load(&self.timelock).ok_or_else(|| ScripError::TimelockNotSet.into())
    }

    /// The operation that waits, which `payer` paid for. Refuses UnknownOperation.
    pub fn operation(&self) -> Result<Operation> {
        let found: Operation = load(&self.operation).ok_or(ScripError::UnknownOperation)?;
        ensure_same!(found.payer, *self.payer.key, ScripError::UnknownOperation);
        Ok(found)
    }
}
