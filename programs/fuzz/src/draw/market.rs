//! Draws of what moves units, prices, and what backs them.
use super::{
    people::{date, with_signature, GENESIS},
    Draw, Step,
};
use crate::{
    books::{Bound, Change, DAY},
    cast::*,
    chain::coin,
};
use anchor_lang::AccountDeserialize;
use num_bigint::BigUint;
use solana_pubkey::Pubkey;
use stock_token::{
    instruction as ins,
    messages::{paper_digest, quote_digest, QuotePlace},
    seeds,
    state::{Basis, Paper, Policy, Reserve},
    CreateStockArgs, Label, Quote, Side, Terms,
};

fn small(value: &BigUint) -> u128 {
    u128::try_from(value).unwrap_or(u128::MAX)
}

impl Draw<'_> {
    pub(super) fn market(&mut self, name: &str) -> Option<Step> {
        let stock = self.stock();
        let about = (Some(stock), None);
        let (admin, actions, issuer) = (self.who(ADMIN), self.who(ACTIONS), self.who(ISSUER));
        let of = &self.books.stocks[stock];
        let by_admin = [("signer", admin)];
        Some(match name {
            "create_stock" => {
                let args = CreateStockArgs {
                    isin: *b"US0000000001",
                    series: 1 + self.below(5),
                    policy: if self.chance(2) { Policy::Allowlist } else { Policy::Blocklist },
                    default_frozen: self.chance(2),
                    name: "A stock".into(),
                    symbol: "STK".into(),
                    uri: String::new(),
                    arm_hook: false,
                };
                let mint = place(&[seeds::MINT, &args.isin, &args.series.to_le_bytes()]);
                let at = place(&[seeds::STOCK, mint.as_ref()]);
                let named = [
                    ("signer", issuer),
                    ("mint", mint),
                    ("stock", at),
                    ("calendar", place(&[seeds::CALENDAR, at.as_ref()])),
                    ("reserve", place(&[seeds::RESERVE, at.as_ref()])),
                ];
                self.call(name, (None, None), &named, &ins::CreateStock { args }, &[])
            }
            "pause" => {
                let by = self.who(PAUSER);
                self.call(name, about, &[("signer", by)], &ins::Pause {}, &[])
            }
            "resume" => {
                let paused: Vec<usize> =
                    (0..self.books.stocks.len()).filter(|at| self.books.stocks[*at].paused).collect();
                let (at, by) = (self.one(&paused).unwrap_or(stock), self.who(UNPAUSER));
                self.call(name, (Some(at), None), &[("signer", by)], &ins::Resume {}, &[])
            }
            "pause_halted" => {
                let rest: Vec<_> = self.books.stocks.iter().map(|one| (one.mint, true)).collect();
                self.call(name, (None, None), &[], &ins::PauseHalted {}, &rest)
            }
            "set_isin" => {
                let isin = if self.chance(8) { *b"us0000000001" } else { *b"US0000000002" };
                self.call(name, about, &by_admin, &ins::SetIsin { isin }, &[])
            }
            "describe_stock" => {
                let label = self.one(&[Label::Name, Label::Symbol, Label::Uri]).unwrap_or(Label::Name);
                let text = "x".repeat(self.below(18) as usize);
                self.call(name, about, &by_admin, &ins::DescribeStock { label, text }, &[])
            }
            "publish_document" => {
                let args = ins::PublishDocument { subject: [1; 32], document: [2; 32], uri: "https://x".into() };
                self.call(name, about, &[("signer", actions)], &args, &[])
            }
            "list_asset" => {
                let listed = !self.chance(4);
                self.call(name, (None, None), &by_admin, &ins::ListAsset { listed }, &[])
            }
            "set_custodian" => {
                let account = self.one(&["successor1's coins", "successor2's coins"]).unwrap_or("successor1's coins");
                let daily = self.amount(1 << 40);
                let named = [("signer", admin), ("account", key(account))];
                self.call(name, (None, None), &named, &ins::SetCustodian { daily }, &[])
            }
            "withdraw" => {
                let (account, daily) = self.books.custodian.unwrap_or((key("successor1's coins"), 9));
                let (key_, amount) = (self.key(), self.part(daily / 2));
                let named = [("signer", issuer), ("account", account), ("used_key", place(&[seeds::KEY, &key_]))];
                self.call(name, (None, None), &named, &ins::Withdraw { key: key_, amount }, &[])
            }
            "mint" | "redeem" => self.trade(name, stock),
            "close_quote" => {
                let all: Vec<_> = self.books.quotes.iter().map(|(at, (_, payer))| (*at, *payer)).collect();
                let (at, payer) = self.one(&all).unwrap_or((SYSTEM, SYSTEM));
                self.call(name, (None, None), &[("payer", payer), ("used_quote", at)], &ins::CloseQuote {}, &[])
            }
            "thaw" | "freeze" | "release_ended" | "freeze_page" => self.crank(name, stock),
            "hold_account" | "release_account" | "seize" | "forced_burn" | "freeze_tokens" | "lock"
            | "release_locks" => self.enforce(name, stock),
            "recover_wallet" | "recover_in" | "recover_locks" => self.recover(name, stock),
            "announce_action" => self.announce(stock, actions),
            "schedule_action" | "cancel_action" => self.decide(name, stock, actions),
            "correct_index" | "fold_pair" => self.repair(name, stock, admin),
            "resync_multiplier" => {
                let spoilt: Vec<usize> =
                    (0..self.books.stocks.len()).filter(|at| self.books.stocks[*at].spoilt).collect();
                let (at, by) = (self.one(&spoilt).unwrap_or(stock), self.who(UNPAUSER));
                self.call(name, (Some(at), None), &[("signer", by)], &ins::ResyncMultiplier {}, &[])
            }
            "apply_multiplier" => {
                let by = self.somebody();
                self.call(name, about, &[("signer", by)], &ins::ApplyMultiplier {}, &[])
            }
            "confirm_basis" => {
                let by = self.somebody();
                self.call(name, about, &[("signer", by)], &ins::ConfirmBasis {}, &[])
            }
            "configure_reserve" | "set_ceiling" | "set_basis" => {
                let (basis, _) = self.basis(stock);
                let ceiling = self.ceiling(stock);
                let others = u128::from(self.amount(1 << 20)) * 10_000_000_000;
                match name {
                    "configure_reserve" => {
                        let (max_age, margin_bps) = (self.between(0, 9 * DAY) as u32, self.below(300) as u16);
                        let args = ins::ConfigureReserve { max_age, margin_bps, ceiling, others, basis };
                        self.call(name, about, &by_admin, &args, &[])
                    }
                    "set_ceiling" => {
                        self.call(name, about, &by_admin, &ins::SetCeiling { own: ceiling, others, basis }, &[])
                    }
                    _ => self.call(name, about, &by_admin, &ins::SetBasis { basis }, &[]),
                }
            }
            "attest_reserve" => self.attest(stock),
            "ui_amount" => {
                let raw = self.amount(u64::MAX);
                self.call(name, about, &[], &ins::UiAmount { raw }, &[])
            }
            "raw_amount" => {
                let ui = self.amount(u64::MAX);
                self.call(name, about, &[], &ins::RawAmount { ui }, &[])
            }
            "multiplier" => self.call(name, about, &[], &ins::Multiplier {}, &[]),
            "coverage" => {
                let _ = of;
                self.call(name, about, &[], &ins::Coverage {}, &[])
            }
            _ => return None,
        })
    }

    /// The basis that is in force now, as an honest custodian names it, and the reserve.
    fn basis(&mut self, stock: usize) -> (Basis, Option<Reserve>) {
        let data = self.chain.data(&self.books.stocks[stock].reserve).map(|one| one.data).unwrap_or_default();
        let Ok(found) = Reserve::try_deserialize(&mut &data[..]) else { return (Basis::FIRST, None) };
        let counts = found.step.effective_at != 0 && self.books.now >= found.step.effective_at;
        let named = if counts { found.step.basis } else { found.basis };
        let factors = &self.books.stocks[stock].factors;
        let number = |of: &BigUint| u64::try_from(of).unwrap_or(0);
        let basis = Basis { num: number(&factors.num), den: number(&factors.den), counter: named.counter };
        (basis, Some(found))
    }

    fn ceiling(&mut self, stock: usize) -> u128 {
        let held = small(&self.books.stocks[stock].held);
        match self.below(3) {
            0 => u128::MAX,
            1 => held.saturating_mul(2),
            _ => held / 2,
        }
    }

    fn attest(&mut self, stock: usize) -> Step {
        let (basis, reserve) = self.basis(stock);
        let held = small(&self.books.stocks[stock].held);
        // The custodian may say less than there is, and never says more.
        let shares = if self.chance(6) { held / 100 * u128::from(self.below(101)) } else { held };
        let now = self.books.now;
        let paper = Paper {
            shares,
            ceiling: self.ceiling(stock),
            others: if self.chance(4) { shares / 50 } else { 0 },
            basis,
            as_of: now,
            nonce: reserve.map_or(0, |one| one.nonce),
            expiry: now + self.between(0, 600),
        };
        let digest = paper_digest(&paper, &GENESIS, &place(&[seeds::ISSUER]), &self.books.stocks[stock].mint);
        let attestor = name_of(&self.books.roles[ATTESTOR]).unwrap_or("thief");
        let signed = if self.chance(16) { "thief" } else { attestor };
        let by = self.somebody();
        let step =
            self.call("attest_reserve", (Some(stock), None), &[("signer", by)], &ins::AttestReserve { paper }, &[]);
        with_signature(step, signed, &digest)
    }

    /// A mint or a redemption on a signed quote. Mints are often as large as the reserve just lets them be.
    fn trade(&mut self, name: &str, stock: usize) -> Step {
        let side = if name == "mint" { Side::Mint } else { Side::Redeem };
        let of = &self.books.stocks[stock];
        let mine: Vec<_> =
            self.books.accounts.iter().filter(|(_, one)| one.stock == stock && name_of(&one.owner).is_some()).collect();
        let rich: Vec<_> = mine.iter().filter(|(_, one)| one.amount > 0).cloned().collect();
        let open: Vec<_> = mine.iter().filter(|(_, one)| !one.frozen).cloned().collect();
        let likely = if side == Side::Redeem { rich } else { open };
        let pool = if likely.is_empty() || self.chance(6) { mine } else { likely };
        let holder = self.holder();
        let (at, holder, there) = match self.one(&pool) {
            Some((at, one)) => (*at, one.owner, one.amount),
            None => (canonical(&holder, &of.mint), holder, 0),
        };
        let owed = of.owed();
        let backing = of.backing();
        let amount = if side == Side::Redeem {
            self.part(there)
        } else {
            let room = if backing > owed { backing - owed } else { BigUint::ZERO };
            let index = of.factors.index.clone().max(of.next().index);
            let most = room * &of.factors.den * 100_000_000u64 / (index * &of.factors.num);
            let most = u64::try_from(&most).unwrap_or(1 << 50).min(1 << 50);
            match self.below(4) {
                0 => most,
                1 => most.saturating_add(1 + self.below(4)),
                _ => self.amount(most.max(1)),
            }
        };
        let quote = Quote {
            id: self.word(),
            side,
            account: holder,
            amount,
            settlement: self.amount(1 << 30),
            generation: of.generation,
            expiry: self.books.now + self.between(0, 300),
        };
        let mint = of.mint;
        let quoted = QuotePlace { genesis: &GENESIS, mint: &mint, token_account: &at, settlement_mint: &coin() };
        let digest = quote_digest(&quote, &quoted);
        let signer = name_of(&self.books.roles[QUOTES]).unwrap_or("thief");
        let signed = if self.chance(24) { "thief" } else { signer };
        let named = [("account", holder), ("token_account", at), ("used_quote", place(&[seeds::QUOTE, &quote.id]))];
        let about = (Some(stock), Some(holder));
        let step = if side == Side::Mint {
            // Of a stock with a maximum the program counts what is bound, too.
            let of = &self.books.stocks[stock];
            let rest = if of.maximum > 0 { vec![(locked(&of.stock, &holder), false)] } else { vec![] };
            self.call(name, about, &named, &ins::Mint { quote }, &rest)
        } else {
            self.call(name, about, &named, &ins::Redeem { quote }, &[])
        };
        with_signature(step, signed, &digest)
    }

    fn crank(&mut self, name: &str, stock: usize) -> Step {
        let mint = self.books.stocks[stock].mint;
        let frozen = name == "thaw";
        let fits: Vec<_> = self
            .books
            .accounts
            .iter()
            .filter(|(_, one)| one.stock == stock && one.frozen == frozen)
            .filter(|(_, one)| frozen == self.books.may_receive(stock, &one.owner) || one.amount > 0)
            .map(|(at, one)| (*at, one.owner))
            .collect();
        let any = self.account(stock).map(|(at, one)| (at, one.owner));
        let found = if self.chance(6) { any } else { self.one(&fits).or(any) };
        let (at, holder) = found.unwrap_or((SYSTEM, key("thief")));
        let about = (Some(stock), Some(holder));
        let of = &self.books.stocks[stock];
        match name {
            "thaw" => self.call(name, about, &[("token_account", at)], &ins::Thaw {}, &[]),
            "freeze" => self.call(name, about, &[("token_account", at)], &ins::Freeze {}, &[]),
            "freeze_page" => {
                let size = if self.books.is_blocked(&holder) { 2 } else { 3 };
                let mut rest = Vec::new();
                for (at, one) in self.books.accounts.iter().filter(|(_, one)| one.owner == holder && one.stock == stock)
                {
                    let _ = one;
                    let group = [(of.stock, false), (mint, false), (*at, true)];
                    rest.extend(&group[3 - size..]);
                }
                self.call(name, about, &[], &ins::FreezePage {}, &rest)
            }
            _ => {
                let bound = self.some_bound(stock);
                let holder = bound.map_or(holder, |one| one.0);
                let at = canonical(&holder, &mint);
                let rest = self.kept(stock, &holder);
                self.call(name, (Some(stock), Some(holder)), &[("token_account", at)], &ins::ReleaseEnded {}, &rest)
            }
        }
    }

    fn some_bound(&mut self, stock: usize) -> Option<(Pubkey, Bound)> {
        let all: Vec<_> = self
            .books
            .bound
            .iter()
            .filter(|((at, _), one)| *at == stock && (one.frozen > 0 || !one.locks.is_empty()))
            .map(|((_, holder), one)| (*holder, one.clone()))
            .collect();
        self.one(&all)
    }

    /// The record of what is bound of a wallet, and its vault.
    fn kept(&self, stock: usize, holder: &Pubkey) -> Vec<(Pubkey, bool)> {
        let at = self.books.stocks[stock].stock;
        vec![(locked(&at, holder), true), (vault(&at, holder), true)]
    }

    fn enforce(&mut self, name: &str, stock: usize) -> Step {
        let (by, key_) = (self.who(ENFORCER), self.key());
        let (reason, document) = self.reason();
        let mut found = self.account(stock);
        let binds = ["freeze_tokens", "lock", "release_locks", "hold_account", "release_account"].contains(&name);
        if binds || self.chance(3) {
            let of = &self.books.stocks[stock];
            let own: Vec<_> = WALLETS
                .iter()
                .map(|name| canonical(&key(name), &of.mint))
                .filter_map(|at| self.books.accounts.get(&at).map(|one| (at, one.clone())))
                .filter(|(at, one)| canonical(&one.owner, &of.mint) == *at)
                .collect();
            let rich: Vec<_> = own.iter().filter(|(_, one)| one.amount > 0).cloned().collect();
            found = if self.chance(4) { self.one(&own) } else { self.one(&rich) }.or(found);
        }
        let (at, account) = found.map_or((SYSTEM, None), |(at, one)| (at, Some(one)));
        let mut holder = account.as_ref().map_or(key("thief"), |one| one.owner);
        let mut there = account.map_or(0, |one| one.amount);
        let mut source = at;
        let of = &self.books.stocks[stock];
        let (stock_at, mint) = (of.stock, of.mint);
        if name == "release_locks" {
            if let Some((whose, _)) = self.some_bound(stock) {
                (holder, source) = (whose, canonical(&whose, &mint));
            }
        }
        if name == "release_account" && !self.books.holds.is_empty() && !self.chance(4) {
            let held: Vec<Pubkey> =
                self.books.holds.iter().filter(|(at, _)| *at == stock).map(|(_, holder)| *holder).collect();
            if let Some(whose) = self.one(&held) {
                (holder, source) = (whose, canonical(&whose, &mint));
            }
        }
        if name == "hold_account" && self.chance(4) {
            holder = self.holder();
            source = canonical(&holder, &mint);
        }
        let mut rest = Vec::new();
        if name == "seize" || name == "forced_burn" {
            let bound = self.some_bound(stock);
            match (self.below(6), bound) {
                (0 | 1, Some((whose, _))) => {
                    let own = canonical(&whose, &mint);
                    let kept = self.books.accounts.get(&vault(&stock_at, &whose)).map_or(0, |one| one.amount);
                    there = self.books.accounts.get(&own).map_or(0, |one| one.amount) + kept;
                    (holder, source, rest) = (whose, own, self.kept(stock, &whose));
                }
                // A vault taken from as if it were its record's own account.
                (2, Some((whose, _))) if self.chance(2) => {
                    source = vault(&stock_at, &whose);
                    holder = locked(&stock_at, &whose);
                    there = self.books.accounts.get(&source).map_or(0, |one| one.amount);
                }
                _ => {}
            }
        }
        let amount = self.part(there);
        let mut named = vec![
            ("signer", by),
            ("holder", holder),
            ("hold", hold(&stock_at, &holder)),
            ("token_account", source),
            ("used_key", place(&[seeds::KEY, &key_])),
        ];
        let about = (Some(stock), None);
        let key = key_;
        match name {
            "hold_account" => self.call(name, about, &named, &ins::HoldAccount { key, reason, document }, &[]),
            "release_account" => self.call(name, about, &named, &ins::ReleaseAccount { key, reason, document }, &[]),
            "forced_burn" => self.call(name, about, &named, &ins::ForcedBurn { key, amount, reason, document }, &rest),
            "seize" => {
                let (to, receiver) = match self.account(stock) {
                    Some((to, one)) => (to, one.owner),
                    None => (SYSTEM, crate::cast::key("thief")),
                };
                let record = self.books.wallets.get(&receiver).map_or(SYSTEM, |one| investor(&one.investor));
                named.extend([
                    ("to", receiver),
                    ("wallet", wallet(&receiver)),
                    ("investor", record),
                    ("to_hold", hold(&stock_at, &receiver)),
                    ("to_account", to),
                ]);
                self.call(name, about, &named, &ins::Seize { key, amount, reason, document }, &rest)
            }
            _ => {
                named[2].1 = locked(&stock_at, &holder);
                named.push(("to_account", vault(&stock_at, &holder)));
                let until = self.books.now + self.between(-1, 20 * DAY);
                match name {
                    "lock" => self.call(name, about, &named, &ins::Lock { key, amount, until, reason, document }, &[]),
                    "freeze_tokens" => {
                        let amount = if self.chance(4) { 0 } else { amount };
                        self.call(name, about, &named, &ins::FreezeTokens { key, amount, reason, document }, &[])
                    }
                    _ => self.call(name, about, &named, &ins::ReleaseLocks { key, reason, document }, &[]),
                }
            }
        }
    }

    fn recover(&mut self, name: &str, stock: usize) -> Step {
        let lost: Vec<(Pubkey, Pubkey)> =
            self.books.wallets.iter().filter_map(|(old, one)| Some((*old, one.successor?))).collect();
        let (mut old, mut new) = self.one(&lost).unwrap_or((key("alice"), key("fresh4")));
        let mut id = self.books.wallets.get(&old).map_or([9; 32], |one| one.investor);
        if name == "recover_wallet" {
            (old, id) = self.linked();
            let fresh: Vec<Pubkey> =
                WALLETS.iter().map(|name| key(name)).filter(|one| !self.books.wallets.contains_key(one)).collect();
            new = self.one(&fresh).unwrap_or(key("fresh4"));
        }
        let (key_, by) = (self.key(), self.who(RECOVERER));
        let (reason, document) = self.reason();
        let mut rest = Vec::new();
        for (at, of) in self.books.stocks.iter().enumerate() {
            let (from, to) = (canonical(&old, &of.mint), canonical(&new, &of.mint));
            if at == stock || (self.books.accounts.contains_key(&from) && self.books.accounts.contains_key(&to)) {
                let holds = [(hold(&of.stock, &old), true), (hold(&of.stock, &new), true)];
                rest.extend([(of.stock, false), (of.mint, true), holds[0], holds[1], (from, true), (to, true)]);
            }
            if rest.len() >= 12 {
                break;
            }
        }
        let named = [
            ("signer", by),
            ("investor", investor(&id)),
            ("old", old),
            ("old_wallet", wallet(&old)),
            ("new", new),
            ("new_wallet", wallet(&new)),
            ("used_key", place(&[seeds::KEY, &key_])),
        ];
        let none = (None, None);
        match name {
            "recover_wallet" => {
                self.call(name, none, &named, &ins::RecoverWallet { key: key_, reason, document }, &rest)
            }
            "recover_in" => self.call(name, none, &named, &ins::RecoverIn {}, &rest),
            _ => {
                // What is bound of the lost wallet, where something is.
                let bound: Vec<(usize, Pubkey)> = self
                    .books
                    .bound
                    .iter()
                    .filter(|((_, holder), one)| *holder == old && (one.frozen > 0 || !one.locks.is_empty()))
                    .map(|(at, _)| *at)
                    .collect();
                let at = self.one(&bound).map_or(stock, |one| one.0);
                let of = &self.books.stocks[at];
                let mut rest = vec![(of.stock, false), (of.mint, true)];
                rest.extend(self.kept(at, &old));
                rest.extend(self.kept(at, &new));
                self.call(name, none, &named, &ins::RecoverLocks {}, &rest)
            }
        }
    }

    fn announce(&mut self, stock: usize, by: Pubkey) -> Step {
        let now = self.books.now;
        let code = *self.one(&[b"SPLF", b"SPLR", b"DRIP", b"DRIP"]).unwrap_or(b"DRIP");
        let dividend = code == *b"DRIP";
        let pending = self.books.stocks[stock].slot;
        let effective_at =
            if pending > now + DAY && self.chance(2) { pending } else { now + self.between(3_600, 6 * DAY) };
        let (a, b) = (1 + self.below(12), 1 + self.below(12));
        let (num, den) = if code == *b"SPLF" { (a.max(b), a.min(b)) } else { (a.min(b), a.max(b)) };
        let pay = effective_at + self.between(-DAY, 10 * DAY);
        let terms = Terms {
            ex: date(effective_at),
            ex_at: effective_at,
            pay: if dividend { pay } else { 0 },
            buy: if dividend && self.chance(3) { pay.max(effective_at) + self.between(0, 3_600) } else { 0 },
            effective_at,
            num: if dividend { 0 } else { num },
            den: if dividend { 0 } else { den },
            gross: if dividend { u128::from(1 + self.below(9_000)) * 1_000_000_000_000_000 } else { 0 },
        };
        let reference = [1 + self.below(200) as u8; 32];
        let at = place(&[seeds::ACTION, self.books.stocks[stock].stock.as_ref(), &code, &reference]);
        let named = [("signer", by), ("action", at)];
        let args = ins::AnnounceAction { code, reference, terms };
        self.call("announce_action", (Some(stock), None), &named, &args, &[])
    }

    fn decide(&mut self, name: &str, stock: usize, by: Pubkey) -> Step {
        let all: Vec<_> = self.books.stocks[stock]
            .actions
            .iter()
            .filter(|(_, one)| !one.ended && (name == "cancel_action" || !one.scheduled))
            .map(|(at, one)| (*at, one.clone()))
            .collect();
        let open: Vec<_> = all.iter().filter(|(_, one)| one.effective_at > self.books.now).cloned().collect();
        let pool = if open.is_empty() || (name == "cancel_action" && self.chance(2)) { all } else { open };
        let found = self.one(&pool);
        let (at, code, reference, gross) =
            found.map_or((SYSTEM, *b"DRIP", [1; 32], 1), |(at, one)| (at, one.code, one.reference, one.gross));
        let about = (Some(stock), None);
        let named = [("signer", by), ("action", at)];
        if name == "cancel_action" {
            let (reason, document) = self.reason();
            return self.call(name, about, &named, &ins::CancelAction { code, reference, reason, document }, &[]);
        }
        // Around a quarter of the price, which is the most, and far below.
        let times = if self.chance(8) { 3 } else { 4 + self.below(60) };
        let price = if code == *b"DRIP" { gross * u128::from(times) + u128::from(self.below(1_000)) } else { 0 };
        self.call(name, about, &named, &ins::ScheduleAction { code, reference, price }, &[])
    }

    fn repair(&mut self, name: &str, stock: usize, by: Pubkey) -> Step {
        let of = &self.books.stocks[stock];
        let reference = [1 + self.below(200) as u8; 32];
        let code = if name == "fold_pair" { *b"FOLD" } else { *b"CORR" };
        let at = place(&[seeds::ACTION, of.stock.as_ref(), &code, &reference]);
        let named = [("signer", by), ("action", at)];
        let (reason, document) = self.reason();
        let about = (Some(stock), None);
        let factors = of.factors.clone();
        let _ = of.parts.iter().any(|one| matches!(one.change, Change::Repair(_)));
        if name == "fold_pair" {
            // The same multiplier with nothing left of the fraction, or with half of it where that comes out.
            let index = small(&factors.shown());
            let args = ins::FoldPair { reference, index, num: 1, den: 1, reason, document };
            return self.call(name, about, &named, &args, &[]);
        }
        let index = small(&factors.index) / 1_000 * u128::from(900 + self.below(200));
        let effective_at = self.books.now + DAY + self.between(-1, DAY);
        self.call(name, about, &named, &ins::CorrectIndex { reference, index, effective_at, reason, document }, &[])
    }
}
