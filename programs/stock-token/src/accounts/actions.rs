//! Accounts of the instructions that move the multiplier, and the one way in which it moves.
use crate::{
    errors::ScripError,
    events::MultiplierApplied,
    pda::{create_with, is_vacant, load},
    seeds::{ACTION, AUTHORITY_AT, ISSUER_AT},
    state::{Action, Calendar, Factors, Issuer, Part, Reserve, Reserved, Status, Stock, Version, FOLD},
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
    #[account(mut, owner = spl_token_2022_interface::ID)]
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
            self.reserve.follow(next.split(), effective_at, false, now)?;
        }
        let splits = self.calendar.splits();
        let slot = if self.calendar.parts.is_empty() { 0 } else { effective_at };
        self.stock.multiplier.put(next, slot, splits)?;
        self.show(shown)?;
        Ok(next)
    }

    /// Record a correction or a fold, alone in the slot and scheduled at once, count no receivable any more, and show the
    /// multiplier on the mint, which shows `shown`. A fold's ratio is in `factors`, and a correction's is the present
    /// one. Returns the action's id.
    ///
    /// Refuses, in order: AlreadyAnnounced, BasisUnconfirmed (a fold, while the split before is).
    pub fn repair(
        &mut self,
        code: [u8; 4],
        reference: [u8; 32],
        factors: Factors,
        effective_at: i64,
        shown: &MintFacts,
        now: i64,
    ) -> Result<[u8; 32]> {
        let (stock, fold) = (self.stock.key(), code == FOLD);
        let seeds: &[&[u8]] = &[ACTION, stock.as_ref(), &code, &reference];
        let (place, bump) = Pubkey::find_program_address(seeds, &crate::ID);
        ensure_same!(self.action.key(), place, ErrorCode::ConstraintSeeds);
        ensure!(is_vacant(&self.action), ScripError::AlreadyAnnounced);
        let Factors { index, num, den } = factors;
        let (num, den) = if fold { (num, den) } else { (0, 0) };
        if fold {
            self.calendar.scale(self.stock.multiplier.current.index, index)?;
            self.reserve.follow(factors.split(), effective_at, true, now)?;
        }
        self.reserve.receivables.void();
        self.calendar.parts.push(Part { action: place, num, den, net: index, price: 0 });
        self.stock.multiplier.put(factors, effective_at, fold)?;
        self.show(shown)?;
        let id = Action::id_of(&self.stock.isin, self.stock.series, &code, &reference);
        let action = Action {
            version: Version,
            stock,
            id,
            code,
            reference,
            status: Status::Scheduled,
            ex: 0,
            ex_at: effective_at,
            pay: 0,
            buy: 0,
            effective_at,
            num,
            den,
            gross: 0,
            withheld: 0,
            net: 0,
            price: 0,
            index,
            bump,
            reserved: Reserved,
        };
        let seeds: &[&[u8]] = &[ACTION, stock.as_ref(), &code, &reference, &[bump]];
        create_with(&self.signer, &self.action, &self.system_program, &action, seeds)?;
        self.invariant()?;
        Ok(id)
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
    ensure!(effective_at.saturating_sub(now) >= notice, ScripError::NoticeTooShort);
    Ok(())
}
