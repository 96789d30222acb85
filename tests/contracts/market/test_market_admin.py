"""PrimaryMarket: assets, treasury, pause."""

import pytest
from support.contract_calls import MAX, ZERO, Event, deploy, named, refuses
from support.issuance_world import (
    ADMIN,
    ALICE,
    BOB,
    MINT,
    OTHERS,
    PAUSER,
    REDEEM,
    SIGNER,
    TREASURY,
    UNPAUSER,
    Issuance,
)


def test_as_deployed(suite: Issuance) -> None:
    market = deploy("PrimaryMarket", suite.roles, suite.registry, TREASURY)
    assert (market.paused(), market.treasury(), market.accessControl()) == (False, TREASURY, suite.roles.address)
    assert not market.assetListed(suite.coin)
    assert (market.quoteBitmap(SIGNER.address, 0), market.quoteEpoch(SIGNER.address)) == (0, 0)


def test_a_new_treasury_is_paid_and_pays(suite: Issuance) -> None:
    safe = named("another treasury")
    suite.market.setTreasury(safe, sender=ADMIN)
    assert suite.market.events() == [
        Event(suite.market.address, "TreasurySet", {"oldTreasury": TREASURY, "newTreasury": safe})
    ]
    suite.submit(suite.quote(MINT))
    assert suite.coin.balanceOf(safe) == 2_000 * 10**6
    with refuses("stablecoin: allowance"):
        suite.submit(suite.quote(REDEEM, nonce=2))
    suite.coin.approve(suite.market, 2_000 * 10**6, sender=safe)
    suite.submit(suite.quote(REDEEM, nonce=2))
    assert suite.coin.balanceOf(safe) == 0


def test_nobody_is_no_treasury(suite: Issuance) -> None:
    with refuses("market: zero address"):
        suite.market.setTreasury(ZERO, sender=ADMIN)


def test_listing(suite: Issuance) -> None:
    for listed in (True, True, False, False):
        suite.market.listAsset(suite.stock, listed, sender=ADMIN)
        assert suite.market.assetListed(suite.stock) == listed
        assert suite.market.events() == [
            Event(suite.market.address, "AssetListed", {"asset": suite.stock.address, "listed": listed})
        ]


def test_an_account_without_code_is_no_asset(suite: Issuance) -> None:
    for asset in (ZERO, named("nobody")):
        with refuses("market: not a contract"):
            suite.market.listAsset(asset, True, sender=ADMIN)
        suite.market.listAsset(asset, False, sender=ADMIN)


def test_who_stops_it_does_not_start_it(suite: Issuance) -> None:
    suite.market.pause(sender=PAUSER)
    assert suite.market.paused()
    assert suite.market.events() == [Event(suite.market.address, "Paused", {"account": PAUSER})]
    with refuses("roles: not authorised"):
        suite.market.unpause(sender=PAUSER)
    suite.market.unpause(sender=UNPAUSER)
    assert not suite.market.paused()
    assert suite.market.events() == [Event(suite.market.address, "Unpaused", {"account": UNPAUSER})]
    with refuses("roles: not authorised"):
        suite.market.pause(sender=UNPAUSER)


def test_a_second_pause_changes_nothing(suite: Issuance) -> None:
    for function, sender, paused in (
        (suite.market.unpause, UNPAUSER, False),
        (suite.market.pause, PAUSER, True),
        (suite.market.pause, PAUSER, True),
    ):
        function(sender=sender)
        assert suite.market.paused() == paused


@pytest.mark.parametrize(("decimals", "fits"), [(0, False), (1, False), (2, True), (18, True), (36, True), (37, False)])
def test_a_stablecoin_whose_cents_can_be_counted(suite: Issuance, decimals: int, fits: bool) -> None:
    asset = deploy("MockReserveOracle", decimals)  # which has decimals, whatever it is
    if fits:
        suite.market.listAsset(asset, True, sender=ADMIN)
    else:
        with refuses("market: bad decimals"):
            suite.market.listAsset(asset, True, sender=ADMIN)
    assert suite.market.assetListed(asset) == fits


ALLOWED = {"listAsset": "admin", "setTreasury": "admin", "pause": "pauser", "unpause": "unpauser"}


@pytest.mark.parametrize("function", ALLOWED)
@pytest.mark.parametrize("actor", OTHERS)
def test_each_function_and_its_role(suite: Issuance, function: str, actor: str) -> None:
    arguments = {"listAsset": (suite.coin, True), "setTreasury": (named("safe"),)}.get(function, ())
    call = getattr(suite.market, function)
    if actor == ALLOWED[function]:
        call(*arguments, sender=OTHERS[actor])
    else:
        with refuses("roles: not authorised"):
            call(*arguments, sender=OTHERS[actor])


def test_a_new_treasury_is_that_of_every_asset(suite: Issuance) -> None:
    """Of those that settled once and no longer, too, when they are listed again."""
    coins = [deploy("MockStablecoin") for _ in range(3)]
    for coin in coins:
        suite.market.listAsset(coin, True, sender=ADMIN)
        suite.market.listAsset(coin, True, sender=ADMIN)
        coin.mint(ALICE, 10**12)
        coin.approve(suite.market, MAX, sender=ALICE)
    suite.market.listAsset(coins[0], False, sender=ADMIN)
    suite.market.listAsset(coins[0], False, sender=ADMIN)
    suite.market.setTreasury(BOB, sender=ADMIN)
    assert [suite.market.assetListed(coin) for coin in coins] == [False, True, True]
    suite.market.listAsset(coins[0], True, sender=ADMIN)
    for nonce, coin in enumerate(coins):
        suite.submit(suite.quote(stablecoin=coin.address, nonce=nonce))
        assert coin.balanceOf(BOB) == 2_000 * 10**6


def test_sixteen_assets_at_most(suite: Issuance) -> None:
    coins = [deploy("MockStablecoin") for _ in range(16)]
    for coin in coins[:-1]:
        suite.market.listAsset(coin, True, sender=ADMIN)
    with refuses("market: too many assets"):
        suite.market.listAsset(coins[-1], True, sender=ADMIN)
    suite.market.listAsset(coins[0], True, sender=ADMIN)
    suite.market.listAsset(coins[3], False, sender=ADMIN)
    suite.market.listAsset(coins[-1], True, sender=ADMIN)
    with refuses("market: too many assets"):
        suite.market.listAsset(coins[3], True, sender=ADMIN)
    assert [suite.market.assetListed(coin) for coin in coins] == [one is not coins[3] for one in coins]
