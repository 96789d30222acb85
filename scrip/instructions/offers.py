"""Instructions about offers that holders answer with units: tender offers, rights issues, mergers with a choice.

An offer is named by its number on the chain, 32 bytes as 0x-prefixed hex, which has its kind and its deadline in it.
`stock` is the stock whose action it is; `other` the second stock of it: the rights of a rights issue, the stock that a
merger gives; "" for none. Units are raw units of what is escrowed. `by` is the account that sends.
"""

from __future__ import annotations

from dataclasses import dataclass

from scrip import parameters
from scrip.instructions.base import (
    Account,
    ActionReference,
    AssetName,
    Document,
    Instruction,
    KeyedInstruction,
    OfferId,
    RoleInstruction,
    StockName,
    Text,
    check_count,
)
from scrip.units import EVM_DECIMALS, RawUnits, Stablecoin

__all__ = [
    "ChooseInOffer",
    "ClaimOffer",
    "CollectOffer",
    "CancelOffer",
    "EnforceOffer",
    "FundOffer",
    "LetOut",
    "OpenOffer",
    "RelayChoice",
    "ResumeOffer",
    "SetOfferOperator",
    "SettleOffer",
    "StopOffer",
    "SweepOffer",
    "WithdrawChoice",
]

NONE = RawUnits(0, EVM_DECIMALS)


# --- the desk --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class OpenOffer(RoleInstruction, role="ACTIONS"):
    """Open the offer of an announced action, on the terms that the book has now. `offer` is the number that it gets.

    `part` is how many were opened before. `taker` receives what a tender offer takes, "" burns it; `treasury` the price
    of new units, and what nobody fetches. `most` is of a rights issue how many rights were issued, of a merger how many
    units are paid in cash, 0 for all; a tender offer's stands in the book.
    """

    stock: StockName
    code: Text
    reference: ActionReference
    part: int
    treasury: Account
    offer: OfferId
    taker: Account = ""
    most: RawUnits = NONE
    other: StockName = ""
    asset: AssetName = "stablecoin"


@dataclass(frozen=True)
class StopOffer(RoleInstruction, role="PAUSER"):
    """Take no new choices; whoever chose withdraws and fetches as before."""

    stock: StockName
    offer: OfferId
    other: StockName = ""


@dataclass(frozen=True)
class ResumeOffer(RoleInstruction, role="UNPAUSER"):
    """Take new choices again."""

    stock: StockName
    offer: OfferId
    other: StockName = ""


@dataclass(frozen=True)
class CancelOffer(RoleInstruction, role="ACTIONS", admin_too=True):
    """End an offer that is not funded: everybody fetches what it put in."""

    stock: StockName
    offer: OfferId
    reason: int
    document: Document
    other: StockName = ""


@dataclass(frozen=True)
class LetOut(Instruction):
    """End an offer whose action the book has cancelled. Anyone may."""

    stock: StockName
    offer: OfferId
    reason: int
    document: Document
    by: Account
    other: StockName = ""


@dataclass(frozen=True)
class FundOffer(Instruction):
    """Bring in all that the choices come to, after the deadline: `amount` of the coin out of `by`'s, and new units.

    A tender offer's anyone may; a rights issue's and a merger's ACTIONS alone, since units are made.
    """

    stock: StockName
    offer: OfferId
    amount: Stablecoin
    by: Account
    other: StockName = ""
    asset: AssetName = "stablecoin"


@dataclass(frozen=True)
class SweepOffer(RoleInstruction, role="ACTIONS"):
    """Pay the coins that nobody fetched until the expiry to the treasury. Units that are due stay due."""

    stock: StockName
    offer: OfferId
    other: StockName = ""
    asset: AssetName = "stablecoin"


@dataclass(frozen=True)
class EnforceOffer(KeyedInstruction, role="ENFORCER"):
    """Seize what `account` has in an offer for `to`, whatever the state of account, stock and offer.

    While it is open `amount` of what was put in, of a rights issue all of it; after that all that is due, `amount` 0.
    """

    stock: StockName
    offer: OfferId
    account: Account
    to: Account
    amount: RawUnits
    reason: int
    document: Document
    other: StockName = ""
    asset: AssetName = "stablecoin"


# --- who chooses -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ChooseInOffer(Instruction):
    """`account` puts units in, until the deadline; again adds to it.

    `units` are of a tender offer the units, of a rights issue the rights that are used, each paid for, of a merger the
    units for cash; `more` of a rights issue what is asked for beyond the rights, paid in advance, of a merger the units
    for stock.
    """

    stock: StockName
    offer: OfferId
    account: Account
    units: RawUnits
    more: RawUnits = NONE
    other: StockName = ""
    asset: AssetName = "stablecoin"


@dataclass(frozen=True)
class RelayChoice(Instruction):
    """The same for who signed it, handed in by anyone: `signature` is 0x-prefixed hex, good until `expiry`, UTC."""

    stock: StockName
    offer: OfferId
    account: Account
    units: RawUnits
    more: RawUnits
    expiry: int
    signature: Text
    by: Account
    other: StockName = ""
    asset: AssetName = "stablecoin"


@dataclass(frozen=True)
class WithdrawChoice(Instruction):
    """All that `account` put in goes back to it, or to its successor, until the deadline. `by` "" is the account."""

    stock: StockName
    offer: OfferId
    account: Account
    by: Account = ""
    other: StockName = ""
    asset: AssetName = "stablecoin"


@dataclass(frozen=True)
class ClaimOffer(Instruction):
    """All that is due to `account` goes to it, or to its successor. `by` is one of them, or its operator."""

    stock: StockName
    offer: OfferId
    account: Account
    by: Account = ""
    other: StockName = ""
    asset: AssetName = "stablecoin"


@dataclass(frozen=True)
class SetOfferOperator(Instruction):
    """`account` lets `operator` withdraw and fetch for it in every offer, or no longer."""

    account: Account
    operator: Account
    approved: bool = True


# --- carrying it out -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SettleOffer(Instruction):
    """What becomes of these accounts' positions is written down: a page of any size and order. Anyone may."""

    stock: StockName
    offer: OfferId
    accounts: tuple[Account, ...]
    by: Account
    other: StockName = ""

    def __post_init__(self) -> None:
        check_count("accounts", self.accounts, parameters.MAX_SETTLED.value)


@dataclass(frozen=True)
class CollectOffer(Instruction):
    """What is taken by now is burnt or handed to the taker, and the price of new units paid to the treasury. Anyone."""

    stock: StockName
    offer: OfferId
    by: Account
    other: StockName = ""
    asset: AssetName = "stablecoin"
