//! Look an address up in the sanctions list: one that it names is blocked, one that it does not name is shown absent.
use crate::{
    errors::ScripError,
    events::{InvestorBlocked, SanctionsAnswer, WalletBlocked},
    parameters::SANCTIONED_REASON,
    pda::{create_with, load, require_at, save, write},
    seeds::{UNLISTED, WALLET},
    shared::accounts::Attesting,
    state::{Investor, ListProof, Reserved, SanctionsList, Unlisted, Version, Wallet},
};
use anchor_lang::prelude::*;

/// Callable by anyone, with the gap of the list that `holder` begins or lies in. Accounts: [`Attesting`].
///
/// Of a listed one, its investor is blocked with all wallets, or the address that has none; anyone may freeze the accounts
/// from then on: see `freeze`. A list that has expired blocks all the same until another takes its place. Who is blocked
/// already is left as it is. No invariant is asked of the investor's record: a block must work when something is wrong
/// with it already. That another is absent counts until its list expires or is replaced: a thaw and a mint of an issuer in
/// strict mode ask for it.
///
/// Refuses, in order: NoOracle, OracleSuspended, BadListProof (not of the list that counts, or of another gap; of the default
/// address any), ListExpired (not of a listed one), UnknownListing, UnknownWallet, UnknownInvestor.
pub(crate) fn screen(ctx: Context<Attesting>, holder: Pubkey, proof: ListProof) -> Result<()> {
    let accounts = &ctx.accounts;
    let list = accounts.heard()?;
    let listed = proof.answer(&list.root, &holder.to_bytes()).ok_or(ScripError::BadListProof)?;
    if listed {
        let (reason, document, key) = (SANCTIONED_REASON, list.root, [0; 32]);
        match block(accounts, &holder)? {
            Hit::None => return Ok(()),
            Hit::Wallet => tell!(ctx, WalletBlocked { holder, blocked: true, reason, document, key }),
            Hit::Investor(investor) => {
                tell!(ctx, InvestorBlocked { investor, blocked: true, reason, document, key });
            }
        }
    } else {
        show(accounts, &list, holder)?;
    }
    tell!(ctx, SanctionsAnswer { holder, listed, root: list.root });
    Ok(())
}

/// Whom a hit has blocked.
enum Hit {
    None,
    Wallet,
    Investor([u8; 32]),
}

fn block(accounts: &Attesting, holder: &Pubkey) -> Result<Hit> {
    let Some(found) = load::<Wallet>(&accounts.wallet) else {
        let bump = require_at(&accounts.wallet, &[WALLET, holder.as_ref()], ScripError::UnknownWallet)?;
        let blocked = Wallet::blocked(*holder, bump);
        let seeds: &[&[u8]] = &[WALLET, holder.as_ref(), &[bump]];
        create_with(&accounts.signer, &accounts.wallet, &accounts.system_program, &blocked, seeds)?;
        return Ok(Hit::Wallet);
    };
    ensure_same!(found.holder, *holder, ScripError::UnknownWallet);
    if found.is_blocked() {
        return Ok(Hit::None);
    }
    ensure_same!(found.investor, accounts.investor.key(), ScripError::UnknownInvestor);
    let mut investor: Investor = load(&accounts.investor).ok_or(ScripError::UnknownInvestor)?;
    if investor.blocked {
        return Ok(Hit::None);
    }
    investor.blocked = true;
    write(&accounts.investor, &investor)?;
    Ok(Hit::Investor(investor.id))
}

fn show(accounts: &Attesting, list: &SanctionsList, holder: Pubkey) -> Result<()> {
    ensure!(Clock::get()?.unix_timestamp < list.expiry, ScripError::ListExpired);
    if let Some(found) = load::<Unlisted>(&accounts.used_nonce) {
        ensure_same!(found.holder, holder, ScripError::UnknownListing);
        return save(&accounts.used_nonce, &Unlisted { root: list.root, ..found });
    }
    let bump = require_at(&accounts.used_nonce, &[UNLISTED, holder.as_ref()], ScripError::UnknownListing)?;
    let shown = Unlisted { version: Version, holder, root: list.root, bump, reserved: Reserved };
    let seeds: &[&[u8]] = &[UNLISTED, holder.as_ref(), &[bump]];
    create_with(&accounts.signer, &accounts.used_nonce, &accounts.system_program, &shown, seeds)
}
