"""PrimaryMarket.redeem."""

import pytest
from support.contract_calls import MAX, Event, named, refuses, set_clock, word32
from support.issuance_world import (
    ALICE,
    CAROL,
    DAY,
    MINTER,
    PAUSER,
    REDEEM,
    SIGNER,
    START,
    SUPPLY,
    TREASURY,
    WAD,
    YEAR,
    Issuance,
)


def test_shares_for_stablecoin_in_one_transaction(suite: Issuance) -> None:
    received, paid = suite.coin.balanceOf(ALICE), suite.coin.balanceOf(TREASURY)
    suite.submit(suite.quote(REDEEM, amount=10 * WAD, settlement=2_000 * 10**6))
    assert suite.stock.balanceOf(ALICE) == suite.stock.totalSupply() == SUPPLY - 10 * WAD
    assert suite.coin.balanceOf(ALICE) == received + 2_000 * 10**6
    assert suite.coin.balanceOf(TREASURY) == paid - 2_000 * 10**6


def test_the_event(suite: Issuance) -> None:
    suite.submit(suite.quote(REDEEM))
    assert suite.market.events(suite.coin, suite.stock)[-1] == Event(
        suite.market.address,
        "Redeemed",
        {
            "token": suite.stock.address,
            "account": ALICE,
            "ref": word32("quote 1"),
            "stablecoin": suite.coin.address,
            "amount": 10 * WAD,
            "settlement": 2_000 * 10**6,
            "fee": 0,
            "signer": SIGNER.address.lower(),
            "nonce": 1,
        },
    )


def test_everything_at_once(suite: Issuance) -> None:
    suite.submit(suite.quote(REDEEM, amount=SUPPLY))
    assert suite.stock.totalSupply() == 0


def test_the_stock_refuses_before_the_stablecoin(suite: Issuance) -> None:
    suite.coin.approve(suite.market, 0, sender=TREASURY)
    with refuses("ERC20InsufficientBalance"):
        suite.submit(suite.quote(REDEEM, amount=SUPPLY + 1))
    with refuses("token: zero amount"):
        suite.submit(suite.quote(REDEEM, amount=0))
    with refuses("ERC20InsufficientBalance"):
        suite.submit(suite.quote(REDEEM, amount=MAX))
    with refuses("stablecoin: allowance"):
        suite.submit(suite.quote(REDEEM))
    assert suite.stock.balanceOf(ALICE) == SUPPLY


@pytest.mark.parametrize("settlement", [10**15 + 1, MAX])
def test_an_empty_treasury_burns_nothing(suite: Issuance, settlement: int) -> None:
    quote = suite.quote(REDEEM, settlement=settlement)
    with refuses("stablecoin: insufficient"):
        suite.submit(quote)
    assert suite.stock.balanceOf(ALICE) == SUPPLY
    assert not suite.is_spent(quote)


def test_a_lapsed_holder_still_leaves(suite: Issuance) -> None:
    set_clock(START + 60 * YEAR)
    suite.submit(suite.quote(REDEEM))
    assert suite.stock.balanceOf(ALICE) == SUPPLY - 10 * WAD


def test_neither_the_reserve_nor_its_age_stops_a_redemption(suite: Issuance) -> None:
    suite.attest(0)
    set_clock(START + 30 * DAY)
    suite.submit(suite.quote(REDEEM))


def test_a_blocked_holder_does_not(suite: Issuance) -> None:
    suite.registry.block(word32("key"), 1, 1, word32("document"), sender=named("compliance"))
    with refuses("ERC7943CannotSend", ALICE):
        suite.submit(suite.quote(REDEEM))


def test_pause_and_halt_of_the_stock_come_through(suite: Issuance) -> None:
    suite.stock.pause(sender=PAUSER)
    with refuses("token: paused"):
        suite.submit(suite.quote(REDEEM))
    suite.beacon.halt(sender=named("guardian"))
    with refuses("token: halted"):
        suite.submit(suite.quote(REDEEM))


def test_a_holder_of_nothing(suite: Issuance) -> None:
    suite.stock.mint(CAROL, 1, sender=MINTER)
    with refuses("ERC20InsufficientBalance", CAROL, 1, 2):
        suite.submit(suite.quote(REDEEM, account=CAROL, amount=2))
