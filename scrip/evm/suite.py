"""What is deployed on a chain: the suite of contracts, and each stock with its token and its reserve's oracle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scrip.evm import outside
from scrip.evm.chain import Call, Chain, Contract
from scrip.labels import IMPLEMENTATIONS, LABELS, PRICES, STABLECOIN


@dataclass(frozen=True, slots=True)
class Suite:
    """The deployed contracts. `implementations` are the StockToken's three modes, in order; `prices` is the price feed,
    where the manifest has one."""

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


def suite_of(contracts: Mapping[str, Contract]) -> Suite:
    """The suite from its contracts by label; KeyError names one that is missing."""
    parts = {label: contracts[label] for label in LABELS}
    implementations = tuple(contracts[label] for label in IMPLEMENTATIONS)
    return Suite(
        implementations=implementations, stablecoin=contracts[STABLECOIN], prices=contracts.get(PRICES), **parts
    )


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
