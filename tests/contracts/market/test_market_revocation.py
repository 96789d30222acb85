"""PrimaryMarket: the numbers of a signer's quotes, and their revocation, one by one and all at once."""

from dataclasses import replace

import boa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.contract_calls import MAX, Event, named, refuses, word32
from support.contract_stubs import deploy_stub as multisig
from support.issuance_world import ADMIN, ALICE, BOB, MINT, OTHERS, REDEEM, SIGNER, STRANGER, SUPPLY, WAD, Issuance

DESK = 2**160 - 1
ONE = 1 << 160
"""Of an epoch, what each revocation of all adds."""


@pytest.mark.parametrize("nonce", [0, 1, 255, 256, 257, 2**256 - 256, MAX])
def test_a_number_is_a_bit_of_its_signers_words(suite: Issuance, nonce: int) -> None:
    quote = suite.quote(nonce=nonce)
    suite.submit(quote)
    assert suite.market.quoteBitmap(SIGNER.address, nonce >> 8) == 1 << (nonce & 255)
    with refuses("market: quote used"):
        suite.submit(quote)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 600), min_size=1, max_size=12))
def test_whatever_the_order_of_its_numbers_each_quote_of_a_signer_serves_once(
    suite: Issuance, drawn: list[int]
) -> None:
    """Revocations stand in for mints, which set the same bits."""
    market, me, spent = suite.market, SIGNER.address, set[int]()
    with boa.env.anchor():
        for nonce in drawn:
            if nonce in spent:
                with refuses("market: quote used"):
                    market.revokeQuote(me, nonce, sender=me)
            else:
                market.revokeQuote(me, nonce, sender=me)
            spent.add(nonce)
        words = [market.quoteBitmap(me, word) for word in range(3)]
        assert {256 * word + bit for word, bits in enumerate(words) for bit in range(256) if bits >> bit & 1} == spent


def test_two_signers_number_their_quotes_apart(suite: Issuance) -> None:
    suite.roles.grantRole(word32("QUOTE_SIGNER"), STRANGER.address, sender=ADMIN)
    suite.submit(suite.quote())
    suite.submit(suite.quote(), signer=STRANGER)
    assert suite.stock.balanceOf(ALICE) == SUPPLY + 20 * WAD


def test_one_reference_may_be_that_of_two_quotes(suite: Issuance) -> None:
    """What keeps an order from being quoted twice is the desk, which alone signs by its key."""
    suite.submit(suite.quote())
    suite.submit(suite.quote(nonce=2))
    assert suite.stock.balanceOf(ALICE) == SUPPLY + 20 * WAD


@pytest.mark.parametrize("by", [SIGNER.address, ADMIN], ids=["its signer", "the admin"])
@pytest.mark.parametrize("side", [MINT, REDEEM])
def test_one_quote_is_revoked(suite: Issuance, side: int, by: str) -> None:
    quote, other = suite.quote(side), suite.quote(side, nonce=2)
    suite.market.revokeQuote(SIGNER.address, quote.nonce, sender=by)
    told = {"signer": SIGNER.address.lower(), "nonce": quote.nonce, "account": by.lower()}
    assert suite.market.events() == [Event(suite.market.address, "QuoteRevoked", told)]
    with refuses("market: quote used"):
        suite.submit(quote)
    suite.submit(other)


def test_a_quote_is_revoked_once_and_not_after_its_use(suite: Issuance) -> None:
    suite.submit(suite.quote())
    suite.market.revokeQuote(SIGNER.address, 2, sender=SIGNER.address)
    for nonce in (1, 2):
        with refuses("market: quote used"):
            suite.market.revokeQuote(SIGNER.address, nonce, sender=SIGNER.address)


@pytest.mark.parametrize("by", [SIGNER.address, ADMIN], ids=["the signer", "the admin"])
@pytest.mark.parametrize("side", [MINT, REDEEM])
@pytest.mark.parametrize("desk", [0, 1, DESK])
def test_all_quotes_of_a_signer_are_revoked(suite: Issuance, side: int, by: str, desk: int) -> None:
    old = suite.quote(side)
    suite.market.revokeQuotes(SIGNER.address, desk, sender=by)
    epoch = ONE + desk
    told = {"signer": SIGNER.address.lower(), "epoch": epoch, "account": by.lower()}
    assert suite.market.events() == [Event(suite.market.address, "QuotesRevoked", told)]
    assert suite.market.quoteEpoch(SIGNER.address) == epoch
    with refuses("market: quote revoked"):
        suite.submit(old)
    suite.submit(replace(old, epoch=epoch))


def test_an_epoch_never_comes_back(suite: Issuance) -> None:
    seen = {0}
    for desk in (7, 7, DESK, 0, 0, 7):
        suite.market.revokeQuotes(SIGNER.address, desk, sender=SIGNER.address)
        seen.add(suite.market.quoteEpoch(SIGNER.address))
        for epoch in sorted(seen)[:-1]:
            with refuses("market: quote revoked"):
                suite.submit(suite.quote(epoch=epoch))
    assert seen == {0, ONE + 7, 2 * ONE + 7, 3 * ONE + DESK, 4 * ONE, 5 * ONE, 6 * ONE + 7}


def test_an_epoch_to_come_is_as_void_as_one_that_is_over(suite: Issuance) -> None:
    for epoch in (1, ONE, ONE + 1, MAX):
        with refuses("market: quote revoked"):
            suite.submit(suite.quote(epoch=epoch))


def test_one_signers_revocation_is_no_others(suite: Issuance) -> None:
    suite.market.revokeQuotes(STRANGER.address, 1, sender=STRANGER.address)
    suite.market.revokeQuote(STRANGER.address, 1, sender=STRANGER.address)
    suite.submit(suite.quote())


@pytest.mark.parametrize("actor", [*OTHERS, ALICE, BOB])
def test_nobody_else_revokes(suite: Issuance, actor: str) -> None:
    if actor == "admin":
        return
    for call in (suite.market.revokeQuote, suite.market.revokeQuotes):
        with refuses("market: not your quotes"):
            call(SIGNER.address, 1, sender=OTHERS.get(actor, actor))


def test_who_may_sign_no_longer_may_still_revoke(suite: Issuance) -> None:
    suite.roles.revokeRole(word32("QUOTE_SIGNER"), SIGNER.address, sender=ADMIN)
    suite.market.revokeQuote(SIGNER.address, 1, sender=SIGNER.address)
    suite.market.revokeQuotes(SIGNER.address, 0, sender=SIGNER.address)
    suite.roles.grantRole(word32("QUOTE_SIGNER"), SIGNER.address, sender=ADMIN)
    with refuses("market: quote revoked"):
        suite.submit(suite.quote(nonce=2))


def test_a_pause_keeps_nobody_from_revoking(suite: Issuance) -> None:
    suite.market.pause(sender=named("pauser"))
    suite.market.revokeQuote(SIGNER.address, 1, sender=SIGNER.address)
    suite.market.revokeQuotes(SIGNER.address, 0, sender=SIGNER.address)


def test_a_contract_that_signs_revokes_its_own(suite: Issuance) -> None:
    """A Safe calls as itself."""
    safe = multisig("multisig", [named(f"owner {number}") for number in range(3)])
    suite.market.revokeQuotes(safe, 0, sender=safe.address)
    assert suite.market.quoteEpoch(safe) == ONE
