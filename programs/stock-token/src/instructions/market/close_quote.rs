//! Close the record of a used quote after its expiry; the rent goes back to whoever paid it.
use crate::{errors::ScripError, state::UsedQuote};
use anchor_lang::prelude::*;

#[derive(Accounts)]
pub struct CloseQuote<'info> {
    /// CHECK: the record names it.
    #[account(mut, address = used_quote.payer)]
    pub payer: UncheckedAccount<'info>,
    #[account(mut, close = payer)]
    pub used_quote: Account<'info, UsedQuote>,
}

/// Callable by anyone. Accounts: [`CloseQuote`].
///
/// Refuses QuoteNotExpired: before that, closing would let the quote be used again.
pub(crate) fn close_quote(ctx: Context<CloseQuote>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    ensure!(now >= ctx.accounts.used_quote.expiry, ScripError::QuoteNotExpired);
    Ok(())
}
