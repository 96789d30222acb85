"""The mock of the sanctions oracle says what it was told, and what the registry takes for an answer."""

import pytest
from support.contract_calls import deploy, named, refuses
from support.contract_world import ADMIN, ALICE, World

STRANGER = named("stranger")
CLEAN, LISTED, SILENT = range(3)


def test_it_says_what_anybody_told_it() -> None:
    oracle = deploy("MockSanctionsOracle")
    assert not oracle.isSanctioned(STRANGER)
    oracle.setAnswer(STRANGER, LISTED, sender=ALICE)
    assert oracle.isSanctioned(STRANGER)
    oracle.setAnswer(STRANGER, SILENT)
    with refuses("oracle: no answer"):
        oracle.isSanctioned(STRANGER)
    oracle.setAnswer(STRANGER, CLEAN)
    assert not oracle.isSanctioned(STRANGER)
    with refuses("oracle: bad answer"):
        oracle.setAnswer(STRANGER, 3)


@pytest.mark.parametrize(("answer", "reason"), [(LISTED, "sanctions: listed"), (SILENT, "sanctions: no answer")])
def test_the_registry_hears_it(world: World, answer: int, reason: str) -> None:
    oracle = deploy("MockSanctionsOracle")
    world.registry.setSanctionsOracle(oracle.address, sender=ADMIN)
    oracle.setAnswer(STRANGER, answer)
    with refuses(reason):
        world.onboard(77, STRANGER)
    oracle.setAnswer(STRANGER, CLEAN)
    world.onboard(77, STRANGER)
