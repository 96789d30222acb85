//! What the program stores, and what always holds of it: `invariant` of every type, asked before a change is stored.
mod action;
mod calendar;
mod investor;
mod issuer;
mod locked;
mod multiplier;
mod provider;
mod receivables;
mod records;
mod reserve;
mod sanctions;
mod stock;
mod timelock;

pub use action::*;
pub use calendar::*;
pub use investor::*;
pub use issuer::*;
pub use locked::*;
pub use multiplier::*;
pub use provider::*;
pub use receivables::*;
pub use records::*;
pub use reserve::*;
pub use sanctions::*;
pub use stock::*;
pub use timelock::*;

use crate::errors::ScripError;
use anchor_lang::prelude::*;

/// The state of an account of this program: `pda` writes nothing else, and asks its invariant first.
pub trait State: AccountSerialize {
    /// Guard: what always holds of this state does. Refuses InvariantBroken.
    fn invariant(&self) -> Result<()>;
}

macro_rules! states {
    ($($kind:ident),*) => {
        $(impl State for $kind {
            fn invariant(&self) -> Result<()> {
                $kind::invariant(self)
            }
        })*
    };
}

states!(
    Action,
    Asset,
    Calendar,
    Custodian,
    Hold,
    Investor,
    Issuer,
    Locked,
    Operation,
    Provider,
    Reserve,
    SanctionsList,
    Stock,
    Timelock,
    Unlisted,
    UsedKey,
    UsedQuote,
    Wallet
);

/// Whether an address is anybody's: the default one, all zeros, is nobody's.
#[inline(always)]
pub(crate) fn is_somebodys(address: &Pubkey) -> bool {
    // Byte by byte and in line, because another one than 0 stands among the first: a comparison of all costs 70 units.
    address.as_ref().iter().any(|byte| *byte != 0)
}

/// Guard of every invariant: it holds, or the error names the kind of state of which it does not.
pub(crate) fn require_holds(holds: bool, kind: &str) -> Result<()> {
    if holds {
        Ok(())
    } else {
        Err(broken(kind))
    }
}

#[cold]
#[inline(never)]
fn broken(kind: &str) -> Error {
    Error::from(ScripError::InvariantBroken).with_account_name(kind)
}
