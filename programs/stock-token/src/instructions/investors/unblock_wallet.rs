//! Lift the block of a wallet that belongs to no investor, whoever blocked it.
use crate::{
    errors::ScripError,
    events::WalletBlocked,
    guards::require_reason,
    pda::{close, load},
    shared::accounts::{is_linked, Investors},
    state::{is_somebodys, Wallet},
};
use anchor_lang::prelude::*;

/// Callable by compliance. Accounts: [`Investors`]; `id` is any. The record is closed, and its rent the signer's: who paid
/// for it blocked a stranger.
///
/// Refuses, in order: NotAuthorised, KeyEmpty, KeyUsed, RegistryReasonAndDocument, ZeroAddress, WalletKnown, NotBlocked,
/// WalletIsRecovered.
pub(crate) fn unblock_wallet(
    ctx: Context<Investors>,
    key: [u8; 32],
    _id: [u8; 32],
    reason: u16,
    document: [u8; 32],
) -> Result<()> {
    let (accounts, holder) = (&ctx.accounts, ctx.accounts.holder.key());
    accounts.begin(&key, &ctx.bumps)?;
    require_reason(reason, &document, ScripError::RegistryReasonAndDocument)?;
    ensure!(is_somebodys(&holder), ScripError::ZeroAddress);
    ensure!(!is_linked(&accounts.wallet), ScripError::WalletKnown);
    let found = load::<Wallet>(&accounts.wallet).ok_or(ScripError::NotBlocked)?;
    ensure!(found.successor.is_none(), ScripError::WalletIsRecovered);
    close(&accounts.wallet, &accounts.signer)?;
    tell!(ctx, WalletBlocked { holder, blocked: false, reason, document, key });
    Ok(())
}
