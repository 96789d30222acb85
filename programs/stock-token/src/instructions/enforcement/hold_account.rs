//! An enforcer holds a wallet in one stock: its canonical account is frozen here, if it has one. While the hold stands,
//! no account of the wallet is thawed, it neither mints nor redeems, and anyone may freeze any other account of it.
use crate::{
    errors::ScripError,
    events::HoldChanged,
    pda::{create_with, look, save, Place},
    seeds::HOLD,
    shared::accounts::Enforcement,
    state::{Hold, Reserved, Version},
};
use anchor_lang::prelude::*;

/// Callable by the enforcer. Accounts: [`Enforcement`]. Works whatever the wallet's clearance, before it has a token
/// account, and in a pause; repeating it renews reason and document.
///
/// Refuses, in order: NotAuthorised, ReasonAndDocument, KeyEmpty, KeyUsed, NotCanonicalAccount, UnknownHold,
/// InvalidReceiver, NotTheWalletsAccount.
pub(crate) fn hold_account(ctx: Context<Enforcement>, key: [u8; 32], reason: u16, document: [u8; 32]) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.begin(&key, reason, &document, &ctx.bumps)?;
    let bump = accounts.hold_at()?;
    let facts = accounts.facts()?;
    let (stock, holder) = (accounts.stock.key(), accounts.holder.key());
    let hold = Hold { version: Version, stock, holder, reason, document, bump, reserved: Reserved };
    match look::<Hold>(&accounts.hold) {
        Place::Found(_) => save(&accounts.hold, &hold)?,
        Place::Vacant => {
            let seeds: &[&[u8]] = &[HOLD, stock.as_ref(), holder.as_ref(), &[bump]];
            create_with(&accounts.signer, &accounts.hold, &accounts.system_program, &hold, seeds)?;
        }
        Place::Foreign => return Err(ScripError::UnknownHold.into()),
    }
    if facts.is_some_and(|facts| !facts.frozen) {
        accounts.signs().freeze(&accounts.mint, &accounts.token_account)?;
    }
    let (mint, account) = (accounts.mint.key(), accounts.token_account.key());
    tell!(ctx, HoldChanged { mint, holder, account, held: true, reason, document, key });
    Ok(())
}
