"""The instructions about KYC providers: each nonce that a provider signs under serves once."""

from __future__ import annotations

from scrip.errors import Refusal
from scrip.instructions.attestations import (
    CancelAttestation,
    DropProvider,
    OnboardAttested,
    ReadmitProvider,
    SetProvider,
)
from scrip.ledger.handlers import Handlers
from scrip.model.investors import check_address, record
from scrip.model.reasons import check_reason
from scrip.model.state import State

HANDLERS: Handlers[State, None] = Handlers("the model")


@HANDLERS.of(OnboardAttested)
def onboard_attested(state: State, order: OnboardAttested) -> None:
    """Put a new investor on the register, on a provider's word.

    Refuses, in order: not your wallet, expired, not a provider, provider dropped, bad class, nonce used, limit reached,
    bad signature, then as `investors.record`.
    """
    terms, kept = order.attestation, state.investors.attestations
    named = {*state.config.holding("KYC_PROVIDER"), *kept.limits}
    entered, limit = kept.entered.get(terms.provider, 0), kept.limits.get(terms.provider)
    faults = (
        ("not your wallet", order.by not in ("", order.wallet)),
        ("expired", state.now > terms.deadline),
        ("not a provider", terms.provider not in named),
        ("provider dropped", terms.provider in kept.dropped),
        ("bad class", order.investor_class == "venue"),
        ("nonce used", (terms.provider, terms.nonce) in kept.used),
        ("limit reached", limit is not None and entered >= limit),
        ("bad signature", terms.forged),
    )
    for name, wrong in faults:
        if wrong:
            raise Refusal(f"attestation: {name}", terms.provider)
    record(state.investors, order)
    kept.used.add((terms.provider, terms.nonce))
    if limit is not None:
        kept.entered[terms.provider] = entered + 1


@HANDLERS.of(CancelAttestation)
def cancel_attestation(state: State, order: CancelAttestation) -> None:
    """Take back what a provider signed under a nonce. Refuses: nonce used."""
    used = state.investors.attestations.used
    if (order.provider, order.nonce) in used:
        raise Refusal("attestation: nonce used", str(order.nonce))
    used.add((order.provider, order.nonce))


@HANDLERS.of(DropProvider)
def drop_provider(state: State, order: DropProvider) -> None:
    """Believe a provider no longer. Refuses, in order: reason and document, provider dropped."""
    check_reason("registry", order.reason, order.document)
    dropped = state.investors.attestations.dropped
    if order.provider in dropped:
        raise Refusal("attestation: provider dropped", order.provider)
    dropped.add(order.provider)


@HANDLERS.of(ReadmitProvider)
def readmit_provider(state: State, order: ReadmitProvider) -> None:
    """Believe a dropped provider again. Refuses: not dropped."""
    dropped = state.investors.attestations.dropped
    if order.provider not in dropped:
        raise Refusal("attestation: not dropped", order.provider)
    dropped.remove(order.provider)


@HANDLERS.of(SetProvider)
def set_provider(state: State, order: SetProvider) -> None:
    """Name a provider and how many investors it lets in; it is dropped no more. Refuses: zero address."""
    check_address(order.provider)
    kept = state.investors.attestations
    kept.limits[order.provider] = order.limit
    kept.dropped.discard(order.provider)
