"""What KYC providers have signed, as the registry keeps it: each nonce of a provider serves once."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Attestations:
    """`used` are providers with their nonces, `dropped` the providers that are believed no longer."""

    used: set[tuple[str, int]] = field(default_factory=set)
    dropped: set[str] = field(default_factory=set)
