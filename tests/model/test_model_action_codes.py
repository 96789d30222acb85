"""Each code of scrip.parameters takes just the terms that it names, when announced and when scheduled."""

from pathlib import Path

import pytest
from model_world import DAY, START, STOCK, small_world
from support.days import ex_of

from scrip.action_codes import ACTION_CODES, CODES, rows
from scrip.errors import Refusal
from scrip.instructions.actions import Announce, Schedule
from scrip.ledger import SOLANA
from scrip.units import WAD

AT = START + 10 * DAY
TERMS = {"num": 3, "den": 2, "gross": WAD, "pay": AT + DAY}
"""A value for every term that an announcement can have."""


def terms_of(code: str) -> dict[str, int]:
    terms = {name: TERMS[name] for name in ACTION_CODES[code].announced}
    return terms | {"num": 2, "den": 3} if code == "SPLR" else terms


def announce(code: str, terms: dict[str, int]) -> Announce:
    return Announce(STOCK, code, "one", ex_of(AT), AT, **terms)


@pytest.mark.parametrize("code", ACTION_CODES)
def test_a_code_takes_its_terms(code) -> None:
    small_world().do(announce(code, terms_of(code)))


@pytest.mark.parametrize(("code", "term"), [(code, term) for code in ACTION_CODES for term in TERMS])
def test_a_code_needs_each_of_its_terms_and_takes_no_other(code, term) -> None:
    terms = terms_of(code)
    changed = {name: terms[name] for name in terms if name != term} if term in terms else terms | {term: TERMS[term]}
    assert small_world().refused(announce(code, changed)) == "actions: bad terms"


@pytest.mark.parametrize("code", ACTION_CODES)
@pytest.mark.parametrize("price", [0, 100 * WAD])
def test_a_price_is_struck_for_the_codes_that_take_one(code, price) -> None:
    world, schedule = small_world(), Schedule(STOCK, code, "one", price)
    world.do(announce(code, terms_of(code)))
    if bool(price) == ("price" in ACTION_CODES[code].struck):
        world.do(schedule)
    else:
        assert world.refused(schedule) == "actions: bad terms"


def test_no_other_code_is_announced() -> None:
    assert small_world().refused(announce("MEET", {"gross": WAD, "pay": AT + DAY})) == "actions: unknown code"


def test_the_docs_table_is_the_code_s() -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "corporate-actions.md").read_text(encoding="utf-8")
    for code, *rest in rows():
        assert "| " + " | ".join((f"`{code}`", *rest)) + " |\n" in text
    assert text.count("\n| `") == len(CODES)


def test_what_a_chain_has_not_is_refused_there_before_it_is_announced_anywhere() -> None:
    world = small_world(SOLANA)
    order = announce("DVSE", terms_of("DVSE"))
    assert world.refused(order) == "actions: unknown code"
    with pytest.raises(Refusal, match="actions: unknown code"):
        world.ledger.outlook(order)
