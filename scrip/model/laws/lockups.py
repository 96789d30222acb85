"""Lock-ups of an account: at most four tranches, each an amount that stays where it is while now < until.

A fifth tranche joins the one that ends next after it or, if it ends last, takes the one before it along: of two that
merge the later date counts. Two of one date are one tranche.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

from scrip import parameters
from scrip.model.laws.arithmetic import U128_MAX

MAX_TRANCHES = parameters.MAX_TRANCHES.value


class Tranche(NamedTuple):
    """An amount that stays where it is: `amount` raw units, until the UTC second `until`."""

    until: int
    amount: int


Lockups = tuple[Tranche, ...]
"""The lock-ups of an account, in the order of their dates."""


def running(lockups: Lockups, now: int) -> Lockups:
    """The lock-ups that have not ended."""
    return tuple(tranche for tranche in lockups if now < tranche.until)


def locked(lockups: Lockups, now: int) -> int:
    """Raw units locked now; may exceed the balance."""
    return sum(tranche.amount for tranche in running(lockups, now))


def added(lockups: Lockups, fresh: Tranche, now: int) -> Lockups:
    """The lock-ups with one tranche more; what has ended is dropped."""
    tranches = list(running(lockups, now))
    at = bisect_left(tranches, fresh.until, key=lambda tranche: tranche.until)
    tranches.insert(at, fresh)
    if len(tranches) > MAX_TRANCHES or fresh.until in [tranche.until for tranche in tranches[at + 1 :]]:
        first = min(at, len(tranches) - 2)
        earlier, later = tranches[first : first + 2]
        tranches[first : first + 2] = [Tranche(later.until, min(earlier.amount + later.amount, U128_MAX))]
    return tuple(tranches)


def dug(lockups: Lockups, amount: int, now: int) -> Lockups:
    """The lock-ups without `amount` of what they lock, taken first from what ends first."""
    kept = []
    for tranche in running(lockups, now):
        taken = min(amount, tranche.amount)
        amount -= taken
        if tranche.amount != taken:
            kept.append(Tranche(tranche.until, tranche.amount - taken))
    return tuple(kept)
