//! Accounts of the instructions about KYC providers and what they sign, and about sanctions lists.
use crate::{
    errors::ScripError,
    pda::{create_with, is_vacant, load, require_at},
    seeds::{ATTESTED, ISSUER_AT},
    state::{InvestorClass, Issuer, Provider, Reserved, UsedKey, Version},
};
use anchor_lang::prelude::*;

/// What a KYC provider says of an investor, as it signs it.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy)]
pub struct KycAttestation {
    /// Whose key signs.
    pub provider: Pubkey,
    /// The issuer's id of the investor.
    pub investor: [u8; 32],
    /// The one wallet that may use it.
    pub wallet: Pubkey,
    /// ISO 3166 numeric.
    pub country: u16,
    pub class: InvestorClass,
    /// Until when the investor is cleared, UTC seconds.
    pub expiry: i64,
    /// Serves once for each provider.
    pub nonce: [u8; 32],
    /// The last second at which it may be used, UTC.
    pub deadline: i64,
}

#[event_cpi]
#[derive(Accounts)]
pub struct Attesting<'info> {
    /// Pays for new accounts. The wallet that is to be the investor's, where one enters.
    #[account(mut)]
    pub signer: Signer<'info>,
    #[account(address = ISSUER_AT.0)]
    pub issuer: Box<Account<'info, Issuer>>,
    /// CHECK: the provider's record, or the sanctions list's; created here. Where an instruction concerns neither, any address.
    #[account(mut)]
    pub provider: UncheckedAccount<'info>,
    /// CHECK: created where an investor enters, blocked where its wallet is listed; else any address.
    #[account(mut)]
    pub investor: UncheckedAccount<'info>,
    /// CHECK: created where an investor enters, or where a wallet that has none is listed; else any address.
    #[account(mut)]
    pub wallet: UncheckedAccount<'info>,
    /// CHECK: the record of a provider's nonce, created where it serves or is cancelled, or that a wallet is absent from the
    /// sanctions list; else any address.
    #[account(mut)]
    pub used_nonce: UncheckedAccount<'info>,
    /// CHECK: the sysvar's own address.
    #[account(address = solana_instructions_sysvar::ID)]
    pub instructions: UncheckedAccount<'info>,
    pub system_program: Program<'info, System>,
}

impl Attesting<'_> {
    /// The record of the provider with this key. Refuses NotAProvider.
    pub fn provider(&self, key: &Pubkey) -> Result<Provider> {
        let found: Provider = load(&self.provider).ok_or(ScripError::NotAProvider)?;
        ensure_same!(found.key, *key, ScripError::NotAProvider);
        Ok(found)
    }

    /// The bump of the record that a nonce of a provider's would have. Refuses UnknownNonce, NonceUsed.
    pub fn unused(&self, provider: &Pubkey, nonce: &[u8; 32]) -> Result<u8> {
        let bump = require_at(&self.used_nonce, &[ATTESTED, provider.as_ref(), nonce], ScripError::UnknownNonce)?;
        ensure!(is_vacant(&self.used_nonce), ScripError::NonceUsed);
        Ok(bump)
    }

    /// Let a nonce of a provider's serve no more.
    pub fn mark_used(&self, provider: &Pubkey, nonce: &[u8; 32], bump: u8) -> Result<()> {
        let seeds: &[&[u8]] = &[ATTESTED, provider.as_ref(), nonce, &[bump]];
        create_with(
            &self.signer,
            &self.used_nonce,
            &self.system_program,
            &UsedKey { version: Version, bump, reserved: Reserved },
            seeds,
        )
    }
}
