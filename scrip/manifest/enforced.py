"""What is enforced of a manifest, and what is only promised and shown as that: rules of a stock, and fields."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from scrip.instructions.base import Policy
from scrip.manifest.model import Manifest, SolanaManifest

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
        "countries_denied": "stock-token (thaw, mint, freeze)",
        "countries_allowed": "stock-token (thaw, mint, freeze)",
        "classes": "stock-token (thaw, mint, freeze)",
        "max_holders": "stock-token (a seat at thaw)",
        "max_per_investor": "stock-token (mint, of one account)",
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


PRICED_BY = "only prices go by the exchange's sessions: no mint and no redemption waits for them"
_EVERYWHERE = {
    "issuer": "the name is only shown: no contract and no record carries it",
    "calendar": "nothing opens or shuts with the exchange's sessions",
    "stocks.*.calendar": "nothing opens or shuts with the exchange's sessions",
}
REINVESTED = "every reinvested dividend withholds corporate_actions.withholding_bps, whatever the investor's country"
NOT_YET: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "evm": _EVERYWHERE | dict.fromkeys(("calendar", "stocks.*.calendar"), PRICED_BY),
        "solana": _EVERYWHERE
        | {
            "chain.cluster": "the name is only shown: chain.genesis is what holds a node to the network",
            "safe.owners": "the multisig stands already, and nothing compares its owners",
            "safe.threshold": "the multisig stands already, and nothing compares its threshold",
        },
    }
)
"""Fields on which nothing acts yet, and what that means: by kind of chain, "*" for any stock. A stock's rules are not
among them: enforced_by tells of each."""


OF_A_MULTISIG: Mapping[str, str] = MappingProxyType(
    {
        "timelock.delay": "the multisig stands already, and nothing compares its time lock",
        "timelock.proposers": "the multisig stands already, and nothing compares its members",
    }
)
"""The same of Solana's timelock, unless it is the program's own, which has a canceller: that one the audit proves."""


def not_yet_enforced(manifest: Manifest) -> Mapping[str, str]:
    """What a manifest says and nothing yet acts on: fields as the file has them, and what that means."""
    found: dict[str, str] = {}
    for path, meaning in NOT_YET[manifest.chain.kind].items():
        names = manifest.stocks if "*" in path else ("",)
        found |= {place: meaning for name in names if _said(manifest, place := path.replace("*", name))}
    if isinstance(manifest, SolanaManifest) and not manifest.timelock.canceller:
        found |= OF_A_MULTISIG
    if manifest.withholding and getattr(manifest, "dividends", None) is None:
        found["withholding"] = REINVESTED
    return found


def _said(manifest: Manifest, path: str) -> object:
    value: object = manifest
    for part in path.split("."):
        value = value[part] if isinstance(value, dict) else getattr(value, part)
    return value
