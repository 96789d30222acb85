"""The night of a split, by hand: which price stands when a source switches before, at and after the stock does.

MSFT splits 2:1 at noon in New York, where it trades at 400 dollars, 200 after. A token is one share before and two
after, so it is worth 400 dollars all along: whoever says 200 or 800 has mixed a price and a multiplier of
different sides.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest
from support.price_world import OPEN, SOURCE, STOCK, WAD, Prices, dollars, usual

from scrip import instructions as ins

SPLIT = OPEN + 7_200
"""It is scheduled an hour and three quarters before, the notice in this world being an hour at least."""


class Row(NamedTuple):
    """One look: seconds from the split, what the source says, in dollars and as of when (None: nothing new), whether
    somebody pokes, and what comes of it: the refusal of the poke, the price to trade at, and that of lenders."""

    at: int
    says: int | None = None
    poke: str | None = None
    strict: int | str = "feeds: window"
    held: int = 400


AGREED = "agreed"

SHARE = {
    "the source switches with the stock": (
        Row(-3_600, 400, AGREED, 400),
        Row(-300, 401, AGREED, 401, 401),
        # A minute before, nobody trades, and nothing is agreed.
        Row(-61, None, None, 401, 401),
        Row(-60, 402, "feeds: window", "feeds: window", 401),
        Row(-1, None, None, "feeds: window", 401),
        # From its second on the multiplier is 2, and the source's answer is of before.
        Row(0, None, None, "feeds: window", 401),
        Row(5, None, AGREED, "feeds: window", 401),
        Row(6, None, "feeds: no answer since", "feeds: window", 401),
        # 200 × 2: the first good answer after it.
        Row(30, 200, AGREED, 400, 400),
        Row(90, 199, AGREED, 398, 398),
    ),
    "the source switches early": (
        Row(-3_600, 400, AGREED, 400),
        Row(-600, 399, AGREED, 399, 399),
        # 200 × 1 before the split is half the price.
        Row(-120, 200, "feeds: outside the band", 399, 399),
        Row(-30, 200, "feeds: window", "feeds: window", 399),
        Row(0, None, AGREED, "feeds: window", 399),
        Row(60, 201, AGREED, 402, 402),
    ),
    "the source switches late": (
        Row(-600, 400, AGREED, 400),
        Row(1, None, AGREED, "feeds: window", 400),
        # 400 × 2 after the split is twice the price.
        Row(30, 400, "feeds: outside the band", "feeds: window", 400),
        Row(600, 399, "feeds: outside the band", "feeds: window", 400),
        Row(900, 200, AGREED, 400, 400),
    ),
    "nobody pokes for half an hour": (
        Row(-600, 400, AGREED, 400),
        Row(600, 200, None, "feeds: window", 400),
        # The answer is of after the split, and yet not of after it was seen: the next one counts.
        Row(1_800, None, AGREED, "feeds: window", 400),
        Row(1_860, None, "feeds: no answer since", "feeds: window", 400),
        Row(1_900, 201, AGREED, 402, 402),
    ),
}
RAW = {
    "the raw price does not move": (
        Row(-600, 400, AGREED, 400),
        Row(-30, 401, "feeds: window", "feeds: window", 400),
        Row(0, 401, AGREED, "feeds: window", 400),
        Row(30, 401, AGREED, 401, 401),
    ),
    "the source's own multiplier is late": (
        Row(-600, 400, AGREED, 400),
        Row(0, 400, AGREED, "feeds: window", 400),
        # Its share price is 200 already, its multiplier 1 still.
        Row(30, 200, "feeds: outside the band", "feeds: window", 400),
        Row(60, 400, AGREED, 400, 400),
    ),
}


@pytest.mark.parametrize("story", SHARE)
def test_a_price_of_a_share(story: str) -> None:
    play(SHARE[story], "share")


@pytest.mark.parametrize("story", RAW)
def test_a_price_of_raw_units(story: str) -> None:
    play(RAW[story], "raw")


def play(rows: tuple[Row, ...], basis: ins.PriceBasis) -> None:
    prices = Prices.ready(basis=basis)
    prices.poke()
    prices.advance(900)
    prices.schedule(2 * WAD, SPLIT)
    for row in rows:
        prices.at(SPLIT + row.at)
        if row.says is not None:
            prices.say(SOURCE, row.says)
        if row.poke == AGREED:
            prices.poke()
        elif row.poke is not None:
            assert prices.refused(ins.PokePrice(STOCK)) == row.poke, row
        found = prices.strict()
        assert (found if isinstance(found, str) else found[0]) == told(row.strict), row
        assert prices.held()[0] == dollars(row.held), row
        assert prices.paused() == (row.at >= -60 and isinstance(row.strict, str)), row
        prices.agree()


def told(price: int | str) -> int | str:
    return price if isinstance(price, str) else dollars(price)


def test_lenders_have_the_old_price_as_of_when_it_was() -> None:
    prices = Prices.ready()
    prices.poke()
    prices.schedule(2 * WAD, SPLIT)
    prices.say(SOURCE, 401, at=SPLIT - 4_000)
    prices.at(SPLIT - 3_600)
    prices.poke()
    prices.at(SPLIT + 86_400)
    prices.say(SOURCE, 500)
    assert prices.held() == (dollars(401), SPLIT - 4_000)


def test_a_reinvested_dividend_moves_the_raw_price_by_nothing() -> None:
    """4 dollars of 400 are reinvested at 396: the share falls by them, the token holds that much more of it."""
    prices = Prices.ready()
    prices.poke()
    prices.schedule(WAD * 400 // 396, SPLIT)
    prices.at(SPLIT)
    prices.poke()
    prices.advance(10)
    prices.say(SOURCE, 396)
    prices.poke()
    price, _, _ = prices.strict()
    assert dollars(400) - price < 10**3


def test_a_change_that_was_scheduled_after_the_last_poke_is_not_traded_over() -> None:
    """A price is good for the shortest notice, less a minute: no change since can have taken effect."""
    prices = Prices.ready()
    prices.poke()
    prices.schedule(2 * WAD, OPEN + 3_600)
    prices.at(OPEN + 3_539)
    assert prices.strict()[0] == dollars(400)
    prices.at(OPEN + 3_540)
    assert prices.strict() == "feeds: not poked"
    assert prices.refused(ins.PokePrice(STOCK)) == "feeds: window"


def test_a_change_that_is_cancelled_in_time_leaves_the_price() -> None:
    prices = Prices.ready()
    prices.poke()
    prices.schedule(2 * WAD, SPLIT)
    prices.at(SPLIT - 30)
    prices.say(SOURCE, 400)
    assert prices.refused(ins.PokePrice(STOCK)) == "feeds: window"
    prices.cancel()
    prices.poke()
    prices.at(SPLIT + 30)
    assert prices.strict()[0] == dollars(400)


def test_a_second_change_opens_the_window_anew() -> None:
    prices = Prices.ready()
    prices.poke()
    prices.schedule(2 * WAD, SPLIT)
    prices.at(SPLIT + 10)
    prices.poke()
    prices.schedule(4 * WAD, SPLIT + 4_000)
    prices.at(SPLIT + 4_001)
    prices.say(SOURCE, 100, at=SPLIT + 4_000)
    prices.poke()
    assert prices.refused(ins.PokePrice(STOCK)) == "feeds: no answer since"
    prices.advance(60)
    prices.say(SOURCE, 100)
    prices.poke()
    assert prices.strict()[0] == dollars(400)
    prices.agree()


def test_a_price_before_the_first_is_in_no_band() -> None:
    prices = Prices.ready()
    assert prices.strict() == prices.held() == "feeds: no price"
    assert prices.paused()
    prices.schedule(2 * WAD, OPEN + 7_200)
    prices.say(SOURCE, 3)
    prices.poke()
    assert prices.strict()[0] == dollars(3)
    prices.apply(usual())
    assert prices.strict() == "feeds: not poked"
