//! Cancel an announced or scheduled action, strictly before it takes effect. Whatever joined with it stays pending.
use crate::{
    errors::ScripError,
    events::ActionCancelled,
    guards::require_reason,
    pda::save,
    shared::accounts::Actions,
    state::{Role, Status},
};
use anchor_lang::prelude::*;

/// Callable by the actions role. Accounts: [`Actions`]. Works in a pause.
///
/// Refuses, in order: NotAuthorised, ActionsReasonAndDocument, NotCancellable, MultiplierDrift, CalendarFull,
/// PairDoesNotFit (what remains would not fit: cancel the other parts first).
pub(crate) fn cancel_action(
    ctx: Context<Actions>,
    _code: [u8; 4],
    _reference: [u8; 32],
    reason: u16,
    document: [u8; 32],
) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let accounts = &mut *ctx.accounts;
    accounts.issuer.require(Role::Actions, accounts.signer.key)?;
    require_reason(reason, &document, ScripError::ActionsReasonAndDocument)?;
    let mut action = accounts.record().ok_or(ScripError::NotCancellable)?;
    let open = action.status != Status::Cancelled && now < action.effective_at;
    require!(open, ScripError::NotCancellable);
    if action.status == Status::Scheduled {
        accounts.settle(now)?;
        let key = accounts.action.key();
        accounts.calendar.parts.retain(|part| part.action != key);
        let next = accounts.calendar.joined(&accounts.stock.multiplier.current)?;
        accounts.put(next, action.effective_at)?;
        accounts.reserve.remove(&key);
        accounts.invariant()?;
    }
    action.status = Status::Cancelled;
    save(&accounts.action, &action)?;
    emit_cpi!(ActionCancelled { mint: ctx.accounts.mint.key(), id: action.id, reason, document });
    Ok(())
}
