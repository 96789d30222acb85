//! An enforcer freezes a wallet's account of one stock; while the hold stands, nobody can thaw it.
use crate::{
    errors::ScripError,
    events::HoldChanged,
    guards::{require_reason, use_key},
    pda::{create_with, load, save},
    seeds::HOLD,
    shared::accounts::Enforcement,
    state::{Hold, Role},
};
use anchor_lang::prelude::*;

/// Callable by the enforcer. Accounts: [`Enforcement`]. Works whatever the wallet's clearance and in a pause; repeating
/// it renews reason and document.
///
/// Refuses, in order: NotAuthorised, ReasonAndDocument, KeyEmpty, KeyUsed, InvalidReceiver, NotTheWalletsAccount.
pub(crate) fn hold_account(ctx: Context<Enforcement>, key: [u8; 32], reason: u16, document: [u8; 32]) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.issuer.require(Role::Enforcer, accounts.signer.key)?;
    require_reason(reason, &document, ScripError::ReasonAndDocument)?;
    use_key(&accounts.signer, &accounts.used_key, &accounts.system_program, &key, ctx.bumps.used_key)?;
    let facts = accounts.facts()?;
    let (stock, holder, bump) = (accounts.stock.key(), accounts.holder.key(), ctx.bumps.hold);
    let hold = Hold { stock, holder, reason, document, bump };
    if load::<Hold>(&accounts.hold).is_some() {
        save(&accounts.hold, &hold)?;
    } else {
        let seeds: &[&[u8]] = &[HOLD, stock.as_ref(), holder.as_ref(), &[bump]];
        create_with(&accounts.signer, &accounts.hold, &accounts.system_program, &hold, seeds)?;
    }
    if !facts.frozen {
        accounts.signs().freeze(&accounts.mint, &accounts.token_account)?;
    }
    emit_cpi!(HoldChanged { mint: facts.mint, holder, held: true, reason, document, key });
    Ok(())
}
