//! The issuer's directory: investors, and the wallets that are theirs.
use crate::{errors::ScripError, state::Policy};
use anchor_lang::prelude::*;

/// Most wallets of one investor.
pub const WALLETS: u8 = 8;
/// Expiries are below this.
const EXPIRY_LIMIT: i64 = 1 << 40;

/// What kind of investor it is.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, PartialEq, Eq, InitSpace)]
pub enum InvestorClass {
    Retail,
    Professional,
    Institutional,
    Venue,
}

/// Somebody whom the issuer knows. Never closed.
#[account]
#[derive(InitSpace)]
pub struct Investor {
    /// The issuer's own id, a hash: no personal data stands here.
    pub id: [u8; 32],
    /// ISO 3166 numeric.
    pub country: u16,
    pub class: InvestorClass,
    pub blocked: bool,
    /// Linked wallets.
    pub wallets: u8,
    /// Cleared while now is before it, UTC seconds.
    pub expiry: i64,
    pub bump: u8,
}

impl Investor {
    /// Guard: an expiry lies in (0, 2^40).
    pub fn validate_expiry(expiry: i64) -> Result<()> {
        require!(expiry > 0 && expiry < EXPIRY_LIMIT, ScripError::BadExpiry);
        Ok(())
    }

    /// What the directory says at `now` about each of the investor's wallets.
    pub fn standing(&self, now: i64) -> Standing {
        match (self.blocked, now < self.expiry) {
            (true, _) => Standing::Blocked,
            (false, false) => Standing::Lapsed,
            (false, true) => Standing::Cleared,
        }
    }
}

/// A wallet of an investor. Closed when it is unlinked.
#[account]
#[derive(InitSpace)]
pub struct Wallet {
    /// The wallet's address.
    pub holder: Pubkey,
    /// The investor's account.
    pub investor: Pubkey,
    pub bump: u8,
}

/// What the directory says about a wallet.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Unknown,
    Blocked,
    Lapsed,
    Cleared,
}

impl Standing {
    /// Whether the wallet may receive, and may hold a thawed account.
    pub fn may_receive(self, policy: Policy) -> bool {
        match policy {
            Policy::Allowlist => self == Self::Cleared,
            Policy::Blocklist => self != Self::Blocked,
        }
    }

    /// Whether the wallet may redeem: only a block keeps anybody in.
    pub fn may_leave(self) -> bool {
        self != Self::Blocked
    }
}
