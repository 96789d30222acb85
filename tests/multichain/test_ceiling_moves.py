"""Shares leave one chain's ceiling before they arrive in another's, wherever the process stops."""

from collections.abc import Callable
from pathlib import Path

import pytest
from multichain_world import ANNOUNCE, AT, ISIN, SCHEDULE, Crash, ModelSide, Pair, manifest, nothing, pair, refusing

from scrip import instructions as ins
from scrip.errors import Drift, InputError
from scrip.executor import StepFailed
from scrip.multichain.ceilings import CeilingMove, refuse_proposal, target_of
from scrip.multichain.decisions import Decisions
from scrip.plan import Plan
from scrip.units import Shares


def move(both: Pair, shares: int = 30, reference: str = "move-1") -> CeilingMove:
    return CeilingMove(*both.sides, both.records, ISIN, Shares.of(shares), reference)


def ceilings(both: Pair) -> list[int]:
    return [int(side.ceilings("MSFT").own.value) for side in both.sides]


def elsewhere(both: Pair) -> list[int]:
    return [int(side.ceilings("MSFT").others.value) for side in both.sides]


def set_ceiling(side: ModelSide, shares: int) -> None:
    side.model.apply(ins.SetCeiling("MSFT", Shares.of(shares)))


def test_what_leaves_one_arrives_in_the_other_once(both: Pair) -> None:
    assert [(str(one.before), str(one.after)) for one in move(both).moves()] == [
        ("100 shares, 100 elsewhere", "70 shares, 130 elsewhere"),
        ("100 shares, 100 elsewhere", "130 shares, 70 elsewhere"),
    ]
    assert move(both).carry_out()
    assert (ceilings(both), elsewhere(both)) == ([70, 130], [130, 70])
    assert not move(both).carry_out()
    assert ceilings(both) == [70, 130]
    assert all(not plan.steps for plan in move(both).plans())
    assert move(both, reference="move-2").carry_out()
    assert (ceilings(both), elsewhere(both)) == ([40, 160], [160, 40])


def test_a_move_that_is_done_stays_done_when_others_follow(both: Pair) -> None:
    move(both).carry_out()
    set_ceiling(both.sides[0], 1)
    assert not move(both).carry_out()


def test_a_source_that_refuses_leaves_all_as_it_was(both: Pair) -> None:
    both.sides[0].before = refusing("market ceiling")
    with pytest.raises(StepFailed):
        move(both).carry_out()
    assert ceilings(both) == [100, 100]


def test_a_target_that_refuses_leaves_the_shares_in_no_ceiling(both: Pair) -> None:
    both.sides[1].before = refusing("market ceiling")
    with pytest.raises(StepFailed):
        move(both).carry_out()
    assert ceilings(both) == [70, 100]
    both.sides[1].before = nothing
    assert move(both).carry_out()
    assert ceilings(both) == [70, 130]


@pytest.mark.parametrize("found", [100, 71, 69])
def test_a_source_that_says_lowered_and_is_not_raises_nothing(both: Pair, found: int) -> None:
    """As it was, or another number than was decided, which somebody set in that moment."""
    both.sides[0].after = lambda _: set_ceiling(both.sides[0], found)
    with pytest.raises(Drift, match="nothing was raised"):
        move(both).carry_out()
    assert ceilings(both) == [found, 100]


@pytest.mark.parametrize("side", [0, 1])
def test_a_ceiling_that_somebody_moved_meanwhile_is_left_alone(both: Pair, side: int) -> None:
    both.sides[1].before = refusing("market ceiling")
    with pytest.raises(StepFailed):
        move(both).carry_out()
    both.sides[1].before = nothing
    set_ceiling(both.sides[side], 90)
    with pytest.raises(Drift, match="neither"):
        move(both).carry_out()
    assert ceilings(both)[side] == 90


def test_a_reference_stands_for_one_move(both: Pair) -> None:
    move(both).carry_out()
    with pytest.raises(InputError, match="stands for another move: 30 shares"):
        move(both, 31).moves()
    with pytest.raises(InputError, match="stands for another move"):
        move(both.reversed()).moves()


@pytest.mark.parametrize(
    ("shares", "reference", "field"), [(0, "move-1", "shares"), (30, "", "reference"), (101, "move-1", "shares")]
)
def test_what_cannot_be_moved(both: Pair, shares: int, reference: str, field: str) -> None:
    with pytest.raises(InputError) as refused:
        move(both, shares, reference).carry_out()
    assert refused.value.field == field
    assert ceilings(both) == [100, 100]


def test_fewer_than_no_shares_are_not_moved(both: Pair) -> None:
    """Less than nothing raised the ceiling at its source before the other chain's was lower."""
    before = ceilings(both)
    with pytest.raises(InputError, match=r"shares: is negative \(got '-5'\)"):
        move(both, -5)
    assert ceilings(both) == before


def test_from_a_chain_to_itself_is_no_move(both: Pair) -> None:
    """A command opens each side anew: one chain is two objects then."""
    here = both.sides[0]
    again = ModelSide(here.manifest, here.traits)
    for source, target in ((here, here), (here, again), (again, here)):
        with pytest.raises(InputError, match="is where the shares are already"):
            CeilingMove(source, target, both.records, ISIN, Shares.of(1), "move-1")


def test_nothing_is_lowered_without_the_key_that_raises(both: Pair) -> None:
    both.sides[1].hands = frozenset()
    with pytest.raises(InputError, match="does not sign on this machine"):
        move(both).carry_out()
    assert ceilings(both) == [100, 100]


# --- wherever the process stops ---

POINTS = 8
"""Before and after each of two decisions and two plans."""


@pytest.mark.parametrize("last", range(POINTS + 1))
def test_at_no_instant_do_the_ceilings_allow_more(last: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    both, passed = pair(tmp_path), 0

    def passes(_: object = None) -> None:
        nonlocal passed
        assert sum(ceilings(both)) <= 200
        passed += 1
        if passed == last:
            raise Crash

    decide: Callable = Decisions.decide

    def decided(self: Decisions, *args: object) -> object:
        passes()
        made = decide(self, *args)
        passes()
        return made

    monkeypatch.setattr(Decisions, "decide", decided)
    applied = ModelSide.run

    def run(self: ModelSide, plan: Plan) -> None:
        applied(self, plan)
        passes()

    monkeypatch.setattr(ModelSide, "run", run)
    for side in both.sides:
        side.before = passes
    try:
        move(both).carry_out()
    except Crash:
        assert last
    assert passed == (last or POINTS)
    move(both).carry_out()
    assert ceilings(both) == [70, 130]
    assert [len(side.sent) for side in both.sides] == [1, 1]


def test_the_target_is_one_of_those_that_have_the_stock() -> None:
    local, solana = manifest("local"), manifest("solana-local")
    assert target_of(local, [solana], "MSFT", "solana-local") is solana
    with pytest.raises(InputError, match=r"is no network that local spans and that has MSFT \(solana-local\)"):
        target_of(local, [solana], "MSFT", "mainnet")
    with pytest.raises(InputError, match=r"\(none\)"):
        target_of(local, [], "MSFT", "solana-local")


def test_a_move_is_never_proposed() -> None:
    with pytest.raises(InputError, match="for local, and for solana-local once the shares have left") as refused:
        refuse_proposal("local", "solana-local")
    assert refused.value.field == "propose"


# --- around a split ---


def split_on(side: ModelSide) -> None:
    side.model.apply(ANNOUNCE)
    side.model.apply(SCHEDULE)


def test_a_move_that_a_split_cut_in_two_is_finished_in_the_basis_that_it_was_decided_in(both: Pair) -> None:
    for side in both.sides:
        split_on(side)
    both.sides[1].before = refusing("market ceiling")
    with pytest.raises(StepFailed):
        move(both).carry_out()
    both.sides[1].before = nothing
    both.advance_to(AT + 1)
    assert (ceilings(both), elsewhere(both)) == ([140, 200], [260, 200])
    assert move(both).carry_out()
    assert (ceilings(both), elsewhere(both)) == ([140, 260], [260, 140])


def test_a_move_in_a_basis_that_is_no_more_known_is_left_alone(both: Pair) -> None:
    """What was 100 before is 100 after as well, in shares that are half of what they were."""
    for side in both.sides:
        split_on(side)
    both.sides[1].before = refusing("market ceiling")
    with pytest.raises(StepFailed):
        move(both, 50).carry_out()
    both.advance_to(AT + 1)
    both.sides[0].model.apply(ins.SetBasis("MSFT"))
    assert ceilings(both) == [100, 200]
    with pytest.raises(Drift, match="counted in 2:1#1, not in 1:1#0"):
        move(both, 50).carry_out()
    assert ceilings(both) == [100, 200]


def test_nothing_is_moved_while_one_chain_alone_is_split(both: Pair) -> None:
    split_on(both.sides[1])
    both.advance_to(AT + 1)
    with pytest.raises(Drift, match="the multiplier is 2, not 1 as on"):
        move(both).carry_out()
    assert ceilings(both) == [100, 200]


def test_what_a_chain_did_not_count_elsewhere_is_not_taken_off(both: Pair) -> None:
    both.sides[1].model.apply(ins.SetCeiling("MSFT", Shares.of(100), Shares.of(20)))
    move(both).carry_out()
    assert (ceilings(both), elsewhere(both)) == ([70, 130], [130, 0])
