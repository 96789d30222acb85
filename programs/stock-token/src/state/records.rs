//! Small records: listed assets, and marks that something has happened.
use crate::{
    errors::ScripError,
    parameters::WITHDRAWAL_WINDOW,
    state::{is_somebodys, require_holds, Reserved, Version},
};
use anchor_lang::prelude::*;

/// A settlement asset.
#[account]
#[derive(InitSpace)]
pub struct Asset {
    pub version: Version,
    pub mint: Pubkey,
    /// Token account that is paid by mints and pays redemptions. The authority owns it or is its delegate.
    pub treasury: Pubkey,
    pub listed: bool,
    pub bump: u8,
    pub reserved: Reserved<64>,
}

impl Asset {
    /// What always holds of a settlement asset: it has a mint, whose address is not the default one.
    pub fn invariant(&self) -> Result<()> {
        require_holds(is_somebodys(&self.mint), "Asset")
    }
}

/// Where one settlement asset leaves the treasury to, and how much of it in a day.
#[account]
#[derive(InitSpace)]
pub struct Custodian {
    pub version: Version,
    pub mint: Pubkey,
    /// The one token account that withdrawals are paid to.
    pub account: Pubkey,
    /// Smallest units of the asset in `WITHDRAWAL_WINDOW`; 0 stops withdrawals.
    pub daily: u64,
    /// What was withdrawn and has not drained, in smallest units times the window, as of `since`: so no fraction is lost.
    pub level: u128,
    pub since: i64,
    pub bump: u8,
    pub reserved: Reserved<64>,
}

impl Custodian {
    /// The level at `now`: it drains at `daily` a window.
    pub fn level_at(&self, now: i64) -> u128 {
        let elapsed = u128::try_from(now.saturating_sub(self.since)).unwrap_or_default();
        self.level.saturating_sub(elapsed.saturating_mul(self.daily.into()))
    }

    /// Count a withdrawal. Refuses WithdrawalLimit.
    pub fn take(&mut self, amount: u64, now: i64) -> Result<()> {
        let window = u128::from(WITHDRAWAL_WINDOW.unsigned_abs());
        let level = self.level_at(now).saturating_add(window.saturating_mul(amount.into()));
        ensure!(level <= window.saturating_mul(self.daily.into()), ScripError::WithdrawalLimit);
        (self.level, self.since) = (level, now);
        Ok(())
    }

    /// What always holds of a custodian: it is of a mint and has an account, neither the default address.
    pub fn invariant(&self) -> Result<()> {
        require_holds(is_somebodys(&self.mint) && is_somebodys(&self.account), "Custodian")
    }
}

/// A quote that has been used. Closed after its expiry by anyone; the rent goes back to its payer.
#[account]
#[derive(InitSpace)]
pub struct UsedQuote {
    pub version: Version,
    pub payer: Pubkey,
    pub expiry: i64,
    pub bump: u8,
    pub reserved: Reserved<16>,
}

impl UsedQuote {
    /// What always holds of a used quote: it expires after second 0, and somebody is there to be given the rent back.
    pub fn invariant(&self) -> Result<()> {
        require_holds(self.expiry > 0 && is_somebodys(&self.payer), "UsedQuote")
    }
}

/// An operation that has run. Never closed.
#[account]
#[derive(InitSpace)]
pub struct UsedKey {
    pub version: Version,
    pub bump: u8,
    pub reserved: Reserved<8>,
}

impl UsedKey {
    /// Nothing: the record's address is all that it says.
    pub fn invariant(&self) -> Result<()> {
        Ok(())
    }
}

/// An enforcement freeze of one wallet in one stock, whatever token accounts it has: while it stands, nobody can thaw
/// one, and the wallet neither mints nor redeems.
#[account]
#[derive(InitSpace)]
pub struct Hold {
    pub version: Version,
    pub stock: Pubkey,
    pub holder: Pubkey,
    pub reason: u16,
    pub document: [u8; 32],
    pub bump: u8,
    pub reserved: Reserved<32>,
}

impl Hold {
    /// What always holds of a hold: it states a reason and a document.
    pub fn invariant(&self) -> Result<()> {
        require_holds(self.reason != 0 && self.document != [0; 32], "Hold")
    }
}
