//! A corporate action: its terms, and how far it has come.
use crate::{
    parameters::MAX_U40,
    state::{require_holds, Reserved, Version},
};
use anchor_lang::prelude::*;

/// ISO 15022 codes that this program carries out.
pub const SPLF: [u8; 4] = *b"SPLF";
pub const SPLR: [u8; 4] = *b"SPLR";
pub const DRIP: [u8; 4] = *b"DRIP";
/// The administrator's own changes of a multiplier: a correction of the index, a fold of the pair.
pub const CORR: [u8; 4] = *b"CORR";
pub const FOLD: [u8; 4] = *b"FOLD";

/// How far an action has come. It is in effect when it is scheduled and its second has passed.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, PartialEq, Eq, InitSpace)]
pub enum Status {
    Announced,
    Scheduled,
    Cancelled,
}

/// One event of one stock. Never closed, so that its reference stays used.
#[account]
#[derive(InitSpace)]
pub struct Action {
    pub version: Version,
    pub stock: Pubkey,
    /// The same on every chain that has the stock: see `Action::id_of`.
    pub id: [u8; 32],
    pub code: [u8; 4],
    pub reference: [u8; 32],
    pub status: Status,
    /// The market's ex date, YYYYMMDD; 0 for a correction and a fold, which the market knows nothing of.
    pub ex: u32,
    /// Its instant, the opening of that date's session, UTC seconds.
    pub ex_at: i64,
    /// UTC seconds; 0 for splits.
    pub pay: i64,
    /// UTC second by which the shares that a dividend buys are there; 0 for splits.
    pub buy: i64,
    /// The token's ex and record second.
    pub effective_at: i64,
    /// New shares for old; 0 for dividends.
    pub num: u64,
    pub den: u64,
    /// Wads of currency per share of the split basis in force at `effective_at`; 0 for splits.
    pub gross: u128,
    pub withheld: u128,
    pub net: u128,
    /// The strike, once scheduled.
    pub price: u128,
    /// The dividend index that a correction or a fold sets, a wad; 0 for others.
    pub index: u128,
    pub bump: u8,
    pub reserved: Reserved<64>,
}

impl Action {
    /// keccak(isin ‖ series ‖ code ‖ reference), the ISIN that the stock was born with and its series, a u64 with its
    /// highest byte first: no two stocks share an id, and a stock has the same one on every chain.
    pub fn id_of(isin: &[u8; 12], series: u64, code: &[u8; 4], reference: &[u8; 32]) -> [u8; 32] {
        solana_keccak_hasher::hashv(&[isin, &series.to_be_bytes(), code, reference]).to_bytes()
    }

    /// Whether it is a dividend, and not a split.
    pub fn is_dividend(&self) -> bool {
        self.code == DRIP
    }

    /// Whether it is a correction or a fold, which no announcement precedes.
    pub fn is_repair(&self) -> bool {
        self.code == CORR || self.code == FOLD
    }

    /// What always holds of an action:
    ///
    /// - its seconds fit 40 bits, and it takes effect after second 0 and no earlier than the market's ex;
    /// - a dividend has an amount and no ratio, a day of its cash, and shares that arrive no earlier than it takes effect;
    /// - a split has a ratio and neither an amount, a pay date, a day of buying nor a price;
    /// - what is withheld and what is paid are the whole amount once the price is struck, and nothing before;
    /// - a scheduled dividend is struck, an announced one is not;
    /// - a correction and a fold set an index and are never announced, a fold alone has a ratio; no other sets one.
    pub fn invariant(&self) -> Result<()> {
        let times = (1..=MAX_U40).contains(&self.effective_at)
            && (0..=MAX_U40).contains(&self.pay)
            && (0..=self.effective_at).contains(&self.ex_at);
        let terms = if self.is_dividend() {
            self.gross > 0 && self.num == 0 && self.den == 0 && self.pay > 0 && self.buy >= self.effective_at
        } else {
            let unpaid = self.gross == 0 && self.pay == 0 && self.buy == 0 && self.price == 0;
            let ratio = if self.code == CORR { self.num | self.den == 0 } else { self.num > 0 && self.den > 0 };
            unpaid && ratio
        };
        let repair = self.is_repair();
        let index = (self.index > 0) == repair;
        let struck = self.price > 0;
        let whole = if struck { self.gross } else { 0 };
        let parts = self.withheld.checked_add(self.net) == Some(whole);
        let status = match self.status {
            Status::Announced => !struck && !repair,
            Status::Scheduled => struck == self.is_dividend(),
            Status::Cancelled => true,
        };
        require_holds(times && terms && parts && status && index, "Action")
    }
}
