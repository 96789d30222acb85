//! Accounts of the instructions that move the multiplier, and the one way in which it moves.
use crate::{
    errors::ScripError,
    events::MultiplierApplied,
    pda::load,
    seeds::{AUTHORITY_AT, ISSUER_AT},
    state::{Action, Calendar, Factors, Issuer, Reserve, Stock},
    token::{mint_facts, Authority, MintFacts, Token2022},
};
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
pub struct Actions<'info> {
    /// Pays for the action's account.
    #[account(mut)]
    pub signer: Signer<'info>,
    #[account(address = ISSUER_AT.0)]
    pub issuer: Box<Account<'info, Issuer>>,
    #[account(mut, has_one = mint)]
    pub stock: Box<Account<'info, Stock>>,
    /// CHECK: the stock names it.
    #[account(mut)]
    pub mint: UncheckedAccount<'info>,
    #[account(mut, has_one = stock)]
    pub calendar: Box<Account<'info, Calendar>>,
    #[account(mut, has_one = stock)]
    pub reserve: Box<Account<'info, Reserve>>,
    /// CHECK: created by the announcement, at its own address; afterwards its record says whose it is: see `record`.
    #[account(mut)]
    pub action: UncheckedAccount<'info>,
    /// CHECK: an address without an account.
    #[account(address = AUTHORITY_AT.0)]
    pub authority: UncheckedAccount<'info>,
    pub token_program: Program<'info, Token2022>,
    pub system_program: Program<'info, System>,
}

impl<'info> Actions<'info> {
    /// The record of the stock's action of this code and reference, if it was announced.
    pub fn record(&self, code: [u8; 4], reference: [u8; 32]) -> Option<Action> {
        let named =
            |found: &Action| found.stock == self.stock.key() && found.code == code && found.reference == reference;
        load(&self.action).filter(named)
    }

    /// Check that the mint shows what we last wrote, and fold an activated change, in our accounts alone: whoever calls
    /// this calls `fill` or `show` next. Returns the mint's facts, and what was folded, for the events. Refuses
    /// MultiplierDrift, CalendarFull.
    pub fn settle(&mut self, now: i64) -> Result<(MintFacts, Option<MultiplierApplied>)> {
        let facts = mint_facts(&self.mint)?;
        facts.require_no_drift(&self.stock.multiplier)?;
        let folded = self.calendar.fold(&mut self.stock.multiplier, now)?;
        let (mint, multiplier) = (self.mint.key(), &self.stock.multiplier);
        let (current, generation) = (multiplier.current, multiplier.generation);
        Ok((facts, folded.then_some(MultiplierApplied { mint, current, generation })))
    }

    /// Put what the calendar's parts join to into the slot, derive anew what each dividend there will buy at the present
    /// supply of the mint, which shows `shown`, and show the multiplier on it. Returns the next factors. Refuses
    /// PairDoesNotFit, BasisUnconfirmed (where the split factor changes while the split before is not confirmed).
    pub fn fill(&mut self, effective_at: i64, shown: &MintFacts, now: i64) -> Result<Factors> {
        let current = self.stock.multiplier.current;
        let (next, rises) = self.calendar.joined(&current)?;
        self.reserve.receivables.fill(&rises, shown.supply, current.index, now)?;
        if next.split() != self.stock.multiplier.next.split() {
            self.reserve.follow(next.split(), effective_at, now)?;
        }
        let splits = self.calendar.splits();
        let slot = if self.calendar.parts.is_empty() { 0 } else { effective_at };
        self.stock.multiplier.put(next, slot, splits)?;
        self.show(shown)?;
        Ok(next)
    }

    /// What always holds of what these accounts store, and between them. Refuses InvariantBroken.
    pub fn invariant(&self) -> Result<()> {
        self.stock.invariant()?;
        self.calendar.invariant()?;
        self.calendar.agrees(&self.stock.multiplier)?;
        self.reserve.invariant()
    }

    /// Make the mint, which shows `shown`, show our multiplier.
    pub fn show(&self, shown: &MintFacts) -> Result<()> {
        let authority = Authority(&self.authority);
        authority.show(&self.mint, shown, &self.stock.multiplier)
    }
}

/// Guard: between now and `effective_at` lie at least `notice` seconds. Refuses NoticeTooShort.
pub fn require_notice(effective_at: i64, notice: i64, now: i64) -> Result<()> {
    require!(effective_at.saturating_sub(now) >= notice, ScripError::NoticeTooShort);
    Ok(())
}
