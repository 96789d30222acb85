//! Schedule an instruction of this program's, to be carried out by the address without a key once it has waited.
use crate::{
    errors::ScripError,
    events::OperationScheduled,
    pda::{create_with, is_vacant},
    seeds::OPERATION,
    shared::accounts::Delayed,
    state::{Call, Operation, Reserved, Version},
};
use anchor_lang::prelude::*;

/// Callable by the timelock's proposer. Accounts: [`Delayed`]; the rent comes back to the payer when the operation ends.
/// `key` is chosen by who proposes, one for each that waits. The call is kept as it will be carried out, for everybody to
/// read.
///
/// Refuses, in order: TimelockNotSet, NotAuthorised, BadCall (too long, or signed by others), OperationKnown.
pub(crate) fn schedule_operation(ctx: Context<Delayed>, key: [u8; 32], call: Call) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let accounts = &ctx.accounts;
    let timelock = accounts.timelock()?;
    ensure_same!(timelock.proposer, accounts.signer.key(), ScripError::NotAuthorised);
    call.validate()?;
    let (place, bump) = Pubkey::find_program_address(&[OPERATION, &key], &crate::ID);
    ensure_same!(accounts.operation.key(), place, ScripError::UnknownOperation);
    ensure!(is_vacant(&accounts.operation), ScripError::OperationKnown);
    let (payer, ready_at) = (accounts.signer.key(), now.saturating_add(timelock.delay));
    let operation = Operation { version: Version, payer, ready_at, call, bump, reserved: Reserved };
    let seeds: &[&[u8]] = &[OPERATION, &key, &[bump]];
    create_with(&accounts.signer, &accounts.operation, &accounts.system_program, &operation, seeds)?;
    tell!(ctx, OperationScheduled { operation: place, ready_at, call: operation.call });
    Ok(())
}
