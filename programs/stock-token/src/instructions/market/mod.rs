//! The primary market: mints and redemptions on signed quotes, the assets that settle them, and what
//! leaves the treasury.
mod close_quote;
mod list_asset;
mod mint;
mod pause_market;
mod redeem;
mod resume_market;
mod set_custodian;
mod withdraw;

pub use close_quote::*;
pub use list_asset::*;
pub(crate) use mint::*;
pub(crate) use pause_market::*;
pub(crate) use redeem::*;
pub(crate) use resume_market::*;
pub use set_custodian::*;
pub use withdraw::*;
