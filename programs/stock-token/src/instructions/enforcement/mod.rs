//! Freezing and thawing of one token account: by anyone as the wallet's clearance says, by the enforcer against it.
mod freeze;
mod hold_account;
mod release_account;
mod thaw;

pub(crate) use freeze::*;
pub(crate) use hold_account::*;
pub(crate) use release_account::*;
pub(crate) use thaw::*;
