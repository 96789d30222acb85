"""Instructions of the primary market: orders on quotes, and its pause."""

from __future__ import annotations

from dataclasses import dataclass

from scrip.instructions.base import ISSUER, Account, AssetName, Instruction, QuoteId, RoleInstruction, Side, StockName
from scrip.units import RawUnits, Stablecoin

__all__ = ["FundStablecoin", "Mint", "PauseMarket", "QuoteTerms", "Redeem", "UnpauseMarket"]


@dataclass(frozen=True)
class QuoteTerms:
    """What an issuer's quote says beyond the amounts. Valid while now < expiry, once, at one multiplier generation.

    The last three describe a faulty quote: one for the other side (None: the instruction's own side), one whose
    signature is not `signer`'s, one in an asset that is not listed.
    """

    id: QuoteId
    expiry: int
    generation: int
    signer: Account = ISSUER
    side: Side | None = None
    forged: bool = False
    asset: AssetName = "stablecoin"


@dataclass(frozen=True)
class _Quoted(Instruction):
    stock: StockName
    account: Account
    amount: RawUnits
    settlement: Stablecoin
    quote: QuoteTerms
    by: Account = ""
    """The account that submits the quote; "" is `account` itself, and any other is refused."""


@dataclass(frozen=True)
class Mint(_Quoted):
    """`account` pays `settlement` to the treasury and receives `amount` new units."""


@dataclass(frozen=True)
class Redeem(_Quoted):
    """`amount` units of `account` are burnt and the treasury pays it `settlement`."""


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
