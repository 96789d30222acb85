"""What transactions cost, against the committed figures, on anvil."""

from __future__ import annotations

import json

import gas
import pytest


@pytest.fixture(scope="module")
def cases() -> dict[str, int]:
    return gas.measure_ours()


def test_nothing_costs_over_one_percent_more_than_committed(cases: dict[str, int]) -> None:
    assert set(cases) == set(gas.committed())
    assert not gas.dearer(cases)


def test_a_target_is_met_or_named(cases: dict[str, int]) -> None:
    assert set(gas.missed(cases)) == set(gas.MISSED)


def test_the_peers_cost_what_is_committed() -> None:
    """The ratios that are published are of figures that can be measured again."""
    assert gas.measure_peers() == json.loads(gas.PEERS.read_text())["peers"]
