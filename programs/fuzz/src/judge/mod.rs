//! What must have been true where an instruction was carried out, and what it must have done. Each sentence here is
//! told
//! when it does not hold. What an instruction says is read from its data, so that what was bent is judged as it was
//! sent.
mod acts;
mod units;

use crate::{
    books::{Books, Id, Waiting},
    cast::*,
    chain::Chain,
    idl::Known,
};
use anchor_lang::AnchorDeserialize;
use solana_instruction::AccountMeta;
use solana_pubkey::Pubkey;
use stock_token::{instruction as ins, seeds};

/// An instruction as it was sent.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    pub known: &'a Known,
    pub metas: &'a [AccountMeta],
    pub data: &'a [u8],
}

pub type Verdict = Result<(), String>;

macro_rules! must {
    ($holds:expr, $($sentence:tt)*) => {
        if !$holds {
            return Err(format!($($sentence)*));
        }
    };
}
pub(crate) use must;

impl Given<'_> {
    pub fn name(&self) -> &str {
        &self.known.name
    }

    /// The account that stands where one of a name does.
    pub fn at(&self, name: &str) -> Pubkey {
        let place = self.known.place(name).unwrap_or_else(|| panic!("{} has no account {name}", self.known.name));
        self.metas[place].pubkey
    }

    /// The accounts behind those that have names.
    pub fn rest(&self) -> Vec<Pubkey> {
        self.metas[self.known.accounts.len()..].iter().map(|one| one.pubkey).collect()
    }

    /// What it says.
    pub fn says<T: AnchorDeserialize>(&self) -> T {
        T::deserialize(&mut &self.data[8..]).expect("what was carried out can be read")
    }

    /// The stock whose mint it names.
    pub fn stock(&self, books: &Books) -> Result<usize, String> {
        let found = books.stock_of(&self.at("mint")).ok_or("An instruction about a mint is about a stock's.")?;
        for name in ["stock", "calendar", "reserve"] {
            let stock = &books.stocks[found];
            let own = match name {
                "stock" => stock.stock,
                "calendar" => stock.calendar,
                _ => stock.reserve,
            };
            let named = self.known.place(name).map(|place| self.metas[place].pubkey);
            must!(named.is_none_or(|at| at == own), "All accounts of a stock that are named are the one stock's.");
        }
        Ok(found)
    }
}

/// Who may call an instruction.
pub enum Rule {
    /// Holders of one of these roles.
    Role(&'static [usize]),
    /// Anyone.
    Anyone,
    /// Somebody of whom its own sentence speaks.
    Own,
}

/// Who may call which instruction: all there are.
pub const RULES: &[(&str, Rule)] = &[
    ("accept_role", Rule::Own),
    ("announce_action", Rule::Role(&[ACTIONS])),
    ("apply_multiplier", Rule::Anyone),
    ("attest_reserve", Rule::Anyone),
    ("block_investor", Rule::Role(&[COMPLIANCE])),
    ("cancel_action", Rule::Role(&[ACTIONS, ADMIN])),
    ("cancel_attestation", Rule::Own),
    ("cancel_operation", Rule::Own),
    ("change_settings", Rule::Role(&[ADMIN])),
    ("close_quote", Rule::Anyone),
    ("configure_reserve", Rule::Role(&[ADMIN])),
    ("confirm_basis", Rule::Anyone),
    ("correct_index", Rule::Role(&[ADMIN])),
    ("coverage", Rule::Anyone),
    ("create_stock", Rule::Role(&[ISSUER])),
    ("describe_stock", Rule::Role(&[ADMIN])),
    ("drop_provider", Rule::Role(&[COMPLIANCE])),
    ("execute_operation", Rule::Anyone),
    ("fold_pair", Rule::Role(&[ADMIN])),
    ("forced_burn", Rule::Role(&[ENFORCER])),
    ("free_seat", Rule::Role(&[COMPLIANCE])),
    ("freeze", Rule::Anyone),
    ("freeze_page", Rule::Anyone),
    ("freeze_tokens", Rule::Role(&[ENFORCER])),
    ("halt", Rule::Role(&[GUARDIAN])),
    ("hold_account", Rule::Role(&[ENFORCER])),
    ("initialise", Rule::Own),
    ("link_wallet", Rule::Role(&[COMPLIANCE])),
    ("list_asset", Rule::Role(&[ADMIN])),
    ("lock", Rule::Role(&[ENFORCER])),
    ("mint", Rule::Own),
    ("multiplier", Rule::Anyone),
    ("offer_role", Rule::Role(&[ADMIN])),
    ("onboard_attested", Rule::Own),
    ("onboard_investor", Rule::Role(&[COMPLIANCE])),
    ("pause", Rule::Role(&[PAUSER])),
    ("pause_halted", Rule::Anyone),
    ("pause_market", Rule::Role(&[PAUSER])),
    ("publish_document", Rule::Role(&[ACTIONS])),
    ("raw_amount", Rule::Anyone),
    ("recover_in", Rule::Anyone),
    ("recover_locks", Rule::Anyone),
    ("recover_wallet", Rule::Role(&[RECOVERER])),
    ("redeem", Rule::Own),
    ("release_account", Rule::Role(&[ENFORCER])),
    ("release_ended", Rule::Anyone),
    ("release_locks", Rule::Role(&[ENFORCER])),
    ("renew_investor", Rule::Role(&[COMPLIANCE])),
    ("resume", Rule::Role(&[UNPAUSER])),
    ("resume_market", Rule::Role(&[UNPAUSER])),
    ("resync_multiplier", Rule::Role(&[UNPAUSER])),
    ("revoke_role", Rule::Own),
    ("schedule_action", Rule::Role(&[ACTIONS])),
    ("schedule_operation", Rule::Own),
    ("seize", Rule::Role(&[ENFORCER])),
    ("set_basis", Rule::Role(&[ADMIN])),
    ("set_ceiling", Rule::Role(&[ADMIN])),
    ("set_custodian", Rule::Role(&[ADMIN])),
    ("set_investor", Rule::Role(&[COMPLIANCE])),
    ("set_isin", Rule::Role(&[ADMIN])),
    ("set_limits", Rule::Role(&[COMPLIANCE, ADMIN])),
    ("set_provider", Rule::Role(&[ADMIN])),
    ("set_rules", Rule::Role(&[COMPLIANCE, ADMIN])),
    ("set_timelock", Rule::Role(&[ADMIN])),
    ("thaw", Rule::Anyone),
    ("ui_amount", Rule::Anyone),
    ("unblock_investor", Rule::Role(&[COMPLIANCE])),
    ("unhalt", Rule::Role(&[ADMIN])),
    ("unlink_wallet", Rule::Role(&[COMPLIANCE])),
    ("withdraw", Rule::Role(&[ISSUER])),
];

/// What a halt stops. All else goes on: stops, forced actions, the register, terms of actions, and what is only read.
pub const HALTED: &[&str] = &["mint", "redeem", "release_ended", "resume", "thaw", "withdraw"];

/// What has to state why.
pub const REASONED: &[&str] = &[
    "block_investor",
    "cancel_action",
    "correct_index",
    "drop_provider",
    "fold_pair",
    "forced_burn",
    "freeze_tokens",
    "hold_account",
    "lock",
    "recover_wallet",
    "release_account",
    "release_locks",
    "seize",
    "unblock_investor",
    "unlink_wallet",
];

/// Judge an instruction that was carried out, and enter into the books what it did.
pub fn accept(books: &mut Books, given: &Given, known: &[Known], chain: &Chain, returned: &[u8]) -> Verdict {
    let name = given.name();
    let by = given.known.place("signer").map(|place| given.metas[place].pubkey).unwrap_or_default();
    let rule = RULES.iter().find(|(one, _)| *one == name).map(|(_, rule)| rule);
    match rule.ok_or_else(|| format!("{name}: nobody has said who may call it"))? {
        Rule::Role(roles) => must!(
            roles.iter().any(|role| books.holds_role(*role, &by)),
            "Nobody without the role does what a role does."
        ),
        Rule::Anyone | Rule::Own => {}
    }
    must!(!books.halted || !HALTED.contains(&name), "In a halt nothing is done that a halt stops.");
    if name == "execute_operation" {
        return execute(books, given, known, chain);
    }
    enter(books, given, by, chain, returned)
}

/// An operation that has waited, and what it orders.
fn execute(books: &mut Books, given: &Given, known: &[Known], chain: &Chain) -> Verdict {
    let at = given.at("operation");
    let waiting = books.operations.remove(&at).ok_or("Nothing is carried out that was not scheduled, or twice.")?;
    must!(books.now >= waiting.ready_at, "Nothing is carried out before it has waited.");
    must!(books.now < waiting.ready_at + 14 * 86_400, "Nothing is carried out that has lapsed.");
    must!(given.at("payer") == waiting.payer, "The rent of an operation goes back to whoever paid it.");
    must!(chain.data(&at).is_none(), "An operation that was carried out is gone.");
    let called = known.iter().find(|one| waiting.data.starts_with(&one.discriminator));
    let called = called.ok_or("What was carried out is an instruction of the program's.")?;
    let meta =
        |&(pubkey, is_signer, is_writable): &(Pubkey, bool, bool)| AccountMeta { pubkey, is_signer, is_writable };
    let metas: Vec<AccountMeta> = waiting.accounts.iter().map(meta).collect();
    let same = given.rest().iter().eq(metas.iter().map(|one| &one.pubkey));
    must!(same, "What is carried out names the accounts that were scheduled.");
    let inner = Given { known: called, metas: &metas, data: &waiting.data };
    accept(books, &inner, known, chain, &[])
}

fn used(books: &mut Books, key: Id) -> Verdict {
    must!(key != [0; 32], "No order has an empty key.");
    must!(books.keys.insert(key), "No key serves two orders.");
    Ok(())
}

/// What an order says of itself: its key, and why.
pub fn order(books: &mut Books, key: Id, reason: u16, document: Id) -> Verdict {
    used(books, key)?;
    why(reason, document)
}

pub fn why(reason: u16, document: Id) -> Verdict {
    must!(reason != 0 && document != [0; 32], "What is forced states a reason and a document.");
    Ok(())
}

fn enter(books: &mut Books, given: &Given, by: Pubkey, chain: &Chain, returned: &[u8]) -> Verdict {
    match given.name() {
        "initialise" => {
            must!(!books.live, "An issuer is initialised once.");
            must!(given.at("upgrade_authority") == key("admin"), "The upgrade authority alone initialises.");
            let args = given.says::<ins::Initialise>().args;
            let roles = args.roles;
            books.roles = [
                roles.admin,
                roles.issuer,
                roles.compliance,
                roles.enforcer,
                roles.pauser,
                roles.unpauser,
                roles.actions,
                roles.quote_signer,
                roles.attestor,
                roles.guardian,
                roles.recoverer,
            ];
            books.settings = settings(&args.settings);
            books.live = true;
        }
        "offer_role" => {
            let ins::OfferRole { role, to } = given.says();
            let role = role as usize;
            if role == QUOTES || role == ATTESTOR {
                must!(to != Pubkey::default(), "Nobody's key is named to sign papers.");
                books.roles[role] = to;
            } else {
                books.offered = Some((role, to));
            }
        }
        "accept_role" => {
            let role = given.says::<ins::AcceptRole>().role as usize;
            must!(books.offered == Some((role, by)), "A role goes to whom it was offered to, and to nobody else.");
            books.roles[role] = by;
            books.offered = None;
        }
        "revoke_role" => {
            let ins::RevokeRole { role, from } = given.says();
            let role = role as usize;
            must!(role != ADMIN, "Somebody always administers.");
            must!(books.roles[role] == from, "A role is taken from whom the order names.");
            let may = books.holds_role(ADMIN, &by) || books.holds_role(role, &by);
            must!(may, "Nobody without the role does what a role does.");
            books.roles[role] = Pubkey::default();
        }
        "change_settings" => books.settings = settings(&given.says::<ins::ChangeSettings>().settings),
        "halt" => {
            must!(!books.halted, "A halt is not begun twice.");
            books.halted = true;
        }
        "unhalt" => {
            must!(books.halted, "No halt is ended that is none.");
            books.halted = false;
        }
        "pause_market" => books.market_paused = true,
        "resume_market" => books.market_paused = false,
        "set_timelock" => {
            let ins::SetTimelock { delay, proposer, canceller } = given.says();
            must!((3_600..=30 * 86_400).contains(&delay), "A delay lies between its floor and its maximum.");
            must!(proposer != canceller, "Who schedules is not the only one who cancels.");
            books.timelock = Some((delay, proposer, canceller));
        }
        "schedule_operation" => {
            let ins::ScheduleOperation { key, call } = given.says();
            let (delay, proposer, _) = books.timelock.ok_or("Nothing waits before a delay is named.")?;
            must!(proposer == by, "The proposer alone schedules.");
            let admin = place(&[seeds::ADMIN]);
            let alone = call.accounts.iter().all(|one| !one.signs || one.account == admin);
            must!(alone, "What waits is signed by the address without a key, and by nobody else.");
            let at = place(&[seeds::OPERATION, &key]);
            must!(!books.operations.contains_key(&at), "No two operations wait under one key.");
            let accounts = call.accounts.iter().map(|one| (one.account, one.signs, one.written)).collect();
            books.operations.insert(at, Waiting { ready_at: books.now + delay, payer: by, accounts, data: call.data });
        }
        "cancel_operation" => {
            let (_, proposer, canceller) = books.timelock.ok_or("Nothing waits before a delay is named.")?;
            must!(by == proposer || by == canceller, "The canceller and the proposer alone cancel.");
            let gone = books.operations.remove(&given.at("operation"));
            let gone = gone.ok_or("Nothing is cancelled that does not wait.")?;
            must!(given.at("payer") == gone.payer, "The rent of an operation goes back to whoever paid it.");
        }
        "onboard_investor" | "set_investor" | "renew_investor" | "link_wallet" | "unlink_wallet" | "block_investor"
        | "unblock_investor" | "set_provider" | "drop_provider" | "cancel_attestation" | "onboard_attested"
        | "set_rules" | "set_limits" | "free_seat" => units::register(books, given, by)?,
        "create_stock" | "announce_action" | "schedule_action" | "cancel_action" | "correct_index" | "fold_pair"
        | "apply_multiplier" | "resync_multiplier" | "configure_reserve" | "set_ceiling" | "attest_reserve"
        | "confirm_basis" | "set_basis" | "ui_amount" | "raw_amount" | "multiplier" | "coverage" | "pause"
        | "resume" | "pause_halted" | "set_isin" | "describe_stock" | "publish_document" => {
            acts::enter(books, given, chain, returned)?;
        }
        _ => units::enter(books, given, chain)?,
    }
    Ok(())
}

fn settings(given: &stock_token::state::Settings) -> [i64; 5] {
    [given.split_notice, given.dividend_announce, given.dividend_strike, given.grace, i64::from(given.withholding_bps)]
}
