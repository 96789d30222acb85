"""Instructions about who may hold an ALLOWLIST stock, how many may, and how much one of them.

Rules shut an investor out of receiving and sending; it can still redeem. Limits refuse transfers and mints;
redemptions, forced actions and what is recorded about wallets are counted and never refused.
"""

from __future__ import annotations

from dataclasses import dataclass

from scrip.holder_limits import HolderLimits, StockRules
from scrip.instructions.base import ISSUER, Account, Instruction, RoleInstruction, StockName
from scrip.roles import ADMIN

__all__ = ["RemoveHolderLimits", "SeedHolders", "SetHolderLimits", "SetStockRules"]


@dataclass(frozen=True)
class SetStockRules(RoleInstruction, role="COMPLIANCE", admin_too=True):
    """Who may hold a stock. COMPLIANCE, where nobody is admitted whom the present rules shut out; else the timelock.

    Refused: "registry: not a stock", "rules: not an allowlist", "rules: bad classes" (none), "rules: would loosen",
    "rules: nothing changes".
    """

    stock: StockName
    rules: StockRules


@dataclass(frozen=True)
class SetHolderLimits(RoleInstruction, role="COMPLIANCE", admin_too=True):
    """Limit the holders of a stock. COMPLIANCE, where nothing becomes looser; else the timelock.

    Counting begins with the first limits: at once while nothing is issued, else with the stock paused, and then
    SeedHolders counts who holds it. Refused: "registry: not a stock", "rules: not an allowlist",
    "holders: bad limits", "rules: would loosen"; when counting begins "holders: not paused",
    "holders: too many stocks".
    """

    stock: StockName
    limits: HolderLimits


@dataclass(frozen=True)
class RemoveHolderLimits(RoleInstruction, role=ADMIN):
    """End a stock's limits and the counting of its holders; the timelock's.

    Refused: "registry: not a stock", "holders: not counted".
    """

    stock: StockName


@dataclass(frozen=True)
class SeedHolders(Instruction):
    """Count accounts of a stock that was held before its limits came, 200 at most. Anyone, while it is paused.

    It is over when what is counted is the supply. Refused: "registry: not a stock", "holders: not counted",
    "holders: not seeding", "holders: not paused".
    """

    stock: StockName
    accounts: tuple[Account, ...]
    by: Account = ISSUER
