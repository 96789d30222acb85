"""A strike that was voided still became the next day's reference: with a stolen key each day's price could be struck at
the band's edge, and though PAUSER voided every one, ten days later a share went for a tenth, or none at its true price.
"""

import pytest
from support.contract_calls import now, refuses, set_clock
from support.issuance_world import DAY, PAUSER
from support.redemption_world import DESK, PRICE
from support.subscription_world import Subscription

EDGE = PRICE * 8 // 10


@pytest.mark.parametrize("which", ["vault", "entry"])
def test_what_is_voided_becomes_no_reference(subscription: Subscription, which: str) -> None:
    world, vault = subscription, getattr(subscription, which)
    for _ in range(3):
        key = world.price(EDGE, vault)
        vault.voidStrike(key, sender=PAUSER)
        assert vault.convertToAssets(10**18) == PRICE
        set_clock(now() + DAY)
    assert vault.reference()[0] == PRICE
    with refuses("vault: price outside band"):
        world.price(EDGE - 1, vault)
    world.price(PRICE, vault)


@pytest.mark.parametrize("which", ["vault", "entry"])
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_what_became_the_reference_before_it_was_voided_is_none_any_more(
    subscription: Subscription, which: str, order: tuple[int, int]
) -> None:
    """One price in the last second of a day, another in the next day's first: it was held to the one before it, and so
    the day's reference had moved by the time that PAUSER voided both."""
    world, vault = subscription, getattr(subscription, which)
    for _ in range(3):
        set_clock(vault.reference()[1] + DAY - 2)
        first = world.price(EDGE, vault)
        keys = first, world.price(EDGE * 8 // 10, vault)
        for place in order:
            vault.voidStrike(keys[place], sender=PAUSER)
        assert vault.reference()[0] == PRICE
        assert vault.convertToAssets(10**18) == PRICE
        with refuses("vault: price outside band"):
            world.price(EDGE - 1, vault)
        set_clock(now() + DAY)
        world.price(PRICE, vault)


def test_no_void_begins_a_day_anew(subscription: Subscription) -> None:
    """Voiding the price that a day began with lets nobody go further that day."""
    world, vault = subscription, subscription.vault
    first = world.price(PRICE, vault)
    set_clock(now() + DAY)
    second = world.price(EDGE, vault)
    for key in (first, second):
        vault.voidStrike(key, sender=DESK)
        with refuses("vault: price outside band"):
            world.price(EDGE - 1, vault)
    world.price(EDGE, vault)


def test_a_price_that_was_struck_since_becomes_the_reference(subscription: Subscription) -> None:
    slip = subscription.price(EDGE)
    right = subscription.price(PRICE + 1)
    subscription.vault.voidStrike(slip, sender=DESK)
    set_clock(now() + DAY)
    assert (subscription.vault.reference()[0], subscription.vault.referenceBefore()) == (PRICE + 1, PRICE)
    # With the next strike it is; until then it can be taken back.
    subscription.vault.voidStrike(right, sender=DESK)
    assert subscription.vault.reference()[0] == PRICE
