//! The sanctions list that a named key signs: the root that counts, and who was shown to be absent from it.
use crate::{
    errors::ScripError,
    parameters::MAX_LIST_LIFE,
    state::{is_somebodys, require_holds, Reserved, Version},
};
use anchor_lang::prelude::*;

/// What the list's signer signs, in the order in which it signs it.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, PartialEq, Eq)]
pub struct SignedList {
    /// Root over the gaps between the listed addresses: see `ListProof`.
    pub root: [u8; 32],
    /// Rises with each list of a signer's, so that none replaces a later one.
    pub serial: u64,
    /// UTC seconds.
    pub issued: i64,
    /// Proves nobody absent from then on, UTC seconds.
    pub expiry: i64,
}

/// Two listed addresses that are neighbours, and where their gap stands in the tree.
///
/// The list's addresses in order, with the least 32 bytes before them and the greatest behind, make one leaf for each
/// pair of neighbours: so a leaf shows its first address listed, and all between its two absent.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, PartialEq, Eq)]
pub struct ListProof {
    pub low: [u8; 32],
    pub high: [u8; 32],
    /// Sibling hashes, from the leaf to the root.
    pub path: Vec<[u8; 32]>,
}

impl ListProof {
    /// The root of the tree that the leaf stands in by this path. A leaf is hashed twice, a node once, its parts in order.
    pub fn root(&self) -> [u8; 32] {
        let inner = solana_keccak_hasher::hashv(&[&self.low, &self.high]).to_bytes();
        let leaf = solana_keccak_hasher::hashv(&[&inner]).to_bytes();
        self.path.iter().fold(leaf, |below, sibling| {
            let (first, second) = if below <= *sibling { (&below, sibling) } else { (sibling, &below) };
            solana_keccak_hasher::hashv(&[first, second]).to_bytes()
        })
    }

    /// Whether the list of a root names an address; `None` where this gap does not say. The first end of the first gap is
    /// nobody's address.
    pub fn answer(&self, root: &[u8; 32], address: &[u8; 32]) -> Option<bool> {
        let within = self.low <= *address && *address < self.high && *address != [0; 32];
        (within && self.root() == *root).then_some(self.low == *address)
    }
}

/// The list of one issuer. Made when a signer is first named, never closed.
#[account]
#[derive(InitSpace)]
pub struct SanctionsList {
    pub version: Version,
    /// Signs lists; the default address when nobody is heard.
    pub oracle: Pubkey,
    /// Since when its lists count: one that was issued before is another naming's.
    pub since: i64,
    /// The list that counts; all zeros before the first.
    pub root: [u8; 32],
    pub serial: u64,
    pub issued: i64,
    pub expiry: i64,
    /// Whether compliance believes it no longer.
    pub suspended: bool,
    pub bump: u8,
    pub reserved: Reserved<64>,
}

impl SanctionsList {
    /// A list of which nothing was published yet.
    pub fn named(oracle: Pubkey, since: i64, bump: u8) -> Self {
        let (serial, issued, expiry) = (0, 0, 0);
        let (root, suspended) = ([0; 32], false);
        Self { version: Version, oracle, since, root, serial, issued, expiry, suspended, bump, reserved: Reserved }
    }

    /// Guard: somebody is heard about sanctions. Refuses, in order: NoOracle, OracleSuspended.
    pub fn require_heard(&self) -> Result<()> {
        ensure!(is_somebodys(&self.oracle), ScripError::NoOracle);
        ensure!(!self.suspended, ScripError::OracleSuspended);
        Ok(())
    }

    /// Guard: a list may take the place of the one that counts. Refuses, in order: ListSuperseded, ListExpired, BadListTerm.
    pub fn require_next(&self, next: &SignedList, now: i64) -> Result<()> {
        ensure!(next.serial > self.serial, ScripError::ListSuperseded);
        ensure!(now < next.expiry, ScripError::ListExpired);
        let issued = next.issued >= self.since.max(self.issued) && next.issued <= now;
        ensure!(issued && Self::lives(next.issued, next.expiry), ScripError::BadListTerm);
        Ok(())
    }

    fn lives(issued: i64, expiry: i64) -> bool {
        issued < expiry && expiry.saturating_sub(issued) <= MAX_LIST_LIFE
    }

    /// What always holds of a list:
    ///
    /// - there is a serial number where there is a root, and only there;
    /// - what counts was issued by whoever is named, since it was named;
    /// - it lives no longer than `MAX_LIST_LIFE`;
    /// - nobody who is not named is suspended.
    pub fn invariant(&self) -> Result<()> {
        let named = is_somebodys(&self.oracle);
        let empty = self.serial == 0 && self.root == [0; 32] && self.issued == 0 && self.expiry == 0;
        let counts = named
            && self.serial > 0
            && self.root != [0; 32]
            && self.issued >= self.since
            && Self::lives(self.issued, self.expiry);
        require_holds((empty || counts) && (named || !self.suspended), "SanctionsList")
    }
}

/// That a wallet was shown to be absent from a list. Never closed: the next list renews it.
#[account]
#[derive(InitSpace)]
pub struct Unlisted {
    pub version: Version,
    pub holder: Pubkey,
    /// The root of that list.
    pub root: [u8; 32],
    pub bump: u8,
    pub reserved: Reserved<32>,
}

impl Unlisted {
    /// What always holds of such a record: it is of somebody, and of a list.
    pub fn invariant(&self) -> Result<()> {
        require_holds(is_somebodys(&self.holder) && self.root != [0; 32], "Unlisted")
    }
}
