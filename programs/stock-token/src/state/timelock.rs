//! The administrator's delay: who proposes and who cancels, and what waits.
use crate::{
    errors::ScripError,
    parameters::{DELAY_FLOOR, MAX_CALL_ACCOUNTS, MAX_CALL_DATA, MAX_DELAY, MAX_U40, OPERATION_LIFE},
    seeds::ADMIN_AT,
    state::{is_somebodys, require_holds, Reserved, Version},
};
use anchor_lang::prelude::*;

/// How long an operation waits, and who may schedule and cancel one. It binds an issuer whose administrator is the
/// address that carries operations out.
#[account]
#[derive(InitSpace)]
pub struct Timelock {
    pub version: Version,
    /// Seconds from scheduling an operation to its execution.
    pub delay: i64,
    /// Schedules operations, and cancels them too.
    pub proposer: Pubkey,
    /// Cancels operations.
    pub canceller: Pubkey,
    pub bump: u8,
    pub reserved: Reserved<64>,
}

impl Timelock {
    /// Guard: what always holds of a timelock does. Refuses BadSetting.
    pub fn validate(&self) -> Result<()> {
        ensure!(self.in_bounds(), ScripError::BadSetting);
        Ok(())
    }

    /// What always holds of a timelock: the delay lies between its floor and its maximum; somebody proposes, and somebody
    /// else can cancel; neither is the address without a key, which could never propose.
    pub fn invariant(&self) -> Result<()> {
        require_holds(self.in_bounds(), "Timelock")
    }

    fn in_bounds(&self) -> bool {
        let two = is_somebodys(&self.proposer) && is_somebodys(&self.canceller) && self.proposer != self.canceller;
        let keyed = self.proposer != ADMIN_AT.0 && self.canceller != ADMIN_AT.0;
        two && keyed && (DELAY_FLOOR..=MAX_DELAY).contains(&self.delay)
    }
}

/// An account that a call names, and what the call may do with it.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, PartialEq, Eq, InitSpace)]
pub struct Named {
    pub account: Pubkey,
    pub signs: bool,
    pub written: bool,
}

/// An instruction of this program, as it will be carried out.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, PartialEq, Eq, InitSpace)]
pub struct Call {
    #[max_len(MAX_CALL_ACCOUNTS)]
    pub accounts: Vec<Named>,
    #[max_len(MAX_CALL_DATA)]
    pub data: Vec<u8>,
}

impl Call {
    /// Guard: the call can be stored, and nobody else than the address that carries it out signs it. Refuses BadCall.
    pub fn validate(&self) -> Result<()> {
        ensure!(self.in_bounds(), ScripError::BadCall);
        Ok(())
    }

    fn in_bounds(&self) -> bool {
        let fits = self.accounts.len() <= MAX_CALL_ACCOUNTS && (8..=MAX_CALL_DATA).contains(&self.data.len());
        fits && self.accounts.iter().all(|one| !one.signs || one.account == ADMIN_AT.0)
    }
}

/// What waits. Closed when it is carried out or cancelled; the rent goes back to its payer.
#[account]
#[derive(InitSpace)]
pub struct Operation {
    pub version: Version,
    pub payer: Pubkey,
    /// UTC second from which it may be carried out.
    pub ready_at: i64,
    pub call: Call,
    pub bump: u8,
    pub reserved: Reserved<32>,
}

impl Operation {
    /// What an operation that is being carried out is ready at: never, so that it cannot carry itself out again.
    pub const SPENT: i64 = i64::MAX;

    /// The second at which it may be carried out no more.
    pub fn lapses_at(&self) -> i64 {
        self.ready_at.saturating_add(OPERATION_LIFE)
    }

    /// What always holds of an operation: it waits for a second that fits 40 bits, somebody paid for it, and its call is
    /// one that may be scheduled.
    pub fn invariant(&self) -> Result<()> {
        let waits = (1..=MAX_U40).contains(&self.ready_at) || self.ready_at == Self::SPENT;
        require_holds(waits && is_somebodys(&self.payer) && self.call.in_bounds(), "Operation")
    }
}
