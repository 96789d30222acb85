"""What the law costs: fresh, truly covered mints that it refuses around a split.

    PYTHONPATH=.:tests python -m custodian.refusals

Each day from a split's schedule, 10 days before its effect, to 10 days after it there is a fresh answer, a stranger
tries to confirm the basis, and some part of what is truly there and not owed is asked for. The books flip on any of
those days. Said for a blind source and for an attested one, by what the custodian holds beyond what is owed.
"""

from __future__ import annotations

import random
import sys
from fractions import Fraction

from custodian import on_reference
from custodian.history import Maker, Play
from custodian.terms import UNIT, Op, Setup

RATIOS = {"forward": (0, 1, 6), "reverse": (2, 5), "small": (3, 4)}
"""Of `terms.RATIOS`, by their places."""


def refused(make: Maker, *, attested: bool, ratio: int, flip: int, spare: int, size: Fraction) -> tuple[int, int]:
    """Mints refused, and asked for, around one split. `flip` is in half days from the schedule; `spare` are shares that
    the custodian holds all the time beyond what is owed, in percent of it."""
    played = Play(Setup(attested=attested, margin_bps=0), make, probe=False)
    # The wanted flip, among those that a split's three numbers can say.
    number = next(c for c in range(1, 1_000) if c % 5 and c % 3 == 0 and c % 41 == flip)
    played.run([Op("mint"), Op("split", ratio, 0, number)])
    played.market.buy(played.market.true * Fraction(spare, 100), played.now)
    asked = count = 0
    for _ in range(20):
        played.run([Op("wait", 0), Op("answer"), Op("confirm")])
        units = int(played.market.room(0) * UNIT * size)
        asked += 1
        # What is given is redeemed again, so that every day asks the same.
        refused_now = bool(played.chains[0].mint(units))
        count += refused_now
        assert refused_now or not played.chains[0].redeem(units)
    return count, asked


def main() -> int:
    make = on_reference.makes()
    rng = random.Random("refusals")
    for name, ratios in RATIOS.items():
        for attested, spare in ((False, 10), (False, 50), (False, 100), (False, 300), (True, 10), (True, 300)):
            total = [0, 0]
            for _ in range(100):
                one = refused(make, attested=attested, ratio=rng.choice(ratios), flip=rng.randrange(41), spare=spare,
                              size=Fraction(rng.randrange(1, 101), 100))  # fmt: skip
                total = [a + b for a, b in zip(total, one, strict=True)]
            source = f"{'attested' if attested else 'blind'}, {spare} % spare"
            print(f"{name:<8} split, {source:<20}: {total[0]} of {total[1]} refused, {100 * total[0] / total[1]:.0f} %")
    return 0


if __name__ == "__main__":
    sys.exit(main())
