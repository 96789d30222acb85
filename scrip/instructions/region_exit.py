"""Instructions about leaving countries: holders redeem until a date, then what is left is burned and its price parked.

An exit is a stock's, by the desk's reference, once. It pays the stablecoin. `by` is the account that sends.
"""

from __future__ import annotations

from dataclasses import dataclass

from scrip import parameters
from scrip.holder_limits import Countries
from scrip.instructions.base import (
    Account,
    ActionReference,
    Document,
    Instruction,
    RoleInstruction,
    StockName,
    check_count,
)
from scrip.roles import ADMIN
from scrip.units import Stablecoin

__all__ = [
    "CloseExit",
    "FundExit",
    "OpenExit",
    "ParkAtExit",
    "PriceExit",
    "ReadmitCountries",
    "SweepExit",
    "TakeAtExit",
    "TakeInAtExit",
]


@dataclass(frozen=True)
class OpenExit(RoleInstruction, role=ADMIN):
    """Announce that the issuer leaves countries, which the stock's rules shut out already. The timelock's.

    `until` is the UTC second from which what is left is burned, `expiry` that from which what nobody fetched is swept,
    0 for never; `funder` alone pays, and is returned the rest.
    """

    stock: StockName
    reference: ActionReference
    countries: Countries
    until: int
    expiry: int
    funder: Account


@dataclass(frozen=True)
class PriceExit(RoleInstruction, role=ADMIN):
    """Name what one token (10^18 raw units) that is left at the date is paid, once, from the date on."""

    stock: StockName
    reference: ActionReference
    price: Stablecoin
    source: Document


@dataclass(frozen=True)
class TakeInAtExit(RoleInstruction, role="COMPLIANCE"):
    """Let an account keep its units, for good."""

    stock: StockName
    reference: ActionReference
    account: Account


@dataclass(frozen=True)
class ReadmitCountries(Instruction):
    """Drop from an exit the countries that the stock's rules admit again. Anyone may."""

    stock: StockName
    reference: ActionReference
    by: Account


@dataclass(frozen=True)
class FundExit(Instruction):
    """Bring in coins of the exit's funder, `by`."""

    stock: StockName
    reference: ActionReference
    amount: Stablecoin
    by: Account


@dataclass(frozen=True)
class ParkAtExit(Instruction):
    """Burn all free units of each of these accounts that is of a left country, and park their price. Anyone may."""

    stock: StockName
    reference: ActionReference
    accounts: tuple[Account, ...]
    by: Account

    def __post_init__(self) -> None:
        check_count("accounts", self.accounts, parameters.MAX_END_BATCH.value)


@dataclass(frozen=True)
class TakeAtExit(Instruction):
    """Have what is parked for an account paid to it or its successor. Anyone may, but of a contract's."""

    stock: StockName
    reference: ActionReference
    account: Account
    by: Account


@dataclass(frozen=True)
class SweepExit(RoleInstruction, role="ACTIONS"):
    """Send the escheat account what these accounts have not fetched until the expiry."""

    stock: StockName
    reference: ActionReference
    accounts: tuple[Account, ...]
    reason: int
    document: Document

    def __post_init__(self) -> None:
        check_count("accounts", self.accounts, parameters.MAX_END_BATCH.value)


@dataclass(frozen=True)
class CloseExit(RoleInstruction, role="ACTIONS"):
    """End an exit: nothing more is burned, and what is not parked returns to the funder."""

    stock: StockName
    reference: ActionReference
