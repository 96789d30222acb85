//! What the issuer's, the custodian's, a KYC provider's and a sanctions list's keys sign off the chain: one digest each,
//! of every address and every term.
use crate::{
    shared::accounts::{KycAttestation, Quote},
    state::{Paper, SignedList},
};
use anchor_lang::prelude::*;

/// First part of every signed message: what the signature is for.
const QUOTE: &[u8] = b"scrip quote v1";
const RESERVE: &[u8] = b"scrip reserve v1";
const ATTESTATION: &[u8] = b"scrip attestation v1";
const LIST: &[u8] = b"scrip sanctions v1";

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

/// What an attestor signs, for one mint of one issuer on one cluster.
pub fn paper_digest(paper: &Paper, genesis: &[u8; 32], issuer: &Pubkey, mint: &Pubkey) -> [u8; 32] {
    let Paper { shares, ceiling, others, basis, as_of, nonce, expiry } = paper;
    solana_sha256_hasher::hashv(&[
        RESERVE,
        genesis,
        crate::ID.as_ref(),
        issuer.as_ref(),
        mint.as_ref(),
        &shares.to_le_bytes(),
        &ceiling.to_le_bytes(),
        &others.to_le_bytes(),
        &basis.num.to_le_bytes(),
        &basis.den.to_le_bytes(),
        &basis.counter.to_le_bytes(),
        &as_of.to_le_bytes(),
        &nonce.to_le_bytes(),
        &expiry.to_le_bytes(),
    ])
    .to_bytes()
}

/// What a KYC provider signs, for the register of one issuer on one cluster.
pub fn attestation_digest(attestation: &KycAttestation, genesis: &[u8; 32], issuer: &Pubkey) -> [u8; 32] {
    let KycAttestation { provider, investor, wallet, country, class, expiry, nonce, deadline } = attestation;
    solana_sha256_hasher::hashv(&[
        ATTESTATION,
        genesis,
        crate::ID.as_ref(),
        issuer.as_ref(),
        provider.as_ref(),
        investor,
        wallet.as_ref(),
        &country.to_le_bytes(),
        &[*class as u8],
        &expiry.to_le_bytes(),
        nonce,
        &deadline.to_le_bytes(),
    ])
    .to_bytes()
}

/// What whoever signs sanctions lists signs, for one issuer on one cluster.
pub fn list_digest(list: &SignedList, genesis: &[u8; 32], issuer: &Pubkey) -> [u8; 32] {
    let SignedList { root, serial, issued, expiry } = list;
    solana_sha256_hasher::hashv(&[
        LIST,
        genesis,
        crate::ID.as_ref(),
        issuer.as_ref(),
        root,
        &serial.to_le_bytes(),
        &issued.to_le_bytes(),
        &expiry.to_le_bytes(),
    ])
    .to_bytes()
}
