//! What backs a stock: the custodian's attestations, how they are judged, and the split basis that they are in.
mod attest_reserve;
mod configure_reserve;
mod confirm_basis;
mod coverage;
mod set_basis;
mod set_ceiling;

pub(crate) use attest_reserve::*;
pub(crate) use configure_reserve::*;
pub(crate) use confirm_basis::*;
pub(crate) use coverage::*;
pub(crate) use set_basis::*;
pub(crate) use set_ceiling::*;
