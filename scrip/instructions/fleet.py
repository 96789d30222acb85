"""Instructions about the fleet and about one stock as a whole."""

from __future__ import annotations

from dataclasses import dataclass

from scrip.instructions.base import Policy, RoleInstruction, StockName, Text
from scrip.roles import ADMIN

__all__ = ["CreateStock", "Halt", "Pause", "Unhalt", "Unpause"]


@dataclass(frozen=True)
class CreateStock(RoleInstruction, role="ISSUER"):
    """Issue the token of a stock. `stock` is its symbol here and on the ledger, `isin` its birth ISIN, `series`
    which token of that ISIN it is: the two name it and its actions on every network.

    Only a mint on Solana has the last two: `uri` is where wallets find its description; `default_frozen` whether the
    token accounts of a BLOCKLIST stock are born frozen, as those of an ALLOWLIST one always are.
    """

    stock: StockName
    name: Text
    isin: Text
    policy: Policy = "ALLOWLIST"
    series: int = 1
    uri: Text = ""
    default_frozen: bool = False


@dataclass(frozen=True)
class Halt(RoleInstruction, role="GUARDIAN"):
    """Stop every stock: views answer, forced actions and the registry's news work, all else is refused."""


@dataclass(frozen=True)
class Unhalt(RoleInstruction, role=ADMIN):
    """Leave the halt."""


@dataclass(frozen=True)
class Pause(RoleInstruction, role="PAUSER"):
    """Stop transfers, mints and burns of one stock; forced actions work."""

    stock: StockName


@dataclass(frozen=True)
class Unpause(RoleInstruction, role="UNPAUSER"):
    """Leave the pause of one stock."""

    stock: StockName
