"""Instructions about the register of investors and their wallets. COMPLIANCE gives them."""

from __future__ import annotations

from dataclasses import dataclass

from scrip.instructions.base import InvestorClass, KeyedInstruction


@dataclass(frozen=True)
class Onboard(KeyedInstruction):
    """A new investor with a first wallet. `country` is ISO 3166 numeric; cleared while now < expiry."""

    investor: str
    wallet: str
    country: int
    investor_class: InvestorClass
    expiry: int


@dataclass(frozen=True)
class LinkWallet(KeyedInstruction):
    """One more wallet for a known investor, eight at most."""

    investor: str
    wallet: str


@dataclass(frozen=True)
class UnlinkWallet(KeyedInstruction):
    """A wallet leaves its investor and is unknown from then on."""

    investor: str
    wallet: str
    reason: int
    document: str


@dataclass(frozen=True)
class Renew(KeyedInstruction):
    """A new expiry of an investor's clearance, UTC seconds, later or earlier than the old one."""

    investor: str
    expiry: int


@dataclass(frozen=True)
class SetProfile(KeyedInstruction):
    """An investor's country (ISO 3166 numeric) and class; every stock learns it at once, its count of holders too."""

    investor: str
    country: int
    investor_class: InvestorClass


@dataclass(frozen=True)
class Block(KeyedInstruction):
    """Every wallet of the investor stops sending and receiving, in every stock, at once."""

    investor: str
    reason: int
    document: str


@dataclass(frozen=True)
class Unblock(KeyedInstruction):
    """Lift a block."""

    investor: str
    reason: int
    document: str


@dataclass(frozen=True)
class BlockWallet(KeyedInstruction):
    """Stop an address that belongs to no investor, as BLOCKLIST stocks need."""

    wallet: str
    reason: int
    document: str


@dataclass(frozen=True)
class UnblockWallet(KeyedInstruction):
    """Lift the block of such an address."""

    wallet: str
    reason: int
    document: str
