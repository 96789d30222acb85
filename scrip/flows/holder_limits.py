"""Who may hold a stock, how many and how much: tightened by COMPLIANCE, loosened by the timelock. And why not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from scrip import instructions as ins
from scrip import parameters
from scrip.chains.evm import evm_only
from scrip.chains.network import Network
from scrip.chains.solana import SolanaNetwork
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
from scrip.solana.deploy import holder_limits as on_solana
from scrip.solana.handlers.holder_limits import freeing, here, is_seated
from scrip.solana.views import SolanaViews, step
from scrip.units import EVM_DECIMALS, RawUnits, format_fixed

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

    def less(now: StockRules, rules: ResolvedRules) -> StockRules:
        if not countries and not classes:
            return rules.stock_rules
        left = StockRules(now.classes - frozenset(classes), now.countries & Countries.all_but(countries))
        if not left.classes:
            raise InputError("leaves no class: pause the stock instead", field="class", value=", ".join(classes))
        return left

    if isinstance(network, SolanaNetwork):
        draft = _draft(network, "stock rules", ticker, reference)
        now = on_solana.rules_now(draft.views, ticker)
        on_solana.set_rules(draft, ticker, less(now, resolve(network.manifest, ticker)))
        return _made(draft, ticker)

    def wanted(look: Survey, rules: ResolvedRules) -> StockRules:
        return less(rule_settings.rules_now(look, ticker), rules)

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

    def changed(now: HolderLimits, rules: ResolvedRules) -> HolderLimits:
        if most is None and maximum is None and minimum is None:
            limits = rules.holder_limits
        else:
            limits = HolderLimits(
                now.most if most is None else most,
                now.maximum if maximum is None else maximum,
                now.minimum if minimum is None else minimum,
            )
        if not limits.is_possible:
            raise InputError(f"is more than the maximum, {limits.maximum}", field="minimum", value=limits.minimum)
        return limits

    if isinstance(network, SolanaNetwork):
        draft = _draft(network, "stock limits", ticker, reference)
        now = on_solana.limits_now(draft.views, ticker)
        wide = HolderLimits(now.most, *(one.to_decimals(EVM_DECIMALS) for one in (now.maximum, now.minimum)))
        on_solana.set_limits(draft, ticker, here(changed(wide, resolve(network.manifest, ticker))))
        return _made(draft, ticker)

    def wanted(look: Survey, rules: ResolvedRules) -> HolderLimits:
        return changed(rule_settings.limits_now(look, ticker), rules)

    facts = ManifestFacts(evm_only(network).manifest)

    def parts(look: Survey, rules: ResolvedRules, *signers: str) -> Iterator[Part]:
        yield from rule_settings.limits(ticker, wanted(look, rules), look, facts, *signers)

    return _plan(network, "stock limits", ticker, parts, reference)


def seed(network: Network, ticker: str, reference: str = "", sender: str = "") -> Plan:
    """Count whoever holds a stock whose limits came later, 200 accounts to a transaction. Anyone may.

    On Solana each open account without a seat is frozen and thawed, one a transaction.
    """
    if isinstance(network, SolanaNetwork):
        seats = _draft(network, "stock seed", ticker, reference)
        by = seats.anyone(rule_settings.COMPLIANCE, sender)
        for account in seats.views.unseated(ticker):
            title = f"give {account} a seat in {ticker}"
            seats.add(seats.views.step(seats.fresh(title), title, [ins.SeedHolders(ticker, (account,), by=by)], "thaw"))
        return seats.plan() if seats.steps else seats.nothing(f"every holder of {ticker} has a seat, or none need one")
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


def free_seat(network: Network, ticker: str, investor: str, reference: str = "", sender: str = "") -> Plan:
    """Take the seat of an investor who holds nothing, on Solana (COMPLIANCE): its accounts are frozen by it."""
    if not isinstance(network, SolanaNetwork):
        raise InputError("has no equivalent on this kind of chain", field="command")
    draft = _draft(network, "stock free-seat", ticker, reference)
    by = draft.sender(rule_settings.COMPLIANCE, sender)
    if not is_seated(draft.views.ledger, ticker, investor):
        return draft.nothing(f"{investor} has no seat in {ticker}")
    title = f"take {investor}'s seat in {ticker}"
    call = freeing(draft.views.ledger, ticker, investor, by, draft.key(title))
    draft.add(step(title, title, by, [call], what="free_seat"))
    return draft.plan()


def restriction(network: Network, ticker: str, sender: str, to: str, amount: RawUnits) -> Restriction:
    """Why the stock would refuse a transfer now."""
    evm = evm_only(network)
    token, at = evm.ledger().token(ticker), evm.chain.address
    code = evm.chain.call(token, "detectTransferRestriction", at(sender), at(to), amount.value)
    return Restriction(code, evm.chain.call(token, "messageForTransferRestriction", code))


def _draft(network: SolanaNetwork, name: str, ticker: str, reference: str) -> Draft[SolanaViews]:
    if ticker not in network.manifest.stocks:
        raise InputError("is no stock of the manifest", field="stock", value=ticker)
    network.suite()
    return Draft(SolanaViews(network), name, reference)


def _made(draft: Draft[SolanaViews], ticker: str) -> Plan:
    return draft.plan() if draft.steps else draft.nothing(f"{ticker} is as wished")


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
