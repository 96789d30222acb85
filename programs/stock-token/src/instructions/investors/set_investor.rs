//! Correct what is known of an investor: country, class, expiry.
use crate::{
    events::InvestorSet,
    pda::save,
    shared::accounts::Investors,
    state::{Investor, InvestorClass},
};
use anchor_lang::prelude::*;

/// Callable by compliance. Accounts: [`Investors`]. An earlier expiry is a lapse: anyone may then freeze.
///
/// Refuses, in order: NotAuthorised, KeyEmpty, KeyUsed, UnknownInvestor, BadExpiry.
pub(crate) fn set_investor(
    ctx: Context<Investors>,
    key: [u8; 32],
    id: [u8; 32],
    country: u16,
    class: InvestorClass,
    expiry: i64,
) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.begin(&key, &ctx.bumps)?;
    let mut investor = accounts.investor()?;
    Investor::validate_expiry(expiry)?;
    (investor.country, investor.class, investor.expiry) = (country, class, expiry);
    save(&accounts.investor, &investor)?;
    tell!(ctx, InvestorSet { investor: id, country, class, expiry, key });
    Ok(())
}
