"""ReserveFeed.attest: what ATTESTOR signs, and anyone publishes."""

from dataclasses import replace
from typing import Any

import pytest
from eth_account import Account
from eth_utils import keccak
from support.contract_calls import Event, named, now, refuses, set_clock
from support.issuance_world import ADMIN, ADMIN_ROLE, ALICE, DAY, MINTER, START, U128, WAD, Issuance

from scrip.evm.encoding import papers

KEY = Account.from_key(keccak(text="attestor"))
STRANGER = Account.from_key(keccak(text="stranger"))


@pytest.fixture
def attested(suite: Issuance) -> Issuance:
    """The stock's reserve is what ATTESTOR signs, and 10,000 shares are attested."""
    suite.roles.grantRole(keccak(text="ATTESTOR"), KEY.address, sender=ADMIN)
    suite.configure(oracle="0x" + "00" * 20)
    publish(suite, paper(suite))
    set_clock(now() + 1)
    return suite


def paper(suite: Issuance, **changes: Any) -> papers.Paper:
    """What can be published now, unless told otherwise."""
    num, den, counter = suite.basis()
    good = papers.Paper(
        token=suite.stock.address,
        attestor=KEY.address.lower(),
        reserve=10_000 * WAD,
        num=num,
        den=den,
        counter=counter,
        asOf=now(),
        ceiling=10**6 * WAD,
        others=0,
        nonce=suite.feed.attestation(suite.stock)[3],
        expiry=now(),
    )
    return replace(good, **changes)


def publish(suite: Issuance, one: papers.Paper, signed: papers.Paper | None = None, key: Any = KEY) -> None:
    chain = suite.feed.eip712Domain()[3]
    typed = papers.typed_message(signed or one, chain, suite.feed.address)
    signature = bytes(Account.sign_typed_data(key.key, full_message=typed).signature)
    suite.feed.attest(suite.stock, one.values(), signature, sender=named("anyone"))


def test_the_digest_is_the_packages(attested: Issuance) -> None:
    one = paper(attested)
    chain = attested.feed.eip712Domain()[3]
    digest = papers.digest(one, chain, attested.feed.address)
    assert attested.feed.hashPaper(attested.stock, one.values()) == digest


def test_what_is_attested_counts(attested: Issuance) -> None:
    publish(attested, paper(attested, reserve=1_100 * WAD, ceiling=1_090 * WAD, others=30 * WAD))
    event = attested.feed.events()[0]
    assert isinstance(event, Event)
    assert event.name == "Attested"
    assert attested.feed.coverage(attested.stock) == (1_100 * WAD, 1_000 * WAD, 0, 1_090 * WAD, 30 * WAD)
    attested.stock.mint(ALICE, 70 * WAD, sender=MINTER)
    with refuses("reserve: insufficient"):
        attested.stock.mint(ALICE, 1, sender=MINTER)


@pytest.mark.parametrize(
    ("refusal", "changes"),
    [
        ("reserve: wrong nonce", {"nonce": 1}),
        ("reserve: wrong nonce", {"nonce": -1}),
        ("reserve: paper expired", {"expiry": -1}),
        ("reserve: wrong basis", {"counter": 1}),
        ("reserve: wrong basis", {"num": 1}),
        ("reserve: bad config", {"reserve": U128}),
        ("reserve: bad config", {"ceiling": U128}),
        ("reserve: bad config", {"others": U128 + 1}),
        ("reserve: future answer", {"asOf": 1}),
        ("reserve: not newer", {"asOf": -1}),
    ],
)
def test_what_a_paper_is_refused_for(attested: Issuance, refusal: str, changes: dict[str, int]) -> None:
    good = paper(attested)
    with refuses(refusal):
        publish(attested, replace(good, **{name: getattr(good, name) + by for name, by in changes.items()}))
    publish(attested, good)
    with refuses("reserve: wrong nonce"):
        publish(attested, good)


def test_only_an_attestors_signature_of_just_this(attested: Issuance) -> None:
    good = paper(attested)
    with refuses("reserve: not an attestor"):
        publish(attested, good, key=STRANGER)
    with refuses("reserve: not an attestor"):
        publish(attested, replace(good, attestor=STRANGER.address.lower()), key=STRANGER)
    with refuses("reserve: not an attestor"):
        publish(attested, good, replace(good, reserve=1))
    attested.roles.revokeRole(keccak(text="ATTESTOR"), KEY.address, sender=ADMIN)
    with refuses("reserve: not an attestor"):
        publish(attested, good)
    assert attested.roles.hasRole(ADMIN_ROLE, ADMIN)


def test_an_aggregators_stock_takes_none(suite: Issuance) -> None:
    with refuses("reserve: not attested"):
        publish(suite, paper(suite))


def test_a_change_in_its_own_transaction_voids_every_paper_before(attested: Issuance) -> None:
    old = paper(attested, expiry=now() + DAY, ceiling=U128)
    attested.ceiling(0)
    with refuses("reserve: wrong nonce"):
        publish(attested, old)
    for change in (lambda: attested.configure(oracle="0x" + "00" * 20), lambda: attested.schedule("SPLF", "1")):
        old = paper(attested, expiry=now() + DAY)
        change()
        with refuses("reserve: wrong nonce"):
            publish(attested, old)


def test_it_counts_as_what_it_says_until_the_split_is_confirmed(attested: Issuance) -> None:
    at = attested.record(attested.schedule("SPLF", "1"))["effectiveAt"]
    publish(attested, paper(attested, num=2, counter=1, reserve=20_000 * WAD))
    assert attested.feed.coverage(attested.stock)[:2] == (20_000 * WAD, 2_000 * WAD)
    set_clock(at - 1)
    publish(attested, paper(attested, num=2, counter=1, reserve=20_000 * WAD))
    set_clock(at)
    with refuses("reserve: answer too old"):
        attested.feed.confirmBasis(attested.stock)
    publish(attested, paper(attested, num=1, counter=0))
    assert attested.feed.coverage(attested.stock)[:2] == (10_000 * WAD, 1_000 * WAD)
    with refuses("reserve: split not shown"):
        attested.feed.confirmBasis(attested.stock)
    set_clock(at + 1)
    publish(attested, paper(attested, reserve=20_000 * WAD))
    attested.feed.confirmBasis(attested.stock)
    assert attested.feed.basis(attested.stock) == (2, 1, 1)
    attested.stock.mint(ALICE, WAD, sender=MINTER)
    assert now() > START


def test_what_it_leaves_free_is_in_the_basis_that_it_names(attested: Issuance) -> None:
    publish(attested, paper(attested, reserve=1_100 * WAD))
    attested.announce("SPLF", "1", effectiveAt=START + 10 * DAY)
    free = (100 * WAD, 1_100 * WAD, 1_000 * WAD, 0, now())
    assert attested.feed.surplus(attested.stock) == free, "an announced split leaves no doubt"
    attested.schedule("SPLF", "2", effectiveAt=START + 9 * DAY)
    assert attested.feed.surplus(attested.stock) == free
    set_clock(now() + 1)
    publish(attested, paper(attested, num=2, counter=1, reserve=2_300 * WAD))
    assert attested.feed.surplus(attested.stock) == (300 * WAD, 2_300 * WAD, 2_000 * WAD, 1, now())


def test_what_was_attested_in_a_basis_that_does_not_come_says_nothing_more(attested: Issuance) -> None:
    id = attested.schedule("SPLF", num=2)
    publish(attested, paper(attested, num=2, counter=1, reserve=3_000 * WAD))
    assert attested.feed.coverage(attested.stock)[:2] == (3_000 * WAD, 2_000 * WAD)
    attested.cancel(id)
    assert attested.feed.attestation(attested.stock)[0] == 0
    with refuses("reserve: bad answer"):
        attested.stock.mint(ALICE, 1, sender=MINTER)
