//! What always holds of a sanctions list and of who was shown to be absent from one, and which list may follow another.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::arithmetic_side_effects)]
use anchor_lang::{error::Error, prelude::Pubkey};
use stock_token::{parameters::MAX_LIST_LIFE, state::*};

/// An address of somebody's.
fn someone(number: u8) -> Pubkey {
    Pubkey::new_from_array([number; 32])
}

/// The name of a refusal; empty where there is none.
fn refusal(result: anchor_lang::Result<()>) -> String {
    match result {
        Ok(()) => String::new(),
        Err(Error::AnchorError(error)) => error.error_name,
        Err(other) => panic!("{other}"),
    }
}

/// The state holds as it is, after each of the changes that go to the edges, and after none of those that break it.
fn holds<T: State + Clone>(state: &T, edges: &[fn(&mut T)], breaches: &[fn(&mut T)]) {
    assert_eq!(refusal(state.invariant()), "");
    for (expected, changes) in [("", edges), ("InvariantBroken", breaches)] {
        for (number, change) in changes.iter().enumerate() {
            let mut changed = state.clone();
            change(&mut changed);
            assert_eq!(refusal(changed.invariant()), expected, "change {number}");
        }
    }
}

/// A list that counts.
fn list() -> SanctionsList {
    let (issued, expiry) = (1_000, 1_000 + MAX_LIST_LIFE);
    SanctionsList { root: [1; 32], serial: 1, issued, expiry, ..SanctionsList::named(someone(1), 1_000, 255) }
}

#[test]
fn a_sanctions_list() {
    let edges: &[fn(&mut SanctionsList)] =
        &[|list| list.suspended = true, |list| list.expiry = 1_001, |list| list.serial = u64::MAX];
    let breaches: &[fn(&mut SanctionsList)] = &[
        |list| list.oracle = Pubkey::default(),
        |list| list.root = [0; 32],
        |list| list.serial = 0,
        |list| list.issued = 999,
        |list| list.expiry += 1,
        |list| list.expiry = list.issued,
    ];
    holds(&list(), edges, breaches);
    let nobody = SanctionsList::named(Pubkey::default(), 5, 255);
    holds(&nobody, &[|list| list.oracle = someone(1)], &[|list| list.suspended = true, |list| list.expiry = 6]);
    let shown = Unlisted { version: Version, holder: someone(1), root: [1; 32], bump: 255, reserved: Reserved };
    holds(&shown, &[], &[|one| one.holder = Pubkey::default(), |one| one.root = [0; 32]]);
}

#[test]
fn a_wallet_of_nobodys() {
    let wallet = Wallet { investor: someone(2), ..Wallet::blocked(someone(1), 255) };
    let edges: &[fn(&mut Wallet)] =
        &[|wallet| wallet.investor = Pubkey::default(), |wallet| wallet.successor = Some(someone(3))];
    let breaches: &[fn(&mut Wallet)] = &[
        |wallet| (wallet.investor, wallet.recoveries) = (Pubkey::default(), 1),
        |wallet| (wallet.investor, wallet.successor) = (Pubkey::default(), Some(someone(3))),
        |wallet| wallet.successor = Some(wallet.holder),
    ];
    holds(&wallet, edges, breaches);
    assert!(!wallet.is_blocked());
    assert!(Wallet { investor: Pubkey::default(), ..wallet.clone() }.is_blocked());
    assert!(Wallet { successor: Some(someone(3)), ..wallet }.is_blocked());
}

/// What a next list may be, at the second 2,000: at every edge, and beside it.
#[test]
fn a_list_takes_the_place_of_one_before_it_alone() {
    let next = SignedList { root: [2; 32], serial: 2, issued: 2_000, expiry: 2_001 };
    let said = |change: fn(&mut SignedList)| {
        let mut changed = next;
        change(&mut changed);
        refusal(list().require_next(&changed, 2_000))
    };
    assert_eq!(said(|_| {}), "");
    assert_eq!(said(|next| next.issued = 1_000), "");
    assert_eq!(said(|next| next.expiry = 2_000 + MAX_LIST_LIFE), "");
    assert_eq!(said(|next| next.serial = 1), "ListSuperseded");
    assert_eq!(said(|next| next.expiry = 2_000), "ListExpired");
    assert_eq!(said(|next| next.issued = 999), "BadListTerm");
    assert_eq!(said(|next| next.issued = 2_001), "BadListTerm");
    assert_eq!(said(|next| next.expiry = 2_001 + MAX_LIST_LIFE), "BadListTerm");
    assert_eq!(said(|next| next.issued = i64::MIN), "BadListTerm");
    assert_eq!(said(|next| next.expiry = i64::MAX), "BadListTerm");
}
