"""Instructions about the fleet and about one stock as a whole."""

from __future__ import annotations

from dataclasses import dataclass

from scrip.instructions.base import Policy, RoleInstruction


@dataclass(frozen=True)
class CreateStock(RoleInstruction):
    """Issue the token of a stock. `stock` is its symbol here and on the ledger, `isin` its birth ISIN."""

    stock: str
    name: str
    isin: str
    policy: Policy = "ALLOWLIST"
    series: int = 1


@dataclass(frozen=True)
class Halt(RoleInstruction):
    """Stop every stock: views answer, forced actions and the registry's news work, all else is refused."""


@dataclass(frozen=True)
class Unhalt(RoleInstruction):
    """Leave the halt."""


@dataclass(frozen=True)
class Pause(RoleInstruction):
    """Stop transfers, mints and burns of one stock; forced actions work."""

    stock: str


@dataclass(frozen=True)
class Unpause(RoleInstruction):
    """Leave the pause of one stock."""

    stock: str
