//! Renew an investor's clearance.
use crate::{events::InvestorSet, pda::save, shared::accounts::Investors, state::Investor};
use anchor_lang::prelude::*;

/// Callable by compliance. Accounts: [`Investors`]. An earlier expiry is a lapse: anyone may then freeze.
///
/// Refuses, in order: NotAuthorised, KeyEmpty, KeyUsed, UnknownInvestor, BadExpiry.
pub(crate) fn renew_investor(ctx: Context<Investors>, key: [u8; 32], id: [u8; 32], expiry: i64) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.begin(&key, &ctx.bumps)?;
    let mut investor = accounts.investor()?;
    Investor::validate_expiry(expiry)?;
    investor.expiry = expiry;
    save(&accounts.investor, &investor)?;
    let (country, class) = (investor.country, investor.class);
    tell!(ctx, InvestorSet { investor: id, country, class, expiry, key });
    Ok(())
}
