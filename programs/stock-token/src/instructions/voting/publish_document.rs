//! Put a notice or a disclosure document on record: its hash, and where it is read.
use crate::{errors::ScripError, events::DocumentPublished, parameters::MAX_URI, shared::accounts::Fleet, state::Role};
use anchor_lang::prelude::*;

/// Callable by the actions role. Accounts: [`Fleet`]. Nothing is stored: the event is the record. `subject` is what it is
/// about, an action's id or another word.
///
/// Refuses, in order: NotAuthorised, NoDocument (no hash, no address, or one that is too long).
pub(crate) fn publish_document(ctx: Context<Fleet>, subject: [u8; 32], document: [u8; 32], uri: String) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.issuer.require(Role::Actions, accounts.signer.key)?;
    ensure!(document != [0; 32] && (1..=MAX_URI).contains(&uri.len()), ScripError::NoDocument);
    let (mint, publisher) = (accounts.mint.key(), accounts.signer.key());
    tell!(ctx, DocumentPublished { mint, subject, document, uri, publisher });
    Ok(())
}
