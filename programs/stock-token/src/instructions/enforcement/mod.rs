//! Freezing and thawing of one token account: by anyone as the wallet's clearance says, by the enforcer against it; and
//! units taken from it.
mod forced_burn;
mod freeze;
mod hold_account;
mod release_account;
mod seize;
mod thaw;

pub(crate) use forced_burn::*;
pub(crate) use freeze::*;
pub(crate) use hold_account::*;
pub(crate) use release_account::*;
pub(crate) use seize::*;
pub(crate) use thaw::*;
