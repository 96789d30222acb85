//! Who may hold an allow-list stock, how many may, and how much of it one account is minted.
mod free_seat;
mod set_limits;
mod set_rules;

pub(crate) use free_seat::*;
pub(crate) use set_limits::*;
pub(crate) use set_rules::*;
