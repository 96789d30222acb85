"""A stock's whole history: every action of every code in the order of its second, with what it did to a unit.

No contract keeps it: it is played from the records and the events of the chain, and held to the chain's own pair.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from scrip.action_codes import BOOK_CODES, CORRECTION, FOLD
from scrip.chains.evm import EvmNetwork
from scrip.chains.network import Network
from scrip.errors import Drift, InputError, NodeError, Refusal
from scrip.evm.handlers.actions import announced_names, as_state, read_records, scheduled_order
from scrip.evm.views import EvmViews
from scrip.flows.action_links import standing_on
from scrip.flows.actions import Book, readable, told_record
from scrip.holders.instant import At, block_before
from scrip.ledger.states import ActionState
from scrip.model.laws.multiplier import Terms
from scrip.preview import moment
from scrip.units import format_fixed, format_wad

COVERAGE_PLACES = 6
"""Decimals of a coverage, rounded down."""
COLUMNS = (
    *("network", "code", "reference", "status", "at"),
    *("index_before", "index_after", "factor_before", "factor_after", "unit_before", "unit_after"),
    *("coverage_before", "coverage_after", "linked"),
)
"""Of the CSV; in JSON `before` and `after` say a pair in words, too."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An action of a stock's history: what it is called, how it stands, its second, and the factors around it.

    `before` and `after` are the same for what moves none of them, and where it has not been scheduled. The coverage is
    the reserve over what was owed, just before its second and in the first block from then on; None where that is to
    come or cannot be read any more. `linked` are the votes, elections, roots, offers, ends and notices of it.
    """

    network: str
    code: str
    reference: str
    status: str
    at: int
    before: Terms
    after: Terms
    coverage_before: Fraction | None = None
    coverage_after: Fraction | None = None
    linked: tuple[str, ...] = ()
    terms: Mapping[str, str] = field(default_factory=dict)
    """What was announced, in shares, money and dates, by the name of each; of what says nothing nothing."""

    def as_json(self) -> dict[str, str]:
        """For a report, and by COLUMNS for a table: shares that one unit shows are decimals, "" is not known."""
        return {
            "network": self.network,
            "code": self.code,
            "reference": self.reference,
            "status": self.status,
            "at": moment(self.at),
            "before": _pair(self.before),
            "after": _pair(self.after),
            "index_before": format_wad(self.before.index),
            "index_after": format_wad(self.after.index),
            "factor_before": f"{self.before.num}:{self.before.den}",
            "factor_after": f"{self.after.num}:{self.after.den}",
            "unit_before": format_wad(self.before.ui_multiplier),
            "unit_after": format_wad(self.after.ui_multiplier),
            "coverage_before": _ratio(self.coverage_before),
            "coverage_after": _ratio(self.coverage_after),
            "linked": " ".join(self.linked),
        }

    def lines(self) -> Iterable[str]:
        """For people."""
        yield f"{moment(self.at)}  {self.code} {self.reference}  {self.status}"
        if self.before != self.after:
            yield f"    {_pair(self.before)}  ->  {_pair(self.after)}"
            shown = (format_wad(one.ui_multiplier) for one in (self.before, self.after))
            yield "    a unit: {} -> {} shares".format(*shown)
        if self.coverage_before is not None or self.coverage_after is not None:
            ratios = (_ratio(one) or "not known" for one in (self.coverage_before, self.coverage_after))
            yield "    coverage: {} -> {}".format(*ratios)
        if self.linked:
            yield f"    {', '.join(self.linked)}"


def history(network: Network, stock: str, coverage: bool = True, links: bool = True) -> list[Entry]:
    """Every action of a stock in the order of its second, those of the book too, with the factors before and after.

    The factors are played from the beginning by the laws, and Drift where they do not end where the chain stands. With
    `coverage` an Ethereum-family chain's state around each effect is read, as far as the node still has it; without
    `links` nothing is asked about what stands on each.
    """
    if isinstance(network, EvmNetwork):
        found = _of_evm(network, stock, links)
        return _with_coverage(network, stock, found) if coverage else found
    states = sorted(network.views().ledger.actions(stock), key=_in_time)
    return _played(network, stock, states)


def _of_evm(network: EvmNetwork, stock: str, links: bool) -> list[Entry]:
    views = network.views()
    ledger, chain, now = views.ledger, views.network.chain, views.now()
    told = announced_names(chain, ledger.suite.actions, ledger.token(stock), ledger.since)
    names = {identity: reference for identity, (_, reference) in told.items()}
    order = scheduled_order(chain, ledger.suite.actions, ledger.token(stock), ledger.since)
    states = [
        as_state(one, stock, one["code"], names.get(bytes(one["id"]), "0x" + bytes(one["id"]).hex()))
        for one in read_records(chain, ledger.suite.actions, ledger.token(stock))
    ]
    states.sort(key=lambda one: (one.effective_at, order.get(one.id, 0)))
    found = _played(network, stock, states)
    played = list(found)
    for recorded in Book(network, stock).every() if ledger.suite.book is not None else ():
        at, status = max(recorded.terms.pay, recorded.terms.record_at), recorded.status_at(now).lower()
        around = next((one.after for one in reversed(played) if one.at <= at), Terms())
        named, said = (network.manifest.network, recorded.code, recorded.reference), dict(told_record(recorded.terms))
        found.append(Entry(*named, status, at, around, around, terms=said))
    if links:
        found = [replace(one, linked=_links(views, stock, one.code, one.reference)) for one in found]
    return sorted(found, key=lambda one: one.at)


def _links(views: EvmViews, stock: str, code: str, reference: str) -> tuple[str, ...]:
    return tuple(map(str, standing_on(views, stock, code, reference)))


def _played(network: Network, stock: str, states: Sequence[ActionState]) -> list[Entry]:
    """What moves the multiplier, played in its order; Drift where it does not end at the chain's own pair."""
    found, terms, effective = list[Entry](), Terms(), Terms()
    shown, now = network.views().ledger.multiplier(stock), network.now()
    for one in states:
        after = played(one, terms) if one.counts else terms
        found.append(
            Entry(
                network.manifest.network,
                one.code,
                one.reference,
                one.status,
                one.effective_at,
                terms,
                after,
                terms=readable(one),
            )
        )
        terms = after
        if one.effective_at <= now:
            effective = terms
    stands = Terms(shown.index, shown.num, shown.den)
    if effective != stands:
        raise Drift(f"the actions of {stock} end at {_pair(effective)}, and the chain stands at {_pair(stands)}")
    if shown.effective_at and terms.ui_multiplier != shown.pending_ui_multiplier:
        ends, is_ = format_wad(terms.ui_multiplier), format_wad(shown.pending_ui_multiplier)
        raise Drift(f"the actions of {stock} come to {ends} shares a unit, and the chain has {is_} pending")
    return found


def played(one: ActionState, terms: Terms) -> Terms:
    """The factors after a scheduled action."""
    if one.code == CORRECTION:
        return replace(terms, index=one.index)
    if one.code == FOLD:
        return Terms(one.index, one.num, one.den)
    if one.price:
        return terms.with_dividend(one.price, one.net)
    return terms.with_split(one.num, one.den)


def _in_time(one: ActionState) -> tuple[int, bool, bytes]:
    """The order of a slot: a dividend's price is ex every split of its second, and the timelock's stand alone."""
    return one.effective_at, bool(one.price), one.id


# --- coverage --------------------------------------------------------------------------------------------------------


def _with_coverage(network: EvmNetwork, stock: str, found: Sequence[Entry]) -> list[Entry]:
    head, since = network.node.block(), network.views().ledger.since

    def look(number: int) -> At:
        block = network.node.block(number)
        return At(block.number, block.hash, block.timestamp)

    def around(at: int) -> tuple[Fraction | None, Fraction | None]:
        try:
            before = block_before(look, At(head.number, head.hash, head.timestamp), at, since)
        except (Drift, InputError, NodeError):
            return None, None
        later = before.number + 1
        return _read(network, stock, before.number), _read(network, stock, later) if later <= head.number else None

    asked: dict[int, tuple[Fraction | None, Fraction | None]] = {}
    made = []
    for one in found:
        is_done = one.status in ("effective", "completed") and one.at <= head.timestamp
        if is_done and one.at not in asked:
            asked[one.at] = around(one.at)
        before, after = asked[one.at] if is_done else (None, None)
        made.append(replace(one, coverage_before=before, coverage_after=after))
    return made


def _read(network: EvmNetwork, stock: str, block: int) -> Fraction | None:
    """Reserve over what is owed as of a block; None where nothing is owed, or the node no longer has that state."""
    try:
        found = network.at(block).views().ledger.coverage(stock)
    except (NodeError, Refusal, InputError):
        return None
    return Fraction(found.attested, found.required) if found.required else None


# --- several networks ------------------------------------------------------------------------------------------------


def demand_same(histories: Sequence[Sequence[Entry]]) -> None:
    """Drift where an action of one code and reference has another second or another pair on another network.

    What one network alone has, such as an action that its chain alone can record, is no difference.
    """
    known: dict[tuple[str, str], Entry] = {}
    apart = []
    moved: Callable[[Entry], tuple[object, ...]] = lambda one: (one.at, one.before, one.after)  # noqa: E731
    for one in (entry for each in histories for entry in each if entry.status in ("scheduled", "effective")):
        if one.code in BOOK_CODES:
            continue
        first = known.setdefault((one.code, one.reference), one)
        if moved(first) != moved(one):
            told = (
                f"{each.network} {moment(each.at)} {_pair(each.before)} -> {_pair(each.after)}" for each in (first, one)
            )
            apart.append(f"{one.code} {one.reference}: " + "; ".join(told))
    if apart:
        raise Drift("the networks do not have one history: " + " | ".join(apart))


def as_csv(entries: Iterable[Entry]) -> str:
    """A table of COLUMNS."""
    text = io.StringIO(newline="")
    rows = csv.DictWriter(text, COLUMNS, lineterminator="\n", extrasaction="ignore")
    rows.writeheader()
    rows.writerows(one.as_json() for one in entries)
    return text.getvalue()


def _pair(terms: Terms) -> str:
    return f"index {format_wad(terms.index)}, factor {terms.num}:{terms.den}"


def _ratio(value: Fraction | None) -> str:
    return "" if value is None else format_fixed(int(value * 10**COVERAGE_PLACES), COVERAGE_PLACES)
