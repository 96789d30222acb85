"""What a chain enforces of a stock's rules. A rule that is not listed here is only promised, and shown as that."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

EVM: Mapping[str, str] = MappingProxyType(
    {
        "policy": "StockToken",
        "clearance": "StockToken, from ComplianceRegistry",
        "blocks": "StockToken, from ComplianceRegistry",
    }
)
"""Rule by rule, the contract that refuses what the rule forbids."""

SOLANA: Mapping[str, str] = MappingProxyType(
    {
        "policy": "the mint's default account state",
        "clearance": "stock-token (thaw), and whoever freezes lapsed accounts",
        "blocks": "stock-token (block, then freeze)",
    }
)
"""Rule by rule, what in the program refuses what the rule forbids."""


def enforced_by(kind: str, rule: str) -> str:
    """What enforces a rule on this kind of chain ("evm", "solana"); "" when nothing does."""
    return (EVM if kind == "evm" else SOLANA).get(rule, "")
