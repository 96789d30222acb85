//! Signatures that are verified by the ed25519 program, in the instruction just before ours.
use crate::{errors::ScripError, state::is_somebodys};
use anchor_lang::prelude::*;
use solana_instructions_sysvar::{get_instruction_relative, load_current_index_checked};

const ED25519: Pubkey = pubkey!("Ed25519SigVerify111111111111111111111111111");
/// Offsets of the one accepted form: header, public key, signature, message of 32 bytes, all in this instruction.
const KEY: usize = 16;
const SIGNATURE: u16 = 48;
const MESSAGE: usize = 112;
const END: usize = 144;
const HERE: u16 = u16::MAX;

/// Guard: `signer` has signed `digest`, in the instruction just before this one.
///
/// Refuses SignatureMissing, SignatureNotAlone, SignatureMalformed, `stranger` for another signer, BadSignature for
/// another message.
pub fn require_signed(
    instructions: &AccountInfo,
    signer: &Pubkey,
    digest: &[u8; 32],
    stranger: ScripError,
) -> Result<()> {
    ensure!(load_current_index_checked(instructions)? > 0, ScripError::SignatureMissing);
    let before = get_instruction_relative(-1, instructions)?;
    ensure_same!(before.program_id, ED25519, ScripError::SignatureMissing);
    let data = before.data.as_slice();
    ensure!(data.first() == Some(&1), ScripError::SignatureNotAlone);
    // The indices say in which instruction each part stands. Any other than HERE would let the parts that were verified
    // differ from the parts that are compared below.
    let header: [u16; 7] = [SIGNATURE, HERE, 16, HERE, 112, 32, HERE];
    let expected = header.iter().flat_map(|part| part.to_le_bytes());
    let given = data.get(2..KEY).unwrap_or_default();
    let canonical = data.len() == END && data.get(1) == Some(&0) && given.iter().copied().eq(expected);
    ensure!(canonical, ScripError::SignatureMalformed);
    // Nobody signs for a role that was revoked, whatever passes as a signature of the key of zeros.
    if !is_somebodys(signer) || data.get(KEY..SIGNATURE.into()) != Some(signer.as_ref()) {
        return Err(stranger.into());
    }
    ensure!(data.get(MESSAGE..END) == Some(digest.as_slice()), ScripError::BadSignature);
    Ok(())
}
