//! A stock's calendar: what is joined in the pending slot, and how the index rose in the past year.
use crate::{
    errors::ScripError,
    math,
    parameters::{MAX_PARTS, MAX_RISES, YEAR},
    state::{require_holds, Factors, Multiplier, Reserved, Version},
};
use anchor_lang::prelude::*;

/// One action's share of a pending change: a split (`num`, `den`) or a dividend (`net`, `price`). The administrator's own,
/// alone in their slot: a correction (`net` is the index to be, and nothing else is there) or a fold (`net` likewise, and
/// the whole split factor to be in `num` and `den`).
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, PartialEq, Eq, InitSpace)]
pub struct Part {
    pub action: Pubkey,
    /// New shares for old; 0 for a dividend.
    pub num: u64,
    pub den: u64,
    /// Wads of currency per share; 0 for a split; an index for a correction and a fold.
    pub net: u128,
    pub price: u128,
}

impl Part {
    /// The factors after this part.
    pub fn apply(&self, base: &Factors) -> Result<Factors> {
        let mut next = *base;
        if self.is_repair() {
            next.index = self.net;
            if self.den != 0 {
                (next.num, next.den) = (self.num, self.den);
            }
        } else if self.den == 0 {
            next.index = math::next_index(base.index, self.price, self.net).ok_or(ScripError::PairDoesNotFit)?;
        } else {
            (next.num, next.den) =
                math::next_split(base.num, base.den, self.num, self.den).ok_or(ScripError::PairDoesNotFit)?;
        }
        next.ui_multiplier()?;
        Ok(next)
    }

    /// What a dividend raises an index by. One that does not fit is refused where the part is applied.
    fn rise(&self, index: u128) -> u128 {
        math::next_index(index, self.price, self.net).map_or(0, |next| next.saturating_sub(index))
    }

    /// Whether it is a correction or a fold, which nothing joins.
    pub fn is_repair(&self) -> bool {
        self.net > 0 && self.price == 0
    }

    /// Whether it is a split with a ratio and no money, or a dividend with an amount, a price and no ratio, or a repair
    /// with an index, no price, and a ratio or none.
    fn is_whole(&self) -> bool {
        let (ratio, dividend) = (self.num > 0 && self.den > 0, self.net > 0 && self.price > 0);
        let plain = self.num | self.den == 0;
        (ratio || plain)
            && if self.is_repair() { true } else { ratio != dividend && (dividend || self.net | self.price == 0) }
    }
}

/// The index from a second on.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, PartialEq, Eq, InitSpace)]
pub struct Rise {
    pub effective_at: i64,
    pub index: u128,
}

/// What only scheduling and cancelling read.
#[account]
#[derive(InitSpace)]
pub struct Calendar {
    pub version: Version,
    pub stock: Pubkey,
    /// Parts of the pending change, in the order of scheduling.
    #[max_len(MAX_PARTS)]
    pub parts: Vec<Part>,
    /// Index before the first of `rises`.
    pub base: u128,
    /// Folded changes of the index, oldest first; those that no bound can ask for any more are dropped.
    #[max_len(MAX_RISES)]
    pub rises: Vec<Rise>,
    pub bump: u8,
    pub reserved: Reserved<64>,
}

impl Calendar {
    /// Fold an activated change into the multiplier and remember the index; says whether there was one.
    pub fn fold(&mut self, multiplier: &mut Multiplier, now: i64) -> Result<bool> {
        let (before, effective_at) = (multiplier.current.index, multiplier.effective_at);
        if !multiplier.fold(now) {
            return Ok(false);
        }
        self.parts.clear();
        if multiplier.current.index != before {
            self.forget(now);
            ensure!(self.rises.len() < MAX_RISES, ScripError::CalendarFull);
            self.rises.push(Rise { effective_at, index: multiplier.current.index });
        }
        Ok(true)
    }

    /// Drop rises that no bound can ask for: a bound asks for a second later than a year before now.
    fn forget(&mut self, now: i64) {
        let horizon = now.saturating_sub(YEAR);
        let old = self.rises.iter().take_while(|rise| rise.effective_at <= horizon).count();
        if let Some(rise) = old.checked_sub(1).and_then(|last| self.rises.get(last)) {
            self.base = rise.index;
            self.rises.drain(..old);
        }
    }

    /// The index in force at `at`, which is later than a year before now.
    pub fn index_at(&self, at: i64) -> u128 {
        self.rises.iter().rev().find(|rise| rise.effective_at <= at).map_or(self.base, |rise| rise.index)
    }

    /// Whether a split is among the parts.
    pub fn splits(&self) -> bool {
        self.parts.iter().any(|part| part.den != 0)
    }

    /// Whether a correction or a fold fills the slot, which nothing joins.
    pub fn is_repaired(&self) -> bool {
        self.parts.iter().any(Part::is_repair)
    }

    /// Say past indices in the terms of a pair that is folded: an index of `before` is one of `after`. The bound on the
    /// index's rise then compares like with like. Refuses PairDoesNotFit, which no index meets.
    pub fn scale(&mut self, before: u128, after: u128) -> Result<()> {
        // No index is 0; what would be one bounds as 1 does.
        let scaled = |index: u128| {
            let floor = math::mul_div(index, after, before).ok_or(ScripError::PairDoesNotFit);
            floor.map(|index| index.max(1))
        };
        self.base = scaled(self.base)?;
        for rise in &mut self.rises {
            rise.index = scaled(rise.index)?;
        }
        Ok(())
    }

    /// The factors after all parts, in their order, and what each dividend among them raises the index in force by alone:
    /// what two buy together is there once both are bought, and either may be the later one.
    pub fn joined(&self, current: &Factors) -> Result<(Factors, Vec<(Pubkey, u128)>)> {
        let (mut factors, mut rises) = (*current, Vec::with_capacity(self.parts.len()));
        for part in &self.parts {
            factors = part.apply(&factors)?;
            if part.den == 0 && !part.is_repair() {
                rises.push((part.action, part.rise(current.index)));
            }
        }
        Ok((factors, rises))
    }

    /// What always holds of a calendar:
    ///
    /// - no more parts join, and no more rises are remembered, than their maxima;
    /// - each part is a split, a dividend, a correction or a fold, whole, and the last two are alone;
    /// - the index before the first remembered change is above 0, and each change is later than the one before (the last
    ///   two are compared: nothing else changes them).
    pub fn invariant(&self) -> Result<()> {
        let fits = self.parts.len() <= MAX_PARTS && self.rises.len() <= MAX_RISES;
        let whole = self.parts.iter().all(Part::is_whole) && (self.parts.len() <= 1 || !self.is_repaired());
        let last = match self.rises.as_slice() {
            [.., before, last] => before.effective_at < last.effective_at,
            _ => true,
        };
        require_holds(fits && whole && self.base > 0 && last, "Calendar")
    }

    /// What always holds between a calendar and its stock's multiplier: something is pending exactly while there are
    /// parts, and it splits exactly while a part does; the next index is below the current one by a correction or a fold
    /// alone.
    pub fn agrees(&self, multiplier: &Multiplier) -> Result<()> {
        let pending = multiplier.effective_at != 0;
        let same = pending != self.parts.is_empty() && multiplier.splits == self.splits();
        let rises = multiplier.next.index >= multiplier.current.index || self.is_repaired();
        require_holds(same && rises, "Calendar")
    }
}
