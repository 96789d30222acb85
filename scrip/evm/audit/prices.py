"""The price feed: its code and wiring, each stock's terms, what lenders read, and until when sessions are loaded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scrip.evm.audit.code import Value, compare
from scrip.evm.audit.evidence import Evidence
from scrip.evm.chain import Contract
from scrip.evm.compiled.artifacts import artifact
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.encoding.reports import MARKET_STATUSES
from scrip.evm.handlers.calendar import PRICE_FEED, ends_soon, loaded_until, read_around
from scrip.evm.handlers.feeds import DATA_STREAM, PRICE_ADAPTER
from scrip.labels import SEQUENCER, VERIFIER, adapter_label, price_label
from scrip.manifest.prices import Price, Stream
from scrip.model.laws import sessions
from scrip.preview import moment
from scrip.reports.findings import Finding


def prices(evidence: Evidence, tokens: Mapping[str, Contract]) -> Iterator[Finding]:
    """Findings about the price feed; none where neither manifest nor network has one. `tokens` are by ticker."""
    wanted = {ticker: stock.price for ticker, stock in evidence.manifest.stocks.items() if stock.price is not None}
    feed, suite = evidence.suite.prices, evidence.suite
    if feed is None:
        if wanted:
            expected = f"a {PRICE_FEED}, for {', '.join(wanted)}"
            yield Finding("prices", expected, "none that the records know", "critical")
        return
    values = {"roles.ROLES": suite.roles.address, "REGISTRY": suite.registry.address, "ACTIONS": suite.actions.address}
    yield from compare("code.prices", evidence.code(feed.address), artifact(PRICE_FEED), values)
    yield from _sequencer(evidence, feed)
    for ticker, token in tokens.items():
        yield from _terms(f"stocks.{ticker}.price", evidence, feed, token, ticker, wanted.get(ticker))
    yield from _calendars(evidence, feed, wanted)


def _sequencer(evidence: Evidence, feed: Contract) -> Iterator[Finding]:
    named = evidence.manifest.sequencer
    at, grace = evidence.ask(feed, "sequencer")
    if at != (expected := evidence.at(named.feed if named else "", SEQUENCER)):
        yield Finding("sequencer.feed", expected, evidence.account(at), "critical")
    if named is not None and grace != named.grace:
        yield Finding("sequencer.grace", f"{named.grace} s", f"{grace} s")


def _terms(
    field: str, evidence: Evidence, feed: Contract, token: Contract, ticker: str, wanted: Price | None
) -> Iterator[Finding]:
    found = evidence.ask(feed, "termsOf", token.address)
    source, _, raw, second, _, second_raw, calendar, max_age, band, deviation = found
    if wanted is None:
        if source != ZERO_ADDRESS:
            yield Finding(field, "none that the manifest does not name", source, "critical")
        return
    number = sessions.number_of(evidence.manifest.calendar_of(ticker), wanted.hours)
    expected = evidence.at(wanted.source, price_label(ticker))
    other = evidence.at(wanted.second, price_label(ticker, second=True))
    rows = (
        ("source", expected, source, True),
        ("basis", wanted.basis, "raw" if raw else "share", True),
        ("second", other, second, True),
        ("second_basis", wanted.second_basis, "raw" if second_raw else "share", True),
        ("calendar", sessions.name_of(number), sessions.name_of(calendar), True),
        ("max_age", f"{wanted.max_age} s", f"{max_age} s", False),
        ("band_bps", f"{wanted.band_bps} bps", f"{band} bps", False),
        ("deviation_bps", f"{wanted.deviation_bps} bps", f"{deviation} bps", False),
    )
    if source == ZERO_ADDRESS:
        yield Finding(field, f"a price of {wanted.source}", "none", "critical")
        return
    for name, right, there, critical in rows:
        if right != there:
            yield Finding(f"{field}.{name}", right, there, "critical" if critical else "drift")
    if evidence.ask(feed, "keptOf", token.address)[5]:
        yield Finding(f"{field}.suspended", "no", "yes")
    if wanted.stream is not None:
        yield from _stream(f"{field}.stream", evidence, wanted.stream, raw=wanted.basis == "raw", at=source)
    for decimals in wanted.adapters:
        yield from _adapter(f"{field}.adapters.{decimals}", evidence, feed, token, adapter_label(ticker, decimals))


def _stream(field: str, evidence: Evidence, wanted: Stream, *, raw: bool, at: str) -> Iterator[Finding]:
    values: dict[str, Value] = {
        "VERIFIER": evidence.at(wanted.verifier, VERIFIER),
        "FEED_ID": bytes.fromhex(wanted.feed_id[2:]),
        "STATUSES": MARKET_STATUSES[wanted.statuses],
        "RAW": int(raw),
        "DECIMALS": wanted.decimals,
    }
    yield from compare(field, evidence.code(at), artifact(DATA_STREAM), values)


def _adapter(field: str, evidence: Evidence, feed: Contract, token: Contract, label: str) -> Iterator[Finding]:
    if label not in evidence.book:
        yield Finding(field, f"a {PRICE_ADAPTER}", "none that the records know")
        return
    values: dict[str, Value] = {
        "FEED": feed.address,
        "TOKEN": token.address,
        "LOAN_DECIMALS": int(label.rpartition("-")[2]),
    }
    yield from compare(field, evidence.code(evidence.book[label].address), artifact(PRICE_ADAPTER), values)


def _calendars(evidence: Evidence, feed: Contract, wanted: Mapping[str, Price]) -> Iterator[Finding]:
    """Findings about sessions that end, people being told 60 days before: what is not loaded is closed."""
    numbers = {sessions.number_of(evidence.manifest.calendar_of(one), price.hours) for one, price in wanted.items()}
    now = evidence.chain.now()
    for number in sorted(numbers - {sessions.ALWAYS}):
        until = loaded_until(read_around(evidence.chain, feed, number, now), number, now)
        if ends_soon(until, now):
            found = f"none from {moment(until)} on" if until else "none"
            yield Finding(f"calendar.{sessions.name_of(number)}", "sessions of the 60 days to come", found)
