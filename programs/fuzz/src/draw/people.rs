//! Draws of the issuer's roles and delay, of investors, and of what an enforcer does.
use super::{role, Draw, Step};
use crate::{
    books::{Id, DAY},
    cast::*,
    chain::START,
};
use solana_pubkey::Pubkey;
use stock_token::{
    instruction as ins,
    messages::attestation_digest,
    seeds,
    state::{Call as Kept, HolderLimits, InvestorClass, Named, Roles, Settings, StockRules},
    InitialiseArgs, KycAttestation,
};

/// What a signed message binds to.
pub const GENESIS: Id = [3; 32];

impl Draw<'_> {
    fn class(&mut self) -> InvestorClass {
        let all = [InvestorClass::Retail, InvestorClass::Professional, InvestorClass::Institutional];
        self.one(&all).unwrap_or(InvestorClass::Retail)
    }

    fn country(&mut self) -> u16 {
        self.one(&[840, 276, 756, 250]).unwrap_or(840)
    }

    fn expiry(&mut self) -> i64 {
        match self.below(6) {
            0 => self.books.now + self.between(-5, DAY),
            1 => self.between(0, 1 << 41),
            _ => self.books.now + self.between(30 * DAY, 900 * DAY),
        }
    }

    /// Accounts of a wallet's that a change of its investor names: stock, mint, record, token account.
    fn groups(&mut self, holder: &Pubkey) -> Vec<(Pubkey, bool)> {
        let mut rest = Vec::new();
        for (at, account) in &self.books.accounts {
            if account.owner == *holder && rest.len() < 12 {
                let of = &self.books.stocks[account.stock];
                rest.extend([(of.stock, false), (of.mint, false), (wallet(holder), false), (*at, true)]);
            }
        }
        rest
    }

    pub(super) fn people(&mut self, name: &str) -> Option<Step> {
        let none = (None, None);
        let admin = self.who(ADMIN);
        let compliance = self.who(COMPLIANCE);
        let by_admin = [("signer", admin)];
        Some(match name {
            "initialise" => {
                let roles = Roles {
                    admin: key("admin"),
                    issuer: key("issuer"),
                    compliance: key("compliance"),
                    enforcer: key("enforcer"),
                    pauser: key("pauser"),
                    unpauser: key("unpauser"),
                    actions: key("actions"),
                    quote_signer: key("quotes"),
                    attestor: key("attestor"),
                    guardian: key("guardian"),
                    recoverer: key("recoverer"),
                };
                let args = InitialiseArgs { genesis: GENESIS, roles, settings: Settings::default() };
                let named = [("payer", key("admin")), ("upgrade_authority", key("admin"))];
                self.call(name, none, &named, &ins::Initialise { args }, &[])
            }
            "offer_role" => {
                let number = self.below(11) as usize;
                // To the address without a key seldom, for then all that the admin does has to wait.
                let to = match number {
                    ADMIN if self.books.timelock.is_some() && self.chance(2) => place(&[seeds::ADMIN]),
                    ADMIN if self.chance(2) => key("successor1"),
                    QUOTES => key(self.one(&["quotes", "quotes2"]).unwrap_or("quotes")),
                    ATTESTOR => key(self.one(&["attestor", "attestor2"]).unwrap_or("attestor")),
                    _ => key(self.one(&[ROLES[number], ROLES[number], "successor2"]).unwrap_or("successor2")),
                };
                self.call(name, none, &by_admin, &ins::OfferRole { role: role(number), to }, &[])
            }
            "accept_role" => {
                let (number, to) = self.books.offered.unwrap_or((ADMIN, key("thief")));
                let to = if name_of(&to).is_none() || self.chance(8) { self.somebody() } else { to };
                self.call(name, none, &[("signer", to)], &ins::AcceptRole { role: role(number) }, &[])
            }
            "revoke_role" => {
                let number = self.below(11) as usize;
                let from = self.books.roles[number];
                let by = if self.chance(2) && name_of(&from).is_some() { from } else { admin };
                self.call(name, none, &[("signer", by)], &ins::RevokeRole { role: role(number), from }, &[])
            }
            "change_settings" => {
                let settings = Settings {
                    split_notice: self.between(3_599, 2 * DAY),
                    dividend_announce: self.between(3_600, 2 * DAY),
                    dividend_strike: self.between(599, DAY),
                    grace: self.between(0, 10 * DAY),
                    withholding_bps: self.below(4_000) as u16,
                    ..Settings::default()
                };
                self.call(name, none, &by_admin, &ins::ChangeSettings { settings }, &[])
            }
            "halt" => {
                let by = self.who(GUARDIAN);
                self.call(name, none, &[("signer", by)], &ins::Halt {}, &[])
            }
            "unhalt" => self.call(name, none, &by_admin, &ins::Unhalt {}, &[]),
            "pause_market" => {
                let by = self.who(PAUSER);
                self.call(name, none, &[("signer", by)], &ins::PauseMarket {}, &[])
            }
            "resume_market" => {
                let by = self.who(UNPAUSER);
                self.call(name, none, &[("signer", by)], &ins::ResumeMarket {}, &[])
            }
            "set_timelock" => {
                let delay = self.between(3_599, DAY);
                let args = ins::SetTimelock { delay, proposer: key("proposer"), canceller: key("canceller") };
                self.call(name, none, &by_admin, &args, &[])
            }
            "schedule_operation" => self.scheduled(),
            "execute_operation" | "cancel_operation" => {
                let all: Vec<_> = self.books.operations.iter().map(|(at, one)| (*at, one.clone())).collect();
                let ready: Vec<_> = all.iter().filter(|one| one.1.ready_at <= self.books.now).cloned().collect();
                let all = if name == "execute_operation" && !ready.is_empty() { ready } else { all };
                let found = self.one(&all);
                let (at, payer) = found.as_ref().map_or((SYSTEM, SYSTEM), |(at, one)| (*at, one.payer));
                let by = if name == "execute_operation" || self.chance(9) {
                    self.somebody()
                } else {
                    key(self.one(&["canceller", "proposer"]).unwrap_or("canceller"))
                };
                let named = [("signer", by), ("operation", at), ("payer", payer)];
                if name == "cancel_operation" {
                    return Some(self.call(name, none, &named, &ins::CancelOperation {}, &[]));
                }
                let rest: Vec<_> = found.map_or(Vec::new(), |(_, one)| {
                    one.accounts.iter().map(|(account, _, written)| (*account, *written)).collect()
                });
                self.call(name, none, &named, &ins::ExecuteOperation {}, &rest)
            }
            "onboard_investor" | "set_investor" | "renew_investor" | "link_wallet" | "unlink_wallet"
            | "block_investor" | "unblock_investor" | "free_seat" => self.investors(name, compliance),
            "set_provider" => {
                let provider = key(self.one(&["provider1", "provider2"]).unwrap_or("provider1"));
                let at = place(&[seeds::PROVIDER, provider.as_ref()]);
                let args = ins::SetProvider { key: provider, limit: self.below(9) as u32 };
                self.call(name, none, &[("signer", admin), ("provider", at)], &args, &[])
            }
            "drop_provider" => {
                let provider = key(self.one(&["provider1", "provider2"]).unwrap_or("provider1"));
                let at = place(&[seeds::PROVIDER, provider.as_ref()]);
                let (reason, document) = self.reason();
                let args = ins::DropProvider { key: provider, reason, document };
                self.call(name, none, &[("signer", compliance), ("provider", at)], &args, &[])
            }
            "cancel_attestation" => {
                let by = key(self.one(&["provider1", "provider2"]).unwrap_or("provider1"));
                let nonce = [self.below(6) as u8 + 1; 32];
                let at = place(&[seeds::ATTESTED, by.as_ref(), &nonce]);
                self.call(name, none, &[("signer", by), ("used_nonce", at)], &ins::CancelAttestation { nonce }, &[])
            }
            "onboard_attested" => {
                let provider = self.one(&["provider1", "provider2"]).unwrap_or("provider1");
                let holder = self.holder();
                let attestation = KycAttestation {
                    provider: key(provider),
                    investor: [100 + self.below(20) as u8; 32],
                    wallet: holder,
                    country: self.country(),
                    class: self.class(),
                    expiry: self.expiry(),
                    nonce: [self.below(40) as u8 + 1; 32],
                    deadline: self.books.now + self.between(-1, 600),
                };
                let digest = attestation_digest(&attestation, &GENESIS, &place(&[seeds::ISSUER]));
                let named = [
                    ("signer", holder),
                    ("provider", place(&[seeds::PROVIDER, attestation.provider.as_ref()])),
                    ("investor", investor(&attestation.investor)),
                    ("wallet", wallet(&holder)),
                    ("used_nonce", place(&[seeds::ATTESTED, attestation.provider.as_ref(), &attestation.nonce])),
                ];
                let signed = if self.chance(12) { "thief" } else { provider };
                let step = self.call(name, none, &named, &ins::OnboardAttested { attestation }, &[]);
                with_signature(step, signed, &digest)
            }
            "set_rules" | "set_limits" => {
                let stock = self.stock();
                let by = if self.chance(2) { admin } else { compliance };
                let of = &self.books.stocks[stock];
                if name == "set_rules" {
                    let mut rules = StockRules { classes: 15, countries: [255; 128] };
                    match self.below(4) {
                        0 => rules.classes = self.below(17) as u8,
                        1 => rules.countries[276 / 8] ^= 1 << (276 % 8),
                        _ => {}
                    }
                    return Some(self.call(
                        name,
                        (Some(stock), None),
                        &[("signer", by)],
                        &ins::SetRules { rules },
                        &[],
                    ));
                }
                let (most, maximum) = (of.most, of.maximum);
                let limits = match self.below(4) {
                    0 => HolderLimits { most: 0, maximum: 0 },
                    1 => HolderLimits { most: most.saturating_sub(1), maximum },
                    _ => HolderLimits { most: 2 + self.below(5) as u32, maximum: self.amount(1 << 44) },
                };
                self.call(name, (Some(stock), None), &[("signer", by)], &ins::SetLimits { limits }, &[])
            }
            _ => return None,
        })
    }

    fn investors(&mut self, name: &str, by: Pubkey) -> Step {
        let key_ = self.key();
        let (mut holder, mut id) = self.linked();
        let (reason, document) = self.reason();
        if name == "onboard_investor" || name == "link_wallet" {
            holder = self.holder();
            id = if name == "link_wallet" { self.investor() } else { [self.below(30) as u8 + 1; 32] };
        }
        let mut named = vec![
            ("signer", by),
            ("investor", investor(&id)),
            ("holder", holder),
            ("wallet", wallet(&holder)),
            ("used_key", place(&[seeds::KEY, &key_])),
        ];
        let none = (None, None);
        let (country, expiry, key) = (self.country(), self.expiry(), key_);
        let class = if self.chance(12) { InvestorClass::Venue } else { self.class() };
        match name {
            "onboard_investor" => {
                self.call(name, none, &named, &ins::OnboardInvestor { key, id, country, class, expiry }, &[])
            }
            "set_investor" => self.call(name, none, &named, &ins::SetInvestor { key, id, country, class, expiry }, &[]),
            "renew_investor" => self.call(name, none, &named, &ins::RenewInvestor { key, id, expiry }, &[]),
            "link_wallet" => {
                let rest = self.groups(&holder);
                self.call(name, none, &named, &ins::LinkWallet { key, id }, &rest)
            }
            "unlink_wallet" => {
                let rest = if self.chance(4) { Vec::new() } else { self.groups(&holder) };
                self.call(name, none, &named, &ins::UnlinkWallet { key, id, reason, document }, &rest)
            }
            "block_investor" => {
                let rest = if self.chance(4) { Vec::new() } else { self.groups(&holder) };
                self.call(name, none, &named, &ins::BlockInvestor { key, id, reason, document }, &rest)
            }
            "unblock_investor" => {
                let blocked: Vec<Id> =
                    self.books.investors.iter().filter(|(_, one)| one.blocked).map(|(id, _)| *id).collect();
                let id = self.one(&blocked).unwrap_or(id);
                named[1].1 = investor(&id);
                self.call(name, none, &named, &ins::UnblockInvestor { key, id, reason, document }, &[])
            }
            _ => {
                let stocks = self.books.stocks.iter().enumerate();
                let seated: Vec<(usize, Id)> =
                    stocks.flat_map(|(at, of)| of.seats.iter().map(move |id| (at, *id))).collect();
                let (stock, id) = self.one(&seated).unwrap_or((0, id));
                named[1].1 = investor(&id);
                let of = &self.books.stocks[stock];
                let mut rest = vec![(of.stock, true), (of.mint, false)];
                let mine = |one: &&crate::books::Wallet| one.investor == id && one.successor.is_none();
                for (holder, _) in self.books.wallets.iter().filter(|(_, one)| mine(one)) {
                    rest.extend([(wallet(holder), false), (canonical(holder, &of.mint), true)]);
                }
                self.call(name, none, &named, &ins::FreeSeat { key, id }, &rest)
            }
        }
    }

    /// Something of the administrator's, to be carried out later.
    fn scheduled(&mut self) -> Step {
        let names = [
            "set_ceiling",
            "offer_role",
            "change_settings",
            "set_timelock",
            "configure_reserve",
            "unhalt",
            "describe_stock",
            "set_limits",
            "accept_role",
            "accept_role",
            "set_basis",
            "set_isin",
            "list_asset",
        ];
        let inner = self.one(&names).unwrap_or("set_ceiling");
        let (admin, word) = (place(&[seeds::ADMIN]), self.word());
        let Step::Call(call) = self.named(inner) else { unreachable!("an instruction is one") };
        let signer = self.known[call.known].place("signer").expect("the administrator signs");
        let accounts = call.metas.iter().enumerate().map(|(at, one)| Named {
            account: if at == signer { admin } else { one.pubkey },
            signs: one.is_signer,
            written: one.is_writable,
        });
        let args = ins::ScheduleOperation { key: word, call: Kept { accounts: accounts.collect(), data: call.data } };
        let by = if self.chance(12) { self.somebody() } else { key("proposer") };
        let named = [("signer", by), ("operation", place(&[seeds::OPERATION, &word]))];
        self.call("schedule_operation", (None, None), &named, &args, &[])
    }
}

/// The signature that an instruction needs, just before it.
pub fn with_signature(step: Step, by: &str, digest: &Id) -> Step {
    let Step::Call(mut call) = step else { return step };
    call.before = Some(signature(by, digest));
    Step::Call(call)
}

/// YYYYMMDD of a second, counted up day by day from where the clock begins.
pub fn date(second: i64) -> u32 {
    let (mut year, mut month, mut day) = (2027u32, 1u32, 15u32);
    let mut left = second.div_euclid(DAY) - START.div_euclid(DAY);
    while left > 0 {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let last = match month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        day += 1;
        if day > last {
            (month, day) = (month + 1, 1);
        }
        if month > 12 {
            (year, month) = (year + 1, 1);
        }
        left -= 1;
    }
    year * 10_000 + month * 100 + day
}
