//! One more wallet of a known investor. Where the investor is blocked or has lapsed, the wallet's named accounts are
//! frozen here: a wallet that held as a stranger, or was left thawed, must not go on moving units.
use crate::{
    events::WalletLinked,
    pda::save,
    shared::accounts::{freeze_groups, Investors},
    token::Authority,
};
use anchor_lang::prelude::*;

/// Callable by compliance. Accounts: [`Investors`], then groups of accounts (see `freeze_groups`): those that the
/// investor's clearance does not let hold are frozen, the others stay as they are; anyone may freeze what is not named.
///
/// Refuses, in order: NotAuthorised, KeyEmpty, KeyUsed, UnknownInvestor, WalletKnown, ZeroAddress, TooManyWallets,
/// WalletIsBlocked, NotAStock, UnknownWallet, InvalidReceiver, NotTheWalletsAccount.
pub(crate) fn link_wallet<'info>(ctx: Context<'info, Investors<'info>>, key: [u8; 32], id: [u8; 32]) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.begin(&key, &ctx.bumps)?;
    let mut investor = accounts.investor()?;
    accounts.link(&mut investor, &ctx.bumps)?;
    save(&accounts.investor, &investor)?;
    let clearance = investor.clearance(Clock::get()?.unix_timestamp);
    let authority = Authority(&accounts.authority);
    for event in freeze_groups(&authority, &accounts.investor.key(), clearance, ctx.remaining_accounts)? {
        tell!(ctx, event);
    }
    tell!(ctx, WalletLinked { investor: id, holder: ctx.accounts.holder.key(), key });
    Ok(())
}
