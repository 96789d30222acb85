//! `Accounts` structs that instructions share, for each one's validation is what makes a program large. A struct of one
//! instruction alone stands in the instruction's file.
mod actions;
mod attestations;
mod enforcement;
mod fleet;
mod investors;
mod issuer;
mod locks;
mod market;
mod recovery;
mod reserve;
mod sanctions;
mod timelock;
mod views;

pub use actions::*;
pub use attestations::*;
pub use enforcement::*;
pub use fleet::*;
pub use investors::*;
pub use issuer::*;
pub use locks::*;
pub use market::*;
pub use recovery::*;
pub use reserve::*;
pub use sanctions::*;
pub use timelock::*;
pub use views::*;
