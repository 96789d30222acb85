"""Instructions about the register of investors and their wallets. COMPLIANCE gives them."""

from __future__ import annotations

from dataclasses import dataclass

from scrip.holder_limits import InvestorClass
from scrip.instructions.base import Account, Document, InvestorName, KeyedInstruction

__all__ = [
    "Block",
    "BlockWallet",
    "LinkWallet",
    "Onboard",
    "Renew",
    "SetProfile",
    "Unblock",
    "UnblockWallet",
    "UnlinkWallet",
]


@dataclass(frozen=True)
class Onboard(KeyedInstruction, role="COMPLIANCE"):
    """A new investor with a first wallet. `country` is ISO 3166 numeric; cleared while now < expiry."""

    investor: InvestorName
    wallet: Account
    country: int
    investor_class: InvestorClass
    expiry: int


@dataclass(frozen=True)
class LinkWallet(KeyedInstruction, role="COMPLIANCE"):
    """One more wallet for a known investor, eight at most."""

    investor: InvestorName
    wallet: Account


@dataclass(frozen=True)
class UnlinkWallet(KeyedInstruction, role="COMPLIANCE"):
    """A wallet leaves its investor and is unknown from then on."""

    investor: InvestorName
    wallet: Account
    reason: int
    document: Document


@dataclass(frozen=True)
class Renew(KeyedInstruction, role="COMPLIANCE"):
    """A new expiry of an investor's clearance, UTC seconds, later or earlier than the old one."""

    investor: InvestorName
    expiry: int


@dataclass(frozen=True)
class SetProfile(KeyedInstruction, role="COMPLIANCE"):
    """An investor's country (ISO 3166 numeric) and class; every stock learns it at once, its count of holders too."""

    investor: InvestorName
    country: int
    investor_class: InvestorClass


@dataclass(frozen=True)
class Block(KeyedInstruction, role="COMPLIANCE"):
    """Every wallet of the investor stops sending and receiving, in every stock, at once."""

    investor: InvestorName
    reason: int
    document: Document


@dataclass(frozen=True)
class Unblock(KeyedInstruction, role="COMPLIANCE"):
    """Lift a block."""

    investor: InvestorName
    reason: int
    document: Document


@dataclass(frozen=True)
class BlockWallet(KeyedInstruction, role="COMPLIANCE"):
    """Stop an address that belongs to no investor, as BLOCKLIST stocks need."""

    wallet: Account
    reason: int
    document: Document


@dataclass(frozen=True)
class UnblockWallet(KeyedInstruction, role="COMPLIANCE"):
    """Lift the block of such an address."""

    wallet: Account
    reason: int
    document: Document
