"""The backing of one stock as it is kept: the oracle's rounds, the split basis, receivables, and what a mint asks."""

from __future__ import annotations

from dataclasses import dataclass

from scrip import parameters
from scrip.errors import Refusal
from scrip.ledger import Coverage
from scrip.model.laws import arithmetic as law
from scrip.units import NO_SHARES, WAD_DECIMALS, ShareWad, Wad

MAX_RECEIVABLES = parameters.MAX_RECEIVABLES.value

Split = tuple[int, int]
"""(num, den): new shares for old."""


@dataclass(frozen=True, slots=True)
class Round:
    """One answer of the oracle, at its own decimals, and the UTC second it is as of."""

    answer: int
    updated_at: int

    @property
    def usable(self) -> bool:
        """Whether anything may be computed with the answer: positive and below 2^128."""
        return 0 < self.answer <= law.U128_MAX


@dataclass(frozen=True, slots=True)
class FeedConfig:
    """How answers are judged: oldest age in seconds, margin in basis points, ceiling."""

    max_age: int
    margin_bps: int
    ceiling: ShareWad


@dataclass(frozen=True, slots=True)
class Receivable:
    """A scheduled dividend that the custodian has yet to buy shares for. It counts while now < until.

    `delta` is the rise of the index, `supply` the supply when it was scheduled.
    """

    id: tuple[str, str]
    delta: Wad
    supply: ShareWad
    until: int


@dataclass(frozen=True, slots=True)
class ScheduledSplit:
    """A split in a token's history: scheduled, and effective from its second on."""

    effective_at: int
    num: int
    den: int


class Feed:
    """The state of one stock's backing."""

    def __init__(self, decimals: int = WAD_DECIMALS) -> None:
        self.decimals = decimals
        self.config: FeedConfig | None = None
        self.basis: Split = (1, 1)
        self.rounds: list[Round] = []
        self.receivables: list[Receivable] = []

    def publish(self, answer: int, updated_at: int) -> None:
        """Keep the oracle's next round."""
        self.rounds.append(Round(answer, updated_at))

    # --- receivables ---

    def add_receivable(self, entry: Receivable) -> None:
        """Room is for four: the oldest is dropped, which only makes mints harder."""
        self.receivables = [*self.receivables[-(MAX_RECEIVABLES - 1) :], entry]

    def remove_receivable(self, action: tuple[str, str]) -> None:
        """Forget a cancelled action's; nothing happens when there is none."""
        self.receivables = [entry for entry in self.receivables if entry.id != action]

    def open_receivable(self, supply: ShareWad, now: int) -> ShareWad:
        """Shares that open dividends will buy for at most `supply`."""
        due = (entry for entry in self.receivables if now < entry.until)
        return ShareWad(sum(law.receivable(supply, entry.supply, entry.delta, *self.basis) for entry in due))

    # --- the question ---

    def check(self, supply: ShareWad, index: Wad, split: Split, now: int) -> None:
        """Whether `supply` (after a mint) is backed, at the greater of current and pending `index`.

        Refuses, in order: not configured, basis unconfirmed, bad answer, future answer, stale answer, insufficient.
        """
        config = self.configured()
        if self.basis != split:
            raise Refusal("reserve: basis unconfirmed", f"the feed counts in {self.basis}, the token in {split}")
        latest = self.round(len(self.rounds))
        if latest is None or not latest.usable:
            raise Refusal("reserve: bad answer")
        if latest.updated_at > now:
            raise Refusal("reserve: future answer")
        if now - latest.updated_at > config.max_age:
            raise Refusal("reserve: stale answer", f"{now - latest.updated_at} s old")
        coverage = self.coverage(supply, index, now)
        if not coverage.covered:
            raise Refusal("reserve: insufficient", str(coverage))

    def coverage(self, supply: ShareWad, index: Wad, now: int) -> Coverage:
        """The view, whatever the age of the last answer."""
        config, latest = self.config, self.round(len(self.rounds))
        attested = NO_SHARES
        if config is not None and latest is not None and latest.usable:
            attested = law.counted_reserve(law.normalise_answer(latest.answer, self.decimals), config.margin_bps)
        return Coverage(
            attested=attested,
            required=law.liability(supply, index, *self.basis),
            receivable=self.open_receivable(supply, now),
            ceiling=config.ceiling if config is not None else NO_SHARES,
        )

    def round(self, number: int) -> Round | None:
        """The round with this number; a round as of 0 is how some oracles say that there is none."""
        entry = self.rounds[number - 1] if 1 <= number <= len(self.rounds) else None
        return entry if entry is not None and entry.updated_at != 0 else None

    def configured(self) -> FeedConfig:
        """How answers are judged. Refuses: not configured."""
        if self.config is None:
            raise Refusal("reserve: not configured")
        return self.config
