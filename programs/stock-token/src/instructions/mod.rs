//! One file per instruction. Instructions with equal accounts share one `Accounts` struct: each struct's validation is
//! what makes a program large.
// Anchor needs what its macros make beside each struct at the crate's root; handlers are called by their full path.
#![allow(ambiguous_glob_reexports)]

pub mod accept_role;
pub mod act;
pub mod administer;
pub mod announce_action;
pub mod apply_multiplier;
pub mod attest_reserve;
pub mod back;
pub mod block_investor;
pub mod cancel_action;
pub mod change_settings;
pub mod close_quote;
pub mod configure_reserve;
pub mod confirm_basis;
pub mod control;
pub mod create_stock;
pub mod directory;
pub mod freeze;
pub mod hold_account;
pub mod initialise;
pub mod link_wallet;
pub mod list_asset;
pub mod mint;
pub mod offer_role;
pub mod onboard_investor;
pub mod pause;
pub mod pause_market;
pub mod primary;
pub mod redeem;
pub mod release_account;
pub mod renew_investor;
pub mod resume;
pub mod resume_market;
pub mod schedule_action;
pub mod set_basis;
pub mod set_investor;
pub mod stop;
pub mod thaw;
pub mod unblock_investor;
pub mod unlink_wallet;
pub mod views;

pub use act::*;
pub use administer::*;
pub use announce_action::*;
pub use back::*;
pub use close_quote::*;
pub use control::*;
pub use create_stock::*;
pub use directory::*;
pub use initialise::*;
pub use list_asset::*;
pub use primary::*;
pub use stop::*;
pub use views::*;
