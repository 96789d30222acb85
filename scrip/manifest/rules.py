"""A stock's rules: its preset's, and what the stock says instead; each with whether a chain enforces it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scrip.holder_limits import EVERY_CLASS, Countries, HolderLimits, InvestorClass, StockRules
from scrip.instructions.base import Policy
from scrip.manifest.countries import country_number, is_country
from scrip.manifest.document import Where
from scrip.manifest.enforced import COUNTED, enforced_by
from scrip.manifest.fault import Fault, Faults
from scrip.manifest.model import EvmManifest, Manifest, Preset, Rules
from scrip.parameters import HOLDERS, MAX_COUNTED_STOCKS, MAX_HOLDING, MIN_HOLDING
from scrip.units import EVM_DECIMALS, RawUnits, parse_fixed

HOLDING = {"max_per_investor": MAX_HOLDING, "min_holding": MIN_HOLDING}
"""Bounds of what one holder may have, by the rule that limits it."""
FIELDS = (
    "policy",
    "countries_denied",
    "countries_allowed",
    "classes",
    "max_holders",
    "max_per_investor",
    "min_holding",
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a stock: its value for people, where it was said, and what enforces it ("" for nothing)."""

    name: str
    value: str
    source: str
    by: str

    @property
    def enforced(self) -> bool:
        """Whether a chain refuses what the rule forbids."""
        return self.by != ""

    def __str__(self) -> str:
        holds = f"enforced by {self.by}" if self.enforced else "NOT ENFORCED on-chain"
        return f"{self.name}: {self.value} ({self.source}; {holds})"


@dataclass(frozen=True, slots=True)
class ResolvedRules:
    """What holds for a stock. Countries are ISO 3166 alpha-2, amounts in tokens; 0, "" and () are no rule.

    `listed` shows each rule that there is, for people and reports.
    """

    policy: Policy
    countries_denied: tuple[str, ...]
    countries_allowed: tuple[str, ...]
    classes: tuple[InvestorClass, ...]
    max_holders: int
    max_per_investor: str
    min_holding: str
    listed: tuple[Rule, ...]

    @property
    def not_enforced(self) -> tuple[Rule, ...]:
        """The rules that are only promised."""
        return tuple(rule for rule in self.listed if not rule.enforced)

    @property
    def stock_rules(self) -> StockRules:
        """Whom a chain is to admit. A BLOCKLIST stock admits everybody."""
        allowed, denied = (
            [country_number(code) for code in of] for of in (self.countries_allowed, self.countries_denied)
        )
        countries = Countries.only(allowed) if allowed else Countries.all_but(denied)
        return StockRules(frozenset(self.classes) or EVERY_CLASS, countries)

    @property
    def holder_limits(self) -> HolderLimits:
        """The limits that a chain is to keep; none for a BLOCKLIST stock, where it keeps none."""
        if self.policy == "BLOCKLIST":
            return HolderLimits()
        most, least = (RawUnits.parse(one or "0", EVM_DECIMALS) for one in (self.max_per_investor, self.min_holding))
        return HolderLimits(self.max_holders, most, least)


def resolve(manifest: Manifest, ticker: str) -> ResolvedRules:
    """The rules of a stock of a manifest that load() has checked."""
    rules = manifest.stocks[ticker].rules
    preset = manifest.presets[rules.preset].rules if rules.preset else Rules()
    values: dict[str, Any] = {name: getattr(_said(rules, preset, name), name) for name in FIELDS}
    listed = list(_implied(values["policy"], manifest.chain.kind))
    for name in FIELDS:
        if values[name]:
            by = enforced_by(manifest.chain.kind, name, values["policy"])
            listed.append(Rule(name, _text(values[name]), _source(rules, name), by))
        elif name in rules.model_fields_set and getattr(preset, name):
            source = f"the stock, instead of {rules.preset}'s {_text(getattr(preset, name))}"
            listed.append(Rule(name, "none", source, "leaving it out"))
    return ResolvedRules(**values, listed=tuple(listed))


def _said(rules: Rules, preset: Rules, name: str) -> Rules:
    return rules if name in rules.model_fields_set else preset


def _source(rules: Rules, name: str) -> str:
    if name not in rules.model_fields_set:
        return f"preset {rules.preset}"
    return f"the stock, over preset {rules.preset}" if rules.preset else "the stock"


def _implied(policy: Policy, kind: str) -> Iterator[Rule]:
    if policy == "ALLOWLIST":
        yield Rule("clearance", "only while an investor's clearance lasts", "ALLOWLIST", enforced_by(kind, "clearance"))
    yield Rule("blocks", "nobody who is blocked", policy, enforced_by(kind, "blocks"))


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def check_preset(preset: Preset) -> Faults:
    """What is wrong with a preset on its own."""
    if preset.rules.preset:
        yield Fault(("rules", "preset"), "a preset names no other", preset.rules.preset)
    yield from _check_values(("rules",), preset.rules, EVM_DECIMALS)
    yield from _check_together(("rules",), preset.rules, Rules())


def check_rules(manifest: Manifest) -> Faults:
    """What is wrong with the stocks' rules, alone and together with their presets."""
    for ticker, stock in manifest.stocks.items():
        where, rules = ("stocks", ticker, "rules"), stock.rules
        yield from _check_values(where, rules, manifest.decimals)
        if not rules.preset or rules.preset in manifest.presets:
            preset = manifest.presets[rules.preset].rules if rules.preset else Rules()
            yield from _check_together(where, rules, preset)
    if isinstance(manifest, EvmManifest):
        yield from _check_counted(manifest)
    else:
        yield from _check_kept(manifest)


def _check_counted(manifest: EvmManifest) -> Faults:
    """Bounds of the registry's holder limits."""
    counted = 0
    for ticker, stock in manifest.stocks.items():
        where, rules = ("stocks", ticker, "rules"), stock.rules
        preset = manifest.presets.get(rules.preset)
        for name in COUNTED:
            value = getattr(_said(rules, preset.rules if preset else Rules(), name), name)
            at = (*where, name) if name in rules.model_fields_set else where
            if name == "max_holders" and value not in HOLDERS:
                yield Fault(at, f"is more than {HOLDERS.ceiling:,}: leave it out for any number", value)
            elif name != "max_holders" and parse_fixed(value or "0", EVM_DECIMALS) not in HOLDING[name]:
                yield Fault(at, "does not fit 128 bits with 18 decimals", value)
        counted += any(getattr(_said(rules, preset.rules if preset else Rules(), name), name) for name in COUNTED)
        if counted > MAX_COUNTED_STOCKS.value:
            yield Fault(
                where, f"limits holders, as {MAX_COUNTED_STOCKS.value} stocks do already: no more can be counted"
            )
            return


def _check_kept(manifest: Manifest) -> Faults:
    """What Solana keeps nobody to: a least holding, for a transfer is the token program's own."""
    for ticker, stock in manifest.stocks.items():
        where, rules = ("stocks", ticker, "rules"), stock.rules
        preset = manifest.presets.get(rules.preset)
        least = _said(rules, preset.rules if preset else Rules(), "min_holding").min_holding
        if least and parse_fixed(least, EVM_DECIMALS):
            at = (*where, "min_holding") if "min_holding" in rules.model_fields_set else where
            yield Fault(at, "nothing keeps a least holding on Solana: leave it out", least)


def _check_values(where: Where, rules: Rules, decimals: int) -> Faults:
    for name in ("countries_denied", "countries_allowed"):
        yield from _check_countries((*where, name), getattr(rules, name))
    for place, kind in enumerate(rules.classes):
        if kind in rules.classes[:place]:
            yield Fault((*where, "classes", place), "is listed twice", kind)
    for name in ("max_per_investor", "min_holding"):
        amount = getattr(rules, name)
        if len(amount.partition(".")[2].rstrip("0")) > decimals:
            yield Fault((*where, name), f"has more than the {decimals} decimals of this chain's tokens", amount)


def _check_countries(where: Where, codes: tuple[str, ...]) -> Faults:
    for place, code in enumerate(codes):
        if not is_country(code):
            yield Fault((*where, place), "is no ISO 3166 alpha-2 country code", code)
        elif code in codes[:place]:
            yield Fault((*where, place), "is listed twice", code)


NEED_A_RECORD = ("countries_denied", "countries_allowed", "classes", "max_per_investor")
"""Rules about an investor. A BLOCKLIST stock moves between wallets of which nobody knows an investor."""


def _check_together(where: Where, rules: Rules, preset: Rules) -> Faults:
    values: dict[str, Any] = {name: getattr(_said(rules, preset, name), name) for name in FIELDS}

    def at(name: str) -> Where:
        return (*where, name) if name in rules.model_fields_set else where

    if values["policy"] is None:
        yield Fault((*where, "policy"), "is missing, and no preset gives it")
    if values["policy"] == "BLOCKLIST":
        for name in NEED_A_RECORD:
            if values[name]:
                why = f"{name} needs policy ALLOWLIST: a BLOCKLIST stock has holders that nobody knows"
                yield Fault(at(name), why, _text(values[name]))
    both = sorted(set(values["countries_denied"]) & set(values["countries_allowed"]))
    if both:
        yield Fault(at("countries_allowed"), "allowed and denied at once", ", ".join(both))
    least, most = (parse_fixed(values[name] or "0", 18) for name in ("min_holding", "max_per_investor"))
    if most and least > most:
        why = f"min_holding is more than max_per_investor, {values['max_per_investor']}"
        yield Fault(at("min_holding"), why, values["min_holding"])
