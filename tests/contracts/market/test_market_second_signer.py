"""PrimaryMarket: from a threshold on two keys of two desks sign a quote."""

from __future__ import annotations

from typing import Any

import pytest
from eth_account import Account
from eth_utils import keccak
from support.contract_calls import MAX, ZERO, refuses
from support.issuance_world import ADMIN, MINT, REDEEM, SIGNER, STRANGER, WAD, Issuance, Quote, deploy_stub

SECOND = Account.from_key(keccak(text="second quote signer"))
FROM = 200_000
"""Cents: the world's quotes are of 2,000."""


@pytest.fixture
def two(suite: Issuance) -> Issuance:
    """Two keys sign from the world's quotes on; a price bounds them."""
    suite.bound()
    suite.roles.grantRole(keccak(text="QUOTE_SIGNER"), SECOND.address, sender=ADMIN)
    suite.market.setTerms(0, FROM, sender=ADMIN)
    return suite


def countersign(suite: Issuance, quote: Quote, key: Any = SECOND) -> bytes:
    digest = suite.market.hashCountersignature(quote.values, key.address)
    return bytes(Account.unsafe_sign_hash(digest, key.key).signature)


def submit(suite: Issuance, quote: Quote, second: str = SECOND.address, signature: bytes | None = None) -> None:
    function = suite.market.mint if quote.side == MINT else suite.market.redeem
    made = countersign(suite, quote) if signature is None else signature
    function(quote.values, SIGNER.address, suite.sign(quote), second, made, sender=quote.account)


@pytest.mark.parametrize("side", [MINT, REDEEM])
def test_from_the_threshold_on_two_sign(two: Issuance, side: int) -> None:
    below = two.quote(side, settlement=2_000 * 10**6 - 10_000)
    two.submit(below)
    # A part of a cent counts as one.
    for settlement in (2_000 * 10**6 - 9_999, 2_000 * 10**6, 3_000 * 10**6):
        with refuses("market: no second signature"):
            two.submit(two.quote(side, settlement=settlement, nonce=2))
    quote = two.quote(side, nonce=2)
    submit(two, quote)
    assert two.is_spent(quote)
    assert two.market.quoteBitmap(SECOND.address, 0) == 0
    with refuses("market: quote used"):
        submit(two, quote)


@pytest.mark.parametrize("side", [MINT, REDEEM])
def test_who_is_no_second_signer(two: Issuance, side: int) -> None:
    quote = two.quote(side)
    good = countersign(two, quote)
    two.roles.grantRole(keccak(text="QUOTE_SIGNER"), ZERO, sender=ADMIN)
    for second, signature in (
        (SIGNER.address, two.sign(quote)),
        (SIGNER.address, countersign(two, quote, SIGNER)),
        (STRANGER.address, countersign(two, quote, STRANGER)),
        (SECOND.address, two.sign(quote, SECOND)),
        (SECOND.address, countersign(two, quote, STRANGER)),
        (SECOND.address, b""),
        (SECOND.address, good[:-1]),
        (SECOND.address, countersign(two, two.quote(side, nonce=2))),
        (ZERO, good),
        (ZERO, b""),
    ):
        with refuses("market: no second signature"):
            submit(two, quote, second, signature)
    two.roles.revokeRole(keccak(text="QUOTE_SIGNER"), SECOND.address, sender=ADMIN)
    with refuses("market: no second signature"):
        submit(two, quote, SECOND.address, good)


def test_either_key_revokes_by_its_epoch(two: Issuance) -> None:
    quote = two.quote()
    good = countersign(two, quote)
    two.market.revokeQuotes(SECOND.address, 0, sender=SECOND.address)
    with refuses("market: no second signature"):
        submit(two, quote, SECOND.address, good)
    submit(two, quote)
    later = two.quote(nonce=2)
    two.market.revokeQuotes(SIGNER.address, 0, sender=SIGNER.address)
    with refuses("market: quote revoked"):
        submit(two, later)


def test_two_keys_of_one_desk_are_one_signer(two: Issuance) -> None:
    two.market.revokeQuotes(SIGNER.address, 7, sender=SIGNER.address)
    two.market.revokeQuotes(SECOND.address, 7, sender=SECOND.address)
    quote = two.quote(epoch=(1 << 160) + 7)
    with refuses("market: no second signature"):
        submit(two, quote)
    two.market.revokeQuotes(SECOND.address, 8, sender=SECOND.address)
    submit(two, quote)


def test_a_contract_signs_second_as_it_likes(two: Issuance) -> None:
    signer, signature = deploy_stub("StubSigner"), b"what?".ljust(65, b"!")
    two.roles.grantRole(keccak(text="QUOTE_SIGNER"), signer.address, sender=ADMIN)
    quote = two.quote()
    for mode, accepted in ((0, b"another"), (1, signature), (2, signature), (4, signature)):
        signer.set(mode, keccak(accepted))
        with refuses("market: no second signature"):
            submit(two, quote, signer.address, signature)
    signer.set(0, keccak(signature))
    submit(two, quote, signer.address, signature)


@pytest.mark.parametrize("side", [MINT, REDEEM])
def test_two_sign_whatever_no_price_bounds(suite: Issuance, side: int) -> None:
    """One stolen key signs next to nothing for a thousand shares, or a cent less than the threshold for a grain."""
    suite.roles.grantRole(keccak(text="QUOTE_SIGNER"), SECOND.address, sender=ADMIN)
    suite.market.setTerms(0, FROM, sender=ADMIN)
    for amount, settlement in ((1_000 * WAD, 1), (1_000 * WAD, 0), (1, FROM * 10**4 - 10_000)):
        quote = suite.quote(side, amount=amount, settlement=settlement)
        with refuses("market: no second signature"):
            suite.submit(quote)
        assert not suite.is_spent(quote)
    submit(suite, suite.quote(side, settlement=10**6))
    suite.market.setTerms(0, 0, sender=ADMIN)
    suite.submit(suite.quote(side, settlement=10**6, nonce=2))


def test_a_second_signature_that_nothing_asks_for_is_not_looked_at(suite: Issuance) -> None:
    suite.bound()
    submit(suite, suite.quote(), STRANGER.address, b"what?")
    suite.market.setTerms(0, FROM + 1, sender=ADMIN)
    submit(suite, suite.quote(nonce=2), STRANGER.address, b"what?")


def test_the_largest_settlement_asks_for_two(two: Issuance) -> None:
    with refuses("market: no second signature"):
        two.submit(two.quote(settlement=MAX))
