//! Tokenised shares on Solana: one program that runs a Token-2022 mint per stock.
//!
//! Transfers are the token program's own and cost nothing extra. This program decides what the token program cannot:
//! who may hold (by freezing and thawing), what mints and burns, and what multiplier a mint shows.
#[cfg(upstream_bpf)]
use solana_compiler_builtins as _;

use anchor_lang::prelude::*;

#[macro_use]
mod ensure;

pub mod errors;
pub mod events;
pub mod guards;
pub mod instructions;
pub mod math;
pub mod messages;
pub mod parameters;
pub mod pda;
pub mod seeds;
/// What instructions share. The module around `accounts` keeps its name apart from the one of the same name that Anchor
/// makes here for clients; the folder is `src/accounts`.
#[path = "."]
pub mod shared {
    pub mod accounts;
}
pub mod security;
pub mod signature;
pub mod state;
pub mod token;

// Anchor needs what its macros make beside each `Accounts` struct at the crate's root.
pub use instructions::*;
pub use shared::accounts::*;
use state::{
    Basis, Call, Coverage, HolderLimits, InvestorClass, ListProof, Paper, Role, Settings, SignedList, StockRules,
};

declare_id!("5cripZqcK8XzEFLpXJzHYUdkq8EVF1owDByWuYGrbRdz");

#[program]
pub mod stock_token {
    use super::*;

    // --- the issuer

    /// Name the issuer's roles and settings. The upgrade authority, once.
    pub fn initialise(ctx: Context<Initialise>, args: InitialiseArgs) -> Result<()> {
        instructions::fleet::initialise(ctx, args)
    }

    /// Offer a role. Admin.
    pub fn offer_role(ctx: Context<Administration>, role: Role, to: Pubkey) -> Result<()> {
        instructions::fleet::offer_role(ctx, role, to)
    }

    /// Take a role from its holder. Admin, or its holder.
    pub fn revoke_role(ctx: Context<Administration>, role: Role, from: Pubkey) -> Result<()> {
        instructions::fleet::revoke_role(ctx, role, from)
    }

    /// Accept an offered role. Whoever it was offered to.
    pub fn accept_role(ctx: Context<Administration>, role: Role) -> Result<()> {
        instructions::fleet::accept_role(ctx, role)
    }

    /// Change notices, grace and withholding. Admin.
    pub fn change_settings(ctx: Context<Administration>, settings: Settings) -> Result<()> {
        instructions::fleet::change_settings(ctx, settings)
    }

    /// Halt all stocks. Guardian.
    pub fn halt(ctx: Context<Administration>) -> Result<()> {
        instructions::fleet::halt(ctx)
    }

    /// End a halt. Admin.
    pub fn unhalt(ctx: Context<Administration>) -> Result<()> {
        instructions::fleet::unhalt(ctx)
    }

    /// Pause mints in a halt. Anyone.
    pub fn pause_halted<'info>(ctx: Context<'info, PauseHalted<'info>>) -> Result<()> {
        instructions::fleet::pause_halted(ctx)
    }

    /// Stop the primary market. Pauser.
    pub fn pause_market(ctx: Context<Administration>) -> Result<()> {
        instructions::market::pause_market(ctx)
    }

    /// Open the primary market again. Unpauser.
    pub fn resume_market(ctx: Context<Administration>) -> Result<()> {
        instructions::market::resume_market(ctx)
    }

    /// List a settlement asset, or take it off the list. Admin.
    pub fn list_asset(ctx: Context<ListAsset>, listed: bool) -> Result<()> {
        instructions::market::list_asset(ctx, listed)
    }

    /// Name where a settlement asset leaves the treasury to, and how much of it in a day. Admin.
    pub fn set_custodian(ctx: Context<SetCustodian>, daily: u64) -> Result<()> {
        instructions::market::set_custodian(ctx, daily)
    }

    /// Withdraw settlement from the treasury to the asset's custodian. Issuer role.
    pub fn withdraw(ctx: Context<Withdraw>, key: [u8; 32], amount: u64) -> Result<()> {
        instructions::market::withdraw(ctx, key, amount)
    }

    // --- the administrator's delay

    /// Name who schedules and cancels what the administrator does, and how long it waits. Admin.
    pub fn set_timelock(ctx: Context<Delayed>, delay: i64, proposer: Pubkey, canceller: Pubkey) -> Result<()> {
        instructions::timelock::set_timelock(ctx, delay, proposer, canceller)
    }

    /// Schedule an instruction of this program's. The timelock's proposer.
    pub fn schedule_operation(ctx: Context<Delayed>, key: [u8; 32], call: Call) -> Result<()> {
        instructions::timelock::schedule_operation(ctx, key, call)
    }

    /// Carry out what has waited. Anyone.
    pub fn execute_operation<'info>(ctx: Context<'info, Delayed<'info>>) -> Result<()> {
        instructions::timelock::execute_operation(ctx)
    }

    /// Cancel what waits. The timelock's canceller or proposer.
    pub fn cancel_operation(ctx: Context<Delayed>) -> Result<()> {
        instructions::timelock::cancel_operation(ctx)
    }

    // --- stocks

    /// Create a stock's mint with every extension, its calendar and its reserve. Issuer role.
    pub fn create_stock(ctx: Context<CreateStock>, args: CreateStockArgs) -> Result<()> {
        instructions::fleet::create_stock(ctx, args)
    }

    /// Stop a stock. Pauser.
    pub fn pause(ctx: Context<Fleet>) -> Result<()> {
        instructions::fleet::pause(ctx)
    }

    /// Let a stock go on. Unpauser.
    pub fn resume(ctx: Context<Fleet>) -> Result<()> {
        instructions::fleet::resume(ctx)
    }

    /// Record that a stock carries another ISIN. Admin.
    pub fn set_isin(ctx: Context<Fleet>, isin: [u8; 12]) -> Result<()> {
        instructions::fleet::set_isin(ctx, isin)
    }

    /// Change a stock's name, symbol or the address of its description. Admin.
    pub fn describe_stock(ctx: Context<DescribeStock>, label: Label, text: String) -> Result<()> {
        instructions::fleet::describe_stock(ctx, label, text)
    }

    /// Put a document on record, by its hash and where it is read. Actions role.
    pub fn publish_document(ctx: Context<Fleet>, subject: [u8; 32], document: [u8; 32], uri: String) -> Result<()> {
        instructions::voting::publish_document(ctx, subject, document, uri)
    }

    // --- investors

    /// A new investor with a first wallet. Compliance.
    pub fn onboard_investor(
        ctx: Context<Investors>,
        key: [u8; 32],
        id: [u8; 32],
        country: u16,
        class: InvestorClass,
        expiry: i64,
    ) -> Result<()> {
        instructions::investors::onboard_investor(ctx, key, id, country, class, expiry)
    }

    /// Correct an investor's country, class and expiry. Compliance.
    pub fn set_investor(
        ctx: Context<Investors>,
        key: [u8; 32],
        id: [u8; 32],
        country: u16,
        class: InvestorClass,
        expiry: i64,
    ) -> Result<()> {
        instructions::investors::set_investor(ctx, key, id, country, class, expiry)
    }

    /// A new expiry of an investor's clearance. Compliance.
    pub fn renew_investor(ctx: Context<Investors>, key: [u8; 32], id: [u8; 32], expiry: i64) -> Result<()> {
        instructions::investors::renew_investor(ctx, key, id, expiry)
    }

    /// One more wallet of an investor; its named accounts are frozen unless the investor may hold. Compliance.
    pub fn link_wallet<'info>(ctx: Context<'info, Investors<'info>>, key: [u8; 32], id: [u8; 32]) -> Result<()> {
        instructions::investors::link_wallet(ctx, key, id)
    }

    /// A wallet leaves its investor; its named accounts are frozen. Compliance.
    pub fn unlink_wallet<'info>(
        ctx: Context<'info, Investors<'info>>,
        key: [u8; 32],
        id: [u8; 32],
        reason: u16,
        document: [u8; 32],
    ) -> Result<()> {
        instructions::investors::unlink_wallet(ctx, key, id, reason, document)
    }

    /// Block an investor; the named accounts are frozen. Compliance.
    pub fn block_investor<'info>(
        ctx: Context<'info, Investors<'info>>,
        key: [u8; 32],
        id: [u8; 32],
        reason: u16,
        document: [u8; 32],
    ) -> Result<()> {
        instructions::investors::block_investor(ctx, key, id, reason, document)
    }

    /// Lift a block. Compliance.
    pub fn unblock_investor(
        ctx: Context<Investors>,
        key: [u8; 32],
        id: [u8; 32],
        reason: u16,
        document: [u8; 32],
    ) -> Result<()> {
        instructions::investors::unblock_investor(ctx, key, id, reason, document)
    }

    /// Lift the block of a wallet that belongs to no investor. Compliance.
    pub fn unblock_wallet(
        ctx: Context<Investors>,
        key: [u8; 32],
        id: [u8; 32],
        reason: u16,
        document: [u8; 32],
    ) -> Result<()> {
        instructions::investors::unblock_wallet(ctx, key, id, reason, document)
    }

    // --- the sanctions list

    /// Name whose sanctions lists count. Admin.
    pub fn set_sanctions_oracle(ctx: Context<Attesting>, oracle: Pubkey) -> Result<()> {
        instructions::sanctions::set_sanctions_oracle(ctx, oracle)
    }

    /// Believe whoever signs sanctions lists no longer. Compliance.
    pub fn suspend_sanctions_oracle(ctx: Context<Attesting>) -> Result<()> {
        instructions::sanctions::suspend_sanctions_oracle(ctx)
    }

    /// Publish a signed sanctions list. Anyone.
    pub fn publish_list(ctx: Context<Attesting>, next: SignedList) -> Result<()> {
        instructions::sanctions::publish_list(ctx, next)
    }

    /// Look an address up in the sanctions list: block it, or show it absent. Anyone.
    pub fn screen(ctx: Context<Attesting>, holder: Pubkey, proof: ListProof) -> Result<()> {
        instructions::sanctions::screen(ctx, holder, proof)
    }

    // --- KYC providers

    /// Name a KYC provider and how many investors it may let in. Admin.
    pub fn set_provider(ctx: Context<Attesting>, key: Pubkey, limit: u32) -> Result<()> {
        instructions::attestations::set_provider(ctx, key, limit)
    }

    /// Believe a KYC provider no longer. Compliance.
    pub fn drop_provider(ctx: Context<Attesting>, key: Pubkey, reason: u16, document: [u8; 32]) -> Result<()> {
        instructions::attestations::drop_provider(ctx, key, reason, document)
    }

    /// Make a nonce of the signer's unusable. Anyone, about its own.
    pub fn cancel_attestation(ctx: Context<Attesting>, nonce: [u8; 32]) -> Result<()> {
        instructions::attestations::cancel_attestation(ctx, nonce)
    }

    /// Enter the register on a KYC provider's word. The attestation's wallet.
    pub fn onboard_attested(ctx: Context<Attesting>, attestation: KycAttestation) -> Result<()> {
        instructions::attestations::onboard_attested(ctx, attestation)
    }

    // --- who may hold, and how many

    /// Say which investors may hold a stock. Compliance, or admin.
    pub fn set_rules(ctx: Context<Backing>, rules: StockRules) -> Result<()> {
        instructions::holder_limits::set_rules(ctx, rules)
    }

    /// Limit the holders of a stock, or end that. Compliance, or admin.
    pub fn set_limits(ctx: Context<Backing>, limits: HolderLimits) -> Result<()> {
        instructions::holder_limits::set_limits(ctx, limits)
    }

    /// Take the seat of an investor who holds nothing any more. Compliance.
    pub fn free_seat<'info>(ctx: Context<'info, Investors<'info>>, key: [u8; 32], id: [u8; 32]) -> Result<()> {
        instructions::holder_limits::free_seat(ctx, key, id)
    }

    // --- token accounts

    /// Thaw the account of a wallet that is cleared and not held. Anyone.
    pub fn thaw<'info>(ctx: Context<'info, Crank<'info>>) -> Result<()> {
        instructions::enforcement::thaw(ctx)
    }

    /// Freeze an account whose wallet is not cleared, or is held. Anyone.
    pub fn freeze(ctx: Context<Crank>) -> Result<()> {
        instructions::enforcement::freeze(ctx)
    }

    /// Freeze many accounts of a wallet that may hold nothing. Anyone.
    pub fn freeze_page<'info>(ctx: Context<'info, FreezePage<'info>>) -> Result<()> {
        instructions::enforcement::freeze_page(ctx)
    }

    /// Hold a wallet in one stock, whatever its clearance and its accounts. Enforcer.
    pub fn hold_account(ctx: Context<Enforcement>, key: [u8; 32], reason: u16, document: [u8; 32]) -> Result<()> {
        instructions::enforcement::hold_account(ctx, key, reason, document)
    }

    /// Lift a hold. Enforcer.
    pub fn release_account(ctx: Context<Enforcement>, key: [u8; 32], reason: u16, document: [u8; 32]) -> Result<()> {
        instructions::enforcement::release_account(ctx, key, reason, document)
    }

    /// Take units of a wallet for another, whatever is frozen or paused. Enforcer.
    pub fn seize<'info>(
        ctx: Context<'info, Enforcement<'info>>,
        key: [u8; 32],
        amount: u64,
        reason: u16,
        document: [u8; 32],
    ) -> Result<()> {
        instructions::enforcement::seize(ctx, key, amount, reason, document)
    }

    /// Destroy units of a wallet, whatever is frozen or paused. Enforcer.
    pub fn forced_burn<'info>(
        ctx: Context<'info, Enforcement<'info>>,
        key: [u8; 32],
        amount: u64,
        reason: u16,
        document: [u8; 32],
    ) -> Result<()> {
        instructions::enforcement::forced_burn(ctx, key, amount, reason, document)
    }

    /// Freeze part of what a wallet has; 0 releases it. Enforcer.
    pub fn freeze_tokens(
        ctx: Context<Enforcement>,
        key: [u8; 32],
        amount: u64,
        reason: u16,
        document: [u8; 32],
    ) -> Result<()> {
        instructions::enforcement::freeze_tokens(ctx, key, amount, reason, document)
    }

    /// Lock units of a wallet up until a date. Enforcer.
    pub fn lock(
        ctx: Context<Enforcement>,
        key: [u8; 32],
        amount: u64,
        until: i64,
        reason: u16,
        document: [u8; 32],
    ) -> Result<()> {
        instructions::enforcement::lock(ctx, key, amount, until, reason, document)
    }

    /// End all lock-ups of a wallet. Enforcer.
    pub fn release_locks(ctx: Context<Enforcement>, key: [u8; 32], reason: u16, document: [u8; 32]) -> Result<()> {
        instructions::enforcement::release_locks(ctx, key, reason, document)
    }

    /// Give a wallet what its lock-ups that have ended bound. Anyone.
    pub fn release_ended<'info>(ctx: Context<'info, Crank<'info>>) -> Result<()> {
        instructions::enforcement::release_ended(ctx)
    }

    // --- lost wallets

    /// Put a fresh wallet in a lost one's place, with what that has in the stocks that are named. Recoverer.
    pub fn recover_wallet<'info>(
        ctx: Context<'info, Recovery<'info>>,
        key: [u8; 32],
        reason: u16,
        document: [u8; 32],
    ) -> Result<()> {
        instructions::recovery::recover_wallet(ctx, key, reason, document)
    }

    /// Fetch what a recovered wallet has left, for its successor. Anyone.
    pub fn recover_in<'info>(ctx: Context<'info, Recovery<'info>>) -> Result<()> {
        instructions::recovery::recover_in(ctx)
    }

    /// Fetch what of a recovered wallet's units is bound, for its successor. Anyone.
    pub fn recover_locks<'info>(ctx: Context<'info, Recovery<'info>>) -> Result<()> {
        instructions::recovery::recover_locks(ctx)
    }

    // --- the primary market

    /// Mint on a signed quote. The quote's account.
    pub fn mint<'info>(ctx: Context<'info, Market<'info>>, quote: Quote) -> Result<()> {
        instructions::market::mint(ctx, quote)
    }

    /// Redeem on a signed quote. The quote's account.
    pub fn redeem(ctx: Context<Market>, quote: Quote) -> Result<()> {
        instructions::market::redeem(ctx, quote)
    }

    /// Close the record of an expired quote. Anyone.
    pub fn close_quote(ctx: Context<CloseQuote>) -> Result<()> {
        instructions::market::close_quote(ctx)
    }

    // --- corporate actions

    /// Record an action's terms. Actions role.
    pub fn announce_action(ctx: Context<Actions>, code: [u8; 4], reference: [u8; 32], terms: Terms) -> Result<()> {
        instructions::actions::announce_action(ctx, code, reference, terms)
    }

    /// Put an announced action into the slot. Actions role.
    pub fn schedule_action(ctx: Context<Actions>, code: [u8; 4], reference: [u8; 32], price: u128) -> Result<()> {
        instructions::actions::schedule_action(ctx, code, reference, price)
    }

    /// Withdraw an action before it takes effect. Actions role.
    pub fn cancel_action(
        ctx: Context<Actions>,
        code: [u8; 4],
        reference: [u8; 32],
        reason: u16,
        document: [u8; 32],
    ) -> Result<()> {
        instructions::actions::cancel_action(ctx, code, reference, reason, document)
    }

    /// Schedule another dividend index after a mistake. Admin.
    pub fn correct_index(
        ctx: Context<Actions>,
        reference: [u8; 32],
        index: u128,
        effective_at: i64,
        reason: u16,
        document: [u8; 32],
    ) -> Result<()> {
        instructions::actions::correct_index(ctx, reference, index, effective_at, reason, document)
    }

    /// Write the same multiplier as a smaller pair. Admin.
    pub fn fold_pair(
        ctx: Context<Actions>,
        reference: [u8; 32],
        index: u128,
        num: u64,
        den: u64,
        reason: u16,
        document: [u8; 32],
    ) -> Result<()> {
        instructions::actions::fold_pair(ctx, reference, index, num, den, reason, document)
    }

    /// Make the mint show the multiplier that is kept, where it shows another. Unpauser.
    pub fn resync_multiplier(ctx: Context<Backing>) -> Result<()> {
        instructions::actions::resync_multiplier(ctx)
    }

    /// Fold a multiplier that has taken effect. Anyone.
    pub fn apply_multiplier(ctx: Context<Backing>) -> Result<()> {
        instructions::actions::apply_multiplier(ctx)
    }

    // --- backing

    /// Say how attestations are judged. Admin.
    pub fn configure_reserve(
        ctx: Context<Backing>,
        max_age: u32,
        margin_bps: u16,
        ceiling: u128,
        others: u128,
        basis: Basis,
    ) -> Result<()> {
        instructions::reserve::configure_reserve(ctx, max_age, margin_bps, ceiling, others, basis)
    }

    /// Move the ceilings, in a basis that is named. Admin.
    pub fn set_ceiling(ctx: Context<Backing>, own: u128, others: u128, basis: Basis) -> Result<()> {
        instructions::reserve::set_ceiling(ctx, own, others, basis)
    }

    /// Publish a signed attestation. Anyone.
    pub fn attest_reserve(ctx: Context<Backing>, paper: Paper) -> Result<()> {
        instructions::reserve::attest_reserve(ctx, paper)
    }

    /// Count in the basis that the attestation shows. Anyone.
    pub fn confirm_basis(ctx: Context<Backing>) -> Result<()> {
        instructions::reserve::confirm_basis(ctx)
    }

    /// Count in the basis that is named, on the administrator's word. Admin.
    pub fn set_basis(ctx: Context<Backing>, basis: Basis) -> Result<()> {
        instructions::reserve::set_basis(ctx, basis)
    }

    // --- views

    /// Shares that raw units stand for now.
    pub fn ui_amount(ctx: Context<View>, raw: u64) -> Result<u128> {
        instructions::transfers::ui_amount(ctx, raw)
    }

    /// Raw units that shares pay for now.
    pub fn raw_amount(ctx: Context<View>, ui: u64) -> Result<u128> {
        instructions::transfers::raw_amount(ctx, ui)
    }

    /// The multiplier now and next.
    pub fn multiplier(ctx: Context<View>) -> Result<MultiplierView> {
        instructions::actions::multiplier(ctx)
    }

    /// Both sides of the reserve's check now.
    pub fn coverage(ctx: Context<View>) -> Result<Coverage> {
        instructions::reserve::coverage(ctx)
    }
}
