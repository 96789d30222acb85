"""An investor comes by itself, with what a KYC provider signed about it."""

from dataclasses import dataclass, replace
from typing import Any

import boa
import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_utils import keccak
from support.contract_calls import MAX, ZERO, ZERO32, Handle, named, refuses, set_clock
from support.contract_orders import bring_about, change, every_two
from support.contract_stubs import deploy_stub as deploy_caller
from support.contract_world import (
    ADMIN,
    ALICE,
    COMPLIANCE,
    DAY,
    DOCUMENT,
    EVERYONE,
    EXPIRY,
    REASON,
    START,
    World,
)
from support.registry_stubs import deploy_stub

PROVIDER = Account.from_key(keccak(text="a KYC provider"))
IMPOSTOR = Account.from_key(keccak(text="an impostor"))
NEW = named("new wallet")
DEADLINE = START + DAY
ROLE = keccak(text="KYC_PROVIDER")
PROFESSIONAL = 2
FIELDS = {
    "provider": "address",
    "investor": "uint64",
    "wallet": "address",
    "country": "uint16",
    "investorClass": "uint8",
    "expiry": "uint256",
    "nonce": "uint256",
    "deadline": "uint256",
}


@dataclass(frozen=True)
class Attestation:
    """What a provider says."""

    provider: str = PROVIDER.address
    investor: int = 99
    wallet: str = NEW
    country: int = 276
    investorClass: int = PROFESSIONAL
    expiry: int = EXPIRY
    nonce: int = 1
    deadline: int = DEADLINE

    @property
    def values(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in FIELDS)

    def signed(self, registry: Handle, key: Any = PROVIDER, **domain: Any) -> bytes:
        """The EIP-712 signature, made by eth-account from the domain that the registry shows."""
        _, name, version, chain, contract, _, _ = registry.eip712Domain()
        shown = {"name": name, "version": version, "chainId": chain, "verifyingContract": contract} | domain
        types = {"Attestation": [{"name": one, "type": kind} for one, kind in FIELDS.items()]}
        message = {name: getattr(self, name) for name in FIELDS}
        return key.sign_message(encode_typed_data(shown, types, message)).signature


GOOD = Attestation()


@pytest.fixture
def registry(world: World) -> Handle:
    world.roles.grantRole(ROLE, PROVIDER.address, sender=ADMIN)
    return world.registry


def submit(registry: Handle, attestation: Attestation, signature: bytes | None = None, by: str = "") -> None:
    signed = attestation.signed(registry) if signature is None else signature
    registry.onboardWithAttestation(attestation.values, signed, sender=by or attestation.wallet)


def test_an_attested_investor_holds_at_once(world: World, registry: Handle) -> None:
    submit(registry, GOOD)
    onboarded, attested = registry.events()
    expected = {"investor": 99, "wallet": NEW, "country": 276, "investor_class": PROFESSIONAL, "expiry": EXPIRY}
    assert (onboarded.name, onboarded.values) == ("InvestorOnboarded", expected)
    assert attested.values == {"provider": PROVIDER.address.lower(), "investor": 99, "nonce": 1}
    assert registry.investorRecord(99) == (True, False, 276, PROFESSIONAL, EXPIRY)
    assert (registry.walletsOf(99), registry.attestationUsed(PROVIDER.address, 1)) == ((NEW,), True)
    assert world.stock.transfer(NEW, 1, sender=ALICE) is True


def test_the_digest_is_what_a_wallet_signs(registry: Handle) -> None:
    digest = registry.hashAttestation(GOOD.values)
    assert Account._recover_hash(digest, signature=GOOD.signed(registry)) == PROVIDER.address
    fields, name, version, _, contract, salt, extensions = registry.eip712Domain()
    assert (fields, name, version) == (b"\x0f", "Scrip ComplianceRegistry", "1")
    assert (contract, salt, extensions) == (registry.address, ZERO32, ())


class Attempt:
    """An onboarding that would be made, until a fault says otherwise."""

    def __init__(self, world: World) -> None:
        self.world, self.registry, self.by, self.attestation, self.key = world, world.registry, NEW, GOOD, PROVIDER

    def make(self) -> None:
        signature = self.attestation.signed(self.registry, self.key)
        self.registry.onboardWithAttestation(self.attestation.values, signature, sender=self.by)


def says(**fields: Any) -> Any:
    return lambda a: setattr(a, "attestation", replace(a.attestation, **fields))


FAULTS = {
    "attestation: not your wallet": change(by=ALICE),
    "attestation: expired": says(deadline=START - 1),
    "attestation: not a provider": lambda a: a.world.roles.revokeRole(ROLE, PROVIDER.address, sender=ADMIN),
    "attestation: provider dropped": lambda a: a.registry.dropProvider(
        PROVIDER.address, REASON, DOCUMENT, sender=COMPLIANCE
    ),
    "attestation: bad class": says(investorClass=4),
    "attestation: nonce used": lambda a: a.registry.cancelAttestation(1, sender=PROVIDER.address),
    "attestation: bad signature": change(key=IMPOSTOR),
    "registry: bad investor": says(investor=0),
    "registry: investor known": says(investor=1),
    "registry: bad expiry": says(expiry=0),
    "registry: bad country": says(country=0),
    "registry: wallet blocked": lambda a: a.world.block_wallet(NEW),
}


@every_two(FAULTS, ("registry: bad investor", "registry: investor known"))
def test_an_attestation_names_the_first_of_two_faults(world: World, registry: Handle, first: str, second: str) -> None:
    attempt = Attempt(world)
    bring_about(FAULTS, first, second, attempt)
    with refuses(first):
        attempt.make()


def test_an_attestation_serves_once(world: World, registry: Handle) -> None:
    submit(registry, GOOD)
    with refuses("attestation: nonce used"):
        submit(registry, GOOD)
    world.unlink(99, NEW)
    with refuses("attestation: nonce used"):
        submit(registry, GOOD)
    with refuses("registry: investor known"):
        submit(registry, replace(GOOD, nonce=2))
    submit(registry, replace(GOOD, nonce=0, investor=98))


def test_nonces_are_each_providers_own(world: World, registry: Handle) -> None:
    world.roles.grantRole(ROLE, IMPOSTOR.address, sender=ADMIN)
    registry.cancelAttestation(1, sender=IMPOSTOR.address)
    submit(registry, GOOD)
    other = replace(GOOD, provider=IMPOSTOR.address, investor=98, wallet=named("another"), nonce=MAX)
    submit(registry, other, other.signed(registry, IMPOSTOR))


def test_an_attestation_is_for_this_registry_on_this_chain(registry: Handle) -> None:
    for domain in ({"chainId": 5}, {"verifyingContract": "0x" + "11" * 20}, {"name": "Scrip"}, {"version": "2"}):
        with refuses("attestation: bad signature"):
            submit(registry, GOOD, GOOD.signed(registry, **domain))


@pytest.mark.parametrize("field", ["investor", "country", "investorClass", "expiry", "nonce", "deadline"])
def test_every_field_is_signed(registry: Handle, field: str) -> None:
    other = replace(GOOD, **{field: getattr(GOOD, field) - 1})
    with refuses("attestation: bad signature"):
        submit(registry, other, GOOD.signed(registry))


def test_a_signature_is_65_bytes_in_one_form(registry: Handle) -> None:
    good = GOOD.signed(registry)
    high = 2**256 - 432420386565659656852420866394968145599 - int.from_bytes(good[32:64], "big")
    twin = good[:32] + high.to_bytes(32, "big") + bytes([55 - good[64]])
    for bad in (b"", good[:64], bytes(65), good[:64] + b"\x00", twin):
        with refuses("attestation: bad signature"):
            submit(registry, GOOD, bad)


def test_the_deadline_is_the_last_second(registry: Handle) -> None:
    set_clock(DEADLINE + 1)
    with refuses("attestation: expired"):
        submit(registry, GOOD)
    set_clock(DEADLINE)
    submit(registry, GOOD)


def test_a_clearance_attested_in_the_past_clears_nothing(world: World, registry: Handle) -> None:
    submit(registry, replace(GOOD, expiry=START))
    with refuses("ERC7943CannotReceive", NEW):
        world.stock.transfer(NEW, 1, sender=ALICE)


def test_a_sanctioned_wallet_is_refused_whoever_attests(world: World, registry: Handle) -> None:
    oracle = deploy_stub("oracle")
    registry.setSanctionsOracle(oracle, sender=ADMIN)
    oracle.set_listed(NEW, True)
    with refuses("sanctions: listed"):
        submit(registry, GOOD)
    assert registry.attestationUsed(PROVIDER.address, 1) is False


# --- providers ---


def test_compliance_drops_a_provider_at_once_and_the_timelock_readmits_it(world: World, registry: Handle) -> None:
    drop = (PROVIDER.address, REASON, DOCUMENT)
    for name, actor in EVERYONE.items():
        if name != "compliance":
            with refuses("roles: not authorised"):
                registry.dropProvider(*drop, sender=actor)
        if name != "admin":
            with refuses("roles: not authorised"):
                registry.readmitProvider(PROVIDER.address, sender=actor)
    with refuses("attestation: not dropped"):
        registry.readmitProvider(PROVIDER.address, sender=ADMIN)
    for bad in ((PROVIDER.address, 0, DOCUMENT), (PROVIDER.address, REASON, ZERO32)):
        with refuses("registry: reason and document"):
            registry.dropProvider(*bad, sender=COMPLIANCE)
    registry.dropProvider(*drop, sender=COMPLIANCE)
    [event] = registry.events()
    assert event.values == {"provider": PROVIDER.address.lower(), "reason": REASON, "document": DOCUMENT}
    assert registry.providerDropped(PROVIDER.address) is True
    with refuses("attestation: provider dropped"):
        registry.dropProvider(*drop, sender=COMPLIANCE)
    with refuses("attestation: provider dropped"):
        submit(registry, GOOD)
    registry.readmitProvider(PROVIDER.address, sender=ADMIN)
    [event] = registry.events()
    assert (event.name, registry.providerDropped(PROVIDER.address)) == ("ProviderReadmitted", False)
    submit(registry, GOOD)


def test_whom_a_dropped_provider_attested_stays(world: World, registry: Handle) -> None:
    submit(registry, GOOD)
    registry.dropProvider(PROVIDER.address, REASON, DOCUMENT, sender=COMPLIANCE)
    assert world.stock.transfer(NEW, 1, sender=ALICE) is True


def test_a_provider_takes_back_what_it_signed(registry: Handle) -> None:
    registry.cancelAttestation(1, sender=PROVIDER.address)
    [event] = registry.events()
    assert event.values == {"provider": PROVIDER.address.lower(), "nonce": 1}
    with refuses("attestation: nonce used"):
        registry.cancelAttestation(1, sender=PROVIDER.address)
    with refuses("attestation: nonce used"):
        submit(registry, GOOD)


def test_a_contract_signs_by_erc_1271(world: World, registry: Handle) -> None:
    signer = deploy_stub("provider")
    world.roles.grantRole(ROLE, signer.address, sender=ADMIN)
    attestation = replace(GOOD, provider=signer.address)
    for signature in (b"", bytes(65), bytes(1024)):
        with refuses("attestation: bad signature"):
            submit(registry, attestation, signature)
    signer.approve_digest(registry.hashAttestation(attestation.values))
    with boa.env.anchor():
        submit(registry, attestation, bytes(1024))
    submit(registry, attestation, bytes(65))
    assert registry.investorOf(NEW) == 99


def test_a_provider_that_calls_back_while_it_is_asked_is_refused(world: World, registry: Handle) -> None:
    """It is asked statically: nothing it calls may change anything, its own attestation among it."""
    signer = deploy_stub("provider")
    world.roles.grantRole(ROLE, signer.address, sender=ADMIN)
    attestation = replace(GOOD, provider=signer.address)
    signer.approve_digest(registry.hashAttestation(attestation.values))
    signer.call_when_asked(registry, registry.selector("cancelAttestation", 1) + bytes(32))
    with refuses("attestation: bad signature"):
        submit(registry, attestation, bytes(65))


def test_a_wallet_that_is_a_contract_puts_itself_on_the_register(world: World, registry: Handle) -> None:
    wallet = deploy_caller("caller")
    attestation = replace(GOOD, wallet=wallet.address)
    with refuses("attestation: not your wallet"):
        submit(registry, attestation, by=ALICE)
    submit(registry, attestation)
    assert registry.investorOf(wallet.address) == 99


def test_the_zero_address_never_provides(world: World, registry: Handle) -> None:
    world.roles.grantRole(ROLE, ZERO, sender=ADMIN)
    with refuses("attestation: bad signature"):
        submit(registry, replace(GOOD, provider=ZERO), bytes(65))
