"""Instructions of the primary market: orders on quotes, and its pause."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from scrip.errors import InputError
from scrip.instructions.base import (
    ISSUER,
    Account,
    AssetName,
    Countersigner,
    Instruction,
    KeyedInstruction,
    PeggedAsset,
    PricedStock,
    PriceSourceName,
    QuoteId,
    QuoteNonce,
    QuoteSigner,
    RoleInstruction,
    Side,
    StockName,
    Trader,
)
from scrip.market_limits import LimitScope, MarketLimits
from scrip.roles import ADMIN
from scrip.units import RawUnits, Stablecoin

__all__ = [
    "DESK_BITS",
    "FundStablecoin",
    "Mint",
    "PauseMarket",
    "PokePeg",
    "QuoteTerms",
    "Redeem",
    "RevokeQuote",
    "RevokeQuotes",
    "SetCustodian",
    "SetMarketBand",
    "SetMarketLimit",
    "SetPeg",
    "SetQuoteTerms",
    "UnpauseMarket",
    "Way",
    "WithdrawTreasury",
    "next_epoch",
]

Way = Literal["allowance", "permit", "authorization"]
"""How a mint is paid: under an allowance of the payer's, under one that its permit (ERC-2612) gives for the occasion,
or by its authorization of this very payment (ERC-3009)."""

DESK_BITS = 160
"""How many of the low bits of an epoch name the desk that signs; those above count how often all was revoked."""
BY_ID = -1
"""Stands for the number that follows from a quote's id."""


@dataclass(frozen=True)
class QuoteTerms:
    """What an issuer's quote says beyond the amounts. Valid while now < expiry, once, at one multiplier generation.

    `side`, `forged` and `asset` describe a faulty quote: one for the other side (None: the instruction's own side), one
    whose signature is not `signer`'s, one in an asset that is not listed. An Ethereum-family chain knows a quote by
    `signer` and `nonce`, which follows from the id where none is given, and refuses it once the signer's epoch is
    another than `epoch`; Solana knows it by its id. `fee_bps` of the settlement are paid on top of a mint's, and
    kept back of a redemption's; `second` has signed it, too, while its own epoch was `second_epoch`. `payer` pays a
    mint, "" for the account itself.
    """

    id: QuoteId
    expiry: int
    generation: int
    signer: QuoteSigner = ISSUER
    side: Side | None = None
    forged: bool = False
    asset: AssetName = "stablecoin"
    nonce: QuoteNonce = BY_ID
    epoch: int = 0
    fee_bps: int = 0
    second: Countersigner = ""
    second_epoch: int = 0
    payer: Account = ""

    def __post_init__(self) -> None:
        if self.nonce == BY_ID:
            object.__setattr__(self, "nonce", int.from_bytes(hashlib.sha256(self.id.encode()).digest()))
        _check_bits("nonce", self.nonce, 256)


@dataclass(frozen=True)
class _Quoted(Instruction):
    stock: PricedStock
    account: Trader
    amount: RawUnits
    settlement: Stablecoin
    quote: QuoteTerms
    by: Account = ""
    """The account that submits the quote; "" is `account` itself, and any other than the payer is refused."""


@dataclass(frozen=True)
class Mint(_Quoted):
    """`account`, or the quote's payer, pays `settlement` to the treasury, and `account` receives `amount` new units."""

    way: Way = "allowance"
    consent: Account = ""
    """Who signed that the payer pays this very quote, which another's allowance or permit does not say; "" for nobody.
    A payer that submits the quote, or authorizes the payment, need not."""

    @property
    def payer(self) -> str:
        """Who pays."""
        return self.quote.payer or self.account

    @property
    def is_plain(self) -> bool:
        """Whether the account pays under its allowance, as quotes can be paid on every chain."""
        return self.payer == self.account and self.way == "allowance"


@dataclass(frozen=True)
class Redeem(_Quoted):
    """`amount` units of `account` are burnt and the treasury pays it `settlement`."""

    def __post_init__(self) -> None:
        if self.quote.payer not in ("", self.account):
            raise InputError("pays a mint alone: a redemption is paid by the treasury", field="payer")


@dataclass(frozen=True, kw_only=True)
class RevokeQuote(Instruction):
    """Void one quote of a signer before it is used. By the signer itself, or ADMIN."""

    signer: QuoteSigner = ISSUER
    nonce: QuoteNonce
    by: Account = ISSUER

    def __post_init__(self) -> None:
        _check_bits("nonce", self.nonce, 256)


@dataclass(frozen=True, kw_only=True)
class RevokeQuotes(Instruction):
    """Void every quote of a signer that is not used, and name the desk that signs its next ones, 0 for none.

    By the signer itself, or ADMIN.
    """

    signer: QuoteSigner = ISSUER
    desk: int = 0
    by: Account = ISSUER

    def __post_init__(self) -> None:
        _check_bits("desk", self.desk, DESK_BITS)


@dataclass(frozen=True)
class SetMarketLimit(RoleInstruction, role="PAUSER", admin_too=True):
    """Limit what is minted and redeemed on quotes. PAUSER, where nothing becomes looser; else the timelock.

    `stock` is named where the scope is one stock, and nowhere else; an investor's limits are those of every investor.
    Refused: "limits: bad scope", "limits: bad limits", "limits: would loosen".
    """

    scope: LimitScope
    limits: MarketLimits
    stock: StockName = ""


@dataclass(frozen=True)
class SetMarketBand(RoleInstruction, role="PAUSER", admin_too=True):
    """Bound how far the price of a stock's quotes may be from the price feed's, in basis points; 0 for no bound.

    PAUSER, where it becomes narrower; else the timelock. Refused: "market: bad band", "market: would loosen".
    """

    stock: PricedStock
    band_bps: int


@dataclass(frozen=True)
class SetPeg(RoleInstruction, role="PAUSER", admin_too=True):
    """Guard a settlement coin by a feed of its price in dollars, "" for no guard; off its peg before the next poke.

    Basis points of a dollar, 0 for off its peg whatever the feed says; seconds for which an answer is good. PAUSER,
    where neither grows; else the timelock. Refused: "market: bad peg", "market: would loosen".
    """

    asset: PeggedAsset
    feed: PriceSourceName
    band_bps: int
    max_age: int


@dataclass(frozen=True)
class PokePeg(Instruction):
    """Ask the peg feed of a settlement coin, and keep until when quotes in it are taken. Anyone may; `by` sends it.

    Refused: "market: asset not listed", "market: no peg".
    """

    asset: PeggedAsset
    by: Account = ""


@dataclass(frozen=True)
class SetQuoteTerms(RoleInstruction, role="PAUSER", admin_too=True):
    """Set the highest fee of a quote, in basis points, and from how many cents of settlement on two keys sign.

    0 cents are for one key whatever the amount. PAUSER, where nothing becomes looser; else the timelock. Refused:
    "limits: bad terms", "limits: would loosen".
    """

    max_fee_bps: int
    second_from: int


@dataclass(frozen=True)
class SetCustodian(RoleInstruction, role=ADMIN):
    """Name the one account that a settlement asset leaves the treasury to, and the most of it in a day, 0 for none.

    What was withdrawn before goes on counting. Refused: "market: asset not listed", "ERC20InvalidReceiver" for the
    treasury itself.
    """

    asset: AssetName
    account: Account
    daily: Stablecoin


@dataclass(frozen=True)
class WithdrawTreasury(KeyedInstruction, role="ISSUER"):
    """Pay a settlement asset out of the treasury to its custodian, whom nobody names but the timelock.

    Refused: "token: halted", "token: zero amount", "market: asset not listed" (never was), "market: no custodian",
    "market: withdrawal limit", "stablecoin: insufficient".
    """

    asset: AssetName
    amount: Stablecoin


@dataclass(frozen=True)
class PauseMarket(RoleInstruction, role="PAUSER"):
    """Stop mints and redemptions on quotes, of all stocks."""


@dataclass(frozen=True)
class UnpauseMarket(RoleInstruction, role="UNPAUSER"):
    """Open the primary market again."""


@dataclass(frozen=True)
class FundStablecoin(Instruction):
    """Give an account (TREASURY too) stablecoin out of nothing. For demonstrations and tests; no live chain does it."""

    account: Account
    amount: Stablecoin


def next_epoch(epoch: int, desk: int) -> int:
    """The epoch of a signer after all its quotes were revoked: one more, and the desk that signs from then on."""
    return ((epoch >> DESK_BITS) + 1) << DESK_BITS | desk


def _check_bits(field: str, value: int, bits: int) -> None:
    if not 0 <= value < 1 << bits:
        raise InputError(f"is not between 0 and 2^{bits} - 1", field=field, value=value)
