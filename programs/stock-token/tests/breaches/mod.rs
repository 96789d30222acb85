//! How tests break an invariant, a sentence at a time.
#![allow(clippy::unwrap_used)]
use anchor_lang::{
    error::{Error, ErrorOrigin},
    prelude::Pubkey,
};
use stock_token::{errors::ScripError, state::State};

/// An address of somebody's.
pub fn someone(number: u8) -> Pubkey {
    Pubkey::new_from_array([number; 32])
}

/// Whether an invariant was broken, and of which kind of state.
pub fn broken(result: anchor_lang::Result<()>) -> Option<String> {
    let Err(Error::AnchorError(error)) = result else { return None };
    assert_eq!(error.error_code_number, u32::from(ScripError::InvariantBroken));
    let Some(ErrorOrigin::AccountName(kind)) = error.error_origin else { panic!("no kind is named") };
    Some(kind)
}

/// A change that breaks an invariant, and the kind of state of which it is one.
pub type Breach<T> = (&'static str, fn(&mut T));

/// The state holds as it is, and no more after any of the changes.
pub fn holds_until<T: State + Clone>(state: &T, breaches: &[Breach<T>]) {
    state.invariant().unwrap();
    for (number, (kind, breach)) in breaches.iter().enumerate() {
        let mut changed = state.clone();
        breach(&mut changed);
        assert_eq!(broken(changed.invariant()).as_deref(), Some(*kind), "breach {number}");
    }
}

/// The state holds after each of the changes, which go to the edges of what may be.
pub fn holds_after<T: State + Clone>(state: &T, changes: &[fn(&mut T)]) {
    for (number, change) in changes.iter().enumerate() {
        let mut changed = state.clone();
        change(&mut changed);
        assert_eq!(broken(changed.invariant()), None, "change {number}");
    }
}
