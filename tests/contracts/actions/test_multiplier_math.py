"""contracts/shared/multiplier_math.vy against the shared vectors, which the model wrote."""

import json
from math import gcd
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.contract_calls import Handle, refuses
from support.issuance_world import U64, U96, deploy_stub

VECTORS = Path(__file__).resolve().parents[2] / "vectors"


@pytest.fixture(scope="module")
def math() -> Handle:
    return deploy_stub("MathHarness")


def vectors(file: str, name: str) -> list[dict[str, Any]]:
    rows = json.loads((VECTORS / f"{file}.json").read_text())[name]
    assert rows
    return [{key: int(value) if isinstance(value, str) else value for key, value in row.items()} for row in rows]


def test_next_index(math: Handle) -> None:
    for row in vectors("dividend", "next_index"):
        assert math.next_index(row["index"], row["price"], row["net"]) == row["next"], row


def test_withheld(math: Handle) -> None:
    for row in vectors("dividend", "withheld"):
        assert math.withheld(row["gross"], row["bps"]) == row["withheld"], row


def test_next_split(math: Handle) -> None:
    refused = 0
    for row in vectors("split", "next_split"):
        arguments = row["num"], row["den"], row["new"], row["old"]
        if row["next_num"] <= U64 and row["next_den"] <= U64:
            assert math.next_split(*arguments) == (row["next_num"], row["next_den"]), row
        else:
            refused += 1
            with refuses("actions: pair does not fit"):
                math.next_split(*arguments)
    assert refused


def test_pairs_that_fit(math: Handle) -> None:
    refused = 0
    for row in vectors("multiplier", "ui_multiplier"):
        if row["fits"]:
            math.require_fit(row["index"], row["num"], row["den"])
        elif row["num"] and row["den"]:
            refused += 1
            with refuses("actions: pair does not fit"):
                math.require_fit(row["index"], row["num"], row["den"])
    assert refused


def test_the_largest_next_index_does_not_overflow(math: Handle) -> None:
    assert math.next_index(U96, 1, 2**128 - 1) == U96 * 2**128


@given(st.integers(1, 2**128 - 1), st.integers(1, 2**128 - 1))
def test_gcd(math: Handle, a: int, b: int) -> None:
    assert math.gcd(a, b) == gcd(a, b)


def test_gcd_of_the_slowest_pair(math: Handle) -> None:
    a, b = 1, 1
    while a + b < 2**128:
        a, b = b, a + b
    assert math.gcd(b, a) == 1
    assert math.gcd(a, b) == 1
