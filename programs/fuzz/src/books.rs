//! Books of our own: what must be true of the chain after what was carried out, by no code of the program's. Amounts
//! are
//! counted in whole numbers of any size.
use crate::cast::{canonical, place, ROLES};
use num_bigint::BigUint;
use solana_pubkey::Pubkey;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use stock_token::seeds;

pub type Id = [u8; 32];
pub const WAD: u128 = 1_000_000_000_000_000_000;
pub const DAY: i64 = 86_400;

/// A multiplier: an index, a wad, times a fraction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Factors {
    pub index: BigUint,
    pub num: BigUint,
    pub den: BigUint,
}

impl Factors {
    pub fn one() -> Self {
        Self { index: WAD.into(), num: 1u8.into(), den: 1u8.into() }
    }

    /// floor(index × num ÷ den).
    pub fn shown(&self) -> BigUint {
        &self.index * &self.num / &self.den
    }

    /// Shares with 18 decimals that raw units stand for, rounded up.
    pub fn owed(&self, raw: u64) -> BigUint {
        let divisor = &self.den * 100_000_000u64;
        (BigUint::from(raw) * &self.index * &self.num + &divisor - 1u8) / divisor
    }
}

fn reduced(num: BigUint, den: BigUint) -> (BigUint, BigUint) {
    let (mut a, mut b) = (num.clone(), den.clone());
    while b > BigUint::ZERO {
        (a, b) = (b.clone(), a % b);
    }
    (num / &a, den / a)
}

/// What changes a multiplier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    Split { a: u64, b: u64 },
    Dividend { net: u128, price: u128 },
    Repair(Factors),
}

#[derive(Clone, Debug)]
pub struct Part {
    pub action: Pubkey,
    pub change: Change,
}

/// Shares that the custodian will have bought of a dividend.
#[derive(Clone, Debug)]
pub struct Due {
    pub action: Pubkey,
    pub net: u128,
    pub price: u128,
    pub effective_at: i64,
    pub buy: i64,
    /// Known once the register of the dividend is closed: what is there then is paid for.
    pub shares: Option<BigUint>,
}

/// An action that was announced.
#[derive(Clone, Debug)]
pub struct Announced {
    pub code: [u8; 4],
    pub reference: Id,
    pub effective_at: i64,
    pub ex_at: i64,
    pub buy: i64,
    pub gross: u128,
    pub ratio: (u64, u64),
    /// Scheduled, or only announced.
    pub scheduled: bool,
    pub ended: bool,
}

/// A stock.
#[derive(Clone, Debug)]
pub struct Stock {
    pub mint: Pubkey,
    pub stock: Pubkey,
    pub calendar: Pubkey,
    pub reserve: Pubkey,
    pub allow: bool,
    pub born_frozen: bool,
    pub paused: bool,
    pub supply: u64,
    pub classes: u8,
    pub countries: [u8; 128],
    pub most: u32,
    pub maximum: u64,
    pub seats: BTreeSet<Id>,
    pub factors: Factors,
    pub parts: Vec<Part>,
    pub slot: i64,
    pub generation: u64,
    /// Whether the mint was made to show another number.
    pub spoilt: bool,
    pub actions: BTreeMap<Pubkey, Announced>,
    // What the custodian truly has, in shares with 18 decimals of the split that is in force.
    pub held: BigUint,
    pub due: Vec<Due>,
    /// How often what there is was rounded down.
    pub roundings: u64,
    pub as_of: i64,
    pub max_age: i64,
    pub margin: u16,
    pub nonce: u64,
}

impl Stock {
    pub fn new(mint: Pubkey, allow: bool, born_frozen: bool) -> Self {
        let stock = place(&[seeds::STOCK, mint.as_ref()]);
        Self {
            mint,
            stock,
            calendar: place(&[seeds::CALENDAR, stock.as_ref()]),
            reserve: place(&[seeds::RESERVE, stock.as_ref()]),
            allow,
            born_frozen: allow || born_frozen,
            paused: false,
            supply: 0,
            classes: 15,
            countries: [255; 128],
            most: 0,
            maximum: 0,
            seats: BTreeSet::new(),
            factors: Factors::one(),
            parts: Vec::new(),
            slot: 0,
            generation: 0,
            spoilt: false,
            actions: BTreeMap::new(),
            held: BigUint::ZERO,
            due: Vec::new(),
            roundings: 0,
            as_of: 0,
            max_age: 0,
            margin: 0,
            nonce: 0,
        }
    }

    /// The factors once all parts are in effect.
    pub fn next(&self) -> Factors {
        self.parts.iter().fold(self.factors.clone(), |before, part| match &part.change {
            Change::Split { a, b } => {
                let (num, den) = reduced(before.num * *a, before.den * *b);
                Factors { index: before.index, num, den }
            }
            Change::Dividend { net, price } => {
                let index = &before.index * (BigUint::from(*price) + *net) / *price;
                Factors { index, ..before }
            }
            Change::Repair(after) => after.clone(),
        })
    }

    /// Whether holders are limited, and an investor of a class needs a seat.
    pub fn counts(&self, class: u8) -> bool {
        (self.most > 0 || self.maximum > 0) && class != VENUE
    }

    fn admits(&self, investor: &Investor) -> bool {
        let byte = self.countries.get(usize::from(investor.country / 8)).copied().unwrap_or(0);
        byte >> (investor.country % 8) & 1 == 1 && self.classes >> investor.class & 1 == 1
    }

    /// Let time pass: the custodian's register closes, the market splits, what dividends bought arrives.
    fn pass(&mut self, now: i64) {
        let mut instants: Vec<i64> = self.due.iter().flat_map(|one| [one.effective_at, one.buy]).collect();
        instants.push(self.slot);
        instants.retain(|at| *at != 0 && *at <= now);
        instants.sort_unstable();
        instants.dedup();
        for at in instants {
            if self.slot == at {
                self.factors = self.next();
                for part in std::mem::take(&mut self.parts) {
                    if let Change::Split { a, b } = part.change {
                        self.held = &self.held * a / b;
                        self.roundings = (self.roundings * a).div_ceil(b) + 1 + self.due.len() as u64;
                        for due in &mut self.due {
                            due.shares = due.shares.take().map(|shares| shares * a / b);
                        }
                    }
                }
                (self.slot, self.generation) = (0, self.generation + 1);
            }
            for due in self.due.iter_mut().filter(|one| one.effective_at <= at && one.shares.is_none()) {
                due.shares = Some(&self.held * due.net / due.price);
                self.roundings += 1;
            }
            for due in self.due.iter().filter(|one| one.buy <= at) {
                self.held += due.shares.clone().unwrap_or_default();
            }
            self.due.retain(|one| one.buy > at);
        }
    }

    /// What the custodian will have, once all that is scheduled is bought, of the shares of today's split.
    pub fn backing(&self) -> BigUint {
        let after = &self.held * (10_000 - u32::from(self.margin)) / 10_000u32;
        let due = |one: &Due| one.shares.clone().unwrap_or_else(|| &self.held * one.net / one.price);
        self.due.iter().map(due).fold(after, |sum, one| sum + one)
    }

    /// What is owed on the supply, at the greater of the indices now and next. A fold writes the same as another pair.
    pub fn owed(&self) -> BigUint {
        let next = self.next();
        let folds = self.parts.iter().any(|part| match &part.change {
            Change::Repair(after) => after.den != self.factors.den || after.num != self.factors.num,
            _ => false,
        });
        let index = if folds { self.factors.index.clone() } else { self.factors.index.clone().max(next.index) };
        Factors { index, ..self.factors.clone() }.owed(self.supply)
    }
}

pub const VENUE: u8 = 3;

#[derive(Clone, Debug)]
pub struct Investor {
    pub country: u16,
    pub class: u8,
    pub blocked: bool,
    pub expiry: i64,
}

#[derive(Clone, Debug)]
pub struct Wallet {
    pub investor: Id,
    pub successor: Option<Pubkey>,
}

/// A token account of a stock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub stock: usize,
    pub owner: Pubkey,
    pub amount: u64,
    pub frozen: bool,
}

/// What is bound of a wallet's units: never joined, as the law of it is told.
#[derive(Clone, Debug, Default)]
pub struct Bound {
    pub frozen: u64,
    pub locks: Vec<(i64, u64)>,
    /// Whether there once were more than there are places for, so that some were joined with later ones.
    pub joined: bool,
}

impl Bound {
    pub fn still(&self, now: i64) -> u64 {
        self.frozen + self.locks.iter().filter(|(until, _)| now < *until).map(|(_, amount)| amount).sum::<u64>()
    }

    pub fn settle(&mut self, now: i64) {
        self.locks.retain(|(until, _)| now < *until);
    }

    /// Let go of an amount: of what has ended, then of what is frozen, then of what ends first.
    pub fn dig(&mut self, mut left: u64, now: i64) {
        self.locks.sort_unstable();
        let ended = self.locks.iter().filter(|(until, _)| *until <= now).count();
        let (past, running) = self.locks.split_at_mut(ended);
        let places = past.iter_mut().map(|one| &mut one.1);
        for place in places.chain([&mut self.frozen]).chain(running.iter_mut().map(|one| &mut one.1)) {
            let taken = left.min(*place);
            (*place, left) = (*place - taken, left - taken);
        }
        self.locks.retain(|(_, amount)| *amount > 0);
    }
}

/// An operation that waits.
#[derive(Clone, Debug)]
pub struct Waiting {
    pub ready_at: i64,
    pub payer: Pubkey,
    pub accounts: Vec<(Pubkey, bool, bool)>,
    pub data: Vec<u8>,
}

#[derive(Clone, Debug, Default)]
pub struct Provider {
    pub limit: u32,
    pub entered: u32,
    pub dropped: bool,
}

/// All of it.
#[derive(Clone, Default)]
pub struct Books {
    pub now: i64,
    pub live: bool,
    pub roles: [Pubkey; ROLES.len()],
    pub offered: Option<(usize, Pubkey)>,
    pub settings: [i64; 5],
    pub halted: bool,
    pub market_paused: bool,
    pub listed: bool,
    pub stocks: Vec<Stock>,
    pub investors: BTreeMap<Id, Investor>,
    pub wallets: BTreeMap<Pubkey, Wallet>,
    pub holds: BTreeSet<(usize, Pubkey)>,
    pub bound: BTreeMap<(usize, Pubkey), Bound>,
    pub accounts: BTreeMap<Pubkey, Account>,
    pub coins: HashMap<Pubkey, u64>,
    pub keys: BTreeSet<Id>,
    /// Used quotes, with when they expire and who paid.
    pub quotes: BTreeMap<Pubkey, (i64, Pubkey)>,
    pub nonces: BTreeSet<(Pubkey, Id)>,
    pub providers: BTreeMap<Pubkey, Provider>,
    pub timelock: Option<(i64, Pubkey, Pubkey)>,
    pub operations: BTreeMap<Pubkey, Waiting>,
    pub custodian: Option<(Pubkey, u64)>,
    /// Withdrawals since the limit was last named.
    pub withdrawn: Vec<(i64, u64)>,
}

impl Books {
    /// Let time pass.
    pub fn advance(&mut self, now: i64) {
        self.now = now;
        self.stocks.iter_mut().for_each(|stock| stock.pass(now));
    }

    pub fn holds_role(&self, role: usize, who: &Pubkey) -> bool {
        self.roles[role] == *who && *who != Pubkey::default()
    }

    pub fn stock_of(&self, mint: &Pubkey) -> Option<usize> {
        self.stocks.iter().position(|one| one.mint == *mint)
    }

    /// The investor of a wallet that is somebody's and was not recovered.
    pub fn investor_of(&self, holder: &Pubkey) -> Option<(Id, &Investor)> {
        let wallet = self.wallets.get(holder)?;
        Some((wallet.investor, &self.investors[&wallet.investor]))
    }

    pub fn is_recovered(&self, holder: &Pubkey) -> bool {
        self.wallets.get(holder).is_some_and(|wallet| wallet.successor.is_some())
    }

    pub fn is_blocked(&self, holder: &Pubkey) -> bool {
        self.is_recovered(holder) || self.investor_of(holder).is_some_and(|(_, investor)| investor.blocked)
    }

    /// Whether a wallet may be given units of a stock: what its record, the stock's rules and the policy say.
    pub fn may_receive(&self, stock: usize, holder: &Pubkey) -> bool {
        if self.is_blocked(holder) {
            return false;
        }
        let of = &self.stocks[stock];
        !of.allow || self.investor_of(holder).is_some_and(|(_, one)| self.now < one.expiry && of.admits(one))
    }

    /// Whether an investor has the seat that it needs, or needs none.
    pub fn seated(&self, stock: usize, holder: &Pubkey) -> bool {
        let of = &self.stocks[stock];
        self.investor_of(holder).is_none_or(|(id, one)| !of.counts(one.class) || of.seats.contains(&id))
    }

    pub fn is_held(&self, stock: usize, holder: &Pubkey) -> bool {
        self.holds.contains(&(stock, *holder))
    }

    /// Whether a wallet may have a thawed account, its seat included.
    pub fn may_hold(&self, stock: usize, holder: &Pubkey) -> bool {
        self.may_receive(stock, holder) && self.seated(stock, holder) && !self.is_held(stock, holder)
    }

    pub fn is_canonical(&self, at: &Pubkey) -> bool {
        self.accounts.get(at).is_some_and(|one| canonical(&one.owner, &self.stocks[one.stock].mint) == *at)
    }
}
