//! Accounts of the instructions that change what is known of investors, and what it does to their token accounts.
use crate::{
    errors::ScripError,
    events::AccountFrozen,
    guards::use_key,
    parameters::MAX_WALLETS,
    pda::{create_with, is_vacant, load, look, require_at, Place},
    seeds::{AUTHORITY_AT, INVESTOR, ISSUER_AT, KEY, WALLET},
    state::{is_somebodys, Clearance, Investor, Issuer, Reserved, Role, Stock, Version, Wallet},
    token::{theirs, Authority, Token2022},
};
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
#[instruction(key: [u8; 32], id: [u8; 32])]
pub struct Investors<'info> {
    /// Pays for new accounts.
    #[account(mut)]
    pub signer: Signer<'info>,
    #[account(address = ISSUER_AT.0)]
    pub issuer: Box<Account<'info, Issuer>>,
    /// CHECK: created or read here.
    #[account(mut, seeds = [INVESTOR, id.as_ref()], bump)]
    pub investor: UncheckedAccount<'info>,
    /// CHECK: an address that the investor controls. Where an instruction concerns no wallet, any address.
    pub holder: UncheckedAccount<'info>,
    /// CHECK: created, read or closed here.
    #[account(mut, seeds = [WALLET, holder.key().as_ref()], bump)]
    pub wallet: UncheckedAccount<'info>,
    /// CHECK: created here.
    #[account(mut, seeds = [KEY, key.as_ref()], bump)]
    pub used_key: UncheckedAccount<'info>,
    /// CHECK: an address without an account.
    #[account(address = AUTHORITY_AT.0)]
    pub authority: UncheckedAccount<'info>,
    pub token_program: Program<'info, Token2022>,
    pub system_program: Program<'info, System>,
}

impl<'info> Investors<'info> {
    /// Guards of every change: the compliance role, and a key that nobody used.
    ///
    /// Refuses NotAuthorised, KeyEmpty, KeyUsed.
    pub fn begin(&self, key: &[u8; 32], bumps: &InvestorsBumps) -> Result<()> {
        self.issuer.require(Role::Compliance, self.signer.key)?;
        use_key(&self.signer, &self.used_key, &self.system_program, key, bumps.used_key)
    }

    /// The investor's record. Refuses UnknownInvestor.
    pub fn investor(&self) -> Result<Investor> {
        load(&self.investor).ok_or_else(|| ScripError::UnknownInvestor.into())
    }

    /// Link the holder to an investor. Refuses, in order: WalletKnown, ZeroAddress, TooManyWallets, WalletIsBlocked (it was
    /// recovered).
    pub fn link(&self, investor: &mut Investor, bumps: &InvestorsBumps) -> Result<()> {
        let place = Link {
            payer: &self.signer,
            system_program: &self.system_program,
            record: self.investor.key(),
            wallet: &self.wallet,
            bump: bumps.wallet,
        };
        link(&place, investor, self.holder.key())
    }
}

/// Where a wallet is linked: who pays, the investor's record, and the wallet's.
pub struct Link<'a, 'info> {
    pub payer: &'a AccountInfo<'info>,
    pub system_program: &'a AccountInfo<'info>,
    pub record: Pubkey,
    pub wallet: &'a AccountInfo<'info>,
    pub bump: u8,
}

/// Link a wallet to an investor. Refuses as `Investors::link`.
pub fn link(place: &Link, investor: &mut Investor, holder: Pubkey) -> Result<()> {
    ensure!(!is_linked(place.wallet), ScripError::WalletKnown);
    ensure_other!(holder, Pubkey::default(), ScripError::ZeroAddress);
    ensure!(investor.wallets < MAX_WALLETS, ScripError::TooManyWallets);
    ensure!(is_vacant(place.wallet), ScripError::WalletIsBlocked);
    investor.wallets = investor.wallets.saturating_add(1);
    let wallet = Wallet {
        version: Version,
        holder,
        investor: place.record,
        successor: None,
        recoveries: 0,
        bump: place.bump,
        reserved: Reserved,
    };
    let seeds: &[&[u8]] = &[WALLET, holder.as_ref(), &[wallet.bump]];
    create_with(place.payer, place.wallet, place.system_program, &wallet, seeds)
}

/// Whether an investor has the wallet whose record is, or would be, at an address; one that is blocked by itself is
/// nobody's.
pub fn is_linked(wallet: &AccountInfo) -> bool {
    !is_vacant(wallet) && load::<Wallet>(wallet).is_none_or(|found| !found.is_blocked())
}

/// What is known of a wallet at an instant.
pub struct Standing {
    pub clearance: Clearance,
    /// Its investor's record; `None` where it has none.
    pub investor: Option<Investor>,
}

impl Standing {
    /// What `holder` may do at `now`, the stock's rules apart: the wallet whose record stands, or would stand, at `wallet`. One
    /// that was recovered is blocked, whatever its investor may, and so is one that has a record and no investor.
    ///
    /// Refuses UnknownWallet when `wallet` is another address or something else stands there, UnknownInvestor when `investor` is not the one that the
    /// record names.
    #[inline(never)]
    pub fn of(wallet: &AccountInfo, investor: &AccountInfo, holder: &Pubkey, now: i64) -> Result<Box<Self>> {
        let record = match look::<Wallet>(wallet) {
            Place::Found(found) => found,
            Place::Vacant => {
                require_at(wallet, &[WALLET, holder.as_ref()], ScripError::UnknownWallet)?;
                return Ok(Box::new(Self { clearance: Clearance::Unknown, investor: None }));
            }
            Place::Foreign => return Err(ScripError::UnknownWallet.into()),
        };
        ensure_same!(record.holder, *holder, ScripError::UnknownWallet);
        if !is_somebodys(&record.investor) {
            return Ok(Box::new(Self { clearance: Clearance::Blocked, investor: None }));
        }
        ensure_same!(record.investor, *investor.key, ScripError::UnknownInvestor);
        let found = load::<Investor>(investor).ok_or(ScripError::UnknownInvestor)?;
        let recovered = record.successor.is_some();
        let clearance = if recovered { Clearance::Blocked } else { found.clearance(now) };
        Ok(Box::new(Self { clearance, investor: Some(found) }))
    }

    /// What the wallet may do in a stock, by its clearance and the stock's rules.
    pub fn within(&self, stock: &Stock) -> Clearance {
        match (self.clearance, &self.investor) {
            (Clearance::Cleared, Some(found)) if !stock.rules.admit(found) => Clearance::Barred,
            (other, _) => other,
        }
    }

    /// Whether the wallet may have a thawed account of the stock at an address, a hold apart: its clearance and the rules
    /// let it, and where holders are counted its investor has a seat.
    pub fn may_hold(&self, stock: &Stock, at: &Pubkey) -> bool {
        let unseated = |one: &Investor| stock.counts(one) && !one.is_seated(Stock::seat(at));
        self.within(stock).may_receive(stock.policy) && !self.investor.as_ref().is_some_and(unseated)
    }
}

/// Freeze the token accounts that a change names, in groups of (stock, mint, wallet record, token account), so that
/// nothing moves between the change and the crank. Wallet records must be of `investor`; `clearance` is what the change
/// makes of them. Accounts that may hold under their stock's policy, or are frozen already, are left as they are.
/// Returns what was frozen, for the events.
///
/// Refuses NotAStock, UnknownWallet, InvalidReceiver, NotTheWalletsAccount.
pub fn freeze_groups<'info>(
    authority: &Authority<'_, 'info>,
    investor: &Pubkey,
    clearance: Clearance,
    groups: &[AccountInfo<'info>],
) -> Result<Vec<AccountFrozen>> {
    let mut frozen = Vec::new();
    for group in groups.chunks(4) {
        let [stock, mint, wallet, account] = group else { return Err(ScripError::NotAStock.into()) };
        let stock = load::<Stock>(stock).ok_or(ScripError::NotAStock)?;
        ensure_same!(stock.mint, *mint.key, ScripError::NotAStock);
        let wallet = load::<Wallet>(wallet).ok_or(ScripError::UnknownWallet)?;
        ensure_same!(wallet.investor, *investor, ScripError::UnknownWallet);
        let facts = theirs(account, mint.key, &wallet.holder)?;
        if !facts.frozen && !clearance.may_receive(stock.policy) {
            authority.freeze(mint, account)?;
            frozen.push(AccountFrozen { mint: stock.mint, holder: facts.owner, account: *account.key, frozen: true });
        }
    }
    Ok(frozen)
}
