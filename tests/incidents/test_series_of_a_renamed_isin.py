"""A stock's ISIN changed, and a new one was created under the old ISIN with the same series: its address was taken, and
the refusal had no name."""

from support.contract_calls import refuses
from support.contract_world import ADMIN, ALLOWLIST, BLOCKLIST, ISSUER, World

BIRTH = "US5949181045"
LATER = "US4592001015"


def test_the_series_stays_taken_and_the_next_is_free(world: World) -> None:
    factory = world.factory
    factory.setIsin(BIRTH, LATER, sender=ADMIN)
    with refuses("factory: series taken"):
        factory.createStock("X", "X", BIRTH, 1, ALLOWLIST, sender=ISSUER)
    with refuses("factory: series taken"):
        factory.createStock("X", "X", BIRTH, 1, ALLOWLIST, sender=ISSUER)
    successor = factory.createStock("X", "X", BIRTH, 2, ALLOWLIST, sender=ISSUER)
    assert (factory.tokenOf(BIRTH), factory.tokenOf(LATER)) == (successor, world.stock.address)
    with refuses("factory: isin taken"):
        factory.setIsin(LATER, BIRTH, sender=ADMIN)


def test_another_policy_is_no_other_series(world: World) -> None:
    """Corporate actions are named by ISIN and series, so that no two stocks may have both."""
    world.factory.setIsin(BIRTH, LATER, sender=ADMIN)
    with refuses("factory: series taken"):
        world.factory.createStock("X", "X", BIRTH, 1, BLOCKLIST, sender=ISSUER)
    other = world.factory.createStock("X", "X", BIRTH, 2, BLOCKLIST, sender=ISSUER)
    assert world.factory.tokenOf(BIRTH) == other != world.stock.address
