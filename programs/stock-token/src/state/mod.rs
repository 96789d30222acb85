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
use anchor_lang::{
    prelude::{
        borsh::io::{Error as IoError, ErrorKind, Read, Write},
        *,
    },
    Space,
};

/// The number of the layout in which this program keeps every kind of account.
#[constant]
pub const VERSION: u8 = 1;

/// A byte, `VERSION`, first in every account behind what the account is of: whoever knows another layout sees which one
/// it has before reading more, and this program reads no account that begins otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version;

impl AnchorSerialize for Version {
    fn serialize<W: Write>(&self, writer: &mut W) -> std::result::Result<(), IoError> {
        writer.write_all(&[VERSION])
    }
}

impl AnchorDeserialize for Version {
    fn deserialize_reader<R: Read>(reader: &mut R) -> std::result::Result<Self, IoError> {
        let mut version = [0];
        reader.read_exact(&mut version)?;
        if version == [VERSION] {
            Ok(Self)
        } else {
            Err(ErrorKind::InvalidData.into())
        }
    }
}

impl Space for Version {
    const INIT_SPACE: usize = 1;
}

/// Bytes of zeros at the end of every kind of account: a field to come takes its room from there, and no account has to
/// grow. Behind them is nothing, so they are written and never read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reserved<const N: usize>;

impl<const N: usize> AnchorSerialize for Reserved<N> {
    fn serialize<W: Write>(&self, writer: &mut W) -> std::result::Result<(), IoError> {
        writer.write_all(&[0; N])
    }
}

impl<const N: usize> AnchorDeserialize for Reserved<N> {
    fn deserialize_reader<R: Read>(_: &mut R) -> std::result::Result<Self, IoError> {
        Ok(Self)
    }
}

impl<const N: usize> Space for Reserved<N> {
    const INIT_SPACE: usize = N;
}

// A byte, and bytes, to every client: `programs/idl` says so.
#[cfg(feature = "idl-build")]
impl IdlBuild for Version {}
#[cfg(feature = "idl-build")]
impl<const N: usize> IdlBuild for Reserved<N> {}

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
