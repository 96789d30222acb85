//! The exact pair behind a stock's multiplier, now and next. Views evaluate it at the clock; storage follows later.
use crate::{
    errors::ScripError,
    math,
    parameters::{MAX_U40, MAX_U96, WAD},
    state::require_holds,
};
use anchor_lang::prelude::*;

/// Bits of the greatest number that a mint can show: the f64 nearest to `MAX_U96`, a wad.
const MAX_BITS: u64 = 0x4232_725d_d1d2_43ac;

/// An exact multiplier: dividend index (wad, below 2^96) times split factor (reduced fraction).
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, PartialEq, Eq, InitSpace)]
pub struct Factors {
    pub index: u128,
    pub num: u64,
    pub den: u64,
}

impl Factors {
    /// The factors of a new stock.
    pub const ONE: Self = Self { index: WAD, num: 1, den: 1 };

    /// floor(index × num ÷ den), a wad.
    pub fn ui_multiplier(&self) -> Result<u128> {
        math::ui_multiplier(self.index, self.num, self.den).ok_or_else(|| ScripError::PairDoesNotFit.into())
    }

    /// Bits of the f64 nearest to the multiplier: what the mint shows.
    pub fn bits(&self) -> Result<u64> {
        math::nearest_f64(self.ui_multiplier()?).ok_or_else(|| ScripError::PairDoesNotFit.into())
    }

    /// The split factor.
    pub fn split(&self) -> (u64, u64) {
        (self.num, self.den)
    }

    /// What always holds of factors: neither index nor split factor is 0, and the index fits 96 bits.
    pub fn invariant(&self) -> Result<()> {
        let holds = (1..=MAX_U96).contains(&self.index) && self.num > 0 && self.den > 0;
        require_holds(holds, "Factors")
    }
}

/// Current and next factors. With nothing pending, next equals current and `effective_at` is 0.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, PartialEq, Eq, InitSpace)]
pub struct Multiplier {
    pub current: Factors,
    pub next: Factors,
    /// UTC second from which `next` is current.
    pub effective_at: i64,
    /// How many changes have been folded into `current`.
    pub generation: u64,
    /// What the mint's extension must hold for current and next, as bits of an f64.
    pub current_bits: u64,
    pub next_bits: u64,
    /// Whether a split is among what `next` joins.
    pub splits: bool,
}

impl Multiplier {
    /// A new stock's multiplier: 1.
    pub fn new() -> Result<Self> {
        let bits = Factors::ONE.bits()?;
        Ok(Self {
            current: Factors::ONE,
            next: Factors::ONE,
            effective_at: 0,
            generation: 0,
            current_bits: bits,
            next_bits: bits,
            splits: false,
        })
    }

    /// Whether the next factors are in force but not folded.
    pub fn activated(&self, now: i64) -> bool {
        self.effective_at != 0 && now >= self.effective_at
    }

    /// Factors in force.
    pub fn at(&self, now: i64) -> Factors {
        if self.activated(now) {
            self.next
        } else {
            self.current
        }
    }

    /// When the pending change takes effect; 0 when nothing is pending.
    pub fn pending_at(&self, now: i64) -> i64 {
        if self.activated(now) {
            0
        } else {
            self.effective_at
        }
    }

    /// How many changes have taken effect.
    pub fn generation_at(&self, now: i64) -> u64 {
        self.generation.saturating_add(u64::from(self.activated(now)))
    }

    /// Make an activated change the current one; says whether there was one.
    pub fn fold(&mut self, now: i64) -> bool {
        if !self.activated(now) {
            return false;
        }
        self.generation = self.generation_at(now);
        self.current = self.next;
        self.current_bits = self.next_bits;
        (self.effective_at, self.splits) = (0, false);
        true
    }

    /// Put `next` into the slot; current, 0 and false empty it.
    pub fn put(&mut self, next: Factors, effective_at: i64, splits: bool) -> Result<()> {
        self.next = next;
        self.next_bits = next.bits()?;
        (self.effective_at, self.splits) = (effective_at, splits);
        Ok(())
    }

    /// What always holds of a multiplier:
    ///
    /// - both its factors are such as `Factors` must be;
    /// - what the mint shows for each is a number above 0, and none that no multiplier reaches;
    /// - with nothing pending, next is current and joins no split;
    /// - where no split is joined, the next split factor is the current one;
    /// - the second of what is pending fits 40 bits.
    pub fn invariant(&self) -> Result<()> {
        self.current.invariant()?;
        self.next.invariant()?;
        let shown = (1..=MAX_BITS).contains(&self.current_bits) && (1..=MAX_BITS).contains(&self.next_bits);
        let slot = if self.effective_at == 0 {
            self.next == self.current && self.next_bits == self.current_bits && !self.splits
        } else {
            (1..=MAX_U40).contains(&self.effective_at)
        };
        let ratio = self.splits || self.next.split() == self.current.split();
        require_holds(shown && slot && ratio, "Multiplier")
    }
}
