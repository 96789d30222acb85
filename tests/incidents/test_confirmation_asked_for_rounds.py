"""Who confirmed a split had to name the aggregator's rounds before and after it. Behind a proxy a round's id is phase
<< 64 | round, with gaps, and the search for the two stopped after 400: no split could be confirmed there."""

from support.contract_calls import Handle, named, refuses, set_clock
from support.issuance_world import ALICE, MINTER, WAD, Issuance, deploy_stub


def split_behind_a_proxy(suite: Issuance) -> Handle:
    """2:1 is in effect, and an aggregator of phase 7 shows 1,000 shares of before."""
    proxy = deploy_stub("StubProxy")
    for _ in range(7):
        proxy.replaceAggregator()
    suite.configure(oracle=proxy)
    proxy.push(1_000 * 10**8, 0)
    at = suite.record(suite.schedule("SPLF", num=2, den=1))["effectiveAt"]
    set_clock(at - 1)
    proxy.push(1_000 * 10**8, 12)
    set_clock(at)
    return proxy


def test_no_round_is_asked_for_however_many_there_were(suite: Issuance) -> None:
    """1,000 units owe 2,000 shares of 2,002, and one unit is two of them."""
    proxy = split_behind_a_proxy(suite)
    proxy.push(1_000 * 10**8, 500)
    assert proxy.latestRoundData()[0] == (7 << 64) + 1 + 13 + 501
    with refuses("reserve: split not shown"):
        suite.feed.confirmBasis(suite.stock, sender=named("mallory"))
    proxy.push(2_002 * 10**8, 3)
    suite.feed.confirmBasis(suite.stock, sender=named("mallory"))
    assert suite.feed.basis(suite.stock) == (2, 1, 1)
    suite.stock.mint(ALICE, WAD, sender=MINTER)
    with refuses("reserve: insufficient"):
        suite.stock.mint(ALICE, 1, sender=MINTER)


def test_an_aggregator_that_was_replaced_meanwhile_shows_it_in_its_first_round(suite: Issuance) -> None:
    proxy = split_behind_a_proxy(suite)
    proxy.replaceAggregator()
    proxy.push(2_000 * 10**8, 0)
    assert proxy.latestRoundData()[0] == (8 << 64) + 1
    suite.feed.confirmBasis(suite.stock)
    assert suite.feed.basis(suite.stock) == (2, 1, 1)
