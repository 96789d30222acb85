"""PrimaryMarket: assets, treasury, pause."""

import pytest
from support.contract_calls import ZERO, Event, deploy, named, refuses
from support.issuance_world import ADMIN, MINT, OTHERS, PAUSER, REDEEM, SIGNER, TREASURY, UNPAUSER, Issuance


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
