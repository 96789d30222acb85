//! Name where a settlement asset leaves the treasury to, and how much of it in a day.
use crate::{
    errors::ScripError,
    events::CustodianSet,
    pda::{create_with, find, load, save},
    seeds::{ASSET, AUTHORITY_AT, CUSTODIAN, ISSUER_AT},
    state::{Asset, Custodian, Issuer, Reserved, Role, Version},
    token::{coins_of, Token2022, TOKEN},
};
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
pub struct SetCustodian<'info> {
    #[account(mut)]
    pub signer: Signer<'info>,
    #[account(address = ISSUER_AT.0)]
    pub issuer: Box<Account<'info, Issuer>>,
    /// CHECK: a mint of either token program; its record says that it is a settlement asset.
    #[account(constraint = *settlement_mint.owner == TOKEN || *settlement_mint.owner == Token2022::id())]
    pub settlement_mint: UncheckedAccount<'info>,
    /// CHECK: the asset's record, at the one address where it would be.
    #[account(seeds = [ASSET, settlement_mint.key().as_ref()], bump)]
    pub asset: UncheckedAccount<'info>,
    /// CHECK: a token account of the asset; whose it is, the admin answers for.
    pub account: UncheckedAccount<'info>,
    /// CHECK: created or changed here.
    #[account(mut, seeds = [CUSTODIAN, settlement_mint.key().as_ref()], bump)]
    pub custodian: UncheckedAccount<'info>,
    pub system_program: Program<'info, System>,
}

/// Callable by the admin. Accounts: [`SetCustodian`]. `daily` in smallest units of the asset, 0 for none; what was
/// withdrawn before goes on counting, as it has drained at the old limit so far.
///
/// Refuses, in order: NotAuthorised, AssetNotListed, InvalidReceiver (no token account of the asset, or the program's own),
/// AccountDidNotDeserialize.
pub(crate) fn set_custodian(ctx: Context<SetCustodian>, daily: u64) -> Result<()> {
    let (accounts, now) = (&ctx.accounts, Clock::get()?.unix_timestamp);
    accounts.issuer.require(Role::Admin, accounts.signer.key)?;
    let asset = load::<Asset>(&accounts.asset).ok_or(ScripError::AssetNotListed)?;
    ensure!(asset.listed, ScripError::AssetNotListed);
    let (mint, account, bump) = (accounts.settlement_mint.key(), accounts.account.key(), ctx.bumps.custodian);
    let coins = coins_of(&accounts.account, accounts.settlement_mint.owner).ok_or(ScripError::InvalidReceiver)?;
    ensure!(coins.mint == mint && coins.owner != AUTHORITY_AT.0, ScripError::InvalidReceiver);
    if let Some(mut found) = find::<Custodian>(&accounts.custodian)? {
        (found.level, found.since) = (found.level_at(now), now);
        (found.account, found.daily) = (account, daily);
        save(&accounts.custodian, &found)?;
    } else {
        let state =
            Custodian { version: Version, mint, account, daily, level: 0, since: now, bump, reserved: Reserved };
        let seeds: &[&[u8]] = &[CUSTODIAN, mint.as_ref(), &[bump]];
        create_with(&accounts.signer, &accounts.custodian, &accounts.system_program, &state, seeds)?;
    }
    tell!(ctx, CustodianSet { mint, account, daily });
    Ok(())
}
