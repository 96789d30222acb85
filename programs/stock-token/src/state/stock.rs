//! A stock: one mint that this program runs.
use crate::state::Multiplier;
use anchor_lang::prelude::*;

/// Who may hold a stock.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, PartialEq, Eq, InitSpace)]
pub enum Policy {
    /// Cleared investors only. Accounts start frozen.
    Allowlist,
    /// Everybody who is not blocked; expiry is ignored. Accounts start thawed.
    Blocklist,
}

/// A stock and its multiplier.
#[account]
#[derive(InitSpace)]
pub struct Stock {
    pub mint: Pubkey,
    /// ISIN at birth, and which stock of it this is: parts of the mint's address and of every action's id.
    pub isin: [u8; 12],
    pub series: u64,
    pub policy: Policy,
    pub multiplier: Multiplier,
    pub bump: u8,
}

impl Stock {
    /// What always holds of a stock: what always holds of its multiplier. All else of it is written once.
    pub fn invariant(&self) -> Result<()> {
        self.multiplier.invariant()
    }
}
