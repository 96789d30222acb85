//! Corporate actions: announce, schedule, cancel, fold, and the multiplier that they move.
mod announce_action;
mod apply_multiplier;
mod cancel_action;
mod multiplier;
mod schedule_action;

pub use announce_action::*;
pub(crate) use apply_multiplier::*;
pub(crate) use cancel_action::*;
pub use multiplier::*;
pub(crate) use schedule_action::*;
