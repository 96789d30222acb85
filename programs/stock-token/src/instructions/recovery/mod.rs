//! Lost wallets: another takes the place of an investor's lost or stolen one, with all that it has.
mod recover_in;
mod recover_locks;
mod recover_wallet;

pub(crate) use recover_in::*;
pub(crate) use recover_locks::*;
pub(crate) use recover_wallet::*;
