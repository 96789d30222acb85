//! What a holder's units are worth in shares; transfers themselves are the token program's own.
mod raw_amount;
mod ui_amount;

pub(crate) use raw_amount::*;
pub(crate) use ui_amount::*;
