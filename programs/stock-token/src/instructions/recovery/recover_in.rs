//! What a recovered wallet has in further stocks goes to its successor.
use crate::shared::accounts::Recovery;
use anchor_lang::prelude::*;

/// Callable by anyone. Accounts: [`Recovery`], then groups (see `hand_over`). Works as `recover_wallet` does. A successor
/// that was recovered itself is given units all the same, for its own successor; one that is another investor's by now,
/// or nobody's, is not.
///
/// Refuses, in order: NoSuccessor (none, or another one), UnknownWallet (the successor is not the same
/// investor's any more), then as `hand_over`.
pub(crate) fn recover_in<'info>(ctx: Context<'info, Recovery<'info>>) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.heir()?;
    for taken in accounts.hand_over(ctx.remaining_accounts)? {
        tell!(ctx, taken);
    }
    Ok(())
}
