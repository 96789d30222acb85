"""Random histories."""

from __future__ import annotations

import random

from custodian.market import DAY
from custodian.terms import Op, Setup

OPS = {
    "wait": 9, "answer": 8, "mint": 5, "buy": 3, "redeem": 3, "sell": 3, "split": 3, "dividend": 4, "strike": 2,
    "cancel": 2, "ceiling": 2, "confirm": 3, "set_basis": 1, "hold_back": 1, "publish": 1,
}  # fmt: skip
"""How often each operation is drawn by itself."""
ROUTINES = (
    "answer mint", "buy wait answer mint", "answer confirm", "wait answer confirm", "redeem ceiling sell answer",
    "redeem answer sell", "split wait answer", "dividend wait answer", "dividend strike wait wait answer",
    "wait answer", "answer ceiling mint", "split dividend", "dividend dividend", "wait wait answer mint",
)  # fmt: skip
"""What desks and oracles do in a row."""
IN_SHARES = (
    "shares wait buy answer mint", "shares wait answer mint wait set_basis", "shares split", "split shares",
    "shares wait buy wait answer set_basis mint", "shares dividend", "wait answer set_basis mint",
)  # fmt: skip
"""The same around a dividend in shares, which is drawn where the stock's surroundings have one."""


def drawn(rng: random.Random, length: int, *, in_shares: bool = False) -> list[Op]:
    """A random history of at least `length` operations, by themselves or in routines; it begins with a mint."""
    ops = [Op("mint", 0, rng.randrange(1_000))]
    while len(ops) < length:
        if in_shares and rng.random() < 0.2:
            ops += [Op(name, *_numbers(rng)) for name in rng.choice(IN_SHARES).split()]
        names = (
            rng.choices(list(OPS), weights=list(OPS.values())) if rng.random() < 0.5 else rng.choice(ROUTINES).split()
        )
        ops += [Op(name, *_numbers(rng)) for name in names]
    return ops


def _numbers(rng: random.Random) -> list[int]:
    return [0 if rng.random() < 0.25 else rng.randrange(1_000) for _ in range(3)]


def setups(rng: random.Random, **fixed: object) -> Setup:
    """A random stock in the surroundings that the law speaks of; `fixed` are settings that are given."""
    drawn_ = {
        "chains": rng.choice((1, 1, 2)),
        "loose": rng.random() < 0.7,
        "margin_bps": rng.choice((0, 50, 100, 200)),
        "whole": rng.random() < 0.5,
        "later": rng.random() < 0.5,
        "delay": rng.choice((0, DAY, 3 * DAY)),
        "overlap": False,
        "notice": rng.choice((10 * DAY, 10 * DAY, DAY)),
    }
    return Setup(**(drawn_ | fixed))  # type: ignore[arg-type]
