//! Investors, and the wallets that are theirs.
use crate::{
    errors::ScripError,
    parameters::{MAX_SEATS, MAX_U40, MAX_WALLETS},
    state::{is_somebodys, require_holds, Policy, Reserved, Version},
};
use anchor_lang::prelude::*;

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
    pub version: Version,
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
    /// The stocks with limits on holders in which it has a seat (`Stock::seat`); 0 for none.
    pub seats: [u64; MAX_SEATS],
    pub bump: u8,
    pub reserved: Reserved<64>,
}

impl Investor {
    /// Guard: an expiry is a second from 1 to `MAX_U40`. Refuses BadExpiry.
    pub fn validate_expiry(expiry: i64) -> Result<()> {
        ensure!(Self::can_expire_at(expiry), ScripError::BadExpiry);
        Ok(())
    }

    fn can_expire_at(expiry: i64) -> bool {
        expiry > 0 && expiry <= MAX_U40
    }

    /// What always holds of an investor:
    ///
    /// - the clearance ends at a second from 1 to `MAX_U40`;
    /// - no more than `MAX_WALLETS` wallets are linked.
    pub fn invariant(&self) -> Result<()> {
        let holds = Self::can_expire_at(self.expiry) && self.wallets <= MAX_WALLETS;
        require_holds(holds, "Investor")
    }

    /// Whether the investor has a seat in a stock.
    pub fn is_seated(&self, seat: u64) -> bool {
        self.seats.contains(&seat)
    }

    /// Put another seat in the place of one, 0 being none; whether there was such a place.
    pub fn seat(&mut self, was: u64, now: u64) -> bool {
        let place = self.seats.iter_mut().find(|one| **one == was);
        place.map(|one| *one = now).is_some()
    }

    /// What each of the investor's wallets may do at `now`.
    pub fn clearance(&self, now: i64) -> Clearance {
        match (self.blocked, now < self.expiry) {
            (true, _) => Clearance::Blocked,
            (false, false) => Clearance::Lapsed,
            (false, true) => Clearance::Cleared,
        }
    }
}

/// A wallet of an investor, or of nobody while it is blocked. Closed when it is unlinked or its block lifted; kept for ever once another has taken its place, so that it is
/// nobody's wallet again.
#[account]
#[derive(InitSpace)]
pub struct Wallet {
    pub version: Version,
    /// The wallet's address.
    pub holder: Pubkey,
    /// The investor's account; the default address where it is blocked and belongs to nobody.
    pub investor: Pubkey,
    /// Who has taken its place: then it is blocked in every stock.
    pub successor: Option<Pubkey>,
    /// How many wallets it succeeds, in a chain.
    pub recoveries: u8,
    pub bump: u8,
    pub reserved: Reserved<32>,
}

impl Wallet {
    /// The record of a wallet that is blocked and belongs to no investor.
    pub fn blocked(holder: Pubkey, bump: u8) -> Self {
        let (investor, successor, recoveries) = (Pubkey::default(), None, 0);
        Self { version: Version, holder, investor, successor, recoveries, bump, reserved: Reserved }
    }

    /// Whether the wallet is blocked by itself, whatever its investor is: it has none, or was recovered.
    pub fn is_blocked(&self) -> bool {
        self.successor.is_some() || !is_somebodys(&self.investor)
    }

    /// What always holds of a wallet:
    ///
    /// - it has an address, which is not the default one;
    /// - it does not succeed itself;
    /// - one that belongs to no investor neither has a successor nor is one.
    pub fn invariant(&self) -> Result<()> {
        let alone = self.successor.is_none() && self.recoveries == 0;
        let holds = is_somebodys(&self.holder)
            && self.successor != Some(self.holder)
            && (is_somebodys(&self.investor) || alone);
        require_holds(holds, "Wallet")
    }
}

/// What is known of a wallet.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Clearance {
    Unknown,
    Blocked,
    Lapsed,
    /// The stock's rules shut the investor out.
    Barred,
    Cleared,
}

impl Clearance {
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
