//! Accounts of the instructions that move the multiplier, and the one way in which it moves.
use crate::{
    errors::ScripError,
    pda::load,
    seeds::{ACTION, AUTHORITY, CALENDAR, ISSUER, RESERVE, STOCK},
    state::{Action, Calendar, Factors, Issuer, Reserve, Stock},
    token::{mint_facts, Authority, MintFacts, Token2022},
};
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
#[instruction(code: [u8; 4], reference: [u8; 32])]
pub struct Actions<'info> {
    /// Pays for the action's account.
    #[account(mut)]
    pub signer: Signer<'info>,
    #[account(seeds = [ISSUER], bump = issuer.bump)]
    pub issuer: Box<Account<'info, Issuer>>,
    #[account(mut, seeds = [STOCK, mint.key().as_ref()], bump = stock.bump)]
    pub stock: Box<Account<'info, Stock>>,
    /// CHECK: the stock's seeds name it.
    #[account(mut)]
    pub mint: UncheckedAccount<'info>,
    #[account(mut, seeds = [CALENDAR, stock.key().as_ref()], bump = calendar.bump)]
    pub calendar: Box<Account<'info, Calendar>>,
    #[account(mut, seeds = [RESERVE, stock.key().as_ref()], bump = reserve.bump)]
    pub reserve: Box<Account<'info, Reserve>>,
    /// CHECK: created or read here.
    #[account(mut, seeds = [ACTION, stock.key().as_ref(), code.as_ref(), reference.as_ref()], bump)]
    pub action: UncheckedAccount<'info>,
    /// CHECK: an address without an account.
    #[account(seeds = [AUTHORITY], bump = issuer.authority_bump)]
    pub authority: UncheckedAccount<'info>,
    pub token_program: Program<'info, Token2022>,
    pub system_program: Program<'info, System>,
}

impl<'info> Actions<'info> {
    /// The action's record, if it was announced.
    pub fn record(&self) -> Option<Action> {
        load(&self.action)
    }

    /// Check that the mint shows what we last wrote, and fold an activated change, in our accounts alone: whoever calls
    /// this calls `fill` or `show` next. Returns the mint's facts. Refuses MultiplierDrift, CalendarFull.
    pub fn settle(&mut self, now: i64) -> Result<MintFacts> {
        let facts = mint_facts(&self.mint)?;
        facts.require_no_drift(&self.stock.multiplier)?;
        self.calendar.fold(&mut self.stock.multiplier, now)?;
        Ok(facts)
    }

    /// Put what the calendar's parts join to into the slot, derive anew what each dividend there will buy at the present
    /// supply, and show the multiplier on the mint. Returns the next factors. Refuses PairDoesNotFit,
    /// BasisUnconfirmed (where the split factor changes while the split before is not confirmed).
    pub fn fill(&mut self, effective_at: i64, supply: u64, now: i64) -> Result<Factors> {
        let current = self.stock.multiplier.current;
        let (next, rises) = self.calendar.joined(&current)?;
        self.reserve.receivables.fill(&rises, supply, current.index, now)?;
        if next.split() != self.stock.multiplier.next.split() {
            self.reserve.follow(next.split(), effective_at, now)?;
        }
        let splits = self.calendar.splits();
        let slot = if self.calendar.parts.is_empty() { 0 } else { effective_at };
        self.stock.multiplier.put(next, slot, splits)?;
        self.show()?;
        Ok(next)
    }

    /// What always holds of what these accounts store, and between them. Refuses InvariantBroken.
    pub fn invariant(&self) -> Result<()> {
        self.stock.invariant()?;
        self.calendar.invariant()?;
        self.calendar.agrees(&self.stock.multiplier)?;
        self.reserve.invariant()
    }

    /// Make the mint show our multiplier.
    pub fn show(&self) -> Result<()> {
        let authority = Authority { info: &self.authority, bump: self.issuer.authority_bump };
        authority.show(&self.mint, &self.stock.multiplier)
    }
}

/// Guard: between now and `effective_at` lie at least `notice` seconds. Refuses NoticeTooShort.
pub fn require_notice(effective_at: i64, notice: i64, now: i64) -> Result<()> {
    require!(effective_at.saturating_sub(now) >= notice, ScripError::NoticeTooShort);
    Ok(())
}
