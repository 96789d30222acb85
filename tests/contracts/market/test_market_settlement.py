"""Stablecoins that misbehave, and those that call back."""

import pytest
from eth_abi import encode
from support.contract_calls import Handle, named, refuses, word32
from support.issuance_world import (
    ADMIN,
    ALICE,
    MINT,
    REDEEM,
    SIGNER,
    SUPPLY,
    WAD,
    Issuance,
    Quote,
    deploy_stub,
)

QUOTE = "(address,uint8,address,address,uint256,uint256,uint256,uint256,bytes32,uint256,uint256,uint256)"


@pytest.fixture
def coin(suite: Issuance) -> Handle:
    stub = deploy_stub("StubStablecoin")
    suite.market.listAsset(stub, True, sender=ADMIN)
    return stub


@pytest.mark.parametrize("side", [MINT, REDEEM])
@pytest.mark.parametrize("mode", [0, 2, 7], ids=["answers True", "answers nothing", "pays more"])
def test_stablecoins_that_work(suite: Issuance, coin: Handle, side: int, mode: int) -> None:
    coin.set_mode(mode)
    suite.submit(suite.quote(side, stablecoin=coin.address))
    assert suite.stock.balanceOf(ALICE) == SUPPLY + (10 if side == MINT else -10) * WAD


@pytest.mark.parametrize("side", [MINT, REDEEM])
@pytest.mark.parametrize(
    ("mode", "refusal"),
    [
        (1, "market: payment failed"),
        (3, ""),
        (4, "coin: blacklisted"),
        (5, "market: payment short"),
        (6, "market: payment short"),
    ],
    ids=["answers False", "reverts silently", "reverts with its own words", "keeps a fee", "moves nothing"],
)
def test_stablecoins_that_do_not(suite: Issuance, coin: Handle, side: int, mode: int, refusal: str) -> None:
    coin.set_mode(mode)
    quote = suite.quote(side, stablecoin=coin.address)
    with refuses(refusal):
        suite.submit(quote)
    assert suite.stock.balanceOf(ALICE) == SUPPLY
    assert not suite.is_spent(quote)


def test_who_pays_itself_has_paid(suite: Issuance) -> None:
    """The treasury, which may be an investor too: what it pays arrives where it was."""
    suite.market.setTreasury(ALICE, sender=ADMIN)
    before = suite.coin.balanceOf(ALICE)
    suite.submit(suite.quote())
    assert suite.coin.balanceOf(ALICE) == before
    assert suite.stock.balanceOf(ALICE) == SUPPLY + 10 * WAD


def calldata(suite: Issuance, quote: Quote) -> bytes:
    function = "mint" if quote.side == MINT else "redeem"
    arguments = encode([QUOTE, "address", "bytes"], [quote.values, SIGNER.address, suite.sign(quote)])
    return suite.market.selector(function, 3) + arguments


@pytest.mark.parametrize("outer", [MINT, REDEEM])
@pytest.mark.parametrize("inner", [MINT, REDEEM])
@pytest.mark.parametrize("nonce", [1, 2], ids=["the same quote", "another quote"])
def test_re_entry_is_refused(suite: Issuance, coin: Handle, outer: int, inner: int, nonce: int) -> None:
    """The stablecoin itself is the inner quote's account, so that nothing but the lock stands in its way."""
    suite.registry.onboard(word32("evil"), [(9, coin.address, 840, 1, 2**40 - 1)], sender=named("compliance"))
    suite.stock.mint(coin, 100 * WAD, sender=named("minter"))
    nested = suite.quote(inner, account=coin.address, stablecoin=coin.address, nonce=nonce, settlement=0)
    coin.set_callback(suite.market, calldata(suite, nested))
    suite.submit(suite.quote(outer, stablecoin=coin.address))
    succeeded, answer = coin.callback_result()
    assert not succeeded
    assert answer == b""
    assert suite.stock.balanceOf(coin.address) == 100 * WAD
    assert suite.stock.balanceOf(ALICE) == SUPPLY + (10 if outer == MINT else -10) * WAD


def test_the_quote_is_used_before_the_stablecoin_is_called(suite: Issuance, coin: Handle) -> None:
    quote = suite.quote(stablecoin=coin.address)
    asked = encode(["address", "uint256"], [SIGNER.address, quote.nonce >> 8])
    coin.set_callback(suite.market, suite.market.selector("quoteBitmap", 2) + asked)
    suite.submit(quote)
    assert coin.callback_result() == (True, (1 << quote.nonce).to_bytes(32, "big"))


def test_no_supply_exists_before_it_is_paid_for(suite: Issuance, coin: Handle) -> None:
    coin.set_callback(suite.stock, suite.stock.selector("totalSupply", 0))
    suite.submit(suite.quote(stablecoin=coin.address))
    assert coin.callback_result() == (True, SUPPLY.to_bytes(32, "big"))


def test_nothing_is_paid_for_shares_that_still_exist(suite: Issuance, coin: Handle) -> None:
    coin.set_callback(suite.stock, suite.stock.selector("totalSupply", 0))
    suite.submit(suite.quote(REDEEM, stablecoin=coin.address))
    assert coin.callback_result() == (True, (SUPPLY - 10 * WAD).to_bytes(32, "big"))
