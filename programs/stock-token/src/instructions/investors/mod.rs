//! Investors and their wallets: who may hold, until when, and who is blocked.
mod block_investor;
mod link_wallet;
mod onboard_investor;
mod renew_investor;
mod set_investor;
mod unblock_investor;
mod unblock_wallet;
mod unlink_wallet;

pub(crate) use block_investor::*;
pub(crate) use link_wallet::*;
pub(crate) use onboard_investor::*;
pub(crate) use renew_investor::*;
pub(crate) use set_investor::*;
pub(crate) use unblock_investor::*;
pub(crate) use unblock_wallet::*;
pub(crate) use unlink_wallet::*;
