"""The reserve feed of one stock: the oracle's rounds, the split basis, receivables, and the question a mint asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from scrip import parameters
from scrip.errors import Refusal
from scrip.ledger import Coverage
from scrip.model import arithmetic as law
from scrip.units import WAD_DECIMALS

MAX_RECEIVABLES = parameters.MAX_RECEIVABLES.value
MAX_SPLITS_BACK = parameters.MAX_SPLITS_BACK.value

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
    """How answers are judged: oldest age in seconds, margin in basis points, ceiling in 18-decimal shares."""

    max_age: int
    margin_bps: int
    ceiling: int


@dataclass(frozen=True, slots=True)
class Receivable:
    """A scheduled dividend that the custodian has yet to buy shares for. It counts while now < until.

    `delta` is the rise of the index, a wad; `supply` the supply when it was scheduled, 18 decimals.
    """

    id: tuple[str, str]
    delta: int
    supply: int
    until: int


@dataclass(frozen=True, slots=True)
class ScheduledSplit:
    """A split in a token's history: scheduled, and effective from its second on."""

    effective_at: int
    num: int
    den: int


def choose_rounds(updated_ats: Sequence[int], first: int) -> tuple[int, int]:
    """The rounds, numbered from 1, that show a basis change whose first split took effect at `first`.

    The old one is the latest round from before `first` whose successor is not; the new one is the latest of all.
    (0, latest) when there is no such old round: a feed refuses that as "reserve: wrong old round".
    """
    for number in range(len(updated_ats) - 1, 0, -1):
        if updated_ats[number - 1] < first <= updated_ats[number]:
            return number, len(updated_ats)
    return 0, len(updated_ats)


class Feed:
    """The state of one stock's backing. Supplies are 18-decimal shares."""

    def __init__(self, decimals: int = WAD_DECIMALS) -> None:
        self.decimals = decimals
        self.config: FeedConfig | None = None
        self.basis: Split = (1, 1)
        self.rounds: list[Round] = []
        self.receivables: list[Receivable] = []

    # --- settings ---

    def configure(self, config: FeedConfig, split: Split) -> None:
        """Refuses "reserve: bad config". The first call adopts `split`, the token's own, as the basis."""
        ages, margins, ceilings = parameters.RESERVE_MAX_AGE, parameters.RESERVE_MARGIN, parameters.RESERVE_CEILING
        if not (config.max_age in ages and config.margin_bps in margins and config.ceiling in ceilings):
            raise Refusal("reserve: bad config", str(config))
        if self.config is None:
            self.basis = split
        self.config = config

    def set_ceiling(self, ceiling: int) -> None:
        """Refuses: not configured, bad config."""
        self.configure(replace(self._configured(), ceiling=ceiling), self.basis)

    def set_basis(self, split: Split) -> None:
        """Adopt the token's split factor, on an administrator's word. Refuses "reserve: not configured"."""
        self._adopt(self._configured(), split)

    def publish(self, answer: int, updated_at: int) -> None:
        """The oracle's next round."""
        self.rounds.append(Round(answer, updated_at))

    # --- receivables ---

    def add_receivable(self, entry: Receivable) -> None:
        """Room is for four: the oldest is dropped, which only makes mints harder."""
        self.receivables = [*self.receivables[-(MAX_RECEIVABLES - 1) :], entry]

    def remove_receivable(self, action: tuple[str, str]) -> None:
        """Forget a cancelled action's; nothing happens when there is none."""
        self.receivables = [entry for entry in self.receivables if entry.id != action]

    def open_receivable(self, supply: int, now: int) -> int:
        """Shares that open dividends will buy for at most `supply`."""
        return sum(
            law.receivable(supply, entry.supply, entry.delta, *self.basis)
            for entry in self.receivables
            if now < entry.until
        )

    # --- the question ---

    def check(self, supply: int, index: int, split: Split, now: int) -> None:
        """Whether `supply` (after a mint) is backed, at the greater of current and pending `index`.

        Refuses, in order: not configured, basis unconfirmed, bad answer, future answer, stale answer, insufficient.
        """
        config = self._configured()
        if self.basis != split:
            raise Refusal("reserve: basis unconfirmed", f"the feed counts in {self.basis}, the token in {split}")
        latest = self._round(len(self.rounds))
        if latest is None or not latest.usable:
            raise Refusal("reserve: bad answer")
        if latest.updated_at > now:
            raise Refusal("reserve: future answer")
        if now - latest.updated_at > config.max_age:
            raise Refusal("reserve: stale answer", f"{now - latest.updated_at} s old")
        coverage = self.coverage(supply, index, now)
        if not coverage.covered:
            raise Refusal("reserve: insufficient", str(coverage))

    def coverage(self, supply: int, index: int, now: int) -> Coverage:
        """The view, whatever the age of the last answer."""
        config, latest = self.config, self._round(len(self.rounds))
        attested = 0
        if config is not None and latest is not None and latest.usable:
            attested = law.counted_reserve(law.normalise_answer(latest.answer, self.decimals), config.margin_bps)
        return Coverage(
            attested=attested,
            required=law.liability(supply, index, *self.basis),
            receivable=self.open_receivable(supply, now),
            ceiling=config.ceiling if config is not None else 0,
        )

    # --- splits ---

    def confirm_basis(
        self, old_round: int | None, new_round: int | None, splits: Sequence[ScheduledSplit], split: Split, now: int
    ) -> None:
        """Adopt the token's `split` because the rounds before and after show it; `splits` are all that are scheduled.

        Refuses, in order: not configured, basis is current, no path to basis, wrong old round, wrong new round, future
        answer, bad answer, outside the band. Rounds are numbered from 1; None lets choose_rounds pick.
        """
        config = self._configured()
        if self.basis == split:
            raise Refusal("reserve: basis is current")
        first, last = self._unconfirmed(splits, split, now)
        chosen = choose_rounds([entry.updated_at for entry in self.rounds], first)
        old_number = chosen[0] if old_round is None else old_round
        new_number = chosen[1] if new_round is None else new_round
        old, after = self._round(old_number), self._round(old_number + 1)
        if old is None or after is None or not old.updated_at < first <= after.updated_at:
            raise Refusal("reserve: wrong old round", str(old_number))
        new = self._round(new_number)
        if new is None or new_number <= old_number or new.updated_at < last:
            raise Refusal("reserve: wrong new round", str(new_number))
        if new.updated_at > now:
            raise Refusal("reserve: future answer")
        if not old.usable or not new.usable:
            raise Refusal("reserve: bad answer")
        if not law.basis_confirmed(old.answer, new.answer, *_ratio(split, self.basis)):
            raise Refusal("reserve: outside the band", f"from {old.answer} to {new.answer}")
        self._adopt(config, split)

    def _unconfirmed(self, splits: Sequence[ScheduledSplit], split: Split, now: int) -> tuple[int, int]:
        """effectiveAt of the first and of the last unconfirmed split: from the token's factor, undo until the basis."""
        effective = [entry for entry in splits[-MAX_SPLITS_BACK:] if entry.effective_at <= now]
        factor = split
        for entry in reversed(effective):
            factor = law.next_split(*factor, entry.den, entry.num)
            if factor == self.basis:
                return entry.effective_at, effective[-1].effective_at
        raise Refusal("reserve: no path to basis", f"from {split} to {self.basis}")

    def _adopt(self, config: FeedConfig, split: Split) -> None:
        scaled = law.scaled_ceiling(config.ceiling, *_ratio(split, self.basis))
        self.config = replace(config, ceiling=min(scaled, law.U128_MAX))
        self.basis = split

    def _round(self, number: int) -> Round | None:
        """The round with this number; a round as of 0 is how some oracles say that there is none."""
        entry = self.rounds[number - 1] if 1 <= number <= len(self.rounds) else None
        return entry if entry is not None and entry.updated_at != 0 else None

    def _configured(self) -> FeedConfig:
        if self.config is None:
            raise Refusal("reserve: not configured")
        return self.config


def _ratio(split: Split, basis: Split) -> Split:
    """The change from `basis` to `split`, in lowest terms."""
    return law.reduce(split[0] * basis[1], split[1] * basis[0])
