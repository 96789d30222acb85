//! Put a signed sanctions list in the place of the one that counts.
use crate::{
    errors::ScripError, events::SanctionsListPublished, messages::list_digest, pda::save, shared::accounts::Attesting,
    signature::require_signed, state::SignedList,
};
use anchor_lang::prelude::*;

/// Callable by anyone, with the signature in the instruction just before. Accounts: [`Attesting`]. Its serial number is
/// above that of the list that counts, so none comes back.
///
/// Refuses, in order: NoOracle, OracleSuspended, ListSuperseded, ListExpired, BadListTerm (issued later than now, or before the
/// signer was named or the list that counts was issued; or it lives longer than `MAX_LIST_LIFE`), then as
/// `require_signed` with ListNotSigned.
pub(crate) fn publish_list(ctx: Context<Attesting>, next: SignedList) -> Result<()> {
    let accounts = &ctx.accounts;
    let mut list = accounts.heard()?;
    list.require_next(&next, Clock::get()?.unix_timestamp)?;
    let digest = list_digest(&next, &accounts.issuer.genesis, &accounts.issuer.key());
    require_signed(&accounts.instructions, &list.oracle, &digest, ScripError::ListNotSigned)?;
    let SignedList { root, serial, issued, expiry } = next;
    (list.root, list.serial, list.issued, list.expiry) = (root, serial, issued, expiry);
    save(&accounts.provider, &list)?;
    tell!(ctx, SanctionsListPublished { oracle: list.oracle, root, serial, issued, expiry });
    Ok(())
}
