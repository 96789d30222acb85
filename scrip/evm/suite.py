"""What is deployed on a chain: the suite of contracts, and each stock with its token and its reserve's oracle."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scrip.evm import outside
from scrip.evm.chain import Call, Chain, Contract
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.labels import (
    BALLOT,
    BOOK,
    DISTRIBUTOR,
    ELECTIONS,
    IMPLEMENTATIONS,
    LABELS,
    OFFERS,
    PRICES,
    REGION_EXIT,
    STABLECOIN,
    WIND_UP,
)
from scrip.manifest.model import EvmStock


@dataclass(frozen=True, slots=True)
class Suite:
    """The deployed contracts. `implementations` are the StockToken's three modes, in order; `prices` is the price feed,
    `book` and `distributor` what announces and pays cash dividends,
    `ballot` where holders vote, `elections` where they choose between cash and stock, `offers` where they answer offers
    with units, `wind_up` where stocks end, `region_exit` where countries are left, where the manifest has them."""

    roles: Contract
    timelock: Contract
    registry: Contract
    feed: Contract
    actions: Contract
    implementations: tuple[Contract, ...]
    beacon: Contract
    factory: Contract
    market: Contract
    stablecoin: Contract
    prices: Contract | None = None
    book: Contract | None = None
    distributor: Contract | None = None
    ballot: Contract | None = None
    offers: Contract | None = None
    wind_up: Contract | None = None
    region_exit: Contract | None = None
    elections: Contract | None = None


def suite_of(contracts: Mapping[str, Contract]) -> Suite:
    """The suite from its contracts by label; KeyError names one that is missing."""
    parts = {label: contracts[label] for label in LABELS}
    implementations = tuple(contracts[label] for label in IMPLEMENTATIONS)
    prices, book, distributor = (contracts.get(label) for label in (PRICES, BOOK, DISTRIBUTOR))
    return Suite(
        implementations=implementations,
        stablecoin=contracts[STABLECOIN],
        prices=prices,
        book=book,
        distributor=distributor,
        ballot=contracts.get(BALLOT),
        offers=contracts.get(OFFERS),
        wind_up=contracts.get(WIND_UP),
        region_exit=contracts.get(REGION_EXIT),
        elections=contracts.get(ELECTIONS),
        **parts,
    )


def token_at(ask: Callable[..., Any], factory: Contract, stock: EvmStock) -> str:
    """The address of a stock's token; the zero address where there is none. `ask` is a chain's `call`."""
    for at in _known_by_isin(ask, factory, stock):
        if _is_born_as(stock, *(ask(Contract("StockToken", at), view) for view in ("isin", "series"))):
            return at
    return ZERO_ADDRESS


def _known_by_isin(ask: Callable[..., Any], factory: Contract, stock: EvmStock) -> Iterator[str]:
    """The tokens that the factory knows by the ISIN that the manifest has for a stock, and by that of its birth.

    Either may be another stock's meanwhile, which was born under another ISIN or is another series of it.
    """
    for isin in dict.fromkeys((stock.isin, stock.born)):
        if (at := str(ask(factory, "tokenOf", isin))) != ZERO_ADDRESS:
            yield at


def _is_born_as(stock: EvmStock, isin: str, series: int) -> bool:
    """Whether a token of an ISIN at birth and a series is the stock's, as far as the manifest says how it was born."""
    return series == stock.series and (isin == stock.born or not stock.birth_isin)


def carried(ask: Callable[..., Any], factory: Contract, stock: EvmStock, token: str) -> str:
    """The ISIN under which the factory knows the token at an address: the manifest's or the one that it was born with;
    "another" for neither. `ask` is a chain's `call`."""
    isins = (stock.isin, stock.born)
    return next((isin for isin in isins if ask(factory, "tokenOf", isin) == token), "another")


@dataclass(frozen=True, slots=True)
class Listing:
    """A stock on the chain: its token, the oracle that the feed reads for it, and what names it whatever ISIN it comes
    to carry: the ISIN that it was born with and which stock of that ISIN it is.
    """

    token: Contract
    oracle: Contract
    isin: str
    series: int


def listing_of(chain: Chain, suite: Suite, token: str) -> Listing:
    """The stock at an address; its oracle is at the zero address before its reserve is configured."""
    stock = Contract("StockToken", token)
    asked = [Call(stock, "isin"), Call(stock, "series"), Call(suite.feed, "configuration", (token,))]
    isin, series, configuration = chain.call_many(asked)
    return Listing(stock, Contract(outside.RESERVE_ORACLE, configuration[0]), isin, series)


def find_listing(chain: Chain, suite: Suite, stock: EvmStock) -> Listing | None:
    """The stock whose token `token_at` finds, in as few questions; None where there is none."""
    found = (listing_of(chain, suite, at) for at in _known_by_isin(chain.call, suite.factory, stock))
    return next((one for one in found if _is_born_as(stock, one.isin, one.series)), None)
