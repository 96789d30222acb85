//! Every reason for which this program refuses. Names follow the vocabulary of `scrip.solana.errors`.
use anchor_lang::prelude::*;

/// What a refusal is called and says, found by its place. Anchor's own `error_code`, which only the IDL is read from,
/// writes a copy of every name and text as code: 24 KB.
macro_rules! refusals {
    (pub enum ScripError { $(#[msg($text:tt)] $name:ident,)* }) => {
        #[cfg(feature = "idl-build")]
        #[error_code]
        pub enum ScripError { $(#[msg($text)] $name,)* }

        #[cfg(not(feature = "idl-build"))]
        #[derive(Debug, Clone, Copy)]
        #[repr(u32)]
        pub enum ScripError { $($name,)* }

        /// Every refusal's name and text, one behind the other: once in a list that the compiler alone reads, and once
        /// as they are kept.
        #[cfg(not(feature = "idl-build"))]
        const PARTS: &[&str] = &[$(stringify!($name), $text,)*];
        #[cfg(not(feature = "idl-build"))]
        static TEXTS: &str = concat!($(stringify!($name), $text,)*);
    };
}

/// Where each part ends in the texts.
#[cfg(not(feature = "idl-build"))]
static ENDS: [u16; PARTS.len()] = ends();

#[cfg(not(feature = "idl-build"))]
#[allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation)] // when it is compiled: an overflow stops that
const fn ends() -> [u16; PARTS.len()] {
    let (mut ends, mut at, mut end) = ([0; PARTS.len()], 0, 0);
    while at < PARTS.len() {
        end += PARTS[at].len() as u16;
        ends[at] = end;
        at += 1;
    }
    ends
}

#[cfg(not(feature = "idl-build"))]
impl ScripError {
    fn told(self) -> (&'static str, &'static str) {
        let name = (self as usize).saturating_mul(2);
        let text = name.saturating_add(1);
        let end = |part: usize| ENDS.get(part).copied().unwrap_or_default().into();
        let start = name.checked_sub(1).map_or(0, end);
        let part = |from: usize, to: usize| TEXTS.get(from..to).unwrap_or_default();
        (part(start, end(name)), part(end(name), end(text)))
    }

    /// The refusal's name.
    pub fn name(&self) -> String {
        self.told().0.into()
    }
}

#[cfg(not(feature = "idl-build"))]
impl std::fmt::Display for ScripError {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str(self.told().1)
    }
}

#[cfg(not(feature = "idl-build"))]
impl From<ScripError> for u32 {
    fn from(refusal: ScripError) -> u32 {
        (refusal as u32).saturating_add(anchor_lang::error::ERROR_CODE_OFFSET)
    }
}

#[cfg(not(feature = "idl-build"))]
impl From<ScripError> for Error {
    #[cold]
    #[inline(never)]
    fn from(refusal: ScripError) -> Error {
        let (name, text) = refusal.told();
        Error::from(anchor_lang::error::AnchorError {
            error_name: name.into(),
            error_code_number: refusal.into(),
            error_msg: text.into(),
            error_origin: None,
            compared_values: None,
        })
    }
}

/// Refuses because two addresses differ, or do not, and names both.
#[cold]
#[inline(never)]
pub(crate) fn addresses(refusal: Error, one: &Pubkey, other: &Pubkey) -> Error {
    refusal.with_pubkeys((*one, *other))
}

refusals! {
pub enum ScripError {
    // --- roles
    #[msg("roles: not authorised")]
    NotAuthorised,
    #[msg("roles: not the upgrade authority")]
    NotTheUpgradeAuthority,
    #[msg("roles: already initialised")]
    AlreadyInitialised,
    #[msg("roles: nothing offered")]
    NothingOffered,
    #[msg("roles: bad setting")]
    BadSetting,
    #[msg("roles: zero address")]
    ZeroAddress,
    // --- keys
    #[msg("keys: empty")]
    KeyEmpty,
    #[msg("keys: used")]
    KeyUsed,
    // --- factory
    #[msg("factory: bad name")]
    BadName,
    #[msg("factory: bad isin")]
    BadIsin,
    #[msg("factory: isin taken")]
    StockExists,
    // --- token
    #[msg("token: paused")]
    Paused,
    #[msg("token: not paused")]
    NotPaused,
    #[msg("token: zero amount")]
    ZeroAmount,
    #[msg("the receiver's account is not of this mint")]
    InvalidReceiver,
    #[msg("the account may not send")]
    CannotSend,
    #[msg("the account may not receive")]
    CannotReceive,
    #[msg("the balance is too small")]
    InsufficientBalance,
    #[msg("token: supply too large")]
    SupplyTooLarge,
    #[msg("case: reason and document")]
    ReasonAndDocument,
    #[msg("token: already frozen")]
    AlreadyFrozen,
    #[msg("token: not frozen")]
    NotFrozen,
    #[msg("token: still cleared")]
    StillCleared,
    #[msg("token: not the canonical account")]
    NotCanonicalAccount,
    #[msg("token: owner is not immutable")]
    OwnerNotImmutable,
    #[msg("token: not the wallet's account")]
    NotTheWalletsAccount,
    #[msg("token: the mint's multiplier is not ours")]
    MultiplierDrift,
    #[msg("token: amount out of range")]
    AmountOutOfRange,
    // --- registry
    #[msg("registry: wallet known")]
    WalletKnown,
    #[msg("registry: investor known")]
    InvestorKnown,
    #[msg("registry: unknown investor")]
    UnknownInvestor,
    #[msg("registry: unknown wallet")]
    UnknownWallet,
    #[msg("registry: too many wallets")]
    TooManyWallets,
    #[msg("registry: bad expiry")]
    BadExpiry,
    #[msg("registry: already blocked")]
    AlreadyBlocked,
    #[msg("registry: not blocked")]
    NotBlocked,
    #[msg("registry: investor blocked")]
    InvestorIsBlocked,
    #[msg("registry: reason and document")]
    RegistryReasonAndDocument,
    #[msg("registry: not a stock")]
    NotAStock,
    // --- market
    #[msg("market: paused")]
    MarketPaused,
    #[msg("market: not paused")]
    MarketNotPaused,
    #[msg("market: wrong side")]
    WrongSide,
    #[msg("market: not your quote")]
    NotYourQuote,
    #[msg("market: quote expired")]
    QuoteExpired,
    #[msg("market: asset not listed")]
    AssetNotListed,
    #[msg("market: multiplier changed")]
    MultiplierChanged,
    #[msg("market: quote used")]
    QuoteUsed,
    #[msg("market: quote not expired")]
    QuoteNotExpired,
    #[msg("stablecoin: insufficient")]
    StablecoinInsufficient,
    #[msg("market: not a quote signer")]
    NotAQuoteSigner,
    // --- signatures (ed25519, in the instruction just before)
    #[msg("no ed25519 instruction stands just before")]
    SignatureMissing,
    #[msg("the ed25519 instruction holds another number of signatures than one")]
    SignatureNotAlone,
    #[msg("the ed25519 instruction is not in the one accepted form")]
    SignatureMalformed,
    #[msg("the signature is for another message")]
    BadSignature,
    // --- reserve
    #[msg("reserve: not configured")]
    ReserveNotConfigured,
    #[msg("reserve: bad config")]
    ReserveBadConfig,
    #[msg("reserve: action undecided")]
    ActionUndecided,
    #[msg("reserve: basis unconfirmed")]
    BasisUnconfirmed,
    #[msg("reserve: bad answer")]
    BadAnswer,
    #[msg("reserve: future answer")]
    FutureAnswer,
    #[msg("reserve: stale answer")]
    StaleAnswer,
    #[msg("reserve: insufficient")]
    ReserveInsufficient,
    #[msg("reserve: receivables full")]
    ReceivablesFull,
    #[msg("reserve: wrong basis")]
    WrongBasis,
    #[msg("reserve: wrong nonce")]
    WrongNonce,
    #[msg("reserve: paper expired")]
    PaperExpired,
    #[msg("reserve: not newer")]
    NotNewer,
    #[msg("reserve: not an attestor")]
    NotAnAttestor,
    #[msg("reserve: basis is current")]
    BasisIsCurrent,
    #[msg("reserve: answer too old")]
    AnswerTooOld,
    #[msg("reserve: split not shown")]
    SplitNotShown,
    // --- actions
    #[msg("actions: unknown code")]
    UnknownCode,
    #[msg("actions: effective in the past")]
    EffectiveInThePast,
    #[msg("actions: bad terms")]
    BadTerms,
    #[msg("actions: split bound")]
    SplitBound,
    #[msg("actions: notice too short")]
    NoticeTooShort,
    #[msg("actions: already announced")]
    AlreadyAnnounced,
    #[msg("actions: too many announced")]
    TooManyAnnounced,
    #[msg("actions: not announced")]
    NotAnnounced,
    #[msg("actions: step bound")]
    StepBound,
    #[msg("actions: slot taken")]
    SlotTaken,
    #[msg("actions: no effect")]
    NoEffect,
    #[msg("actions: pair does not fit")]
    PairDoesNotFit,
    #[msg("actions: rate bound")]
    RateBound,
    #[msg("actions: reason and document")]
    ActionsReasonAndDocument,
    #[msg("actions: calendar full")]
    CalendarFull,
    #[msg("actions: not cancellable")]
    NotCancellable,
    #[msg("actions: nothing to apply")]
    NothingToApply,
    // --- any state: what always holds of it would not hold of what an instruction is about to store
    #[msg("state: invariant broken")]
    InvariantBroken,
    // --- later ones, so that no number changes
    #[msg("token: not the wallet's hold")]
    UnknownHold,
    #[msg("token: cpi guard")]
    CpiGuarded,
    #[msg("market: asset keeps a fee")]
    AssetKeepsFee,
    #[msg("market: asset has a hook")]
    AssetHasHook,
    #[msg("token: bad series")]
    BadSeries,
    #[msg("stablecoin: memo demanded")]
    MemoDemanded,
    #[msg("actions: not the same multiplier")]
    NotTheSameMultiplier,
    #[msg("token: no drift")]
    NoDrift,
    #[msg("timelock: bad call")]
    BadCall,
    #[msg("timelock: unknown operation")]
    UnknownOperation,
    #[msg("timelock: not ready")]
    OperationNotReady,
    #[msg("timelock: operation known")]
    OperationKnown,
    #[msg("timelock: not set")]
    TimelockNotSet,
    #[msg("token: halted")]
    Halted,
    #[msg("beacon: halted")]
    FleetHalted,
    #[msg("beacon: not halted")]
    FleetNotHalted,
    #[msg("roles: not the holder")]
    NotTheHolder,
    #[msg("units are taken for another wallet than their own")]
    CannotTransfer,
    #[msg("registry: no successor")]
    NoSuccessor,
    #[msg("registry: too many recoveries")]
    TooManyRecoveries,
    #[msg("registry: wallet blocked")]
    WalletIsBlocked,
    #[msg("timelock: lapsed")]
    OperationLapsed,
    #[msg("market: no custodian")]
    NoCustodian,
    #[msg("market: withdrawal limit")]
    WithdrawalLimit,
    #[msg("rules: not an allowlist")]
    NotAnAllowlist,
    #[msg("rules: bad classes")]
    BadClasses,
    #[msg("rules: would loosen")]
    WouldLoosen,
    #[msg("rules: nothing changes")]
    RulesUnchanged,
    #[msg("holders: bad limits")]
    BadLimits,
    #[msg("holders: not paused")]
    LimitsNotPaused,
    #[msg("holders: not counted")]
    NotCounted,
    #[msg("holders: too many")]
    TooManyHolders,
    #[msg("holders: above the maximum")]
    AboveTheMaximum,
    #[msg("holders: too many stocks")]
    TooManySeats,
    #[msg("holders: accounts to be written")]
    SeatsNotWritable,
    #[msg("holders: still held")]
    StillHeld,
    #[msg("attestation: not your wallet")]
    NotYourAttestation,
    #[msg("attestation: expired")]
    AttestationExpired,
    #[msg("attestation: not a provider")]
    NotAProvider,
    #[msg("attestation: provider dropped")]
    ProviderIsDropped,
    #[msg("attestation: bad class")]
    VenueAttested,
    #[msg("attestation: nonce used")]
    NonceUsed,
    #[msg("attestation: limit reached")]
    ProviderLimit,
    #[msg("attestation: bad signature")]
    AttestationNotSigned,
    #[msg("attestation: not the provider's record")]
    UnknownProvider,
    #[msg("attestation: not the nonce's record")]
    UnknownNonce,
    #[msg("lockup: bad amount")]
    LockBadAmount,
    #[msg("lockup: bad date")]
    LockBadDate,
    #[msg("lockup: none")]
    NoLocks,
    #[msg("lockup: another record")]
    UnknownLocks,
    #[msg("voting: no document")]
    NoDocument,
    #[msg("registry: wallet recovered")]
    WalletIsRecovered,
    #[msg("sanctions: no oracle")]
    NoOracle,
    #[msg("sanctions: suspended")]
    OracleSuspended,
    #[msg("sanctions: old list")]
    ListSuperseded,
    #[msg("sanctions: expired")]
    ListExpired,
    #[msg("sanctions: bad term")]
    BadListTerm,
    #[msg("sanctions: bad signature")]
    ListNotSigned,
    #[msg("sanctions: bad proof")]
    BadListProof,
    #[msg("sanctions: not shown unlisted")]
    NotShownUnlisted,
    #[msg("sanctions: another record")]
    UnknownListing,
}
}
