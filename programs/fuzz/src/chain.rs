//! The chain: LiteSVM with the program's binary and Token-2022's, and what of its accounts is read, by byte and not
//! by the
//! program's own readers.
use crate::cast::{self, everybody, key, place, program_data, PROGRAM, TOKEN, TOKEN_2022};
use agave_feature_set::FeatureSet;
use litesvm::{types::TransactionResult, LiteSVM};
use solana_account::Account;
use solana_clock::Clock;
use solana_instruction::Instruction;
use solana_message::{Message, VersionedMessage};
use solana_pubkey::Pubkey;
use solana_signature::Signature;
use solana_transaction::versioned::VersionedTransaction;
use std::{fs, path::Path};
use stock_token::seeds;

/// Where the clock begins.
pub const START: i64 = 1_800_000_000;
const SOL: u64 = 1_000_000_000;

#[derive(Clone)]
pub struct Chain {
    pub svm: LiteSVM,
}

/// What a token account says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Units {
    pub mint: Pubkey,
    pub owner: Pubkey,
    pub amount: u64,
    pub frozen: bool,
}

/// What a stock's mint says.
#[derive(Clone, Copy, Debug)]
pub struct MintShows {
    pub supply: u64,
    pub paused: bool,
    pub number: f64,
    pub next: f64,
    pub next_at: i64,
}

fn word(data: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(data[at..at + 8].try_into().expect("eight bytes"))
}

fn address(data: &[u8], at: usize) -> Pubkey {
    Pubkey::new_from_array(data[at..at + 32].try_into().expect("32 bytes"))
}

/// The value of an extension of a mint.
fn extension(data: &[u8], kind: u16) -> Option<usize> {
    let mut at = 166;
    while at + 4 <= data.len() {
        let found = u16::from_le_bytes([data[at], data[at + 1]]);
        let length = usize::from(u16::from_le_bytes([data[at + 2], data[at + 3]]));
        if found == kind {
            return Some(at + 4);
        }
        if found == 0 {
            return None;
        }
        at += 4 + length;
    }
    None
}

pub const SCALED_UI_AMOUNT: u16 = 25;
const PAUSABLE: u16 = 26;

impl Chain {
    /// A cluster with the program at its address, a settlement asset, and lamports for everybody.
    pub fn new(program: &Path) -> Self {
        let binary = fs::read(program).unwrap_or_else(|error| panic!("{}: {error}", program.display()));
        let svm = LiteSVM::default()
            .with_feature_set(FeatureSet::all_enabled())
            .with_builtins()
            .with_lamports(1_000_000 * SOL)
            .with_sysvars()
            .with_feature_accounts()
            .with_default_programs()
            .with_precompiles()
            .with_sigverify(false)
            .with_blockhash_check(false)
            .with_transaction_history(0);
        let mut chain = Self { svm };
        chain.svm.add_program(PROGRAM, &binary).expect("the program loads");
        let mut data = chain.svm.get_account(&program_data()).expect("a program has data");
        data.data[12] = 1;
        data.data[13..45].copy_from_slice(key("admin").as_ref());
        chain.put(program_data(), data);
        for (_, who) in everybody() {
            chain.svm.airdrop(&who, 10_000 * SOL).expect("lamports are given");
        }
        chain.set_clock(START);
        let mut mint = vec![0; 82];
        mint[36..44].copy_from_slice(&u64::MAX.to_le_bytes());
        mint[44..46].copy_from_slice(&[6, 1]);
        chain.put(coin(), Account { lamports: SOL, data: mint, owner: TOKEN, executable: false, rent_epoch: 0 });
        for (_, who) in everybody() {
            chain.give_coins(&coins_of(&who), &who, 1 << 50);
        }
        chain.give_coins(&treasury(), &place(&[seeds::AUTHORITY]), 1 << 50);
        chain
    }

    fn give_coins(&mut self, at: &Pubkey, owner: &Pubkey, amount: u64) {
        let mut data = vec![0; 165];
        data[..32].copy_from_slice(coin().as_ref());
        data[32..64].copy_from_slice(owner.as_ref());
        data[64..72].copy_from_slice(&amount.to_le_bytes());
        data[108] = 1;
        self.put(*at, Account { lamports: SOL, data, owner: TOKEN, executable: false, rent_epoch: 0 });
    }

    /// Write an account, as no instruction could.
    pub fn put(&mut self, at: Pubkey, account: Account) {
        self.svm.set_account(at, account).expect("an account is written");
    }

    pub fn set_clock(&mut self, now: i64) {
        let mut clock: Clock = self.svm.get_sysvar();
        (clock.unix_timestamp, clock.slot) = (now, clock.slot + 1);
        self.svm.set_sysvar(&clock);
    }

    /// Carry out a transaction, paid for by somebody who takes part in nothing. Signatures of transactions are the
    /// cluster's business, so none is made: who signs is what the instructions say.
    pub fn send(&mut self, calls: &[Instruction]) -> TransactionResult {
        let message = Message::new_with_blockhash(calls, Some(&key("payer")), &self.svm.latest_blockhash());
        let signatures = vec![Signature::default(); usize::from(message.header.num_required_signatures)];
        self.svm.send_transaction(VersionedTransaction { signatures, message: VersionedMessage::Legacy(message) })
    }

    pub fn data(&self, at: &Pubkey) -> Option<Account> {
        self.svm.get_account(at).filter(|found| found.lamports > 0)
    }

    /// A token account of Token-2022's or of the first token program's.
    pub fn units(&self, at: &Pubkey) -> Option<Units> {
        let found = self.data(at)?;
        let kind = found.data.len() >= 165 && (found.data.len() == 165 || found.data[165] == 2);
        if !kind || (found.owner != TOKEN_2022 && found.owner != TOKEN) || found.data[108] == 0 {
            return None;
        }
        let data = &found.data;
        let (mint, owner) = (address(data, 0), address(data, 32));
        Some(Units { mint, owner, amount: word(data, 64), frozen: data[108] == 2 })
    }

    pub fn mint(&self, at: &Pubkey) -> MintShows {
        let data = self.data(at).expect("a stock has a mint").data;
        let scaled = extension(&data, SCALED_UI_AMOUNT).expect("a stock's mint scales") + 32;
        let paused = extension(&data, PAUSABLE).expect("a stock's mint can be paused") + 32;
        MintShows {
            supply: word(&data, 36),
            paused: data[paused] != 0,
            number: f64::from_bits(word(&data, scaled)),
            next_at: word(&data, scaled + 8) as i64,
            next: f64::from_bits(word(&data, scaled + 16)),
        }
    }

    /// Make a mint show another number, as only a token program of another make could.
    pub fn spoil(&mut self, mint: &Pubkey, number: f64) {
        let mut account = self.data(mint).expect("a stock has a mint");
        let at = extension(&account.data, SCALED_UI_AMOUNT).expect("a stock's mint scales") + 32;
        account.data[at..at + 8].copy_from_slice(&number.to_bits().to_le_bytes());
        self.put(*mint, account);
    }
}

/// The settlement asset.
pub fn coin() -> Pubkey {
    key("coin")
}

/// The treasury of it.
pub fn treasury() -> Pubkey {
    key("treasury")
}

/// Somebody's account of it.
pub fn coins_of(who: &Pubkey) -> Pubkey {
    cast::name_of(who).map_or(*who, |name| key(&format!("{name}'s coins")))
}
