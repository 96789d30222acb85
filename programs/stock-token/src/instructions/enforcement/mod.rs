//! Freezing and thawing of token accounts: by anyone as the wallet's clearance says, by the enforcer against it.
mod freeze;
mod freeze_page;
mod hold_account;
mod release_account;
mod thaw;

pub(crate) use freeze::*;
pub use freeze_page::*;
pub(crate) use hold_account::*;
pub(crate) use release_account::*;
pub(crate) use thaw::*;
