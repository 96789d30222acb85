"""Bounds of offers that holders answer with escrowed units, which scrip.parameters hands on with all others."""

from __future__ import annotations

from scrip.bounds import DAY, Fixed

__all__ = ["MAX_OFFERED", "MAX_SETTLED", "OFFER_GRACE"]

OFFER_GRACE = Fixed(
    name="offer_grace",
    unit="seconds",
    what="how long after pay an offer may still be funded; from then on it has lapsed, and gives everything back",
    value=10 * DAY,
    read_in=("OfferEscrow", "scrip.model"),
)
MAX_SETTLED = Fixed(
    name="max_settled",
    unit="count",
    what="positions of an offer in one transaction that settles them",
    value=200,
    read_in=("OfferEscrow", "scrip.flows", "scrip.instructions"),
)
MAX_OFFERED = Fixed(
    name="max_offered",
    unit="raw units",
    what="all first choices of an offer together, and all second ones; the most that it takes",
    value=2**95 - 1,
    read_in=("OfferEscrow", "OfferTerms", "scrip.model"),
)
