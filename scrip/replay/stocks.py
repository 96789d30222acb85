"""The stocks whose history is at hand."""

from __future__ import annotations

from dataclasses import dataclass

from scrip.errors import InputError


@dataclass(frozen=True, slots=True)
class Stock:
    """A listed share. `isin` is the one it bore in the years of the data."""

    ticker: str
    name: str
    isin: str


KNOWN: dict[str, Stock] = {
    stock.ticker: stock
    for stock in (
        Stock("MSFT", "Microsoft Corporation", "US5949181045"),
        Stock("IBM", "International Business Machines", "US4592001014"),
        Stock("AAPL", "Apple Inc.", "US0378331005"),
        Stock("GOOG", "Google Inc.", "US38259P5089"),
        Stock("FB", "Facebook, Inc.", "US30303M1027"),
    )
}


def find(ticker: str) -> Stock:
    """The stock of a ticker, in capitals; InputError that lists the known ones."""
    try:
        return KNOWN[ticker]
    except KeyError:
        message = f"has no history here; known tickers are {', '.join(KNOWN)}"
        raise InputError(message, field="stock", value=ticker) from None
