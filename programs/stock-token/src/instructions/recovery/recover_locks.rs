//! What of a recovered wallet's units is bound in a stock goes to its successor, bound as it was.
use crate::{
    errors::ScripError,
    pda::load,
    shared::accounts::{Bound, Recovery},
    state::Stock,
    token::Authority,
};
use anchor_lang::prelude::*;

/// Callable by anyone, who pays for the successor's record and vault. Accounts: [`Recovery`], then stock, mint, the lost
/// wallet's record of bound units, its vault, and its successor's of both. Works as `recover_in`, once `recover_wallet` has
/// named the successor. What has ended goes along as it is.
///
/// Refuses, in order: NoSuccessor (none, or another one), UnknownWallet (the successor is not the same investor's any
/// more), NotAStock, UnknownLocks, NoLocks (nothing is bound), InvalidReceiver, NotTheWalletsAccount.
pub(crate) fn recover_locks<'info>(ctx: Context<'info, Recovery<'info>>) -> Result<()> {
    let accounts = &ctx.accounts;
    let heir = accounts.heir()?;
    let [stock, mint, record, vault, new_record, new_vault] = ctx.remaining_accounts else {
        return Err(ScripError::NotAStock.into());
    };
    let found = load::<Stock>(stock).ok_or(ScripError::NotAStock)?;
    ensure_same!(found.mint, *mint.key, ScripError::NotAStock);
    let mut old = Bound::of(record, vault, stock.key, accounts.old.key)?;
    ensure!(old.state.total() > 0, ScripError::NoLocks);
    let (authority, pair, whose) = (Authority(&accounts.authority), (new_record, new_vault), (stock.key, &heir));
    let mut new = Bound::open(&accounts.signer, &accounts.system_program, &authority, mint, pair, whose)?;
    let was = std::mem::take(&mut old.state.tranches);
    was.into_iter().filter(|one| one.amount > 0).for_each(|one| new.state.add(one));
    new.state.frozen = new.state.frozen.saturating_add(std::mem::take(&mut old.state.frozen));
    // All that the old vault has goes, also what strangers sent there.
    let facts = old.facts(mint)?;
    new.settle(&authority, mint, (vault, &facts))?;
    crate::pda::save(record, &old.state)?;
    tell!(ctx, old.told(found.mint, 0, [0; 32], [0; 32]));
    tell!(ctx, new.told(found.mint, 0, [0; 32], [0; 32]));
    Ok(())
}
