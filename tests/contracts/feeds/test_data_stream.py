"""Reports of Chainlink's data streams: what the verifier passed, of the right feed, in an open market, counts.

The verifier is a mock that looks at no signature: what Chainlink's own refuses is not tested here.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any

import boa
import pytest
from eth_abi import encode
from support.contract_calls import Handle, deploy, named, refuses, set_clock
from support.price_world import OPEN, SOURCE, Prices, dollars, usual

from scrip.evm.compiled.artifacts import artifact
from scrip.evm.encoding.reports import MARKET_STATUSES, SCHEMAS, read_payload
from scrip.model.state.prices import PriceSource

WAD = 10**18
NANO = 10**9
FIELDS: dict[int, tuple[str, ...]] = {version: tuple(name for name, _ in fields) for version, fields in SCHEMAS.items()}


def feed_id(version: int) -> bytes:
    return version.to_bytes(2) + b"MSFT".ljust(30, b"\1")


@dataclass(frozen=True)
class Report:
    """A report as the oracles write it; what is None is as usual, the rest of a schema 0."""

    version: int
    price: int = 400 * WAD
    status: int = 2
    updated: int | None = None
    observed: int = OPEN
    expires: int = OPEN + 60
    multiplier: int = WAD
    next: int = 0
    activation: int = 0
    feed: bytes = b""

    def words(self) -> bytes:
        head = [self.feed or feed_id(self.version), self.observed, self.observed, 0, 0, self.expires]
        updated = self.observed * NANO if self.updated is None else self.updated
        told = {"updated": updated, "price": self.price, "status": self.status, "multiplier": self.multiplier}
        told |= {
            "next": self.next,
            "activation": self.activation,
            "tokenized": 999 * WAD,
            "bid": 1,
            "ask": 2,
            "last": 3,
        }
        rest = [told.get(name, 0) for name in FIELDS[self.version]]
        return b"".join(word if isinstance(word, bytes) else (word % 2**256).to_bytes(32) for word in [*head, *rest])

    def payload(self) -> bytes:
        return signed(self.words())


def signed(words: bytes) -> bytes:
    context = [bytes(32)] * 3
    kinds = ["bytes32[3]", "bytes", "bytes32[]", "bytes32[]", "bytes32"]
    return encode(kinds, (context, words, [b"r" * 32], [b"s" * 32], b"v" * 32))


def stream(version: int, statuses: str = "open", raw: bool = False, **more: Any) -> Handle:
    given: dict[str, Any] = {"verifier": deploy("MockVerifierProxy"), "feed": feed_id(version)}
    given |= {"bits": MARKET_STATUSES[statuses], "decimals": 18}
    given |= more
    set_clock(OPEN)
    return deploy("DataStream", given["verifier"], given["feed"], given["bits"], raw, given["decimals"])


@pytest.mark.parametrize("version", SCHEMAS)
def test_the_price_and_its_second_are_taken_over(version: int) -> None:
    made = stream(version)
    assert (made.decimals(), made.latestRoundData()) == (18, (0, 0, 0, 0, 0))
    report = Report(version, observed=OPEN - 5, updated=(OPEN - 7) * NANO + 999_999_999)
    made.report(report.payload(), b"", sender=named("anyone"))
    assert made.latestRoundData() == (1, 400 * WAD, OPEN - 7, OPEN - 7, 1)
    (verified, event) = made.events(Handle(made.VERIFIER(), list(artifact("MockVerifierProxy").abi)))
    assert verified.values["report"] == report.words()
    assert event.values == {"price": 400 * WAD, "asOf": OPEN - 7, "round": 1}
    # Twice, or older: not newer. A later one counts on.
    for again in (report, replace(report, observed=OPEN - 6, updated=(OPEN - 8) * NANO)):
        with refuses("stream: not newer"):
            made.report(again.payload(), b"")
    made.report(replace(report, price=1, updated=(OPEN - 6) * NANO).payload(), b"")
    assert made.latestRoundData()[:4] == (2, 1, OPEN - 6, OPEN - 6)


@pytest.mark.parametrize("version", SCHEMAS)
@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"price": 0}, "stream: bad answer"),
        ({"price": -1}, "stream: bad answer"),
        ({"price": 2**127}, "stream: bad answer"),
        ({"status": 0}, "stream: market closed"),
        ({"status": 1}, "stream: market closed"),
        ({"status": 3}, "stream: market closed"),
        ({"status": 5}, "stream: market closed"),
        ({"status": 256 + 2}, "stream: market closed"),
        ({"status": 2**256 - 1}, "stream: market closed"),
        ({"observed": OPEN + 1}, "stream: future report"),
        ({"updated": (OPEN + 1) * NANO}, "stream: future report"),
        ({"updated": 2**256 - 1}, "stream: future report"),
        ({"expires": OPEN - 1}, "stream: report expired"),
        ({"feed": feed_id(8)[:31] + b"?"}, "stream: wrong feed"),
        # Of seconds taken for nanoseconds nothing is left.
        ({"updated": OPEN}, ""),
    ],
)
def test_a_bad_report_changes_nothing(version: int, changed: dict[str, Any], refusal: str) -> None:
    made = stream(version)
    payload = replace(Report(version), **changed).payload()
    if not refusal:
        made.report(payload, b"")
        assert made.latestRoundData()[3] == OPEN // NANO
        return
    with refuses(refusal):
        made.report(payload, b"")
    assert made.latestRoundData() == (0, 0, 0, 0, 0)


def test_a_report_of_another_length_is_none() -> None:
    for version in SCHEMAS:
        made = stream(version)
        words = Report(version).words()
        for wrong in (words[:-32], words + bytes(32), words[:32], b""):
            with refuses("stream: bad report"):
                made.report(signed(wrong), b"")


def test_statuses_mean_another_thing_in_each_map() -> None:
    """Status 1 of v11 is before the market in US equities' map, and closed in the standard one."""
    standard, extended = stream(11), stream(11, "extended")
    for status, (in_standard, in_extended) in {
        0: (False, False), 1: (False, True), 2: (True, True), 3: (False, True), 4: (False, True), 5: (False, False),
    }.items():  # fmt: skip
        payload = Report(11, status=status, updated=(OPEN - 10 + status) * NANO).payload()
        for made, counts in ((standard, in_standard), (extended, in_extended)):
            before = made.latestRoundData()[0]
            with nullcontext() if counts else refuses("stream: market closed"):
                made.report(payload, b"")
            assert made.latestRoundData()[0] == before + counts, status


@pytest.mark.parametrize(
    ("changed", "answer"),
    [
        ({}, 400),
        ({"multiplier": 2 * WAD}, 800),
        ({"multiplier": 2 * WAD, "next": 3 * WAD, "activation": OPEN + 1}, 800),
        ({"multiplier": 2 * WAD, "next": 3 * WAD, "activation": OPEN}, 1_200),
        ({"multiplier": 2 * WAD, "next": 0, "activation": OPEN}, 800),
        ({"multiplier": 0}, None),
        ({"multiplier": -WAD}, None),
        ({"multiplier": 2**96}, None),
    ],
)
def test_the_theoretical_price_is_price_times_the_multiplier_of_its_second(
    changed: dict[str, Any], answer: int | None
) -> None:
    made, report = stream(10, raw=True), replace(Report(10), **changed)
    if answer is None:
        with refuses("stream: bad answer"):
            made.report(report.payload(), b"")
        return
    made.report(report.payload(), b"")
    assert made.latestRoundData()[1] == answer * WAD == read_payload(report.payload()).answer(raw=True)


def test_python_reads_what_the_chain_takes() -> None:
    for version in SCHEMAS:
        report = Report(version, price=123 * WAD + 7, observed=OPEN - 3, updated=(OPEN - 4) * NANO)
        made, told = stream(version), read_payload(report.payload())
        made.report(report.payload(), b"")
        assert made.latestRoundData()[1:3] == (told.answer(raw=False), told.as_of)
        assert (told.feed, told.status, told.expires) == (feed_id(version), 2, OPEN + 60)


def test_the_verifiers_refusal_and_its_fee_pass_through() -> None:
    made = stream(8)
    with refuses("verifier: no payload"):
        made.report(b"", b"")
    made.report(Report(8).payload(), bytes(32), value=5, sender=named("rich"))
    assert boa.env.get_balance(made.address) == 0
    assert boa.env.get_balance(made.VERIFIER()) == 5


@pytest.mark.parametrize(
    ("version", "more"),
    [
        (9, {}),
        (4, {}),
        (8, {"raw": True}),
        (11, {"raw": True}),
        (8, {"decimals": 19}),
        (8, {"bits": 0}),
        (8, {"bits": 1 | 1 << 2}),
        (8, {"bits": 1 << 32}),
        (8, {"verifier": named("a key")}),
    ],
)
def test_what_is_no_stream(version: int, more: dict[str, Any]) -> None:
    with refuses("stream: bad config"):
        stream(version, **more)


def test_a_price_feed_reads_a_stream_as_any_aggregator() -> None:
    prices = Prices.ready()
    made = stream(8)
    prices.sources[SOURCE] = made
    prices.model.prices.sources[SOURCE] = PriceSource(18, 400 * WAD, OPEN, OPEN)
    made.report(Report(8).payload(), b"")
    prices.apply(usual())
    prices.poke()
    assert prices.strict() == (dollars(400), OPEN, True)
