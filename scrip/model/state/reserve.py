"""The backing of one stock as it is kept: the oracle's rounds, the split basis, receivables, and what a mint asks."""

from __future__ import annotations

from dataclasses import dataclass

from scrip.errors import Refusal
from scrip.ledger import Coverage
from scrip.model.laws import arithmetic as law
from scrip.model.state.receivables import Receivable, counted
from scrip.units import NO_SHARES, WAD_DECIMALS, ShareWad, Wad

Split = tuple[int, int]
"""A split factor (num, den): new shares for old."""


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

    # --- the question ---

    def check(self, before: ShareWad, supply: ShareWad, index: Wad, split: Split, ex: int, now: int) -> None:
        """Whether `supply` after a mint is backed, at the greater of current and pending `index`.

        `before` is the supply without the mint, `ex` the earliest ex instant of what was announced and is neither
        scheduled nor cancelled, 0 where there is none: from then on what a unit stands for is undecided. Refuses, in
        order: not configured, action undecided, basis unconfirmed, bad answer, future answer, stale answer,
        insufficient.
        """
        config = self.configured()
        if ex != 0 and ex <= now:
            raise Refusal("reserve: action undecided", f"the market's ex was {now - ex} s ago")
        if self.basis != split:
            raise Refusal("reserve: basis unconfirmed", f"the feed counts in {self.basis}, the token in {split}")
        latest = self.round(len(self.rounds))
        if latest is None or not latest.usable:
            raise Refusal("reserve: bad answer")
        if latest.updated_at > now:
            raise Refusal("reserve: future answer")
        if now - latest.updated_at > config.max_age:
            raise Refusal("reserve: stale answer", f"{now - latest.updated_at} s old")
        coverage = self.coverage(supply, index, now, before)
        if not coverage.covered:
            raise Refusal("reserve: insufficient", str(coverage))

    def coverage(self, supply: ShareWad, index: Wad, now: int, before: ShareWad | None = None) -> Coverage:
        """The view, whatever the age of the last answer; receivables count on the supply `before` a mint."""
        config, latest = self.config, self.round(len(self.rounds))
        attested = NO_SHARES
        if config is not None and latest is not None and latest.usable:
            attested = law.counted_reserve(law.normalise_answer(latest.answer, self.decimals), config.margin_bps)
        lowest = supply if before is None else min(supply, before)
        as_of = latest.updated_at if config is not None and latest is not None else 0
        return Coverage(
            attested=attested,
            required=law.liability(supply, index, *self.basis),
            receivable=counted(self.receivables, lowest, self.basis, as_of, now),
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
