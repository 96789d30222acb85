"""The primary market's own state, and the stablecoin that settles it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Market:
    """`used` are the ids of quotes that have served, `coins` the stablecoin of each account in its smallest units."""

    paused: bool = False
    used: set[str] = field(default_factory=set)
    coins: dict[str, int] = field(default_factory=dict)

    def coins_of(self, account: str) -> int:
        """Stablecoin of an account, 0 for an unknown one."""
        return self.coins.get(account, 0)
