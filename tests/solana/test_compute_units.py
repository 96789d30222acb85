"""What instructions cost, against the committed snapshot."""

from __future__ import annotations

import json

import pytest
from compute_units import SNAPSHOT, measure
from solana_world import ROOT, Build, StockProgram


@pytest.fixture(scope="module")
def cases() -> dict[str, int]:
    return measure()


def test_every_instruction_is_measured(cases: dict[str, int]) -> None:
    names = {entry["name"] for entry in StockProgram(Build(ROOT).idl).idl["instructions"]}
    assert names <= set(cases)


def test_a_transfer_costs_what_plain_token_2022_costs(cases: dict[str, int]) -> None:
    assert cases["token.transferChecked"] == cases["token.transferChecked.plainSameExtensions"]


def test_nothing_costs_over_one_percent_more_than_committed(cases: dict[str, int]) -> None:
    committed = json.loads(SNAPSHOT.read_text())["cases"]
    assert set(committed) == set(cases)
    dearer = {name: (committed[name], units) for name, units in cases.items() if units * 100 > committed[name] * 101}
    assert not dearer
