//! Mint on the issuer's quote: the account pays the treasury and receives new units.
use crate::{
    errors::ScripError,
    events::Minted,
    shared::accounts::{bound_in, locked_apart, require_unlisted, Market, Quote, Side},
    token::{account_facts, mint_facts, require_unguarded, Token2022},
};
use anchor_lang::prelude::*;

/// Callable by the quote's account, with the issuer's signature of the quote in the instruction just before. Accounts:
/// [`Market`], then of an issuer in strict mode the sanctions list's record and that of the account's absence from it, and
/// before or behind them, of a stock with a maximum, the record of what is bound of the account, which is its own all along.
/// No other instruction raises supply.
///
/// Refuses, in order: as `accept`, StablecoinInsufficient, MemoDemanded, CpiGuarded, MultiplierDrift, Halted, Paused, ZeroAmount,
/// InvalidReceiver, UnknownWallet, UnknownInvestor, CannotReceive (not cleared, shut out by the stock's rules, without
/// a seat, held or frozen; UnknownHold before the last two), as `require_unlisted`, UnknownLocks, AboveTheMaximum,
/// SupplyTooLarge, then as the reserve's `check` of the supply after the mint.
pub(crate) fn mint<'info>(ctx: Context<'info, Market<'info>>, quote: Quote) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let rest = ctx.remaining_accounts;
    let accounts = &mut *ctx.accounts;
    accounts.accept(&quote, Side::Mint, now, ctx.bumps.used_quote)?;
    let payment = accounts.settlement(&accounts.account_settlement, &accounts.treasury, quote.settlement)?;
    if *accounts.settlement_program.key == Token2022::id() {
        require_unguarded(&accounts.account_settlement)?;
    }
    payment.pay(&accounts.account, quote.settlement)?;

    let (stock, mint) = (&accounts.stock, mint_facts(&accounts.mint)?);
    mint.require_no_drift(&stock.multiplier)?;
    accounts.issuer.require_running()?;
    ensure!(!mint.paused, ScripError::Paused);
    ensure!(quote.amount > 0, ScripError::ZeroAmount);
    let to = account_facts(&accounts.token_account)?;
    let theirs = to.mint == stock.mint && to.owner == accounts.account.key();
    ensure!(theirs, ScripError::InvalidReceiver);
    let standing = accounts.standing(now)?;
    let may = standing.may_hold(stock, &stock.key()) && !accounts.is_held()? && !to.frozen;
    ensure!(may, ScripError::CannotReceive);
    let limited = standing.investor.as_ref().is_some_and(|one| stock.counts(one)) && stock.limits.maximum > 0;
    let (locked, shown) = if limited { locked_apart(rest, &stock.key(), accounts.account.key) } else { (None, rest) };
    require_unlisted(&accounts.issuer, accounts.account.key, shown, now)?;
    if limited {
        let then = to.amount.saturating_add(bound_in(locked)?).saturating_add(quote.amount);
        ensure!(then <= stock.limits.maximum, ScripError::AboveTheMaximum);
    }
    let supply = mint.supply.checked_add(quote.amount).ok_or(ScripError::SupplyTooLarge)?;
    accounts.reserve.check(mint.supply, supply, &stock.multiplier, now)?;
    accounts.reserve.receivables.mark(mint.supply, now);
    accounts.reserve.invariant()?;
    accounts.signs().mint_to(&accounts.mint, &accounts.token_account, quote.amount)?;
    tell!(
        ctx,
        Minted {
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
