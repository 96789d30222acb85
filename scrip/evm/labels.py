"""What an Ethereum-family chain writes for names and states: the ids of roles, the bits of an account word."""

from __future__ import annotations

from functools import lru_cache

from eth_utils import keccak

ADMIN = bytes(32)
"""The id of ADMIN."""
VAULT = "VAULT"
"""The role of contracts that keep units which wait to be redeemed."""
UNLIMITED = 2**256 - 1
"""An allowance that is not counted down."""
BALANCE_MASK = 2**128 - 1
"""The raw units in an account word (contracts/token/account_word.vy)."""
FROZEN = 1 << 168
"""The bit of an account word that freezes all of the account."""
HELD = FROZEN | 1 << 171 | 1 << 172
"""The bits of an account word behind any of which units stay where they are: frozen, frozen in part, locked up."""
BLOCKED = 1 << 169
"""The bit of an account word by which the registry stops it."""
ENROLLED = 1 << 170
"""The bit of an account word that the registry sets: the stock has met the account, and hears bad news of it."""


@lru_cache(1024)
def role(name: str) -> bytes:
    """A role's id: the keccak-256 of its name; zero for ADMIN."""
    return ADMIN if name == "ADMIN" else keccak(text=name)


CANCELLER = role("CANCELLER_ROLE")
"""The timelock's own role of those who may cancel what waits."""


def is_frozen(word: int) -> bool:
    """Whether an account word is that of an account which is frozen as a whole."""
    return word & FROZEN != 0


def is_blocked(word: int) -> bool:
    """Whether an account word is that of an account which the registry stops."""
    return word & BLOCKED != 0


def is_enrolled(word: int) -> bool:
    """Whether an account word is that of an account which its stock has met."""
    return word & ENROLLED != 0
