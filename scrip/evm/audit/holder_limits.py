"""Who may hold each stock, how many and how much, on the chain and in the manifest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scrip.evm.audit.evidence import Evidence
from scrip.evm.chain import Call, Contract
from scrip.evm.handlers.holder_limits import limits_of, read_rules
from scrip.holder_limits import HolderLimits
from scrip.manifest.rules import resolve
from scrip.preview import admitted, limited
from scrip.reports.findings import Finding, Severity
from scrip.units import EVM_DECIMALS, format_fixed


def holder_limits(evidence: Evidence, tokens: Mapping[str, Contract]) -> Iterator[Finding]:
    """Findings about rules and limits of the manifest's stocks. What admits more than the manifest is critical."""
    for ticker, token in tokens.items():
        wanted = resolve(evidence.manifest, ticker)
        found = read_rules(evidence.chain, evidence.suite.registry, token)
        if found != wanted.stock_rules:
            worst: Severity = "drift" if found <= wanted.stock_rules else "critical"
            yield Finding(f"stocks.{ticker}.rules", admitted(wanted.stock_rules), admitted(found), worst)
        yield from _limits(f"stocks.{ticker}.limits", evidence, token, wanted.holder_limits)


def _limits(field: str, evidence: Evidence, token: Contract, wanted: HolderLimits) -> Iterator[Finding]:
    """Findings about a stock's limits: whether they are the manifest's, known to the stock, and all holders counted."""
    registry, asked = evidence.suite.registry, (token.address,)
    calls = [Call(registry, "holderLimits", asked), Call(registry, "holderCount", asked), Call(token, "capped")]
    numbers, (_, left), capped = evidence.chain.call_many(calls)
    found = limits_of(*numbers)
    if found != wanted:
        yield Finding(field, limited(wanted), limited(found), "drift" if found <= wanted else "critical")
    if capped != bool(found):
        told = ("it does not report", "it reports")[capped]
        yield Finding(f"{field}.reports", "the stock reports its transfers where it has limits", told, "critical")
    if left:
        amount = f"{format_fixed(left, EVM_DECIMALS)} tokens are not: nothing is transferred"
        yield Finding(f"{field}.seeding", "every holder is counted", amount)
