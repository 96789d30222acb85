"""Which of two refusals is named when both apply: the one that stands first in a list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations
from typing import Any

import pytest

Faults = Mapping[str, Callable[[Any], Any]]


def every_two(faults: Faults, *impossible: tuple[str, str]) -> pytest.MarkDecorator:
    """Run a test for each fault alone and for each two of them, but the `impossible`; `faults` is in the order of
    refusal."""
    cases = [(name, name) for name in faults] + list(combinations(faults, 2))
    return pytest.mark.parametrize(("first", "second"), [case for case in cases if case not in impossible])


def bring_about(faults: Faults, first: str, second: str, attempt: Any) -> None:
    """Both faults, the later one before the earlier one, for a halt also refuses the steps that make other faults."""
    faults[second](attempt)
    if first != second:
        faults[first](attempt)


def change(**fields: Any) -> Callable[[Any], None]:
    """A fault that lies in what is attempted, not in the world."""

    def apply(attempt: Any) -> None:
        for name, value in fields.items():
            setattr(attempt, name, value)

    return apply
