//! Initialise the issuer: the first instruction after deployment.
use crate::{
    errors::ScripError,
    events::IssuerInitialised,
    pda::{create_with, is_vacant},
    seeds::{ADMIN_AT, AUTHORITY, ISSUER},
    state::{Issuer, Role, Roles, Settings},
};
use anchor_lang::prelude::*;

/// What the issuer starts with.
#[derive(AnchorSerialize, AnchorDeserialize)]
pub struct InitialiseArgs {
    /// Hash of the cluster's genesis block; signed messages bind to it.
    pub genesis: [u8; 32],
    pub roles: Roles,
    pub settings: Settings,
}

#[event_cpi]
#[derive(Accounts)]
pub struct Initialise<'info> {
    #[account(mut)]
    pub payer: Signer<'info>,
    /// Whoever may upgrade the program. Without this signature anyone could name themselves the issuer.
    pub upgrade_authority: Signer<'info>,
    #[account(constraint = program_account.programdata_address()? == Some(program_data.key())
        @ ScripError::NotTheUpgradeAuthority)]
    pub program_account: Program<'info, crate::program::StockToken>,
    #[account(constraint = program_data.upgrade_authority_address == Some(upgrade_authority.key())
        @ ScripError::NotTheUpgradeAuthority)]
    pub program_data: Account<'info, ProgramData>,
    /// CHECK: created here. Anchor's `init` would ask the system program for what not every cluster has, when somebody
    /// has sent lamports to the address.
    #[account(mut, seeds = [ISSUER], bump)]
    pub issuer: UncheckedAccount<'info>,
    /// CHECK: an address without an account; only its bump is kept.
    #[account(seeds = [AUTHORITY], bump)]
    pub authority: UncheckedAccount<'info>,
    pub system_program: Program<'info, System>,
}

/// Callable by the upgrade authority, once. Accounts: [`Initialise`].
///
/// Refuses, in order: NotTheUpgradeAuthority, ZeroAddress, BadSetting, AlreadyInitialised.
pub(crate) fn initialise(ctx: Context<Initialise>, args: InitialiseArgs) -> Result<()> {
    require!(args.roles.complete(), ScripError::ZeroAddress);
    args.settings.validate()?;
    // Before anybody may propose, nobody could ever act for the address that carries operations out.
    require_keys_neq!(args.roles.admin, ADMIN_AT.0, ScripError::BadSetting);
    let accounts = &ctx.accounts;
    require!(is_vacant(&accounts.issuer), ScripError::AlreadyInitialised);
    let issuer = Issuer {
        genesis: args.genesis,
        roles: args.roles,
        offered: Role::Admin,
        offered_to: Pubkey::default(),
        settings: args.settings,
        market_paused: false,
        halted: false,
        bump: ctx.bumps.issuer,
        authority_bump: ctx.bumps.authority,
    };
    let seeds: &[&[u8]] = &[ISSUER, &[issuer.bump]];
    create_with(&accounts.payer, &accounts.issuer, &accounts.system_program, &issuer, seeds)?;
    let InitialiseArgs { genesis, roles, settings } = args;
    emit_cpi!(IssuerInitialised { issuer: ctx.accounts.issuer.key(), genesis, roles, settings });
    Ok(())
}
