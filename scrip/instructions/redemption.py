"""Instructions about requests to redeem: a holder asks, the desk fills at a price, the holder fetches its money.

A stock has a vault for each stablecoin that pays for it; `asset` says which. What waits there is named by its
`controller`, who calls it back or fetches the money: the owner, another account of its investor, or one that COMPLIANCE
approved. `by` is the account that sends; "" is the controller itself. Where an order is the same in the vault into
which investors pay (`instructions.subscriptions`), `entry` says that it is that one's.
"""

from __future__ import annotations

from dataclasses import dataclass

from scrip import parameters
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
from scrip.roles import ADMIN
from scrip.units import RawUnits, Stablecoin

__all__ = [
    "ApproveAccount",
    "CallBack",
    "DeliverInKind",
    "FetchAll",
    "FetchMoney",
    "FetchUnits",
    "FillRequests",
    "MAX_FILLED",
    "RequestInKind",
    "RequestRedemption",
    "ResumeMints",
    "ReturnUnits",
    "SetOperator",
    "SetReference",
    "SkimVault",
    "Strike",
    "SuspendMints",
    "VoidStrike",
]

MAX_FILLED = parameters.MAX_FILLED.value
"""Requests, or claims, in one instruction."""


# --- holders ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RequestRedemption(Instruction):
    """`owner` asks for `amount` of its units to be redeemed, for `controller` ("" is the owner).

    The units leave the owner at once and wait in the vault. More of it adds up and begins the wait anew. `by` is the
    owner or its operator.
    """

    stock: StockName
    owner: Account
    amount: RawUnits
    controller: Account = ""
    by: Account = ""
    asset: AssetName = "stablecoin"


@dataclass(frozen=True)
class RequestInKind(Instruction):
    """As RequestRedemption, for the shares themselves: `delivery` is the document by which they are to be delivered.

    All that waits for a controller is of one kind, and is delivered as the last request of it says.
    """

    stock: StockName
    owner: Account
    amount: RawUnits
    delivery: Document
    controller: Account = ""
    by: Account = ""
    asset: AssetName = "stablecoin"


@dataclass(frozen=True)
class CallBack(Instruction):
    """All that waits for `controller` is to be redeemed no more; FetchUnits hands it out."""

    stock: StockName
    controller: Account
    by: Account = ""
    asset: AssetName = "stablecoin"


@dataclass(frozen=True)
class FetchUnits(Instruction):
    """The units that were called back go to `receiver` ("" is the controller)."""

    stock: StockName
    controller: Account
    receiver: Account = ""
    by: Account = ""
    asset: AssetName = "stablecoin"


@dataclass(frozen=True)
class FetchMoney(Instruction):
    """What `amount` of the controller's filled units came to is paid to `receiver` ("" is the controller)."""

    stock: StockName
    controller: Account
    amount: RawUnits
    receiver: Account = ""
    by: Account = ""
    asset: AssetName = "stablecoin"


@dataclass(frozen=True)
class FetchAll(Instruction):
    """Each of these controllers is paid its whole claim, to itself: a keeper's batch.

    `by` is their operator. Whoever it does not act for, is held or has nothing is passed over.
    """

    stock: StockName
    controllers: tuple[Account, ...]
    by: Account
    asset: AssetName = "stablecoin"


@dataclass(frozen=True)
class SetOperator(Instruction):
    """`account` lets `operator` ask, call back and fetch for it, or no longer."""

    stock: StockName
    account: Account
    operator: Account
    approved: bool = True
    asset: AssetName = "stablecoin"
    entry: bool = False


# --- the desk --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Strike(RoleInstruction, role="QUOTE_SIGNER"):
    """The price at which requests of before may be filled until `expiry`, a UTC second at most a day ahead.

    `price` is what one token, 10**18 raw units, is paid; `name` names the strike, once.
    """

    stock: StockName
    name: StrikeName
    price: Stablecoin
    expiry: int
    asset: AssetName = "stablecoin"
    entry: bool = False


@dataclass(frozen=True)
class VoidStrike(RoleInstruction, role="QUOTE_SIGNER", or_role="PAUSER"):
    """A strike serves no more, and becomes no reference. Refused: "vault: no strike"."""

    stock: StockName
    name: StrikeName
    asset: AssetName = "stablecoin"
    entry: bool = False


@dataclass(frozen=True)
class FillRequests(RoleInstruction, role="QUOTE_SIGNER"):
    """The requests of these controllers are filled, each whole: units burnt, the money in the vault.

    Whoever is blocked or frozen, asked at or after the strike or has nothing waiting is passed over.
    """

    stock: StockName
    name: StrikeName
    controllers: tuple[Account, ...]
    asset: AssetName = "stablecoin"


@dataclass(frozen=True)
class DeliverInKind(KeyedInstruction, role="ATTESTOR"):
    """The `amount` that a controller asked for in kind is burnt: by its `receipt` the custodian keeps the shares.

    They are delivered as the document `delivery` says.
    """

    stock: StockName
    controller: Account
    amount: RawUnits
    delivery: Document
    receipt: Document
    asset: AssetName = "stablecoin"


@dataclass(frozen=True)
class SetReference(RoleInstruction, role=ADMIN):
    """The price that strikes are held to from now on, of one token: the timelock's, where the market left the band.

    Refused: "vault: bad price".
    """

    stock: StockName
    price: Stablecoin
    asset: AssetName = "stablecoin"
    entry: bool = False


@dataclass(frozen=True)
class SkimVault(Instruction):
    """Coins in the vault that nobody's request or claim stands for go to the treasury. Anyone may; `by` sends it."""

    stock: StockName
    by: Account = ""
    asset: AssetName = "stablecoin"
    entry: bool = False


# --- waiting too long, and officers ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class SuspendMints(Instruction):
    """New mints of the stock stop until this controller's request, which waits too long, is filled. Anyone may."""

    stock: StockName
    controller: Account
    by: Account = ""
    asset: AssetName = "stablecoin"


@dataclass(frozen=True)
class ResumeMints(Instruction):
    """Mints go on, once the request for which they stopped waits no more. Anyone may."""

    stock: StockName
    by: Account = ""
    asset: AssetName = "stablecoin"


@dataclass(frozen=True)
class ReturnUnits(KeyedInstruction, role="ENFORCER"):
    """What waits for `controller` or was called back goes back to it by force, so that a seizure finds it.

    It works whatever the state of account, stock and fleet.
    """

    stock: StockName
    controller: Account
    reason: int
    document: Document
    asset: AssetName = "stablecoin"


@dataclass(frozen=True)
class ApproveAccount(RoleInstruction, role="COMPLIANCE"):
    """`owner` may name `account`, of another investor, as controller or receiver, or no longer."""

    stock: StockName
    owner: Account
    account: Account
    approved: bool = True
    asset: AssetName = "stablecoin"
    entry: bool = False
