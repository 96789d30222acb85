"""One table: the program's error names, and the vocabulary that the model and all chains share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

CUSTOM = 6000
"""Anchor's number of a program's first own error."""

NAMES: Mapping[str, str] = {
    "NotAuthorised": "roles: not authorised",
    "NotTheUpgradeAuthority": "roles: not the upgrade authority",
    "AlreadyInitialised": "roles: already initialised",
    "NothingOffered": "roles: nothing offered",
    "BadSetting": "roles: bad setting",
    "ZeroAddress": "registry: zero address",
    "KeyEmpty": "keys: empty",
    "KeyUsed": "keys: used",
    "BadName": "factory: bad name",
    "BadIsin": "factory: bad isin",
    "StockExists": "factory: isin taken",
    "Paused": "token: paused",
    "NotPaused": "token: not paused",
    "ZeroAmount": "token: zero amount",
    "InvalidReceiver": "ERC20InvalidReceiver",
    "CannotSend": "ERC7943CannotSend",
    "CannotReceive": "ERC7943CannotReceive",
    "InsufficientBalance": "ERC20InsufficientBalance",
    "SupplyTooLarge": "token: supply too large",
    "ReasonAndDocument": "case: reason and document",
    "AlreadyFrozen": "token: already frozen",
    "NotFrozen": "token: not frozen",
    "StillCleared": "token: still cleared",
    "NotCanonicalAccount": "token: not canonical",
    "OwnerNotImmutable": "token: owner not immutable",
    "NotTheWalletsAccount": "token: not the wallet's account",
    "MultiplierDrift": "token: multiplier drift",
    "AmountOutOfRange": "token: amount out of range",
    "WalletKnown": "registry: wallet known",
    "InvestorKnown": "registry: investor known",
    "UnknownInvestor": "registry: unknown investor",
    "UnknownWallet": "registry: unknown wallet",
    "TooManyWallets": "registry: too many wallets",
    "BadExpiry": "registry: bad expiry",
    "AlreadyBlocked": "registry: already blocked",
    "NotBlocked": "registry: not blocked",
    "InvestorIsBlocked": "registry: investor blocked",
    "RegistryReasonAndDocument": "registry: reason and document",
    "NotAStock": "registry: not a stock",
    "MarketPaused": "market: paused",
    "MarketNotPaused": "market: not paused",
    "WrongSide": "market: wrong side",
    "NotYourQuote": "market: not your quote",
    "QuoteExpired": "market: quote expired",
    "AssetNotListed": "market: asset not listed",
    "MultiplierChanged": "market: multiplier changed",
    "QuoteUsed": "market: quote used",
    "QuoteNotExpired": "market: quote not expired",
    "StablecoinInsufficient": "stablecoin: insufficient",
    "NotAQuoteSigner": "market: not a quote signer",
    "SignatureMissing": "market: bad signature",
    "SignatureNotAlone": "market: bad signature",
    "SignatureMalformed": "market: bad signature",
    "BadSignature": "market: bad signature",
    "ReserveNotConfigured": "reserve: not configured",
    "ReserveBadConfig": "reserve: bad config",
    "ActionUndecided": "reserve: action undecided",
    "BasisUnconfirmed": "reserve: basis unconfirmed",
    "BadAnswer": "reserve: bad answer",
    "FutureAnswer": "reserve: future answer",
    "StaleAnswer": "reserve: stale answer",
    "ReserveInsufficient": "reserve: insufficient",
    "ReceivablesFull": "reserve: receivables full",
    "WrongBasis": "reserve: wrong basis",
    "WrongNonce": "reserve: wrong nonce",
    "PaperExpired": "reserve: paper expired",
    "NotNewer": "reserve: not newer",
    "NotAnAttestor": "reserve: not an attestor",
    "BasisIsCurrent": "reserve: basis is current",
    "AnswerTooOld": "reserve: answer too old",
    "SplitNotShown": "reserve: split not shown",
    "UnknownCode": "actions: unknown code",
    "EffectiveInThePast": "actions: effective in the past",
    "BadTerms": "actions: bad terms",
    "SplitBound": "actions: split bound",
    "NoticeTooShort": "actions: notice too short",
    "AlreadyAnnounced": "actions: already announced",
    "TooManyAnnounced": "actions: too many announced",
    "NotAnnounced": "actions: not announced",
    "StepBound": "actions: step bound",
    "SlotTaken": "actions: slot taken",
    "NoEffect": "actions: no effect",
    "PairDoesNotFit": "actions: pair does not fit",
    "RateBound": "actions: rate bound",
    "ActionsReasonAndDocument": "actions: reason and document",
    "CalendarFull": "actions: calendar full",
    "NotCancellable": "actions: not cancellable",
    "NothingToApply": "actions: nothing to apply",
    "InvariantBroken": "state: invariant broken",
    "UnknownHold": "token: unknown hold",
    "BadSeries": "token: bad series",
}
"""Program error → refusal. The four signature errors are one to whoever sent the quote; tests tell them apart."""

TOKEN_NAMES: Mapping[int, str] = {
    1: "InsufficientFunds",
    17: "AccountFrozen",
    67: "MintPaused",
}
"""Token-2022's own errors that a transfer can meet, by number."""


def program_errors(idl: Mapping[str, Any]) -> Mapping[int, str]:
    """The program's own errors by number, from its IDL."""
    errors: Sequence[Mapping[str, Any]] = idl["errors"]
    return {error["code"]: error["name"] for error in errors}
