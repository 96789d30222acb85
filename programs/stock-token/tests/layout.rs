//! How the program lays its accounts out: how much room each kind takes, and that none of another layout is read.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, clippy::indexing_slicing)]
use anchor_lang::{
    error::{Error, ErrorCode},
    event::EVENT_IX_TAG_LE,
    prelude::Pubkey,
    AccountDeserialize, Discriminator, Event, Space,
};
use stock_token::{events::UnitsTaken, state::*};

/// What of a kind's layout is tested: its room, and what reading an account of it with a version answers.
struct Kind {
    name: &'static str,
    room: usize,
    noted: usize,
    read: fn(u8) -> anchor_lang::Result<Vec<u8>>,
}

fn laid_out<T: State + AccountDeserialize + Discriminator + Space>(name: &'static str, noted: usize) -> Kind {
    Kind { name, room: T::INIT_SPACE, noted, read: read::<T> }
}

/// Read an account of a version that is otherwise zeros, and write it again.
fn read<T: State + AccountDeserialize + Discriminator + Space>(version: u8) -> anchor_lang::Result<Vec<u8>> {
    let mut data = [T::DISCRIMINATOR, &[version], &vec![0; T::INIT_SPACE - 1]].concat();
    let state = T::try_deserialize(&mut &data[..])?;
    let mut written = Vec::new();
    state.try_serialize(&mut written)?;
    // A list takes as much as it has; an account has room for the longest.
    data.truncate(written.len());
    assert_eq!(written, data);
    Ok(written)
}

fn kinds() -> [Kind; 18] {
    [
        laid_out::<Action>("Action", 299),
        laid_out::<Asset>("Asset", 131),
        laid_out::<Calendar>("Calendar", 1_978),
        laid_out::<Custodian>("Custodian", 162),
        laid_out::<Hold>("Hold", 132),
        laid_out::<Investor>("Investor", 239),
        laid_out::<Issuer>("Issuer", 585),
        laid_out::<Locked>("Locked", 202),
        laid_out::<Operation>("Operation", 882),
        laid_out::<Provider>("Provider", 107),
        laid_out::<Reserve>("Reserve", 733),
        laid_out::<SanctionsList>("SanctionsList", 163),
        laid_out::<Stock>("Stock", 426),
        laid_out::<Timelock>("Timelock", 138),
        laid_out::<Unlisted>("Unlisted", 98),
        laid_out::<UsedKey>("UsedKey", 10),
        laid_out::<UsedQuote>("UsedQuote", 58),
        laid_out::<Wallet>("Wallet", 132),
    ]
}

#[test]
fn rooms_are_what_accounts_in_use_have() {
    for kind in kinds() {
        assert_eq!(kind.room, kind.noted, "{}", kind.name);
    }
}

#[test]
fn an_account_of_another_layout_is_not_read() {
    for kind in kinds() {
        assert_eq!((kind.read)(VERSION).unwrap()[8], VERSION, "{}", kind.name);
        for version in [0, 2, u8::MAX] {
            let Err(Error::AnchorError(error)) = (kind.read)(version) else {
                panic!("{} of version {version} is read", kind.name)
            };
            assert_eq!(error.error_code_number, ErrorCode::AccountDidNotDeserialize as u32, "{}", kind.name);
        }
    }
}

#[test]
fn an_event_that_is_laid_out_by_hand_is_what_clients_read() {
    let key = |number| Pubkey::new_from_array([number; 32]);
    let event = UnitsTaken {
        mint: key(1),
        holder: key(2),
        account: key(3),
        to: key(4),
        to_account: key(5),
        amount: 0x0102_0304_0506_0708,
        reason: 0x0910,
        document: [6; 32],
        key: [7; 32],
    };
    assert_eq!(event.laid_out().to_vec(), [EVENT_IX_TAG_LE, &event.data()].concat());
}
