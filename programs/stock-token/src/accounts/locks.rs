//! Units that are bound: the record of them, the vault that they are in, and how they get there and out of it.
use crate::{
    errors::ScripError,
    events::UnitsBound,
    parameters::MAX_TRANCHES,
    pda::{create, create_with, load, look, require_at, save, Place},
    seeds::{LOCKED, VAULT},
    state::{Locked, Reserved, Tranche, Version},
    token::{initialise_vault, theirs, AccountFacts, Authority, VAULT_SPACE},
};
use anchor_lang::prelude::*;

/// A wallet's bound units in a stock: the record as it is to be, and the accounts that it and they are in.
pub struct Bound<'a, 'info> {
    pub record: &'a AccountInfo<'info>,
    pub vault: &'a AccountInfo<'info>,
    pub state: Locked,
}

impl<'a, 'info> Bound<'a, 'info> {
    /// What is bound of `holder` in `stock`. Refuses UnknownLocks where nothing ever was, or these are other accounts.
    pub fn of(
        record: &'a AccountInfo<'info>,
        vault: &'a AccountInfo<'info>,
        stock: &Pubkey,
        holder: &Pubkey,
    ) -> Result<Self> {
        let state = load::<Locked>(record).ok_or(ScripError::UnknownLocks)?;
        ensure!(state.stock == *stock && state.holder == *holder, ScripError::UnknownLocks);
        ensure_same!(state.vault, *vault.key, ScripError::UnknownLocks);
        Ok(Self { record, vault, state })
    }

    /// The same; where nothing ever was, record and vault are made. The vault is frozen. Refuses UnknownLocks.
    pub fn open(
        payer: &AccountInfo<'info>,
        system_program: &AccountInfo<'info>,
        authority: &Authority<'_, 'info>,
        mint: &AccountInfo<'info>,
        (record, vault): (&'a AccountInfo<'info>, &'a AccountInfo<'info>),
        (stock, holder): (&Pubkey, &Pubkey),
    ) -> Result<Self> {
        if !matches!(look::<Locked>(record), Place::Vacant) {
            return Self::of(record, vault, stock, holder);
        }
        let (of, kept) = ([LOCKED, stock.as_ref(), holder.as_ref()], [VAULT, stock.as_ref(), holder.as_ref()]);
        let bump = require_at(record, &of, ScripError::UnknownLocks)?;
        let kept_bump = require_at(vault, &kept, ScripError::UnknownLocks)?;
        let seeds: &[&[u8]] = &[kept[0], kept[1], kept[2], &[kept_bump]];
        create(payer, vault, system_program, &spl_token_2022_interface::ID, VAULT_SPACE, VAULT_SPACE, seeds)?;
        initialise_vault(vault, mint, record.key)?;
        if !theirs(vault, mint.key, record.key)?.frozen {
            authority.freeze(mint, vault)?;
        }
        let tranches = [Tranche::default(); MAX_TRANCHES];
        let state = Locked {
            version: Version,
            stock: *stock,
            holder: *holder,
            vault: *vault.key,
            frozen: 0,
            tranches,
            bump,
            reserved: Reserved,
        };
        create_with(payer, record, system_program, &state, &[of[0], of[1], of[2], &[bump]])?;
        Ok(Self { record, vault, state })
    }

    /// The vault. Refuses InvalidReceiver, NotTheWalletsAccount.
    pub fn facts(&self, mint: &AccountInfo<'info>) -> Result<AccountFacts> {
        theirs(self.vault, mint.key, self.record.key)
    }

    /// Note what is bound from now on, and move units between the vault and the wallet's `account` until the vault has
    /// just that; what strangers sent to it goes to the wallet. Refuses InsufficientBalance.
    pub fn settle(
        &self,
        authority: &Authority<'_, 'info>,
        mint: &AccountInfo<'info>,
        (account, facts): (&AccountInfo<'info>, &AccountFacts),
    ) -> Result<()> {
        let (kept, wanted) = (self.facts(mint)?, self.state.total());
        let (mine, bound) = ((account, facts.frozen), (self.vault, kept.frozen));
        if let Some(more) = wanted.checked_sub(kept.amount).filter(|more| *more > 0) {
            ensure!(facts.amount >= more, ScripError::InsufficientBalance);
            authority.take(mint, mine, Some(bound), more)?;
        } else if kept.amount > wanted {
            authority.take(mint, bound, Some(mine), kept.amount.saturating_sub(wanted))?;
        }
        save(self.record, &self.state)
    }

    /// The event of what is bound from now on.
    pub fn told(&self, mint: Pubkey, reason: u16, document: [u8; 32], key: [u8; 32]) -> UnitsBound {
        let Locked { holder, vault, frozen, tranches, .. } = self.state;
        UnitsBound { mint, holder, vault, frozen, tranches, reason, document, key }
    }
}

/// The account of `rest`, its first or last, that has the address of the record of what is bound of `holder` in `stock`,
/// and the others.
pub fn locked_apart<'a, 'info>(
    rest: &'a [AccountInfo<'info>],
    stock: &Pubkey,
    holder: &Pubkey,
) -> (Option<&'a AccountInfo<'info>>, &'a [AccountInfo<'info>]) {
    let (at, _) = Pubkey::find_program_address(&[LOCKED, stock.as_ref(), holder.as_ref()], &crate::ID);
    match rest {
        [others @ .., record] if *record.key == at => (Some(record), others),
        [record, others @ ..] if *record.key == at => (Some(record), others),
        _ => (None, rest),
    }
}

/// Raw units that are bound by the record that stands, or would stand, at `record`.
///
/// Refuses UnknownLocks where none is named, or something else stands there.
pub fn bound_in(record: Option<&AccountInfo>) -> Result<u64> {
    match look::<Locked>(record.ok_or(ScripError::UnknownLocks)?) {
        Place::Found(found) => Ok(found.total()),
        Place::Vacant => Ok(0),
        Place::Foreign => Err(ScripError::UnknownLocks.into()),
    }
}
