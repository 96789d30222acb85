"""A split takes effect at the opening of its ex session, which is a cash dividend's record where both have one ex day.

The block of the record is the last one before it, in which the split is still to come: units were counted in the old
basis, and of two new shares for one holders were paid a half.
"""

from __future__ import annotations

from typing import Any, cast

import pytest

from scrip.evm.chain import Chain, Contract
from scrip.evm.handlers.actions import multiplier_at
from scrip.units import WAD

RECORD, TOKEN = 1_800_369_000, Contract("StockToken", "0x" + "22" * 20)
INDEX = 11 * WAD // 10


class Views:
    """A chain whose token has these terms."""

    def __init__(self, *terms: int) -> None:
        self.terms = terms

    def call(self, contract: Contract, function: str, *_: Any) -> tuple[int, ...]:
        assert (contract, function) == (TOKEN, "multiplierTerms")
        return self.terms


@pytest.mark.parametrize(
    ("later", "at", "counted"),
    [
        ((INDEX, 1, 1), 0, INDEX),
        ((INDEX, 2, 1), RECORD - 1, 2 * INDEX),
        ((INDEX, 2, 1), RECORD, 2 * INDEX),
        ((INDEX, 2, 1), RECORD + 1, INDEX),
        # Reinvested from the record on: those units bought without the dividend.
        ((INDEX + 7, 1, 1), RECORD, INDEX),
    ],
)
def test_what_a_unit_counts_for(later: tuple[int, int, int], at: int, counted: int) -> None:
    chain = cast(Chain, Views(INDEX, 1, 1, *later, at))
    assert multiplier_at(chain, TOKEN, RECORD) == counted
