//! What is stored of bound units: every sentence of the invariant can fail.
#![allow(clippy::unwrap_used)]
use anchor_lang::prelude::Pubkey;
use stock_token::{parameters::*, state::*};

fn someone(number: u8) -> Pubkey {
    Pubkey::new_from_array([number; 32])
}

#[test]
fn bound_units_are_somebodys_and_end_one_after_the_other() {
    let tranche = |until, amount| Tranche { until, amount };
    let tranches = [tranche(10, 1), tranche(20, 2), Tranche::default(), Tranche::default()];
    let (stock, holder, vault) = (someone(1), someone(2), someone(3));
    let state = Locked { version: Version, stock, holder, vault, frozen: 5, tranches, bump: 0, reserved: Reserved };
    assert_eq!(state.total(), 8);
    state.invariant().unwrap();
    let breaches: [fn(&mut Locked); 7] = [
        |state| state.holder = Pubkey::default(),
        |state| state.vault = Pubkey::default(),
        |state| state.tranches[0].until = 0,
        |state| state.tranches[0].amount = 0,
        |state| state.tranches[1].until = 10,
        |state| state.tranches[1].until = MAX_U40 + 1,
        |state| state.tranches[3] = Tranche { until: 30, amount: 1 },
    ];
    for (number, breach) in breaches.iter().enumerate() {
        let mut changed = state.clone();
        breach(&mut changed);
        assert!(changed.invariant().is_err(), "breach {number}");
    }
}
