"""The price feed as parts of a plan: the contract, what it judges each stock's price by, and what lenders read.

It stands where a manifest has prices. Its parts come after all others, so that a suite without one has the addresses
that it always had.
"""

from __future__ import annotations

from collections.abc import Iterator

from scrip import instructions as ins
from scrip.evm import mocks
from scrip.evm.deploy.design import Look, Part, call, deployment
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.encoding.reports import MARKET_STATUSES
from scrip.evm.handlers import transaction
from scrip.evm.handlers.calendar import PRICE_FEED
from scrip.evm.handlers.feeds import DATA_STREAM, MOCK_DECIMALS, PRICE_ADAPTER
from scrip.evm.handlers.table import Facts
from scrip.labels import DEPLOYER, MOCK, PRICES, SEQUENCER, VERIFIER, adapter_label, price_label
from scrip.manifest.model import EvmManifest
from scrip.manifest.prices import Price, Stream
from scrip.model.laws import sessions
from scrip.plan import Address, Change


def prices(manifest: EvmManifest, look: Look, facts: Facts, admin: str) -> Iterator[Part]:
    """The parts that lead to the manifest's prices; none where it has none."""
    priced = {ticker: stock.price for ticker, stock in manifest.stocks.items() if stock.price is not None}
    if not priced:
        return
    yield deployment(PRICES, PRICE_FEED, *(Address(label) for label in ("roles", "registry", "actions")))
    yield from _sequencer(manifest, facts, admin)
    for ticker, wanted in priced.items():
        yield from price(manifest, ticker, wanted, look, facts, admin)


def order_of(manifest: EvmManifest, ticker: str, wanted: Price, by: str) -> ins.ConfigurePrice:
    """The order that sets what a manifest says of a stock's price."""
    return ins.ConfigurePrice(
        ticker,
        source_name(ticker, wanted.source),
        wanted.basis,
        manifest.calendar_of(ticker),
        wanted.hours,
        wanted.max_age,
        wanted.band_bps,
        source_name(ticker, wanted.second, second=True),
        wanted.second_basis,
        wanted.deviation_bps,
        by=by,
    )


def source_name(ticker: str, at: str, second: bool = False) -> str:
    """What a source is called: its label; "" for none."""
    return price_label(ticker, second) if at else ""


def price(manifest: EvmManifest, ticker: str, wanted: Price, look: Look, facts: Facts, admin: str) -> Iterator[Part]:
    """The parts that set a stock's price: PAUSER where bounds only become tighter, else who administers."""
    for second, at in enumerate((wanted.source, wanted.second)):
        if at == MOCK:
            yield deployment(price_label(ticker, bool(second)), mocks.PRICE_SOURCE, MOCK_DECIMALS)
    if wanted.stream is not None:
        yield from _stream(ticker, wanted.stream, wanted.basis == "raw")
    order = order_of(manifest, ticker, wanted, admin)
    yield _terms(order, look, facts, manifest.role_holders("PAUSER"))
    # An adapter's constructor asks whether the feed knows the stock: it waits for the timelock.
    if admin == DEPLOYER or _found(look, ticker):
        for decimals in wanted.adapters:
            yield deployment(adapter_label(ticker, decimals), PRICE_ADAPTER, Address(PRICES), Address(ticker), decimals)


def _stream(ticker: str, wanted: Stream, raw: bool) -> Iterator[Part]:
    verifier: Address | str = wanted.verifier.lower()
    if wanted.verifier == MOCK:
        yield deployment(VERIFIER, mocks.VERIFIER)
        verifier = Address(VERIFIER)
    told = (bytes.fromhex(wanted.feed_id[2:]), MARKET_STATUSES[wanted.statuses], raw, wanted.decimals)
    yield deployment(price_label(ticker), DATA_STREAM, verifier, *told)


def _terms(order: ins.ConfigurePrice, look: Look, facts: Facts, pausers: tuple[str, ...]) -> Part:
    bounds = (order.max_age, order.band_bps, order.deviation_bps)
    found = _found(look, order.stock)
    one: ins.ConfigurePrice | ins.TightenPrice = order
    same = found is not None and found[:-3] == _wanted(look, order)[:-3]
    if same and order.by != DEPLOYER and pausers and _tighter(bounds, found):
        one = ins.TightenPrice(order.stock, *bounds, by=pausers[0])
    title = f"{order.stock}'s price: {told(order)}"
    step = call(f"price-{order.stock}-{'-'.join(map(str, bounds))}", title, transaction(one, facts), one)
    return Part(
        step,
        lambda look: _found(look, order.stock) == _wanted(look, order),
        lambda look: Change(f"{order.stock}'s price", "other" if _found(look, order.stock) else "none", told(order)),
    )


def _tighter(bounds: tuple[int, ...], found: tuple[object, ...] | None) -> bool:
    """Whether no bound is looser than those found."""
    return all(new <= old for new, old in zip(bounds, (found or ())[-3:], strict=True))  # type: ignore[operator]


def _found(look: Look, ticker: str) -> tuple[object, ...] | None:
    """The terms of a stock but for its sources' decimals; None where there are none."""
    found = look.ask(PRICES, "termsOf", Address(ticker))
    if not isinstance(found, tuple) or found[0] == ZERO_ADDRESS:
        return None
    return (found[0], found[2], found[3], *found[5:])


def _wanted(look: Look, order: ins.ConfigurePrice) -> tuple[object, ...]:
    source, second = (look.address(name) if name else ZERO_ADDRESS for name in (order.source, order.second))
    raws = (order.basis == "raw", order.second_basis == "raw")
    calendar = sessions.number_of(order.calendar, order.hours)
    return (source, raws[0], second, raws[1], calendar, order.max_age, order.band_bps, order.deviation_bps)


def told(order: ins.ConfigurePrice) -> str:
    """The terms of a price for people."""
    text = f"{order.source} of {order.basis}, at most {order.max_age} s old, band {order.band_bps} bps"
    if order.second:
        text += f", {order.second} of {order.second_basis} within {order.deviation_bps} bps"
    return f"{text}, {sessions.name_of(sessions.number_of(order.calendar, order.hours))}"


def _sequencer(manifest: EvmManifest, facts: Facts, admin: str) -> Iterator[Part]:
    """The parts that name the uptime feed; one that the manifest does not name is taken out."""
    wanted = manifest.sequencer
    if wanted is not None and wanted.feed == MOCK:
        yield deployment(SEQUENCER, mocks.PRICE_SOURCE, 0)
    order = ins.SetSequencer(SEQUENCER if wanted else "", wanted.grace if wanted else 0, by=admin)
    name = f"{order.sequencer or 'none'}-{order.grace}"
    title = f"the sequencer's uptime feed: {wanted.feed}, grace {wanted.grace} s" if wanted else "no uptime feed"

    def expected(look: Look) -> tuple[str, int]:
        return (look.address(SEQUENCER) if wanted else ZERO_ADDRESS), order.grace

    def stands(look: Look) -> bool:
        found = look.ask(PRICES, "sequencer")
        # It is born without one.
        return found == expected(look) or (found is None and wanted is None)

    def change(look: Look) -> Change:
        found = look.ask(PRICES, "sequencer")
        before = f"{found[0]}, grace {found[1]} s" if isinstance(found, tuple) and found[0] != ZERO_ADDRESS else "none"
        return Change("uptime feed", before, title.partition(": ")[2] or "none")

    yield Part(call(f"sequencer-{name}", title, transaction(order, facts), order), stands, change)
