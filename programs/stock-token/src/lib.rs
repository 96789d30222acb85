//! Tokenised shares on Solana: one program that runs a Token-2022 mint per stock.
//!
//! Transfers are the token program's own and cost nothing extra. This program decides what the token program cannot:
//! who may hold (by freezing and thawing), what mints and burns, and what multiplier a mint shows.
#[cfg(upstream_bpf)]
use solana_compiler_builtins as _;

use anchor_lang::prelude::*;

pub mod errors;
pub mod events;
pub mod instructions;
pub mod math;
pub mod messages;
pub mod pda;
pub mod seeds;
pub mod signature;
pub mod state;
pub mod token;

pub use instructions::*;
use state::{Attestation, Coverage, InvestorClass, Role, Settings};

declare_id!("5cripZqcK8XzEFLpXJzHYUdkq8EVF1owDByWuYGrbRdz");

#[program]
pub mod stock_token {
    use super::*;

    // --- the issuer

    /// Name the issuer's roles and settings. The upgrade authority, once.
    pub fn initialise(ctx: Context<Initialise>, args: InitialiseArgs) -> Result<()> {
        instructions::initialise::handler(ctx, args)
    }

    /// Offer a role. Admin.
    pub fn offer_role(ctx: Context<Administer>, role: Role, to: Pubkey) -> Result<()> {
        instructions::offer_role::handler(ctx, role, to)
    }

    /// Accept an offered role. Whoever it was offered to.
    pub fn accept_role(ctx: Context<Administer>, role: Role) -> Result<()> {
        instructions::accept_role::handler(ctx, role)
    }

    /// Change notices, grace and withholding. Admin.
    pub fn change_settings(ctx: Context<Administer>, settings: Settings) -> Result<()> {
        instructions::change_settings::handler(ctx, settings)
    }

    /// Stop the primary market. Pauser.
    pub fn pause_market(ctx: Context<Administer>) -> Result<()> {
        instructions::pause_market::handler(ctx)
    }

    /// Open the primary market again. Unpauser.
    pub fn resume_market(ctx: Context<Administer>) -> Result<()> {
        instructions::resume_market::handler(ctx)
    }

    /// List a settlement asset, or take it off the list. Admin.
    pub fn list_asset(ctx: Context<ListAsset>, listed: bool) -> Result<()> {
        instructions::list_asset::handler(ctx, listed)
    }

    // --- stocks

    /// Create a stock's mint with every extension, its calendar and its reserve. Issuer role.
    pub fn create_stock(ctx: Context<CreateStock>, args: CreateStockArgs) -> Result<()> {
        instructions::create_stock::handler(ctx, args)
    }

    /// Stop a stock. Pauser.
    pub fn pause(ctx: Context<Stop>) -> Result<()> {
        instructions::pause::handler(ctx)
    }

    /// Let a stock go on. Unpauser.
    pub fn resume(ctx: Context<Stop>) -> Result<()> {
        instructions::resume::handler(ctx)
    }

    // --- investors

    /// A new investor with a first wallet. Compliance.
    pub fn onboard_investor(
        ctx: Context<Directory>,
        key: [u8; 32],
        id: [u8; 32],
        country: u16,
        class: InvestorClass,
        expiry: i64,
    ) -> Result<()> {
        instructions::onboard_investor::handler(ctx, key, id, country, class, expiry)
    }

    /// Correct an investor's country, class and expiry. Compliance.
    pub fn set_investor(
        ctx: Context<Directory>,
        key: [u8; 32],
        id: [u8; 32],
        country: u16,
        class: InvestorClass,
        expiry: i64,
    ) -> Result<()> {
        instructions::set_investor::handler(ctx, key, id, country, class, expiry)
    }

    /// A new expiry of an investor's clearance. Compliance.
    pub fn renew_investor(ctx: Context<Directory>, key: [u8; 32], id: [u8; 32], expiry: i64) -> Result<()> {
        instructions::renew_investor::handler(ctx, key, id, expiry)
    }

    /// One more wallet of an investor; its named accounts are frozen unless the investor may hold. Compliance.
    pub fn link_wallet<'info>(ctx: Context<'info, Directory<'info>>, key: [u8; 32], id: [u8; 32]) -> Result<()> {
        instructions::link_wallet::handler(ctx, key, id)
    }

    /// A wallet leaves its investor; its named accounts are frozen. Compliance.
    pub fn unlink_wallet<'info>(
        ctx: Context<'info, Directory<'info>>,
        key: [u8; 32],
        id: [u8; 32],
        reason: u16,
        document: [u8; 32],
    ) -> Result<()> {
        instructions::unlink_wallet::handler(ctx, key, id, reason, document)
    }

    /// Block an investor; the named accounts are frozen. Compliance.
    pub fn block_investor<'info>(
        ctx: Context<'info, Directory<'info>>,
        key: [u8; 32],
        id: [u8; 32],
        reason: u16,
        document: [u8; 32],
    ) -> Result<()> {
        instructions::block_investor::handler(ctx, key, id, reason, document)
    }

    /// Lift a block. Compliance.
    pub fn unblock_investor(
        ctx: Context<Directory>,
        key: [u8; 32],
        id: [u8; 32],
        reason: u16,
        document: [u8; 32],
    ) -> Result<()> {
        instructions::unblock_investor::handler(ctx, key, id, reason, document)
    }

    // --- token accounts

    /// Thaw the canonical account of a wallet in good standing. Anyone.
    pub fn thaw(ctx: Context<Control>, key: [u8; 32]) -> Result<()> {
        instructions::thaw::handler(ctx, key)
    }

    /// Freeze an account whose wallet is not in good standing. Anyone.
    pub fn freeze(ctx: Context<Control>, key: [u8; 32]) -> Result<()> {
        instructions::freeze::handler(ctx, key)
    }

    /// Freeze an account whatever its standing. Enforcer.
    pub fn hold_account(ctx: Context<Control>, key: [u8; 32], reason: u16, document: [u8; 32]) -> Result<()> {
        instructions::hold_account::handler(ctx, key, reason, document)
    }

    /// Lift a hold. Enforcer.
    pub fn release_account(ctx: Context<Control>, key: [u8; 32], reason: u16, document: [u8; 32]) -> Result<()> {
        instructions::release_account::handler(ctx, key, reason, document)
    }

    // --- the primary market

    /// Mint on a signed quote. The quote's account.
    pub fn mint(ctx: Context<Primary>, quote: Quote) -> Result<()> {
        instructions::mint::handler(ctx, quote)
    }

    /// Redeem on a signed quote. The quote's account.
    pub fn redeem<'info>(ctx: Context<'info, Primary<'info>>, quote: Quote) -> Result<()> {
        instructions::redeem::handler(ctx, quote)
    }

    /// Close the record of an expired quote. Anyone.
    pub fn close_quote(ctx: Context<CloseQuote>) -> Result<()> {
        instructions::close_quote::handler(ctx)
    }

    // --- corporate actions

    /// Record an action's terms. Actions role.
    pub fn announce_action(ctx: Context<Act>, code: [u8; 4], reference: [u8; 32], terms: Terms) -> Result<()> {
        instructions::announce_action::handler(ctx, code, reference, terms)
    }

    /// Put an announced action into the slot. Actions role.
    pub fn schedule_action(ctx: Context<Act>, code: [u8; 4], reference: [u8; 32], price: u128) -> Result<()> {
        instructions::schedule_action::handler(ctx, code, reference, price)
    }

    /// Withdraw an action before it takes effect. Actions role.
    pub fn cancel_action(
        ctx: Context<Act>,
        code: [u8; 4],
        reference: [u8; 32],
        reason: u16,
        document: [u8; 32],
    ) -> Result<()> {
        instructions::cancel_action::handler(ctx, code, reference, reason, document)
    }

    /// Fold a multiplier that has taken effect. Anyone.
    pub fn apply_multiplier(ctx: Context<Back>) -> Result<()> {
        instructions::apply_multiplier::handler(ctx)
    }

    // --- backing

    /// Say how attestations are judged. Admin.
    pub fn configure_reserve(ctx: Context<Back>, max_age: u32, margin_bps: u16, ceiling: u128) -> Result<()> {
        instructions::configure_reserve::handler(ctx, max_age, margin_bps, ceiling)
    }

    /// Publish a signed attestation. Anyone.
    pub fn attest_reserve(ctx: Context<Back>, attestation: Attestation, ceiling: u128) -> Result<()> {
        instructions::attest_reserve::handler(ctx, attestation, ceiling)
    }

    /// Adopt a split factor that the attestations show. Anyone.
    pub fn confirm_basis(ctx: Context<Back>) -> Result<()> {
        instructions::confirm_basis::handler(ctx)
    }

    /// Adopt a split factor on the administrator's word. Admin.
    pub fn set_basis(ctx: Context<Back>) -> Result<()> {
        instructions::set_basis::handler(ctx)
    }

    // --- views

    /// Shares that raw units stand for now.
    pub fn ui_amount(ctx: Context<View>, raw: u64) -> Result<u128> {
        instructions::views::view_ui_amount(ctx, raw)
    }

    /// Raw units that shares pay for now.
    pub fn raw_amount(ctx: Context<View>, ui: u64) -> Result<u128> {
        instructions::views::view_raw_amount(ctx, ui)
    }

    /// The multiplier now and next.
    pub fn multiplier(ctx: Context<View>) -> Result<MultiplierView> {
        instructions::views::view_multiplier(ctx)
    }

    /// Both sides of the reserve's check now.
    pub fn coverage(ctx: Context<View>) -> Result<Coverage> {
        instructions::views::view_coverage(ctx)
    }
}
