//! What a thaw and a mint ask of the sanctions list. The accounts of the instructions about it are [`Attesting`]'s, which
//! are about who may enter, too.
use crate::{
    errors::ScripError,
    pda::load,
    shared::accounts::Attesting,
    state::{Issuer, SanctionsList, Unlisted},
};
use anchor_lang::prelude::*;

impl Attesting<'_> {
    /// The sanctions list, of somebody who is heard. Refuses, in order: NoOracle, OracleSuspended.
    pub fn heard(&self) -> Result<SanctionsList> {
        // The program has one list: a record of that kind is it.
        let found: SanctionsList = load(&self.provider).ok_or(ScripError::NoOracle)?;
        found.require_heard()?;
        Ok(found)
    }
}

/// Guard of an issuer in strict mode: `holder` was shown to be absent from the list that counts and has not expired. The
/// list's record and that of the proof are named behind the others. Asks nothing where the issuer is not strict.
///
/// Refuses, in order: NoOracle, OracleSuspended, ListExpired, NotShownUnlisted.
pub fn require_unlisted(issuer: &Issuer, holder: &Pubkey, rest: &[AccountInfo], now: i64) -> Result<()> {
    if issuer.settings.strict_list {
        demand_unlisted(holder, rest, now)
    } else {
        Ok(())
    }
}

#[inline(never)]
fn demand_unlisted(holder: &Pubkey, rest: &[AccountInfo], now: i64) -> Result<()> {
    let [list, shown] = rest else { return Err(ScripError::NotShownUnlisted.into()) };
    let list: SanctionsList = load(list).ok_or(ScripError::NoOracle)?;
    list.require_heard()?;
    ensure!(now < list.expiry, ScripError::ListExpired);
    let shown: Unlisted = load(shown).ok_or(ScripError::NotShownUnlisted)?;
    ensure!(shown.holder == *holder && shown.root == list.root, ScripError::NotShownUnlisted);
    Ok(())
}
