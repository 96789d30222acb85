//! The primary market: mints and redemptions on signed quotes, and the assets that settle them.
mod close_quote;
mod list_asset;
mod mint;
mod pause_market;
mod redeem;
mod resume_market;

pub use close_quote::*;
pub use list_asset::*;
pub(crate) use mint::*;
pub(crate) use pause_market::*;
pub(crate) use redeem::*;
pub(crate) use resume_market::*;
