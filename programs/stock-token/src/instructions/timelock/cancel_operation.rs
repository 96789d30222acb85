//! Cancel an operation that waits.
use crate::{errors::ScripError, events::OperationEnded, pda::close, shared::accounts::Delayed};
use anchor_lang::prelude::*;

/// Callable by the timelock's canceller and by its proposer. Accounts: [`Delayed`]. An operation that is ready and not
/// carried out can be cancelled too.
///
/// Refuses, in order: TimelockNotSet, NotAuthorised, UnknownOperation.
pub(crate) fn cancel_operation(ctx: Context<Delayed>) -> Result<()> {
    let accounts = &ctx.accounts;
    let (timelock, by) = (accounts.timelock()?, accounts.signer.key());
    ensure!(timelock.canceller == by || timelock.proposer == by, ScripError::NotAuthorised);
    accounts.operation()?;
    close(&accounts.operation, &accounts.payer)?;
    tell!(ctx, OperationEnded { operation: ctx.accounts.operation.key(), executed: false, by });
    Ok(())
}
