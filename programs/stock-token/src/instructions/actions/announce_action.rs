//! Announce a corporate action: record its terms, and change nothing yet.
use crate::{
    errors::ScripError,
    events::ActionAnnounced,
    math,
    parameters::{EX_INSTANT, EX_WINDOW, MAX_PAY_DELAY, MAX_U40},
    pda::{create_with, is_vacant},
    seeds::ACTION,
    shared::accounts::{require_notice, Actions},
    state::{Action, Reserved, Role, Status, Version, DRIP, SPLF, SPLR},
};
use anchor_lang::prelude::*;

/// An action's terms.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy)]
pub struct Terms {
    /// The market's ex date, YYYYMMDD.
    pub ex: u32,
    /// Its instant, the opening of that date's session, UTC seconds; 0 for that date's UTC midnight.
    pub ex_at: i64,
    /// When the cash arrives, UTC seconds, before a deferred ex (FINRA 11140(b)(2)) or after the effect; 0 for splits.
    pub pay: i64,
    /// When the shares that it buys are there, UTC seconds; 0 for the later of `pay` and the effect, and for splits.
    pub buy: i64,
    /// The token's ex and record second, no earlier than the market's.
    pub effective_at: i64,
    /// New shares for old; 0 for dividends.
    pub num: u64,
    pub den: u64,
    /// Wad of currency per share; 0 for splits.
    pub gross: u128,
}

impl Terms {
    /// The terms with the instants that a 0 stands for. Refuses BadTerms for what is no date.
    fn filled(mut self) -> Result<Self> {
        let midnight = math::midnight(self.ex).ok_or(ScripError::BadTerms)?;
        if self.ex_at == 0 {
            self.ex_at = midnight;
        }
        if self.buy == 0 && self.pay != 0 {
            self.buy = self.pay.max(self.effective_at);
        }
        ensure!(self.ex_at.abs_diff(midnight) <= EX_INSTANT.unsigned_abs(), ScripError::BadTerms);
        Ok(self)
    }

    /// Whether the terms are those of an action of this code; `grace` is how long after its pay date a dividend counts.
    fn fit(&self, code: [u8; 4], grace: i64) -> bool {
        let latest = self.ex_at.saturating_add(EX_WINDOW).min(MAX_U40);
        let times = (self.ex_at..=latest).contains(&self.effective_at) && (0..=MAX_U40).contains(&self.pay);
        let last = self.effective_at.saturating_add(MAX_PAY_DELAY);
        let paid = self.pay > 0 && self.ex_at <= self.pay.saturating_add(EX_WINDOW) && self.pay <= last;
        let ends = self.pay.max(self.effective_at).saturating_add(grace);
        let bought = (self.effective_at..=ends).contains(&self.buy);
        let dividend = self.gross > 0 && paid && bought && self.num == 0 && self.den == 0;
        let split = self.gross == 0 && self.pay == 0 && self.buy == 0 && self.num > 0 && self.den > 0;
        times
            && match code {
                DRIP => dividend,
                SPLF => split && self.num > self.den,
                _ => split && self.num < self.den,
            }
    }
}

/// Callable by the actions role. Accounts: [`Actions`].
///
/// Refuses, in order: NotAuthorised, UnknownCode, EffectiveInThePast, BadTerms, NoticeTooShort (dividends) or
/// SplitBound (splits), AlreadyAnnounced, TooManyAnnounced. From the market's ex instant until the action is scheduled
/// or cancelled the stock is not minted.
pub(crate) fn announce_action(ctx: Context<Actions>, code: [u8; 4], reference: [u8; 32], terms: Terms) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let accounts = &mut *ctx.accounts;
    accounts.issuer.require(Role::Actions, accounts.signer.key)?;
    ensure!([SPLF, SPLR, DRIP].contains(&code), ScripError::UnknownCode);
    ensure!(terms.effective_at > now, ScripError::EffectiveInThePast);
    let terms = terms.filled()?;
    ensure!(terms.fit(code, accounts.issuer.settings.grace), ScripError::BadTerms);
    if code == DRIP {
        require_notice(terms.effective_at, accounts.issuer.settings.dividend_announce, now)?;
    } else {
        ensure!(math::split_in_bound(terms.num, terms.den), ScripError::SplitBound);
    }
    let stock = accounts.stock.key();
    let seeds: &[&[u8]] = &[ACTION, stock.as_ref(), &code, &reference];
    let (place, bump) = Pubkey::find_program_address(seeds, &crate::ID);
    ensure_same!(accounts.action.key(), place, ErrorCode::ConstraintSeeds);
    ensure!(is_vacant(&accounts.action), ScripError::AlreadyAnnounced);
    accounts.reserve.receivables.announce(terms.ex_at)?;
    accounts.reserve.invariant()?;

    let Terms { ex, ex_at, pay, buy, effective_at, num, den, gross } = terms;
    let action = Action {
        version: Version,
        stock,
        id: Action::id_of(&accounts.stock.isin, accounts.stock.series, &code, &reference),
        code,
        reference,
        status: Status::Announced,
        ex,
        ex_at,
        pay,
        buy,
        effective_at,
        num,
        den,
        gross,
        withheld: 0,
        net: 0,
        price: 0,
        index: 0,
        bump,
        reserved: Reserved,
    };
    let seeds: &[&[u8]] = &[ACTION, stock.as_ref(), &code, &reference, &[action.bump]];
    create_with(&accounts.signer, &accounts.action, &accounts.system_program, &action, seeds)?;
    let (mint, id) = (accounts.mint.key(), action.id);
    tell!(ctx, ActionAnnounced { mint, id, code, reference, ex, ex_at, pay, buy, effective_at, num, den, gross });
    Ok(())
}
