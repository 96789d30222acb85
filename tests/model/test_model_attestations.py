"""An investor who comes with what a KYC provider has signed."""

from dataclasses import replace

import pytest
from model_world import EXPIRY, START, STOCK, World

from scrip.instructions.attestations import (
    AttestationTerms,
    CancelAttestation,
    DropProvider,
    OnboardAttested,
    ReadmitProvider,
)
from scrip.instructions.base import Instruction
from scrip.instructions.investors import Block
from scrip.ledger import EVM
from scrip.model import ModelConfig

TERMS = AttestationTerms(nonce=7, deadline=START, provider="kyc")
CAROL = OnboardAttested("Carol", "carol", 826, "professional", EXPIRY, TERMS)


@pytest.fixture
def providing() -> World:
    """One provider; the issuer holds what else is needed."""
    roles = ("COMPLIANCE", "ADMIN", "ISSUER")
    holders = {role: frozenset({"issuer"}) for role in roles} | {"KYC_PROVIDER": frozenset({"kyc"})}
    return World(EVM, ModelConfig(holders=holders))


def terms(**changes: object) -> OnboardAttested:
    return replace(CAROL, attestation=replace(TERMS, **changes))


def test_the_investor_is_on_the_register(providing: World) -> None:
    providing.do(CAROL)
    record = providing.ledger.investors.records["Carol"]
    assert (record.wallets, record.country, record.investor_class, record.expiry) == (
        ["carol"],
        826,
        "professional",
        EXPIRY,
    )


@pytest.mark.parametrize(
    ("order", "name"),
    [
        (replace(terms(deadline=START - 1), by="mallory"), "attestation: not your wallet"),
        (terms(deadline=START - 1, provider="mallory"), "attestation: expired"),
        (terms(provider="mallory", forged=True), "attestation: not a provider"),
        (replace(terms(forged=True), investor_class="venue"), "attestation: bad class"),
        (replace(terms(forged=True), investor=""), "attestation: bad signature"),
        (replace(CAROL, investor=""), "registry: bad investor"),
        (replace(CAROL, wallet=""), "registry: zero address"),
        (replace(CAROL, expiry=0), "registry: bad expiry"),
        (replace(CAROL, country=0), "registry: bad country"),
        (replace(CAROL, country=1000), "registry: bad country"),
        (CancelAttestation("kyc", 8), ""),
        (ReadmitProvider("kyc"), "attestation: not dropped"),
        (DropProvider("kyc", 0, "d"), "registry: reason and document"),
        (DropProvider("kyc", 1, "d", by="kyc"), "roles: not authorised"),
        (ReadmitProvider("kyc", by="kyc"), "roles: not authorised"),
    ],
)
def test_what_is_refused_and_in_which_order(providing: World, order: Instruction, name: str) -> None:
    if name:
        assert providing.refused(order) == name
    else:
        providing.do(order)


def test_a_nonce_serves_once_and_only_of_its_provider(providing: World) -> None:
    providing.do(CancelAttestation("mallory", 7), CAROL)
    other = replace(terms(forged=True), investor="Dan", wallet="dan")
    assert providing.refused(other) == "attestation: nonce used"
    assert providing.refused(CancelAttestation("kyc", 7)) == "attestation: nonce used"
    providing.do(CancelAttestation("kyc", 8))
    assert providing.refused(replace(terms(nonce=8), investor="Dan", wallet="dan")) == "attestation: nonce used"


def test_a_refused_attestation_keeps_its_nonce(providing: World) -> None:
    assert providing.refused(replace(CAROL, expiry=0)) == "registry: bad expiry"
    providing.do(CAROL)


def test_a_dropped_provider_is_not_believed_until_it_is_readmitted(providing: World) -> None:
    providing.do(DropProvider("kyc", 1, "d"))
    assert providing.refused(DropProvider("kyc", 1, "d")) == "attestation: provider dropped"
    assert providing.refused(replace(CAROL, investor_class="venue")) == "attestation: provider dropped"
    providing.do(ReadmitProvider("kyc"), CAROL)


def test_nobody_touches_who_is_on_the_register(providing: World) -> None:
    providing.do(CAROL, Block("Carol", 1, "d"))
    again = terms(nonce=9)
    assert providing.refused(again) == "registry: wallet known"
    assert providing.refused(replace(again, wallet="carol2")) == "registry: investor known"
    assert STOCK not in providing.ledger.stocks
