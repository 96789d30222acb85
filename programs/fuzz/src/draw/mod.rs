//! Steps, drawn from bytes: an instruction that mostly fits what the books say, sometimes bent, or what happens
//! beside the
//! program. A step's bytes are its own, so that a sequence stays one when steps are left out of it.
mod market;
mod native;
mod people;

pub use native::Native;

use crate::{
    books::{Books, Id},
    cast::*,
    chain::{coin, coins_of, treasury, Chain},
    idl::Known,
};
use anchor_lang::InstructionData;
use arbitrary::Unstructured;
use solana_instruction::{AccountMeta, Instruction};
use solana_pubkey::Pubkey;
use stock_token::{seeds, state::Role};

/// Bytes that a step is drawn from.
pub const BLOCK: usize = 512;

/// An instruction of the program's.
#[derive(Clone)]
pub struct Call {
    /// Which of the interface's.
    pub known: usize,
    /// A signature that it needs just before it.
    pub before: Option<Instruction>,
    pub metas: Vec<AccountMeta>,
    pub data: Vec<u8>,
    /// Whether something was changed that no book asked for.
    pub bent: bool,
}

#[derive(Clone)]
pub enum Step {
    Call(Call),
    /// Of the token programs', by holders.
    Native(Native),
    /// Time passes.
    Pass(i64),
    /// The custodian gets more shares, with 18 decimals.
    Deposit(usize, u128),
    /// A mint shows another number.
    Spoil(usize),
}

/// How often each instruction is drawn, beside the others: all that the interface has.
pub const WEIGHTS: &[(&str, u32)] = &[
    ("accept_role", 12),
    ("announce_action", 16),
    ("apply_multiplier", 6),
    ("attest_reserve", 70),
    ("block_investor", 6),
    ("cancel_action", 8),
    ("cancel_attestation", 3),
    ("cancel_operation", 3),
    ("change_settings", 4),
    ("close_quote", 6),
    ("configure_reserve", 5),
    ("confirm_basis", 8),
    ("correct_index", 5),
    ("coverage", 3),
    ("create_stock", 2),
    ("describe_stock", 3),
    ("drop_provider", 2),
    ("execute_operation", 12),
    ("fold_pair", 6),
    ("forced_burn", 12),
    ("free_seat", 8),
    ("freeze", 14),
    ("freeze_page", 8),
    ("freeze_tokens", 12),
    ("halt", 3),
    ("hold_account", 8),
    ("initialise", 1),
    ("link_wallet", 8),
    ("list_asset", 4),
    ("lock", 24),
    ("mint", 60),
    ("multiplier", 10),
    ("offer_role", 10),
    ("onboard_attested", 6),
    ("onboard_investor", 8),
    ("pause", 5),
    ("pause_halted", 5),
    ("pause_market", 2),
    ("publish_document", 3),
    ("raw_amount", 4),
    ("recover_in", 6),
    ("recover_locks", 8),
    ("recover_wallet", 8),
    ("redeem", 30),
    ("release_account", 8),
    ("release_ended", 10),
    ("release_locks", 8),
    ("renew_investor", 10),
    ("resume", 10),
    ("resume_market", 6),
    ("resync_multiplier", 6),
    ("revoke_role", 3),
    ("schedule_action", 20),
    ("schedule_operation", 10),
    ("seize", 18),
    ("set_basis", 4),
    ("set_ceiling", 5),
    ("set_custodian", 4),
    ("set_investor", 6),
    ("set_isin", 3),
    ("set_limits", 10),
    ("set_provider", 4),
    ("set_rules", 8),
    ("set_timelock", 3),
    ("thaw", 40),
    ("ui_amount", 4),
    ("unblock_investor", 8),
    ("unhalt", 10),
    ("unlink_wallet", 6),
    ("withdraw", 10),
];

/// What a step is drawn with.
pub struct Draw<'a> {
    pub u: Unstructured<'a>,
    pub books: &'a Books,
    pub chain: &'a Chain,
    pub known: &'a [Known],
    /// What was carried out before, to be sent again.
    pub past: &'a [Call],
    bent: bool,
}

/// The role of a number.
pub fn role(number: usize) -> Role {
    const ALL: [Role; 11] = [
        Role::Admin,
        Role::Issuer,
        Role::Compliance,
        Role::Enforcer,
        Role::Pauser,
        Role::Unpauser,
        Role::Actions,
        Role::QuoteSigner,
        Role::Attestor,
        Role::Guardian,
        Role::Recoverer,
    ];
    ALL[number]
}

impl<'a> Draw<'a> {
    pub fn new(block: &'a [u8], books: &'a Books, chain: &'a Chain, known: &'a [Known], past: &'a [Call]) -> Self {
        Self { u: Unstructured::new(block), books, chain, known, past, bent: false }
    }

    pub fn below(&mut self, bound: u64) -> u64 {
        self.u.int_in_range(0..=bound.max(1) - 1).unwrap_or(0)
    }

    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        self.u.int_in_range(least..=most.max(least)).unwrap_or(least)
    }

    pub fn chance(&mut self, one_in: u64) -> bool {
        self.below(one_in) == 1 % one_in
    }

    pub fn one<T: Clone>(&mut self, of: &[T]) -> Option<T> {
        let place = self.below(of.len() as u64) as usize;
        of.get(place).cloned()
    }

    pub fn word(&mut self) -> Id {
        self.u.arbitrary().unwrap_or([7; 32])
    }

    /// A key for an order; sometimes none, or one that has served.
    pub fn key(&mut self) -> Id {
        match self.below(40) {
            1 => [0; 32],
            2 => self.books.keys.iter().next().copied().unwrap_or([1; 32]),
            _ => self.word(),
        }
    }

    /// Why something is forced; sometimes nothing.
    pub fn reason(&mut self) -> (u16, Id) {
        match self.below(40) {
            1 => (0, [5; 32]),
            2 => (1, [0; 32]),
            _ => (1 + self.below(9) as u16, [5; 32]),
        }
    }

    /// An amount of any size up to a bound, small ones as often as large ones.
    pub fn amount(&mut self, bound: u64) -> u64 {
        if self.chance(30) {
            return self.one(&[0, 1, u64::MAX, u64::MAX / 2, bound.saturating_add(1)]).unwrap_or(0);
        }
        let bits = 64 - bound.leading_zeros();
        let size = self.below(u64::from(bits) + 1) as u32;
        let most = if size >= 64 { bound } else { bound.min((1u64 << size) - 1).max(1) };
        self.below(most.saturating_add(1)).max(1)
    }

    /// An amount of something that is there: part of it, all of it, or a little more.
    pub fn part(&mut self, there: u64) -> u64 {
        match self.below(8) {
            0 | 1 => there,
            2 => there.saturating_add(1 + self.clone_below(3)),
            _ => self.amount(there.max(1)),
        }
    }

    fn clone_below(&mut self, bound: u64) -> u64 {
        self.below(bound)
    }

    pub fn stock(&mut self) -> usize {
        self.below(self.books.stocks.len() as u64) as usize
    }

    pub fn holder(&mut self) -> Pubkey {
        key(self.one(&WALLETS).unwrap_or("alice"))
    }

    /// A wallet of an investor, and the investor.
    pub fn linked(&mut self) -> (Pubkey, Id) {
        let all: Vec<(Pubkey, Id)> = self.books.wallets.iter().map(|(holder, one)| (*holder, one.investor)).collect();
        self.one(&all).unwrap_or((key("thief"), [9; 32]))
    }

    pub fn investor(&mut self) -> Id {
        let all: Vec<Id> = self.books.investors.keys().copied().collect();
        self.one(&all).unwrap_or([9; 32])
    }

    /// A token account of a stock, and what the books say of it.
    pub fn account(&mut self, stock: usize) -> Option<(Pubkey, crate::books::Account)> {
        let vaults: Vec<Pubkey> =
            self.books.bound.keys().map(|(at, holder)| vault(&self.books.stocks[*at].stock, holder)).collect();
        let all: Vec<_> = self
            .books
            .accounts
            .iter()
            .filter(|(at, one)| one.stock == stock && !vaults.contains(at))
            .map(|(at, one)| (*at, one.clone()))
            .collect();
        self.one(&all)
    }

    /// Whoever holds a role; sometimes somebody else.
    pub fn who(&mut self, role: usize) -> Pubkey {
        let holder = self.books.roles[role];
        if name_of(&holder).is_none() || self.chance(16) {
            return self.somebody();
        }
        holder
    }

    pub fn somebody(&mut self) -> Pubkey {
        let all = everybody();
        self.one(&all).map_or(key("thief"), |one| one.1)
    }

    /// An address that an account of a name has where nothing else is said.
    fn address(&self, name: &str, stock: Option<usize>, holder: Option<Pubkey>) -> Pubkey {
        let of = stock.map(|at| &self.books.stocks[at]);
        let investor_of =
            |holder: &Pubkey| self.books.wallets.get(holder).map_or(SYSTEM, |one| investor(&one.investor));
        match (name, of, holder) {
            ("stock", Some(of), _) => of.stock,
            ("mint", Some(of), _) => of.mint,
            ("calendar", Some(of), _) => of.calendar,
            ("reserve", Some(of), _) => of.reserve,
            ("holder", _, Some(holder)) => holder,
            ("wallet", _, Some(holder)) => wallet(&holder),
            ("investor", _, Some(holder)) => investor_of(&holder),
            ("hold", Some(of), Some(holder)) => hold(&of.stock, &holder),
            ("token_account", Some(of), Some(holder)) => canonical(&holder, &of.mint),
            ("account_settlement", _, Some(holder)) => coins_of(&holder),
            ("issuer", ..) => place(&[seeds::ISSUER]),
            ("authority", ..) => place(&[seeds::AUTHORITY]),
            ("timelock", ..) => place(&[seeds::TIMELOCK]),
            ("event_authority", ..) => place(&[b"__event_authority"]),
            ("program" | "program_account", ..) => PROGRAM,
            ("program_data", ..) => program_data(),
            ("token_program", ..) => TOKEN_2022,
            ("settlement_program", ..) => TOKEN,
            ("system_program", ..) => SYSTEM,
            ("instructions", ..) => INSTRUCTIONS,
            ("settlement_mint", ..) => coin(),
            ("treasury", ..) => treasury(),
            ("asset", ..) => place(&[seeds::ASSET, coin().as_ref()]),
            ("custodian", ..) => place(&[seeds::CUSTODIAN, coin().as_ref()]),
            // Where an instruction concerns none, any address.
            ("holder" | "wallet" | "investor" | "hold" | "to" | "to_hold" | "to_account" | "provider", ..)
            | ("used_nonce" | "operation" | "payer" | "used_key" | "token_account", ..) => key("thief"),
            _ => panic!("no address for an account called {name}: say which in draw/mod.rs"),
        }
    }

    /// An instruction with accounts as the interface names them.
    pub fn call(
        &mut self,
        name: &str,
        about: (Option<usize>, Option<Pubkey>),
        named: &[(&str, Pubkey)],
        args: &impl InstructionData,
        rest: &[(Pubkey, bool)],
    ) -> Step {
        let known = self.known.iter().position(|one| one.name == name);
        let known = known.unwrap_or_else(|| panic!("the interface has no instruction {name}"));
        let slots = &self.known[known].accounts;
        let mut metas = Vec::with_capacity(slots.len() + rest.len());
        for slot in slots {
            let said = named.iter().find(|(name, _)| *name == slot.name).map(|(_, at)| *at);
            let pubkey = said.unwrap_or_else(|| self.address(&slot.name, about.0, about.1));
            metas.push(AccountMeta { pubkey, is_signer: slot.signer, is_writable: slot.writable });
        }
        metas.extend(rest.iter().map(|(at, writable)| AccountMeta {
            pubkey: *at,
            is_signer: false,
            is_writable: *writable,
        }));
        // Who gives a seat writes the stock and the investor, which the interface lets others read.
        if name == "thaw" {
            for slot in ["stock", "investor"] {
                let at = self.known[known].place(slot).expect("a crank names it");
                metas[at].is_writable = metas[at].pubkey != SYSTEM;
            }
        }
        Step::Call(Call { known, before: None, metas, data: args.data(), bent: false })
    }

    /// Draw a step.
    pub fn step(&mut self) -> Step {
        match self.below(100) {
            0..=7 => return Step::Pass(self.time()),
            8..=17 => return self.native(),
            18..=20 => {
                let stock = self.stock();
                return Step::Deposit(stock, u128::from(self.amount(1 << 44)) * 10_000_000_000);
            }
            21 if self.chance(6) => return Step::Spoil(self.stock()),
            22 => {
                if let Some(mut again) = self.one(self.past) {
                    again.bent = true;
                    return Step::Call(again);
                }
            }
            _ => {}
        }
        let total: u32 = WEIGHTS.iter().map(|(_, weight)| weight).sum();
        let mut left = self.below(total.into()) as u32;
        let name = WEIGHTS
            .iter()
            .find(|(_, weight)| {
                let here = left < *weight;
                left = left.saturating_sub(*weight);
                here
            })
            .map_or("mint", |one| one.0);
        let mut step = self.named(name);
        if self.chance(9) {
            self.bend(&mut step);
        }
        step
    }

    /// Seconds that pass: a few, or to a second at which something happens, or around it.
    fn time(&mut self) -> i64 {
        let now = self.books.now;
        let mut ahead: Vec<i64> =
            self.books.stocks.iter().flat_map(|one| [one.slot, one.as_of + one.max_age]).collect();
        ahead.extend(self.books.stocks.iter().flat_map(|one| one.due.iter().map(|due| due.buy)));
        ahead.extend(self.books.operations.values().map(|one| one.ready_at));
        ahead.extend(self.books.bound.values().flat_map(|one| one.locks.iter().map(|lock| lock.0)));
        ahead.extend(self.books.investors.values().map(|one| one.expiry));
        ahead.retain(|at| *at > now && *at < now + 200 * 86_400);
        if !ahead.is_empty() && self.chance(2) {
            let at = self.one(&ahead).unwrap_or(now);
            return (at - now + self.between(-1, 1)).max(0);
        }
        match self.below(4) {
            0 => self.between(86_400, 5 * 86_400),
            1 => self.between(3_600, 86_400),
            _ => self.between(1, 600),
        }
    }

    /// An instruction of a name, as the books have it.
    pub fn named(&mut self, name: &str) -> Step {
        self.people(name).or_else(|| self.market(name)).unwrap_or_else(|| panic!("nobody draws {name}"))
    }

    /// Change something that the program has to notice, or that changes nothing.
    fn bend(&mut self, step: &mut Step) {
        let Step::Call(call) = step else { return };
        let before = (call.metas.clone(), call.data.clone(), call.before.clone());
        let place = self.below(call.metas.len() as u64) as usize;
        match self.below(8) {
            0 => call.metas[place].is_signer = false,
            1 => call.metas[place].is_writable = !call.metas[place].is_writable,
            2 => {
                let at = 8 + self.below(call.data.len().saturating_sub(8).max(1) as u64) as usize;
                let bit = 1u8 << self.below(8);
                if let Some(byte) = call.data.get_mut(at) {
                    *byte ^= bit;
                }
            }
            3 => call.before = None,
            _ => {
                let other = self.any_address();
                // Only who has a key signs.
                if !call.metas[place].is_signer || name_of(&other).is_some() {
                    call.metas[place].pubkey = other;
                }
            }
        }
        call.bent = before != (call.metas.clone(), call.data.clone(), call.before.clone());
        self.bent |= call.bent;
    }

    fn any_address(&mut self) -> Pubkey {
        let (at, holder) = (self.stock(), self.holder());
        let of = &self.books.stocks[at];
        let own = [
            of.mint,
            of.stock,
            of.reserve,
            of.calendar,
            canonical(&holder, &of.mint),
            wallet(&holder),
            hold(&of.stock, &holder),
            vault(&of.stock, &holder),
            locked(&of.stock, &holder),
            holder,
            coins_of(&holder),
            treasury(),
            coin(),
            SYSTEM,
            TOKEN,
            TOKEN_2022,
            place(&[seeds::ISSUER]),
            place(&[seeds::AUTHORITY]),
        ];
        if self.chance(3) {
            return self.somebody();
        }
        self.one(&own).unwrap_or(holder)
    }
}
