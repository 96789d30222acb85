//! An investor puts itself on the register with a first wallet, on a KYC provider's word. The wallet itself signs.
use crate::{
    errors::ScripError,
    events::{Attested, InvestorSet, WalletLinked},
    messages::attestation_digest,
    parameters::MAX_SEATS,
    pda::{create_with, is_vacant, require_at, save},
    seeds::{INVESTOR, WALLET},
    shared::accounts::{is_linked, link, Attesting, KycAttestation, Link},
    signature::require_signed,
    state::{Investor, InvestorClass, Reserved, Version},
};
use anchor_lang::prelude::*;

/// Callable by the attestation's wallet, with the provider's signature in the instruction just before. Accounts:
/// [`Attesting`]. A record that stands is left as it is, blocked or not, and so is a wallet that was recovered.
///
/// Refuses, in order: NotYourAttestation, AttestationExpired, NotAProvider, ProviderIsDropped, VenueAttested, UnknownNonce,
/// NonceUsed, ProviderLimit, then as `require_signed` with AttestationNotSigned, WalletKnown (UnknownWallet before it,
/// where another wallet's record is named), InvestorKnown (UnknownInvestor before it), BadExpiry, WalletIsBlocked.
pub(crate) fn onboard_attested(ctx: Context<Attesting>, attestation: KycAttestation) -> Result<()> {
    let (accounts, now) = (&ctx.accounts, Clock::get()?.unix_timestamp);
    let KycAttestation { provider: key, investor: id, wallet: holder, country, class, expiry, nonce, deadline } =
        attestation;
    ensure_same!(holder, accounts.signer.key(), ScripError::NotYourAttestation);
    ensure!(now <= deadline, ScripError::AttestationExpired);
    let mut provider = accounts.provider(&key)?;
    ensure!(!provider.dropped, ScripError::ProviderIsDropped);
    ensure!(class != InvestorClass::Venue, ScripError::VenueAttested);
    let used = accounts.unused(&key, &nonce)?;
    ensure!(provider.entered < provider.limit, ScripError::ProviderLimit);
    let digest = attestation_digest(&attestation, &accounts.issuer.genesis, &accounts.issuer.key());
    require_signed(&accounts.instructions, &key, &digest, ScripError::AttestationNotSigned)?;

    let linked = require_at(&accounts.wallet, &[WALLET, holder.as_ref()], ScripError::UnknownWallet)?;
    let bump = require_at(&accounts.investor, &[INVESTOR, &id], ScripError::UnknownInvestor)?;
    ensure!(!is_linked(&accounts.wallet), ScripError::WalletKnown);
    ensure!(is_vacant(&accounts.investor), ScripError::InvestorKnown);
    Investor::validate_expiry(expiry)?;
    let mut investor = Investor {
        version: Version,
        id,
        country,
        class,
        blocked: false,
        wallets: 0,
        expiry,
        seats: [0; MAX_SEATS],
        bump,
        reserved: Reserved,
    };
    let place = Link {
        payer: &accounts.signer,
        system_program: &accounts.system_program,
        record: accounts.investor.key(),
        wallet: &accounts.wallet,
        bump: linked,
    };
    link(&place, &mut investor, holder)?;
    let seeds: &[&[u8]] = &[INVESTOR, &id, &[bump]];
    create_with(&accounts.signer, &accounts.investor, &accounts.system_program, &investor, seeds)?;
    accounts.mark_used(&key, &nonce, used)?;
    provider.entered = provider.entered.saturating_add(1);
    save(&accounts.provider, &provider)?;
    tell!(ctx, Attested { provider: key, investor: id, nonce });
    tell!(ctx, InvestorSet { investor: id, country, class, expiry, key: nonce });
    tell!(ctx, WalletLinked { investor: id, holder, key: nonce });
    Ok(())
}
