//! What of a wallet's units is bound in a stock: frozen, or locked until a date.
use crate::{
    parameters::{MAX_TRANCHES, MAX_U40},
    state::{is_somebodys, require_holds, Reserved, Version},
};
use anchor_lang::prelude::*;

/// Units that stay where they are while now < `until`; no amount, no tranche.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Default, PartialEq, Eq, InitSpace)]
pub struct Tranche {
    /// UTC seconds.
    pub until: i64,
    /// Raw units.
    pub amount: u64,
}

/// What of one wallet's units is bound in one stock. They are in a token account of this record's, the vault, out of which
/// nobody's signature moves anything. Never closed: who reads the register of an old slot finds whose they were.
#[account]
#[derive(InitSpace)]
pub struct Locked {
    pub version: Version,
    pub stock: Pubkey,
    pub holder: Pubkey,
    /// The token account that the units are in.
    pub vault: Pubkey,
    /// Raw units that are frozen.
    pub frozen: u64,
    /// Lock-ups in the order of their dates, and none behind the last one. What has ended stays until it is released.
    pub tranches: [Tranche; MAX_TRANCHES],
    pub bump: u8,
    pub reserved: Reserved<32>,
}

impl Locked {
    /// Raw units that are bound, of lock-ups that have ended too.
    pub fn total(&self) -> u64 {
        self.tranches.iter().fold(self.frozen, |sum, one| sum.saturating_add(one.amount))
    }

    /// Bind more units up until a date, as the law of lock-ups says: one of the same date grows, and where all places are
    /// taken it joins the one that ends next after it, or takes the last one along.
    pub fn add(&mut self, fresh: Tranche) {
        let mut all: Vec<Tranche> = self.tranches.iter().copied().filter(|one| one.amount > 0).collect();
        let at = all.partition_point(|one| one.until < fresh.until);
        let same = all.get(at).is_some_and(|next| next.until == fresh.until);
        all.insert(at, fresh);
        if same || all.len() > MAX_TRANCHES {
            let first = at.min(all.len().saturating_sub(2));
            let joins = all.remove(first);
            if let Some(later) = all.get_mut(first) {
                later.amount = later.amount.saturating_add(joins.amount);
            }
        }
        self.put(&all);
    }

    /// Drop the lock-ups that have ended. Returns whether there were any.
    pub fn settle(&mut self, now: i64) -> bool {
        let all: Vec<Tranche> = self.tranches.iter().copied().filter(|one| now < one.until).collect();
        let before = self.total();
        self.put(&all);
        self.total() != before
    }

    /// Let go of `amount`: of lock-ups that have ended, then of what is frozen, then of what ends first.
    pub fn dig(&mut self, amount: u64, now: i64) {
        let mut left = amount;
        let mut take = |from: &mut u64| {
            let taken = left.min(*from);
            left = left.saturating_sub(taken);
            *from = from.saturating_sub(taken);
        };
        let (ended, running): (Vec<_>, Vec<_>) = self.tranches.iter_mut().partition(|one| one.until <= now);
        ended.into_iter().for_each(|one| take(&mut one.amount));
        take(&mut self.frozen);
        running.into_iter().for_each(|one| take(&mut one.amount));
        let all: Vec<Tranche> = self.tranches.iter().copied().filter(|one| one.amount > 0).collect();
        self.put(&all);
    }

    fn put(&mut self, all: &[Tranche]) {
        self.tranches = [Tranche::default(); MAX_TRANCHES];
        for (place, one) in self.tranches.iter_mut().zip(all) {
            *place = *one;
        }
    }

    /// What always holds of bound units:
    ///
    /// - they are somebody's, and in an account of somebody's;
    /// - lock-ups end at rising dates, at `MAX_U40` at the latest; a place without an amount has no date, and none
    ///   with one behind it.
    pub fn invariant(&self) -> Result<()> {
        let (mut last, mut holds) = (0, is_somebodys(&self.holder) && is_somebodys(&self.vault));
        for one in &self.tranches {
            let is_none = one.amount == 0 && one.until == 0;
            holds &= is_none || (one.amount > 0 && one.until > last && one.until <= MAX_U40);
            last = if is_none { MAX_U40 } else { one.until };
        }
        require_holds(holds, "Locked")
    }
}
