//! Corporate actions: announce, schedule, cancel, fold, and the multiplier that they move.
mod announce_action;
mod apply_multiplier;
mod cancel_action;
mod correct_index;
mod fold_pair;
mod multiplier;
mod resync_multiplier;
mod schedule_action;

pub use announce_action::*;
pub(crate) use apply_multiplier::*;
pub(crate) use cancel_action::*;
pub(crate) use correct_index::*;
pub(crate) use fold_pair::*;
pub use multiplier::*;
pub(crate) use resync_multiplier::*;
pub(crate) use schedule_action::*;
