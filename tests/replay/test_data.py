"""The committed events are what the package says, to the byte."""

from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from scrip.errors import InputError, ScripError
from scrip.model.laws.arithmetic import next_index, next_split, ui_multiplier
from scrip.replay import derive, prices
from scrip.replay.events import COLUMNS, EVENTS, load_events
from scrip.replay.stocks import KNOWN
from scrip.replay.timeline import build
from scrip.units import WAD, parse_wad

COUNTS = {
    "MSFT": {"SPLF": 1, "DRIP": 37},
    "IBM": {"DRIP": 52},
    "AAPL": {"SPLF": 2, "DRIP": 3},
    "GOOG": {},
    "FB": {},
}


@pytest.mark.parametrize("ticker", KNOWN)
def test_committed_file_derives_from_the_package_to_the_byte(ticker: str) -> None:
    assert (EVENTS / f"{ticker}.csv").read_bytes() == derive.render(ticker).encode()


def test_every_committed_file_is_of_a_known_ticker() -> None:
    assert sorted(path.name for path in EVENTS.iterdir()) == sorted(f"{ticker}.csv" for ticker in KNOWN)


def test_write_reproduces_the_folder(tmp_path) -> None:
    written = derive.write(tmp_path)
    assert [path.name for path in written] == [f"{ticker}.csv" for ticker in KNOWN]
    assert all(path.read_bytes() == (EVENTS / path.name).read_bytes() for path in written)


@pytest.mark.parametrize("ticker", KNOWN)
def test_counts(ticker: str) -> None:
    assert Counter(event.code for event in load_events(ticker)) == COUNTS[ticker]


def test_the_source_is_stated_and_no_multiplier_is_carried() -> None:
    for ticker in KNOWN:
        text = (EVENTS / f"{ticker}.csv").read_text()
        assert "Source: bokeh_sampledata==2026.1" in text.splitlines()[1]
        assert text.splitlines()[2] == ",".join(COLUMNS) == "code,ex,num,den,gross,close"


def test_special_dividend_and_the_split_a_day_before_a_dividend() -> None:
    split, dividend, *_ = load_events("MSFT")
    assert (split.code, split.ex, split.num, split.den) == ("SPLF", date(2003, 2, 18), 2, 1)
    assert (dividend.code, dividend.ex, dividend.gross) == ("DRIP", date(2003, 2, 19), Decimal("0.08"))
    special = max(load_events("MSFT"), key=lambda event: event.gross)
    assert (special.ex, special.gross, special.close) == (date(2004, 11, 15), Decimal("3.08"), Decimal("27.39"))


def test_closes_keep_the_decimals_that_the_package_prints() -> None:
    closes = {event.ex: event.close for event in load_events("MSFT")}
    assert str(closes[date(2006, 11, 14)]) == "29.2285"


@pytest.mark.parametrize("ticker", KNOWN)
def test_terms_in_cents_and_exact_closes_reproduce_the_adjusted_curve(ticker: str) -> None:
    timeline = build(ticker, prices.load_history(ticker), load_events(ticker))
    pending = list(timeline.actions)
    index, num, den, worst = WAD, 1, 1, 0.0
    for place, day in enumerate(timeline.days):
        while pending and pending[0].event.ex <= day.day:
            event = pending.pop(0).event
            if event.is_split:
                num, den = next_split(num, den, event.num, event.den)
            else:
                index = next_index(index, parse_wad(str(event.close)), parse_wad(str(event.gross)))
        value = Fraction(day.close) * ui_multiplier(index, num, den) / WAD
        worst = max(worst, float(abs(value / timeline.reference_value(place) - 1)))
    assert not pending
    assert worst <= 1e-12  # the job's limit is 1e-9; cents and four-decimal closes leave a thousand times less


def test_unknown_ticker_lists_the_known_ones() -> None:
    with pytest.raises(
        InputError, match="stock: has no history here; known tickers are MSFT, IBM, AAPL, GOOG, FB"
    ) as e:
        prices.load_history("TSLA")
    assert "TSLA" in str(e.value)


def test_another_version_of_the_package_is_refused(monkeypatch) -> None:
    prices._rows.cache_clear()
    monkeypatch.setattr(prices, "version", lambda _: "2025.0")
    with pytest.raises(ScripError, match=r"needs bokeh_sampledata==2026\.1 but 2025\.0 is installed"):
        prices.load_history("MSFT")
