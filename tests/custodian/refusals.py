"""What the law costs: fresh, truly covered mints that it refuses around a split, ``python tests/custodian/refusals.py``.

Each day from a split's schedule, 10 days before its effect, to 10 days after it the desk buys shares, a fresh answer
counts them, a stranger tries to confirm the basis, and as many tokens are asked for. The books flip on any of those
days. Said for a blind source and for an attested one, and by what the custodian holds beyond what is owed.
"""

from __future__ import annotations

import random
import sys
from fractions import Fraction
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parents[2])]

from custodian import on_reference
from custodian.history import UNIT, Maker, Op, Play, Setup
from custodian.market import DAY

RATIOS = {"forward": (0, 1, 6), "reverse": (2, 5), "small": (3, 4)}
"""Of `history.RATIOS`, by their places."""


def refused(make: Maker, *, attested: bool, ratio: int, flip: int, spare: int) -> tuple[int, int]:
    """Mints refused, and asked for, around one split. `flip` is in half days from the schedule; `spare` are shares that
    the custodian holds all the time beyond what is owed, in percent of it."""
    played = Play(Setup(attested=attested, margin_bps=0), make, probe=False)
    # The wanted flip, among those that a split's three numbers can say.
    number = next(c for c in range(1, 1_000) if c % 5 and c % 3 == 0 and c % 41 == flip)
    played.run([Op("mint"), Op("split", ratio, 0, number)])
    played.market.buy(played.market.true * Fraction(spare, 100), played.now)
    asked = count = 0
    for _ in range(20):
        played.run([Op("wait", 0)])
        bought = Fraction(10)
        played.market.buy(bought, played.now)
        played.run([Op("answer"), Op("confirm")])
        units = int(bought * UNIT)
        asked += 1
        if played.chains[0].mint(units):
            count += 1
        else:
            played.market.claims[0].raw += Fraction(units, UNIT)
    return count, asked


def main() -> int:
    make = on_reference.makes()
    rng = random.Random("refusals")
    for name, ratios in RATIOS.items():
        for attested, spare in ((False, 0), (False, 50), (False, 100), (False, 300), (True, 0), (True, 300)):
            total = [0, 0]
            for _ in range(100):
                one = refused(make, attested=attested, ratio=rng.choice(ratios), flip=rng.randrange(41), spare=spare)
                total = [a + b for a, b in zip(total, one, strict=True)]
            source = f"{'attested' if attested else 'blind'}, {spare} % spare"
            print(f"{name:<8} split, {source:<20}: {total[0]} of {total[1]} refused, {100 * total[0] / total[1]:.0f} %")
    return 0


if __name__ == "__main__":
    sys.exit(main())
