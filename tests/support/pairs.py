"""Two lists of cases that multiply: every one of each in every run, all pairs of them in the campaign."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import pytest


def pairs(first: Sequence[str], second: Sequence[str]) -> list[object]:
    """The parameters of a test of two: as many pairs as the longer list has, the others marked for the campaign."""
    most = range(max(len(first), len(second)))
    usual = {(first[number % len(first)], second[number % len(second)]) for number in most}
    return [
        pytest.param(*pair, marks=[] if pair in usual else [pytest.mark.campaign]) for pair in product(first, second)
    ]
