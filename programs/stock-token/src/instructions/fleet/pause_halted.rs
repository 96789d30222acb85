//! Pause mints in a halt, as many as the transaction names.
use crate::{
    errors::ScripError,
    events::StocksHalted,
    seeds::{AUTHORITY_AT, ISSUER_AT},
    state::Issuer,
    token::{is_ours_to_pause, mint_facts, Authority, Token2022},
};
use anchor_lang::prelude::*;

/// Nobody signs: who pays for the transaction is nobody in particular.
#[event_cpi]
#[derive(Accounts)]
pub struct PauseHalted<'info> {
    #[account(address = ISSUER_AT.0)]
    pub issuer: Box<Account<'info, Issuer>>,
    /// CHECK: an address without an account.
    #[account(address = AUTHORITY_AT.0)]
    pub authority: UncheckedAccount<'info>,
    pub token_program: Program<'info, Token2022>,
}

/// Callable by anyone, in a halt. Accounts: [`PauseHalted`], then the mints. One that is paused already is left as it is,
/// so that two who pause the same ones do not stop each other.
///
/// Refuses, in order: FleetNotHalted, NotAStock (no mint of the token program's with the extensions of a stock, one that
/// this program may not pause, or one that is given to be read).
pub(crate) fn pause_halted<'info>(ctx: Context<'info, PauseHalted<'info>>) -> Result<()> {
    let accounts = &ctx.accounts;
    ensure!(accounts.issuer.halted, ScripError::FleetNotHalted);
    let authority = Authority(&accounts.authority);
    let mut mints = Vec::with_capacity(ctx.remaining_accounts.len());
    for mint in ctx.remaining_accounts {
        ensure_same!(*mint.owner, Token2022::id(), ScripError::NotAStock);
        let facts = mint_facts(mint).map_err(|_| ScripError::NotAStock)?;
        ensure!(mint.is_writable && is_ours_to_pause(mint)?, ScripError::NotAStock);
        if !facts.paused {
            authority.pause(mint)?;
            mints.push(mint.key());
        }
    }
    tell!(ctx, StocksHalted { mints });
    Ok(())
}
