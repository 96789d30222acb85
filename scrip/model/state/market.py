"""The primary market's own state, and the stablecoin that settles it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Market:
    """Quotes that have served, and `coins`, the stablecoin of each account in its smallest units.

    `used` are their ids, where a chain knows a quote by that; else `nonces` are signers and numbers, of those revoked
    too, and `epochs` the signers' epochs, 0 of one who is not there.
    """

    paused: bool = False
    used: set[str] = field(default_factory=set)
    nonces: set[tuple[str, int]] = field(default_factory=set)
    epochs: dict[str, int] = field(default_factory=dict)
    coins: dict[str, int] = field(default_factory=dict)

    def coins_of(self, account: str) -> int:
        """Stablecoin of an account, 0 for an unknown one."""
        return self.coins.get(account, 0)
