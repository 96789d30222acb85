//! Lift a block. Anyone may thaw the accounts afterwards, if the clearance has not lapsed.
use crate::{
    errors::ScripError, events::InvestorBlocked, guards::require_reason, pda::save, shared::accounts::Investors,
};
use anchor_lang::prelude::*;

/// Callable by compliance. Accounts: [`Investors`].
///
/// Refuses, in order: NotAuthorised, KeyEmpty, KeyUsed, UnknownInvestor, RegistryReasonAndDocument, NotBlocked.
pub(crate) fn unblock_investor(
    ctx: Context<Investors>,
    key: [u8; 32],
    id: [u8; 32],
    reason: u16,
    document: [u8; 32],
) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.begin(&key, &ctx.bumps)?;
    let mut investor = accounts.investor()?;
    require_reason(reason, &document, ScripError::RegistryReasonAndDocument)?;
    ensure!(investor.blocked, ScripError::NotBlocked);
    investor.blocked = false;
    save(&accounts.investor, &investor)?;
    tell!(ctx, InvestorBlocked { investor: id, blocked: false, reason, document, key });
    Ok(())
}
