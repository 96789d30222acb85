//! A corporate action: its terms, and how far it has come.
use anchor_lang::prelude::*;

/// ISO 15022 codes that this program carries out.
pub const SPLF: [u8; 4] = *b"SPLF";
pub const SPLR: [u8; 4] = *b"SPLR";
pub const DRIP: [u8; 4] = *b"DRIP";

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
    pub stock: Pubkey,
    /// keccak(isin ‖ code ‖ reference): the same on every chain.
    pub id: [u8; 32],
    pub code: [u8; 4],
    pub reference: [u8; 32],
    pub status: Status,
    /// The market's ex date, YYYYMMDD.
    pub ex: u32,
    /// UTC seconds; 0 for splits.
    pub pay: i64,
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
    pub bump: u8,
}
