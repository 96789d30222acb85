"""A stock's rules and holder limits as steps of a plan: COMPLIANCE tightens, what loosens waits for the timelock."""

from __future__ import annotations

from eth_utils import keccak

from scrip import instructions as ins
from scrip.holder_limits import Countries, HolderLimits, StockRules
from scrip.labels import TIMELOCK
from scrip.manifest.rules import resolve
from scrip.plan import Change
from scrip.plan.draft import Draft
from scrip.preview import admitted, limited
from scrip.solana.handlers.holder_limits import here, limits_of, rules_of
from scrip.solana.views import SolanaViews, step

Order = ins.SetStockRules | ins.SetHolderLimits | ins.RemoveHolderLimits


def set_all(draft: Draft[SolanaViews], ticker: str, anew: bool = False) -> None:
    """The steps by which a stock's rules and limits are the manifest's; `anew` as though it were not born."""
    rules = resolve(draft.views.manifest, ticker)
    set_rules(draft, ticker, rules.stock_rules, anew)
    set_limits(draft, ticker, here(rules.holder_limits), anew)


def set_rules(draft: Draft[SolanaViews], ticker: str, wanted: StockRules, anew: bool = False) -> None:
    """The steps that lead to the wanted rules: COMPLIANCE shuts out, the timelock lets in."""
    found = StockRules() if anew else rules_now(draft.views, ticker)
    if found == wanted:
        draft.same.append(f"{ticker} may be held by {admitted(wanted)}")
        return
    common = wanted & found
    tight = common if common.classes else StockRules(found.classes, Countries.only(()))
    if tight != found:
        _add(draft, ins.SetStockRules(ticker, tight), "rules", f"{ticker} may be held by {admitted(tight)}", "")
    if wanted != tight:
        _add(draft, ins.SetStockRules(ticker, wanted), "rules", f"{ticker} may be held by {admitted(wanted)}", TIMELOCK)
    draft.changes.append(Change(f"who may hold {ticker}", admitted(found), admitted(wanted)))


def set_limits(draft: Draft[SolanaViews], ticker: str, wanted: HolderLimits, anew: bool = False) -> None:
    """The steps that lead to the wanted limits, signed as `set_rules`; none where none stand or are wanted."""
    found = here(HolderLimits()) if anew else limits_now(draft.views, ticker)
    if found == wanted or not (found or wanted):
        draft.same += [f"{ticker}: {limited(wanted)}"] if wanted else []
        return
    if not wanted:
        _add(draft, ins.RemoveHolderLimits(ticker), "no-limits", f"end {ticker}'s limits", TIMELOCK)
    elif not found or wanted <= found:
        _add(draft, ins.SetHolderLimits(ticker, wanted), "limits", f"limit {ticker} to {limited(wanted)}", "")
    else:
        tight = wanted & found
        if tight != found:
            _add(draft, ins.SetHolderLimits(ticker, tight), "limits", f"limit {ticker} to {limited(tight)}", "")
        _add(draft, ins.SetHolderLimits(ticker, wanted), "limits", f"limit {ticker} to {limited(wanted)}", TIMELOCK)
    draft.changes.append(Change(f"{ticker}'s limits", limited(found), limited(wanted)))


def rules_now(views: SolanaViews, ticker: str) -> StockRules:
    """Who may hold a stock now; everybody, where it is not born."""
    network = views.network
    found = network.program.record(network.chain, network.listing(ticker).stock, "Stock")
    return StockRules() if found is None else rules_of(found)


def limits_now(views: SolanaViews, ticker: str) -> HolderLimits:
    """A stock's limits now; none, where it is not born or has none."""
    network = views.network
    found = network.program.record(network.chain, network.listing(ticker).stock, "Stock")
    return here(HolderLimits() if found is None else limits_of(found))


def _add(draft: Draft[SolanaViews], order: Order, what: str, title: str, by: str) -> None:
    signed = draft.by_role(order, by)
    calls = draft.views.network.future_ledger().calls(signed)
    name = f"{what}-{order.stock}-{keccak(text=title).hex()[:8]}"
    draft.steps.append(step(name, title, signed.by, calls, signed, what=what))
