//! What scheduled dividends will still buy, and what is announced and undecided past the market's ex.
use crate::{
    errors::ScripError,
    math,
    parameters::{MAX_ANNOUNCED, MAX_RECEIVABLES, MAX_RECEIVABLE_DELTA},
    state::require_holds,
};
use anchor_lang::prelude::*;

/// A reinvested dividend whose shares the custodian has yet to buy. It is open while now is before `until`, and counts
/// while no attestation is as of `buy`.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, PartialEq, Eq, InitSpace)]
pub struct Receivable {
    pub action: Pubkey,
    /// Rise of the index that is its own, a wad.
    pub delta: u128,
    /// The fewest raw units that there were since it was scheduled: who came later was promised no share of it.
    pub supply: u64,
    /// UTC second by which its shares are bought.
    pub buy: i64,
    /// The later of its pay date and its effect, and the grace, UTC seconds.
    pub until: i64,
}

/// What a mint asks beside the attestation.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Default, PartialEq, Eq, InitSpace)]
pub struct Receivables {
    #[max_len(MAX_RECEIVABLES)]
    pub open: Vec<Receivable>,
    /// Ex instants of what is announced and neither scheduled nor cancelled, UTC seconds.
    #[max_len(MAX_ANNOUNCED)]
    pub exes: Vec<i64>,
}

impl Receivables {
    /// Shares of the basis with 18 decimals that open dividends will still buy for `supply` raw units, which no mint has
    /// raised yet. `as_of` is the latest attestation's second; 0 where there is none.
    pub fn counted(&self, supply: u64, basis: (u64, u64), as_of: i64, now: i64) -> Option<u128> {
        self.open.iter().filter(|one| now < one.until && as_of < one.buy).try_fold(0_u128, |sum, one| {
            sum.checked_add(math::receivable(supply.min(one.supply), one.delta, basis.0, basis.1)?)
        })
    }

    /// Keep the supply before a mint where it is the smallest since a dividend was scheduled.
    pub fn mark(&mut self, supply: u64, now: i64) {
        for one in self.open.iter_mut().filter(|one| now < one.until) {
            one.supply = one.supply.min(supply);
        }
    }

    /// Take in a dividend that joins the slot; `fill` says what it comes to there. Refuses ReceivablesFull: none is
    /// dropped for another.
    pub fn add(&mut self, action: Pubkey, supply: u64, buy: i64, until: i64, now: i64) -> Result<()> {
        self.forget_ended(now);
        ensure!(self.open.len() < MAX_RECEIVABLES, ScripError::ReceivablesFull);
        self.open.push(Receivable { action, delta: 0, supply, buy: buy.min(until), until });
        Ok(())
    }

    /// Count none of the dividends any more, for the index that they were counted in is corrected or folded. They stay
    /// open until their end.
    pub fn void(&mut self) {
        for one in &mut self.open {
            one.delta = 0;
        }
    }

    /// Forget a dividend that left the slot.
    pub fn remove(&mut self, action: &Pubkey, now: i64) {
        self.forget_ended(now);
        self.open.retain(|one| one.action != *action);
    }

    /// What each dividend of the slot comes to there, computed anew whenever the slot changes, at the present supply and
    /// index. A dividend is paid on shares: what the open ones before the slot are still to buy is left out of the index
    /// that it counts on.
    ///
    /// Refuses PairDoesNotFit, which no index meets.
    pub fn fill(&mut self, rises: &[(Pubkey, u128)], supply: u64, index: u128, now: i64) -> Result<()> {
        if !rises.is_empty() {
            self.forget_ended(now);
        }
        let rise = |action: &Pubkey| rises.iter().find(|(one, _)| one == action).map(|(_, delta)| *delta);
        let before = self.open.iter().filter(|one| rise(&one.action).is_none());
        let bought = before.fold(index, |left, one| left.saturating_sub(one.delta));
        for one in &mut self.open {
            if let Some(delta) = rise(&one.action) {
                let delta = math::mul_div(delta, bought, index).ok_or(ScripError::PairDoesNotFit)?;
                (one.delta, one.supply) = (delta.min(MAX_RECEIVABLE_DELTA), one.supply.min(supply));
            }
        }
        Ok(())
    }

    fn forget_ended(&mut self, now: i64) {
        self.open.retain(|one| now < one.until);
    }

    /// Note the ex instant of what is announced. Refuses TooManyAnnounced.
    pub fn announce(&mut self, ex_at: i64) -> Result<()> {
        ensure!(self.exes.len() < MAX_ANNOUNCED, ScripError::TooManyAnnounced);
        self.exes.push(ex_at);
        Ok(())
    }

    /// Forget the ex instant of what is scheduled or cancelled. Two of one instant are alike.
    pub fn decide(&mut self, ex_at: i64) {
        if let Some(place) = self.exes.iter().position(|one| *one == ex_at) {
            self.exes.swap_remove(place);
        }
    }

    /// Whether the market trades ex of something that nobody has decided on.
    pub fn undecided(&self, now: i64) -> bool {
        self.exes.iter().any(|ex_at| *ex_at <= now)
    }

    /// What always holds of receivables:
    ///
    /// - no more are open, and no more is undecided, than their maxima;
    /// - each rise fits, its shares are bought after second 0, and it ends no earlier.
    pub fn invariant(&self) -> Result<()> {
        let fits = self.open.len() <= MAX_RECEIVABLES && self.exes.len() <= MAX_ANNOUNCED;
        let whole =
            self.open.iter().all(|one| one.delta <= MAX_RECEIVABLE_DELTA && one.buy > 0 && one.buy <= one.until);
        require_holds(fits && whole, "Receivables")
    }
}
