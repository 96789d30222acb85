"""800 units were owed on chain A and 200 on chain B, on 1,000 shares. The 200 were redeemed and their shares sold, and
B's ceiling stood at 200 still: B minted 200 again, within its ceiling and within the 800 shares that were left, and
1,000 units were owed on 800."""

import pytest
from support.backing_stories import FIRST, SOURCES, Backing

from scrip import instructions as ins
from scrip.units import Shares


@pytest.mark.parametrize("where", SOURCES)
def test_what_the_other_chains_may_owe_is_not_minted_here(where: str) -> None:
    b = Backing(where)
    b.redeem(800)
    b.apply(ins.SetCeiling("MSFT", Shares.of(200), Shares.of(800), FIRST))
    b.is_full()
    b.redeem(200)
    b.holds(800)
    b.is_full()
    b.holds(850)
    b.mint(50)
    b.is_full()


@pytest.mark.parametrize("where", SOURCES)
def test_the_other_chain_mints_once_this_ones_ceiling_is_lowered(where: str) -> None:
    """A owes 800 on 800 shares. Ten shares more are B's as long as B may owe 200, and then A's."""
    a = Backing(where)
    a.redeem(200)
    a.apply(ins.SetCeiling("MSFT", Shares.of(1_000), Shares.of(200), FIRST))
    a.holds(810)
    a.is_full()
    a.apply(ins.SetCeiling("MSFT", Shares.of(1_000), Shares.of(0), FIRST))
    a.mint(10)
    a.is_full()
