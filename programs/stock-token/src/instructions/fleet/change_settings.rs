//! Change notices, grace and withholding, within the floors and limits in code.
use crate::{
    events::SettingsChanged,
    shared::accounts::Administration,
    state::{Role, Settings},
};
use anchor_lang::prelude::*;

/// Callable by the admin. Accounts: [`Administration`].
///
/// Refuses, in order: NotAuthorised, BadSetting.
pub(crate) fn change_settings(ctx: Context<Administration>, settings: Settings) -> Result<()> {
    let issuer = &mut ctx.accounts.issuer;
    issuer.require(Role::Admin, ctx.accounts.signer.key)?;
    settings.validate()?;
    issuer.settings = settings;
    issuer.invariant()?;
    tell!(ctx, SettingsChanged { settings });
    Ok(())
}
