"""The simulated custodian: it stands alone, law 5 bears what it plays, and it finds what the law does not bear."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from custodian import on_reference
from custodian.attack import attack, maker
from custodian.desk import ActingDesk
from custodian.exhaust import INSTANTS, cases, exhaust
from custodian.history import play
from custodian.market import DAY
from custodian.minimise import minimise
from custodian.reference import Rules
from custodian.terms import Op, Setup
from custodian.thief import rob
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from scrip.errors import Refusal

HERE = Path(__file__).parent
ALONE = ("market", "terms", "history", "draw", "reference", "on_reference", "on_several", "desk", "minimise")
ON_LEDGERS = {"scrip", "scrip.errors", "scrip.ledger", "scrip.units"}
"""What the adapter may import: instructions, the ledger protocol, and the types of amounts and refusals."""
EXAMPLES = settings(max_examples=20, stateful_step_count=25, deadline=None, database=None)


def imports_of_scrip(name: str) -> set[str]:
    """Modules of scrip that a file of this folder imports."""
    found = set()
    for node in ast.walk(ast.parse((HERE / f"{name}.py").read_text())):
        if isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
        elif isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
    return {one for one in found if one.split(".")[0] == "scrip"}


def test_shares_no_code_with_what_it_judges() -> None:
    """Custodian, histories and the second law import nothing of scrip's; the adapter only what a desk would send."""
    assert {name: imports_of_scrip(name) for name in ALONE} == {name: set() for name in ALONE}
    assert imports_of_scrip("on_ledger") == ON_LEDGERS
    assert imports_of_scrip("thief") == {"scrip"}


@pytest.mark.parametrize("attested", [False, True], ids=["blind", "attested"])
def test_the_model_never_mints_past_the_shares(attested: bool, record_property: Callable[[str, object], None]) -> None:
    """Splits, dividends, books that flip early and late, answers late and wrong: law 5's last sentence holds."""

    class Run(ActingDesk):
        make = staticmethod(maker("model"))

    Run.attested = attested
    run_state_machine_as_test(Run, settings=EXAMPLES)
    found = attack(maker("model"), 60, "suite", attested=attested)
    said, mints = "ATTESTOR" if attested else "an aggregator", Run.mints + found.mints
    record_property("summary", f"{EXAMPLES.max_examples + 60} histories on the model, {said}: {mints} mints")
    assert not found.overissued
    assert mints > 60


@pytest.mark.parametrize("attested", [False, True], ids=["blind", "attested"])
def test_a_dividend_in_shares_that_comes_late_mints_nothing_past_them(
    attested: bool, record_property: Callable[[str, object], None]
) -> None:
    """DVSE: the shares are delivered up to two months after the ex, and what is bought in between has no part in it."""
    found = attack(maker("model"), 60, "suite", attested=attested, in_shares=True)
    record_property("summary", f"60 histories with dividends in shares on the model: {found.mints} mints")
    assert not found.overissued
    assert found.mints > 60


@pytest.mark.parametrize("where", ["model", "evm"])
@pytest.mark.parametrize("names", [("split", "shares"), ("shares", "split"), ("shares", "shares")])
def test_a_dividend_in_shares_is_no_other_split_s_neighbour(where: str, names: tuple[str, str]) -> None:
    """1:2 and 103:100 of one second: 500 are bought before the delivery, and 1,515 were read as that many old ones.

    The second of them is refused, whichever it is; what is bought then is worth what it is, and no more is minted."""
    forms = {"split": Op("split", 2, 1, 1), "shares": Op("shares", 0, 1)}
    first, second = (forms[name] for name in names)
    ops = [Op("mint", 0, 1), first, second, *[Op("wait", 0, 1)] * 2, Op("buy", 1), Op("answer"), Op("mint")]
    played, bad = play(Setup(in_shares=True, margin_bps=0, delay=0), ops, maker(where))
    assert not bad
    assert (played.counts["split"], played.counts["split refused"]) == (1, 1)


@pytest.mark.parametrize("attested", [False, True], ids=["blind", "attested"])
def test_a_thief_beside_the_desk_mints_nothing(attested: bool, record_property: Callable[[str, object], None]) -> None:
    """ACTIONS, CEILING or both are stolen: no unit that could not have been minted without what is false."""
    counts, bad = rob(maker("model"), 60, "suite", attested=attested)
    done = f"{counts['false scheduled']} false actions, {counts['mint']} mints"
    record_property("summary", f"60 histories with a thief on the model: {done}")
    assert not bad
    assert min(counts["false scheduled"], counts["mint"]) > 40


def test_the_law_as_worded_bears_every_history(record_property: Callable[[str, object], None]) -> None:
    """Splits and dividends, books that flip early and late: no mint past the shares under the second law."""

    class Run(ActingDesk):
        make = staticmethod(on_reference.makes())

    run_state_machine_as_test(Run, settings=EXAMPLES)
    blind, attested = (attack(on_reference.makes(), 20, "suite", attested=said) for said in (False, True))
    mints = Run.mints + blind.mints + attested.mints
    record_property("summary", f"{EXAMPLES.max_examples + 40} histories of the law as worded, {mints} mints")
    assert blind.overissued == attested.overissued == 0
    assert mints > 60


def test_exhaustion_of_a_small_domain_finds_nothing() -> None:
    """A part of it, on the model; `make campaign` plays more."""
    some = list(cases())[5::1_000]
    histories, bad = exhaust(maker("model"), some)
    assert histories == 3 ** len(INSTANTS) * len(some)
    assert not bad


MINT, ANSWER = Op("mint"), Op("answer")
NOT_BORNE: dict[str, tuple[Setup, list[Op], dict[str, object]]] = {
    "the books flip before the split is scheduled": (
        Setup(unseen=True, notice=DAY, margin_bps=0),
        [Op("split", 0, 0, 1), ANSWER],
        {"unseen": False},
    ),
    "answers are wrong by a margin above the 2 % of what is plausible": (
        Setup(margin_bps=500),
        [Op("answer", 0, 2), *[Op("mint", 0, 3)] * 3, Op("split"), Op("wait", 5), Op("answer", 0, 3)],
        {"margin_bps": 200},
    ),
    "the books show two splits of a slot one after the other": (
        Setup(parts=True, margin_bps=0),
        [Op("split", 2, 0, 0), Op("split", 0, 1, 1), Op("wait", 4), ANSWER],
        {"parts": False},
    ),
    "a ceiling counts a dividend's shares before an answer does": (
        Setup(ahead=True, margin_bps=0, delay=0),
        [MINT, Op("dividend"), Op("wait"), Op("wait"), Op("redeem"), Op("sell")],
        {"ahead": False},
    ),
    "the other chains' ceilings are not raised by what dividends made them owe": (
        Setup(chains=2, attested=True, loose=False, whole=False, grown=False, margin_bps=0, delay=0),
        [Op("mint", 0, 1), Op("dividend", 1), Op("wait", 6), ANSWER, Op("wait", 1), Op("sell", 1)],
        {"grown": True},
    ),
}  # fmt: skip
"""What law 5 does not bear as it is worded: the shortest history, and what of its surroundings makes the difference."""


REFUSED = "answers are wrong by a margin above the 2 % of what is plausible"
"""Of these, what the model refuses to be configured with."""


@pytest.mark.parametrize("why", NOT_BORNE)
def test_what_the_law_does_not_bear(why: str) -> None:
    """The custodian sees it, and the same history is borne where the surroundings do not."""
    setup, ops, kept = NOT_BORNE[why]
    for make in [on_reference.makes()] + [maker("model")] * (why != REFUSED):
        assert play(setup, ops, make)[1]
        assert not play(replace(setup, **kept), ops, make)[1]  # type: ignore[arg-type]


def test_a_basis_confirmed_on_spare_shares_is_the_wrong_one() -> None:
    """Half of 1,000 shares is owed, so an answer from before a late flip is plausible as the new basis and confirms it.

    A dividend is bought for what is owed alone, a second split is scheduled, and the old books read in its basis count
    four times what is there. A second split that waits until the books must have flipped closes it; so does one that is
    in doubt, because the answer does not cover in the new basis what is owed.
    """
    setup = Setup(margin_bps=0, notice=DAY, whole=False, delay=0, overlap=False)
    ops = [
        Op("mint", 0, 1), Op("split", 0, 0, 81), Op("wait"), ANSWER, Op("confirm"), Op("dividend", 0, 0, 1),
        Op("wait"), Op("wait", 4), Op("split", 5, 0, 81), ANSWER,
    ]  # fmt: skip
    assert play(setup, ops, on_reference.makes(Rules(guarded=False)))[1]
    assert not play(setup, ops, on_reference.makes(Rules(guarded=False, apart=10 * DAY)))[1]
    assert not play(setup, ops, on_reference.makes())[1]
    assert not play(setup, ops, maker("model"))[1]


def test_a_dividend_on_another_that_is_not_bought_leaves_a_split_in_doubt() -> None:
    """25 % and 20 % leave 1,450 for 1,500 owed, with no dividend open: a split then has its smaller reading alone."""
    ops = [
        MINT, Op("dividend", 0, 0, 3), Op("wait", 3), Op("dividend", 1), Op("wait", 6), Op("split", 0, 0, 1),
        Op("wait", 4), ANSWER,
    ]  # fmt: skip
    setup = Setup(margin_bps=0)
    assert play(setup, ops, on_reference.makes(Rules(guarded=False)))[1]
    assert not play(replace(setup, overlap=False), ops, on_reference.makes(Rules(guarded=False)))[1]
    assert not play(setup, ops, on_reference.makes())[1]
    assert not play(setup, ops, maker("model"))[1]


def test_a_split_that_is_withdrawn_after_the_books_followed_it_leaves_no_ceiling() -> None:
    """One reading is left then, and it is the wrong one: 2,000 new shares would be 2,000 old ones."""
    setup = Setup(margin_bps=0)
    ops = [Op("split", 0, 0, 1), Op("wait"), Op("cancel"), ANSWER]
    assert play(setup, ops, on_reference.makes(Rules(stopped=False)))[1]
    assert not play(setup, ops, on_reference.makes())[1]
    assert not play(setup, ops, maker("model"))[1]
    assert not play(replace(setup, attested=True), ops, maker("model"))[1]


def test_a_margin_that_an_aggregators_answer_must_not_have_is_refused() -> None:
    setup, ops, _ = NOT_BORNE[REFUSED]
    with pytest.raises(Refusal, match="bad config"):
        play(setup, ops, maker("model"))
    assert not play(replace(setup, attested=True), ops, maker("model"))[1]


def test_a_window_in_time_instead_of_two_readings_is_unsound() -> None:
    """What early and late answers do to a law that goes by the clock, made small."""
    make = on_reference.makes(Rules(window=0))
    found = attack(make, 60, "window")
    assert found.overissued
    assert found.first is not None
    setup, ops, played = minimise(*found.first, make)
    assert len(ops) <= 8
    assert play(setup, ops, make)[1]
    assert not play(setup, ops, on_reference.makes())[1], played.told


def test_redeemed_shares_sold_out_of_order_are_seen() -> None:
    """Sold while the ceiling and the answer still count them: one mint more is given than there are shares for."""
    ops = [MINT, Op("redeem"), Op("sell")]
    assert play(Setup(order=False), ops, on_reference.makes())[1]
    assert not play(Setup(delay=0), ops, on_reference.makes())[1]
