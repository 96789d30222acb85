//! The administrator's delay: what it does is scheduled, waits where everybody sees it, and is carried out or cancelled.
mod cancel_operation;
mod execute_operation;
mod schedule_operation;
mod set_timelock;

pub(crate) use cancel_operation::*;
pub(crate) use execute_operation::*;
pub(crate) use schedule_operation::*;
pub(crate) use set_timelock::*;
