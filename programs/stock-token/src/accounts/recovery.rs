//! Accounts of the instructions about lost wallets, and how one's units go to its successor.
use crate::{
    errors::ScripError,
    events::UnitsTaken,
    parameters::MAX_SUCCESSIONS,
    pda::{close, create_with, is_vacant, load, look, require_at, Place},
    seeds::{AUTHORITY_AT, HOLD, ISSUER_AT, WALLET},
    shared::accounts::is_linked,
    state::{Hold, Issuer, Reserved, Stock, Version, Wallet},
    token::{canonical, theirs, Authority, Token2022},
};
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
pub struct Recovery<'info> {
    /// Pays for new accounts.
    #[account(mut)]
    pub signer: Signer<'info>,
    #[account(address = ISSUER_AT.0)]
    pub issuer: Box<Account<'info, Issuer>>,
    /// CHECK: the investor that the lost wallet's record names. Where nothing is ordered, any address.
    pub investor: UncheckedAccount<'info>,
    /// CHECK: the lost wallet.
    pub old: UncheckedAccount<'info>,
    /// CHECK: its record; its own address field is compared.
    #[account(mut)]
    pub old_wallet: UncheckedAccount<'info>,
    /// CHECK: the wallet that takes its place.
    pub new: UncheckedAccount<'info>,
    /// CHECK: created or read here.
    #[account(mut)]
    pub new_wallet: UncheckedAccount<'info>,
    /// CHECK: created here. Where nothing is ordered, any address.
    #[account(mut)]
    pub used_key: UncheckedAccount<'info>,
    /// CHECK: an address without an account.
    #[account(address = AUTHORITY_AT.0)]
    pub authority: UncheckedAccount<'info>,
    pub token_program: Program<'info, Token2022>,
    pub system_program: Program<'info, System>,
}

/// Accounts of one group behind [`Recovery`]: stock, mint, the lost wallet's hold and its successor's, a token account of
/// the lost wallet and the successor's canonical one.
const GROUP: usize = 6;

impl<'info> Recovery<'info> {
    /// The record of a wallet at an address. Refuses with `refusal` where none stands there, or another's.
    pub fn record(account: &AccountInfo, holder: &AccountInfo, refusal: ScripError) -> Result<Wallet> {
        let found = load::<Wallet>(account).ok_or(refusal)?;
        ensure_same!(found.holder, *holder.key, refusal);
        Ok(found)
    }

    /// The successor of the lost wallet, which is the one given. Refuses, in order: NoSuccessor (none, or another one),
    /// UnknownWallet (it is not the same investor's any more).
    pub fn heir(&self) -> Result<Pubkey> {
        let old = Self::record(&self.old_wallet, &self.old, ScripError::NoSuccessor)?;
        ensure!(old.successor == Some(self.new.key()), ScripError::NoSuccessor);
        let new = Self::record(&self.new_wallet, &self.new, ScripError::UnknownWallet)?;
        ensure_same!(new.investor, old.investor, ScripError::UnknownWallet);
        Ok(new.holder)
    }

    /// Create the successor's record. Refuses, in order: WalletKnown, ZeroAddress, WalletIsBlocked (it was recovered itself),
    /// TooManyRecoveries, UnknownWallet (another address than its own).
    pub fn succeed(&self, old: &Wallet) -> Result<()> {
        let holder = self.new.key();
        ensure!(!is_linked(&self.new_wallet), ScripError::WalletKnown);
        ensure_other!(holder, Pubkey::default(), ScripError::ZeroAddress);
        ensure!(is_vacant(&self.new_wallet), ScripError::WalletIsBlocked);
        ensure!(old.recoveries < MAX_SUCCESSIONS, ScripError::TooManyRecoveries);
        let bump = require_at(&self.new_wallet, &[WALLET, holder.as_ref()], ScripError::UnknownWallet)?;
        let recoveries = old.recoveries.saturating_add(1);
        let record = Wallet {
            version: Version,
            holder,
            investor: old.investor,
            successor: None,
            recoveries,
            bump,
            reserved: Reserved,
        };
        let seeds: &[&[u8]] = &[WALLET, holder.as_ref(), &[bump]];
        create_with(&self.signer, &self.new_wallet, &self.system_program, &record, seeds)
    }

    /// Give the successor all that the lost wallet has in the stocks of some groups: units, and a hold. Its token account
    /// stays frozen where it was, and is frozen where the hold came with the units; the lost wallet's is frozen for ever. Returns what was
    /// taken, for the events.
    ///
    /// Refuses, for each group in order: NotAStock, NotCanonicalAccount, UnknownHold, InvalidReceiver, NotTheWalletsAccount.
    #[inline(never)]
    pub fn hand_over(&self, groups: &[AccountInfo<'info>]) -> Result<Vec<UnitsTaken>> {
        let mut taken = Vec::new();
        for group in groups.chunks(GROUP) {
            let [stock, mint, old_hold, new_hold, from, to] = group else { return Err(ScripError::NotAStock.into()) };
            let found = load::<Stock>(stock).ok_or(ScripError::NotAStock)?;
            ensure_same!(found.mint, *mint.key, ScripError::NotAStock);
            let expected = canonical(self.new.key, mint.key);
            ensure_same!(*to.key, expected, ScripError::NotCanonicalAccount);
            let held = self.pass_on(stock.key, old_hold, new_hold)?;
            if is_vacant(from) {
                continue;
            }
            let source = theirs(from, mint.key, self.old.key)?;
            let target = theirs(to, mint.key, self.new.key)?;
            let authority = Authority(&self.authority);
            authority.take(mint, (from, source.frozen), Some((to, target.frozen)), source.amount)?;
            if !source.frozen {
                authority.freeze(mint, from)?;
            }
            if held && !target.frozen {
                authority.freeze(mint, to)?;
            }
            taken.push(UnitsTaken {
                mint: source.mint,
                holder: source.owner,
                account: from.key(),
                to: target.owner,
                to_account: to.key(),
                amount: source.amount,
                reason: 0,
                document: [0; 32],
                key: [0; 32],
            });
        }
        Ok(taken)
    }

    /// Make the lost wallet's hold in a stock its successor's; whether there was one. Refuses UnknownHold.
    fn pass_on(&self, stock: &Pubkey, old: &AccountInfo<'info>, new: &AccountInfo<'info>) -> Result<bool> {
        let (holder, heir) = (self.old.key(), self.new.key());
        let hold = match look::<Hold>(old) {
            Place::Found(found) => found,
            Place::Vacant => {
                require_at(old, &[HOLD, stock.as_ref(), holder.as_ref()], ScripError::UnknownHold)?;
                return Ok(false);
            }
            Place::Foreign => return Err(ScripError::UnknownHold.into()),
        };
        ensure!(hold.stock == *stock && hold.holder == holder, ScripError::UnknownHold);
        let bump = require_at(new, &[HOLD, stock.as_ref(), heir.as_ref()], ScripError::UnknownHold)?;
        if is_vacant(new) {
            let seeds: &[&[u8]] = &[HOLD, stock.as_ref(), heir.as_ref(), &[bump]];
            create_with(&self.signer, new, &self.system_program, &Hold { holder: heir, bump, ..hold }, seeds)?;
        }
        close(old, &self.signer)?;
        Ok(true)
    }
}
