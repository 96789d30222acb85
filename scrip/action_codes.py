"""The kinds of corporate action that are announced, by their ISO 15022 codes, and the timelock's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionCode:
    """A kind of corporate action that ACTIONS announces, by its ISO 15022 code.

    `number` is what the contracts store for it. Of an announcement's terms it gives those of `announced` and leaves
    the others 0; scheduling it adds those of `struck`.
    """

    code: str
    title: str
    number: int
    announced: tuple[str, ...]
    struck: tuple[str, ...] = ()


ACTION_CODES: Mapping[str, ActionCode] = MappingProxyType(
    {
        one.code: one
        for one in (
            ActionCode(code="SPLF", title="forward split: more shares for old", number=1, announced=("num", "den")),
            ActionCode(code="SPLR", title="reverse split: fewer shares for old", number=2, announced=("num", "den")),
            ActionCode(
                code="DRIP", title="reinvested dividend", number=3, announced=("gross", "pay"), struck=("price",)
            ),
        )
    }
)
"""Kinds of corporate actions, by code."""

REPAIR_CODES: Mapping[str, int] = MappingProxyType({"CORR": 4, "FOLD": 5})
"""The timelock's own changes of a multiplier, each with the number that the contracts store: a correction, a fold."""
CORRECTION, FOLD = REPAIR_CODES
