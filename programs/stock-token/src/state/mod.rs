//! Accounts that the program owns.
mod action;
mod calendar;
mod investor;
mod issuer;
mod multiplier;
mod records;
mod reserve;
mod stock;

pub use action::*;
pub use calendar::*;
pub use investor::*;
pub use issuer::*;
pub use multiplier::*;
pub use records::*;
pub use reserve::*;
pub use stock::*;
