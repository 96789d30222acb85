//! Withdraw settlement from the treasury, to the one account that the admin named.
use crate::{
    errors::ScripError,
    events::TreasuryWithdrawn,
    guards::use_key,
    pda::{load, save},
    seeds::{ASSET, AUTHORITY_AT, CUSTODIAN, ISSUER_AT, KEY},
    state::{Asset, Custodian, Issuer, Role},
    token::{require_memoless, Authority, Settlement, Token2022, TOKEN},
};
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
#[instruction(key: [u8; 32])]
pub struct Withdraw<'info> {
    /// Pays for the record of the key.
    #[account(mut)]
    pub signer: Signer<'info>,
    #[account(address = ISSUER_AT.0)]
    pub issuer: Box<Account<'info, Issuer>>,
    /// CHECK: its record says that it is a settlement asset.
    pub settlement_mint: UncheckedAccount<'info>,
    /// CHECK: the asset's record, at the one address where it would be.
    #[account(seeds = [ASSET, settlement_mint.key().as_ref()], bump)]
    pub asset: UncheckedAccount<'info>,
    /// CHECK: the asset's record names it.
    #[account(mut)]
    pub treasury: UncheckedAccount<'info>,
    /// CHECK: where the asset leaves to, at the one address where it would be.
    #[account(mut, seeds = [CUSTODIAN, settlement_mint.key().as_ref()], bump)]
    pub custodian: UncheckedAccount<'info>,
    /// CHECK: the custodian's record names it.
    #[account(mut)]
    pub account: UncheckedAccount<'info>,
    /// CHECK: created here.
    #[account(mut, seeds = [KEY, key.as_ref()], bump)]
    pub used_key: UncheckedAccount<'info>,
    /// CHECK: an address without an account.
    #[account(address = AUTHORITY_AT.0)]
    pub authority: UncheckedAccount<'info>,
    /// CHECK: one of the two token programs.
    #[account(constraint = *settlement_program.key == TOKEN || *settlement_program.key == Token2022::id()
        @ ScripError::AssetNotListed)]
    pub settlement_program: UncheckedAccount<'info>,
    pub system_program: Program<'info, System>,
}

/// Callable by the issuer role. Accounts: [`Withdraw`]. `amount` in smallest units of the asset. An asset that came off
/// the list can still be withdrawn; a halt stops it.
///
/// Refuses, in order: NotAuthorised, KeyEmpty, KeyUsed, Halted, ZeroAmount, AssetNotListed, NoCustodian,
/// WithdrawalLimit, StablecoinInsufficient, MemoDemanded.
pub(crate) fn withdraw(ctx: Context<Withdraw>, key: [u8; 32], amount: u64) -> Result<()> {
    let (accounts, now) = (&ctx.accounts, Clock::get()?.unix_timestamp);
    accounts.issuer.require(Role::Issuer, accounts.signer.key)?;
    use_key(&accounts.signer, &accounts.used_key, &accounts.system_program, &key, ctx.bumps.used_key)?;
    accounts.issuer.require_running()?;
    ensure!(amount > 0, ScripError::ZeroAmount);
    let asset = load::<Asset>(&accounts.asset).ok_or(ScripError::AssetNotListed)?;
    ensure_same!(asset.treasury, accounts.treasury.key(), ScripError::AssetNotListed);
    let mut custodian = load::<Custodian>(&accounts.custodian).ok_or(ScripError::NoCustodian)?;
    ensure_same!(custodian.account, accounts.account.key(), ScripError::NoCustodian);
    custodian.take(amount, now)?;
    save(&accounts.custodian, &custodian)?;
    let (program, mint) = (&*accounts.settlement_program, &*accounts.settlement_mint);
    let movement = Settlement { program, mint, from: &accounts.treasury, to: &accounts.account };
    ensure!(movement.available()? >= amount, ScripError::StablecoinInsufficient);
    if *program.key == Token2022::id() {
        require_memoless(&accounts.account)?;
    }
    Authority(&accounts.authority).pay(&movement, amount)?;
    tell!(ctx, TreasuryWithdrawn { mint: asset.mint, account: custodian.account, amount, key });
    Ok(())
}
