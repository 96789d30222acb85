//! A wallet leaves its investor. Its named accounts are frozen here where strangers may not hold; anyone may freeze the
//! others from now on.
use crate::{
    errors::ScripError,
    events::WalletUnlinked,
    guards::require_reason,
    pda::{close, load, save},
    shared::accounts::{freeze_groups, Investors},
    state::{Clearance, Wallet},
    token::Authority,
};
use anchor_lang::prelude::*;

/// Callable by compliance. Accounts: [`Investors`], then groups of the wallet's accounts to freeze (see `freeze_groups`).
///
/// Refuses, in order: NotAuthorised, KeyEmpty, KeyUsed, UnknownInvestor, RegistryReasonAndDocument, InvestorIsBlocked,
/// UnknownWallet (one that was recovered, and a
/// group of another wallet of the investor, too), NotAStock, InvalidReceiver, NotTheWalletsAccount.
pub(crate) fn unlink_wallet<'info>(
    ctx: Context<'info, Investors<'info>>,
    key: [u8; 32],
    id: [u8; 32],
    reason: u16,
    document: [u8; 32],
) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.begin(&key, &ctx.bumps)?;
    let mut investor = accounts.investor()?;
    require_reason(reason, &document, ScripError::RegistryReasonAndDocument)?;
    // Unlinking must not lift a block.
    ensure!(!investor.blocked, ScripError::InvestorIsBlocked);
    let wallet = load::<Wallet>(&accounts.wallet).ok_or(ScripError::UnknownWallet)?;
    // A recovered one's record stays, or it could be anybody's wallet again.
    let is_theirs = wallet.investor == accounts.investor.key() && wallet.successor.is_none();
    ensure!(is_theirs, ScripError::UnknownWallet);
    // A sibling stays the investor's: what it may do has not changed.
    let of_another = |group: &[AccountInfo]| group.get(2).is_some_and(|one| *one.key != accounts.wallet.key());
    ensure!(!ctx.remaining_accounts.chunks(4).any(of_another), ScripError::UnknownWallet);
    let authority = Authority(&accounts.authority);
    let frozen = freeze_groups(&authority, &accounts.investor.key(), Clearance::Unknown, ctx.remaining_accounts)?;
    investor.wallets = investor.wallets.saturating_sub(1);
    save(&accounts.investor, &investor)?;
    close(&accounts.wallet, &accounts.signer)?;
    for event in frozen {
        tell!(ctx, event);
    }
    tell!(ctx, WalletUnlinked { investor: id, holder: wallet.holder, reason, document, key });
    Ok(())
}
