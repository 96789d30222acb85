//! One file an instruction, in the folder of its subject: its arguments, who may call it, what it refuses in order, and what it
//! does. Nothing is stored that breaks its state's `invariant`; InvariantBroken is therefore not listed instruction by
//! instruction.
pub mod actions;
pub mod enforcement;
pub mod fleet;
pub mod investors;
pub mod market;
pub mod reserve;
pub mod transfers;

// Handlers are the crate's own; what its interface needs beside them (arguments, and `Accounts` of one instruction alone)
// is public.
pub use actions::*;
pub use fleet::*;
pub use market::*;
