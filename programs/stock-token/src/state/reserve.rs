//! What backs a stock on this chain: the custodian's attestation, this chain's ceiling, and dividends still owed.
use crate::{
    errors::ScripError,
    math,
    parameters::{MAX_AGE, MAX_MARGIN_BPS},
    state::{require_holds, Multiplier, Receivables},
};
use anchor_lang::prelude::*;

/// What the custodian held. Shares have 18 decimals and are of the market's split basis at `as_of`.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Default, PartialEq, Eq, InitSpace)]
pub struct Attestation {
    pub shares: u128,
    /// UTC seconds.
    pub as_of: i64,
    /// Rises with every attestation of a stock.
    pub sequence: u64,
}

/// A stock's backing.
#[account]
#[derive(InitSpace)]
pub struct Reserve {
    pub stock: Pubkey,
    /// Oldest attestation that a mint accepts, seconds; 0 until configured.
    pub max_age: i64,
    /// Comes off the reserve, basis points.
    pub margin_bps: u16,
    /// What this chain alone may owe, in shares of the basis with 18 decimals.
    pub ceiling: u128,
    /// Split factor that attestations are confirmed to be in.
    pub basis_num: u64,
    pub basis_den: u64,
    pub latest: Attestation,
    /// The last attestation from before the first unconfirmed split, and the second of the one that followed it:
    /// sequence 0 when there is none.
    pub before_split: Attestation,
    pub after_split: i64,
    pub receivables: Receivables,
    pub bump: u8,
}

/// Both sides of the check, in shares of the basis with 18 decimals.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, PartialEq, Eq, InitSpace)]
pub struct Coverage {
    /// Attested, after the margin.
    pub attested: u128,
    pub required: u128,
    pub receivable: u128,
    pub ceiling: u128,
}

impl Reserve {
    /// Split factor that attestations are confirmed to be in.
    pub fn basis(&self) -> (u64, u64) {
        (self.basis_num, self.basis_den)
    }

    /// Whether somebody has said how attestations are judged.
    pub fn configured(&self) -> bool {
        self.max_age > 0
    }

    /// Take `split` as the basis, and the ceiling with it. The attestations around the split have served.
    pub fn adopt(&mut self, split: (u64, u64)) -> Result<()> {
        let (num, den) = self.ratio(split)?;
        self.ceiling = math::mul_div(self.ceiling, num.into(), den.into()).unwrap_or(u128::MAX);
        (self.basis_num, self.basis_den) = split;
        (self.before_split, self.after_split) = (Attestation::default(), 0);
        Ok(())
    }

    /// The change from the basis to `split`, reduced.
    pub fn ratio(&self, split: (u64, u64)) -> Result<(u64, u64)> {
        math::next_split(split.0, split.1, self.basis_den, self.basis_num)
            .ok_or_else(|| error!(ScripError::PairDoesNotFit))
    }

    /// The backing of `supply` raw units, of which there were `before` until a mint.
    pub fn coverage(&self, before: u64, supply: u64, multiplier: &Multiplier, now: i64) -> Result<Coverage> {
        self.figures(before, supply, multiplier, now).ok_or_else(|| error!(ScripError::ReserveInsufficient))
    }

    fn figures(&self, before: u64, supply: u64, multiplier: &Multiplier, now: i64) -> Option<Coverage> {
        let current = multiplier.at(now).index;
        let pending = if multiplier.pending_at(now) == 0 { current } else { multiplier.next.index };
        let value = math::mul_div(current.max(pending), self.basis_num.into(), self.basis_den.into())?;
        let (counted, as_of) = if self.configured() { (self.latest.shares, self.latest.as_of) } else { (0, 0) };
        Some(Coverage {
            attested: math::after_margin(counted, self.margin_bps)?,
            required: math::liability(supply, value)?,
            receivable: self.receivables.counted(before, self.basis(), as_of, now)?,
            ceiling: self.ceiling,
        })
    }

    /// Law 5: whether `supply` raw units, a mint included, are backed; there were `before`.
    ///
    /// Refuses ReserveNotConfigured, ActionUndecided, BasisUnconfirmed, BadAnswer, FutureAnswer, StaleAnswer,
    /// ReserveInsufficient.
    pub fn check(&self, before: u64, supply: u64, multiplier: &Multiplier, now: i64) -> Result<()> {
        require!(self.configured(), ScripError::ReserveNotConfigured);
        require!(!self.receivables.undecided(now), ScripError::ActionUndecided);
        require!(self.basis() == multiplier.at(now).split(), ScripError::BasisUnconfirmed);
        require!(self.latest.shares > 0, ScripError::BadAnswer);
        let age = now.checked_sub(self.latest.as_of).ok_or(ScripError::FutureAnswer)?;
        require!(age >= 0, ScripError::FutureAnswer);
        require!(age <= self.max_age, ScripError::StaleAnswer);
        let sides = self.coverage(before, supply, multiplier, now)?;
        let owed = sides.required.saturating_sub(sides.receivable);
        require!(owed <= sides.attested.min(sides.ceiling), ScripError::ReserveInsufficient);
        Ok(())
    }

    /// What always holds of a reserve:
    ///
    /// - its split basis has no 0;
    /// - the age that it accepts lies within `MAX_AGE`, and the margin within `MAX_MARGIN_BPS`;
    /// - its receivables are such as `Receivables` must be;
    /// - the attestation from before the first unconfirmed split precedes the latest, and is as of a second before the
    ///   one that followed it; where there is none, nothing is noted of either.
    pub fn invariant(&self) -> Result<()> {
        let basis = self.basis_num > 0 && self.basis_den > 0;
        let judged = (0..=MAX_AGE).contains(&self.max_age) && self.margin_bps <= MAX_MARGIN_BPS;
        let around = if self.before_split.sequence == 0 {
            self.before_split == Attestation::default() && self.after_split == 0
        } else {
            self.before_split.sequence < self.latest.sequence && self.before_split.as_of < self.after_split
        };
        self.receivables.invariant()?;
        require_holds(basis && judged && around, "Reserve")
    }
}
