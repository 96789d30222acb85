"""What a price that is named before the open costs in accuracy, against figures that others measured."""

from fractions import Fraction
from itertools import pairwise

import pytest

from scrip.replay import theoretical
from scrip.replay.events import load_events
from scrip.replay.prices import load_history
from scrip.replay.timeline import Timeline, build


def timeline(ticker: str) -> Timeline:
    return build(ticker, load_history(ticker), load_events(ticker))


@pytest.mark.parametrize(("ticker", "worst"), [("MSFT", 2.3e-3), ("IBM", 3.3e-4), ("AAPL", 1.6e-4)])
def test_the_worst_day_of_a_stock_that_pays(ticker: str, worst: float) -> None:
    """As auditors measured it, to two digits."""
    assert theoretical.deviation(timeline(ticker)) == pytest.approx(worst, rel=0.03)


@pytest.mark.parametrize("ticker", ["GOOG", "FB"])
def test_a_stock_that_pays_nothing_has_no_price_to_name(ticker: str) -> None:
    assert theoretical.deviation(timeline(ticker)) < 1e-15


def test_the_special_dividend_of_2004() -> None:
    """$3.08 on a last close of $29.97: struck at $26.89, the multiplier rises by 29.97/26.89 at the open."""
    story = timeline("MSFT")
    place = next(i for i, day in enumerate(story.days) if day.day.isoformat() == "2004-11-15")
    assert float(story.days[place - 1].close) == pytest.approx(29.97)
    rises = [after / before for before, after in pairwise(theoretical.multipliers(story))]
    assert float(rises[place - 1]) == pytest.approx(float(Fraction(2997, 2689)), abs=1e-15)
