//! Announce a corporate action: record its terms, and change nothing yet.
use crate::{
    errors::ScripError,
    events::ActionAnnounced,
    math,
    parameters::MAX_U40,
    pda::{create_with, is_vacant},
    seeds::ACTION,
    shared::accounts::{require_notice, Actions},
    state::{Action, Role, Status, DRIP, SPLF, SPLR},
};
use anchor_lang::prelude::*;

/// An action's terms.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy)]
pub struct Terms {
    /// The market's ex date, YYYYMMDD.
    pub ex: u32,
    /// When the cash arrives, UTC seconds; 0 for splits.
    pub pay: i64,
    /// The token's ex and record second.
    pub effective_at: i64,
    /// New shares for old; 0 for dividends.
    pub num: u64,
    pub den: u64,
    /// Wad of currency per share; 0 for splits.
    pub gross: u128,
}

impl Terms {
    /// Whether the terms are those of an action of this code.
    fn fit(&self, code: [u8; 4]) -> bool {
        let times = self.effective_at <= MAX_U40 && (0..=MAX_U40).contains(&self.pay);
        let dividend = self.gross > 0 && self.pay >= self.effective_at && self.num == 0 && self.den == 0;
        let split = self.gross == 0 && self.pay == 0 && self.num > 0 && self.den > 0;
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
/// SplitBound (splits), AlreadyAnnounced.
pub(crate) fn announce_action(ctx: Context<Actions>, code: [u8; 4], reference: [u8; 32], terms: Terms) -> Result<()> {
    let (accounts, now) = (&ctx.accounts, Clock::get()?.unix_timestamp);
    accounts.issuer.require(Role::Actions, accounts.signer.key)?;
    require!([SPLF, SPLR, DRIP].contains(&code), ScripError::UnknownCode);
    require!(terms.effective_at > now, ScripError::EffectiveInThePast);
    require!(terms.fit(code), ScripError::BadTerms);
    if code == DRIP {
        require_notice(terms.effective_at, accounts.issuer.settings.dividend_announce, now)?;
    } else {
        require!(math::split_in_bound(terms.num, terms.den), ScripError::SplitBound);
    }
    require!(is_vacant(&accounts.action), ScripError::AlreadyAnnounced);

    let stock = accounts.stock.key();
    let Terms { ex, pay, effective_at, num, den, gross } = terms;
    let action = Action {
        stock,
        id: solana_keccak_hasher::hashv(&[&accounts.stock.isin, &code, &reference]).to_bytes(),
        code,
        reference,
        status: Status::Announced,
        ex,
        pay,
        effective_at,
        num,
        den,
        gross,
        withheld: 0,
        net: 0,
        price: 0,
        bump: ctx.bumps.action,
    };
    let seeds: &[&[u8]] = &[ACTION, stock.as_ref(), &code, &reference, &[action.bump]];
    create_with(&accounts.signer, &accounts.action, &accounts.system_program, &action, seeds)?;
    let mint = accounts.mint.key();
    emit_cpi!(ActionAnnounced { mint, id: action.id, code, reference, ex, pay, effective_at, num, den, gross });
    Ok(())
}
