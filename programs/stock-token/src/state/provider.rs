//! KYC providers, who attest to investors.
use crate::state::{is_somebodys, require_holds, Reserved, Version};
use anchor_lang::prelude::*;

/// A KYC provider that the administrator named. Never closed: whom it let in goes on counting.
#[account]
#[derive(InitSpace)]
pub struct Provider {
    pub version: Version,
    /// Signs attestations.
    pub key: Pubkey,
    /// How many investors it may let in, ever.
    pub limit: u32,
    /// How many it has let in.
    pub entered: u32,
    /// Whether compliance believes it no longer.
    pub dropped: bool,
    pub bump: u8,
    pub reserved: Reserved<64>,
}

impl Provider {
    /// What always holds of a provider: it has a key, which is not the default one.
    pub fn invariant(&self) -> Result<()> {
        require_holds(is_somebodys(&self.key), "Provider")
    }
}
