//! One file an instruction, in the folder of its subject: who may call it, with which accounts, and what it refuses, in
//! order.
//!
//! Whatever an instruction is about to store must be as its state's `invariant` says, else it refuses InvariantBroken,
//! which no header repeats. Some instructions ask no invariant, `halt`, `pause_market`, `block_investor`, `screen` of an
//! investor and `suspend_sanctions_oracle`: a stop must work when something is wrong already.
pub mod actions;
pub mod attestations;
pub mod enforcement;
pub mod fleet;
pub mod holder_limits;
pub mod investors;
pub mod market;
pub mod recovery;
pub mod reserve;
pub mod sanctions;
pub mod timelock;
pub mod transfers;
pub mod voting;

// Handlers are the crate's own. What its interface needs beside them is public: arguments, and the `Accounts` of one
// instruction alone.
pub use actions::*;
pub use enforcement::*;
pub use fleet::*;
pub use market::*;
