//! Accounts of the instructions that freeze and thaw: by an enforcer's hold of a wallet, and by anyone as the wallet's
//! clearance and its hold say.
use crate::{
    errors::ScripError,
    events::SeatChanged,
    guards::{require_reason, use_key},
    pda::{is_vacant, look, require_at, save, Place},
    seeds::{AUTHORITY_AT, HOLD, ISSUER_AT, KEY},
    shared::accounts::{Bound, Standing},
    state::{Hold, Issuer, Role, Stock},
    token::{canonical, theirs, AccountFacts, Authority, Token2022},
};
use anchor_lang::prelude::*;

/// Of the enforcer's instructions, about a wallet in one stock. Where an instruction gives to nobody, the receiver's
/// accounts are any addresses.
#[event_cpi]
#[derive(Accounts)]
#[instruction(key: [u8; 32])]
pub struct Enforcement<'info> {
    /// The enforcer. Pays for new accounts.
    #[account(mut)]
    pub signer: Signer<'info>,
    #[account(address = ISSUER_AT.0)]
    pub issuer: Box<Account<'info, Issuer>>,
    #[account(has_one = mint)]
    pub stock: Box<Account<'info, Stock>>,
    /// CHECK: the stock names it.
    #[account(mut, owner = spl_token_2022_interface::ID)]
    pub mint: UncheckedAccount<'info>,
    /// CHECK: the wallet, whatever it has or lacks.
    pub holder: UncheckedAccount<'info>,
    /// CHECK: created, renewed or closed by what changes a hold; any address elsewhere.
    #[account(mut)]
    pub hold: UncheckedAccount<'info>,
    /// CHECK: of a hold, the wallet's canonical token account, whether it exists or not; else any one of the wallet's.
    #[account(mut)]
    pub token_account: UncheckedAccount<'info>,
    /// CHECK: the wallet that is given units.
    pub to: UncheckedAccount<'info>,
    /// CHECK: the receiver's record, or the empty address where it would be: see `Standing`.
    pub wallet: UncheckedAccount<'info>,
    /// CHECK: the investor that the receiver's record names; any address where there is no record.
    pub investor: UncheckedAccount<'info>,
    /// CHECK: the receiver's hold, or the empty address where it would be: see `is_held`.
    pub to_hold: UncheckedAccount<'info>,
    /// CHECK: a token account of the receiver's.
    #[account(mut)]
    pub to_account: UncheckedAccount<'info>,
    /// CHECK: created here.
    #[account(mut, seeds = [KEY, key.as_ref()], bump)]
    pub used_key: UncheckedAccount<'info>,
    /// CHECK: an address without an account.
    #[account(address = AUTHORITY_AT.0)]
    pub authority: UncheckedAccount<'info>,
    pub token_program: Program<'info, Token2022>,
    pub system_program: Program<'info, System>,
}

impl<'info> Enforcement<'info> {
    /// Guards of every order: the enforcer's role, why, and a key that nobody used.
    ///
    /// Refuses, in order: NotAuthorised, ReasonAndDocument, KeyEmpty, KeyUsed.
    pub fn begin(&self, key: &[u8; 32], reason: u16, document: &[u8; 32], bumps: &EnforcementBumps) -> Result<()> {
        self.issuer.require(Role::Enforcer, self.signer.key)?;
        require_reason(reason, document, ScripError::ReasonAndDocument)?;
        use_key(&self.signer, &self.used_key, &self.system_program, key, bumps.used_key)
    }

    /// The bump of the wallet's hold, whose address and whose wallet's canonical token account are the ones given.
    ///
    /// Refuses, in order: NotCanonicalAccount, UnknownHold.
    pub fn hold_at(&self) -> Result<u8> {
        let expected = canonical(self.holder.key, self.mint.key);
        ensure_same!(self.token_account.key(), expected, ScripError::NotCanonicalAccount);
        let (stock, holder) = (self.stock.key(), self.holder.key());
        require_at(&self.hold, &[HOLD, stock.as_ref(), holder.as_ref()], ScripError::UnknownHold)
    }

    /// What is bound of the wallet, whose record stands in the hold's place and whose vault in the receiver's account's, and
    /// the wallet's canonical token account. Where nothing ever was bound, they are made.
    ///
    /// Refuses, in order: NotCanonicalAccount, InvalidReceiver, NotTheWalletsAccount, UnknownLocks.
    pub fn bound(&self) -> Result<(Bound<'_, 'info>, AccountFacts)> {
        let expected = canonical(self.holder.key, self.mint.key);
        ensure_same!(self.token_account.key(), expected, ScripError::NotCanonicalAccount);
        let facts = self.source()?;
        let (accounts, whose) = ((&*self.hold, &*self.to_account), (&self.stock.key(), self.holder.key));
        let bound = Bound::open(&self.signer, &self.system_program, &self.signs(), &self.mint, accounts, whose)?;
        Ok((bound, facts))
    }

    /// What is bound of the wallet, where its record and its vault are named behind the others. Refuses UnknownLocks.
    pub fn kept<'a>(&self, rest: &'a [AccountInfo<'info>]) -> Result<Option<Bound<'a, 'info>>> {
        match rest {
            [] => Ok(None),
            [record, vault] => Bound::of(record, vault, &self.stock.key(), self.holder.key).map(Some),
            _ => Err(ScripError::UnknownLocks.into()),
        }
    }

    /// Take units of the wallet's token account and, for what that lacks, of its vault: for somebody's account, or out of
    /// the supply. Returns how much each gave.
    ///
    /// Refuses InsufficientBalance, InvalidReceiver, NotTheWalletsAccount.
    #[inline(never)]
    pub fn take(
        &self,
        source: &AccountFacts,
        kept: Option<&mut Bound<'_, 'info>>,
        to: Option<(&AccountInfo<'info>, bool)>,
        amount: u64,
    ) -> Result<(u64, u64)> {
        let given = if kept.is_some() { amount.min(source.amount) } else { amount };
        let lacking = amount.saturating_sub(given);
        ensure!(source.amount >= given, ScripError::InsufficientBalance);
        if given > 0 || lacking == 0 {
            self.signs().take(&self.mint, (&self.token_account, source.frozen), to, given)?;
        }
        if let Some(kept) = kept.filter(|_| lacking > 0) {
            let facts = kept.facts(&self.mint)?;
            ensure!(facts.amount >= lacking, ScripError::InsufficientBalance);
            self.signs().take(&self.mint, (kept.vault, facts.frozen), to, lacking)?;
            kept.state.dig(lacking, Clock::get()?.unix_timestamp);
            save(kept.record, &kept.state)?;
        }
        Ok((given, lacking))
    }

    /// The account that units are taken from. Refuses InvalidReceiver, NotTheWalletsAccount.
    pub fn source(&self) -> Result<AccountFacts> {
        // What a record of the program's own owns is a vault: its units are a wallet's, and the record counts them.
        ensure!(self.holder.owner != &crate::ID, ScripError::NotTheWalletsAccount);
        theirs(&self.token_account, self.mint.key, self.holder.key)
    }

    /// The account that is given units: of another wallet, which may have a thawed one in this stock.
    ///
    /// Refuses, in order: InvalidReceiver, NotTheWalletsAccount, CannotTransfer, UnknownWallet, UnknownInvestor, UnknownHold,
    /// CannotReceive.
    pub fn target(&self, now: i64) -> Result<AccountFacts> {
        let facts = theirs(&self.to_account, self.mint.key, self.to.key)?;
        ensure_other!(*self.to.key, *self.holder.key, ScripError::CannotTransfer);
        let standing = Standing::of(&self.wallet, &self.investor, self.to.key, now)?;
        let held = is_held(&self.to_hold, &self.stock.key(), self.to.key)?;
        ensure!(standing.within(&self.stock).may_receive(self.stock.policy) && !held, ScripError::CannotReceive);
        Ok(facts)
    }

    /// The wallet's canonical token account; `None` where it has none. Refuses InvalidReceiver, NotTheWalletsAccount.
    pub fn facts(&self) -> Result<Option<AccountFacts>> {
        if is_vacant(&self.token_account) {
            return Ok(None);
        }
        theirs(&self.token_account, self.mint.key, self.holder.key).map(Some)
    }

    /// The address that signs for the program.
    pub fn signs(&self) -> Authority<'_, 'info> {
        Authority(&self.authority)
    }
}

/// Of what anyone may do to one token account. No account of theirs is written but the token account, so that two of
/// them wait for each other only where they are about the same one.
#[event_cpi]
#[derive(Accounts)]
pub struct Crank<'info> {
    #[account(address = ISSUER_AT.0)]
    pub issuer: Box<Account<'info, Issuer>>,
    #[account(has_one = mint)]
    pub stock: Box<Account<'info, Stock>>,
    /// CHECK: the stock names it.
    #[account(owner = spl_token_2022_interface::ID)]
    pub mint: UncheckedAccount<'info>,
    /// CHECK: the wallet that owns the token account; compared with the token account's owner.
    pub holder: UncheckedAccount<'info>,
    /// CHECK: the wallet's record, or the empty address where it would be: see `Standing`.
    pub wallet: UncheckedAccount<'info>,
    /// CHECK: the investor that the wallet's record names; any address where there is no record.
    pub investor: UncheckedAccount<'info>,
    /// CHECK: the wallet's hold, or the empty address where it would be: see `is_held`.
    pub hold: UncheckedAccount<'info>,
    /// CHECK: a token account of the mint.
    #[account(mut)]
    pub token_account: UncheckedAccount<'info>,
    /// CHECK: an address without an account.
    #[account(address = AUTHORITY_AT.0)]
    pub authority: UncheckedAccount<'info>,
    pub token_program: Program<'info, Token2022>,
}

impl<'info> Crank<'info> {
    /// The token account. Refuses InvalidReceiver, NotTheWalletsAccount.
    pub fn facts(&self) -> Result<AccountFacts> {
        theirs(&self.token_account, self.mint.key, self.holder.key)
    }

    /// What is known of the wallet at `now`. Refuses UnknownWallet, UnknownInvestor.
    pub fn standing(&self, now: i64) -> Result<Box<Standing>> {
        Standing::of(&self.wallet, &self.investor, self.holder.key, now)
    }

    /// Whether an enforcer holds the wallet. Refuses UnknownHold.
    pub fn is_held(&self) -> Result<bool> {
        is_held(&self.hold, &self.stock.key(), self.holder.key)
    }

    /// Give the investor of a wallet that may have a thawed account a seat, where holders are limited and it has none.
    /// Whoever has units already has one, though all are taken: they came by a forced action, or before the limits.
    ///
    /// Refuses, in order: TooManyHolders, TooManySeats (in other stocks), SeatsNotWritable.
    pub fn take_seat(&self, standing: &mut Standing, amount: u64) -> Result<Option<SeatChanged>> {
        let (stock, seat) = (&*self.stock, Stock::seat(&self.stock.key()));
        let Some(investor) = &mut standing.investor else { return Ok(None) };
        if !stock.counts(investor) || investor.is_seated(seat) {
            return Ok(None);
        }
        let free = stock.limits.most == 0 || stock.seats < stock.limits.most;
        ensure!(free || amount > 0, ScripError::TooManyHolders);
        ensure!(investor.seat(0, seat), ScripError::TooManySeats);
        let (at, record) = (self.stock.to_account_info(), &self.investor);
        ensure!(at.is_writable && record.is_writable, ScripError::SeatsNotWritable);
        let mut changed: Stock = (**stock).clone();
        changed.seats = changed.seats.saturating_add(1);
        save(record, &*investor)?;
        save(&at, &changed)?;
        let (mint, investor) = (stock.mint, record.key());
        Ok(Some(SeatChanged { mint, investor, taken: true, seats: changed.seats }))
    }

    /// Whether the wallet may have a thawed account at `now`: its clearance and its seat let it, and no enforcer holds it.
    ///
    /// Refuses UnknownWallet, UnknownInvestor, UnknownHold.
    pub fn may_be_thawed(&self, now: i64) -> Result<bool> {
        Ok(self.standing(now)?.may_hold(&self.stock, &self.stock.key()) && !self.is_held()?)
    }

    /// The address that signs for the program.
    pub fn signs(&self) -> Authority<'_, 'info> {
        Authority(&self.authority)
    }
}

/// Whether an enforcer holds `holder` in `stock`, as said by the record that stands, or would stand, at `hold`.
///
/// Refuses UnknownHold when `hold` is another address, or something else stands there.
pub fn is_held(hold: &AccountInfo, stock: &Pubkey, holder: &Pubkey) -> Result<bool> {
    match look::<Hold>(hold) {
        Place::Found(found) => {
            ensure!(found.stock == *stock && found.holder == *holder, ScripError::UnknownHold);
            Ok(true)
        }
        Place::Vacant => {
            require_at(hold, &[HOLD, stock.as_ref(), holder.as_ref()], ScripError::UnknownHold)?;
            Ok(false)
        }
        Place::Foreign => Err(ScripError::UnknownHold.into()),
    }
}
