"""What KYC providers have signed, as the registry takes it: each nonce of a provider serves once."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field

from scrip import instructions as ins
from scrip.errors import Refusal
from scrip.model.reasons import check_grounds


@dataclass(slots=True)
class Attestations:
    """`used` are providers with their nonces, `dropped` the providers that are believed no longer."""

    used: set[tuple[str, int]] = field(default_factory=set)
    dropped: set[str] = field(default_factory=set)

    def check(self, order: ins.OnboardAttested, providers: Container[str], now: int) -> None:
        """Refuses, in order: not your wallet, expired, not a provider, provider dropped, bad class, nonce used, bad
        signature. `providers` hold the role."""
        terms = order.attestation
        faults = (
            ("not your wallet", order.by not in ("", order.wallet)),
            ("expired", now > terms.deadline),
            ("not a provider", terms.provider not in providers),
            ("provider dropped", terms.provider in self.dropped),
            ("bad class", order.investor_class == "venue"),
            ("nonce used", (terms.provider, terms.nonce) in self.used),
            ("bad signature", terms.forged),
        )
        for name, wrong in faults:
            if wrong:
                raise Refusal(f"attestation: {name}", terms.provider)

    def cancel(self, provider: str, nonce: int) -> None:
        """Make a nonce unusable. Refuses: nonce used."""
        if (provider, nonce) in self.used:
            raise Refusal("attestation: nonce used", str(nonce))
        self.used.add((provider, nonce))

    def drop(self, provider: str, reason: int, document: str) -> None:
        """Refuses, in order: reason and document, provider dropped."""
        check_grounds("registry", reason, document)
        if provider in self.dropped:
            raise Refusal("attestation: provider dropped", provider)
        self.dropped.add(provider)

    def readmit(self, provider: str) -> None:
        """Refuses: not dropped."""
        if provider not in self.dropped:
            raise Refusal("attestation: not dropped", provider)
        self.dropped.remove(provider)
