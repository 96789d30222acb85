"""What was decided about several chains and is not finished, or not as it was written or carried out, is found."""

from dataclasses import replace

import pytest
from multichain_world import ANNOUNCE, AT, CANCEL, ISIN, NAMED, SCHEDULE, Crash, Pair

from scrip import instructions as ins
from scrip.errors import ScripError
from scrip.multichain.actions import CalledOff
from scrip.multichain.ceilings import CeilingMove
from scrip.multichain.decisions import Decision
from scrip.multichain.verify import verify
from scrip.plan import Plan
from scrip.units import Shares

FIRST = ins.Basis(1, 1, 0)


def decided(both: Pair) -> list[tuple[str, str, str]]:
    """The network or the subject, what was found, and how bad."""
    return [
        (one.field.rpartition("." if "." in one.field else "/")[2], one.found, one.severity)
        for one in verify(both.sides, both.records)
    ]


def names(both: Pair) -> list[str]:
    return [side.manifest.network for side in both.sides]


def stopping(both: Pair, side: int) -> None:
    def crash(_plan: Plan) -> None:
        raise Crash

    both.sides[side].before = crash


def move(both: Pair) -> CeilingMove:
    return CeilingMove(*both.sides, both.records, ISIN, Shares.of(1), "m-1")


def rewrite(both: Pair, what: str, **terms: str) -> None:
    """A decision with other terms, whose hash is right: who can write the file can do that, too."""
    (path,) = both.records.rglob(f"*-{what}.json")
    found = Decision.read(path.read_text(), path.name)
    path.write_text(replace(found, terms={**found.terms, **terms}).text())


def test_what_was_decided_and_finished_gives_no_finding(both: Pair) -> None:
    for step in (lambda: both.action.announce(ANNOUNCE), lambda: both.action.schedule(SCHEDULE)):
        step()
        assert decided(both) == []
    both.action.cancel(CANCEL)
    # A split that is withdrawn leaves nothing of a ceiling that an aggregator's answer is held to.
    both.sides[0].model.apply(ins.SetCeiling("MSFT", Shares.of(10)))
    move(both).carry_out()
    assert decided(both) == []
    both.sides[0].model.apply(ins.SetCeiling("MSFT", Shares.of(5)))
    assert decided(both) == []


def test_a_schedule_that_took_effect_is_finished(both: Pair) -> None:
    both.action.announce(ANNOUNCE)
    both.action.schedule(SCHEDULE)
    both.advance_to(AT + 1)
    assert decided(both) == []


@pytest.mark.parametrize("side", [0, 1])
def test_a_schedule_that_stopped_is_found_and_worse_between_the_chains(both: Pair, side: int) -> None:
    both.action.announce(ANNOUNCE)
    stopping(both, side)
    with pytest.raises(Crash):
        both.action.schedule(SCHEDULE)
    severity = ("drift", "critical")[side]
    assert decided(both) == [(name, "announced", severity) for name in sorted(names(both)[side:])]


def test_a_schedule_that_one_chain_has_cancelled_alone_is_found(both: Pair) -> None:
    both.action.announce(ANNOUNCE)
    both.action.schedule(SCHEDULE)
    both.sides[1].model.apply(CANCEL)
    assert decided(both) == [(names(both)[1], "cancelled", "critical")]


def test_a_cancellation_that_stopped_before_its_first_chain_is_found(both: Pair) -> None:
    """Both chains still have it, and agree: only the decision says that they should not."""
    both.action.announce(ANNOUNCE)
    both.action.schedule(SCHEDULE)
    stopping(both, 0)
    with pytest.raises(Crash):
        both.action.cancel(CANCEL)
    assert decided(both) == [(name, "scheduled", "critical") for name in sorted(names(both))]


def test_a_move_that_stopped_between_its_chains_is_found_with_what_stands(both: Pair) -> None:
    stopping(both, 1)
    with pytest.raises(Crash):
        move(both).carry_out()
    one, other = names(both)
    ((_, what, severity),) = decided(both)
    assert (what, severity) == (f"not finished: {one} at 99, {other} at 100", "drift")


@pytest.mark.parametrize("damage", ["edited", "missing", "elsewhere", "not text"])
def test_decisions_that_are_not_as_they_were_made_are_found(both: Pair, damage: str) -> None:
    both.action.announce(ANNOUNCE)
    both.action.schedule(SCHEDULE)
    both.action.cancel(CANCEL)
    (path,) = both.records.rglob("*-cancel.json")
    match damage:
        case "edited":
            path.write_text(path.read_text().replace("order-1", "order-2"))
        case "missing":
            path.with_name("0001-schedule.json").unlink()
        case "elsewhere":
            path.parent.rename(path.parent.with_name("other"))
        case "not text":
            path.write_bytes(b"\xff")
    assert [one.severity for one in verify(both.sides, both.records)] == ["critical"]


def test_a_cancellation_for_another_reason_than_the_networks_records_have_is_found(both: Pair) -> None:
    both.action.announce(ANNOUNCE)
    both.action.cancel(CANCEL)
    rewrite(both, "cancel", reason="9")
    assert [(name, severity) for name, _, severity in decided(both)] == [
        (one, "critical") for one in sorted(names(both))
    ]


@pytest.mark.parametrize("side", [0, 1])
def test_what_one_network_had_cancelled_by_an_order_of_its_own_is_no_contradiction(both: Pair, side: int) -> None:
    both.action.announce(ANNOUNCE)
    both.action.schedule(SCHEDULE)
    alone = replace(CANCEL, reason=9)
    both.sides[side].run(both.sides[side].plan(alone))
    with pytest.raises(CalledOff):
        both.action.schedule(SCHEDULE)
    assert decided(both) == []


def test_what_all_had_cancelled_before_needs_no_decision(both: Pair) -> None:
    both.action.announce(ANNOUNCE)
    for side in both.sides:
        side.run(side.plan(CANCEL))
    assert not both.action.cancel(replace(CANCEL, reason=9))
    assert both.action.called_off is None
    assert decided(both) == []


def test_a_schedule_at_another_price_than_the_networks_records_have_is_found(both: Pair) -> None:
    both.action.announce(ANNOUNCE)
    both.action.schedule(SCHEDULE)
    rewrite(both, "schedule", price="1")
    assert [(name, severity) for name, _, severity in decided(both)] == [
        (one, "critical") for one in sorted(names(both))
    ]


def test_a_move_of_which_a_network_has_no_record_or_another_is_found(both: Pair) -> None:
    move(both).carry_out()
    both.sides[0].books.clear()
    assert decided(both) == [(names(both)[0], "none", "drift")]
    both.sides[0].books.append(("market ceiling", "m-1", ins.SetCeiling("MSFT", Shares.of(98), Shares.of(101), FIRST)))
    assert [one[::2] for one in decided(both)] == [(names(both)[0], "critical")]


def test_a_chain_that_does_not_answer_proves_nothing(both: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    def mute(*_named: str) -> None:
        raise ScripError("the node does not answer")

    both.action.announce(ANNOUNCE)
    both.action.schedule(SCHEDULE)
    monkeypatch.setattr(both.sides[1], "action", mute)
    assert [severity for _, _, severity in decided(both)] == ["unproven"]


def test_a_chain_that_is_not_at_hand_is_not_asked(both: Pair) -> None:
    both.action.announce(ANNOUNCE)
    both.action.schedule(SCHEDULE)
    both.sides[1].model.apply(ins.Cancel(*NAMED, 1, "d"))
    assert verify(both.sides[:1], both.records) == []
