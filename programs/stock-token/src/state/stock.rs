//! A stock: one mint that this program runs, who may hold it, and how many may.
use crate::{
    parameters::{CLASSES, COUNTRY_BYTES},
    state::{require_holds, Investor, InvestorClass, Multiplier, Reserved, Version},
};
use anchor_lang::prelude::*;

/// Who may hold a stock.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, PartialEq, Eq, InitSpace)]
pub enum Policy {
    /// Cleared investors only. Accounts are born frozen.
    Allowlist,
    /// Everybody who is not blocked; expiry is ignored. Accounts are born as the stock's `default_frozen` says.
    Blocklist,
}

/// The investors who may hold an allow-list stock: those of these classes who are of these countries.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, PartialEq, Eq, InitSpace)]
pub struct StockRules {
    /// Bit n stands for the class of number n.
    pub classes: u8,
    /// Bit n, counted from the first byte's lowest, stands for the country of ISO 3166 number n.
    pub countries: [u8; COUNTRY_BYTES],
}

impl StockRules {
    /// Rules that admit every investor.
    pub const EVERYBODY: Self = Self { classes: CLASSES, countries: [u8::MAX; COUNTRY_BYTES] };

    /// Whether an investor may hold the stock, clearance apart.
    pub fn admit(&self, investor: &Investor) -> bool {
        let byte = self.countries.get(usize::from(investor.country >> 3)).copied().unwrap_or_default();
        let country = byte >> (investor.country & 7) & 1;
        country & self.classes >> investor.class as u8 != 0
    }

    /// Whether these rules admit nobody whom the other ones shut out.
    pub fn within(&self, other: &Self) -> bool {
        let mut bytes = self.countries.iter().zip(&other.countries);
        self.classes & !other.classes == 0 && bytes.all(|(one, other)| one & !other == 0)
    }

    /// What always holds of rules: they admit a class, and none that there is not.
    pub fn invariant(&self) -> Result<()> {
        require_holds(self.classes != 0 && self.classes <= CLASSES, "StockRules")
    }
}

/// At most `most` investors have a seat, and no account is minted more than `maximum` raw units; 0 for no such limit.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Default, PartialEq, Eq, InitSpace)]
pub struct HolderLimits {
    pub most: u32,
    pub maximum: u64,
}

impl HolderLimits {
    /// Whether anything is limited.
    pub fn any(&self) -> bool {
        self.most != 0 || self.maximum != 0
    }

    /// Whether these limits are nowhere looser than the other ones.
    pub fn within(&self, other: &Self) -> bool {
        let most = other.most == 0 || (self.most != 0 && self.most <= other.most);
        most && (other.maximum == 0 || (self.maximum != 0 && self.maximum <= other.maximum))
    }
}

/// A stock and its multiplier.
#[account]
#[derive(InitSpace)]
pub struct Stock {
    pub version: Version,
    pub mint: Pubkey,
    /// ISIN at birth, and which stock of it this is: parts of the mint's address and of every action's id.
    pub isin: [u8; 12],
    pub series: u64,
    pub policy: Policy,
    /// Whether a new token account is frozen until somebody calls `thaw`: the mint's default account state.
    pub default_frozen: bool,
    pub multiplier: Multiplier,
    pub rules: StockRules,
    pub limits: HolderLimits,
    /// Investors who have a seat: counted when an account of theirs is thawed while the holders are limited.
    pub seats: u32,
    pub bump: u8,
    pub reserved: Reserved<128>,
}

impl Stock {
    /// What always holds of a stock:
    ///
    /// - what always holds of its multiplier and of its rules;
    /// - an allow-list stock's accounts are born frozen; another admits everybody, and limits nobody.
    ///
    /// All but the multiplier, the rules, the limits and the seats is written once.
    pub fn invariant(&self) -> Result<()> {
        let open = self.rules == StockRules::EVERYBODY && !self.limits.any();
        let holds = if self.policy == Policy::Allowlist { self.default_frozen } else { open };
        require_holds(holds, "Stock")?;
        self.rules.invariant()?;
        self.multiplier.invariant()
    }

    /// What an investor's seat is kept under: the first bytes of the stock's address, which its mint's is derived from.
    pub fn seat(stock: &Pubkey) -> u64 {
        stock.as_ref().first_chunk::<8>().map_or(0, |bytes| u64::from_le_bytes(*bytes))
    }

    /// Whether an investor needs a seat here: venues hold for others, and are not counted.
    pub fn counts(&self, investor: &Investor) -> bool {
        self.limits.any() && investor.class != InvestorClass::Venue
    }
}
