//! Cancel an action: a scheduled one strictly before it takes effect, one that was only announced at any time. Whatever
//! joined with it stays pending.
use crate::{
    errors::ScripError,
    events::ActionCancelled,
    guards::require_reason,
    pda::save,
    shared::accounts::Actions,
    state::{Role, Status, FOLD},
};
use anchor_lang::prelude::*;

/// Callable by the actions role and by the admin. Accounts: [`Actions`]. Works in a pause.
///
/// Refuses, in order: NotAuthorised, ActionsReasonAndDocument, NotCancellable, MultiplierDrift, CalendarFull,
/// PairDoesNotFit (what remains would not fit: cancel the other parts first).
pub(crate) fn cancel_action(
    ctx: Context<Actions>,
    code: [u8; 4],
    reference: [u8; 32],
    reason: u16,
    document: [u8; 32],
) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let accounts = &mut *ctx.accounts;
    if accounts.issuer.require(Role::Actions, accounts.signer.key).is_err() {
        accounts.issuer.require(Role::Admin, accounts.signer.key)?;
    }
    require_reason(reason, &document, ScripError::ActionsReasonAndDocument)?;
    let mut action = accounts.record(code, reference).ok_or(ScripError::NotCancellable)?;
    let open = match action.status {
        Status::Announced => true,
        // What a reserve's step and past indices have followed is not taken back.
        Status::Scheduled => now < action.effective_at && action.code != FOLD,
        Status::Cancelled => false,
    };
    ensure!(open, ScripError::NotCancellable);
    if action.status == Status::Announced {
        accounts.reserve.receivables.decide(action.ex_at);
        accounts.reserve.invariant()?;
    } else {
        // Nothing is folded: what can be cancelled is still pending.
        let (shown, _) = accounts.settle(now)?;
        let key = accounts.action.key();
        accounts.calendar.parts.retain(|part| part.action != key);
        if action.is_dividend() {
            accounts.reserve.receivables.remove(&key, now);
        }
        accounts.fill(action.effective_at, &shown, now)?;
        accounts.invariant()?;
    }
    action.status = Status::Cancelled;
    save(&accounts.action, &action)?;
    tell!(ctx, ActionCancelled { mint: ctx.accounts.mint.key(), id: action.id, reason, document });
    Ok(())
}
