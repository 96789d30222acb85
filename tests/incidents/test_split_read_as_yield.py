"""Pendle: an index that a split moves is read as yield. Ours keeps the split factor apart from the dividend index, and
a reader can tell one from the other before and after it takes effect."""

from support.contract_calls import set_clock
from support.contract_world import ACTIONS, START, UNIT, World

AT = START + 10


def test_a_split_leaves_the_index_and_a_dividend_leaves_the_factor(world: World) -> None:
    stock = world.stock
    stock.scheduleMultiplier(UNIT, 2, 1, AT, sender=ACTIONS)
    assert stock.multiplierTerms() == (UNIT, 1, 1, UNIT, 2, 1, AT)
    set_clock(AT)
    index, num, den = stock.multiplierTerms()[:3]
    assert (index, num, den, stock.uiMultiplier()) == (UNIT, 2, 1, 2 * UNIT)
    stock.scheduleMultiplier(UNIT * 11 // 10, 2, 1, AT + 10, sender=ACTIONS)
    set_clock(AT + 10)
    index, num, den = stock.multiplierTerms()[:3]
    assert (index, num, den, stock.uiMultiplier()) == (UNIT * 11 // 10, 2, 1, UNIT * 22 // 10)
