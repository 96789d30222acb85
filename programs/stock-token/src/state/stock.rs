//! A stock: one mint that this program runs.
use crate::state::{require_holds, Multiplier};
use anchor_lang::prelude::*;

/// Who may hold a stock.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, PartialEq, Eq, InitSpace)]
pub enum Policy {
    /// Cleared investors only. Accounts are born frozen.
    Allowlist,
    /// Everybody who is not blocked; expiry is ignored. Accounts are born as the stock's `default_frozen` says.
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
    /// Whether a new token account is frozen until somebody calls `thaw`: the mint's default account state.
    pub default_frozen: bool,
    pub multiplier: Multiplier,
    pub bump: u8,
}

impl Stock {
    /// What always holds of a stock: what always holds of its multiplier; an allow-list stock's accounts are born frozen.
    /// All but the multiplier is written once.
    pub fn invariant(&self) -> Result<()> {
        require_holds(self.default_frozen || self.policy == Policy::Blocklist, "Stock")?;
        self.multiplier.invariant()
    }
}
