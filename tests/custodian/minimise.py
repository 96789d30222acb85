"""Make a history that over-issues as short and as plain as it goes, while it still does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace

from custodian.history import Maker, Play, play
from custodian.terms import Op, Setup

PLAIN = Setup()


def minimise(setup: Setup, ops: Sequence[Op], make: Maker) -> tuple[Setup, list[Op], Play]:
    """The setup and operations with as many defaults and zeros as still over-issue, and how they play."""
    kept = list(ops)

    def bad(tried: Setup, some: Sequence[Op]) -> bool:
        try:
            return bool(play(tried, some, make)[1])
        except AssertionError:
            return False

    kept = _shorter(kept, lambda some: bad(setup, some))
    for name in (one.name for one in fields(Setup) if one.name != "prompt"):
        tried = replace(setup, **{name: getattr(PLAIN, name)})  # type: ignore[arg-type]
        if bad(tried, kept):
            setup = tried
    if setup.margin_bps and bad(tried := replace(setup, margin_bps=0), kept):
        setup = tried
    kept = _plainer(kept, lambda some: bad(setup, some))
    kept = _shorter(kept, lambda some: bad(setup, some))
    return setup, kept, play(setup, kept, make)[0]


def _shorter(ops: list[Op], bad: Callable[[Sequence[Op]], bool]) -> list[Op]:
    """Leave out runs of operations, long ones first."""
    size = max(1, len(ops) // 2)
    while True:
        at = 0
        while at < len(ops):
            tried = ops[:at] + ops[at + size :]
            if bad(tried):
                ops = tried
            else:
                at += size
        if size == 1:
            return ops
        size //= 2


def _plainer(ops: list[Op], bad: Callable[[Sequence[Op]], bool]) -> list[Op]:
    """Make numbers small."""
    for at in range(len(ops)):
        for place in ("a", "b", "c"):
            for value in (0, 1, 2, 3):
                if value >= getattr(ops[at], place):
                    break
                tried = [*ops[:at], ops[at]._replace(**{place: value}), *ops[at + 1 :]]
                if bad(tried):
                    ops = tried
                    break
    return ops
