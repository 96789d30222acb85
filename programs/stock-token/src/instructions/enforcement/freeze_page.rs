//! Freeze many token accounts of a wallet that may hold nothing: what a block, a removal or a lapse leaves to be done.
use crate::{
    errors::ScripError,
    events::AccountsFrozen,
    pda::load,
    seeds::AUTHORITY_AT,
    shared::accounts::Standing,
    state::{Clearance, Stock},
    token::{theirs, Authority, Token2022},
};
use anchor_lang::prelude::*;

/// Nobody signs, and the wallet is named once.
#[event_cpi]
#[derive(Accounts)]
pub struct FreezePage<'info> {
    /// CHECK: the wallet that owns the token accounts; compared with each one's owner.
    pub holder: UncheckedAccount<'info>,
    /// CHECK: the wallet's record, or the empty address where it would be: see `Standing`.
    pub wallet: UncheckedAccount<'info>,
    /// CHECK: the investor that the wallet's record names; any address where there is no record.
    pub investor: UncheckedAccount<'info>,
    /// CHECK: an address without an account.
    #[account(address = AUTHORITY_AT.0)]
    pub authority: UncheckedAccount<'info>,
    pub token_program: Program<'info, Token2022>,
}

/// Callable by anyone. Accounts: [`FreezePage`], then of a blocked wallet, which may hold no stock whatever its policy,
/// pairs of mint and token account; of another, groups of stock, mint and token account. An account that is frozen
/// already is left as it is, so that two who freeze the same ones do not stop each other. A hold freezes by itself: see
/// `freeze`.
///
/// Refuses, in order: UnknownWallet, UnknownInvestor, then of each group NotAStock, StillCleared, InvalidReceiver,
/// NotTheWalletsAccount.
pub(crate) fn freeze_page<'info>(ctx: Context<'info, FreezePage<'info>>) -> Result<()> {
    let (accounts, now) = (&ctx.accounts, Clock::get()?.unix_timestamp);
    let standing = Standing::of(&accounts.wallet, &accounts.investor, accounts.holder.key, now)?;
    let authority = Authority(&accounts.authority);
    let size = if standing.clearance == Clearance::Blocked { 2 } else { 3 };
    let mut frozen = Vec::with_capacity(ctx.remaining_accounts.len());
    for group in ctx.remaining_accounts.chunks(size) {
        let (mint, account) = match group {
            [mint, account] if size == 2 => (mint, account),
            [at, mint, account] => {
                let stock = load::<Stock>(at).ok_or(ScripError::NotAStock)?;
                ensure_same!(stock.mint, *mint.key, ScripError::NotAStock);
                ensure!(!standing.may_hold(&stock, at.key), ScripError::StillCleared);
                (mint, account)
            }
            _ => return Err(ScripError::NotAStock.into()),
        };
        if !theirs(account, mint.key, accounts.holder.key)?.frozen {
            authority.freeze(mint, account)?;
            frozen.push(*account.key);
        }
    }
    tell!(ctx, AccountsFrozen { holder: ctx.accounts.holder.key(), accounts: frozen });
    Ok(())
}
