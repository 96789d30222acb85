"""How far a token would be from the reference had every dividend been struck before the open of its ex date.

The replay strikes the ex date's close, at which the reference reinvests. An issuer that names its price before the open
takes the theoretical ex price, the last close less the gross dividend: what the share moves that day stays as a
difference. Computed with the model's arithmetic, from which the replay finds no ledger to differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from scrip.model.laws import arithmetic as law
from scrip.replay.timeline import Timeline
from scrip.units import WAD, Wad, as_fraction


def deviation(timeline: Timeline) -> float:
    """The greatest relative deviation of close × multiplier from the reference over the trading days."""
    closes = (Fraction(day.close) for day in timeline.days)
    return max(
        float(abs(close * multiplier / timeline.reference_value(index) - 1))
        for index, (close, multiplier) in enumerate(zip(closes, multipliers(timeline), strict=True))
    )


def multipliers(timeline: Timeline) -> Iterator[Fraction]:
    """The multiplier of each trading day at its close: all that goes ex on a day is in it from the open on."""
    index, num, den = Wad(WAD), 1, 1
    cum = Fraction(timeline.days[0].close)
    for day in timeline.days:
        today = [action.event for action in timeline.actions if action.event.ex == day.day]
        for event in sorted(today, key=lambda one: not one.is_split):
            if event.is_split:
                num, den = law.next_split(num, den, event.num, event.den)
                cum = cum * event.den / event.num
            else:
                gross = Wad(int(Fraction(event.gross) * WAD))
                index = law.next_index(index, law.theoretical_ex_price(Wad(int(cum * WAD)), gross), gross)
        yield as_fraction(law.ui_multiplier(index, num, den))
        cum = Fraction(day.close)
