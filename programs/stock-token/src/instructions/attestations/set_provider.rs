//! Name a KYC provider and how many investors it may let in, or readmit one that was dropped.
use crate::{
    errors::ScripError,
    events::ProviderSet,
    pda::{create_with, find, require_at, save},
    seeds::PROVIDER,
    shared::accounts::Attesting,
    state::{is_somebodys, Provider, Reserved, Role, Version},
};
use anchor_lang::prelude::*;

/// Callable by the admin. Accounts: [`Attesting`]. `limit` counts all whom the provider ever lets in: none more at or
/// below those it has. Naming one that was dropped believes it again.
///
/// Refuses, in order: NotAuthorised, ZeroAddress, UnknownProvider (the record's address is another's), AccountDidNotDeserialize.
pub(crate) fn set_provider(ctx: Context<Attesting>, key: Pubkey, limit: u32) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.issuer.require(Role::Admin, accounts.signer.key)?;
    ensure!(is_somebodys(&key), ScripError::ZeroAddress);
    let bump = require_at(&accounts.provider, &[PROVIDER, key.as_ref()], ScripError::UnknownProvider)?;
    let entered = if let Some(mut found) = find::<Provider>(&accounts.provider)? {
        (found.limit, found.dropped) = (limit, false);
        save(&accounts.provider, &found)?;
        found.entered
    } else {
        let state = Provider { version: Version, key, limit, entered: 0, dropped: false, bump, reserved: Reserved };
        let seeds: &[&[u8]] = &[PROVIDER, key.as_ref(), &[bump]];
        create_with(&accounts.signer, &accounts.provider, &accounts.system_program, &state, seeds)?;
        0
    };
    tell!(ctx, ProviderSet { provider: key, limit, entered });
    Ok(())
}
