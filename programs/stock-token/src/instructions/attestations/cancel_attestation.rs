//! A provider makes a nonce of its own unusable, and with it what it signed under it.
use crate::{events::AttestationCancelled, shared::accounts::Attesting};
use anchor_lang::prelude::*;

/// Callable by anyone, about its own nonces alone. Accounts: [`Attesting`].
///
/// Refuses, in order: UnknownNonce (the record's address is another's), NonceUsed.
pub(crate) fn cancel_attestation(ctx: Context<Attesting>, nonce: [u8; 32]) -> Result<()> {
    let provider = ctx.accounts.signer.key();
    let bump = ctx.accounts.unused(&provider, &nonce)?;
    ctx.accounts.mark_used(&provider, &nonce, bump)?;
    tell!(ctx, AttestationCancelled { provider, nonce });
    Ok(())
}
