"""The record instant, and the block of it: the last one with an earlier timestamp, once it cannot change any more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from scrip.errors import Drift, InputError
from scrip.inputs import sessions
from scrip.preview import moment


@dataclass(frozen=True, slots=True)
class At:
    """A block (on Solana a slot): its number, its hash as the chain writes it, its UTC second."""

    number: int
    hash: str
    timestamp: int


def record_instant(calendar: str, ex: date) -> int:
    """UTC second at which holders are recorded: the opening of the exchange's session on the ex day.

    Never the market's record date: that is the same day under T+1, and weeks away under due bills. InputError for a
    day without a session.
    """
    return sessions.opening(calendar, ex)


def block_before(look: Callable[[int], At | None], final: At, instant: int, first: int = 0) -> At:
    """The last block with a timestamp before `instant`, UTC seconds; `final` is the newest that cannot change.

    `look` answers for a number, None for a slot without a block. Drift while `final` is before the instant: a later
    block may still be before it. InputError where no block from `first` on is earlier.
    """
    if final.timestamp < instant:
        reason = f"final is block {final.number} of {moment(final.timestamp)}, before the record at {moment(instant)}"
        raise Drift(f"{reason}: wait for a later one")
    low, high, found = first, final.number, None
    while low <= high:
        middle = (low + high) // 2
        block = _at_or_before(look, middle, low)
        if block is None:
            low = middle + 1
        elif block.timestamp < instant:
            found, low = block, middle + 1
        else:
            high = block.number - 1
    if found is None:
        raise InputError(f"is before the chain's block {first}", field="instant", value=moment(instant))
    return found


def _at_or_before(look: Callable[[int], At | None], number: int, first: int) -> At | None:
    """The block of a number, or the last before it that there is, not below `first`."""
    for one in range(number, first - 1, -1):
        if (found := look(one)) is not None:
            return found
    return None
