//! Carry out an operation that has waited.
use crate::{
    errors::ScripError,
    events::OperationEnded,
    pda::{close, save},
    seeds::{ADMIN, ADMIN_AT},
    shared::accounts::Delayed,
    state::{Named, Operation},
};
use anchor_lang::{
    prelude::*,
    solana_program::{instruction::Instruction, program::invoke_signed},
};

/// Callable by anyone. Accounts: [`Delayed`], then those that the operation's call names, in its order. The call is one of
/// this program's, signed by the address without a key. A call that is refused leaves the operation as it was.
///
/// Refuses, in order: UnknownOperation, OperationNotReady, OperationLapsed, BadCall (other accounts than the call names, or one that it
/// writes given to be read), then as the call.
pub(crate) fn execute_operation<'info>(ctx: Context<'info, Delayed<'info>>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let accounts = &ctx.accounts;
    let mut operation = accounts.operation()?;
    ensure!(now >= operation.ready_at, ScripError::OperationNotReady);
    // What was decided in quiet times must not end the next halt.
    ensure!(now < operation.lapses_at(), ScripError::OperationLapsed);
    let (named, given) = (&operation.call.accounts, ctx.remaining_accounts);
    let fits = |one: &Named, other: &AccountInfo| one.account == *other.key && (other.is_writable || !one.written);
    let same = named.iter().zip(given).all(|(one, other)| fits(one, other));
    ensure!(same && named.len() == given.len(), ScripError::BadCall);
    let metas =
        named.iter().map(|one| AccountMeta { pubkey: one.account, is_signer: one.signs, is_writable: one.written });
    let metas = metas.collect();
    // Not again from within itself.
    operation.ready_at = Operation::SPENT;
    save(&accounts.operation, &operation)?;
    let call = Instruction { program_id: crate::ID, accounts: metas, data: operation.call.data };
    invoke_signed(&call, given, &[&[ADMIN, &[ADMIN_AT.1]]])?;
    close(&accounts.operation, &accounts.payer)?;
    let (operation, by) = (accounts.operation.key(), accounts.signer.key());
    tell!(ctx, OperationEnded { operation, executed: true, by });
    Ok(())
}
