//! Redeem on the issuer's quote: the account's units are burnt and the treasury pays it.
use crate::{
    errors::ScripError,
    events::Redeemed,
    shared::accounts::{Market, Quote, Side},
    token::{account_facts, burn, mint_facts, require_unguarded},
};
use anchor_lang::prelude::*;

/// Callable by the quote's account, with the issuer's signature of the quote in the instruction just before. Accounts:
/// [`Market`].
///
/// A lapsed account may leave (law 8). Where the crank has frozen it, it is thawed for the burn and frozen again.
///
/// Refuses, in order: as `accept`, MultiplierDrift, Halted, Paused, ZeroAmount, InvalidReceiver, UnknownWallet,
/// UnknownInvestor, CannotSend (blocked or held; UnknownHold before the last), InsufficientBalance, CpiGuarded,
/// StablecoinInsufficient, MemoDemanded.
pub(crate) fn redeem(ctx: Context<Market>, quote: Quote) -> Result<()> {
    let (accounts, now) = (&ctx.accounts, Clock::get()?.unix_timestamp);
    accounts.accept(&quote, Side::Redeem, now, ctx.bumps.used_quote)?;

    let (stock, mint) = (&accounts.stock, mint_facts(&accounts.mint)?);
    mint.require_no_drift(&stock.multiplier)?;
    accounts.issuer.require_running()?;
    ensure!(!mint.paused, ScripError::Paused);
    ensure!(quote.amount > 0, ScripError::ZeroAmount);
    let from = account_facts(&accounts.token_account)?;
    let theirs = from.mint == stock.mint && from.owner == accounts.account.key();
    ensure!(theirs, ScripError::InvalidReceiver);
    let may = accounts.standing(now)?.clearance.may_leave() && !accounts.is_held()?;
    ensure!(may, ScripError::CannotSend);
    ensure!(from.amount >= quote.amount, ScripError::InsufficientBalance);
    require_unguarded(&accounts.token_account)?;
    let payment = accounts.settlement(&accounts.treasury, &accounts.account_settlement, quote.settlement)?;

    let (authority, units) = (accounts.signs(), &accounts.token_account);
    if from.frozen {
        authority.thaw(&accounts.mint, units)?;
    }
    burn(&accounts.mint, units, &accounts.account, quote.amount)?;
    if from.frozen {
        authority.freeze(&accounts.mint, units)?;
    }
    authority.pay(&payment, quote.settlement)?;
    tell!(
        ctx,
        Redeemed {
            mint: ctx.accounts.mint.key(),
            account: ctx.accounts.account.key(),
            amount: quote.amount,
            settlement_mint: ctx.accounts.settlement_mint.key(),
            settlement: quote.settlement,
            quote: quote.id,
        }
    );
    Ok(())
}
