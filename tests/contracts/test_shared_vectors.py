"""The contracts against the shared vectors: what holders see, bounds of actions, and what a quote signer signs."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boa
import pytest
from support.contract_calls import Handle, Refused, deploy, mapping_slot, now, refuses, set_clock, slot_of
from support.issuance_world import DAY, TREASURY, Issuance, Quote

VECTORS = Path(__file__).resolve().parents[1] / "vectors"
WORDS = {"id", "ref", "reference"}
TEXTS = {"isin", "code"}
HIGHEST_PRICE = 2**128 - 1


def _value(name: str, value: Any) -> Any:
    if not isinstance(value, str) or name in TEXTS:
        return value
    if not value.startswith("0x"):
        return int(value)
    return bytes.fromhex(value[2:]) if name in WORDS else value


def rows(file: str, name: str) -> list[dict[str, Any]]:
    found = json.loads((VECTORS / f"{file}.json").read_text())[name]
    assert found
    return [{key: _value(key, value) for key, value in row.items()} for row in found]


def hold(suite: Issuance, index: int, num: int = 1, den: int = 1) -> Handle:
    """The stock, at this pair from now on."""
    suite.stock.scheduleMultiplier(index, num, den, now() + 1, sender=suite.actions.address)
    set_clock(now() + 1)
    return suite.stock


def test_multipliers(suite: Issuance) -> None:
    refused = 0
    for row in rows("multiplier", "ui_multiplier"):
        pair = row["index"], row["num"], row["den"]
        with boa.env.anchor():
            if row["fits"]:
                assert hold(suite, *pair).uiMultiplier() == row["multiplier"], row
                continue
            refused += 1
            with refuses("token: bad pair"):
                hold(suite, *pair)
    assert refused


@pytest.mark.parametrize(
    ("name", "view", "given", "answer"),
    [("ui_amount", "toUIAmount", "raw", "ui"), ("raw_amount", "fromUIAmount", "ui", "raw")],
)
def test_amounts(suite: Issuance, name: str, view: str, given: str, answer: str) -> None:
    for row in sorted(rows("ui_amount", name), key=lambda row: row["multiplier"]):
        if suite.stock.uiMultiplier() != row["multiplier"]:
            hold(suite, row["multiplier"])
        assert getattr(suite.stock, view)(row[given]) == row[answer], row


def test_the_bound_of_a_dividends_step(suite: Issuance) -> None:
    outcomes = set()
    for row in rows("dividend", "next_index"):
        if row["net"] == 0 or row["price"] > HIGHEST_PRICE:
            continue
        with boa.env.anchor():
            id = suite.announce(gross=row["net"])
            outcome = "scheduled"
            try:
                suite.strike(id, row["price"])
            except Refused as refusal:
                outcome = refusal.name
            assert (outcome != "actions: step bound") == row["step_ok"], (row, outcome)
            outcomes.add(outcome)
    assert outcomes >= {"scheduled", "actions: step bound"}


def test_the_bound_of_a_years_rise(suite: Issuance) -> None:
    tried = 0
    for row in rows("dividend", "rate"):
        before, following = row["next"] * 9 // 10, row["next"]
        if before == 0 or 4 * (following - before) > before:
            continue  # no single step leads there
        with boa.env.anchor():
            points = mapping_slot(slot_of("CorporateActions", "indices", "_points"), int(suite.stock.address, 16))
            boa.env.set_storage(suite.actions.address, points, 1)
            boa.env.set_storage(suite.actions.address, points + 1, 1 | row["year_ago"] << 40)
            assert suite.actions.indexAt(suite.stock, now() - DAY) == row["year_ago"]
            hold(suite, before)
            id = suite.announce(gross=following - before)
            if row["rate_ok"]:
                suite.strike(id, before)
                assert suite.terms()[3] == following
            else:
                with refuses("actions: rate bound"):
                    suite.strike(id, before)
        tried += 1
    assert tried >= 6


def test_the_bound_of_a_split(suite: Issuance) -> None:
    outcomes = {(row["new"], row["old"]): row["step_ok"] for row in rows("split", "next_split")}
    assert set(outcomes.values()) == {True, False}
    for number, ((new, old), within) in enumerate(outcomes.items()):
        code = "SPLF" if new > old else "SPLR"
        if within:
            suite.announce(code, str(number), num=new, den=old)
        else:
            with refuses("actions: split bound"):
                suite.announce(code, str(number), num=new, den=old)


def test_action_ids(suite: Issuance) -> None:
    for row in rows("action_id", "action_id"):
        assert suite.actions.actionId(row["isin"], row["series"], row["code"], row["reference"]) == row["id"], row


# --- quotes


@contextmanager
def chain(number: int) -> Iterator[None]:
    """CHAINID answers this."""
    before = boa.env.evm.patch.chain_id
    boa.env.evm.patch.chain_id = number
    try:
        yield
    finally:
        boa.env.evm.patch.chain_id = before


@pytest.mark.parametrize("born_there", [True, False], ids=["born there", "born on another chain"])
def test_what_a_quote_signer_signs(suite: Issuance, born_there: bool) -> None:
    arguments = suite.roles.address, suite.registry.address, TREASURY
    for row in rows("quote", "evm"):
        number, market, digest = row.pop("chain_id"), row.pop("market"), row.pop("digest")
        with boa.env.anchor(), chain(number if born_there else 5):
            handle = deploy("PrimaryMarket", *arguments, at=market)
            with chain(number):
                assert "0x" + handle.hashQuote(Quote(**row).values).hex() == digest, row
