//! Name who schedules and cancels what the administrator does, and how long it waits.
use crate::{
    events::TimelockSet,
    pda::{create_with, find, save},
    seeds::{TIMELOCK, TIMELOCK_AT},
    shared::accounts::Delayed,
    state::{Reserved, Role, Timelock, Version},
};
use anchor_lang::prelude::*;

/// Callable by the admin: at first by a key, before the role is offered to the address that carries operations out;
/// afterwards by that address, so that a change waits as everything else does. Accounts: [`Delayed`]. What waits keeps the
/// second from which it may be carried out.
///
/// Refuses, in order: NotAuthorised, BadSetting, AccountDidNotDeserialize.
pub(crate) fn set_timelock(ctx: Context<Delayed>, delay: i64, proposer: Pubkey, canceller: Pubkey) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.issuer.require(Role::Admin, accounts.signer.key)?;
    let timelock = Timelock { version: Version, delay, proposer, canceller, bump: TIMELOCK_AT.1, reserved: Reserved };
    timelock.validate()?;
    if find::<Timelock>(&accounts.timelock)?.is_none() {
        let seeds: &[&[u8]] = &[TIMELOCK, &[timelock.bump]];
        create_with(&accounts.signer, &accounts.timelock, &accounts.system_program, &timelock, seeds)?;
    } else {
        save(&accounts.timelock, &timelock)?;
    }
    tell!(ctx, TimelockSet { delay, proposer, canceller });
    Ok(())
}
