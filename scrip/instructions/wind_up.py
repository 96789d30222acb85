"""Instructions about a stock's end (ISO 15022 codes MRGR, DLST, LIQU): opened, funded, redeemed by burning, swept.

An end is that of the ActionBook's action by its code and reference. A stock has one. `by` is the account that sends.
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
    RoleInstruction,
    StockName,
    Text,
    check_count,
)
from scrip.units import RawUnits, Wad

__all__ = [
    "ArmEnd",
    "BurnAtEnd",
    "BurnForHolders",
    "CloseEnd",
    "FollowEnd",
    "HandBackAtEnd",
    "NameEndRate",
    "BeginEnd",
    "SweepEnd",
    "TakeAtEnd",
]


@dataclass(frozen=True)
class BeginEnd(RoleInstruction, role="ACTIONS"):
    """Have mints stop for good at the effect of an announced action that ends the stock."""

    stock: StockName
    code: Text
    reference: ActionReference


@dataclass(frozen=True)
class FollowEnd(Instruction):
    """Take over another effect of the action, or its cancellation, which lets the stock go on. Anyone may."""

    stock: StockName
    by: Account


@dataclass(frozen=True)
class NameEndRate(RoleInstruction, role="ADMIN"):
    """Name the rate of an action that took effect without one: whole coins for one unit of its currency."""

    stock: StockName
    rate: Wad
    source: Document


@dataclass(frozen=True)
class ArmEnd(Instruction):
    """Fund what all units come to, out of `by`'s coins and units of the other stock. Anyone may."""

    stock: StockName
    by: Account


@dataclass(frozen=True)
class BurnAtEnd(Instruction):
    """Redeem units of `by` at the end's terms."""

    stock: StockName
    amount: RawUnits
    by: Account


@dataclass(frozen=True)
class BurnForHolders(Instruction):
    """Redeem all free units of each of these accounts, which alone is paid. Anyone may; contracts are passed over."""

    stock: StockName
    accounts: tuple[Account, ...]
    by: Account

    def __post_init__(self) -> None:
        check_count("accounts", self.accounts, parameters.MAX_END_BATCH.value)


@dataclass(frozen=True)
class HandBackAtEnd(Instruction):
    """Hand each of these controllers what waits for it in a vault of the stock, so that the end pays it as any other.

    Of the vault for `asset`, or into which investors pay (`entry`). Anyone may once the end is funded; requests in kind
    ACTIONS alone. A contract fetches its own: what waits for it is called back.
    """

    stock: StockName
    controllers: tuple[Account, ...]
    by: Account
    asset: AssetName = "stablecoin"
    entry: bool = False

    def __post_init__(self) -> None:
        check_count("controllers", self.controllers, parameters.MAX_END_BATCH.value)


@dataclass(frozen=True)
class TakeAtEnd(Instruction):
    """Have what is parked for an account paid to it or its successor. Anyone may, but of a contract's."""

    stock: StockName
    account: Account
    by: Account


@dataclass(frozen=True)
class SweepEnd(RoleInstruction, role="ACTIONS"):
    """Send the escheat account what these accounts have not fetched until the expiry."""

    stock: StockName
    accounts: tuple[Account, ...]
    reason: int
    document: Document

    def __post_init__(self) -> None:
        check_count("accounts", self.accounts, parameters.MAX_END_BATCH.value)


@dataclass(frozen=True)
class CloseEnd(RoleInstruction, role="ACTIONS"):
    """Return to the funder what no unit is left for."""

    stock: StockName
