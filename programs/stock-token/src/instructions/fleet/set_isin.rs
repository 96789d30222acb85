//! Record that a stock carries another ISIN: its metadata says so. The one at birth, from which its addresses and the ids
//! of its actions follow, stays.
use super::isin_text;
use crate::{events::IsinChanged, shared::accounts::Fleet, state::Role};
use anchor_lang::prelude::*;

/// Callable by the admin. Accounts: [`Fleet`]. Works in a pause.
///
/// Refuses, in order: NotAuthorised, BadIsin.
pub(crate) fn set_isin(ctx: Context<Fleet>, isin: [u8; 12]) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.issuer.require(Role::Admin, accounts.signer.key)?;
    accounts.signs().carry(&accounts.mint, isin_text(&isin)?)?;
    tell!(ctx, IsinChanged { mint: ctx.accounts.mint.key(), isin });
    Ok(())
}
