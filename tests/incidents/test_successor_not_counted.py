"""A recovery once gave units to a wallet that the register did not know: unlinked, it left them in the total."""

import pytest
from support.contract_calls import named
from support.contract_world import ALICE, DOCUMENT, REASON, RECOVERER, World, fresh_key
from support.holder_market import Market

NEW = named("alice's new wallet")


@pytest.mark.parametrize("at_once", [True, False])
def test_a_successor_that_is_unlinked_takes_its_units_along(world: World, at_once: bool) -> None:
    market = Market(world, most=3)
    market.mint(ALICE, 50)
    stocks = [market.stock] if at_once else []
    world.registry.recoverWallet(fresh_key(), 1, ALICE, NEW, REASON, DOCUMENT, stocks, sender=RECOVERER)
    if not at_once:
        world.registry.recoverIn(ALICE, [market.stock])
    assert world.registry.isEnrolled(NEW, world.registry.tokenNumber(market.stock))
    assert (market.held(NEW), market.holders) == (50, 1)
    world.unlink(1, NEW)
    # Its own holder now; the investor has nothing left.
    world.link(1, named("alice's third wallet"))
    assert market.held(named("alice's third wallet")) == 0
    assert (market.held(NEW), market.holders) == (50, 1)


def test_a_successor_is_blocked_with_its_investor_in_the_same_call(world: World) -> None:
    market = Market(world, most=3)
    market.mint(ALICE, 50)
    world.registry.recoverWallet(fresh_key(), 1, ALICE, NEW, REASON, DOCUMENT, [market.stock], sender=RECOVERER)
    assert market.stock.canSend(NEW)
    world.block(1)
    assert not market.stock.canSend(NEW)
