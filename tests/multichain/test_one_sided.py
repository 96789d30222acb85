"""What one chain has and another has not is found from either, and nothing else is."""

from dataclasses import replace

import pytest
from multichain_world import ANNOUNCE, AT, CANCEL, DAY, SCHEDULE, Pair

from scrip import instructions as ins
from scrip.errors import ScripError
from scrip.multichain.audit import one_sided
from scrip.reports.findings import Finding
from scrip.units import Shares

PLACE = "multichain.MSFT.SPLF.split-1"


def found(both: Pair) -> list[tuple[str, str, str]]:
    return [(one.field, one.found, one.severity) for one in one_sided(both.sides)]


def names(both: Pair) -> list[str]:
    return [side.manifest.network for side in both.sides]


def test_what_goes_as_it_should_gives_no_finding(both: Pair) -> None:
    assert found(both) == []
    for step in (lambda: both.action.announce(ANNOUNCE), lambda: both.action.schedule(SCHEDULE)):
        step()
        assert found(both) == []
    both.advance_to(AT)
    assert found(both) == []


def test_a_cancelled_one_gives_none_either(both: Pair) -> None:
    both.action.announce(ANNOUNCE)
    both.action.cancel(CANCEL)
    assert found(both) == []


@pytest.mark.parametrize("side", [0, 1])
def test_what_is_announced_on_one_chain_alone(both: Pair, side: int) -> None:
    both.sides[side].model.apply(ANNOUNCE)
    other = names(both)[1 - side]
    assert one_sided(both.sides) == [
        Finding(
            f"{PLACE}.{other}", f"announced, effective 2027-01-18 08:00:00 UTC, as on {names(both)[side]}", "not known"
        )
    ]


@pytest.mark.parametrize("side", [0, 1])
def test_what_is_scheduled_on_one_chain_alone(both: Pair, side: int) -> None:
    """A multiplier is pending there, and nowhere else: found as an action and as a number."""
    both.action.announce(ANNOUNCE)
    both.sides[side].model.apply(SCHEDULE)
    other = names(both)[1 - side]
    pending = {side: "2 from 2027-01-18 08:00:00 UTC", 1 - side: "nothing"}
    assert found(both) == [
        (f"{PLACE}.{other}", "announced", "critical"),
        (f"multichain.MSFT.pending.{names(both)[1]}", pending[1], "critical"),
    ]


@pytest.mark.parametrize("side", [0, 1])
def test_what_took_effect_on_one_chain_alone(both: Pair, side: int) -> None:
    both.sides[side].model.apply(ANNOUNCE)
    both.sides[side].model.apply(SCHEDULE)
    both.advance_to(AT + 1)
    shown = {side: "2", 1 - side: "1"}
    assert found(both) == [
        (f"{PLACE}.{names(both)[1 - side]}", "not known", "critical"),
        (f"multichain.MSFT.multiplier.{names(both)[1]}", shown[1], "critical"),
    ]


def test_what_is_cancelled_on_one_chain_alone(both: Pair) -> None:
    both.action.announce(ANNOUNCE)
    both.action.schedule(SCHEDULE)
    both.sides[1].model.apply(CANCEL)
    assert (f"{PLACE}.{names(both)[1]}", "cancelled", "critical") in found(both)


def test_other_terms_on_one_chain(both: Pair) -> None:
    both.sides[0].model.apply(ANNOUNCE)
    both.sides[1].model.apply(replace(ANNOUNCE, num=3, effective_at=AT + DAY))
    assert [(field, value) for field, value, _ in found(both)] == [
        (f"{PLACE}.{names(both)[1]}.effective_at", str(AT + DAY)),
        (f"{PLACE}.{names(both)[1]}.num", "3"),
    ]


def test_clocks_that_are_some_seconds_apart_are_no_difference(both: Pair) -> None:
    both.action.announce(ANNOUNCE)
    both.action.schedule(SCHEDULE)
    both.sides[0].model.advance_to(AT + 3)
    both.sides[1].model.advance_to(AT - 9)
    assert found(both) == []


def test_ceilings_that_together_are_more_than_the_reserve(both: Pair) -> None:
    both.sides[1].model.apply(ins.SetCeiling("MSFT", Shares.of(100), Shares.of(901)))
    both.sides[0].model.apply(ins.SetCeiling("MSFT", Shares.of(901)))
    assert one_sided(both.sides) == [
        Finding("multichain.MSFT.ceilings", "at most the 1000 shares that are attested", "1001 shares together")
    ]


def test_a_chain_that_counts_less_for_the_others_than_they_have(both: Pair) -> None:
    both.sides[0].model.apply(ins.SetCeiling("MSFT", Shares.of(100), Shares.of(99)))
    expected = "at least the 100 shares of the other chains' ceilings"
    assert one_sided(both.sides) == [
        Finding(f"multichain.MSFT.others.{names(both)[0]}", expected, "99 shares", "critical")
    ]


def test_a_chain_that_does_not_answer_proves_nothing(both: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    def mute(stock: str) -> None:
        raise ScripError("the node does not answer")

    monkeypatch.setattr(both.sides[1], "actions", mute)
    assert found(both) == [("multichain.MSFT", "the node does not answer", "unproven")]
