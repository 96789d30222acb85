"""The bound on mints, by exhaustion of a small domain.

    PYTHONPATH=.:tests python -m custodian.exhaust [--on WHERE] [--rule NAME=VALUE] [--every N] [--jobs N] [--json FILE]

One split, two dividends that join it or not, at most one cancel, at most one redemption with the sale of what it
frees, and at every instant at which something happens an answer that is fresh, or one as of the instant before, or
none; after each a stranger tries to confirm, and asks for one unit more than there is. All of it is played: every
ratio, every flip of the books, every order. Says how many histories that were and how many over-issued.
"""

from __future__ import annotations

import argparse
import itertools
import json
import pickle
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path

from custodian.attack import maker, setting
from custodian.history import Maker, Play
from custodian.market import DAY, Dividend, Split
from custodian.reference import Rules
from custodian.terms import PRICE, START, UNIT, Op, Overissued, Setup

EFFECT = START + 10 * DAY
INSTANTS = tuple(START + day * DAY for day in (2, 10, 11, 13, 19, 21))
"""Between schedule and flip, the effect, pay and buy, after it, after pay + grace, and after the latest flip."""
ANSWERS = ("none", "fresh", "before")


@dataclass(frozen=True)
class Case:
    """One of the domain's cases; `order` names what is scheduled, first to last."""

    order: tuple[str, ...]
    ratio: Fraction
    flip: int
    cancelled: str
    redeemed_at: int | None
    spare: Fraction
    whole: bool
    later: bool


RATIOS = (Fraction(2), Fraction(1, 2), Fraction(102, 100))
FLIPS = (1, 9, 10, 20)
"""Days on which the books follow the split."""
SPARES = (Fraction(0), Fraction(1))
"""How much more is held than is owed, as a part of that."""


def cases() -> Iterator[Case]:
    """All of them."""
    orders = [tuple(one) for size in (1, 2, 3) for one in itertools.permutations(("split", "first", "second"), size)]
    # A dividend alone is the first one: what differs between the two is their size and when they buy.
    for order, ratio, flip, redeemed_at, spare, whole, later in itertools.product(
        orders, RATIOS, FLIPS, (None, 0, 1, 3), SPARES, (True, False), (True, False)
    ):
        if "split" not in order and (ratio, flip) != (RATIOS[0], FLIPS[0]):
            continue
        if len([one for one in order if one != "split"]) < 2 and later:
            continue
        for cancelled in ("", *order):
            yield Case(order, ratio, flip, cancelled, redeemed_at, spare, whole, later)


def begin(case: Case, make: Maker) -> Play:
    """A stock with the case's schedule, of which one part may be cancelled again before the books show it."""
    setup = Setup(margin_bps=0, whole=case.whole, later=case.later, delay=0)
    played = Play(setup, make)
    units = int(played.market.true / (1 + case.spare) * UNIT)
    assert not played.chains[0].mint(units)
    played.market.claims[0].raw += Fraction(units, UNIT)
    what = {
        "split": Split("split", case.ratio, EFFECT, EFFECT, START + case.flip * DAY),
        "first": Dividend("first", PRICE // 4, PRICE, EFFECT, EFFECT, EFFECT + DAY, EFFECT + DAY, EFFECT + 3 * DAY),
        "second": Dividend("second", PRICE // 5, PRICE, EFFECT, EFFECT, EFFECT, EFFECT, EFFECT),
    }
    for name in case.order:
        played._announce(what[name], strike=True)
    played.look()
    if case.cancelled:
        number = next(at for at, one in enumerate(played.open) if one.reference == case.cancelled)
        played.step(Op("cancel", number))
    return played


def go_on(played: Play, case: Case, at: int, answer: str) -> None:
    """From one instant to the next, with one of the kinds of answer; Overissued where a chain gives too much."""
    before = played.now
    played._advance(INSTANTS[at])
    played.look()
    if answer != "none":
        played._answer(played.now if answer == "fresh" else max(before, played.content), Fraction(0))
    played.look()
    played.step(Op("confirm"))
    if case.redeemed_at == at:
        played.step(Op("redeem"))
        played.step(Op("sell"))


def frozen(played: Play) -> bytes:
    """All that may matter to what comes: every chain, the custodian and the desk, without what was told and counted."""
    played.told.clear()
    played.counts.clear()
    return pickle.dumps(played)


def exhaust(make: Maker, found: Sequence[Case]) -> tuple[int, list[tuple[Case, str]]]:
    """How many histories there are in some cases, and those that over-issue; one counts where it does.

    Histories that have come to the same state are played on as one, and counted as many as they are.
    """
    histories, bad = 0, []
    for case in found:
        try:
            states = {frozen(begin(case, make)): 1}
        except Overissued as why:
            histories += 1
            bad.append((case, str(why)))
            continue
        for at in range(len(INSTANTS)):
            following: Counter[bytes] = Counter()
            for state, ways in states.items():
                for answer in ANSWERS:
                    played = pickle.loads(state)
                    try:
                        go_on(played, case, at, answer)
                    except Overissued as why:
                        histories += ways
                        bad.append((case, str(why)))
                    else:
                        following[frozen(played)] += ways
            states = following
        histories += sum(states.values())
    return histories, bad


def _part(on: str, rules: Rules, domain: Sequence[Case]) -> tuple[int, list[tuple[Case, str]]]:
    """What one process plays."""
    return exhaust(maker(on, rules), domain)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--on", default="reference", choices=("reference", "model"))
    parser.add_argument("--rule", nargs="*", default=[], help="of the reference, NAME=VALUE")
    parser.add_argument("--every", type=int, default=1, help="play one case of so many")
    parser.add_argument("--jobs", type=int, default=2, help="processes that share the cases")
    parser.add_argument("--json", type=Path)
    said = parser.parse_args()
    domain = list(cases())
    rules = Rules(**dict(setting(word) for word in said.rule))  # type: ignore[arg-type]
    started = time.monotonic()
    played = domain[:: said.every]
    shares = [played[place :: said.jobs] for place in range(said.jobs)]
    with ProcessPoolExecutor(said.jobs) as pool:
        found = list(pool.map(partial(_part, said.on, rules), shares))
    histories, bad = sum(one for one, _ in found), [fault for _, some in found for fault in some]
    figures = {
        "cases": len(played),
        "of": len(domain),
        "histories": histories,
        "overissued": len(bad),
        "seconds": round(time.monotonic() - started),
    }
    print(f"{said.on}: {figures}")
    for case, told in bad[:3]:
        print(case, told, sep="\n   ")
    if said.json:
        said.json.write_text(json.dumps(figures) + "\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
