"""The backing of one stock as it is kept: its source's answer, split basis, ceilings, and what a mint asks (law 5)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from scrip import parameters
from scrip.errors import Refusal
from scrip.instructions.reserve import Basis, ReserveSource
from scrip.ledger import Coverage, Surplus
from scrip.model.laws import arithmetic as law
from scrip.model.state.receivables import Receivable, counted
from scrip.units import NO_WAD, WAD_DECIMALS, ShareWad, Wad

NO_SHARES = ShareWad(0)
Split = tuple[int, int]
"""(num, den): new shares for old."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Shares that the custodian holds, 18 decimals, and the UTC second that they are as of.

    `counter` is the split counter of the basis that they are said to be in; None for an aggregator's, which says none.
    """

    shares: ShareWad
    as_of: int
    counter: int | None = None

    @property
    def usable(self) -> bool:
        """Whether anything may be counted on it: there is an answer, positive and below 2^128 shares."""
        return 0 < self.shares <= law.U128_MAX and self.as_of != 0


@dataclass(frozen=True, slots=True)
class FeedConfig:
    """How answers are judged: oldest age in seconds, margin in basis points, and whose answers they are."""

    max_age: int
    margin_bps: int
    source: ReserveSource

    @property
    def is_blind(self) -> bool:
        """Whether the source does not say in which split basis it counts: an aggregator does not."""
        return self.source == "aggregator"


@dataclass(frozen=True, slots=True)
class Ceilings:
    """What this chain alone may owe and all others together, in 18-decimal shares of the basis with this counter."""

    own: ShareWad = NO_SHARES
    others: ShareWad = NO_SHARES
    counter: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """A split that is scheduled or in effect and not confirmed yet, and the basis after it.

    A fold writes the same multiplier as another pair: its ratio is 1, and every share stays one. A step is `in_doubt`
    where what is owed does not tell an aggregator's two readings apart: the smaller one counts, and ADMIN alone adopts.
    """

    basis: Basis
    effective_at: int
    fold: bool = False
    in_doubt: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer as it counts in one basis: before and after the margin, and both ceilings in that basis."""

    split: Split
    answer: ShareWad
    attested: ShareWad
    own: ShareWad
    others: ShareWad


class Feed:
    """The state of one stock's backing. Supplies are 18-decimal shares."""

    def __init__(self, decimals: int = WAD_DECIMALS) -> None:
        self.decimals = decimals
        self.config: FeedConfig | None = None
        self.ceilings = Ceilings()
        self.basis = Basis(1, 1, 0)
        self.step: Step | None = None
        self.split_at = 0
        """When the last split took effect that is confirmed, UTC seconds; 0 where none did. A fold is none."""
        self.nonce = 0
        self.said: Answer | None = None
        """The newest paper of ATTESTOR's."""
        self.answered: Answer | None = None
        """The aggregator's newest answer."""
        self.receivables: list[Receivable] = []

    def publish(self, answer: int, updated_at: int) -> None:
        """Keep the aggregator's next answer, at its own decimals."""
        shares = law.normalise_answer(answer, self.decimals) if answer > 0 else NO_SHARES
        self.answered = Answer(shares, updated_at)

    @property
    def latest(self) -> Answer | None:
        """The newest answer of the source that counts."""
        return self.said if self.is_attested else self.answered

    @property
    def is_attested(self) -> bool:
        """Whether ATTESTOR says what is there; not so before the reserve is configured."""
        return self.config is not None and not self.config.is_blind

    @property
    def in_doubt(self) -> bool:
        """Whether a split is open that no answer of the aggregator's confirms: the admin's word does."""
        return self.step is not None and self.step.in_doubt

    # --- the split basis ---

    def present(self, now: int) -> Basis:
        """The token's own basis now: after the open step once that is in effect."""
        return self.step.basis if self.step is not None and now >= self.step.effective_at else self.basis

    def known(self, basis: Basis) -> bool:
        """Whether `basis` is the confirmed one, or that after the open step."""
        return basis == self.basis or (self.step is not None and basis == self.step.basis)

    def demand_known(self, basis: Basis) -> None:
        """Refuses: wrong basis."""
        if not self.known(basis):
            raise Refusal("reserve: wrong basis", f"{basis} is neither the present one nor its neighbour")

    def demand_confirmed(self, now: int) -> None:
        """Refuses: basis unconfirmed, while a split is in effect that nobody confirmed."""
        if self.config is not None and self.step is not None and now >= self.step.effective_at:
            raise Refusal("reserve: basis unconfirmed", f"the feed counts in {self.basis}")

    def schedule(self, split: Split, effective_at: int, supply: ShareWad, index: Wad, now: int) -> None:
        """Follow the slot: the split factor that the token has from `effective_at` on; the present one empties it.

        `supply` is owed on at `index`, the greater of current and pending.
        Refuses, in order: basis unconfirmed, splits too close. What was said in a basis that is not to come says
        nothing more. An aggregator's books may have followed a split already that is changed or withdrawn here: this
        chain's ceiling is 0 then, until somebody has looked and names one.
        """
        self.demand_confirmed(now)
        if self.step is not None and now >= self.step.effective_at:
            self.adopt()
        if self.step is not None:
            self.ceilings = self.ceilings_in(self.basis.counter)
            self._forget_all_but(self.basis.counter)
            if not self.step.fold:
                self.stop()
        same = split == self.basis.split
        if self.step is None and not same:
            self.demand_apart(now)
        in_doubt = self._doubtful(supply, index, now)
        self.step = None if same else Step(Basis(*split, self.basis.counter + 1), effective_at, in_doubt=in_doubt)
        self.nonce += 1

    def fold(self, split: Split, effective_at: int, now: int) -> None:
        """Follow a fold: the same multiplier as another pair, whose step has the ratio 1. It waits for no spacing.

        Refuses: basis unconfirmed.
        """
        self.demand_confirmed(now)
        if self.step is not None:
            self.adopt()
        self._forget_all_but(self.basis.counter)
        self.step = Step(Basis(*split, self.basis.counter + 1), effective_at, fold=True)
        self.nonce += 1

    def drop_receivables(self) -> None:
        """Count no dividend any more that is still to buy shares: what it was counted in is corrected or folded.

        They stay open until their end; a split that is open is in doubt.
        """
        self.receivables = [replace(one, delta=NO_WAD) for one in self.receivables]
        self.doubt()

    def stop(self) -> None:
        """Leave nothing of this chain's ceiling where an aggregator answers: its books may have followed a split that
        is withdrawn."""
        if self.config is not None and self.config.is_blind:
            self.ceilings = replace(self.ceilings, own=NO_SHARES)

    def _doubtful(self, supply: ShareWad, index: Wad, now: int) -> bool:
        """Whether what is owed will not tell an aggregator's two readings apart.

        The latest answer does not show that what is owed here is covered, after the margin, or is from before the last
        dividend's grace was over: whoever announces actions could otherwise make one reading implausible with a
        dividend that nobody buys, or that only shares cover that are sold and not delivered yet. A step that changes
        stays as it was.
        """
        config, latest = self.config, self.latest
        if config is None or not config.is_blind:
            return False
        if self.step is not None:
            return self.step.in_doubt
        if latest is None or not 0 <= now - latest.as_of <= config.max_age:
            return True
        if any(latest.as_of < entry.until for entry in self.receivables):
            return True
        reading = self.reading(self.basis.counter, self.basis.split)
        return reading.attested < law.liability(supply, index, *self.basis.split)

    def doubt(self) -> None:
        """Put an open step in doubt: something else than the split moves what is owed.

        A fold's two readings are one, and ATTESTOR says which of the two it is.
        """
        if self.step is not None and not self.step.fold and self.config is not None:
            self.step = replace(self.step, in_doubt=self.config.is_blind)

    def adopt(self) -> None:
        """Count in the basis after the open step from now on; ceilings that were stated before it follow."""
        if self.step is None:
            raise ValueError("there is no step")
        basis = self.step.basis
        self.ceilings = self.ceilings_in(basis.counter)
        self._forget_all_but(basis.counter)
        if not self.step.fold:
            self.split_at = self.step.effective_at
        self.basis, self.step = basis, None
        self.nonce += 1

    def demand_apart(self, now: int) -> None:
        """Refuses: splits too close, while an aggregator's books may still count in the basis before the last split.

        Its answer confirms a split where more is held than is owed, whichever way it counts: a second one would be read
        on top of a basis that is not there.
        """
        since, apart = now - self.split_at, parameters.BLIND_SPLITS_APART.value
        if self.config is not None and self.config.is_blind and self.split_at != 0 and since < apart:
            raise Refusal("reserve: splits too close", f"{since} s of {apart} since the last one's effect")

    def _forget_all_but(self, counter: int) -> None:
        if self.said is not None and self.said.counter != counter:
            self.said = replace(self.said, shares=NO_SHARES)

    @property
    def ratio(self) -> Split:
        """New shares for old of the open step, not reduced."""
        if self.step is None or self.step.fold:
            return 1, 1
        return self.step.basis.num * self.basis.den, self.step.basis.den * self.basis.num

    def ceilings_in(self, counter: int) -> Ceilings:
        """Both ceilings in the basis with this counter: this chain's rounded down, the others' up."""
        own, others, stated = self.ceilings.own, self.ceilings.others, self.ceilings.counter
        if stated == counter:
            return self.ceilings
        num, den = self.ratio if counter > stated else reversed(self.ratio)
        return Ceilings(law.scaled_down(own, num, den), law.scaled_up(others, num, den), counter)

    def standing(self, basis: Basis) -> Ceilings:
        """Both ceilings in a basis that is known here; else as they are stated."""
        return self.ceilings_in(basis.counter) if self.known(basis) else self.ceilings

    def reading(self, counter: int, split: Split) -> Reading:
        """The latest answer as one in the basis with this counter; `split` is the token's present factor."""
        step = self.step
        if step is not None and not step.fold:
            split = step.basis.split if counter == step.basis.counter else self.basis.split
        latest, config = self.latest, self.config
        answer = latest.shares if config is not None and latest is not None and latest.usable else NO_SHARES
        attested = law.counted_reserve(answer, config.margin_bps) if config is not None else NO_SHARES
        ceilings = self.ceilings_in(counter)
        return Reading(split, answer, attested, ceilings.own, ceilings.others)

    def counts_in(self, supply: ShareWad, index: Wad, split: Split) -> int:
        """The counter of the basis that the latest answer counts in. `supply` is what is owed on before any mint.

        An attestation says it. An aggregator's answer has two readings while a step is open: the smaller one counts,
        unless the step is in no doubt and only the greater one is plausible.
        """
        step, latest = self.step, self.latest
        if step is None:
            return self.basis.counter
        if self.is_attested:
            ahead = latest is not None and latest.counter == step.basis.counter
            return step.basis.counter if ahead else self.basis.counter
        smaller, greater = self._readings(step)
        if step.in_doubt or self._plausible(smaller, supply, index, split):
            return smaller
        return greater if self._plausible(greater, supply, index, split) else smaller

    def _readings(self, step: Step) -> tuple[int, int]:
        """The counters of the bases in which an answer counts for less, and for more."""
        num, den = self.ratio
        old, new = self.basis.counter, step.basis.counter
        return (new, old) if num >= den else (old, new)

    def _plausible(self, counter: int, supply: ShareWad, index: Wad, split: Split) -> bool:
        reading = self.reading(counter, split)
        return law.is_plausible(reading.answer, law.liability(supply, index, *reading.split))

    def confirm(self, supply: ShareWad, index: Wad, split: Split, now: int) -> None:
        """Adopt the basis after the open step because the latest answer shows it.

        Refuses, in order: not configured, basis is current (no split is in effect), as `_fresh`, answer too old (from
        before the split), basis in doubt (an aggregator's: ADMIN alone adopts it), split not shown.
        """
        config, step = self.configured(), self.step
        if step is None or now < step.effective_at:
            raise Refusal("reserve: basis is current")
        latest = self._fresh(config, now)
        if latest.as_of < step.effective_at:
            raise Refusal("reserve: answer too old", f"as of {step.effective_at - latest.as_of} s before the split")
        if step.in_doubt:
            raise Refusal("reserve: basis in doubt", "an answer may be either reading")
        counter = self.counts_in(supply, index, split)
        shown = counter == step.basis.counter
        if config.is_blind:
            shown = shown and self._plausible(counter, supply, index, split)
        if not shown:
            raise Refusal("reserve: split not shown", str(latest))
        self.adopt()

    # --- the question ---

    def check(self, before: ShareWad, supply: ShareWad, index: Wad, split: Split, ex: int, now: int) -> None:
        """Whether `supply`, which a mint makes of `before`, is backed, at the greater of current and pending `index`.

        `ex` is the earliest ex instant of what was announced and is neither scheduled nor cancelled, 0 where there is
        none: from then on what a unit stands for is undecided. Refuses, in order: not configured, action undecided, as
        `_fresh`, insufficient.
        """
        config = self.configured()
        if ex != 0 and ex <= now:
            raise Refusal("reserve: action undecided", f"the market's ex was {now - ex} s ago")
        self._fresh(config, now)
        counter = self.counts_in(before, index, split)
        coverage = self._coverage(counter, supply, before, index, split, now)
        if not coverage.covered:
            raise Refusal("reserve: insufficient", str(coverage))

    def _fresh(self, config: FeedConfig, now: int) -> Answer:
        """The latest answer. Refuses, in order: bad answer, future answer, stale answer."""
        latest = self.latest
        if latest is None or not latest.usable:
            raise Refusal("reserve: bad answer")
        if latest.as_of > now:
            raise Refusal("reserve: future answer")
        if now - latest.as_of > config.max_age:
            raise Refusal("reserve: stale answer", f"{now - latest.as_of} s old")
        return latest

    def coverage(self, supply: ShareWad, index: Wad, split: Split, now: int) -> Coverage:
        """The view, whatever the age of the last answer."""
        return self._coverage(self.counts_in(supply, index, split), supply, supply, index, split, now)

    def surplus(
        self, supply: ShareWad, index: Wad, split: Split, announced: tuple[int, int], ex: int, now: int
    ) -> Surplus:
        """What may be sold, once no ceiling counts it. `announced` are dividends and splits that are undecided.

        Nothing where a mint would find no answer to count on, while an action is undecided past the market's `ex`, and
        while an aggregator's answer may show an announced split already. Of its two readings the smaller one counts.
        """
        config, latest, step, (dividends, splits) = self.config, self.latest, self.step, announced
        if config is None:
            counter = self.basis.counter
        elif config.is_blind and step is not None:
            counter = self._readings(step)[0]
        else:
            counter = self.counts_in(supply, index, split)
        coverage = self._coverage(counter, supply, supply, index, split, now)
        owed, as_of = coverage.required, latest.as_of if config is not None and latest is not None else 0
        doubtful = 0 < ex <= now or (config is not None and config.is_blind and splits > 0)
        if config is None or doubtful or not 0 <= now - as_of <= config.max_age:
            return Surplus(NO_SHARES, NO_SHARES, owed, counter, as_of)
        there = replace(coverage, receivable=NO_SHARES).there
        return Surplus(law.surplus(there, owed, dividends), there, owed, counter, as_of)

    def _coverage(
        self, counter: int, supply: ShareWad, before: ShareWad, index: Wad, split: Split, now: int
    ) -> Coverage:
        """`before` is the supply without the mint: what receivables count on."""
        reading, latest = self.reading(counter, split), self.latest
        as_of = latest.as_of if self.config is not None and latest is not None else 0
        return Coverage(
            attested=reading.attested,
            required=law.liability(supply, index, *reading.split),
            receivable=counted(self.receivables, before, reading.split, as_of, now),
            ceiling=reading.own,
            others=reading.others,
        )

    def configured(self) -> FeedConfig:
        """How answers are judged. Refuses: not configured."""
        if self.config is None:
            raise Refusal("reserve: not configured")
        return self.config
