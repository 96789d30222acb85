"""PrimaryMarket.mint, and what every quote must satisfy."""

from dataclasses import replace
from typing import Any

import pytest
from support.contract_calls import MAX, ZERO, Event, named, now, refuses, set_clock, word32
from support.issuance_world import (
    ADMIN,
    ALICE,
    BOB,
    CAROL,
    DAY,
    HOUR,
    MALLORY,
    MINT,
    PAUSER,
    REDEEM,
    SIGNER,
    START,
    STRANGER,
    SUPPLY,
    TREASURY,
    WAD,
    Issuance,
)


def test_stablecoin_for_shares_in_one_transaction(suite: Issuance) -> None:
    paid, received = suite.coin.balanceOf(ALICE), suite.coin.balanceOf(TREASURY)
    suite.submit(suite.quote(amount=10 * WAD, settlement=2_000 * 10**6))
    assert suite.stock.balanceOf(ALICE) == SUPPLY + 10 * WAD
    assert suite.stock.totalSupply() == SUPPLY + 10 * WAD
    assert suite.coin.balanceOf(ALICE) == paid - 2_000 * 10**6
    assert suite.coin.balanceOf(TREASURY) == received + 2_000 * 10**6
    assert suite.coin.balanceOf(suite.market.address) == 0
    assert suite.is_spent(suite.quote())


def test_the_event(suite: Issuance) -> None:
    suite.submit(suite.quote())
    events = suite.market.events(suite.coin, suite.stock)
    assert [event.name for event in events] == ["Transfer", "Transfer", "Minted"]
    assert events[-1] == Event(
        suite.market.address,
        "Minted",
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


def test_a_free_quote(suite: Issuance) -> None:
    suite.submit(suite.quote(settlement=0))
    assert suite.stock.balanceOf(ALICE) == SUPPLY + 10 * WAD


@pytest.mark.parametrize("side", [MINT, REDEEM])
def test_valid_until_the_second_before_its_expiry(suite: Issuance, side: int) -> None:
    last, late = suite.quote(side), suite.quote(side, nonce=2)
    set_clock(last.expiry - 1)
    suite.submit(last)
    for instant in (late.expiry, late.expiry + 1):
        set_clock(instant)
        with refuses("market: quote expired"):
            suite.submit(late)


@pytest.mark.parametrize("expiry", [0, START])
def test_never_valid(suite: Issuance, expiry: int) -> None:
    with refuses("market: quote expired"):
        suite.submit(suite.quote(expiry=expiry))


def test_valid_for_ever(suite: Issuance) -> None:
    suite.submit(suite.quote(expiry=MAX))


@pytest.mark.parametrize("side", [MINT, REDEEM])
def test_used_once(suite: Issuance, side: int) -> None:
    quote = suite.quote(side)
    suite.submit(quote)
    for again in (quote, replace(quote, amount=WAD), suite.quote(1 - side)):
        with refuses("market: quote used"):
            suite.submit(again)


def test_one_number_is_not_shared_between_accounts(suite: Issuance) -> None:
    suite.submit(suite.quote())
    with refuses("market: quote used"):
        suite.submit(suite.quote(account=BOB))


@pytest.mark.parametrize(("signed", "called"), [(MINT, REDEEM), (REDEEM, MINT), (2, MINT), (2, REDEEM), (255, MINT)])
def test_the_side_is_part_of_the_quote(suite: Issuance, signed: int, called: int) -> None:
    with refuses("market: wrong side"):
        suite.submit(suite.quote(signed), side=called)


@pytest.mark.parametrize("side", [MINT, REDEEM])
def test_only_the_account_itself(suite: Issuance, side: int) -> None:
    for sender in (BOB, MALLORY, SIGNER.address, ADMIN):
        with refuses("market: not your quote"):
            suite.submit(suite.quote(side), sender=sender)


@pytest.mark.parametrize("side", [MINT, REDEEM])
def test_only_listed_stablecoins(suite: Issuance, side: int) -> None:
    for asset in (suite.stock.address, named("nobody"), ZERO):
        with refuses("market: asset not listed"):
            suite.submit(suite.quote(side, stablecoin=asset))
    suite.market.listAsset(suite.coin, False, sender=ADMIN)
    with refuses("market: asset not listed"):
        suite.submit(suite.quote(side))


@pytest.mark.parametrize("side", [MINT, REDEEM])
def test_only_stocks_of_the_registry(suite: Issuance, side: int) -> None:
    for token in (suite.coin.address, named("nobody"), ZERO, suite.implementations[0].address):
        with refuses("market: unknown stock"):
            suite.submit(suite.quote(side, token=token))


@pytest.mark.parametrize("side", [MINT, REDEEM])
@pytest.mark.parametrize("code", ["SPLF", "DRIP"])
def test_a_quote_dies_with_its_multiplier(suite: Issuance, side: int, code: str) -> None:
    id = suite.schedule(code)
    quote = suite.quote(side, expiry=START + 9 * DAY)
    set_clock(START + 2 * DAY)
    suite.attest(20_000)
    assert suite.record(id)["status"] == 4
    with refuses("market: multiplier changed"):
        suite.submit(quote)
    if code == "SPLF":
        suite.adopt()
    suite.submit(suite.quote(side))


def test_a_quote_outlives_a_scheduled_multiplier(suite: Issuance) -> None:
    suite.schedule()
    quote = suite.quote(expiry=START + 9 * DAY)
    set_clock(START + 2 * DAY - 1)
    suite.attest(10_000)
    suite.submit(quote)


@pytest.mark.parametrize("generation", [1, MAX])
def test_a_quote_for_a_multiplier_to_come(suite: Issuance, generation: int) -> None:
    with refuses("market: multiplier changed"):
        suite.submit(suite.quote(generation=generation))


def test_a_pause_stops_both_sides(suite: Issuance) -> None:
    suite.market.pause(sender=PAUSER)
    for side in (MINT, REDEEM):
        with refuses("market: paused"):
            suite.submit(suite.quote(side))


def test_the_order_of_refusals(suite: Issuance) -> None:
    used = suite.quote()
    suite.submit(used)
    # Numbers are each signer's own, a stranger's too.
    suite.market.revokeQuote(STRANGER.address, used.nonce, sender=STRANGER.address)
    suite.market.pause(sender=PAUSER)
    quote = suite.quote(
        REDEEM,
        account=BOB,
        expiry=START,
        stablecoin=named("x"),
        token=named("y"),
        generation=9,
        epoch=3,
        nonce=used.nonce,
    )
    steps: list[tuple[str, dict[str, Any]]] = [
        ("market: wrong side", {"side": MINT}),
        ("market: not your quote", {"account": ALICE}),
        ("market: quote expired", {"expiry": now() + HOUR}),
        ("market: asset not listed", {"stablecoin": suite.coin.address}),
        ("market: unknown stock", {"token": suite.stock.address}),
        ("market: multiplier changed", {"generation": 0}),
        ("market: quote revoked", {"epoch": 0}),
        ("market: quote used", {"nonce": 2}),
    ]
    with refuses("market: paused"):
        suite.submit(quote, sender=ALICE, side=MINT)
    suite.market.unpause(sender=named("unpauser"))
    for refusal, correction in steps:
        with refuses(refusal):
            suite.submit(quote, sender=ALICE, side=MINT, signer=STRANGER)
        quote = replace(quote, **correction)
    with refuses("market: not a quote signer"):
        suite.submit(quote, signer=STRANGER)
    with refuses("market: bad signature"):
        suite.market.mint(quote.values, SIGNER.address, suite.sign(quote, STRANGER), sender=ALICE)
    suite.submit(quote)


def test_the_stablecoin_refuses_before_the_stock(suite: Issuance) -> None:
    """Carol has approved nothing, then owns nothing, then may not hold the stock."""
    quote = suite.quote(account=CAROL)
    suite.registry.block(word32("key"), 3, 1, word32("document"), sender=named("compliance"))
    with refuses("stablecoin: allowance"):
        suite.submit(quote)
    suite.coin.approve(suite.market, MAX, sender=CAROL)
    with refuses("stablecoin: insufficient"):
        suite.submit(quote)
    suite.coin.mint(CAROL, 2_000 * 10**6)
    with refuses("ERC7943CannotReceive", CAROL):
        suite.submit(quote)
    assert suite.coin.balanceOf(CAROL) == 2_000 * 10**6
    assert not suite.is_spent(quote)


def test_the_stocks_refusals_come_through(suite: Issuance) -> None:
    with refuses("token: zero amount"):
        suite.submit(suite.quote(amount=0))
    for amount in (2**128, MAX):
        with refuses("token: supply too large"):
            suite.submit(suite.quote(amount=amount))
    with refuses("reserve: insufficient"):
        suite.submit(suite.quote(amount=9_000 * WAD + 1))
    suite.stock.pause(sender=PAUSER)
    with refuses("token: paused"):
        suite.submit(suite.quote())
    suite.beacon.halt(sender=named("guardian"))
    with refuses("token: halted"):
        suite.submit(suite.quote())


def test_the_largest_settlement(suite: Issuance) -> None:
    with refuses("stablecoin: insufficient"):
        suite.submit(suite.quote(settlement=MAX))


def test_a_market_without_its_role(suite: Issuance) -> None:
    suite.roles.revokeRole(word32("MINTER"), suite.market, sender=ADMIN)
    for side in (MINT, REDEEM):
        with refuses("roles: not authorised"):
            suite.submit(suite.quote(side))
