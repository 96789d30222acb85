//! List a settlement asset for the primary market, or take it off the list.
use crate::{
    events::AssetListed,
    pda::{create_with, find, save},
    seeds::{ASSET, ISSUER_AT},
    state::{Asset, Issuer, Reserved, Role, Version},
    token::{require_whole, Token2022, TOKEN},
};
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
pub struct ListAsset<'info> {
    #[account(mut)]
    pub signer: Signer<'info>,
    #[account(address = ISSUER_AT.0)]
    pub issuer: Box<Account<'info, Issuer>>,
    /// CHECK: a mint of either token program; beyond its fee and its hook the admin answers for the choice.
    #[account(constraint = *settlement_mint.owner == TOKEN || *settlement_mint.owner == Token2022::id())]
    pub settlement_mint: UncheckedAccount<'info>,
    /// CHECK: a token account that the authority owns or may spend; the admin answers for the choice.
    pub treasury: UncheckedAccount<'info>,
    /// CHECK: created or read here.
    #[account(mut, seeds = [ASSET, settlement_mint.key().as_ref()], bump)]
    pub asset: UncheckedAccount<'info>,
    pub system_program: Program<'info, System>,
}

/// Callable by the admin. Accounts: [`ListAsset`].
///
/// Refuses NotAuthorised; to be listed, AssetKeepsFee and AssetHasHook, of which less arrives than is sent, or nothing;
/// AccountDidNotDeserialize.
pub(crate) fn list_asset(ctx: Context<ListAsset>, listed: bool) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.issuer.require(Role::Admin, accounts.signer.key)?;
    // What is on the list already comes off it, whatever it is.
    if listed && *accounts.settlement_mint.owner == Token2022::id() {
        require_whole(&accounts.settlement_mint)?;
    }
    let (mint, treasury, bump) = (accounts.settlement_mint.key(), accounts.treasury.key(), ctx.bumps.asset);
    let state = Asset { version: Version, mint, treasury, listed, bump, reserved: Reserved };
    if find::<Asset>(&accounts.asset)?.is_some() {
        save(&accounts.asset, &state)?;
    } else {
        let seeds: &[&[u8]] = &[ASSET, mint.as_ref(), &[bump]];
        create_with(&accounts.signer, &accounts.asset, &accounts.system_program, &state, seeds)?;
    }
    tell!(ctx, AssetListed { mint, treasury, listed });
    Ok(())
}
