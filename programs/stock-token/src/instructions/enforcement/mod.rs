//! Freezing and thawing of token accounts: by anyone as the wallet's clearance says, by the enforcer against it; and
//! units taken from them.
mod forced_burn;
mod freeze;
mod freeze_page;
mod hold_account;
mod release_account;
mod seize;
mod thaw;

pub(crate) use forced_burn::*;
pub(crate) use freeze::*;
pub use freeze_page::*;
pub(crate) use hold_account::*;
pub(crate) use release_account::*;
pub(crate) use seize::*;
pub(crate) use thaw::*;
