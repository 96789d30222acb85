//! Believe a KYC provider no longer: what it signed and nobody has used is void.
use crate::{
    errors::ScripError, events::ProviderDropped, guards::require_reason, pda::save, shared::accounts::Attesting,
    state::Role,
};
use anchor_lang::prelude::*;

/// Callable by compliance. Accounts: [`Attesting`]. Whom the provider let in stays.
///
/// Refuses, in order: NotAuthorised, RegistryReasonAndDocument, NotAProvider, ProviderIsDropped.
pub(crate) fn drop_provider(ctx: Context<Attesting>, key: Pubkey, reason: u16, document: [u8; 32]) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.issuer.require(Role::Compliance, accounts.signer.key)?;
    require_reason(reason, &document, ScripError::RegistryReasonAndDocument)?;
    let mut provider = accounts.provider(&key)?;
    ensure!(!provider.dropped, ScripError::ProviderIsDropped);
    provider.dropped = true;
    save(&accounts.provider, &provider)?;
    tell!(ctx, ProviderDropped { provider: key, reason, document });
    Ok(())
}
