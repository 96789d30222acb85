"""What bounds trades on quotes, made narrower at once: a stock's band, limits, the terms of quotes, a coin's peg.

PAUSER tightens and nobody waits for it; what loosens is the manifest's to say, and the timelock's to set.
"""

from __future__ import annotations

from dataclasses import dataclass

from scrip import instructions as ins
from scrip.chains.evm import evm_only
from scrip.chains.network import Network
from scrip.errors import InputError
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.handlers.market import read_bands, read_limits, read_pegs
from scrip.evm.views import EvmViews
from scrip.labels import asset_label
from scrip.market_limits import LimitScope, MarketLimits, money
from scrip.plan import Change, Plan
from scrip.plan.draft import Draft


@dataclass(frozen=True, slots=True)
class Tighter:
    """What is to be tightened; None stays as it is.

    Of a stock: the band around its price in basis points, 1 at least. Of a scope: cents net and gross, and the seconds
    in which they drain. Of all quotes: the highest fee in basis points, and the cents from which two keys sign. Of a
    settlement coin: the band around a dollar in basis points, 0 for off its peg whatever its feed says, and seconds.
    """

    stock: str = ""
    band_bps: int | None = None
    scope: LimitScope | None = None
    net: int | None = None
    gross: int | None = None
    window: int | None = None
    max_fee_bps: int | None = None
    second_from: int | None = None
    coin: str = ""
    peg_bps: int | None = None
    peg_age: int | None = None


def tighten(network: Network, wanted: Tighter, reference: str = "", sender: str = "") -> Plan:
    """Tighten what is named, at once (PAUSER). InputError where a number has no subject; looser is refused."""
    evm = evm_only(network)
    draft = Draft(evm.views(), "market tighten", reference, natural=True)
    _demand_subjects(wanted)
    if wanted.band_bps is not None:
        _band(draft, wanted, sender)
    if wanted.scope is not None:
        _limits(draft, wanted, wanted.scope, sender)
    if wanted.max_fee_bps is not None or wanted.second_from is not None:
        _terms(draft, wanted, sender)
    if wanted.coin:
        _peg(draft, wanted, sender)
    return draft.plan() if draft.steps else draft.nothing("; ".join(draft.same))


def _demand_subjects(wanted: Tighter) -> None:
    """InputError for a number without its subject, a subject without a number, and nothing at all."""
    capped = any(one is not None for one in (wanted.net, wanted.gross, wanted.window))
    pegged = wanted.peg_bps is not None or wanted.peg_age is not None
    held = wanted.max_fee_bps is not None or wanted.second_from is not None
    if wanted.band_bps is not None and not wanted.stock:
        raise InputError("is a stock's: name the stock", field="band", value=wanted.band_bps)
    if wanted.band_bps == 0:
        reason = "would be no band: from 1 on; `market pause` and `feeds suspend` stop trades"
        raise InputError(reason, field="band", value=0)
    if capped != (wanted.scope is not None):
        raise InputError("goes with --net, --gross or --window, and they with it", field="scope", value=wanted.scope)
    if wanted.scope == "stock" and not wanted.stock:
        raise InputError("is one stock's: name the stock", field="scope", value=wanted.scope)
    if wanted.stock and wanted.band_bps is None and wanted.scope != "stock":
        raise InputError("has nothing tightened: --band, or --scope stock", field="stock", value=wanted.stock)
    if pegged != bool(wanted.coin):
        raise InputError("goes with --peg-band or --peg-age, and they with it", field="coin", value=wanted.coin)
    if not (wanted.band_bps is not None or capped or held or pegged):
        raise InputError("says nothing that is to be tightened", field="tighten", value="")


def _band(draft: Draft[EvmViews], wanted: Tighter, sender: str) -> None:
    ledger, stock, band = draft.views.ledger, wanted.stock, wanted.band_bps or 0
    token = {stock: ledger.token(stock)}
    found = read_bands(draft.views.network.chain, ledger.suite.market, token).get(stock, 0)
    if not found:
        reason = "has no band: the manifest's trade_band_bps gives it one, through the timelock"
        raise InputError(reason, field="stock", value=stock)
    if found == band:
        draft.same.append(f"quotes of {stock} are bound to {band} bps of its price")
        return
    title = f"quotes of {stock} stay within {band} bps of its price"
    _add(draft, ins.SetMarketBand(stock, band), sender, f"band {stock} {band}", title)
    draft.changes.append(Change(f"band of {stock}", f"{found} bps", f"{band} bps"))


def _limits(draft: Draft[EvmViews], wanted: Tighter, scope: LimitScope, sender: str) -> None:
    ledger, stock = draft.views.ledger, wanted.stock if scope == "stock" else ""
    at = ledger.token(stock).address if stock else ZERO_ADDRESS
    [found] = read_limits(draft.views.network.chain, ledger.suite.market, [(scope, at)])
    pairs = ((wanted.net, found.net), (wanted.gross, found.gross), (wanted.window, found.window))
    limits = MarketLimits(*(was if new is None else new for new, was in pairs))
    if not limits.is_possible:
        reason = "cannot be kept: caps from 0.01 on, and seconds in which they drain (--window) where there were none"
        raise InputError(reason, field="scope", value=f"{scope}: {limits}")
    whose = {"issuer": "all stocks together", "stock": stock, "investor": "each investor"}[scope]
    if limits == found:
        draft.same.append(f"trades of {whose} have these limits: {limits}")
        return
    name = f"limits {scope} {stock} {limits.net}-{limits.gross}-{limits.window}"
    _add(draft, ins.SetMarketLimit(scope, limits, stock), sender, name, f"trades of {whose}: {limits}")
    draft.changes.append(Change(f"trades of {whose}", str(found), str(limits)))


def _terms(draft: Draft[EvmViews], wanted: Tighter, sender: str) -> None:
    views = draft.views
    fee, second = views.network.chain.call(views.ledger.suite.market, "quoteTerms")
    terms = (
        fee if wanted.max_fee_bps is None else wanted.max_fee_bps,
        second if wanted.second_from is None else wanted.second_from,
    )
    if terms == (fee, second):
        draft.same.append(f"quotes are held to that: {_told(terms)}")
        return
    _add(draft, ins.SetQuoteTerms(*terms), sender, f"terms {terms[0]}-{terms[1]}", f"quotes: {_told(terms)}")
    draft.changes.append(Change("terms of quotes", _told((fee, second)), _told(terms)))


def _peg(draft: Draft[EvmViews], wanted: Tighter, sender: str) -> None:
    views, symbols = draft.views, list(draft.views.manifest.settlement.assets)
    if wanted.coin not in symbols:
        raise InputError(f"is no coin of settlement.assets ({', '.join(symbols)})", field="coin", value=wanted.coin)
    asset = asset_label(symbols.index(wanted.coin), wanted.coin)
    chain = views.network.chain
    found = read_pegs(chain, views.ledger.suite.market, {asset: chain.address(asset)}, chain.name).get(asset)
    if found is None:
        reason = "has no guard: settlement.pegs gives it one, through the timelock"
        raise InputError(reason, field="coin", value=wanted.coin)
    band = found.band_bps if wanted.peg_bps is None else wanted.peg_bps
    age = found.max_age if wanted.peg_age is None else wanted.peg_age
    if (band, age) == (found.band_bps, found.max_age):
        draft.same.append(f"{wanted.coin} is guarded like that: {_guard(band, age)}")
        return
    order = ins.SetPeg(asset, found.feed, band, age)
    _add(draft, order, sender, f"peg {wanted.coin} {band}-{age}", f"quotes in {wanted.coin}: {_guard(band, age)}")
    was = _guard(found.band_bps, found.max_age)
    draft.changes.append(Change(f"quotes in {wanted.coin}", was, _guard(band, age)))
    if band:
        draft.same.append(f"{wanted.coin} is off its peg until somebody pokes: `market poke {wanted.coin}`")


def _add(draft: Draft[EvmViews], order: ins.RoleInstruction, sender: str, name: str, title: str) -> None:
    """A step of its own; one of the same numbers may have been taken before, and widened since."""
    draft.add(draft.views.step(draft.fresh(name), title, [draft.by_role(order, sender)]))


def _told(terms: tuple[int, int]) -> str:
    keys = f"two keys from {money(terms[1])} on" if terms[1] else "one key"
    return f"a fee of at most {terms[0]} bps, {keys}"


def _guard(band_bps: int, max_age: int) -> str:
    within = f"within {band_bps} bps of a dollar" if band_bps else "off its peg, whatever its feed says"
    return f"{within}, by answers of {max_age} s at most"
