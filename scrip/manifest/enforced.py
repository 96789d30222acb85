"""What a chain enforces of a stock's rules. A rule that is not listed here is only promised, and shown as that."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from scrip.instructions import Policy

EVM: Mapping[str, str] = MappingProxyType(
    {
        "policy": "StockToken",
        "clearance": "StockToken, from ComplianceRegistry",
        "blocks": "StockToken, from ComplianceRegistry",
        "countries_denied": "StockToken, from ComplianceRegistry's rules",
        "countries_allowed": "StockToken, from ComplianceRegistry's rules",
        "classes": "StockToken, from ComplianceRegistry's rules",
        "max_holders": "ComplianceRegistry's holder limits",
        "max_per_investor": "ComplianceRegistry's holder limits",
        "min_holding": "ComplianceRegistry's holder limits",
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


COUNTED = ("max_holders", "max_per_investor", "min_holding")
"""Rules that hold for ALLOWLIST stocks alone: nobody counts the holders of a stock that anyone may hold."""


def enforced_by(kind: str, rule: str, policy: Policy = "ALLOWLIST") -> str:
    """What enforces a rule on this kind of chain ("evm", "solana") for a stock of that policy; "" when nothing does."""
    if policy == "BLOCKLIST" and rule in COUNTED:
        return ""
    return (EVM if kind == "evm" else SOLANA).get(rule, "")
