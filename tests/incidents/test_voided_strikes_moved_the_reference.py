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


def test_a_price_that_was_struck_since_becomes_the_reference(subscription: Subscription) -> None:
    slip = subscription.price(EDGE)
    right = subscription.price(PRICE + 1)
    subscription.vault.voidStrike(slip, sender=DESK)
    set_clock(now() + DAY)
    assert subscription.vault.reference()[0] == PRICE + 1
    # With the next strike it is; until then it can be taken back.
    subscription.vault.voidStrike(right, sender=DESK)
    assert subscription.vault.reference()[0] == PRICE
