//! What the program stores of the issuer, of investors and of what has happened: every sentence of an invariant can fail.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]
mod breaches;

use anchor_lang::prelude::Pubkey;
use breaches::{broken, holds_after, holds_until, someone, Breach};
use stock_token::{parameters::*, seeds::ADMIN_AT, state::*};

fn issuer() -> Issuer {
    let mut roles = Roles::default();
    for (number, role) in (1_u8..).zip(ROLES) {
        roles.set(role, someone(number));
    }
    Issuer {
        version: Version,
        genesis: [1; 32],
        roles,
        offered: Role::Admin,
        offered_to: Pubkey::default(),
        settings: Settings::default(),
        market_paused: false,
        halted: false,
        bump: 255,
        authority_bump: 255,
        reserved: Reserved,
    }
}

const ROLES: [Role; 10] = [
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
];

#[test]
fn issuers() {
    for role in ROLES {
        let mut issuer = issuer();
        issuer.roles.set(role, Pubkey::default());
        let wrong = (role == Role::Admin).then_some("Roles");
        assert_eq!(broken(issuer.invariant()).as_deref(), wrong, "nobody is left without an administrator");
        assert!(!issuer.roles.complete());
    }
    let breaches: &[Breach<Issuer>] = &[
        ("Settings", |issuer| issuer.settings.split_notice = SPLIT_NOTICE_FLOOR - 1),
        ("Settings", |issuer| issuer.settings.split_notice = MAX_NOTICE + 1),
        ("Settings", |issuer| issuer.settings.dividend_announce = DIVIDEND_ANNOUNCE_FLOOR - 1),
        ("Settings", |issuer| issuer.settings.dividend_announce = MAX_NOTICE + 1),
        ("Settings", |issuer| issuer.settings.dividend_strike = DIVIDEND_STRIKE_FLOOR - 1),
        ("Settings", |issuer| issuer.settings.dividend_strike = MAX_NOTICE + 1),
        ("Settings", |issuer| issuer.settings.grace = -1),
        ("Settings", |issuer| issuer.settings.grace = MAX_GRACE + 1),
        ("Settings", |issuer| issuer.settings.withholding_bps = MAX_WITHHOLDING_BPS + 1),
    ];
    holds_until(&issuer(), breaches);
    let last: fn(&mut Issuer) = |issuer| {
        let mut address = [0; 32];
        address[31] = 1;
        issuer.roles.admin = Pubkey::new_from_array(address);
    };
    holds_after(&issuer(), &[last]);
}

#[test]
fn investors_and_wallets() {
    let (class, expiry) = (InvestorClass::Retail, MAX_U40);
    let (id, wallets, seats, bump) = ([1; 32], MAX_WALLETS, [0; MAX_SEATS], 255);
    let investor = Investor {
        version: Version,
        id,
        country: 840,
        class,
        blocked: true,
        wallets,
        expiry,
        seats,
        bump,
        reserved: Reserved,
    };
    let breaches: &[Breach<Investor>] = &[
        ("Investor", |investor| investor.expiry = 0),
        ("Investor", |investor| investor.expiry = MAX_U40 + 1),
        ("Investor", |investor| investor.wallets = MAX_WALLETS + 1),
    ];
    holds_until(&investor, breaches);
    let wallet = Wallet {
        version: Version,
        holder: someone(1),
        investor: someone(2),
        successor: None,
        recoveries: 0,
        bump: 255,
        reserved: Reserved,
    };
    holds_until(&wallet, &[("Wallet", |wallet| wallet.holder = Pubkey::default())]);
}

#[test]
fn records() {
    let asset =
        Asset { version: Version, mint: someone(1), treasury: someone(2), listed: true, bump: 255, reserved: Reserved };
    holds_until(&asset, &[("Asset", |asset| asset.mint = Pubkey::default())]);
    let quote = UsedQuote { version: Version, payer: someone(1), expiry: 1, bump: 255, reserved: Reserved };
    let breaches: &[Breach<UsedQuote>] =
        &[("UsedQuote", |quote| quote.expiry = 0), ("UsedQuote", |quote| quote.payer = Pubkey::default())];
    holds_until(&quote, breaches);
    let hold = Hold {
        version: Version,
        stock: someone(1),
        holder: someone(2),
        reason: 1,
        document: [1; 32],
        bump: 255,
        reserved: Reserved,
    };
    let breaches: &[Breach<Hold>] = &[("Hold", |hold| hold.reason = 0), ("Hold", |hold| hold.document = [0; 32])];
    holds_until(&hold, breaches);
    let provider = Provider {
        version: Version,
        key: someone(1),
        limit: 0,
        entered: u32::MAX,
        dropped: true,
        bump: 255,
        reserved: Reserved,
    };
    holds_until(&provider, &[("Provider", |provider| provider.key = Pubkey::default())]);
    UsedKey { version: Version, bump: 0, reserved: Reserved }.invariant().unwrap();
}

fn operation() -> Operation {
    let named = Named { account: ADMIN_AT.0, signs: true, written: true };
    let call =
        Call { accounts: vec![named, Named { account: someone(2), signs: false, written: true }], data: vec![1; 8] };
    Operation { version: Version, payer: someone(1), ready_at: 5, call, bump: 255, reserved: Reserved }
}

#[test]
fn operations() {
    let breaches: &[Breach<Operation>] = &[
        ("Operation", |one| one.payer = Pubkey::default()),
        ("Operation", |one| one.ready_at = 0),
        ("Operation", |one| one.ready_at = MAX_U40 + 1),
        ("Operation", |one| one.call.accounts[1].signs = true),
        ("Operation", |one| one.call.accounts = vec![one.call.accounts[1]; MAX_CALL_ACCOUNTS + 1]),
        ("Operation", |one| one.call.data = vec![1; 7]),
        ("Operation", |one| one.call.data = vec![1; MAX_CALL_DATA + 1]),
    ];
    holds_until(&operation(), breaches);
    holds_after(&operation(), &[|one| one.ready_at = Operation::SPENT, |one| one.call.accounts.clear()]);
}

#[test]
fn timelocks() {
    let timelock = Timelock {
        version: Version,
        delay: DELAY_FLOOR,
        proposer: someone(1),
        canceller: someone(2),
        bump: 255,
        reserved: Reserved,
    };
    let breaches: &[Breach<Timelock>] = &[
        ("Timelock", |one| one.delay = DELAY_FLOOR - 1),
        ("Timelock", |one| one.delay = MAX_DELAY + 1),
        ("Timelock", |one| one.canceller = one.proposer),
        ("Timelock", |one| one.canceller = Pubkey::default()),
        ("Timelock", |one| one.proposer = Pubkey::default()),
        ("Timelock", |one| one.proposer = ADMIN_AT.0),
        ("Timelock", |one| one.canceller = ADMIN_AT.0),
    ];
    holds_until(&timelock, breaches);
    holds_after(&timelock, &[|one| one.delay = MAX_DELAY]);
}
