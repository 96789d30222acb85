"""PrimaryMarket: what a quote costs on top, and how high it may be."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.contract_calls import MAX, Event, Handle, refuses
from support.issuance_world import ADMIN, ALICE, MINT, OTHERS, PAUSER, REDEEM, TREASURY, Issuance

from scrip.model.laws.fees import fee_of

SETTLEMENT = 2_000 * 10**6


def balances(suite: Issuance) -> tuple[int, int]:
    return suite.coin.balanceOf(ALICE), suite.coin.balanceOf(TREASURY)


def trade(suite: Issuance, name: str) -> dict[str, Any]:
    """What the market's event said."""
    (told,) = [one.values for one in suite.market.events(suite.coin, suite.stock) if one.name == name]
    return told


@pytest.mark.parametrize(
    ("settlement", "bps", "fee"),
    [(SETTLEMENT, 25, 5_000_000), (SETTLEMENT + 1, 25, 5_000_001), (1, 1, 1), (0, 500, 0), (SETTLEMENT, 0, 0)],
)
def test_a_mint_pays_it_on_top_and_a_redemption_is_paid_less(
    suite: Issuance, settlement: int, bps: int, fee: int
) -> None:
    suite.market.setTerms(500, 0, sender=ADMIN)
    alice, treasury = balances(suite)
    suite.submit(suite.quote(MINT, settlement=settlement, fee=bps))
    assert balances(suite) == (alice - settlement - fee, treasury + settlement + fee)
    told = trade(suite, "Minted")
    assert (told["settlement"], told["fee"]) == (settlement, fee)
    suite.submit(suite.quote(REDEEM, settlement=settlement, fee=bps, nonce=2))
    assert balances(suite) == (alice - 2 * fee, treasury + 2 * fee)
    told = trade(suite, "Redeemed")
    assert (told["settlement"], told["fee"]) == (settlement, fee)


@given(st.integers(0, MAX), st.integers(0, 500))
def test_the_chain_rounds_as_the_model_does(market: Handle, settlement: int, bps: int) -> None:
    assert market.feeOf(settlement, bps) == fee_of(settlement, bps)


@pytest.fixture(scope="module")
def market() -> Handle:
    """One that nobody trades at."""
    return Issuance().market


@pytest.mark.parametrize("side", [MINT, REDEEM])
def test_no_fee_is_over_the_cap(suite: Issuance, side: int) -> None:
    """Nor is there one where no cap was set."""
    for cap in (0, 10):
        suite.market.setTerms(cap, 0, sender=ADMIN)
        for fee in (cap + 1, 500, MAX):
            with refuses("market: fee over the cap"):
                suite.submit(suite.quote(side, fee=fee))
    suite.submit(suite.quote(side, fee=10))


def test_a_payer_without_enough_for_the_fee_pays_nothing(suite: Issuance) -> None:
    suite.market.setTerms(500, 0, sender=ADMIN)
    suite.coin.approve(suite.market, SETTLEMENT, sender=ALICE)
    quote = suite.quote(fee=1)
    before = balances(suite)
    with pytest.raises(Exception, match="allowance"):
        suite.submit(quote)
    assert balances(suite) == before
    assert not suite.is_spent(quote)


def test_the_fee_counts_in_no_bucket_and_a_limit_of_investors_keeps_its_terms(suite: Issuance) -> None:
    suite.bound()
    suite.market.setTerms(500, 10**12, sender=ADMIN)
    suite.market.setLimit(2, "0x" + "00" * 20, 200_000, 0, 60, sender=ADMIN)
    assert tuple(suite.market.quoteTerms()) == (500, 10**12)
    suite.submit(suite.quote(fee=500))
    assert tuple(suite.market.levelOf(2, "0x" + "00" * 20, 1)) == (200_000, 0)
    suite.market.pause(sender=PAUSER)
    assert (tuple(suite.market.quoteTerms()), suite.market.paused()) == ((500, 10**12), True)
    suite.market.setTerms(1, 1, sender=PAUSER)
    assert suite.market.paused()
    assert tuple(suite.market.limitOf(2, "0x" + "00" * 20)) == (200_000, 0, 60)


def test_the_pauser_tightens_terms_and_the_admin_loosens_them(suite: Issuance) -> None:
    for terms in ((1, 0), (1, 1)):
        with refuses("limits: would loosen"):
            suite.market.setTerms(*terms, sender=PAUSER)
    suite.market.setTerms(0, 500_000, sender=PAUSER)
    suite.market.setTerms(100, 500_000, sender=ADMIN)
    assert suite.market.events() == [Event(suite.market.address, "TermsSet", {"maxFeeBps": 100, "secondFrom": 500_000})]
    for terms in ((101, 500_000), (100, 500_001), (100, 0), (0, 0)):
        with refuses("limits: would loosen"):
            suite.market.setTerms(*terms, sender=PAUSER)
    suite.market.setTerms(100, 500_000, sender=PAUSER)
    suite.market.setTerms(99, 1, sender=PAUSER)
    suite.market.setTerms(500, 0, sender=ADMIN)
    assert tuple(suite.market.quoteTerms()) == (500, 0)


def test_terms_that_are_none(suite: Issuance) -> None:
    for terms in ((501, 0), (MAX, 0), (0, 2**47), (0, MAX)):
        with refuses("limits: bad terms"):
            suite.market.setTerms(*terms, sender=ADMIN)
    suite.market.setTerms(500, 2**47 - 1, sender=ADMIN)
    assert tuple(suite.market.quoteTerms()) == (500, 2**47 - 1)


@pytest.mark.parametrize("actor", sorted(set(OTHERS) - {"admin", "pauser"}))
def test_nobody_else_sets_terms(suite: Issuance, actor: str) -> None:
    with refuses("roles: not authorised"):
        suite.market.setTerms(0, 1, sender=OTHERS[actor])
