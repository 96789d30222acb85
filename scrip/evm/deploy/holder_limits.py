"""A stock's rules and holder limits as parts of a plan: COMPLIANCE tightens, what loosens waits for the timelock."""

from __future__ import annotations

from collections.abc import Iterator

from eth_utils import keccak

from scrip import instructions as ins
from scrip.evm.deploy.design import Look, Part, call
from scrip.evm.handlers import transaction
from scrip.evm.handlers.holder_limits import limits_of, rules_of
from scrip.evm.handlers.table import Facts
from scrip.holder_limits import Countries, HolderLimits, StockRules
from scrip.labels import DEPLOYER
from scrip.manifest.model import EvmManifest
from scrip.plan import Address, Change
from scrip.preview import admitted, limited

COMPLIANCE = "COMPLIANCE"


def rules(ticker: str, wanted: StockRules, look: Look, facts: Facts, admin: str, officer: str) -> Iterator[Part]:
    """The parts that lead to the wanted rules; one that stands where they hold already.

    The deployer sets them at once. Afterwards `officer`, of COMPLIANCE, shuts out whom they do not admit, and `admin`
    lets in whom only they admit.
    """
    found = rules_now(look, ticker)
    if found == wanted or admin == DEPLOYER:
        yield _rules(ticker, wanted, facts, admin)
        return
    common = wanted & found
    tight = common if common.classes else StockRules(found.classes, Countries.only(()))
    if not found <= tight:
        yield _rules(ticker, tight, facts, officer)
    if not wanted <= tight:
        yield _rules(ticker, wanted, facts, admin)


def limits(ticker: str, wanted: HolderLimits, look: Look, facts: Facts, admin: str, officer: str) -> Iterator[Part]:
    """The parts that lead to the wanted limits; none where there are none and none are wanted. Signed as `rules`.

    Where counting begins on a stock that is held already the stock must be paused, and its holders seeded afterwards.
    """
    found = limits_now(look, ticker)
    if not (wanted or found):
        return
    if not wanted:
        yield _unlimited(ticker, facts, admin)
        return
    if found == wanted or admin == DEPLOYER:
        yield _limits(ticker, wanted, facts, admin)
        return
    tight = wanted & found
    if tight.is_possible and not found <= tight:
        yield _limits(ticker, tight, facts, officer)
        found = tight
    if not wanted <= found:
        yield _limits(ticker, wanted, facts, admin)


def rules_now(look: Look, ticker: str) -> StockRules:
    """Who may hold a stock now; everybody, where it is not born."""
    found = look.ask("registry", "stockRules", Address(ticker))
    return rules_of(*found) if isinstance(found, tuple) else StockRules()


def limits_now(look: Look, ticker: str) -> HolderLimits:
    """A stock's limits now; none, where it is not born or its holders are not counted."""
    found = look.ask("registry", "holderLimits", Address(ticker))
    return limits_of(*found) if isinstance(found, tuple) else HolderLimits()


def _rules(ticker: str, wanted: StockRules, facts: Facts, by: str) -> Part:
    order = ins.SetStockRules(ticker, wanted, by=by)
    title = f"{ticker} may be held by {admitted(wanted)}"
    return Part(
        call(_name("rules", ticker, title), title, transaction(order, facts), order),
        lambda look: rules_now(look, ticker) == wanted,
        lambda look: Change(f"who may hold {ticker}", admitted(rules_now(look, ticker)), admitted(wanted)),
    )


def _limits(ticker: str, wanted: HolderLimits, facts: Facts, by: str) -> Part:
    order = ins.SetHolderLimits(ticker, wanted, by=by)
    title = f"limit {ticker} to {limited(wanted)}"
    return Part(
        call(_name("limits", ticker, title), title, transaction(order, facts), order),
        lambda look: limits_now(look, ticker) == wanted,
        lambda look: Change(f"{ticker}'s limits", limited(limits_now(look, ticker)), limited(wanted)),
    )


def _unlimited(ticker: str, facts: Facts, by: str) -> Part:
    order = ins.RemoveHolderLimits(ticker, by=by)
    return Part(
        call(f"no-limits-{ticker}", f"end {ticker}'s limits", transaction(order, facts), order),
        lambda look: not limits_now(look, ticker),
        lambda look: Change(f"{ticker}'s limits", limited(limits_now(look, ticker)), limited(HolderLimits())),
    )


def _name(what: str, ticker: str, title: str) -> str:
    """The name of a step that says what it sets, so that another wish is another step."""
    return f"{what}-{ticker}-{keccak(text=title).hex()[:8]}"


def officer_of(manifest: EvmManifest, admin: str) -> str:
    """The account that tightens rules: the first of COMPLIANCE, or who administers where nobody is."""
    return next(iter(manifest.role_holders(COMPLIANCE)), admin)
