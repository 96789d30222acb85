//! Accounts of the instructions that freeze and thaw one token account.
use crate::{
    errors::ScripError,
    seeds::{AUTHORITY, HOLD, ISSUER, KEY, STOCK},
    shared::accounts::clearance,
    state::{Clearance, Issuer, Stock},
    token::{account_facts, AccountFacts, Authority, Token2022},
};
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
#[instruction(key: [u8; 32])]
pub struct Enforcement<'info> {
    /// Anyone, but for the enforcer's instructions. Pays for new accounts.
    #[account(mut)]
    pub signer: Signer<'info>,
    #[account(seeds = [ISSUER], bump = issuer.bump)]
    pub issuer: Box<Account<'info, Issuer>>,
    #[account(seeds = [STOCK, mint.key().as_ref()], bump = stock.bump)]
    pub stock: Box<Account<'info, Stock>>,
    /// CHECK: the stock's seeds name it.
    pub mint: UncheckedAccount<'info>,
    /// CHECK: the wallet that owns the token account; compared with the token account's owner.
    pub holder: UncheckedAccount<'info>,
    /// CHECK: the wallet's record, or the empty address where it would be: see `clearance`.
    pub wallet: UncheckedAccount<'info>,
    /// CHECK: the investor that the wallet's record names; any address where there is no record.
    pub investor: UncheckedAccount<'info>,
    /// CHECK: created, read or closed here.
    #[account(mut, seeds = [HOLD, stock.key().as_ref(), holder.key().as_ref()], bump)]
    pub hold: UncheckedAccount<'info>,
    /// CHECK: a token account of the mint.
    #[account(mut)]
    pub token_account: UncheckedAccount<'info>,
    /// CHECK: created by the enforcer's instructions.
    #[account(mut, seeds = [KEY, key.as_ref()], bump)]
    pub used_key: UncheckedAccount<'info>,
    /// CHECK: an address without an account.
    #[account(seeds = [AUTHORITY], bump = issuer.authority_bump)]
    pub authority: UncheckedAccount<'info>,
    pub token_program: Program<'info, Token2022>,
    pub system_program: Program<'info, System>,
}

impl<'info> Enforcement<'info> {
    /// The token account. Refuses InvalidReceiver, NotTheWalletsAccount.
    pub fn facts(&self) -> Result<AccountFacts> {
        let facts = account_facts(&self.token_account)?;
        let theirs = facts.mint == self.mint.key() && facts.owner == self.holder.key();
        require!(theirs, ScripError::NotTheWalletsAccount);
        Ok(facts)
    }

    /// What the wallet may do at `now`. Refuses UnknownWallet, UnknownInvestor.
    pub fn clearance(&self, now: i64) -> Result<Clearance> {
        clearance(&self.wallet, &self.investor, self.holder.key, now)
    }

    /// The address that signs for the program.
    pub fn signs(&self) -> Authority<'_, 'info> {
        Authority { info: &self.authority, bump: self.issuer.authority_bump }
    }
}
