"""What scheduled dividends will still buy: derived from the slot whenever it changes, and counted against what is owed.

A dividend raises what is owed from its scheduling on; the shares that it buys come when its cash does. In between it is
a receivable, on the smallest supply since it was scheduled: who bought units later was promised no share of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from scrip import parameters
from scrip.errors import Refusal
from scrip.model.laws import arithmetic as law
from scrip.units import ShareWad, Wad

MAX_RECEIVABLES = parameters.MAX_RECEIVABLES.value

Id = tuple[str, str]
"""(code, reference) of an action within a stock."""


@dataclass(frozen=True, slots=True)
class Due:
    """What a dividend in the slot comes to: the rise of the index in force that is its own, and its seconds."""

    id: Id
    delta: Wad
    buy: int
    until: int


@dataclass(frozen=True, slots=True)
class Receivable:
    """A scheduled dividend that the custodian has yet to buy shares for.

    It counts until an answer is as of `buy`, by which those shares are there, and while now < `until`. `delta` is the
    rise of the index; `supply` the smallest supply since it was scheduled.
    """

    id: Id
    delta: Wad
    supply: ShareWad
    buy: int
    until: int

    def counts(self, as_of: int, now: int) -> bool:
        """Whether the shares may still be missing from an answer `as_of` that second."""
        return now < self.until and as_of < self.buy


def derived(
    entries: Sequence[Receivable], slot: Sequence[Due], cancelled: Id | None, supply: ShareWad, index: Wad, now: int
) -> list[Receivable]:
    """The receivables after the slot changed to `slot`: what each dividend there comes to is computed anew.

    `cancelled` left the slot; `supply` and `index` are the present ones. A dividend is paid on shares: of the index it
    counts on what the open ones before it are still to buy is left out. Those whose grace is over are forgotten, unless
    no dividend is concerned. Refuses: receivables full.
    """
    if not slot and all(entry.id != cancelled for entry in entries):
        return list(entries)
    kept = {entry.id: entry for entry in entries if now < entry.until and entry.id != cancelled}
    pending = {due.id for due in slot}
    unbought = sum(entry.delta for entry in kept.values() if entry.id not in pending)
    for due in slot:
        delta, before = law.receivable_delta(due.delta, index, unbought), kept.get(due.id)
        if before is None:
            kept[due.id] = Receivable(due.id, delta, supply, min(due.buy, due.until), due.until)
        else:
            kept[due.id] = replace(before, delta=delta, supply=min(before.supply, supply))
    if len(kept) > MAX_RECEIVABLES:
        raise Refusal("reserve: receivables full", f"{len(kept)} of {MAX_RECEIVABLES}")
    return list(kept.values())


def marked(entries: Iterable[Receivable], supply: ShareWad, now: int) -> list[Receivable]:
    """The receivables as a mint leaves them: `supply` before it is the smallest since scheduling, if it is smaller."""
    return [replace(one, supply=min(one.supply, supply)) if now < one.until else one for one in entries]


def counted(entries: Iterable[Receivable], supply: ShareWad, basis: tuple[int, int], as_of: int, now: int) -> ShareWad:
    """Shares of `basis` that open dividends will buy, at a `supply` that no mint has raised yet.

    `as_of` is the second of the latest answer, 0 where there is none.
    """
    open_ones = (entry for entry in entries if entry.counts(as_of, now))
    return ShareWad(sum(law.receivable(supply, entry.supply, entry.delta, *basis) for entry in open_ones))
