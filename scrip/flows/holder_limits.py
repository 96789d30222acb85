"""Who may hold a stock, how many and how much: tightened by COMPLIANCE, loosened by the timelock. And why not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from scrip import instructions as ins
from scrip import parameters
from scrip.chains.evm import evm_only
from scrip.chains.network import Network
from scrip.errors import InputError
from scrip.evm.chain import Call, ask_all
from scrip.evm.deploy import holder_limits as rule_settings
from scrip.evm.deploy.deployment import ManifestFacts, administrator, survey
from scrip.evm.deploy.design import Part
from scrip.evm.deploy.survey import Survey, plan_of
from scrip.evm.rehearse.holders import receivers
from scrip.holder_limits import Countries, HolderLimits, InvestorClass, StockRules
from scrip.manifest.rules import ResolvedRules, resolve
from scrip.plan import Plan
from scrip.plan.draft import Draft
from scrip.units import RawUnits, format_fixed

PAGE = parameters.MAX_SEEDED.value


@dataclass(frozen=True, slots=True)
class Restriction:
    """Why a transfer would be refused now, as ERC-1404 says it; code 0 when it would pass."""

    code: int
    message: str


def set_rules(
    network: Network,
    ticker: str,
    countries: Collection[int] = (),
    classes: Collection[InvestorClass] = (),
    reference: str = "",
) -> Plan:
    """Admit whom the manifest admits; or, where countries (ISO 3166 numeric) or classes are given, all but these of
    whom is admitted now."""

    def wanted(look: Survey, rules: ResolvedRules) -> StockRules:
        if not countries and not classes:
            return rules.stock_rules
        now = rule_settings.rules_now(look, ticker)
        left = StockRules(now.classes - frozenset(classes), now.countries & Countries.all_but(countries))
        if not left.classes:
            raise InputError("leaves no class: pause the stock instead", field="class", value=", ".join(classes))
        return left

    facts = ManifestFacts(evm_only(network).manifest)

    def parts(look: Survey, rules: ResolvedRules, *signers: str) -> Iterator[Part]:
        yield from rule_settings.rules(ticker, wanted(look, rules), look, facts, *signers)

    return _plan(network, "stock rules", ticker, parts, reference)


def set_limits(
    network: Network,
    ticker: str,
    most: int | None = None,
    maximum: RawUnits | None = None,
    minimum: RawUnits | None = None,
    reference: str = "",
) -> Plan:
    """Limit the holders as the manifest does; or, where a limit is given, to that and the others as they are."""

    def wanted(look: Survey, rules: ResolvedRules) -> HolderLimits:
        if most is None and maximum is None and minimum is None:
            limits = rules.holder_limits
        else:
            now = rule_settings.limits_now(look, ticker)
            limits = HolderLimits(
                now.most if most is None else most,
                now.maximum if maximum is None else maximum,
                now.minimum if minimum is None else minimum,
            )
        if not limits.is_possible:
            raise InputError(f"is more than the maximum, {limits.maximum}", field="minimum", value=limits.minimum)
        return limits

    facts = ManifestFacts(evm_only(network).manifest)

    def parts(look: Survey, rules: ResolvedRules, *signers: str) -> Iterator[Part]:
        yield from rule_settings.limits(ticker, wanted(look, rules), look, facts, *signers)

    return _plan(network, "stock limits", ticker, parts, reference)


def seed(network: Network, ticker: str, reference: str = "", sender: str = "") -> Plan:
    """Count whoever holds a stock whose limits came later, 200 accounts to a transaction. Anyone may."""
    evm = evm_only(network)
    views = evm.views()
    token = views.ledger.token(ticker)
    _, left = views.ledger.holders(ticker)
    draft = Draft(views, "stock seed", reference)
    if not left:
        return draft.nothing(f"every holder of {ticker} is counted, or none need be")
    found = sorted(receivers(evm, token))
    balances = ask_all(evm.chain, [Call(token, "balanceOf", (one,)) for one in found])
    accounts = [one for one, balance in zip(found, balances, strict=True) if balance]
    by = draft.anyone(rule_settings.COMPLIANCE, sender)
    pages = [tuple(accounts[start : start + PAGE]) for start in range(0, len(accounts), PAGE)]
    told = f"{format_fixed(left, views.ledger.traits.decimals)} tokens are not yet"
    for number, page in enumerate(pages, start=1):
        name, title = f"{ticker} page {number} of {len(pages)}", f"count {len(page)} accounts of {ticker}, {told}"
        draft.add(views.step(name, title, [ins.SeedHolders(ticker, page, by=by)]))
    return draft.plan()


def restriction(network: Network, ticker: str, sender: str, to: str, amount: RawUnits) -> Restriction:
    """Why the stock would refuse a transfer now."""
    evm = evm_only(network)
    token, at = evm.ledger().token(ticker), evm.chain.address
    code = evm.chain.call(token, "detectTransferRestriction", at(sender), at(to), amount.value)
    return Restriction(code, evm.chain.call(token, "messageForTransferRestriction", code))


Parts = Callable[..., Iterator[Part]]


def _plan(network: Network, name: str, ticker: str, parts: Parts, reference: str) -> Plan:
    evm = evm_only(network)
    manifest = evm.manifest
    if ticker not in manifest.stocks:
        raise InputError("is no stock of the manifest", field="stock", value=ticker)
    evm.ledger().token(ticker)
    look = survey(evm)
    admin = administrator(look)
    found = parts(look, resolve(manifest, ticker), admin, rule_settings.officer_of(manifest, admin))
    draft = Draft(evm.views(), name, reference)
    made = plan_of(name, draft.reference, list(found), look)
    if not made.steps and not made.same:
        return draft.nothing(f"{ticker} is as wished")
    draft.steps += made.steps
    draft.changes += made.changes
    draft.same += made.same
    return draft.plan()
