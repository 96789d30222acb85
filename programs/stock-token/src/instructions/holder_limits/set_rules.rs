//! Say which investors may hold an allow-list stock: of which classes, and of which countries.
use crate::{
    errors::ScripError,
    events::RulesChanged,
    shared::accounts::Backing,
    state::{Policy, StockRules},
};
use anchor_lang::prelude::*;

/// Callable by compliance, where nobody is admitted whom the present rules shut out; else by the admin. Accounts:
/// [`Backing`]. Whom the rules shut out is not minted to nor thawed from then on, and anyone may freeze its accounts; it
/// redeems all the same.
///
/// Refuses, in order: NotAuthorised, NotAnAllowlist, BadClasses, WouldLoosen, RulesUnchanged.
pub(crate) fn set_rules(ctx: Context<Backing>, rules: StockRules) -> Result<()> {
    let accounts = &mut *ctx.accounts;
    let loosens = accounts.may_loosen()?;
    let stock = &mut accounts.stock;
    ensure!(stock.policy == Policy::Allowlist, ScripError::NotAnAllowlist);
    ensure!(rules.invariant().is_ok(), ScripError::BadClasses);
    ensure!(loosens || rules.within(&stock.rules), ScripError::WouldLoosen);
    ensure!(rules != stock.rules, ScripError::RulesUnchanged);
    stock.rules = rules;
    stock.invariant()?;
    tell!(ctx, RulesChanged { mint: ctx.accounts.mint.key(), classes: rules.classes, countries: rules.countries });
    Ok(())
}
