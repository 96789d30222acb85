"""Daily prices as the public data package prints them: no float comes near them."""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from itertools import pairwise

from scrip.errors import ScripError
from scrip.replay.stocks import find

PACKAGE = "bokeh_sampledata"
VERSION = "2026.1"
SOURCE = f"{PACKAGE}=={VERSION}"
MEMBER = "_data/stocks.csv.gz"


@dataclass(frozen=True, slots=True)
class Day:
    """One trading day. `close` is the raw close in dollars as traded; `adjusted` the package's total-return close."""

    day: date
    close: Decimal
    adjusted: Decimal


@dataclass(frozen=True, slots=True)
class History:
    """A stock's trading days in order, at least one."""

    ticker: str
    days: tuple[Day, ...]

    @property
    def first(self) -> Day:
        """The first trading day: every curve is normalised to its close."""
        return self.days[0]

    @property
    def last(self) -> Day:
        """The last trading day."""
        return self.days[-1]


@cache
def _rows() -> tuple[dict[str, str], ...]:
    try:
        installed = version(PACKAGE)
    except PackageNotFoundError:
        raise ScripError(f"{SOURCE} is not installed") from None
    if installed != VERSION:
        raise ScripError(f"needs {SOURCE} but {installed} is installed: other versions hold other prices")
    with files(PACKAGE).joinpath(MEMBER).open("rb") as packed, gzip.open(packed, "rt", newline="") as text:
        return tuple(csv.DictReader(text))


def load_history(ticker: str) -> History:
    """The prices of a known ticker; InputError for an unknown one, ScripError when the pinned package is not there."""
    find(ticker)
    days = tuple(
        Day(date.fromisoformat(row["Date"]), Decimal(row["Close"]), Decimal(row["Adj Close"]))
        for row in _rows()
        if row["Ticker"] == ticker
    )
    if not days or any(a.day >= b.day for a, b in pairwise(days)):
        raise ScripError(f"{SOURCE} has no ordered prices of {ticker}")
    return History(ticker, days)
