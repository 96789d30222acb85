"""Derive each stock's events from the raw and the adjusted closes: `python -m scrip.replay.derive` rewrites the files.

The ratio adjusted ÷ raw moves only on ex dates. By factor f from one day to the next: a round f is a split, else the
dividend is D = (f − 1) × the ex date's close, which comes out at whole cents.
"""

from __future__ import annotations

import sys
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from scrip.errors import ScripError
from scrip.parameters import BPS, MAX_DIVIDEND_STEP
from scrip.replay.events import COLUMNS, EVENTS, Event
from scrip.replay.prices import MEMBER, SOURCE, Day, load_history
from scrip.replay.stocks import KNOWN

MOVED = Fraction(1, 10**6)
"""The least move of the ratio that is an event: a smaller one is the last printed digit of the adjusted close."""
ROUND = Fraction(1, 10**9)
"""How near a split's factor is to a fraction of small numbers."""
LARGEST_TERM = 20
LARGEST_DIVIDEND = Fraction(MAX_DIVIDEND_STEP.value, BPS)
"""The largest dividend, as a part of the price. A greater factor that is round is a split."""
CENTS = Fraction(1, 10**4)
"""How near, in dollars, a dividend is to whole cents."""


def _ratio(day: Day) -> Fraction:
    return Fraction(day.adjusted) / Fraction(day.close)


def _event(day: Day, factor: Fraction) -> Event:
    terms = factor.limit_denominator(LARGEST_TERM)
    if abs(factor - 1) > LARGEST_DIVIDEND / (1 + LARGEST_DIVIDEND) and abs(factor / terms - 1) < ROUND:
        return Event("SPLF" if terms > 1 else "SPLR", day.day, day.close, num=terms.numerator, den=terms.denominator)
    dividend = (factor - 1) * Fraction(day.close)
    cents = round(dividend * 100)
    if cents <= 0 or abs(dividend - Fraction(cents, 100)) >= CENTS:
        raise ScripError(f"{day.day}: {float(dividend)} dollars is neither a split nor a dividend in whole cents")
    return Event("DRIP", day.day, day.close, gross=Decimal(cents).scaleb(-2))


def derive(ticker: str) -> tuple[Event, ...]:
    """The events of a known ticker, in order."""
    days = load_history(ticker).days
    moves = ((today, _ratio(today) / _ratio(before)) for before, today in pairwise(days))
    return tuple(_event(day, factor) for day, factor in moves if abs(factor - 1) > MOVED)


def render(ticker: str) -> str:
    """The whole text of a ticker's file."""
    history = load_history(ticker)
    span = f"{history.first.day} to {history.last.day}"
    lines = [
        f"# Corporate actions of {KNOWN[ticker].name} ({ticker}), {span}. Dollars per share; close is of the ex date.",
        f"# Source: {SOURCE} ({MEMBER}). Written by: python -m scrip.replay.derive",
        ",".join(COLUMNS),
    ]
    for event in derive(ticker):
        terms = f"{event.num},{event.den}," if event.is_split else f",,{event.gross:.2f}"
        lines.append(f"{event.code},{event.ex},{terms},{event.close}")
    return "\n".join(lines) + "\n"


def write(folder: Path = EVENTS) -> list[Path]:
    """Write every ticker's file into `folder`; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for ticker in KNOWN:
        path = folder / f"{ticker}.csv"
        path.write_text(render(ticker), encoding="utf-8", newline="\n")
        paths.append(path)
    return paths


if __name__ == "__main__":
    for written in write():
        sys.stdout.write(f"{written}\n")
