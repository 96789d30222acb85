"""A capped stock and its holders, for the tests of holder limits."""

from __future__ import annotations

from support.contract_calls import named, refuses
from support.contract_world import ADMIN, COMPLIANCE, MINTER, VENUE, World

ALICE2, DAVE, POOL = named("alice's second wallet"), named("dave"), named("a pool")
FREE, NOT_SEEDED, TOO_MANY, TOO_MUCH, TOO_LITTLE = range(5)


class Market:
    """The world with a capped stock of its own, nothing issued yet, and a venue."""

    def __init__(self, world: World, most: int = 2, maximum: int = 0, minimum: int = 0) -> None:
        self.world, self.registry = world, world.registry
        self.stock = world.create_stock("US0000000077", name="Capped", symbol="CAP")
        world.onboard(4, DAVE)
        world.onboard(9, POOL, investor_class=VENUE)
        world.link(1, ALICE2)
        self.limit(most, maximum, minimum, COMPLIANCE)

    def limit(self, most: int, maximum: int = 0, minimum: int = 0, by: str = ADMIN) -> None:
        self.registry.setHolderLimits(self.stock, most, maximum, minimum, sender=by)

    def mint(self, to: str, amount: int) -> None:
        self.stock.mint(to, amount, sender=MINTER)

    def move(self, sender: str, to: str, amount: int) -> None:
        self.stock.transfer(to, amount, sender=sender)

    def held(self, wallet: str) -> int:
        return self.registry.heldWith(self.stock, wallet)

    @property
    def holders(self) -> int:
        return self.registry.holderCount(self.stock)[0]

    def refuse(self, sender: str, to: str, amount: int, verdict: int) -> None:
        """Transfer, view and canTransfer agree that it does not go through."""
        names = {TOO_MANY: "too many", TOO_MUCH: "above the maximum", TOO_LITTLE: "below the minimum"}
        assert self.registry.restriction(self.stock, sender, to, amount) == verdict
        assert self.stock.canTransfer(sender, to, amount) is False
        with refuses(f"holders: {names[verdict]}"):
            self.move(sender, to, amount)

    def accept(self, sender: str, to: str, amount: int) -> None:
        assert self.registry.restriction(self.stock, sender, to, amount) == FREE
        assert self.stock.canTransfer(sender, to, amount) is True
        self.move(sender, to, amount)
