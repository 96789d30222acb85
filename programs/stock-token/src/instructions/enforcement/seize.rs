//! An enforcer takes units of a wallet for another, whatever is frozen or paused.
use crate::{events::UnitsTaken, shared::accounts::Enforcement};
use anchor_lang::prelude::*;

/// Callable by the enforcer. Accounts: [`Enforcement`], then, where the wallet's account may have too little, the record of
/// its bound units and its vault (see `take`). Works in a pause, in a halt, and where either account is frozen, and leaves
/// all that as it was found; what the receiver may not have, it is not given.
///
/// Refuses, in order: NotAuthorised, ReasonAndDocument, KeyEmpty, KeyUsed, as `target`, then of the wallet's account
/// InvalidReceiver, NotTheWalletsAccount, UnknownLocks, InsufficientBalance.
pub(crate) fn seize<'info>(
    ctx: Context<'info, Enforcement<'info>>,
    key: [u8; 32],
    amount: u64,
    reason: u16,
    document: [u8; 32],
) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.begin(&key, reason, &document, &ctx.bumps)?;
    let target = accounts.target(Clock::get()?.unix_timestamp)?;
    let source = accounts.source()?;
    let mut kept = accounts.kept(ctx.remaining_accounts)?;
    let receives = Some((&*accounts.to_account, target.frozen));
    let (given, more) = accounts.take(&source, kept.as_mut(), receives, amount)?;
    let (mint, holder, to) = (source.mint, source.owner, target.owner);
    let (account, to_account) = (accounts.token_account.key(), accounts.to_account.key());
    if more == 0 || given > 0 {
        UnitsTaken { mint, holder, account, to, to_account, amount: given, reason, document, key }
            .tell(&accounts.event_authority)?;
    }
    if let Some(kept) = kept.filter(|_| more > 0) {
        let account = kept.vault.key();
        UnitsTaken { mint, holder, account, to, to_account, amount: more, reason, document, key }
            .tell(&accounts.event_authority)?;
        tell!(ctx, kept.told(mint, reason, document, key));
    }
    Ok(())
}
