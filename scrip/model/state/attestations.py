"""What KYC providers have signed, as the registry keeps it: each nonce of a provider serves once."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Attestations:
    """`used` are providers with their nonces, `dropped` the providers that are believed no longer.

    `limits` say how many investors a provider may let in, ever, and `entered` how many it has; on Solana alone.
    """

    used: set[tuple[str, int]] = field(default_factory=set)
    dropped: set[str] = field(default_factory=set)
    limits: dict[str, int] = field(default_factory=dict)
    entered: dict[str, int] = field(default_factory=dict)
