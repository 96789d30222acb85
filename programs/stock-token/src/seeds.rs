//! Seeds of every program-derived address, in one place.
use anchor_lang::{derive_program_address, prelude::*};

/// The issuer's address, and its bump. Derived when the program is compiled: a derivation costs 1,500 units at the least.
pub const ISSUER_AT: (Pubkey, u8) = of_this_program(ISSUER);
/// The address that holds every authority, and its bump.
pub const AUTHORITY_AT: (Pubkey, u8) = of_this_program(AUTHORITY);

/// Who proposes and cancels what the administrator does, and how long it waits.
pub const TIMELOCK_AT: (Pubkey, u8) = of_this_program(TIMELOCK);
/// The address that carries out what has waited, and its bump.
pub const ADMIN_AT: (Pubkey, u8) = of_this_program(ADMIN);

/// The sanctions list's address, and its bump.
pub const SANCTIONS_LIST_AT: (Pubkey, u8) = of_this_program(SANCTIONS_LIST);

const fn of_this_program(seed: &[u8]) -> (Pubkey, u8) {
    let (address, bump) = derive_program_address(&[seed], &crate::ID_CONST.to_bytes());
    (Pubkey::new_from_array(address), bump)
}

/// The issuer: one per deployed program.
#[constant]
pub const ISSUER: &[u8] = b"issuer";
/// The address that holds every authority of every mint. It has no account.
#[constant]
pub const AUTHORITY: &[u8] = b"authority";
/// A stock's mint, by birth ISIN and series (u64, little-endian).
#[constant]
pub const MINT: &[u8] = b"mint";
/// A stock, by mint.
#[constant]
pub const STOCK: &[u8] = b"stock";
/// A stock's joined changes and past changes of its index, by stock.
#[constant]
pub const CALENDAR: &[u8] = b"calendar";
/// What backs a stock, by stock.
#[constant]
pub const RESERVE: &[u8] = b"reserve";
/// A corporate action, by stock, code and reference.
#[constant]
pub const ACTION: &[u8] = b"action";
/// A settlement asset, by its mint.
#[constant]
pub const ASSET: &[u8] = b"asset";
/// Where a settlement asset leaves the treasury to, by its mint.
#[constant]
pub const CUSTODIAN: &[u8] = b"custodian";
/// An investor, by the issuer's 32-byte id.
#[constant]
pub const INVESTOR: &[u8] = b"investor";
/// A wallet of an investor, by the wallet's address.
#[constant]
pub const WALLET: &[u8] = b"wallet";
/// A KYC provider, by its key.
#[constant]
pub const PROVIDER: &[u8] = b"provider";
/// A nonce that has served or was cancelled, by its provider's key and the nonce.
#[constant]
pub const ATTESTED: &[u8] = b"attested";
/// An enforcement freeze of a wallet in one stock, by stock and wallet address.
#[constant]
pub const HOLD: &[u8] = b"hold";
/// What of a wallet's units is bound in one stock, by stock and wallet address.
#[constant]
pub const LOCKED: &[u8] = b"locked";
/// The token account that they are in, by stock and wallet address.
#[constant]
pub const VAULT: &[u8] = b"vault";
/// An operation that has run, by its key.
#[constant]
pub const KEY: &[u8] = b"key";
/// A quote that has been used, by its id.
#[constant]
pub const QUOTE: &[u8] = b"quote";
/// Who proposes and cancels what the administrator does, and how long it waits.
#[constant]
pub const TIMELOCK: &[u8] = b"timelock";
/// The address that carries out what has waited: an issuer whose administrator it is does nothing without the delay. It
/// has no account.
#[constant]
pub const ADMIN: &[u8] = b"admin";
/// The sanctions list that counts.
#[constant]
pub const SANCTIONS_LIST: &[u8] = b"sanctions_list";
/// That a wallet was shown to be absent from a sanctions list, by the wallet's address.
#[constant]
pub const UNLISTED: &[u8] = b"unlisted";
/// An operation that waits, by its key.
#[constant]
pub const OPERATION: &[u8] = b"operation";
