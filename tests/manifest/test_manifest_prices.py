"""What a manifest may say of prices, one small edit at a time."""

from __future__ import annotations

import pytest
from manifest_files import ManifestFiles

from scrip.manifest import EvmManifest

STREAM = '{verifier: mock, feed_id: "0x000b' + "01" * 30 + '"}'
EXTENDED = STREAM.replace("}", ", statuses: extended}")
GOOD = "{source: mock, basis: share, max_age: 1h, band_bps: 1000}"
BEFORE = "    rules: {preset: reg-s-no-us}\n"
ISSUER = "issuer: Example Securities AG\n"
ADDRESS = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"


def priced(files: ManifestFiles, price: str) -> None:
    files.edit(BEFORE, f"{BEFORE}    price: {price}\n")


@pytest.mark.parametrize(
    "price",
    [
        GOOD,
        "{source: mock, basis: raw, max_age: 1s, band_bps: 1, hours: 24/7, adapters: [6, 8, 18]}",
        "{source: mock, basis: share, max_age: 1h, band_bps: 9, second: mock, second_basis: raw, deviation_bps: 50}",
        f"{{source: '{ADDRESS}', basis: share, max_age: 1h, band_bps: 1000}}",
        f"{{source: stream, basis: share, max_age: 1h, band_bps: 1000, stream: {STREAM}}}",
        f"{{source: stream, basis: raw, max_age: 1h, band_bps: 1000, stream: {STREAM.replace('000b', '000a')}}}",
        "{source: stream, basis: share, max_age: 1h, band_bps: 9, hours: 24/5, stream: "
        + STREAM.replace("}", ", statuses: extended, decimals: 8}")
        + "}",
    ],
)
def test_a_price_that_is_one(files: ManifestFiles, price: str) -> None:
    priced(files, price)
    manifest = files.load()
    assert isinstance(manifest, EvmManifest)
    assert manifest.stocks["MSFT"].price is not None
    assert manifest.stocks["AAPL"].price is None


@pytest.mark.parametrize(
    ("price", "field", "words"),
    [
        (GOOD.replace("1h", "0s"), "max_age", "1 to 16,777,215 seconds"),
        (GOOD.replace("1h", "195d"), "max_age", "1 to 16,777,215 seconds"),
        (GOOD.replace("1000", "0"), "band_bps", "1"),
        (GOOD.replace("1000", "5001"), "band_bps", "5000"),
        (GOOD.replace("mock", "'0x12'"), "source", "address"),
        (GOOD.replace("}", ", second: mock}"), "deviation_bps", "need a bound"),
        (GOOD.replace("}", ", deviation_bps: 9}"), "deviation_bps", "there is none"),
        (GOOD.replace("}", ", second: mock, deviation_bps: 2001}"), "deviation_bps", "2000"),
        (GOOD.replace("mock", f"'{ADDRESS}', second: '{ADDRESS}', deviation_bps: 9"), "second", "the first source"),
        (GOOD.replace("}", ", adapters: [6, 6]}"), "adapters.1", "twice"),
        (GOOD.replace("}", ", adapters: [19]}"), "adapters.0", "18"),
        (GOOD.replace("}", ", hours: 24/6}"), "hours", "24/5"),
        (GOOD.replace("mock", "stream"), "stream", "source: stream"),
        (GOOD.replace("}", f", stream: {STREAM}}}"), "stream", "source: stream"),
        (GOOD.replace("mock", f"stream, stream: {STREAM.replace('000b', '0008')}").replace("share", "raw"),
         "stream.feed_id", "v10 alone"),
        (GOOD.replace("mock", f"stream, stream: {EXTENDED.replace('000b', '0008')}"),
         "stream.statuses", "v11 of US equities"),
    ],
)  # fmt: skip
def test_a_price_that_is_none(files: ManifestFiles, price: str, field: str, words: str) -> None:
    priced(files, price)
    error = files.error()
    assert error.field == f"stocks.MSFT.price.{field}"
    assert words in error.message


def test_a_stream_of_another_schema_looks_like_a_key(files: ManifestFiles) -> None:
    """What is read here is known by its first four digits; anything else of 32 bytes is kept out of manifests."""
    priced(files, GOOD.replace("mock", f"stream, stream: {STREAM.replace('000b', '0009')}"))
    assert "private key" in files.error().message


def test_a_calendar_without_a_code_has_no_sessions_on_a_chain(files: ManifestFiles) -> None:
    files.edit("    calendar: XNAS\n" + BEFORE, "    calendar: us_futures\n" + BEFORE)
    priced(files, GOOD)
    error = files.error()
    assert (error.field, "four letters" in error.message) == ("stocks.MSFT.price.hours", True)


@pytest.mark.parametrize(
    ("sequencer", "field"),
    [("{feed: mock, grace: 2d}", "grace"), ("{feed: '0x12', grace: 1h}", "feed"), ("{grace: 1h}", "feed")],
)
def test_a_sequencer_that_is_none(files: ManifestFiles, sequencer: str, field: str) -> None:
    files.edit(ISSUER, f"{ISSUER}sequencer: {sequencer}\n")
    assert files.error().field == f"sequencer.{field}"


def test_no_mock_prices_on_a_public_network(files: ManifestFiles) -> None:
    path = files.path("mainnet")
    text = path.read_text()
    path.write_text(text.replace(ISSUER, f"{ISSUER}sequencer: {{feed: mock, grace: 1h}}\n", 1))
    assert path.read_text() != text
    assert any(one.field == "sequencer.feed" for one in files.errors("mainnet"))
