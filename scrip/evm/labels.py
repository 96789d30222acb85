"""The words of a deployment: what its contracts are called, the ids of roles, the names that it takes for granted."""

from __future__ import annotations

from eth_utils import keccak

DEPLOYER = "deployer"
"""Deploys and wires, and holds nothing afterwards."""
ADMIN = bytes(32)
MODES = ("NORMAL", "STRICT", "HALTED")
IMPLEMENTATIONS = tuple(f"implementation-{mode.lower()}" for mode in MODES)
"""Labels of the three implementations, in the order of the modes."""
EXTENSIONS = tuple(f"extension-{mode.lower()}" for mode in MODES)
"""Labels of their second halves."""
LABELS = ("roles", "timelock", "registry", "feed", "actions", "beacon", "factory", "market")
"""Labels of the other contracts of the suite. Stocks are labelled by ticker."""
REGISTRY_EXTENSION = "registry-extension"
BLUEPRINT = "proxy-blueprint"
STABLECOIN = "stablecoin"
"""Label of the first asset that settles quotes; the others have their symbols'."""
TIMELOCK = "timelock"
SAFE = "safe"
UNLIMITED = 2**256 - 1
BALANCE_MASK = 2**128 - 1
"""The raw units in an account word (contracts/token/account_word.vy)."""
FROZEN = 1 << 168
"""The bit of an account word that freezes all of the account."""
HELD = FROZEN | 1 << 171 | 1 << 172
"""The bits of an account word behind any of which units stay where they are: frozen, frozen in part, locked up."""
ENROLLED = 1 << 170
"""The bit of an account word that the registry sets: the stock has met the account, and hears bad news of it."""


def role(name: str) -> bytes:
    """A role's id: the keccak-256 of its name; zero for ADMIN."""
    return ADMIN if name == "ADMIN" else keccak(text=name)


CANCELLER = role("CANCELLER_ROLE")
"""Of the timelock's own roles: who may cancel what waits."""


def asset_label(place: int, symbol: str) -> str:
    """What the manifest's asset at a place, counted from 0, is called."""
    return f"asset-{symbol}" if place else STABLECOIN


def oracle_label(stock: str) -> str:
    """What the oracle of a stock's reserve is called."""
    return f"oracle-{stock}"


def is_frozen(word: int) -> bool:
    """Whether an account word is that of an account which is frozen as a whole."""
    return word & FROZEN != 0


def is_enrolled(word: int) -> bool:
    """Whether an account word is that of an account which its stock has met."""
    return word & ENROLLED != 0
