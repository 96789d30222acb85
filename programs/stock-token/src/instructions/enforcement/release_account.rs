//! An enforcer lifts a hold. Anyone may thaw the wallet's account afterwards, if it is cleared.
use crate::{
    errors::ScripError,
    events::HoldChanged,
    guards::{require_reason, use_key},
    pda::{close, load},
    shared::accounts::Enforcement,
    state::{Hold, Role},
};
use anchor_lang::prelude::*;

/// Callable by the enforcer. Accounts: [`Enforcement`]. Lifting what does not stand is accepted.
///
/// Refuses, in order: NotCanonicalAccount, NotAuthorised, ReasonAndDocument, KeyEmpty, KeyUsed.
pub(crate) fn release_account(ctx: Context<Enforcement>, key: [u8; 32], reason: u16, document: [u8; 32]) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.issuer.require(Role::Enforcer, accounts.signer.key)?;
    require_reason(reason, &document, ScripError::ReasonAndDocument)?;
    use_key(&accounts.signer, &accounts.used_key, &accounts.system_program, &key, ctx.bumps.used_key)?;
    if load::<Hold>(&accounts.hold).is_some() {
        close(&accounts.hold, &accounts.signer)?;
    }
    let (mint, holder, account) = (accounts.mint.key(), accounts.holder.key(), accounts.token_account.key());
    tell!(ctx, HoldChanged { mint, holder, account, held: false, reason, document, key });
    Ok(())
}
