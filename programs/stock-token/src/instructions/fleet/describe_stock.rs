//! Change what a mint's metadata call a stock: its name, its symbol, or the address of its description.
use crate::{
    errors::ScripError,
    events::StockDescribed,
    parameters::{MAX_NAME, MAX_SYMBOL, MAX_URI},
    pda::top_up,
    seeds::{AUTHORITY_AT, ISSUER_AT},
    state::{Issuer, Role, Stock},
    token::{Authority, Token2022},
};
use anchor_lang::prelude::*;

/// One of the texts that every client shows, numbered as the token-metadata interface has them.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    Name,
    Symbol,
    Uri,
}

#[event_cpi]
#[derive(Accounts)]
pub struct DescribeStock<'info> {
    /// Pays the rent of what is longer than before.
    #[account(mut)]
    pub signer: Signer<'info>,
    #[account(address = ISSUER_AT.0)]
    pub issuer: Box<Account<'info, Issuer>>,
    #[account(has_one = mint)]
    pub stock: Box<Account<'info, Stock>>,
    /// CHECK: the stock names it.
    #[account(mut, owner = spl_token_2022_interface::ID)]
    pub mint: UncheckedAccount<'info>,
    /// CHECK: an address without an account.
    #[account(address = AUTHORITY_AT.0)]
    pub authority: UncheckedAccount<'info>,
    pub token_program: Program<'info, Token2022>,
    pub system_program: Program<'info, System>,
}

/// Callable by the admin. Accounts: [`DescribeStock`]. Works in a pause; no amount, address or id follows from it.
///
/// Refuses, in order: NotAuthorised, BadName.
pub(crate) fn describe_stock(ctx: Context<DescribeStock>, label: Label, text: String) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.issuer.require(Role::Admin, accounts.signer.key)?;
    let (least, most) = match label {
        Label::Name => (1, MAX_NAME),
        Label::Symbol => (1, MAX_SYMBOL),
        Label::Uri => (0, MAX_URI),
    };
    ensure!((least..=most).contains(&text.len()), ScripError::BadName);
    Authority(&accounts.authority).relabel(&accounts.mint, label as u8, &text)?;
    top_up(&accounts.signer, &accounts.mint, &accounts.system_program)?;
    tell!(ctx, StockDescribed { mint: ctx.accounts.mint.key(), label, text });
    Ok(())
}
