//! Name whose sanctions lists count, or nobody.
use crate::{
    errors::ScripError,
    events::SanctionsOracleSet,
    pda::{create_with, load, save},
    seeds::{SANCTIONS_LIST, SANCTIONS_LIST_AT},
    shared::accounts::Attesting,
    state::{Role, SanctionsList},
};
use anchor_lang::prelude::*;

/// Callable by the admin. Accounts: [`Attesting`]. The default address for nobody. Naming ends a suspension, and begins
/// anew: no list that was issued before counts, not even the same signer's. Naming again who is heard changes nothing.
///
/// Refuses, in order: NotAuthorised, UnknownListing (the record's address is another).
pub(crate) fn set_sanctions_oracle(ctx: Context<Attesting>, oracle: Pubkey) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.issuer.require(Role::Admin, accounts.signer.key)?;
    ensure_same!(accounts.provider.key(), SANCTIONS_LIST_AT.0, ScripError::UnknownListing);
    let (now, bump) = (Clock::get()?.unix_timestamp, SANCTIONS_LIST_AT.1);
    let named = SanctionsList::named(oracle, now, bump);
    if let Some(found) = load::<SanctionsList>(&accounts.provider) {
        if found.oracle != oracle || found.suspended {
            save(&accounts.provider, &named)?;
        }
    } else {
        create_with(
            &accounts.signer,
            &accounts.provider,
            &accounts.system_program,
            &named,
            &[SANCTIONS_LIST, &[bump]],
        )?;
    }
    tell!(ctx, SanctionsOracleSet { oracle });
    Ok(())
}
