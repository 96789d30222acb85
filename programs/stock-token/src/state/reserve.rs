//! What backs a stock on this chain: the custodian's attestation, the ceilings, the split basis, and dividends still owed.
use crate::{
    errors::ScripError,
    math,
    parameters::{MAX_AGE, MAX_MARGIN_BPS, MAX_U40},
    state::{require_holds, Multiplier, Receivables, Reserved, Version},
};
use anchor_lang::prelude::*;

/// The split basis that shares are counted in: the stock's split factor, and how many splits it has been through. A
/// factor that comes back is another basis.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, PartialEq, Eq, InitSpace)]
pub struct Basis {
    pub num: u64,
    pub den: u64,
    pub counter: u64,
}

impl Basis {
    /// The basis of a new stock.
    pub const FIRST: Self = Self { num: 1, den: 1, counter: 0 };

    /// The split factor.
    pub fn split(&self) -> (u64, u64) {
        (self.num, self.den)
    }
}

/// What the custodian held: shares with 18 decimals, of the basis with this counter.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Default, PartialEq, Eq, InitSpace)]
pub struct Attestation {
    pub shares: u128,
    /// UTC seconds. It strictly rises.
    pub as_of: i64,
    pub counter: u64,
}

/// What this chain alone may owe, and all others together: shares with 18 decimals, of the basis with this counter.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Default, PartialEq, Eq, InitSpace)]
pub struct Ceilings {
    pub own: u128,
    pub others: u128,
    pub counter: u64,
}

/// A split that is scheduled, or in effect and not confirmed: the basis after it, and its second; 0 where there is none.
/// A fold writes the same multiplier as another pair: its ratio is 1, and every share stays one.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, PartialEq, Eq, InitSpace)]
pub struct Step {
    pub basis: Basis,
    pub effective_at: i64,
    pub fold: bool,
}

impl Step {
    /// No step.
    pub const NONE: Self = Self { basis: Basis::FIRST, effective_at: 0, fold: false };
}

/// What an attestor signs: the reserve and both ceilings in a basis that is named, and when that may be published.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy)]
pub struct Paper {
    pub shares: u128,
    /// What this chain alone may owe, and all others together.
    pub ceiling: u128,
    pub others: u128,
    pub basis: Basis,
    /// UTC seconds.
    pub as_of: i64,
    /// The reserve's when it is published: it rises with every paper, and with every change of what a paper builds on.
    pub nonce: u64,
    /// The last second at which it may be published.
    pub expiry: i64,
}

/// A stock's backing.
#[account]
#[derive(InitSpace)]
pub struct Reserve {
    pub version: Version,
    pub stock: Pubkey,
    /// Oldest attestation that a mint accepts, seconds; 0 until configured.
    pub max_age: i64,
    /// Comes off the reserve, basis points.
    pub margin_bps: u16,
    pub ceilings: Ceilings,
    /// The confirmed basis.
    pub basis: Basis,
    pub step: Step,
    pub latest: Attestation,
    /// The nonce of the next paper.
    pub nonce: u64,
    pub receivables: Receivables,
    pub bump: u8,
    pub reserved: Reserved<128>,
}

/// Both sides of the check, in shares with 18 decimals of the basis that the latest attestation is in.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, PartialEq, Eq, InitSpace)]
pub struct Coverage {
    /// Attested, after the margin.
    pub attested: u128,
    pub required: u128,
    pub receivable: u128,
    pub ceiling: u128,
    pub others: u128,
}

impl Reserve {
    /// Whether somebody has said how attestations are judged.
    pub fn configured(&self) -> bool {
        self.max_age > 0
    }

    /// Whether a split is in effect that is not confirmed.
    pub fn unconfirmed(&self, now: i64) -> bool {
        self.step.effective_at != 0 && now >= self.step.effective_at
    }

    /// The stock's own basis now.
    pub fn present(&self, now: i64) -> Basis {
        if self.unconfirmed(now) {
            self.step.basis
        } else {
            self.basis
        }
    }

    /// Guard: `basis` is the confirmed one, or that after the open step. Refuses WrongBasis.
    pub fn require_known(&self, basis: &Basis) -> Result<()> {
        let ahead = self.step.effective_at != 0 && *basis == self.step.basis;
        ensure!(ahead || *basis == self.basis, ScripError::WrongBasis);
        Ok(())
    }

    /// Follow the stock's slot: the split factor from `effective_at` on; the present one empties it. What was said in a
    /// basis that is not to come says nothing more. A reserve that is not configured has nothing to confirm. A `fold`'s
    /// ratio is 1.
    ///
    /// Refuses BasisUnconfirmed.
    pub fn follow(&mut self, split: (u64, u64), effective_at: i64, fold: bool, now: i64) -> Result<()> {
        if self.unconfirmed(now) {
            ensure!(!self.configured(), ScripError::BasisUnconfirmed);
            self.adopt();
        }
        self.restate(self.basis.counter);
        self.step = if split == self.basis.split() {
            Step::NONE
        } else {
            let counter = self.basis.counter.saturating_add(1);
            Step { basis: Basis { num: split.0, den: split.1, counter }, effective_at, fold }
        };
        self.void_papers();
        Ok(())
    }

    /// Count in the basis after the open step from now on; ceilings that were stated before it follow.
    pub fn adopt(&mut self) {
        let basis = self.step.basis;
        self.restate(basis.counter);
        (self.basis, self.step) = (basis, Step::NONE);
        self.void_papers();
    }

    /// Make every paper that was signed before unusable. 2^64 changes never happen.
    pub fn void_papers(&mut self) {
        self.nonce = self.nonce.saturating_add(1);
    }

    fn restate(&mut self, counter: u64) {
        self.ceilings = self.ceilings_in(counter);
        if self.latest.counter != counter {
            self.latest.shares = 0;
        }
    }

    /// Both ceilings in the basis with this counter: this chain's rounded down, the others' up.
    pub fn ceilings_in(&self, counter: u64) -> Ceilings {
        let Ceilings { own, others, counter: stated } = self.ceilings;
        if stated == counter || self.step.effective_at == 0 || self.step.fold {
            return Ceilings { counter, ..self.ceilings };
        }
        let (before, after) =
            if counter > stated { (self.basis, self.step.basis) } else { (self.step.basis, self.basis) };
        // Products of 64 bits each.
        let num = u128::from(after.num).saturating_mul(before.den.into());
        let den = u128::from(after.den).saturating_mul(before.num.into());
        Ceilings {
            own: math::mul_div(own, num, den).unwrap_or(u128::MAX),
            others: math::mul_div_up(others, num, den).unwrap_or(u128::MAX),
            counter,
        }
    }

    /// The backing of `supply` raw units, of which there were `before` until a mint.
    pub fn coverage(&self, before: u64, supply: u64, multiplier: &Multiplier, now: i64) -> Result<Coverage> {
        self.figures(before, supply, multiplier, now).ok_or_else(|| ScripError::ReserveInsufficient.into())
    }

    fn figures(&self, before: u64, supply: u64, multiplier: &Multiplier, now: i64) -> Option<Coverage> {
        let current = multiplier.at(now).index;
        let pending = if multiplier.pending_at(now) == 0 { current } else { multiplier.next.index };
        let ahead = self.step.effective_at != 0 && self.latest.counter == self.step.basis.counter;
        let basis = if ahead { self.step.basis } else { self.basis };
        // A fold's two bases count the same shares: what is owed is told in the pair in force.
        let split = if self.step.fold { multiplier.at(now).split() } else { basis.split() };
        let ceilings = self.ceilings_in(basis.counter);
        let (counted, as_of) = if self.configured() { (self.latest.shares, self.latest.as_of) } else { (0, 0) };
        Some(Coverage {
            attested: math::after_margin(counted, self.margin_bps)?,
            required: math::liability(supply, current.max(pending), split.0, split.1)?,
            receivable: self.receivables.counted(before, split, as_of, now)?,
            ceiling: ceilings.own,
            others: ceilings.others,
        })
    }

    /// Guard: the latest attestation counts. Refuses BadAnswer, FutureAnswer, StaleAnswer.
    pub fn require_fresh(&self, now: i64) -> Result<()> {
        ensure!(self.latest.shares > 0, ScripError::BadAnswer);
        let age = now.checked_sub(self.latest.as_of).ok_or(ScripError::FutureAnswer)?;
        ensure!(age >= 0, ScripError::FutureAnswer);
        ensure!(age <= self.max_age, ScripError::StaleAnswer);
        Ok(())
    }

    /// Law 5: whether `supply` raw units, a mint included, are backed; there were `before`.
    ///
    /// Refuses ReserveNotConfigured, ActionUndecided, BadAnswer, FutureAnswer, StaleAnswer, ReserveInsufficient.
    pub fn check(&self, before: u64, supply: u64, multiplier: &Multiplier, now: i64) -> Result<()> {
        ensure!(self.configured(), ScripError::ReserveNotConfigured);
        ensure!(!self.receivables.undecided(now), ScripError::ActionUndecided);
        self.require_fresh(now)?;
        let sides = self.coverage(before, supply, multiplier, now)?;
        let there = math::there(sides.attested, sides.ceiling, sides.others, sides.receivable);
        ensure!(there.is_some_and(|there| sides.required <= there), ScripError::ReserveInsufficient);
        Ok(())
    }

    /// What always holds of a reserve:
    ///
    /// - neither its basis nor that after its step has a 0, and the step's is the next, with another split factor;
    /// - the step's second fits 40 bits;
    /// - the ceilings are of the basis or, while a step is open, of that after it, and shares that are attested of no later
    ///   one: of a step that was withdrawn nothing is attested any more;
    /// - the age that it accepts lies within `MAX_AGE`, and the margin within `MAX_MARGIN_BPS`;
    /// - its receivables are such as `Receivables` must be.
    pub fn invariant(&self) -> Result<()> {
        let open = self.step.effective_at != 0;
        let next = self.basis.counter.saturating_add(u64::from(open));
        let step = if open {
            let after = &self.step.basis;
            let other = after.num > 0 && after.den > 0 && after.split() != self.basis.split();
            other && after.counter == next && (1..=MAX_U40).contains(&self.step.effective_at)
        } else {
            self.step == Step::NONE
        };
        let basis = self.basis.num > 0 && self.basis.den > 0;
        let attested = self.latest.shares == 0 || self.latest.counter <= next;
        let stated = (self.basis.counter..=next).contains(&self.ceilings.counter) && attested;
        let judged = (0..=MAX_AGE).contains(&self.max_age) && self.margin_bps <= MAX_MARGIN_BPS;
        self.receivables.invariant()?;
        require_holds(basis && step && stated && judged, "Reserve")
    }
}
