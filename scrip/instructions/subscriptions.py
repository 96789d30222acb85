"""Instructions about subscriptions: an investor pays in, the desk fills at a price, the investor fetches its units.

A stock may have a vault into which investors pay for each stablecoin; `asset` says which. What waits there is named by
its `controller`, who calls it back or fetches the units: the owner of the money, another account of its investor, or
one that COMPLIANCE approved. `by` is the account that sends; "" is the controller itself. Prices, operators and
approved accounts are those of `instructions.redemption`, with `entry`.
"""

from __future__ import annotations

from dataclasses import dataclass

from scrip.instructions.base import (
    Account,
    AssetName,
    Document,
    Instruction,
    KeyedInstruction,
    RoleInstruction,
    StockName,
    StrikeName,
)
from scrip.units import RawUnits, Stablecoin

__all__ = [
    "CallBackCoins",
    "CloseEntry",
    "FetchEntered",
    "FetchRefund",
    "FetchSubscribed",
    "FillSubscriptions",
    "OpenEntry",
    "RequestSubscription",
    "ReturnSubscribed",
    "SendBack",
]


# --- investors -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RequestSubscription(Instruction):
    """`owner` pays `amount` in, to be invested for `controller` ("" is the owner). Both may hold the stock now.

    The coins leave the owner at once and wait in the vault. More of it adds up and begins the wait anew. `by` is the
    owner or its operator.
    """

    stock: StockName
    owner: Account
    amount: Stablecoin
    controller: Account = ""
    by: Account = ""
    asset: AssetName = "stablecoin"


@dataclass(frozen=True)
class CallBackCoins(Instruction):
    """All that waits for `controller` is to be invested no more; FetchRefund pays it out."""

    stock: StockName
    controller: Account
    by: Account = ""
    asset: AssetName = "stablecoin"


@dataclass(frozen=True)
class FetchRefund(Instruction):
    """The coins that were called back go to `receiver` ("" is the controller)."""

    stock: StockName
    controller: Account
    receiver: Account = ""
    by: Account = ""
    asset: AssetName = "stablecoin"


@dataclass(frozen=True)
class FetchSubscribed(Instruction):
    """`amount` of the units that the controller's coins came to go to `receiver` ("" is the controller)."""

    stock: StockName
    controller: Account
    amount: RawUnits
    receiver: Account = ""
    by: Account = ""
    asset: AssetName = "stablecoin"


@dataclass(frozen=True)
class FetchEntered(Instruction):
    """Each of these controllers gets all its units and all its refund, itself: a keeper's batch.

    `by` is their operator. Whoever it does not act for, is held, may not hold the stock or has nothing is passed over.
    """

    stock: StockName
    controllers: tuple[Account, ...]
    by: Account
    asset: AssetName = "stablecoin"


@dataclass(frozen=True)
class SendBack(Instruction):
    """What waits for these controllers is called back for them: by QUOTE_SIGNER, or by anyone once it waits too long.

    Of others it is passed over.
    """

    stock: StockName
    controllers: tuple[Account, ...]
    by: Account
    asset: AssetName = "stablecoin"


# --- the desk and officers -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FillSubscriptions(RoleInstruction, role="QUOTE_SIGNER"):
    """The requests of these controllers are filled, each whole: units made, the money in the treasury.

    Whoever may not hold the stock, asked at or after the strike or has nothing waiting is passed over.
    """

    stock: StockName
    name: StrikeName
    controllers: tuple[Account, ...]
    asset: AssetName = "stablecoin"


@dataclass(frozen=True)
class CloseEntry(RoleInstruction, role="PAUSER"):
    """No new requests are taken; fills, refunds and claims go on."""

    stock: StockName
    asset: AssetName = "stablecoin"


@dataclass(frozen=True)
class OpenEntry(RoleInstruction, role="UNPAUSER"):
    """Requests are taken again."""

    stock: StockName
    asset: AssetName = "stablecoin"


@dataclass(frozen=True)
class ReturnSubscribed(KeyedInstruction, role="ENFORCER"):
    """The units that were made for `controller` go to it by force, so that a seizure finds them.

    It works whatever the state of account, stock and fleet.
    """

    stock: StockName
    controller: Account
    reason: int
    document: Document
    asset: AssetName = "stablecoin"
