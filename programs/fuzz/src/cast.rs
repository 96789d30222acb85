//! Who takes part: keys that follow from names, so that every run has the same ones, and the addresses that follow.
use ed25519_dalek::{Signer, SigningKey};
use solana_instruction::Instruction;
use solana_pubkey::{pubkey, Pubkey};
use std::{cell::RefCell, collections::HashMap};
use stock_token::seeds;

pub const TOKEN_2022: Pubkey = pubkey!("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb");
pub const TOKEN: Pubkey = pubkey!("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA");
pub const ASSOCIATED: Pubkey = pubkey!("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL");
pub const SYSTEM: Pubkey = pubkey!("11111111111111111111111111111111");
pub const LOADER: Pubkey = pubkey!("BPFLoaderUpgradeab1e11111111111111111111111");
pub const ED25519: Pubkey = pubkey!("Ed25519SigVerify111111111111111111111111111");
pub const INSTRUCTIONS: Pubkey = pubkey!("Sysvar1nstructions1111111111111111111111111");
pub const PROGRAM: Pubkey = stock_token::ID;

/// Roles in the order of the program's, with the name of each one's first holder.
pub const ROLES: [&str; 11] = [
    "admin",
    "issuer",
    "compliance",
    "enforcer",
    "pauser",
    "unpauser",
    "actions",
    "quotes",
    "attestor",
    "guardian",
    "recoverer",
];
pub const ADMIN: usize = 0;
pub const ISSUER: usize = 1;
pub const COMPLIANCE: usize = 2;
pub const ENFORCER: usize = 3;
pub const PAUSER: usize = 4;
pub const UNPAUSER: usize = 5;
pub const ACTIONS: usize = 6;
pub const QUOTES: usize = 7;
pub const ATTESTOR: usize = 8;
pub const GUARDIAN: usize = 9;
pub const RECOVERER: usize = 10;

/// Wallets. The first are investors from the beginning, one is blocked, one has lapsed, one is a venue; the thief
/// never is
/// anybody's. The last ones are nobody's yet.
pub const WALLETS: [&str; 12] =
    ["alice", "bob", "carol", "dave", "blocked", "lapsed", "venue", "thief", "fresh1", "fresh2", "fresh3", "fresh4"];
/// Others who sign: a timelock's two, KYC providers, who may be offered a role, and who pays.
pub const OTHERS: [&str; 9] =
    ["proposer", "canceller", "provider1", "provider2", "successor1", "successor2", "quotes2", "attestor2", "payer"];

/// The secret key of a name.
pub fn secret(name: &str) -> SigningKey {
    let mut seed = [b'.'; 32];
    seed[..name.len()].copy_from_slice(name.as_bytes());
    SigningKey::from_bytes(&seed)
}

/// The key of a name.
pub fn key(name: &str) -> Pubkey {
    thread_local!(static KEYS: RefCell<HashMap<String, Pubkey>> = RefCell::default());
    KEYS.with(|kept| {
        let mut kept = kept.borrow_mut();
        if let Some(found) = kept.get(name) {
            return *found;
        }
        let made = Pubkey::new_from_array(secret(name).verifying_key().to_bytes());
        kept.insert(name.to_owned(), made);
        made
    })
}

/// Everybody who can sign a transaction.
pub fn everybody() -> Vec<(&'static str, Pubkey)> {
    ROLES.iter().chain(&WALLETS).chain(&OTHERS).map(|name| (*name, key(name))).collect()
}

/// The name of whoever can sign for an address.
pub fn name_of(address: &Pubkey) -> Option<&'static str> {
    thread_local!(static NAMES: HashMap<Pubkey, &'static str> =
        everybody().into_iter().map(|(name, key)| (key, name)).collect());
    NAMES.with(|names| names.get(address).copied())
}

/// A program-derived address of the program's, remembered: to derive one takes as long as to carry out an instruction.
pub fn place(parts: &[&[u8]]) -> Pubkey {
    derived(parts, &PROGRAM)
}

fn derived(parts: &[&[u8]], program: &Pubkey) -> Pubkey {
    thread_local!(static PLACES: RefCell<HashMap<Vec<u8>, Pubkey>> = RefCell::default());
    let id = [program.as_ref(), &parts.concat()].concat();
    PLACES.with(|kept| {
        let mut kept = kept.borrow_mut();
        if kept.len() > 200_000 {
            kept.clear();
        }
        *kept.entry(id).or_insert_with(|| Pubkey::find_program_address(parts, program).0)
    })
}

/// A wallet's canonical token account of a mint.
pub fn canonical(holder: &Pubkey, mint: &Pubkey) -> Pubkey {
    derived(&[holder.as_ref(), TOKEN_2022.as_ref(), mint.as_ref()], &ASSOCIATED)
}

pub fn investor(id: &[u8; 32]) -> Pubkey {
    place(&[seeds::INVESTOR, id])
}

pub fn wallet(holder: &Pubkey) -> Pubkey {
    place(&[seeds::WALLET, holder.as_ref()])
}

pub fn hold(stock: &Pubkey, holder: &Pubkey) -> Pubkey {
    place(&[seeds::HOLD, stock.as_ref(), holder.as_ref()])
}

pub fn locked(stock: &Pubkey, holder: &Pubkey) -> Pubkey {
    place(&[seeds::LOCKED, stock.as_ref(), holder.as_ref()])
}

pub fn vault(stock: &Pubkey, holder: &Pubkey) -> Pubkey {
    place(&[seeds::VAULT, stock.as_ref(), holder.as_ref()])
}

pub fn program_data() -> Pubkey {
    derived(&[PROGRAM.as_ref()], &LOADER)
}

/// The ed25519 program's instruction that a signature of 32 bytes is verified by, in the one form that is accepted.
pub fn signature(by: &str, digest: &[u8; 32]) -> Instruction {
    let secret = secret(by);
    let header: [u16; 7] = [48, u16::MAX, 16, u16::MAX, 112, 32, u16::MAX];
    let mut data = vec![1, 0];
    data.extend(header.iter().flat_map(|part| part.to_le_bytes()));
    data.extend(secret.verifying_key().to_bytes());
    data.extend(secret.sign(digest).to_bytes());
    data.extend(digest);
    Instruction { program_id: ED25519, accounts: Vec::new(), data }
}
