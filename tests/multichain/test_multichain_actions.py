"""An action of two chains is on both of them or on none, whichever refuses and wherever the process stops."""

from dataclasses import replace
from datetime import timedelta

import pytest
from multichain_world import ANNOUNCE, AT, CANCEL, DAY, EX, ISIN, SCHEDULE, Crash, Pair, nothing, pair, refusing

from scrip import instructions as ins
from scrip.errors import Drift, InputError, Refusal, ScripError
from scrip.executor import StepFailed
from scrip.multichain.actions import CALLED_OFF, CalledOff, MultichainAction
from scrip.multichain.decisions import Decisions
from scrip.plan import Plan
from scrip.records.record import RecordError
from scrip.units import WAD


def announced(both: Pair) -> Pair:
    both.action.announce(ANNOUNCE)
    return both


def scheduled(both: Pair) -> Pair:
    announced(both).action.schedule(SCHEDULE)
    return both


# --- what goes well ---


def test_all_chains_have_it_under_one_id_at_one_instant(both: Pair) -> None:
    assert both.action.announce(ANNOUNCE)
    assert both.statuses() == ["announced", "announced"]
    assert both.action.schedule(SCHEDULE)
    one, other = both.action.states()
    assert one == other
    assert one.effective_at == AT
    both.advance_to(AT)
    assert both.statuses() == ["effective", "effective"]


def test_again_it_does_nothing(both: Pair) -> None:
    scheduled(both)
    sent = [list(side.sent) for side in both.sides]
    assert not both.action.announce(ANNOUNCE)
    assert not both.action.schedule(SCHEDULE)
    assert [side.sent for side in both.sides] == sent


def test_it_is_cancelled_on_both_by_one_order(both: Pair) -> None:
    assert scheduled(both).action.cancel(CANCEL)
    assert both.statuses() == ["cancelled", "cancelled"]
    assert not both.action.cancel(CANCEL)


def test_each_chain_is_asked_under_its_own_ticker(tmp_path) -> None:
    both = pair(tmp_path)
    stocks = both.sides[1].manifest.stocks
    renamed = {("MSFT.S" if name == "MSFT" else name): stock for name, stock in stocks.items()}
    both.sides[1].manifest = both.sides[1].manifest.model_copy(update={"stocks": renamed})
    both.sides[1].model.stocks["MSFT.S"] = both.sides[1].model.stocks.pop("MSFT")
    scheduled(both)
    assert both.statuses() == ["scheduled", "scheduled"]


# --- what a chain refuses ---


def test_what_a_model_refuses_is_sent_nowhere(both: Pair) -> None:
    other = replace(ANNOUNCE, reference="other", ex=EX - timedelta(days=1), effective_at=AT + 1, num=3)
    both.sides[1].model.apply(other)
    both.sides[1].model.apply(replace(SCHEDULE, reference="other"))
    announced(both)
    with pytest.raises(Refusal, match=both.sides[1].manifest.network):
        both.action.schedule(SCHEDULE)
    assert both.statuses() == ["announced", "announced"]
    assert both.action.called_off is None


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("scheduled", [False, True])
def test_a_twin_on_any_of_the_chains_asks_for_a_word(both: Pair, place: int, scheduled: bool) -> None:
    """Announced twice under two references, one split would be carried out twice, on one chain or on all."""
    side = both.sides[place]
    side.model.apply(replace(ANNOUNCE, reference="booked-before"))
    if scheduled:
        side.model.apply(replace(SCHEDULE, reference="booked-before"))
    with pytest.raises(InputError, match=f"looks like SPLF booked-before, .* on {side.manifest.network}: .*--twin"):
        both.action.plans(ANNOUNCE)
    with pytest.raises(InputError, match="--twin"):
        both.action.announce(ANNOUNCE)
    assert not any(one.sent for one in both.sides)
    meant = both.action
    meant.twin = True
    assert meant.announce(ANNOUNCE)
    assert both.statuses() == ["announced", "announced"]


def test_what_the_first_chain_refuses_is_sent_to_no_other(both: Pair) -> None:
    announced(both)
    both.sides[0].before = refusing("action schedule")
    with pytest.raises(StepFailed):
        both.action.schedule(SCHEDULE)
    assert both.statuses() == ["announced", "announced"]
    both.sides[0].before = nothing
    assert both.action.schedule(SCHEDULE)


def test_what_the_second_chain_refuses_is_cancelled_on_both(both: Pair) -> None:
    announced(both)
    both.sides[1].before = refusing("action schedule")
    with pytest.raises(CalledOff, match="it was cancelled on every chain"):
        both.action.schedule(SCHEDULE)
    assert both.statuses() == ["cancelled", "cancelled"]
    decision = both.action.called_off
    assert decision is not None
    assert decision.terms["reason"] == str(CALLED_OFF)
    assert decision.why.startswith(both.sides[1].manifest.network)
    for order in (both.action.announce, both.action.schedule):
        with pytest.raises(InputError, match="was called off"):
            order(ANNOUNCE if order == both.action.announce else SCHEDULE)  # type: ignore[arg-type]
    assert not both.action.cancel(CANCEL)


def test_what_was_scheduled_on_one_and_is_too_late_for_the_other_is_cancelled(both: Pair) -> None:
    """Only the first chain was reached in time: its notice has begun, the other's can no longer be kept."""
    announced(both)
    both.sides[0].model.apply(SCHEDULE)
    both.advance_to(AT - DAY + 1)
    with pytest.raises(CalledOff, match="notice too short"):
        both.action.schedule(SCHEDULE)
    assert both.statuses() == ["cancelled", "cancelled"]


def test_what_somebody_cancelled_on_one_chain_is_cancelled_on_the_other(both: Pair) -> None:
    scheduled(both)
    both.sides[1].model.apply(CANCEL)
    assert [[step.name for step in plan.steps] for plan in both.action.plans(SCHEDULE)] == [["action cancel"], []]
    with pytest.raises(CalledOff, match="has it as cancelled"):
        both.action.schedule(SCHEDULE)
    assert both.statuses() == ["cancelled", "cancelled"]


def test_chains_that_withhold_otherwise_do_not_pay_the_same_dividend(both: Pair) -> None:
    """The same announcement, another strike: seen when both are looked at, and called off."""
    dividend = ins.Announce("MSFT", "DRIP", "split-1", ANNOUNCE.ex, AT, gross=WAD, pay=AT)
    action = MultichainAction(both.sides, both.records, ISIN, "DRIP", "split-1")
    other = both.sides[1].model
    other.config = replace(other.config, rules=replace(other.config.rules, withholding_bps=1_000))
    action.announce(dividend)
    with pytest.raises(CalledOff, match="differ in withheld, net"):
        action.schedule(ins.Schedule("MSFT", "DRIP", "split-1", 30 * WAD))
    assert [one.status for one in action.states()] == ["cancelled", "cancelled"]


def test_other_terms_on_another_chain_are_not_scheduled(both: Pair) -> None:
    both.sides[0].model.apply(ANNOUNCE)
    both.sides[1].model.apply(replace(ANNOUNCE, effective_at=AT + 60))
    for order in (both.action.announce, both.action.schedule):
        with pytest.raises(InputError, match=r"differs between .* in effective_at"):
            order(ANNOUNCE if order == both.action.announce else SCHEDULE)  # type: ignore[arg-type]
    assert both.action.cancel(CANCEL)
    assert both.statuses() == ["cancelled", "cancelled"]


def test_what_is_announced_on_one_chain_alone_is_not_scheduled(both: Pair) -> None:
    both.sides[0].model.apply(ANNOUNCE)
    with pytest.raises(InputError, match=f"is not announced on {both.sides[1].manifest.network}"):
        both.action.schedule(SCHEDULE)
    assert both.action.announce(ANNOUNCE)
    assert both.action.schedule(SCHEDULE)


def test_nothing_is_sent_without_every_key_at_hand(both: Pair) -> None:
    both.sides[1].hands = frozenset()
    with pytest.raises(InputError, match="does not sign on this machine"):
        both.action.announce(ANNOUNCE)
    assert both.statuses() == ["unknown", "unknown"]


def test_what_is_known_nowhere_or_in_effect_is_not_cancelled(both: Pair) -> None:
    with pytest.raises(InputError, match="is announced nowhere"):
        both.action.cancel(CANCEL)
    scheduled(both).advance_to(AT)
    with pytest.raises(InputError, match="is in effect on"):
        both.action.cancel(CANCEL)


def test_a_chain_that_does_not_answer_does_not_keep_another_from_being_cancelled(both: Pair) -> None:
    scheduled(both)

    def silent(plan: Plan) -> None:
        raise ScripError("does not answer")

    both.sides[0].before = silent
    with pytest.raises(ScripError, match="run it again"):
        both.action.cancel(CANCEL)
    assert both.statuses() == ["scheduled", "cancelled"]
    both.sides[0].before = nothing
    # Whoever comes next finishes what was decided, whatever they came for.
    with pytest.raises(InputError, match="was called off"):
        both.action.schedule(SCHEDULE)
    assert both.statuses() == ["cancelled", "cancelled"]


def test_a_cancellation_that_came_too_late_on_one_chain_is_said(both: Pair) -> None:
    scheduled(both)
    both.sides[0].before = lambda _: both.sides[1].model.advance_to(AT)
    with pytest.raises(ScripError, match=r"not cancellable|in effect"):
        both.action.cancel(CANCEL)
    both.sides[0].before = nothing
    with pytest.raises(Drift, match=f"is in effect on {both.sides[1].manifest.network} and was cancelled elsewhere"):
        both.action.cancel(CANCEL)


# --- wherever the process stops ---


class Counting:
    """Ends the process at the n-th point: around every plan that is carried out, and around every decision."""

    def __init__(self, both: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
        self.points, self.last = 0, -1
        for side in both.sides:
            refuse = side.before

            def before(plan: Plan, refuse=refuse) -> None:
                self.passes()
                refuse(plan)

            side.before, side.after = before, lambda _: self.passes()
        decide = Decisions.decide

        def decided(*args, **kwargs):
            self.passes()
            made = decide(*args, **kwargs)
            self.passes()
            return made

        monkeypatch.setattr(Decisions, "decide", decided)

    def passes(self) -> None:
        self.points += 1
        if self.points == self.last:
            raise Crash


def run_out(both: Pair, wished: str) -> None:
    """What an operator does: the same command until it has nothing left to do."""
    for _ in range(4):
        try:
            if wished == "cancel":
                again = both.action.cancel(CANCEL)
            else:
                again = both.action.announce(ANNOUNCE) | both.action.schedule(SCHEDULE)
        except (CalledOff, InputError):
            return
        if not again:
            return


POINTS = {"schedule": 10, "refused": 15, "cancel": 6}
"""Points that a whole run passes."""


@pytest.mark.parametrize("story", POINTS)
def test_a_crash_anywhere_changes_nothing_of_the_end(story: str, both: Pair, tmp_path, monkeypatch) -> None:
    for last in range(POINTS[story] + 1):
        with monkeypatch.context() as patch:
            fresh = pair(tmp_path / f"{last}")
            if both.sides[0].manifest.network != "local":
                fresh = fresh.reversed()
            if story == "cancel":
                scheduled(fresh)
            if story == "refused":
                fresh.sides[1].before = refusing("action schedule")
            counting = Counting(fresh, patch)
            counting.last = last
            try:
                run_out(fresh, story)
            except Crash:
                assert last
            counting.last = -1
            run_out(fresh, story)
        ends = {"schedule": "scheduled", "refused": "cancelled", "cancel": "cancelled"}
        assert fresh.statuses() == [ends[story]] * 2, last
        for side in fresh.sides:
            assert len(side.sent) == len(set(side.sent)), (last, side.sent)
        if not last:
            assert counting.points == POINTS[story], counting.points


# --- the decisions ---


def test_a_decision_that_was_edited_is_not_followed(both: Pair) -> None:
    scheduled(both).action.cancel(CANCEL)
    path = next(both.records.rglob("*-cancel.json"))
    path.write_text(path.read_text().replace("order-1", "order-2"))
    with pytest.raises(RecordError, match="was edited"):
        both.action.cancel(CANCEL)


def test_a_decision_that_is_missing_is_noticed(both: Pair) -> None:
    scheduled(both).action.cancel(CANCEL)
    next(both.records.rglob("0001-*.json")).unlink()
    with pytest.raises(RecordError, match="decision 1 is missing"):
        both.action.cancel(CANCEL)


def test_a_decision_about_other_chains_is_not_this_one(both: Pair) -> None:
    scheduled(both).action.cancel(CANCEL)
    both.sides[1].genesis = "0x" + "12" * 32
    with pytest.raises(InputError, match="was to be cancelled on"):
        both.action.cancel(CANCEL)


def test_one_chain_is_not_several(both: Pair) -> None:
    with pytest.raises(InputError, match="names no other network"):
        MultichainAction(both.sides[:1], both.records, ISIN, "SPLF", "split-1")


def test_who_is_named_signs_where_the_manifest_lets_it(both: Pair) -> None:
    action = replace(both.action, sender="safe")
    found = {
        side.manifest.network: plan.steps[0].sender
        for side, plan in zip(both.sides, action.plans(ANNOUNCE), strict=True)
    }
    assert found == {"local": "safe", "solana-local": "issuer"}
    with pytest.raises(InputError, match="holds ACTIONS in no manifest of the networks"):
        replace(both.action, sender="quote-key")
