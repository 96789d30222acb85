//! An enforcer lifts a hold. Anyone may thaw the wallet's account afterwards, if it is cleared.
use crate::{
    events::HoldChanged,
    pda::{close, find},
    shared::accounts::Enforcement,
    state::Hold,
};
use anchor_lang::prelude::*;

/// Callable by the enforcer. Accounts: [`Enforcement`]. Lifting what does not stand is accepted.
///
/// Refuses, in order: NotAuthorised, ReasonAndDocument, KeyEmpty, KeyUsed, NotCanonicalAccount, UnknownHold,
/// AccountDidNotDeserialize.
pub(crate) fn release_account(ctx: Context<Enforcement>, key: [u8; 32], reason: u16, document: [u8; 32]) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.begin(&key, reason, &document, &ctx.bumps)?;
    accounts.hold_at()?;
    if find::<Hold>(&accounts.hold)?.is_some() {
        close(&accounts.hold, &accounts.signer)?;
    }
    let (mint, holder, account) = (accounts.mint.key(), accounts.holder.key(), accounts.token_account.key());
    tell!(ctx, HoldChanged { mint, holder, account, held: false, reason, document, key });
    Ok(())
}
