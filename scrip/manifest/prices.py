"""What a manifest says of prices: of which sources a stock's is made, and what tells that a chain is up."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from scrip.instructions.calendar import Hours
from scrip.instructions.feeds import PriceBasis
from scrip.manifest.fields import Seconds
from scrip.manifest.part import Part
from scrip.parameters import MAX_PRICE_DECIMALS, PEG_BAND, PRICE_BAND, PRICE_DEVIATION, TRADE_BAND

Statuses = Literal["open", "extended"]
"""In which market statuses a report of a data stream counts."""


class Stream(Part):
    """One of Chainlink's data streams, of schema v8, v10 or v11. `verifier` is Chainlink's VerifierProxy: an address,
    or "mock" where the network is not public.

    `feed_id` is the stream's, 32 bytes as 0x and hex. A report counts while the market is `open`; or `extended`, which
    is of v11 of US equities alone: before, after and overnight, too. `decimals` are those of its prices.
    """

    verifier: Annotated[str, Field(min_length=1)]
    feed_id: Annotated[str, Field(pattern="^0x[0-9a-f]{64}$")]
    statuses: Statuses = "open"
    decimals: Annotated[int, Field(ge=0, le=MAX_PRICE_DECIMALS.value)] = MAX_PRICE_DECIMALS.value


class Price(Part):
    """What a stock's raw units are worth, and how that is judged. `source` and `second` are AggregatorV3 that answer in
    dollars: an address, or "mock" where the network is not public; `source` also "stream", which is then `stream`.

    `basis` says whether a source's answer is of a share or of raw units, the multiplier in it. `max_age` is the oldest
    answer while the exchange trades; `band_bps` how far a price around a split or a dividend may be from the one
    before, `deviation_bps` how far the two sources may be apart. `hours` are the exchange's own, 24/5 or 24/7.
    `trade_band_bps` is how far the market's quotes may be from the price, and has them wait for the exchange's hours; 0
    bounds nothing. `adapters` are decimals of coins that are lent against the stock: each has a contract in the shapes
    that lenders read.
    """

    source: Annotated[str, Field(min_length=1)]
    basis: PriceBasis
    hours: Hours = "exchange"
    max_age: Seconds
    band_bps: Annotated[int, Field(ge=PRICE_BAND.floor, le=PRICE_BAND.ceiling)]
    second: str = ""
    second_basis: PriceBasis = "share"
    deviation_bps: Annotated[int, Field(ge=PRICE_DEVIATION.floor, le=PRICE_DEVIATION.ceiling)] = 0
    trade_band_bps: Annotated[int, Field(ge=0, le=TRADE_BAND.ceiling)] = 0
    stream: Stream | None = None
    adapters: tuple[Annotated[int, Field(ge=0, le=MAX_PRICE_DECIMALS.value)], ...] = ()


class Peg(Part):
    """What guards a settlement coin: quotes in it are taken while it is worth a dollar, give or take.

    `feed` is an AggregatorV3 of one coin in dollars: an address, or "mock" where the network is not public. `band_bps`
    is how far its answer may be from a dollar, `max_age` how long an answer is good.
    """

    feed: Annotated[str, Field(min_length=1)]
    band_bps: Annotated[int, Field(ge=1, le=PEG_BAND.ceiling)]
    max_age: Seconds


class Sequencer(Part):
    """The uptime feed of a layer 2's sequencer: an address, or "mock" where the network is not public.

    Nothing is priced while it is down, and for the `grace` after its return.
    """

    feed: Annotated[str, Field(min_length=1)]
    grace: Seconds
