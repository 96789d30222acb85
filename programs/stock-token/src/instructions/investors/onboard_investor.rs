//! A new investor with a first wallet.
use crate::{
    errors::ScripError,
    events::{InvestorSet, WalletLinked},
    parameters::MAX_SEATS,
    pda::{create_with, is_vacant},
    seeds::INVESTOR,
    shared::accounts::{is_linked, Investors},
    state::{Investor, InvestorClass, Reserved, Version},
};
use anchor_lang::prelude::*;

/// Callable by compliance. Accounts: [`Investors`].
///
/// Refuses, in order: NotAuthorised, KeyEmpty, KeyUsed, WalletKnown, InvestorKnown, ZeroAddress, BadExpiry,
/// WalletIsBlocked.
pub(crate) fn onboard_investor(
    ctx: Context<Investors>,
    key: [u8; 32],
    id: [u8; 32],
    country: u16,
    class: InvestorClass,
    expiry: i64,
) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.begin(&key, &ctx.bumps)?;
    ensure!(!is_linked(&accounts.wallet), ScripError::WalletKnown);
    ensure!(is_vacant(&accounts.investor), ScripError::InvestorKnown);
    ensure_other!(accounts.holder.key(), Pubkey::default(), ScripError::ZeroAddress);
    Investor::validate_expiry(expiry)?;
    let bump = ctx.bumps.investor;
    let mut investor = Investor {
        version: Version,
        id,
        country,
        class,
        blocked: false,
        wallets: 0,
        expiry,
        seats: [0; MAX_SEATS],
        bump,
        reserved: Reserved,
    };
    accounts.link(&mut investor, &ctx.bumps)?;
    let seeds: &[&[u8]] = &[INVESTOR, &id, &[bump]];
    create_with(&accounts.signer, &accounts.investor, &accounts.system_program, &investor, seeds)?;
    tell!(ctx, InvestorSet { investor: id, country, class, expiry, key });
    tell!(ctx, WalletLinked { investor: id, holder: ctx.accounts.holder.key(), key });
    Ok(())
}
