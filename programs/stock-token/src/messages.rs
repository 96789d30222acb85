//! What the issuer's and the custodian's keys sign off the chain: one digest each, of every address and every term.
use crate::{shared::accounts::Quote, state::Attestation};
use anchor_lang::prelude::*;

/// First part of every signed message: what the signature is for.
const QUOTE: &[u8] = b"scrip quote v1";
const RESERVE: &[u8] = b"scrip reserve v1";

/// Where a quote holds: these accounts of this program on one cluster.
pub struct QuotePlace<'a> {
    pub genesis: &'a [u8; 32],
    pub mint: &'a Pubkey,
    pub token_account: &'a Pubkey,
    pub settlement_mint: &'a Pubkey,
}

/// What a quote signer signs.
pub fn quote_digest(quote: &Quote, place: &QuotePlace) -> [u8; 32] {
    solana_sha256_hasher::hashv(&[
        QUOTE,
        place.genesis,
        crate::ID.as_ref(),
        place.mint.as_ref(),
        &[quote.side as u8],
        quote.account.as_ref(),
        place.token_account.as_ref(),
        place.settlement_mint.as_ref(),
        &quote.amount.to_le_bytes(),
        &quote.settlement.to_le_bytes(),
        &quote.generation.to_le_bytes(),
        &quote.id,
        &quote.expiry.to_le_bytes(),
    ])
    .to_bytes()
}

/// What a custodian states: the shares it holds, and what this chain alone may owe of the basis num/den.
pub struct Statement<'a> {
    pub attestation: &'a Attestation,
    pub ceiling: u128,
    pub basis: (u64, u64),
}

/// What an attestor signs, for one mint of one issuer on one cluster.
pub fn attestation_digest(statement: &Statement, genesis: &[u8; 32], issuer: &Pubkey, mint: &Pubkey) -> [u8; 32] {
    let Statement { attestation, ceiling, basis: (num, den) } = statement;
    solana_sha256_hasher::hashv(&[
        RESERVE,
        genesis,
        crate::ID.as_ref(),
        issuer.as_ref(),
        mint.as_ref(),
        &attestation.shares.to_le_bytes(),
        &ceiling.to_le_bytes(),
        &num.to_le_bytes(),
        &den.to_le_bytes(),
        &attestation.as_of.to_le_bytes(),
        &attestation.sequence.to_le_bytes(),
    ])
    .to_bytes()
}
