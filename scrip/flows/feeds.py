"""The price of a stock at work: looked at, checked, agreed, and stopped.

Where a price comes from and how it is judged is the manifest's to say, and the timelock's to set: `deploy settings`
does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scrip import instructions as ins
from scrip.chains.evm import EvmNetwork, evm_only
from scrip.chains.network import Network
from scrip.errors import InputError, Refusal
from scrip.evm.chain import Contract
from scrip.evm.deploy.design import call
from scrip.evm.encoding.reports import MARKET_STATUSES, read_payload
from scrip.evm.encoding.values import Transaction
from scrip.evm.handlers.feeds import DATA_STREAM, read_feed, read_strict
from scrip.flows import calendar
from scrip.inputs.reading.text import text_of_file
from scrip.instructions.subjects import subjects_of
from scrip.labels import PRICES, price_label
from scrip.model.state.prices import STATUSES, TOO_OLD, PriceFeed
from scrip.plan import Plan
from scrip.plan.draft import Draft
from scrip.preview import moment, priced
from scrip.reports.findings import Finding
from scrip.units import Wad, format_wad

MAX_REPORT = 20_000
"""Bytes of a file with a signed report: as many as DataStream takes, in hex."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A stock's price now. `status` is what a poke would find, `live` the price that it would, 0 for none.

    `refusal` is why nobody may trade at the kept price, "" where one may; `trades` whether the exchange does now.
    """

    stock: str
    feed: PriceFeed
    status: str
    live: int
    live_as_of: int
    held: int
    held_as_of: int
    refusal: str
    trades: bool
    now: int

    @property
    def facts(self) -> dict[str, str]:
        """Each fact by its name, prices in dollars."""
        feed = self.feed
        found = {
            "to trade at": self.refusal or f"{_dollars(feed.price)}, good until {moment(feed.until)}",
            "for lenders": f"{_dollars(self.held)}, {self._age(self.held_as_of)}" if self.held else "none",
            "sources": f"{_dollars(self.live)}, {self._age(self.live_as_of)}" if self.live else self.status,
            "exchange": "trades" if self.trades else "is closed",
        }
        if self.live and self.status != "good":
            found["sources"] += f", {self.status}"
        if feed.window:
            found["window"] = f"open since {moment(feed.since)}: no answer since was agreed"
        if feed.terms is not None:
            found["judged by"] = priced(feed.terms)
        return found

    def lines(self) -> Iterator[str]:
        """For people."""
        for name, fact in self.facts.items():
            yield f"{self.stock} {name}: {fact}"

    def _age(self, as_of: int) -> str:
        return f"as of {moment(as_of)}, {self.now - as_of} s ago"


def show(network: Network, tickers: Sequence[str] = ()) -> list[Shown]:
    """The prices of stocks, those of the manifest that have one where none are named."""
    evm, feed = _opened(network)
    ledger = evm.ledger()
    return [_shown(evm, feed, ledger.token(ticker), ticker) for ticker in _chosen(evm, tickers)]


def check(network: Network, tickers: Sequence[str] = ()) -> list[Finding]:
    """What keeps anyone from trading at a price now, and calendars whose sessions end within 60 days."""
    found = []
    for one in show(network, tickers):
        field = f"feeds.{one.stock}"
        if one.status != "good":
            found.append(Finding(f"{field}.sources", "a price", one.status))
        if one.refusal:
            found.append(Finding(f"{field}.price", "one to trade at", one.refusal))
    for loaded in calendar.loaded(network):
        if loaded.ends_soon:
            found.append(Finding(f"calendar.{loaded.calendar}", "sessions of the 60 days to come", loaded.told))
    return found


def poke(network: Network, tickers: Sequence[str], sender: str, reference: str = "") -> Plan:
    """Have the feed ask the sources of stocks and keep what they agree on. Anyone may; `sender` pays for it.

    Stocks of which nothing would be agreed are told apart, each with its reason, and not poked.
    """
    evm, _ = _opened(network)
    made = Draft(evm.views(), "feeds poke", reference)
    orders = [ins.PokePrice(ticker, sender) for ticker in _chosen(evm, tickers)]
    model = evm.model(subjects_of(orders))
    for order in orders:
        trial = model.copy()
        try:
            trial.apply(order)
        except Refusal as reason:
            made.same.append(f"{order.stock}: {reason.name}, nothing is agreed")
            continue
        opens = trial.prices.feeds[order.stock].window
        title = f"open the window of {order.stock}'s price" if opens else f"agree on what {order.stock} is worth"
        made.add(made.views.step(order.stock, title, [order]))
    return made.plan()


def payload_in(file: Path) -> bytes:
    """The signed report in a file, as the stream's API gives it: 0x and hex. InputError for anything else."""
    text = text_of_file(file, MAX_REPORT)[0].strip()
    try:
        return bytes.fromhex(text.removeprefix("0x"))
    except ValueError:
        raise InputError("holds no report: 0x and hex", field="file", value=str(file)) from None


def report(network: Network, ticker: str, payload: bytes, sender: str, reference: str = "") -> Plan:
    """Hand a signed report to a stock's data stream; anyone may, and `sender` pays for it.

    InputError for a report of another stream, or one that does not count there, and for a stock without a stream. A
    verifier that takes a fee for it is paid elsewhere: nothing is paid along.
    """
    evm, _ = _opened(network)
    price = evm.manifest.stocks[_one(evm, ticker)].price
    if price is None or price.stream is None:
        raise InputError("has no data stream in the manifest", field="stock", value=ticker)
    found = read_payload(payload)
    if found.feed.hex() != price.stream.feed_id[2:]:
        raise InputError(f"is not of {ticker}'s stream, {price.stream.feed_id}", field="report", value=found.feed.hex())
    if not MARKET_STATUSES[price.stream.statuses] >> min(found.status, 255) & 1:
        raise InputError("is of a market that is closed", field="report", value=f"status {found.status}")
    if found.expires < evm.now():
        raise InputError("can be verified no more", field="report", value=moment(found.expires))
    told = found.told(price.stream.decimals, price.basis == "raw")
    made = Draft(evm.views(), "feeds report", reference)
    one = Transaction(sender, price_label(ticker), DATA_STREAM, "report", (payload, b""))
    made.add(call(f"{ticker} {found.as_of}", f"report {ticker} at {told}", one))
    return made.plan()


def tighten(
    network: Network,
    ticker: str,
    max_age: int | None = None,
    band_bps: int | None = None,
    deviation_bps: int | None = None,
    reference: str = "",
    sender: str = "",
) -> Plan:
    """Judge a stock's price harder, at once (PAUSER); bounds that are None stay. Loosening is `deploy settings`'."""
    evm, feed = _opened(network)
    terms = read_feed(evm.chain, feed, evm.ledger().token(_one(evm, ticker)), evm.chain.name).terms
    if terms is None:
        raise InputError("has no price on this network", field="stock", value=ticker)
    wanted = (
        terms.max_age if max_age is None else max_age,
        terms.band_bps if band_bps is None else band_bps,
        terms.deviation_bps if deviation_bps is None else deviation_bps,
    )
    made = Draft(evm.views(), "feeds tighten", reference, single=reference)
    if wanted == (terms.max_age, terms.band_bps, terms.deviation_bps):
        return made.nothing(f"{ticker}'s price is judged like that")
    title = f"{ticker}'s price: {wanted[0]} s old at most, band {wanted[1]} bps, deviation {wanted[2]} bps"
    made.order(title, ins.TightenPrice(ticker, *wanted), sender, f"{ticker} {'-'.join(map(str, wanted))}")
    return made.plan()


def suspend(network: Network, ticker: str, wished: bool, reference: str = "", sender: str = "") -> Plan:
    """Stop a stock's price (PAUSER), or end that (UNPAUSER): lenders keep the one agreed last meanwhile."""
    evm, feed = _opened(network)
    found = read_feed(evm.chain, feed, evm.ledger().token(_one(evm, ticker)), evm.chain.name)
    made = Draft(evm.views(), "feeds suspend" if wished else "feeds resume", reference, single=reference)
    if found.suspended == wished:
        return made.nothing(f"{ticker}'s price is {'suspended' if wished else 'not suspended'}")
    order: ins.SuspendPrice | ins.ResumePrice = ins.SuspendPrice(ticker) if wished else ins.ResumePrice(ticker)
    made.order(f"{'suspend' if wished else 'resume'} {ticker}'s price", order, sender, ticker)
    return made.plan()


def accept(network: Network, ticker: str, reference: str = "", sender: str = "") -> Plan:
    """End a window with what the sources say, in the band or not (the timelock), five sessions after it opened."""
    evm, _ = _opened(network)
    made = Draft(evm.views(), "feeds accept", reference, single=reference)
    title = f"{ticker}'s window ends with what its sources say"
    made.order(title, ins.AcceptPrice(_one(evm, ticker)), sender, ticker)
    return made.plan()


# --- parts -----------------------------------------------------------------------------------------------------------


def _opened(network: Network) -> tuple[EvmNetwork, Contract]:
    evm = evm_only(network)
    return evm, evm.book.contract(PRICES)


def _chosen(network: EvmNetwork, tickers: Sequence[str]) -> list[str]:
    wanted = tickers or [ticker for ticker, stock in network.manifest.stocks.items() if stock.price is not None]
    return [_one(network, ticker) for ticker in wanted]


def _one(network: EvmNetwork, ticker: str) -> str:
    if ticker not in network.manifest.stocks or network.manifest.stocks[ticker].price is None:
        raise InputError("has no price in the manifest", field="stock", value=ticker)
    return ticker


def _shown(network: EvmNetwork, feed: Contract, token: Contract, ticker: str) -> Shown:
    chain = network.chain
    kept = read_feed(chain, feed, token, chain.name)
    number, live, live_as_of = chain.call(feed, "evaluate", token.address)
    status = STATUSES[number]
    held, held_as_of = chain.call(feed, "heldPrice", token.address) if kept.price else (0, 0)
    refusal, trades = "", bool(kept.terms and chain.call(feed, "isOpen", kept.terms.calendar, network.now()))
    try:
        read_strict(chain, feed, token)
    except Refusal as reason:
        refusal = reason.name
    if status not in ("good", *TOO_OLD):
        live = live_as_of = 0
    return Shown(ticker, kept, status, live, live_as_of, held, held_as_of, refusal, trades, network.now())


def _dollars(price: int) -> str:
    return f"{format_wad(Wad(price))} dollars"
