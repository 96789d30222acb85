//! The issuer with its roles and settings, and the stocks that it creates and stops.
mod accept_role;
mod change_settings;
mod create_stock;
mod describe_stock;
mod halt;
mod initialise;
mod offer_role;
mod pause;
mod pause_halted;
mod resume;
mod revoke_role;
mod set_isin;
mod unhalt;

pub(crate) use accept_role::*;
pub(crate) use change_settings::*;
pub use create_stock::*;
pub use describe_stock::*;
pub(crate) use halt::*;
pub use initialise::*;
pub(crate) use offer_role::*;
pub(crate) use pause::*;
pub use pause_halted::*;
pub(crate) use resume::*;
pub(crate) use revoke_role::*;
pub(crate) use set_isin::*;
pub(crate) use unhalt::*;
