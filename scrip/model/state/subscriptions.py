"""What a vault keeps into which investors pay: coins that wait, and units that were made for them."""

from __future__ import annotations

from dataclasses import dataclass

from scrip.model.state.redemption import Claim, Queue


@dataclass(slots=True)
class Entry(Queue):
    """The way in: coins wait, and claims are units. `closed` takes no new requests."""

    closed: bool = False

    @property
    def owed(self) -> int:
        """Units of all claims."""
        return sum(one.units for one in self.claims.values())

    @property
    def kept(self) -> int:
        """Coins that wait, or were called back."""
        return self.requested

    def fill(self, controller: str, units: int) -> int:
        """What waits becomes a claim; the coins."""
        coins = self.waiting.pop(controller).units
        claim = self.claims.setdefault(controller, Claim())
        claim.units += units
        claim.coins += coins
        return coins
