"""The decisions about several networks, against themselves, the chains and the networks' own records.

Nothing is mended here: what differs is reported.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from scrip import instructions as ins
from scrip.errors import ScripError
from scrip.multichain.actions import CANCEL, SCHEDULE
from scrip.multichain.ceilings import ENDS, MOVE, MOVED, standing_of
from scrip.multichain.decisions import Decision, Decisions, folders
from scrip.multichain.side import Side, chain_of, ticker_of
from scrip.records.record import RecordError
from scrip.reports.findings import Finding, Severity, in_order
from scrip.units import Wad

BOOKS = "a record of what was decided"


def verify(sides: Sequence[Side], records: Path) -> list[Finding]:
    """What was decided and not finished, or on one network alone, or is not as it was written or carried out.

    `records` is the folder of all records. A chain that is not among the sides is not asked.
    """
    found: list[Finding] = []
    for folder in folders(records):
        place = f"records/multichain/{folder.name}"
        try:
            decisions = Decisions.at(folder)
            decisions.all()
        except (RecordError, UnicodeDecodeError, LookupError) as error:
            found.append(Finding(place, "the decisions as they were made", str(error), "critical"))
            continue
        try:
            found += _against_networks(place, sides, decisions)
        except ScripError as error:
            found.append(Finding(place, "an answer to every question", str(error), "unproven"))
    return in_order(found)


def _against_networks(place: str, sides: Sequence[Side], decisions: Decisions) -> Iterator[Finding]:
    if decision := decisions.latest(CANCEL):
        yield from _cancelled(place, _of(sides, decision), decision)
    elif decision := decisions.latest(SCHEDULE):
        yield from _scheduled(place, _of(sides, decision), decision)
    if decision := decisions.latest(MOVE):
        part = _moved if decisions.latest(MOVED) else _moving
        yield from part(place, _of(sides, decision), decision)


def _of(sides: Sequence[Side], decision: Decision) -> list[Side]:
    return [side for side in sides if chain_of(side) in decision.chains]


# --- actions ---


def _cancelled(place: str, sides: Sequence[Side], decision: Decision) -> Iterator[Finding]:
    """Findings about an action that was to be cancelled: where it is not, or for another reason than was decided."""
    terms = decision.terms
    rests_on = int(terms["reason"]), terms["document"]
    orders = [(side, ins.Cancel(*_name(side, decision), *rests_on)) for side in sides]
    for side, order in orders:
        one = side.action(order.stock, order.code, order.reference)
        if one.open or one.counts:
            expected = f"{decision.subject} cancelled, as was decided ({decision.why})"
            yield Finding(f"{place}.{side.manifest.network}", expected, one.status, "critical")
    yield from _booked(place, "action cancel", orders)


def _scheduled(place: str, sides: Sequence[Side], decision: Decision) -> Iterator[Finding]:
    """Findings about an action that was to be scheduled: where it is not, or at another price than was ordered.

    In some slots alone is worse than in none.
    """
    price = Wad(int(decision.terms["price"]))
    orders = [(side, ins.Schedule(*_name(side, decision), price)) for side in sides]
    found = [side.action(order.stock, order.code, order.reference) for side, order in orders]
    severity: Severity = "critical" if any(one.counts for one in found) else "drift"
    for side, one in zip(sides, found, strict=True):
        if not one.counts:
            expected = f"{decision.subject} scheduled, as was decided ({decision.why})"
            yield Finding(f"{place}.{side.manifest.network}", expected, one.status, severity)
    yield from _booked(place, "action schedule", orders)


def _name(side: Side, decision: Decision) -> tuple[str, str, str]:
    terms = decision.terms
    return ticker_of(side, terms["isin"]), terms["code"], terms["reference"]


def _booked(place: str, operation: str, orders: Sequence[tuple[Side, ins.Schedule | ins.Cancel]]) -> Iterator[Finding]:
    """Findings about what the networks' records say otherwise.

    That they know nothing is no finding: another may have done it there. Nor is what one alone has otherwise: it was
    done there before, by an order of its own.
    """
    said = [(side, side.booked(operation, f"{one.stock} {one.code} {one.reference}", one)) for side, one in orders]
    if "" not in [one for _, one in said]:
        yield from (Finding(f"{place}.{side.manifest.network}", BOOKS, one, "critical") for side, one in said if one)


# --- ceilings ---


def _moving(place: str, sides: Sequence[Side], decision: Decision) -> Iterator[Finding]:
    """A finding about a move of ceilings that is not finished: how far it came."""
    terms = decision.terms
    stands = (f"{side.manifest.network} at {side.ceilings(ticker_of(side, terms['isin'])).own}" for side in sides)
    expected = f"{terms['shares']} shares moved from {' to '.join(decision.chains)}"
    yield Finding(place, expected, f"not finished: {', '.join(stands) or 'no network that can be asked'}")


def _moved(place: str, sides: Sequence[Side], decision: Decision) -> Iterator[Finding]:
    """Findings about a finished move of ceilings that the records do not bear out.

    Ceilings go on changing: that they were once as decided only the records can say.
    """
    terms = decision.terms
    for side in sides:
        end = ENDS[decision.chains.index(chain_of(side))]
        ticker, after = ticker_of(side, terms["isin"]), standing_of(terms, end, "after")
        order = ins.SetCeiling(ticker, after.own, after.others, after.basis)
        said = side.booked("market ceiling", terms["reference"], order)
        if said != "":
            expected = f"a record of {ticker}'s ceiling at {after}"
            severity: Severity = "drift" if said is None else "critical"
            yield Finding(f"{place}.{side.manifest.network}", expected, said or "none", severity)
