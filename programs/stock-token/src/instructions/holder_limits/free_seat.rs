//! Take the seat of an investor who holds nothing of a stock any more.
use crate::{
    errors::ScripError,
    events::SeatChanged,
    pda::{is_vacant, load, save},
    shared::accounts::Investors,
    state::{Stock, Wallet},
    token::{canonical, theirs, Authority},
};
use anchor_lang::prelude::*;

/// Callable by compliance. Accounts: [`Investors`], then the stock, to be written, its mint, and of every wallet of the
/// investor's its record and its canonical token account, which holds nothing and is frozen here. Nobody else may: whoever
/// is about to be minted to has an empty account, and a seat.
///
/// Refuses, in order: NotAuthorised, KeyEmpty, KeyUsed, UnknownInvestor, NotAStock, NotCounted (it has no seat),
/// UnknownWallet (another's, one twice, or not all), NotCanonicalAccount, InvalidReceiver, NotTheWalletsAccount,
/// StillHeld, SeatsNotWritable.
pub(crate) fn free_seat<'info>(ctx: Context<'info, Investors<'info>>, key: [u8; 32], _id: [u8; 32]) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.begin(&key, &ctx.bumps)?;
    let mut investor = accounts.investor()?;
    let [at, mint, wallets @ ..] = ctx.remaining_accounts else { return Err(ScripError::NotAStock.into()) };
    let mut stock = load::<Stock>(at).ok_or(ScripError::NotAStock)?;
    ensure_same!(stock.mint, *mint.key, ScripError::NotAStock);
    ensure!(investor.seat(Stock::seat(at.key), 0), ScripError::NotCounted);
    let mut last = Pubkey::default();
    for pair in wallets.chunks(2) {
        let [record, account] = pair else { return Err(ScripError::UnknownWallet.into()) };
        let wallet = load::<Wallet>(record).ok_or(ScripError::UnknownWallet)?;
        let mine = wallet.investor == accounts.investor.key() && wallet.successor.is_none();
        // In order, so that none stands for two.
        ensure!(mine && wallet.holder > last, ScripError::UnknownWallet);
        last = wallet.holder;
        ensure_same!(*account.key, canonical(&wallet.holder, mint.key), ScripError::NotCanonicalAccount);
        if is_vacant(account) {
            continue;
        }
        let facts = theirs(account, mint.key, &wallet.holder)?;
        ensure!(facts.amount == 0, ScripError::StillHeld);
        if !facts.frozen {
            Authority(&accounts.authority).freeze(mint, account)?;
        }
    }
    ensure!(wallets.len() == usize::from(investor.wallets).saturating_mul(2), ScripError::UnknownWallet);
    ensure!(at.is_writable, ScripError::SeatsNotWritable);
    stock.seats = stock.seats.saturating_sub(1);
    save(&accounts.investor, &investor)?;
    save(at, &stock)?;
    let (mint, investor) = (stock.mint, accounts.investor.key());
    tell!(ctx, SeatChanged { mint, investor, taken: false, seats: stock.seats });
    Ok(())
}
