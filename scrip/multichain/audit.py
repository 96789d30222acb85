"""What several chains disagree about, from the chains: actions, multipliers and ceilings of stocks that they share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from scrip.errors import ScripError
from scrip.ledger import MultiplierState
from scrip.ledger.states import ActionState
from scrip.multichain.differences import differing
from scrip.multichain.side import Side
from scrip.preview import moment
from scrip.reports.findings import Finding, Severity, in_order
from scrip.units import Shares, ShareWad, format_wad

UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Shared:
    """A stock that several manifests have, with its ticker on each side, and how each chain shows its actions."""

    isin: str
    tickers: tuple[tuple[Side, str], ...]


def one_sided(sides: Sequence[Side]) -> list[Finding]:
    """Everything in which the chains of several sides differ about the stocks that more than one has, worst first.

    Nothing is sent. What a node leaves unanswered is a finding of its own. The first side's tickers name the stocks.
    """
    found: list[Finding] = []
    for ticker, shared in _shared(sides):
        for part in (_actions, _multipliers, _ceilings):
            found += _answered(f"multichain.{ticker}", part, shared)
    return in_order(found)


def _shared(sides: Sequence[Side]) -> Iterator[tuple[str, Shared]]:
    isins = dict.fromkeys(stock.identity for side in sides for stock in side.manifest.stocks.values())
    for isin in isins:
        tickers = tuple(
            (side, ticker) for side in sides for ticker, stock in side.manifest.stocks.items() if stock.identity == isin
        )
        if len(tickers) > 1:
            yield tickers[0][1], Shared(isin, tickers)


def _answered(field: str, part: Callable[[str, Shared], Iterable[Finding]], shared: Shared) -> list[Finding]:
    try:
        return list(part(field, shared))
    except ScripError as error:
        return [Finding(field, "an answer to every question", str(error) or type(error).__name__, "unproven")]


# --- actions ---


def _actions(field: str, shared: Shared) -> Iterator[Finding]:
    """Findings about each action that any chain knows, on every other."""
    # By what names it: of an action that a chain does not know there is no id there to look for.
    known = [
        (side, {(one.code, one.reference): one for one in side.actions(ticker)}) for side, ticker in shared.tickers
    ]
    for identity in dict.fromkeys(one for _, found in known for one in found):
        rows = [(side.manifest.network, found.get(identity)) for side, found in known]
        first = next(one for _, one in rows if one)
        place = f"{field}.{first.code}.{first.reference}"
        yield from _statuses(place, rows)
        yield from _terms(place, [(name, one) for name, one in rows if one])


def _statuses(place: str, rows: Sequence[tuple[str, ActionState | None]]) -> Iterator[Finding]:
    """Findings about an action that counts or is announced on some of the chains and not on all."""
    alive = [(name, one) for name, one in rows if one and (one.open or one.counts)]
    if not alive:
        return
    counting = any(one.counts for _, one in alive)
    name, most = next((name, one) for name, one in alive if one.counts or not counting)
    for other, one in rows:
        same = one is not None and (one.counts if counting else one.open)
        if not same:
            severity: Severity = "critical" if counting else "drift"
            status = one.status if one else UNKNOWN
            yield Finding(f"{place}.{other}", f"{_shown(most)}, as on {name}", status, severity)


def _terms(place: str, rows: Sequence[tuple[str, ActionState]]) -> Iterator[Finding]:
    alive = [(name, one) for name, one in rows if one.status != "cancelled"]
    for other, one in alive[1:]:
        name, first = alive[0]
        for term in differing(first, one):
            expected = f"{getattr(first, term)}, as on {name}"
            yield Finding(f"{place}.{other}.{term}", expected, str(getattr(one, term)), "critical")


def _shown(one: ActionState) -> str:
    return f"{one.status}, effective {moment(one.effective_at)}"


# --- multipliers ---


def _multipliers(field: str, shared: Shared) -> Iterator[Finding]:
    """Findings about the exact pair in force and what is pending, both at the latest of the chains' clocks."""
    rows = [(side.manifest.network, side.multiplier(ticker), side.now()) for side, ticker in shared.tickers]
    latest = max(now for _, _, now in rows)
    name, first, _ = rows[0]
    for other, state, _ in rows[1:]:
        for what, one, two in zip(("multiplier", "pending"), _at(first, latest), _at(state, latest), strict=True):
            if one != two:
                yield Finding(f"{field}.{what}.{other}", f"{one}, as on {name}", two, "critical")
        same = state.ui_multiplier == first.ui_multiplier and not (first.effective_at or state.effective_at)
        if same and (one := _pair(first)) != (two := _pair(state)):
            yield Finding(f"{field}.pair.{other}", f"{one}, as on {name}", two)


def _pair(state: MultiplierState) -> str:
    return f"index {format_wad(state.index)}, factor {state.num}:{state.den}"


def _at(state: MultiplierState, now: int) -> tuple[str, str]:
    """What a multiplier shows at a second, and what is pending then."""
    current, pending = (format_wad(one) for one in (state.ui_multiplier, state.pending_ui_multiplier))
    if not state.effective_at:
        return current, "nothing"
    if now >= state.effective_at:
        return pending, "nothing"
    return current, f"{pending} from {moment(state.effective_at)}"


# --- ceilings ---


def _ceilings(field: str, shared: Shared) -> Iterator[Finding]:
    """Findings where the ceilings together allow more than the least that any custodian attests to, and where a chain
    counts less for all others than they have: it would go on issuing on shares that another has issued on already.
    """
    covers = [side.coverage(ticker) for side, ticker in shared.tickers]
    attested = [one.attested for one in covers if one.attested]
    together = ShareWad(sum(one.ceiling for one in covers))
    if attested and together > min(attested):
        expected = f"at most the {Shares.from_wad(min(attested))} shares that are attested"
        yield Finding(f"{field}.ceilings", expected, f"{Shares.from_wad(together)} shares together")
    if len({side.multiplier(ticker).ui_multiplier for side, ticker in shared.tickers}) > 1:
        return  # A split is in effect on some alone, which `_multipliers` tells: a share is not the same on all.
    standing = [(side.manifest.network, side.ceilings(ticker)) for side, ticker in shared.tickers]
    for network, one in standing:
        others = sum((two.own for name, two in standing if name != network), Shares.of(0))
        if one.others < others:
            expected = f"at least the {others} shares of the other chains' ceilings"
            yield Finding(f"{field}.others.{network}", expected, f"{one.others} shares", "critical")
