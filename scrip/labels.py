"""The names that all layers take for granted: who deploys, what a deployment's contracts are called, what a mock is."""

from __future__ import annotations

from collections.abc import Collection

from scrip.errors import InputError

DEPLOYER = "deployer"
"""The account that deploys and wires, and holds nothing afterwards."""
SAFE = "safe"
"""The issuer's multisig, as an account."""
TIMELOCK = "timelock"
"""Whoever holds ADMIN and waits before each change, as an account; on an Ethereum-family chain also its contract."""
MOCK = "mock"
"""What stands in an address's place for a contract that `deploy` creates, for trying things out."""

MODES = ("NORMAL", "STRICT", "HALTED")
"""The modes of an Ethereum-family chain's stocks, by number."""
IMPLEMENTATIONS = tuple(f"implementation-{mode.lower()}" for mode in MODES)
"""Labels of the three implementations, in the order of the modes."""
EXTENSIONS = tuple(f"extension-{mode.lower()}" for mode in MODES)
"""Labels of their second halves."""
LABELS = ("roles", TIMELOCK, "registry", "feed", "actions", "beacon", "factory", "market")
"""Labels of the other contracts of the suite. Stocks are labelled by ticker."""
REGISTRY_EXTENSION = "registry-extension"
"""Label of the registry's second half."""
PRICES = "prices"
"""Label of the price feed, where a manifest has prices."""
STREAM = "stream"
"""What stands in an address's place for a data stream that `deploy` makes a source of prices."""
VERIFIER = "verifier"
"""Label of the mock of a verifier of data streams."""
SEQUENCER = "sequencer"
"""Label of the uptime feed of a layer 2's sequencer."""
BLUEPRINT = "proxy-blueprint"
"""Label of the code that each stock's proxy is made from."""
VAULTS = "vaults"
"""Label of the contract that makes vaults for requests to redeem, where a deployment has any."""
VAULT_BLUEPRINT = "vault-blueprint"
"""Label of the code that each vault's implementation is made from."""
ENTRIES = "entries"
"""Label of the contract that makes vaults into which investors pay, where a deployment has any."""
ENTRY_BLUEPRINT = "entry-blueprint"
"""Label of the code that each such vault's implementation is made from."""
BOOK = "book"
"""Label of the ActionBook, where a deployment pays cash dividends."""
DISTRIBUTOR = "distributor"
"""Label of the DividendDistributor, where a deployment pays cash dividends."""
BALLOT = "ballot"
"""Label of the Ballot, where holders vote at meetings."""
OFFERS = "offers"
"""Label of the OfferEscrow, where holders answer offers with units."""
OFFER_TERMS = "offer-terms"
"""Label of the OfferTerms, which says what an offer comes to."""
WIND_UP = "wind_up"
"""Label of the WindUp, where stocks end."""
REGION_EXIT = "region_exit"
"""Label of the RegionExit, where countries are left."""
ELECTIONS = "elections"
"""Label of Elections, where holders choose between cash and stock."""
STABLECOIN = "stablecoin"
"""Label of the first asset that settles quotes; the others have their symbols'."""


def asset_label(place: int, symbol: str) -> str:
    """The label of the manifest's asset at a place, counted from 0."""
    return f"asset-{symbol}" if place else STABLECOIN


def asset_of(symbols: Collection[str], symbol: str) -> str:
    """The label of a settlement coin by its symbol, of the manifest's in their order; the first where none is named.

    InputError for a symbol that settles nothing.
    """
    if symbol and symbol not in symbols:
        raise InputError(f"settles nothing here ({', '.join(symbols)} do)", field="asset", value=symbol)
    return asset_label([*symbols].index(symbol), symbol) if symbol else STABLECOIN


def vault_label(stock: str, asset: str = STABLECOIN) -> str:
    """The label of the vault that takes requests to redeem a stock for an asset, itself a label."""
    return f"vault-{stock}" if asset == STABLECOIN else f"vault-{stock}-{asset}"


def entry_label(stock: str, asset: str = STABLECOIN) -> str:
    """The label of the vault into which investors pay an asset, itself a label, for a stock."""
    return f"entry-{stock}" if asset == STABLECOIN else f"entry-{stock}-{asset}"


def oracle_label(stock: str) -> str:
    """The label of the oracle of a stock's reserve."""
    return f"oracle-{stock}"


def price_label(stock: str, second: bool = False) -> str:
    """The label of the source of a stock's price, or of the second one."""
    return f"price-{stock}" + ("-second" if second else "")


def peg_label(symbol: str) -> str:
    """The label of the feed that says what a settlement coin is worth in dollars."""
    return f"peg-{symbol}"


def adapter_label(stock: str, decimals: int) -> str:
    """The label of what lenders of a coin with so many decimals read a stock's price from."""
    return f"adapter-{stock}-{decimals}"
