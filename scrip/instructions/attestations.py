"""Instructions about KYC providers: investors who put themselves on the register with what a provider has signed."""

from __future__ import annotations

from dataclasses import dataclass

from scrip.holder_limits import InvestorClass
from scrip.instructions.base import (
    ISSUER,
    Account,
    Document,
    Instruction,
    InvestorName,
    Nonce,
    ProviderName,
    RoleInstruction,
)
from scrip.roles import ADMIN

__all__ = ["AttestationTerms", "CancelAttestation", "DropProvider", "OnboardAttested", "ReadmitProvider", "SetProvider"]


@dataclass(frozen=True)
class AttestationTerms:
    """What a provider's attestation says beyond the investor. Valid while now <= deadline, once for each nonce.

    `deadline` is in UTC seconds. A `forged` one carries another signature than the provider's.
    """

    nonce: Nonce
    deadline: int
    provider: ProviderName = ISSUER
    forged: bool = False


@dataclass(frozen=True)
class OnboardAttested(Instruction):
    """A new investor with a first wallet, on a provider's word; `by` sends it, "" for the wallet itself.

    Fields as in Onboard. A venue cannot be made so, the provider must hold KYC_PROVIDER, and no other sender than the
    wallet is heard.
    """

    investor: InvestorName
    wallet: Account
    country: int
    investor_class: InvestorClass
    expiry: int
    attestation: AttestationTerms
    by: Account = ""


@dataclass(frozen=True)
class CancelAttestation(Instruction):
    """A provider takes back what it signed under a nonce. Harmless to all others, whoever sends it."""

    provider: ProviderName
    nonce: Nonce


@dataclass(frozen=True)
class DropProvider(RoleInstruction, role="COMPLIANCE"):
    """Believe a provider no longer, from now on; whom it attested stays. COMPLIANCE gives it."""

    provider: ProviderName
    reason: int
    document: Document


@dataclass(frozen=True)
class ReadmitProvider(RoleInstruction, role=ADMIN):
    """Believe a dropped provider again. The timelock's."""

    provider: ProviderName


@dataclass(frozen=True)
class SetProvider(RoleInstruction, role=ADMIN):
    """Name a KYC provider on Solana and how many investors it lets in, ever; it ends a drop. The timelock's.

    Refused: "registry: zero address". Elsewhere a provider holds KYC_PROVIDER, which has no limit.
    """

    provider: ProviderName
    limit: int
