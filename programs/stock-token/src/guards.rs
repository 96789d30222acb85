//! Guards that instructions of several subjects share.
use crate::{
    errors::ScripError,
    pda::{create_with, is_vacant},
    seeds::KEY,
    state::{Reserved, UsedKey, Version},
};
use anchor_lang::prelude::*;

/// Mark a key as used. Refuses KeyEmpty, KeyUsed.
pub fn use_key<'info>(
    payer: &AccountInfo<'info>,
    record: &AccountInfo<'info>,
    system_program: &AccountInfo<'info>,
    key: &[u8; 32],
    bump: u8,
) -> Result<()> {
    ensure!(*key != [0; 32], ScripError::KeyEmpty);
    ensure!(is_vacant(record), ScripError::KeyUsed);
    create_with(
        payer,
        record,
        system_program,
        &UsedKey { version: Version, bump, reserved: Reserved },
        &[KEY, key, &[bump]],
    )
}

/// Guard: a forced change states why. Refuses `refusal`.
pub fn require_reason(reason: u16, document: &[u8; 32], refusal: ScripError) -> Result<()> {
    if reason == 0 || *document == [0; 32] {
        return Err(refusal.into());
    }
    Ok(())
}
