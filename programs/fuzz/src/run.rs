//! Carrying a step out, and looking at what it did: to the chain, and to the books.
use crate::{
    books::{Books, VENUE},
    cast::*,
    chain::{coins_of, treasury, Chain, START},
    draw::{Call, Draw, Native, Step},
    idl::Known,
    judge::{self, must, Given, Verdict, REASONED},
};
use anchor_lang::{AccountDeserialize, AnchorDeserialize};
use solana_account::Account;
use solana_instruction::{AccountMeta, Instruction};
use solana_pubkey::Pubkey;
use std::{collections::BTreeMap, path::Path};
use stock_token::{
    instruction as ins, seeds,
    state::{InvestorClass, Locked, Policy, Reserve, Stock},
    CreateStockArgs, Quote,
};

/// A chain, and the books of it.
#[derive(Clone)]
pub struct World {
    pub chain: Chain,
    pub books: Books,
    past: Vec<Call>,
}

/// How often something was carried out, and how often refused.
#[derive(Clone, Copy, Default)]
pub struct Count {
    pub done: u64,
    pub refused: u64,
}

pub type Counts = BTreeMap<String, Count>;

/// What became of a step.
pub struct Outcome {
    pub name: String,
    pub done: bool,
    /// The sentence that does not hold.
    pub broken: Option<String>,
    /// What the chain said of a refusal.
    pub why: String,
}

impl World {
    /// A program with an issuer, two stocks, investors of each kind with accounts, a reserve, and a custodian.
    pub fn new(program: &Path, known: &[Known], counts: &mut Counts) -> Self {
        let mut world = Self { chain: Chain::new(program), books: Books::default(), past: Vec::new() };
        world.books.advance(START);
        for (_, who) in everybody() {
            world.books.coins.insert(coins_of(&who), 1 << 50);
        }
        world.books.coins.insert(treasury(), 1 << 50);
        let admin = place(&[seeds::ADMIN]);
        world.chain.svm.airdrop(&admin, 1_000_000_000_000).expect("lamports are given");
        for script in [Self::issuer, Self::stocks, Self::people, Self::accounts] {
            for step in script(&world, known) {
                let outcome = world.play(&step, known, counts);
                assert!(outcome.done, "the beginning: {} is refused: {}", outcome.name, outcome.why);
                assert!(outcome.broken.is_none(), "the beginning: {}: {:?}", outcome.name, outcome.broken);
            }
        }
        world
    }

    fn draw<'a>(&'a self, block: &'a [u8], known: &'a [Known]) -> Draw<'a> {
        Draw::new(block, &self.books, &self.chain, known, &self.past)
    }

    fn issuer(&self, known: &[Known]) -> Vec<Step> {
        let mut draw = self.draw(&[], known);
        let mut first = vec![draw.named("initialise")];
        let timelock = ins::SetTimelock { delay: 3_600, proposer: key("proposer"), canceller: key("canceller") };
        let admin = [("signer", key("admin"))];
        let none = (None, None);
        first.push(draw.call("set_timelock", none, &admin, &timelock, &[]));
        first.push(draw.call("list_asset", none, &admin, &ins::ListAsset { listed: true }, &[]));
        let account = [("signer", key("admin")), ("account", key("successor1's coins"))];
        first.push(draw.call("set_custodian", none, &account, &ins::SetCustodian { daily: 1 << 32 }, &[]));
        first
    }

    fn stocks(&self, known: &[Known]) -> Vec<Step> {
        let mut draw = self.draw(&[], known);
        let stock = |series: u64| {
            let mint = place(&[seeds::MINT, b"US0000000001", &series.to_le_bytes()]);
            (mint, place(&[seeds::STOCK, mint.as_ref()]))
        };
        [(1, Policy::Allowlist, true), (2, Policy::Blocklist, false)]
            .map(|(series, policy, default_frozen)| {
                let (mint, at) = stock(series);
                let named = [
                    ("signer", key("issuer")),
                    ("mint", mint),
                    ("stock", at),
                    ("calendar", place(&[seeds::CALENDAR, at.as_ref()])),
                    ("reserve", place(&[seeds::RESERVE, at.as_ref()])),
                ];
                let (name, symbol, uri) = ("A stock".into(), "STK".into(), String::new());
                let isin = *b"US0000000001";
                let args = CreateStockArgs { isin, series, policy, default_frozen, name, symbol, uri, arm_hook: false };
                draw.call("create_stock", (None, None), &named, &ins::CreateStock { args }, &[])
            })
            .into()
    }

    fn people(&self, known: &[Known]) -> Vec<Step> {
        let mut draw = self.draw(&[], known);
        let provider = place(&[seeds::PROVIDER, key("provider1").as_ref()]);
        let named = [("signer", key("admin")), ("provider", provider)];
        let args = ins::SetProvider { key: key("provider1"), limit: 3 };
        let mut steps = vec![draw.call("set_provider", (None, None), &named, &args, &[])];
        for (number, name) in WALLETS.iter().take(7).enumerate() {
            let (id, serial, holder) = ([number as u8 + 1; 32], [200 + number as u8; 32], key(name));
            let named = [
                ("signer", key("compliance")),
                ("investor", investor(&id)),
                ("holder", holder),
                ("wallet", wallet(&holder)),
                ("used_key", place(&[seeds::KEY, &serial])),
            ];
            let class = if *name == "venue" { InvestorClass::Venue } else { InvestorClass::Retail };
            let expiry = if *name == "lapsed" { START + 1 } else { START + 400 * 86_400 };
            let args = ins::OnboardInvestor { key: serial, id, country: 840, class, expiry };
            steps.push(draw.call("onboard_investor", (None, None), &named, &args, &[]));
            if *name == "blocked" {
                let (key, reason, document) = ([250; 32], 1, [5; 32]);
                let named = [named[0], named[1], named[2], named[3], ("used_key", place(&[seeds::KEY, &key]))];
                let args = ins::BlockInvestor { key, id, reason, document };
                steps.push(draw.call("block_investor", (None, None), &named, &args, &[]));
            }
        }
        debug_assert_eq!(InvestorClass::Venue as u8, VENUE);
        steps
    }

    fn accounts(&self, known: &[Known]) -> Vec<Step> {
        let mut steps = Vec::new();
        let ratio = stock_token::state::Basis::FIRST;
        for stock in 0..2 {
            for name in WALLETS.iter().take(9) {
                steps.push(Step::Native(Native::Open { stock, holder: key(name) }));
            }
            let mut draw = self.draw(&[], known);
            let (max_age, margin_bps, ceiling, others) = (7 * 86_400, 0, u128::MAX, 0);
            let args = ins::ConfigureReserve { max_age, margin_bps, ceiling, others, basis: ratio };
            let about = (Some(stock), None);
            steps.push(draw.call("configure_reserve", about, &[("signer", key("admin"))], &args, &[]));
            steps.push(Step::Deposit(stock, 5_000_000 * crate::books::WAD));
            for name in WALLETS.iter().take(4).filter(|_| stock == 0) {
                let holder = key(name);
                steps.push(draw.call("thaw", (Some(stock), Some(holder)), &[], &ins::Thaw {}, &[]));
            }
        }
        steps
    }

    /// Draw a step and carry it out.
    pub fn take(&mut self, block: &[u8], known: &[Known], counts: &mut Counts) -> (Step, Outcome) {
        let step = self.draw(block, known).step();
        let outcome = self.play(&step, known, counts);
        (step, outcome)
    }

    /// Carry a step out.
    pub fn play(&mut self, step: &Step, known: &[Known], counts: &mut Counts) -> Outcome {
        let mut outcome = match step {
            Step::Pass(seconds) => {
                self.books.advance(self.books.now + seconds);
                self.chain.set_clock(self.books.now);
                quiet("time passes")
            }
            Step::Deposit(stock, shares) => {
                self.books.stocks[*stock].held += *shares;
                quiet("shares arrive")
            }
            Step::Spoil(stock) => {
                let of = &mut self.books.stocks[*stock];
                of.spoilt = true;
                self.chain.spoil(&of.mint, 123.456);
                quiet("a mint is spoilt")
            }
            Step::Native(native) => self.native(native),
            Step::Call(call) => self.call(call, known),
        };
        if outcome.broken.is_none() {
            outcome.broken = self.look(&touched(step, &self.books)).err();
        }
        let count = counts.entry(outcome.name.clone()).or_default();
        *(if outcome.done { &mut count.done } else { &mut count.refused }) += 1;
        outcome
    }

    fn native(&mut self, native: &Native) -> Outcome {
        let name = format!("{native:?}");
        let name = format!("holder: {}", name.split([' ', '{']).next().unwrap_or("").to_lowercase());
        match self.chain.send(&native.calls(&self.books)) {
            Ok(_) => {
                let broken = native.accept(&mut self.books).err();
                Outcome { name, done: true, broken, why: String::new() }
            }
            Err(refused) => Outcome { name, done: false, broken: None, why: refused.err.to_string() },
        }
    }

    fn call(&mut self, call: &Call, known: &[Known]) -> Outcome {
        let of = &known[call.known];
        let (name, given) = (of.name.clone(), Given { known: of, metas: &call.metas, data: &call.data });
        let wish = wish(&self.books, &given, call);
        let sent = Instruction { program_id: PROGRAM, accounts: call.metas.clone(), data: call.data.clone() };
        let calls: Vec<Instruction> = call.before.iter().cloned().chain([sent]).collect();
        let before = self.written(&call.metas);
        match self.chain.send(&calls) {
            Ok(meta) => {
                let broken = judge::accept(&mut self.books, &given, known, &self.chain, &meta.return_data.data).err();
                self.remember(call);
                Outcome { name, done: true, broken, why: String::new() }
            }
            Err(refused) => {
                let told =
                    refused.meta.logs.iter().rev().find(|line| line.contains("Error Code") || line.contains("failed"));
                let why = format!("{} {}", refused.err, told.map_or("", String::as_str));
                let same = before == self.written(&call.metas);
                let broken = match wish {
                    _ if !same => Some("What is refused changes nothing.".to_owned()),
                    Some(sentence) => Some(format!("{sentence} ({why})")),
                    None => None,
                };
                Outcome { name, done: false, broken, why }
            }
        }
    }

    fn written(&self, metas: &[AccountMeta]) -> Vec<Option<Account>> {
        let paid = key("payer");
        metas
            .iter()
            .filter(|one| one.is_writable && one.pubkey != paid)
            .map(|one| self.chain.data(&one.pubkey))
            .collect()
    }

    /// Keep what was carried out, to be sent again: the last ones, and the first of each kind.
    fn remember(&mut self, call: &Call) {
        if self.past.len() >= 48 {
            self.past.remove(24);
        }
        self.past.push(call.clone());
    }

    /// Whether the chain is as the books say, in the accounts that a step touched.
    fn look(&mut self, touched: &[Pubkey]) -> Verdict {
        for at in touched {
            if let Some(account) = self.books.accounts.get(at) {
                let mint = self.books.stocks[account.stock].mint;
                let units = self.chain.units(at).ok_or("A token account that is known is there.")?;
                must!(units.mint == mint && units.owner == account.owner, "A token account stays whose it is.");
                must!(
                    units.amount == account.amount,
                    "No unit moves but as was said: {at} has {} and should have {}.",
                    units.amount,
                    account.amount
                );
                must!(
                    units.frozen == account.frozen,
                    "No account is frozen or opened but as was said: {at} is {}.",
                    if units.frozen { "frozen" } else { "open" }
                );
            } else if let Some(coins) = self.books.coins.get(at) {
                let there = self.chain.units(at).map_or(0, |one| one.amount);
                must!(
                    there == *coins,
                    "No settlement moves but as was said: {at} has {there}, and should have {coins}."
                );
            } else if let Some(units) = self.chain.units(at) {
                let ours = self.books.stock_of(&units.mint).is_some();
                must!(!ours, "No token account of a stock is there that nobody opened.");
            }
        }
        for stock in 0..self.books.stocks.len() {
            let of = &self.books.stocks[stock];
            if touched.contains(&of.mint) || touched.contains(&of.stock) {
                self.stock(stock)?;
            }
            if touched.contains(&self.books.stocks[stock].reserve) {
                self.reserve(stock)?;
            }
        }
        for (stock, holder) in self.books.bound.keys() {
            let at = &self.books.stocks[*stock].stock;
            let place = vault(at, holder);
            if touched.contains(&place) {
                self.vault(&place, &locked(at, holder))?;
            }
        }
        Ok(())
    }

    fn stock(&self, stock: usize) -> Verdict {
        let of = &self.books.stocks[stock];
        let shows = self.chain.mint(&of.mint);
        must!(shows.supply == of.supply, "Only a mint raises a supply, and only a burn lowers it: {}.", shows.supply);
        must!(shows.paused == of.paused, "A stock is paused as was said.");
        let number = if shows.next_at != 0 && self.books.now >= shows.next_at { shows.next } else { shows.number };
        let exact = u128::try_from(of.factors.shown()).unwrap_or(0) as f64 / 1e18;
        let near = (number - exact).abs() <= exact * 4.5e-16;
        must!(of.spoilt || near, "A mint shows the multiplier of its stock: {number}, not {exact}.");
        let data = self.chain.data(&of.stock).ok_or("A stock is there.")?.data;
        let kept = Stock::try_deserialize(&mut &data[..]).map_err(|_| "A stock is there.")?;
        must!(kept.seats as usize == of.seats.len(), "Seats are counted: {} of {}.", kept.seats, of.seats.len());
        let (num, den) = (u128::from(kept.multiplier.current.num), u128::from(kept.multiplier.current.den));
        must!(num > 0 && den > 0, "No fraction has a 0.");
        Ok(())
    }

    /// A reserve's numbers only grow.
    fn reserve(&mut self, stock: usize) -> Verdict {
        let of = &mut self.books.stocks[stock];
        let data = self.chain.data(&of.reserve).ok_or("A reserve is there.")?.data;
        let kept = Reserve::try_deserialize(&mut &data[..]).map_err(|_| "A reserve is there.")?;
        must!(kept.nonce >= of.nonce, "A paper's nonce only grows.");
        must!(kept.latest.as_of == of.as_of, "The latest attestation is the one that was published last.");
        of.nonce = kept.nonce;
        Ok(())
    }

    /// A vault has what its record says.
    fn vault(&self, vault: &Pubkey, record: &Pubkey) -> Verdict {
        let Some(data) = self.chain.data(record) else { return Ok(()) };
        let kept = Locked::try_deserialize(&mut &data.data[..]).map_err(|_| "What is bound has a record.")?;
        let sum = kept.frozen + kept.tranches.iter().map(|one| one.amount).sum::<u64>();
        let there = self.chain.units(vault).map_or(0, |one| one.amount);
        must!(sum == there, "A vault has what its record says: {there}, not {sum}.");
        Ok(())
    }

    /// Whether the whole chain is as the books say.
    pub fn audit(&mut self) -> Verdict {
        let all: Vec<Pubkey> = self.books.accounts.keys().chain(self.books.coins.keys()).copied().collect();
        let vaults = self.books.bound.keys().map(|(at, holder)| vault(&self.books.stocks[*at].stock, holder));
        let stocks = self.books.stocks.iter().flat_map(|of| [of.mint, of.reserve]);
        let touched: Vec<Pubkey> = all.into_iter().chain(vaults).chain(stocks).collect();
        self.look(&touched)?;
        for (at, of) in self.books.stocks.iter().enumerate() {
            let sum: u64 = self.books.accounts.values().filter(|one| one.stock == at).map(|one| one.amount).sum();
            must!(sum == of.supply, "A supply is the sum of all token accounts: {sum}, not {}.", of.supply);
            let open = |(at, one): (&Pubkey, &crate::books::Account)| one.frozen || self.books.is_canonical(at);
            let mut mine = self.books.accounts.iter().filter(|(_, one)| one.stock == at);
            must!(!of.allow || mine.all(open), "Of an allow-list stock no account is open but a canonical one.");
        }
        Ok(())
    }
}

fn quiet(name: &str) -> Outcome {
    Outcome { name: name.to_owned(), done: true, broken: None, why: String::new() }
}

fn touched(step: &Step, books: &Books) -> Vec<Pubkey> {
    let metas = match step {
        Step::Call(call) => call.metas.clone(),
        Step::Native(native) => native.calls(books).into_iter().flat_map(|call| call.accounts).collect(),
        _ => return Vec::new(),
    };
    metas.into_iter().map(|one| one.pubkey).collect()
}

/// What must not be refused, whatever else is wrong: stops, forced actions, and the way out. The sentence that says
/// so.
fn wish(books: &Books, given: &Given, call: &Call) -> Option<&'static str> {
    if call.bent {
        return None;
    }
    let name = given.name();
    let by = given.known.place("signer").map(|place| given.metas[place].pubkey).unwrap_or_default();
    let fresh = |key: &[u8; 32]| *key != [0; 32] && !books.keys.contains(key);
    if REASONED.contains(&name) && name != "drop_provider" {
        // Reason and document end every order's data.
        let end = &call.data[call.data.len() - 34..];
        if end[..2] == [0; 2] || end[2..] == [0; 32] {
            return None;
        }
    }
    match name {
        "halt" if books.holds_role(GUARDIAN, &by) && !books.halted => Some("A guardian halts, whatever is wrong."),
        "block_investor" => {
            let args: ins::BlockInvestor = given.says();
            let may = books.holds_role(COMPLIANCE, &by)
                && fresh(&args.key)
                && books.investors.get(&args.id).is_some_and(|one| !one.blocked);
            let named = books.wallets.get(&given.at("holder")).is_some_and(|one| one.investor == args.id);
            (may && named).then_some("An investor is blocked, whatever is paused or halted.")
        }
        "hold_account" => {
            let args: ins::HoldAccount = given.says();
            let stock = books.stock_of(&given.at("mint"))?;
            let own = canonical(&given.at("holder"), &given.at("mint")) == given.at("token_account");
            let theirs =
                books.accounts.get(&given.at("token_account")).is_none_or(|one| one.owner == given.at("holder"));
            let may = books.holds_role(ENFORCER, &by) && fresh(&args.key) && own && theirs;
            (may && stock < books.stocks.len()).then_some("A wallet is held, whatever is paused or halted.")
        }
        "forced_burn" | "seize" => {
            let (key, amount) = match name {
                "seize" => {
                    let args: ins::Seize = given.says();
                    (args.key, args.amount)
                }
                _ => {
                    let args: ins::ForcedBurn = given.says();
                    (args.key, args.amount)
                }
            };
            let (from, holder, rest) = (given.at("token_account"), given.at("holder"), given.rest());
            let source = books.accounts.get(&from).filter(|one| one.owner == holder)?;
            name_of(&holder)?;
            let kept = rest.get(1).and_then(|at| books.accounts.get(at)).map_or(0, |one| one.amount);
            let mut may =
                books.holds_role(ENFORCER, &by) && fresh(&key) && amount > 0 && amount <= source.amount + kept;
            if name == "seize" {
                let (to, stock) = (given.at("to"), source.stock);
                let target = books.accounts.get(&given.at("to_account")).filter(|one| one.owner == to)?;
                may &= books.may_receive(stock, &to) && !books.is_held(stock, &to) && to != holder;
                may &= target.stock == stock && name_of(&to).is_some();
            }
            may.then_some(
                "An enforcer takes units, whatever is frozen, paused or halted, and whoever has lost its clearance.",
            )
        }
        "redeem" => {
            let quote = Quote::deserialize(&mut &call.data[8..]).ok()?;
            let stock = books.stock_of(&given.at("mint"))?;
            let (of, holder) = (&books.stocks[stock], quote.account);
            let from = books.accounts.get(&given.at("token_account")).filter(|one| one.owner == holder)?;
            let signed = call.before.as_ref().is_some_and(|one| one.data[16..48] == *books.roles[QUOTES].as_ref());
            let open = !books.halted && !books.market_paused && !of.paused && !of.spoilt && books.listed;
            let may = quote.amount > 0 && quote.amount <= from.amount && books.now < quote.expiry;
            let theirs = !books.is_blocked(&holder) && !books.is_held(stock, &holder);
            let paid = books.coins.get(&treasury()).is_some_and(|there| *there >= quote.settlement);
            (signed && open && may && theirs && paid)
                .then_some("Whoever is not blocked or held redeems, lapsed or not, frozen by the crank or not.")
        }
        _ => None,
    }
}
