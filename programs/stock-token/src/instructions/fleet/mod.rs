//! The issuer with its roles and settings, and the stocks that it creates and stops.
mod accept_role;
mod change_settings;
mod create_stock;
mod initialise;
mod offer_role;
mod pause;
mod resume;
mod set_isin;

pub(crate) use accept_role::*;
pub(crate) use change_settings::*;
pub use create_stock::*;
pub use initialise::*;
pub(crate) use offer_role::*;
pub(crate) use pause::*;
pub(crate) use resume::*;
pub(crate) use set_isin::*;
