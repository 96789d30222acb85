//! Freezing and thawing of token accounts: by anyone as the wallet's clearance says, by the enforcer against it; and
//! units taken from them, and bound in them.
mod forced_burn;
mod freeze;
mod freeze_page;
mod freeze_tokens;
mod hold_account;
mod lock;
mod release_account;
mod release_ended;
mod release_locks;
mod seize;
mod thaw;

pub(crate) use forced_burn::*;
pub(crate) use freeze::*;
pub use freeze_page::*;
pub(crate) use freeze_tokens::*;
pub(crate) use hold_account::*;
pub(crate) use lock::*;
pub(crate) use release_account::*;
pub(crate) use release_ended::*;
pub(crate) use release_locks::*;
pub(crate) use seize::*;
pub(crate) use thaw::*;
