"""What each constructor refuses, and the two mocks."""

import pytest
from support.contract_calls import MAX, ZERO, deploy, named, now, refuses
from support.issuance_world import ALICE, BOB, Issuance


@pytest.mark.parametrize(
    ("contract", "missing", "refusal"),
    [
        ("PrimaryMarket", 0, "roles: zero address"),
        ("PrimaryMarket", 1, "market: bad registry"),
        ("PrimaryMarket", 2, "market: zero address"),
        ("CorporateActions", 0, "roles: zero address"),
        ("CorporateActions", 1, "actions: bad registry"),
        ("CorporateActions", 2, "actions: bad feed"),
        ("ReserveFeed", 0, "roles: zero address"),
    ],
)
def test_no_zero_address(suite: Issuance, contract: str, missing: int, refusal: str) -> None:
    arguments = [suite.roles, suite.registry, suite.feed][: 1 if contract == "ReserveFeed" else 3]
    arguments[missing] = ZERO
    with refuses(refusal):
        deploy(contract, *arguments)


def test_the_stablecoin_of_demonstrations(suite: Issuance) -> None:
    coin = deploy("MockStablecoin")
    assert (coin.name(), coin.symbol(), coin.decimals()) == ("Mock Stablecoin", "mUSD", 6)
    coin.mint(ALICE, 100)
    assert coin.transfer(BOB, 30, sender=ALICE)
    with refuses("stablecoin: insufficient"):
        coin.transfer(BOB, 71, sender=ALICE)
    assert coin.approve(BOB, 50, sender=ALICE)
    assert coin.transferFrom(ALICE, BOB, 20, sender=BOB)
    assert coin.allowance(ALICE, BOB) == 30
    with refuses("stablecoin: allowance"):
        coin.transferFrom(ALICE, BOB, 31, sender=BOB)
    coin.approve(BOB, MAX, sender=ALICE)
    coin.transferFrom(ALICE, BOB, 50, sender=BOB)
    assert coin.allowance(ALICE, BOB) == MAX
    assert (coin.balanceOf(ALICE), coin.balanceOf(BOB), coin.totalSupply()) == (0, 100, 100)


def test_the_oracle_of_demonstrations() -> None:
    oracle = deploy("MockReserveOracle", 8)
    assert oracle.decimals() == 8
    assert oracle.latestRoundData() == (0, 0, 0, 0, 0)
    for round in (0, 1, 2**80 - 1):
        with refuses("No data present"):
            oracle.getRoundData(round)
    assert oracle.push(5, sender=named("anyone")) == 1
    assert oracle.pushAt(-7, 9) == 2
    assert oracle.getRoundData(1) == (1, 5, now(), now(), 1)
    assert oracle.getRoundData(2) == oracle.latestRoundData() == (2, -7, 9, 9, 2)
