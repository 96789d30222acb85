//! What an auditor must be able to read. Emitted by self-invocation, because logs are cut in long transactions.
use crate::{
    instructions::fleet::Label,
    parameters::MAX_TRANCHES,
    state::{Attestation, Basis, Call, Ceilings, Factors, InvestorClass, Policy, Role, Roles, Settings, Tranche},
};
use anchor_lang::{
    event::EVENT_IX_TAG_LE,
    prelude::*,
    solana_program::{instruction::Instruction, program::invoke_signed_unchecked},
};

/// Tell an event: the program calls itself, with the event as data.
pub fn tell<T: anchor_lang::Event>(authority: &AccountInfo, event: &T) -> Result<()> {
    let mut data = Vec::with_capacity(LONGEST);
    data.extend_from_slice(EVENT_IX_TAG_LE);
    data.extend_from_slice(T::DISCRIMINATOR);
    event.serialize(&mut data)?;
    say(authority, data)
}

/// Bytes of most events; a longer one costs an allocation more.
const LONGEST: usize = 264;

#[inline(never)]
fn say(authority: &AccountInfo, data: Vec<u8>) -> Result<()> {
    let accounts = vec![AccountMeta::new_readonly(*authority.key, true)];
    let call = Instruction { program_id: crate::ID, accounts, data };
    let bump = [crate::EVENT_AUTHORITY_AND_BUMP.1];
    invoke_signed_unchecked(&call, std::slice::from_ref(authority), &[&[b"__event_authority", &bump]])
        .map_err(Into::into)
}

#[event]
pub struct IssuerInitialised {
    pub issuer: Pubkey,
    pub genesis: [u8; 32],
    pub roles: Roles,
    pub settings: Settings,
}

#[event]
pub struct RoleOffered {
    pub role: Role,
    pub to: Pubkey,
}

#[event]
pub struct RoleTaken {
    pub role: Role,
    pub from: Pubkey,
    pub to: Pubkey,
}

#[event]
pub struct SettingsChanged {
    pub settings: Settings,
}

#[event]
pub struct MarketStopped {
    pub stopped: bool,
}

#[event]
pub struct AssetListed {
    pub mint: Pubkey,
    pub treasury: Pubkey,
    pub listed: bool,
}

#[event]
pub struct CustodianSet {
    pub mint: Pubkey,
    pub account: Pubkey,
    pub daily: u64,
}

#[event]
pub struct TreasuryWithdrawn {
    pub mint: Pubkey,
    pub account: Pubkey,
    pub amount: u64,
    pub key: [u8; 32],
}

#[event]
pub struct StockCreated {
    pub mint: Pubkey,
    pub isin: [u8; 12],
    pub series: u64,
    pub policy: Policy,
    pub default_frozen: bool,
    pub name: String,
    pub symbol: String,
    pub uri: String,
    pub arm_hook: bool,
}

#[event]
pub struct IsinChanged {
    pub mint: Pubkey,
    pub isin: [u8; 12],
}

#[event]
pub struct StockDescribed {
    pub mint: Pubkey,
    pub label: Label,
    pub text: String,
}

/// A notice or a disclosure document about `subject`, an action's id or another word.
#[event]
pub struct DocumentPublished {
    pub mint: Pubkey,
    pub subject: [u8; 32],
    pub document: [u8; 32],
    pub uri: String,
    pub publisher: Pubkey,
}

#[event]
pub struct StockStopped {
    pub mint: Pubkey,
    pub stopped: bool,
}

#[event]
pub struct InvestorSet {
    pub investor: [u8; 32],
    pub country: u16,
    pub class: InvestorClass,
    pub expiry: i64,
    pub key: [u8; 32],
}

#[event]
pub struct WalletLinked {
    pub investor: [u8; 32],
    pub holder: Pubkey,
    pub key: [u8; 32],
}

#[event]
pub struct WalletUnlinked {
    pub investor: [u8; 32],
    pub holder: Pubkey,
    pub reason: u16,
    pub document: [u8; 32],
    pub key: [u8; 32],
}

#[event]
pub struct InvestorBlocked {
    pub investor: [u8; 32],
    pub blocked: bool,
    pub reason: u16,
    pub document: [u8; 32],
    pub key: [u8; 32],
}

/// A wallet that belongs to no investor is blocked, or no longer.
#[event]
pub struct WalletBlocked {
    pub holder: Pubkey,
    pub blocked: bool,
    pub reason: u16,
    pub document: [u8; 32],
    pub key: [u8; 32],
}

#[event]
pub struct AccountFrozen {
    pub mint: Pubkey,
    pub holder: Pubkey,
    pub account: Pubkey,
    pub frozen: bool,
}

#[event]
pub struct AccountsFrozen {
    pub holder: Pubkey,
    pub accounts: Vec<Pubkey>,
}

#[event]
pub struct HoldChanged {
    pub mint: Pubkey,
    pub holder: Pubkey,
    /// The wallet's canonical token account, whether it stands or not.
    pub account: Pubkey,
    pub held: bool,
    pub reason: u16,
    pub document: [u8; 32],
    pub key: [u8; 32],
}

/// What of a wallet's units is bound from now on.
#[event]
pub struct UnitsBound {
    pub mint: Pubkey,
    pub holder: Pubkey,
    /// The token account that they are in.
    pub vault: Pubkey,
    pub frozen: u64,
    pub tranches: [Tranche; MAX_TRANCHES],
    /// Zero, as the document and the key, where somebody released what had ended, or fetched it for a successor.
    pub reason: u16,
    pub document: [u8; 32],
    pub key: [u8; 32],
}

#[event]
pub struct RulesChanged {
    pub mint: Pubkey,
    pub classes: u8,
    pub countries: [u8; 128],
}

#[event]
pub struct LimitsChanged {
    pub mint: Pubkey,
    pub most: u32,
    pub maximum: u64,
}

/// An investor took a seat in a stock whose holders are limited, or left it.
#[event]
pub struct SeatChanged {
    pub mint: Pubkey,
    pub investor: Pubkey,
    pub taken: bool,
    /// Seats that are taken now.
    pub seats: u32,
}

/// Units were taken from a wallet: by a seizure, by a forced burn, or for its successor.
#[event]
pub struct UnitsTaken {
    pub mint: Pubkey,
    pub holder: Pubkey,
    pub account: Pubkey,
    /// Who was given them; the default address where they were burnt.
    pub to: Pubkey,
    pub to_account: Pubkey,
    pub amount: u64,
    /// Zero, as the document and the key, where what a recovered wallet has left was fetched by somebody.
    pub reason: u16,
    pub document: [u8; 32],
    pub key: [u8; 32],
}

impl UnitsTaken {
    /// Bytes of the event, with the tag and what tells it from others.
    pub const SIZE: usize = 250;

    /// The event as it is told. By hand, for borsh asks 900 units of an order that has few to spare.
    pub fn laid_out(&self) -> [u8; Self::SIZE] {
        let mut bytes = [0; Self::SIZE];
        bytes[..8].copy_from_slice(EVENT_IX_TAG_LE);
        bytes[8..16].copy_from_slice(Self::DISCRIMINATOR);
        bytes[16..48].copy_from_slice(&self.mint.to_bytes());
        bytes[48..80].copy_from_slice(&self.holder.to_bytes());
        bytes[80..112].copy_from_slice(&self.account.to_bytes());
        bytes[112..144].copy_from_slice(&self.to.to_bytes());
        bytes[144..176].copy_from_slice(&self.to_account.to_bytes());
        bytes[176..184].copy_from_slice(&self.amount.to_le_bytes());
        bytes[184..186].copy_from_slice(&self.reason.to_le_bytes());
        bytes[186..218].copy_from_slice(&self.document);
        bytes[218..].copy_from_slice(&self.key);
        bytes
    }

    /// Tell it.
    #[inline(never)]
    pub fn tell(&self, authority: &AccountInfo) -> Result<()> {
        say(authority, self.laid_out().to_vec())
    }
}

#[event]
pub struct WalletRecovered {
    pub investor: Pubkey,
    pub old: Pubkey,
    pub new: Pubkey,
    pub reason: u16,
    pub document: [u8; 32],
    pub key: [u8; 32],
}

#[event]
pub struct Minted {
    pub mint: Pubkey,
    pub account: Pubkey,
    pub amount: u64,
    pub settlement_mint: Pubkey,
    pub settlement: u64,
    pub quote: [u8; 32],
}

#[event]
pub struct Redeemed {
    pub mint: Pubkey,
    pub account: Pubkey,
    pub amount: u64,
    pub settlement_mint: Pubkey,
    pub settlement: u64,
    pub quote: [u8; 32],
}

#[event]
pub struct ActionAnnounced {
    pub mint: Pubkey,
    pub id: [u8; 32],
    pub code: [u8; 4],
    pub reference: [u8; 32],
    pub ex: u32,
    pub ex_at: i64,
    pub pay: i64,
    pub buy: i64,
    pub effective_at: i64,
    pub num: u64,
    pub den: u64,
    pub gross: u128,
}

#[event]
pub struct ActionScheduled {
    pub mint: Pubkey,
    pub id: [u8; 32],
    pub price: u128,
    pub withheld: u128,
    pub net: u128,
    pub current: Factors,
    pub next: Factors,
    pub effective_at: i64,
}

#[event]
pub struct ActionCancelled {
    pub mint: Pubkey,
    pub id: [u8; 32],
    pub reason: u16,
    pub document: [u8; 32],
}

#[event]
pub struct MultiplierApplied {
    pub mint: Pubkey,
    pub current: Factors,
    pub generation: u64,
}

#[event]
pub struct ReserveConfigured {
    pub mint: Pubkey,
    pub max_age: u32,
    pub margin_bps: u16,
    pub ceilings: Ceilings,
}

#[event]
pub struct CeilingSet {
    pub mint: Pubkey,
    pub ceilings: Ceilings,
}

#[event]
pub struct ReserveAttested {
    pub mint: Pubkey,
    pub attestation: Attestation,
    pub ceilings: Ceilings,
    pub nonce: u64,
}

#[event]
pub struct BasisConfirmed {
    pub mint: Pubkey,
    pub basis: Basis,
    /// Both ceilings, in this basis.
    pub ceilings: Ceilings,
}

/// A correction of the index, or a fold of the pair: a fold changes the split factor, a correction does not.
#[event]
pub struct MultiplierRepaired {
    pub mint: Pubkey,
    pub id: [u8; 32],
    pub reference: [u8; 32],
    pub before: Factors,
    pub after: Factors,
    pub effective_at: i64,
    pub reason: u16,
    pub document: [u8; 32],
}

#[event]
pub struct MultiplierResynced {
    pub mint: Pubkey,
    /// What the mint showed as current and next, bits of an f64 each.
    pub shown_current: u64,
    pub shown_next: u64,
    pub current: Factors,
    pub generation: u64,
    pub effective_at: i64,
}

#[event]
pub struct TimelockSet {
    pub delay: i64,
    pub proposer: Pubkey,
    pub canceller: Pubkey,
}

#[event]
pub struct OperationScheduled {
    pub operation: Pubkey,
    pub ready_at: i64,
    pub call: Call,
}

#[event]
pub struct OperationEnded {
    pub operation: Pubkey,
    /// Whether it was carried out, and not cancelled.
    pub executed: bool,
    pub by: Pubkey,
}

/// All stocks are halted, or go on.
#[event]
pub struct FleetStopped {
    pub halted: bool,
}

/// Mints that somebody paused in a halt: those that were not paused already.
#[event]
pub struct StocksHalted {
    pub mints: Vec<Pubkey>,
}

/// A KYC provider may let investors in, up to a limit.
#[event]
pub struct ProviderSet {
    pub provider: Pubkey,
    pub limit: u32,
    pub entered: u32,
}

/// A KYC provider is believed no longer.
#[event]
pub struct ProviderDropped {
    pub provider: Pubkey,
    pub reason: u16,
    pub document: [u8; 32],
}

/// An investor has put itself on the register with what a provider signed.
#[event]
pub struct Attested {
    pub provider: Pubkey,
    pub investor: [u8; 32],
    pub nonce: [u8; 32],
}

#[event]
pub struct AttestationCancelled {
    pub provider: Pubkey,
    pub nonce: [u8; 32],
}

/// Whose sanctions lists count; the default address for nobody's.
#[event]
pub struct SanctionsOracleSet {
    pub oracle: Pubkey,
}

/// No sanctions list is believed until the administrator names somebody.
#[event]
pub struct SanctionsOracleSuspended {
    pub oracle: Pubkey,
}

/// Another sanctions list counts.
#[event]
pub struct SanctionsListPublished {
    pub oracle: Pubkey,
    pub root: [u8; 32],
    pub serial: u64,
    pub issued: i64,
    pub expiry: i64,
}

/// An address was looked up in the sanctions list: it is blocked, or was shown to be absent.
#[event]
pub struct SanctionsAnswer {
    pub holder: Pubkey,
    pub listed: bool,
    pub root: [u8; 32],
}
