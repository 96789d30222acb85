//! One more wallet of a known investor.
use crate::{events::WalletLinked, instructions::Directory, pda::save};
use anchor_lang::prelude::*;

/// Callable by compliance. Refuses NotAuthorised, KeyEmpty, KeyUsed, UnknownInvestor, WalletKnown, TooManyWallets,
/// ZeroAddress.
pub fn handler(ctx: Context<Directory>, key: [u8; 32], id: [u8; 32]) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.begin(&key, &ctx.bumps)?;
    let mut investor = accounts.investor()?;
    accounts.link(&mut investor, &ctx.bumps)?;
    save(&accounts.investor, &investor)?;
    emit_cpi!(WalletLinked { investor: id, holder: ctx.accounts.holder.key(), key });
    Ok(())
}
