//! Small records: listed assets, and marks that something has happened.
use anchor_lang::prelude::*;

/// A settlement asset.
#[account]
#[derive(InitSpace)]
pub struct Asset {
    pub mint: Pubkey,
    /// Token account that is paid by mints and pays redemptions. The authority owns it or is its delegate.
    pub treasury: Pubkey,
    pub listed: bool,
    pub bump: u8,
}

/// A quote that has been used. Closed after its expiry by anyone; the rent goes back to its payer.
#[account]
#[derive(InitSpace)]
pub struct UsedQuote {
    pub payer: Pubkey,
    pub expiry: i64,
    pub bump: u8,
}

/// An operation that has run. Never closed.
#[account]
#[derive(InitSpace)]
pub struct UsedKey {
    pub bump: u8,
}

/// An enforcement freeze of one wallet in one stock: while it stands, nobody can thaw.
#[account]
#[derive(InitSpace)]
pub struct Hold {
    pub stock: Pubkey,
    pub holder: Pubkey,
    pub reason: u16,
    pub document: [u8; 32],
    pub bump: u8,
}
