//! A fresh wallet takes the place of an investor's lost one, with what that has in the stocks that are named.
use crate::{
    errors::ScripError,
    events::{UnitsTaken, WalletRecovered},
    guards::{require_reason, use_key},
    pda::{load, save},
    seeds::KEY,
    shared::accounts::Recovery,
    state::{Investor, Role},
};
use anchor_lang::prelude::*;

/// Callable by the recoverer. Accounts: [`Recovery`], then groups (see `hand_over`); anyone fetches what is not named
/// (`recover_in`). Works whatever the clearance, the pauses, a halt and frozen accounts. From then on the lost wallet is
/// blocked in every stock: its record stays, names its successor, and can be nobody's again. No block of the investor is
/// lifted by it.
///
/// Refuses, in order: NotAuthorised, KeyEmpty, KeyUsed, UnknownInvestor, RegistryReasonAndDocument, UnknownWallet (of the
/// investor: one that was recovered neither), WalletKnown, ZeroAddress, WalletIsBlocked (recovered itself),
/// TooManyRecoveries, then as `hand_over`.
pub(crate) fn recover_wallet<'info>(
    ctx: Context<'info, Recovery<'info>>,
    key: [u8; 32],
    reason: u16,
    document: [u8; 32],
) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.issuer.require(Role::Recoverer, accounts.signer.key)?;
    let (expected, bump) = Pubkey::find_program_address(&[KEY, &key], &crate::ID);
    ensure_same!(accounts.used_key.key(), expected, ErrorCode::ConstraintSeeds);
    use_key(&accounts.signer, &accounts.used_key, &accounts.system_program, &key, bump)?;
    ensure!(load::<Investor>(&accounts.investor).is_some(), ScripError::UnknownInvestor);
    require_reason(reason, &document, ScripError::RegistryReasonAndDocument)?;
    let mut old = Recovery::record(&accounts.old_wallet, &accounts.old, ScripError::UnknownWallet)?;
    let is_theirs = old.investor == accounts.investor.key() && old.successor.is_none();
    ensure!(is_theirs, ScripError::UnknownWallet);
    accounts.succeed(&old)?;
    old.successor = Some(accounts.new.key());
    save(&accounts.old_wallet, &old)?;
    for taken in accounts.hand_over(ctx.remaining_accounts)? {
        tell!(ctx, UnitsTaken { reason, document, key, ..taken });
    }
    let (investor, old, new) = (old.investor, old.holder, accounts.new.key());
    tell!(ctx, WalletRecovered { investor, old, new, reason, document, key });
    Ok(())
}
