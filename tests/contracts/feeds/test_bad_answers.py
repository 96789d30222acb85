"""Sources that fail, lie, lag or burn: nobody trades at what they say, and lenders keep what was agreed."""

from __future__ import annotations

from typing import Any

import pytest
from support.contract_calls import MAX
from support.price_world import DAY, OPEN, SECOND, SOURCE, STOCK, UPTIME, Prices, dollars, two_sources, usual

from scrip import instructions as ins
from scrip.instructions.calendar import CloseDays

POKE = ins.PokePrice(STOCK)
FRIDAY_CLOSE = OPEN + 3 * DAY + 6 * 3_600
"""6 March 2026, 21:00 UTC; summer time begins on Sunday."""
MONDAY_OPEN = FRIDAY_CLOSE + 2 * DAY + 16 * 3_600 + 1_800

BAD: dict[str, tuple[dict[str, Any], str]] = {
    "zero": ({"answer": 0}, "bad answer"),
    "negative": ({"answer": -1}, "bad answer"),
    "least": ({"answer": -(2**255)}, "bad answer"),
    "more than 128 bits": ({"answer": 2**128}, "bad answer"),
    "greatest": ({"answer": 2**255 - 1}, "bad answer"),
    "a price of more than 104 bits": ({"answer": (2**104 // 10**10 + 1)}, "bad answer"),
    "never": ({"dollars": 400, "at": 0}, "bad answer"),
    "carried over from an older round": ({"dollars": 400, "carried": True}, "bad answer"),
    "of the next second": ({"dollars": 400, "at": OPEN + 61}, "future answer"),
    "of the end of time": ({"dollars": 400, "updated_at": MAX}, "future answer"),
    "an hour and a second old": ({"dollars": 400, "at": OPEN + 60 - 3_601}, "stale answer"),
    "at other decimals": ({"dollars": 400, "decimals": 18}, "decimals changed"),
    "reverts": ({"fails": True}, "source failed"),
    "too few bytes": ({"short": True}, "source failed"),
    "all its gas": ({"burns": True}, "source failed"),
}


@pytest.fixture
def prices() -> Prices:
    """400 dollars were agreed a minute ago."""
    made = Prices.ready()
    made.poke()
    made.advance(60)
    return made


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_answer_is_not_agreed(prices: Prices, kind: str) -> None:
    said, reason = BAD[kind]
    prices.say(SOURCE, **said)
    assert prices.status() == reason
    assert prices.refused(POKE) == f"feeds: {reason}"
    # What was agreed before stands for as long as it is good, and lenders have it; what is only old they are told.
    assert prices.strict() == (dollars(400), OPEN, True)
    assert prices.held() == (dollars(400), OPEN + 60 - 3_601 if reason == "stale answer" else OPEN)
    prices.agree()


@pytest.mark.parametrize("answer", [1, 2**104 // 10**10])
def test_the_least_and_the_greatest_price(prices: Prices, answer: int) -> None:
    prices.say(SOURCE, answer=answer)
    prices.poke()
    assert prices.strict()[0] == answer * 10**10


def test_a_price_below_one_unit_is_none(prices: Prices) -> None:
    prices.say(SOURCE, 400, decimals=18)
    prices.apply(usual())
    prices.schedule(10**17, OPEN + 7_200)
    prices.at(OPEN + 7_200)
    prices.say(SOURCE, answer=9, decimals=18)
    prices.poke()
    prices.advance(1)
    prices.say(SOURCE, answer=9, decimals=18)
    assert prices.refused(POKE) == "feeds: bad answer"


# --- old answers, by the exchange's clock ---


def test_an_answer_may_be_as_old_as_the_terms_say_while_the_exchange_trades(prices: Prices) -> None:
    prices.at(OPEN + 3_600 - 61)
    assert prices.strict() == (dollars(400), OPEN, True)
    prices.poke()
    prices.at(OPEN + 3_600)
    assert prices.strict() == (dollars(400), OPEN, True)
    prices.advance(1)
    assert prices.strict() == "feeds: stale answer"
    assert prices.refused(POKE) == "feeds: stale answer"
    assert prices.held() == (dollars(400), OPEN)


def test_over_a_weekend_fridays_answer_is_the_price_and_on_monday_it_is_none(prices: Prices) -> None:
    prices.at(FRIDAY_CLOSE - 1_000)
    prices.say(SOURCE, 410)
    for later in (FRIDAY_CLOSE, FRIDAY_CLOSE + DAY, MONDAY_OPEN - 1):
        prices.at(later)
        prices.poke()
        assert prices.strict() == (dollars(410), FRIDAY_CLOSE - 1_000, False)
    prices.at(MONDAY_OPEN)
    assert prices.strict() == "feeds: stale answer"
    assert prices.refused(POKE) == "feeds: stale answer"
    prices.say(SOURCE, 420)
    prices.poke()
    assert prices.strict() == (dollars(420), MONDAY_OPEN, True)


def test_an_answer_of_before_the_close_is_stale_when_it_was_old_then(prices: Prices) -> None:
    prices.at(FRIDAY_CLOSE - 3_601)
    prices.say(SOURCE, 410)
    prices.at(FRIDAY_CLOSE + DAY)
    assert prices.refused(POKE) == "feeds: stale answer"
    # The last close is an earlier one where the exchange did not open that day.
    prices.apply(CloseDays("XNYS", "exchange", FRIDAY_CLOSE // DAY, 1))
    prices.poke()


def test_a_year_that_was_not_loaded_prices_nothing_and_lenders_keep_on(prices: Prices) -> None:
    prices.at(OPEN + 365 * DAY)
    prices.say(SOURCE, 500)
    assert prices.refused(POKE) == "feeds: no sessions"
    assert prices.held() == (dollars(500), OPEN + 365 * DAY)
    prices.apply(usual(calendar="XPAR"))
    assert prices.refused(POKE) == "feeds: no sessions"


def test_a_market_that_never_closes_needs_no_sessions(prices: Prices) -> None:
    prices.apply(usual(calendar="", hours="24/7"))
    prices.at(FRIDAY_CLOSE + DAY)
    assert prices.refused(POKE) == "feeds: stale answer"
    prices.say(SOURCE, 500)
    prices.poke()
    assert prices.strict() == (dollars(500), FRIDAY_CLOSE + DAY, True)


# --- a second source ---


def test_two_sources_agree_within_the_deviation_or_not_at_all(prices: Prices) -> None:
    prices.apply(two_sources())
    for second, refusal in ((404, ""), (397, ""), (405, "sources differ"), (396, "sources differ")):
        prices.say(SECOND, second)
        if refusal:
            assert prices.refused(POKE) == f"feeds: {refusal}"
            assert prices.held() == (dollars(400), OPEN)
        else:
            prices.poke()


@pytest.mark.parametrize("kind", [kind for kind, (_, reason) in BAD.items() if reason != "stale answer"])
def test_a_second_source_that_fails_is_no_agreement(prices: Prices, kind: str) -> None:
    prices.say(SECOND, 400)
    prices.apply(two_sources())
    # Of raw units its answer may be what the first one's share price may not.
    prices.say(SECOND, **BAD[kind][0])
    assert prices.refused(POKE) == "feeds: second source failed"


def test_the_older_of_two_answers_counts(prices: Prices) -> None:
    prices.say(SECOND, 400, at=OPEN + 60 - 3_601)
    prices.apply(two_sources())
    assert prices.refused(POKE) == "feeds: stale answer"
    prices.say(SECOND, 400, at=OPEN + 60 - 3_600)
    prices.poke()
    assert prices.strict() == (dollars(400), OPEN, True)


def test_each_source_says_of_what_it_is(prices: Prices) -> None:
    """After a split a share is 200 dollars and a token 400: the one is multiplied, the other not."""
    prices.schedule(2 * 10**18, OPEN + 7_200)
    prices.at(OPEN + 7_200)
    prices.poke()
    prices.advance(10)
    prices.say(SOURCE, 200)
    prices.say(SECOND, 400)
    prices.apply(two_sources())
    prices.poke()
    assert prices.strict()[0] == dollars(400)
    prices.apply(two_sources(second_basis="share"))
    assert prices.refused(POKE) == "feeds: sources differ"
    prices.apply(usual(source=SECOND, basis="raw", second=SOURCE, second_basis="share", deviation_bps=1))
    prices.poke()
    prices.agree()


# --- the sequencer of a layer 2 ---


def test_nothing_is_priced_while_the_sequencer_is_down_and_for_the_grace_after(prices: Prices) -> None:
    prices.say(UPTIME, answer=0, started_at=OPEN - DAY)
    prices.apply(ins.SetSequencer(UPTIME, 600))
    prices.poke()
    prices.say(UPTIME, answer=1)
    assert prices.refused(POKE) == "feeds: sequencer down"
    assert prices.held() == (dollars(400), OPEN)
    prices.advance(60)
    prices.say(UPTIME, answer=0)
    for later in (1, 600):
        prices.at(OPEN + 120 + later)
        assert prices.refused(POKE) == "feeds: sequencer down"
    prices.at(OPEN + 120 + 601)
    prices.poke()


@pytest.mark.parametrize(
    "said", [{"answer": 0, "started_at": 0}, {"answer": 0, "started_at": OPEN + 61}, {"fails": True}, {"answer": -1}]
)
def test_an_uptime_feed_that_does_not_know_is_down(prices: Prices, said: dict[str, Any]) -> None:
    prices.say(UPTIME, answer=0, started_at=OPEN - DAY)
    prices.apply(ins.SetSequencer(UPTIME, 0))
    prices.say(UPTIME, **said)
    assert prices.refused(POKE) == "feeds: sequencer down"
    prices.apply(ins.SetSequencer("", 0))
    prices.poke()


def test_what_is_no_uptime_feed_is_refused(prices: Prices) -> None:
    prices.say(UPTIME, fails=True)
    assert prices.refused(ins.SetSequencer(UPTIME, 0)) == "feeds: bad config"
    assert prices.refused(ins.SetSequencer("nobody", 0)) == "feeds: bad config"
    prices.say(UPTIME, answer=0)
    assert prices.refused(ins.SetSequencer(UPTIME, DAY + 1)) == "feeds: bad config"
    assert prices.refused(ins.SetSequencer(UPTIME, 0, by="pauser")) == "roles: not authorised"
    prices.apply(ins.SetSequencer(UPTIME, DAY))
    assert prices.feed.sequencer() == (prices.sources[UPTIME].address, DAY)


# --- a window that does not close ---


def test_five_sessions_on_a_second_source_closes_a_window_outside_the_band(prices: Prices) -> None:
    prices.say(SECOND, 400)
    prices.apply(two_sources())
    prices.poke()
    _split_and_crash(prices)
    prices.say(SECOND, 240)
    assert prices.refused(POKE) == "feeds: outside the band"
    assert prices.refused(ins.AcceptPrice(STOCK)) == "feeds: too early"
    # Opened on Tuesday: the fifth close since is Monday's.
    for days in (1, 2, 3, 4, 5):
        prices.at(OPEN + days * DAY + 7_200)
        prices.say(SOURCE, 120), prices.say(SECOND, 240)
        assert prices.refused(POKE) == "feeds: outside the band"
    prices.at(OPEN + 6 * DAY + 6 * 3_600)
    prices.say(SOURCE, 120), prices.say(SECOND, 240)
    assert prices.feed.windowOf(prices.stock)[3] == 5
    prices.poke()
    assert prices.strict()[0] == dollars(240)


def test_without_a_second_source_the_timelock_closes_it(prices: Prices) -> None:
    assert prices.refused(ins.AcceptPrice(STOCK)) == "feeds: no window"
    _split_and_crash(prices)
    prices.at(OPEN + 8 * DAY)
    assert prices.refused(ins.AcceptPrice(STOCK)) == "feeds: stale answer"
    prices.say(SOURCE, 120)
    assert prices.refused(POKE) == "feeds: outside the band"
    assert prices.refused(ins.AcceptPrice(STOCK, by="pauser")) == "roles: not authorised"
    prices.apply(ins.AcceptPrice(STOCK))
    assert prices.strict()[0] == dollars(240)
    assert prices.refused(ins.AcceptPrice(STOCK)) == "feeds: no window"


def test_sessions_of_a_market_that_never_closes_are_its_days(prices: Prices) -> None:
    prices.apply(usual(calendar="", hours="24/7"))
    _split_and_crash(prices)
    prices.at(OPEN + 5 * DAY - 15 * 3_600 - 1)
    prices.say(SOURCE, 120)
    assert prices.refused(ins.AcceptPrice(STOCK)) == "feeds: too early"
    prices.advance(1)
    prices.say(SOURCE, 120)
    prices.apply(ins.AcceptPrice(STOCK))


def _split_and_crash(prices: Prices) -> None:
    """The stock splits 2:1, the window opens, and the share falls to 120 dollars."""
    prices.schedule(2 * 10**18, OPEN + 7_200)
    prices.at(OPEN + 7_200)
    prices.poke()
    prices.advance(10)
    prices.say(SOURCE, 120)
    assert prices.refused(POKE) in ("feeds: outside the band", "feeds: second source failed", "feeds: sources differ")


# --- settings ---


def test_what_is_no_configuration() -> None:
    prices = Prices.ready()
    wrong: tuple[dict[str, Any], ...] = (
        *({"max_age": age} for age in (0, 2**24)),
        *({"band_bps": band} for band in (0, 5_001)),
        *({"deviation_bps": one} for one in (1, 2_001)),
        *({"source": one} for one in ("", "nobody")),
    )
    for terms in wrong:
        assert prices.refused(usual(**terms)) == "feeds: bad config", terms
    for terms in ({"second": SOURCE}, {"deviation_bps": 0}, {"second": "nobody"}, {"deviation_bps": 2_001}):
        assert prices.refused(two_sources(**terms)) == "feeds: bad config", terms
    prices.say(SOURCE, 400, decimals=19)
    assert prices.refused(usual()) == "feeds: bad config"
    assert prices.refused(usual(by="pauser")) == "roles: not authorised"
    prices.say(SOURCE, 400)
    prices.apply(two_sources(max_age=2**24 - 1, band_bps=5_000, deviation_bps=2_000))
    prices.apply(two_sources(max_age=1, band_bps=1, deviation_bps=1))


def test_a_stock_that_the_registry_does_not_know_has_no_price() -> None:
    prices = Prices.ready()
    prices.stock.setUnknown(True)
    del prices.model.state.stocks[STOCK]
    assert prices.refused(usual()) == "feeds: unknown stock"


def test_a_pauser_makes_prices_fewer_at_once_and_never_more(prices: Prices) -> None:
    for terms in ((3_601, 1_000, 0), (3_600, 1_001, 0), (3_600, 1_000, 1)):
        assert prices.refused(ins.TightenPrice(STOCK, *terms)) == "feeds: would loosen"
    assert prices.refused(ins.TightenPrice(STOCK, 0, 1_000)) == "feeds: bad config"
    assert prices.refused(ins.TightenPrice(STOCK, 60, 60, by="admin")) == "roles: not authorised"
    prices.apply(ins.TightenPrice(STOCK, 60, 100))
    assert prices.strict() == "feeds: not poked"
    prices.poke()
    assert prices.strict() == (dollars(400), OPEN, True)
    prices.advance(1)
    assert prices.strict() == "feeds: stale answer"
    assert prices.refused(ins.TightenPrice(STOCK, 61, 100)) == "feeds: would loosen"


def test_a_suspended_price_is_kept_for_lenders_alone(prices: Prices) -> None:
    assert prices.refused(ins.ResumePrice(STOCK)) == "feeds: not suspended"
    prices.apply(ins.SuspendPrice(STOCK))
    prices.say(SOURCE, 1)
    assert prices.refused(ins.SuspendPrice(STOCK)) == "feeds: suspended"
    assert prices.refused(POKE) == prices.strict() == "feeds: suspended"
    assert prices.held() == (dollars(400), OPEN)
    assert prices.paused()
    for order in (ins.SuspendPrice(STOCK, by="unpauser"), ins.ResumePrice(STOCK, by="pauser")):
        assert prices.refused(order) == "roles: not authorised"
    prices.apply(ins.ResumePrice(STOCK))
    assert prices.strict() == "feeds: not poked"
    prices.say(SOURCE, 401)
    prices.poke()
    assert prices.strict()[0] == dollars(401)


def test_a_stock_without_terms_has_nothing() -> None:
    prices = Prices.fresh()
    prices.model.prices.feeds.pop(STOCK, None)
    assert prices.status() == "not configured"
    assert prices.strict() == prices.held() == "feeds: no price"
    assert prices.paused()
    for order in (POKE, ins.SuspendPrice(STOCK), ins.TightenPrice(STOCK, 1, 1)):
        assert prices.refused(order) == "feeds: not configured"
    assert prices.refused(ins.AcceptPrice(STOCK)) == "feeds: no window"
    assert not any(prices.feed.termsOf(prices.stock)[1:2])


def test_other_terms_keep_the_price_for_lenders(prices: Prices) -> None:
    prices.say(SECOND, 80)
    prices.apply(usual(source=SECOND))
    assert prices.strict() == "feeds: not poked"
    assert prices.held()[0] == dollars(80)
    prices.poke()
    assert prices.strict()[0] == dollars(80)
