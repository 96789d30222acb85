"""Investors who put themselves on the register with what a KYC provider has signed, and the providers."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from scrip import instructions as ins
from scrip.evm.chain import Call, Chain, Contract, ask_all
from scrip.evm.encoding import attestations
from scrip.evm.encoding.attestations import Attestation
from scrip.evm.encoding.values import CLASSES, SignedAttestation, Transaction, document_hash, investor_number
from scrip.evm.handlers.investors import REGISTRY
from scrip.evm.handlers.table import TRANSACTIONS, Facts
from scrip.model.state.attestations import Attestations
from scrip.plan import Address


def _call(sender: str, function: str, *args: object) -> Transaction:
    return Transaction(sender, "registry", REGISTRY, function, args)


@TRANSACTIONS.of(ins.OnboardAttested)
def onboard_attested(facts: Facts, order: ins.OnboardAttested) -> Transaction:
    """Put a new investor with a first wallet on the register, on a provider's word."""
    signed = facts.attested(order)
    return _call(order.by or order.wallet, "onboardWithAttestation", signed.attestation.values(), signed.signature)


@TRANSACTIONS.of(ins.CancelAttestation)
def cancel_attestation(_facts: Facts, order: ins.CancelAttestation) -> Transaction:
    """Take back what a provider signed."""
    return _call(order.provider, "cancelAttestation", order.nonce)


@TRANSACTIONS.of(ins.DropProvider)
def drop_provider(_facts: Facts, order: ins.DropProvider) -> Transaction:
    """Believe a provider no longer."""
    args = (Address(order.provider), order.reason, document_hash(order.document))
    return _call(order.by, "dropProvider", *args)


@TRANSACTIONS.of(ins.ReadmitProvider)
def readmit_provider(_facts: Facts, order: ins.ReadmitProvider) -> Transaction:
    """Believe a dropped provider again."""
    return _call(order.by, "readmitProvider", Address(order.provider))


TRANSACTIONS.lacks(ins.SetProvider, reason="a provider holds KYC_PROVIDER there, which has no limit")


def attestation_of(order: ins.OnboardAttested, at: Callable[[str], str]) -> Attestation:
    """The attestation that the provider is to sign; `at` gives an account's address."""
    terms = order.attestation
    return Attestation(
        provider=at(terms.provider),
        investor=investor_number(order.investor),
        wallet=at(order.wallet),
        country=order.country,
        investorClass=CLASSES[order.investor_class],
        expiry=order.expiry,
        nonce=terms.nonce,
        deadline=terms.deadline,
    )


def sign_attestation(chain: Chain, registry: Contract, order: ins.OnboardAttested) -> SignedAttestation:
    """The provider's attestation for an investor, with whatever fault its terms describe."""
    attestation, terms = attestation_of(order, chain.address), order.attestation
    typed = attestations.typed_message(attestation, chain.chain_id(), registry.address)
    return SignedAttestation(attestation, chain.sign("forger" if terms.forged else terms.provider, typed))


# --- read back -------------------------------------------------------------------------------------------------------


def read_attestations(
    chain: Chain, registry: Contract, nonces: Iterable[tuple[str, int]], providers: Iterable[str]
) -> Attestations:
    """Read which of these nonces have served, and which of these providers were dropped."""
    pairs, names = sorted(nonces), sorted(providers)
    used = ask_all(chain, [Call(registry, "attestationUsed", (chain.address(one), nonce)) for one, nonce in pairs])
    dropped = ask_all(chain, [Call(registry, "providerDropped", (chain.address(one),)) for one in names])
    return Attestations(
        {pair for pair, was_used in zip(pairs, used, strict=True) if was_used},
        {name for name, was_dropped in zip(names, dropped, strict=True) if was_dropped},
    )
