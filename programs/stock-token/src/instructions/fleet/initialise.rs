//! Initialise the issuer: the first instruction after deployment.
use crate::{
    errors::ScripError,
    events::IssuerInitialised,
    pda::{create_with, is_vacant},
    seeds::{ADMIN_AT, AUTHORITY, ISSUER},
    state::{Issuer, Reserved, Role, Roles, Settings, Version},
};
use anchor_lang::{prelude::*, solana_program::bpf_loader_upgradeable};

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
    #[account(constraint = loader_names(&program_account, &PROGRAM, 4) == Some(program_data.key())
        @ ScripError::NotTheUpgradeAuthority)]
    pub program_account: Program<'info, crate::program::StockToken>,
    /// CHECK: the loader's record of this program names it; its owner and who may upgrade are read here.
    #[account(constraint = loader_names(&program_data, &PROGRAM_DATA, 13) == Some(upgrade_authority.key())
        @ ScripError::NotTheUpgradeAuthority)]
    pub program_data: UncheckedAccount<'info>,
    /// CHECK: created here. Anchor's `init` would ask the system program for what not every cluster has, when somebody
    /// has sent lamports to the address.
    #[account(mut, seeds = [ISSUER], bump)]
    pub issuer: UncheckedAccount<'info>,
    /// CHECK: an address without an account; only its bump is kept.
    #[account(seeds = [AUTHORITY], bump)]
    pub authority: UncheckedAccount<'info>,
    pub system_program: Program<'info, System>,
}

/// How the records of the loader of upgradeable programs begin: of a program, which names its data at byte 4; and of
/// that data, whose upgrade authority, behind a slot and the byte that says that there is one, stands at byte 13.
const PROGRAM: [u8; 4] = [2, 0, 0, 0];
const PROGRAM_DATA: [u8; 4] = [3, 0, 0, 0];

/// The address that a record of the loader's has at a byte; `None` where it is another record, or names nobody there.
fn loader_names(record: &AccountInfo, kind: &[u8; 4], at: usize) -> Option<Pubkey> {
    let data = record.try_borrow_data().ok()?;
    let nobody = *kind == PROGRAM_DATA && data.get(12) != Some(&1);
    if *record.owner != bpf_loader_upgradeable::ID || !data.starts_with(kind) || nobody {
        return None;
    }
    let named: [u8; 32] = *data.get(at..)?.first_chunk()?;
    Some(named.into())
}

/// Callable by the upgrade authority, once. Accounts: [`Initialise`].
///
/// Refuses, in order: NotTheUpgradeAuthority, ZeroAddress, BadSetting, AlreadyInitialised.
pub(crate) fn initialise(ctx: Context<Initialise>, args: InitialiseArgs) -> Result<()> {
    ensure!(args.roles.complete(), ScripError::ZeroAddress);
    args.settings.validate()?;
    // Before anybody may propose, nobody could ever act for the address that carries operations out.
    ensure_other!(args.roles.admin, ADMIN_AT.0, ScripError::BadSetting);
    let accounts = &ctx.accounts;
    ensure!(is_vacant(&accounts.issuer), ScripError::AlreadyInitialised);
    let issuer = Issuer {
        version: Version,
        genesis: args.genesis,
        roles: args.roles,
        offered: Role::Admin,
        offered_to: Pubkey::default(),
        settings: args.settings,
        market_paused: false,
        halted: false,
        bump: ctx.bumps.issuer,
        authority_bump: ctx.bumps.authority,
        reserved: Reserved,
    };
    let seeds: &[&[u8]] = &[ISSUER, &[issuer.bump]];
    create_with(&accounts.payer, &accounts.issuer, &accounts.system_program, &issuer, seeds)?;
    let InitialiseArgs { genesis, roles, settings } = args;
    tell!(ctx, IssuerInitialised { issuer: ctx.accounts.issuer.key(), genesis, roles, settings });
    Ok(())
}
