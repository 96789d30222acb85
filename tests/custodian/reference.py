"""Law 5 of the backing, implemented a second time from its wording: one chain's token and its reserve feed.

It shares no code with scrip and is written to be read beside the law. Amounts are integers and fractions; a share is
counted in a *basis*, named by a counter, and `ratio` says how many shares of it a first share is. Every method answers
"" when it is done and a reason when it is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction

WAD = 10**18
DAY = 86_400
MAX_PAY = 120 * DAY
EARLIEST_PAY = 30 * DAY
"""Before the market's ex: of a deferred ex the cash is there already, and is reinvested from the effect on."""
PLAUSIBLE = Fraction(98, 100)


@dataclass(frozen=True)
class Rules:
    """What a stock is configured with, and the readings of the law that can be compared.

    `compounded`: what a dividend of a joint slot buys includes what the dividends before it buy (False: each counts on
    the position alone, and what they buy together counts for nobody). `overlap`: a dividend counts on all that is owed,
    also where an earlier one's shares are not bought yet (False: on what is bought).
    """

    max_age: int = 3 * DAY
    margin_bps: int = 0
    grace: int = 5 * DAY
    split_notice: int = DAY
    strike_notice: int = 3_600
    attested: bool = False
    compounded: bool = False
    overlap: bool = False
    scaled: bool = True
    """The other chains' ceilings grow with the index since they were set. The law's wording does not say so."""
    apart: int = 0
    """Least seconds from a split's effect to the schedule of the next. The law's wording asks for none."""
    guarded: bool = True
    """A split is in doubt where what is owed may not tell the basis of an answer: the smaller reading counts, and ADMIN
    alone adopts. Without it a claim that nobody has shares for decides between the readings."""
    stopped: bool = True
    """A blind source's books may have followed an open split that is withdrawn or changed: nothing is minted then
    before the desk names a ceiling."""
    elsewhere: bool = False
    """What is plausible counts the other chains' ceilings, too: as first worded. Unsound, to compare."""
    window: int | None = None
    """Instead of two readings: the old basis counts until effectiveAt less this many seconds. Unsound, to compare."""


@dataclass
class Action:
    """A split or a dividend as announced. `factor` is the split's ratio, or 1 + net ÷ price."""

    reference: str
    ex: int
    effective_at: int
    split: Fraction | None = None
    gross: int = 0
    pay: int = 0
    buy: int = 0
    price: int = 0
    status: str = "announced"
    low: Fraction = Fraction(0)
    """The smallest supply since the schedule."""
    index: int = WAD
    """The index that it raises."""
    unbought: Fraction = Fraction(0)
    """Of what is owed, first shares that earlier dividends were still to buy when it was scheduled."""
    before: Fraction = Fraction(1)
    """What the dividends before it in its slot make of a share."""
    announced_rate: Fraction = Fraction(1, 4)
    """The most that an announced dividend may turn out to be."""


@dataclass(frozen=True)
class Paper:
    """An attestation: all of it signed. `counter` is the basis that everything in it is counted in."""

    shares: Fraction
    as_of: int
    counter: int
    ratio: Fraction
    ceiling: Fraction
    others: Fraction
    nonce: int
    expiry: int


@dataclass
class Answer:
    """The latest answer. `counter` is None where the source does not say its basis."""

    shares: Fraction
    as_of: int
    counter: int | None = None
    expiry: int = 1 << 60


@dataclass
class Reference:
    """One chain. `raw` tokens, `index` a wad; bases by counter; the ceiling, the other chains' and their basis."""

    now: int
    rules: Rules = field(default_factory=Rules)
    raw: Fraction = Fraction(0)
    index_now: int = WAD
    counter: int = 0
    basis: int = 0
    ratios: dict[int, Fraction] = field(default_factory=lambda: {0: Fraction(1)})
    actions: dict[str, Action] = field(default_factory=dict)
    slot: list[Action] = field(default_factory=list)
    ceiling: Fraction = Fraction(10**12)
    others: Fraction = Fraction(0)
    ceiling_ratio: Fraction = Fraction(1)
    ceiling_index: int = WAD
    answer: Answer | None = None
    doubt: bool = False
    """Of the split that is open."""
    nonce: int = 0

    # --- the clock and the multiplier ---

    def advance_to(self, t: int) -> None:
        """Move the clock; what is scheduled takes effect by itself."""
        if self.slot and self.slot[0].effective_at <= t:
            self.now = self.slot[0].effective_at
            self.index_now = self.pending_index()
            if self.slot_split() is not None:
                self.counter += 1
            for one in self.slot:
                one.status = "effective"
            self.slot = []
        self.now = t

    def pending_index(self) -> int:
        """The index when all that is in the slot takes effect, each dividend rounded down."""
        index = self.index_now
        for one in self.slot:
            if one.split is None:
                index = index * (one.price + one.gross) // one.price
        return index

    def slot_split(self) -> Fraction | None:
        """The one ratio of the slot's splits; None where there is none."""
        found = [one.split for one in self.slot if one.split is not None]
        ratio = Fraction(1)
        for one in found:
            ratio *= one
        return ratio if found else None

    def ratio(self, counter: int) -> Fraction | None:
        """Shares of a basis for a first share; None for a basis that is not there. The next one is the slot's."""
        if counter == self.counter + 1:
            pending = self.slot_split()
            return None if pending is None else self.ratios[self.counter] * pending
        return self.ratios.get(counter)

    # --- corporate actions ---

    def announce(self, action: Action) -> str:
        """Record an action. Its market's ex may not be after its effect; pay is bounded."""
        if action.effective_at < action.ex or action.effective_at <= self.now:
            return "effect before ex"
        first = action.ex - EARLIEST_PAY
        if action.split is None and not first <= action.pay <= action.effective_at + MAX_PAY:
            return "pay out of bounds"
        self.actions[action.reference] = replace(action)
        return ""

    def schedule(self, reference: str, price: int) -> str:
        """Put an announced action into the slot, which holds one instant."""
        action = self.actions.get(reference)
        if action is None or action.status != "announced":
            return "not announced"
        notice = self.rules.strike_notice if action.split is None else self.rules.split_notice
        if action.effective_at < self.now + notice:
            return "notice"
        if self.slot and self.slot[0].effective_at != action.effective_at:
            return "slot taken"
        if action.split is not None and not self.confirmed():
            return "basis not confirmed"
        done = [one.effective_at for one in self.actions.values() if one.split and one.status == "effective"]
        if action.split is not None and done and self.now < max(done) + self.rules.apart:
            return "too soon after a split"
        if action.split is None:
            self._add_a_claim()
        elif not self._split_open():
            self.doubt = self.rules.guarded and not self._covered()
        before = self.slot_split()
        action.price, action.low, action.index = price, self.raw, self.index_now
        if action.split is None and not self.rules.overlap:
            action.unbought = sum((self._buys(one) for one in self._unbought()), Fraction(0))
        action.status = "scheduled"
        self.slot.append(action)
        self._stop_after(before)
        self._derive()
        return ""

    def cancel(self, reference: str) -> str:
        """Withdraw it, strictly before its effect; what is derived from the slot is derived again."""
        action = self.actions.get(reference)
        if action is None or action.status not in ("announced", "scheduled") or action.effective_at <= self.now:
            return "not open"
        before = self.slot_split()
        if action.status == "announced" and action.split is not None and action.ex <= self.now:
            self._stop()
        action.status = "cancelled"
        self.slot = [one for one in self.slot if one is not action]
        self._stop_after(before)
        self.doubt = self.doubt and self._split_open()
        self._derive()
        return ""

    def _stop_after(self, before: Fraction | None) -> None:
        """What the slot makes of a share was `before`, and may be another number now."""
        if before not in (None, self.slot_split() or 1):
            self._stop()

    def _stop(self) -> None:
        """Nothing is left of a blind source's ceiling."""
        if self.rules.stopped and not self.rules.attested:
            self.ceiling = Fraction(0)

    def _derive(self) -> None:
        """What each dividend of the slot is counted on."""
        if (pending := self.slot_split()) is not None:
            self.ratios[self.counter + 1] = self.ratios[self.counter] * pending
        else:
            self.ratios.pop(self.counter + 1, None)
        before = Fraction(1)
        for one in self.slot:
            if one.split is None:
                one.before = before if self.rules.compounded else Fraction(1)
                before *= 1 + Fraction(one.gross, one.price)

    # --- receivables ---

    def open_dividends(self) -> Iterator[Action]:
        """Dividends between schedule and pay + grace."""
        for one in self.actions.values():
            counts = one.split is None and one.status in ("scheduled", "effective")
            if counts and self.now < max(one.pay, one.effective_at) + self.rules.grace:
                yield one

    def _unbought(self) -> Iterator[Action]:
        """Dividends in force whose shares may not be bought yet: they may be until pay + grace, whenever `buy` was."""
        return (one for one in self.open_dividends() if one.status == "effective")

    def receivables(self) -> Fraction:
        """First shares that open dividends will buy and that the latest answer cannot count yet."""
        as_of = self.answer.as_of if self.answer else 0
        return sum((self._buys(one) for one in self.open_dividends() if as_of < one.buy), Fraction(0))

    def _buys(self, one: Action) -> Fraction:
        """On the smallest supply since the schedule, at the index before it, as far as its shares are there."""
        held = min(one.low, self.raw) * Fraction(one.index, WAD)
        return max(Fraction(0), held - one.unbought) * one.before * Fraction(one.gross, one.price)

    # --- the basis ---

    def confirmed(self) -> bool:
        """Whether answers are known to count in the token's basis, as far as its splits have taken effect."""
        if self.rules.attested:
            return self.answer is not None and self.answer.counter == self.counter
        return self.basis == self.counter

    def _split_open(self) -> bool:
        """Whether a split is scheduled or not confirmed yet."""
        return self.basis != self.counter or self.slot_split() is not None

    def _add_a_claim(self) -> None:
        """What is owed grows by more than a mint has shown shares for."""
        self.doubt = self.doubt or (self.rules.guarded and self._split_open())

    def _covered(self) -> bool:
        """Whether a fresh answer shows all that is owed here, after the grace of every dividend."""
        if self.answer is None or self._stale():
            return False
        dividends = [one for one in self.actions.values() if one.split is None and one.status != "cancelled"]
        ends = [max(one.pay, one.effective_at) + self.rules.grace for one in dividends if one.status != "announced"]
        return self.answer.as_of >= max(ends, default=0) and self._reserve() >= self.owed(self.counter)

    def owed(self, counter: int) -> Fraction:
        """The liability in shares of a basis, at the greater of current and pending index, rounded up."""
        exact = self.raw * max(self.index_now, self.pending_index()) * self._ratio(counter)
        return Fraction(-(-exact.numerator // exact.denominator), WAD)

    def _ceilings(self, counter: int) -> tuple[Fraction, Fraction]:
        """This chain's and the others' in a basis. They are kept with the pair in which they were named."""
        ratio = self._ratio(counter) / self.ceiling_ratio
        grown = Fraction(max(self.index_now, self.pending_index()), self.ceiling_index) if self.rules.scaled else 1
        return self.ceiling * ratio, self.others * grown * ratio

    def readings(self) -> list[int]:
        """The bases in which the latest answer may count."""
        if self.answer is not None and self.answer.counter is not None:
            said = self.answer.counter
            near = abs(said - self.counter) <= 1 and self.ratio(said) is not None
            return [said] if near else []
        if self.basis != self.counter:
            return [self.basis, self.counter]
        return [self.counter] if self.slot_split() is None else [self.counter, self.counter + 1]

    def reading(self) -> int | None:
        """The basis in which the latest answer counts; None where there is none."""
        found = self.readings()
        if len(found) < 2 or self.answer is None:
            return found[0] if found and self.answer is not None else None
        if self.rules.window is not None:
            turn = self.slot[0].effective_at if self.slot else 0
            return found[0] if self.answer.as_of < turn - self.rules.window else found[1]
        found.sort(key=lambda counter: self.answer.shares / self._ratio(counter))  # type: ignore[union-attr]
        if self.doubt or any(True for _ in self.open_dividends()):
            return found[0]
        return next((counter for counter in found if self._plausible(counter)), found[0])

    def _ratio(self, counter: int) -> Fraction:
        ratio = self.ratio(counter)
        assert ratio is not None
        return ratio

    def _plausible(self, counter: int) -> bool:
        assert self.answer is not None
        elsewhere = self._ceilings(counter)[1] if self.rules.elsewhere else 0
        return self.answer.shares >= PLAUSIBLE * (self.owed(counter) + elsewhere)

    def confirm(self) -> str:
        """Anyone: a fresh answer as of the split's effect or later, read as the new basis, ends the two readings."""
        if self.basis == self.counter or self.rules.attested:
            return "nothing to confirm"
        effect = max(one.effective_at for one in self.actions.values() if one.split and one.status == "effective")
        if self.answer is None or self._stale() or self.answer.as_of < effect:
            return "no fresh answer"
        if self.doubt or any(True for _ in self.open_dividends()):
            return "in doubt"
        if self.reading() != self.counter or not self._plausible(self.counter):
            return "not shown"
        self.basis, self.doubt = self.counter, False
        self.nonce += 1
        return ""

    def set_basis(self, counter: int) -> str:
        """ADMIN: answers count in the token's basis from now on."""
        if counter != self.counter or self.basis == counter:
            return "another basis"
        self.basis, self.doubt = counter, False
        self.nonce += 1
        return ""

    # --- answers and ceilings ---

    def push(self, shares: Fraction, as_of: int) -> str:
        """A blind oracle's round; it is the oracle's own affair which."""
        self.answer = Answer(shares, as_of)
        return ""

    def publish(self, paper: Paper) -> str:
        """Anyone: a paper whose nonce is the feed's, and whose as-of is newer."""
        if paper.nonce != self.nonce or self.now > paper.expiry:
            return "paper expired"
        if paper.as_of > self.now or (self.answer is not None and paper.as_of <= self.answer.as_of):
            return "paper out of order"
        if abs(paper.counter - self.counter) > 1 or self.ratio(paper.counter) != paper.ratio:
            return "paper in another basis"
        self.answer = Answer(paper.shares, paper.as_of, paper.counter, paper.expiry)
        self._name_ceilings(paper.ceiling, paper.others, paper.counter)
        self.nonce += 1
        return ""

    def set_ceiling(self, ceiling: Fraction, others: Fraction, counter: int) -> str:
        """CEILING: this chain's and the others', in a basis that is there."""
        if abs(counter - self.counter) > 1 or self.ratio(counter) is None:
            return "another basis"
        self._name_ceilings(ceiling, others, counter)
        self.nonce += 1
        return ""

    def _name_ceilings(self, ceiling: Fraction, others: Fraction, counter: int) -> None:
        self.ceiling, self.others = ceiling, others
        self.ceiling_ratio, self.ceiling_index = self._ratio(counter), self.index_now

    def _stale(self) -> bool:
        assert self.answer is not None
        return not self.answer.as_of <= self.now <= self.answer.as_of + self.rules.max_age

    # --- supply ---

    def _reserve(self) -> Fraction:
        """The latest answer after the margin, rounded down."""
        assert self.answer is not None
        exact = self.answer.shares * WAD * (10_000 - self.rules.margin_bps) / 10_000
        return Fraction(exact.numerator // exact.denominator, WAD)

    def there(self, *, receivables: bool = True) -> tuple[int, Fraction] | str:
        """The basis that counts, and the shares of it that this chain may owe; a reason where nothing may be said."""
        if self.answer is None or self.answer.shares <= 0 or self._stale():
            return "no fresh answer"
        counter = self.reading()
        if counter is None:
            return "answer in another basis"
        ceilings = self._ceilings(counter)
        reserve = self._reserve()
        bounded = min(reserve, ceilings[0], max(Fraction(0), reserve - ceilings[1]))
        return counter, bounded + (self.receivables() * self._ratio(counter) if receivables else 0)

    def mint(self, raw: Fraction) -> str:
        """Raise the supply if what is owed afterwards is there."""
        if any(one.status == "announced" and one.ex <= self.now for one in self.actions.values()):
            return "ex before schedule"
        found = self.there()
        if isinstance(found, str):
            return found
        counter, there = found
        lows = [(one, min(one.low, self.raw)) for one in self.actions.values() if one.split is None]
        self.raw += raw
        for one, low in lows:
            one.low = low
        if self.owed(counter) > there:
            self.raw -= raw
            return "reserve exceeded"
        return ""

    def redeem(self, raw: Fraction) -> str:
        """Lower the supply."""
        if raw > self.raw:
            return "balance"
        for one in self.actions.values():
            one.low = min(one.low, self.raw - raw)
        self.raw -= raw
        return ""

    def surplus(self) -> tuple[int, Fraction]:
        """Shares, and their basis, that may be sold: there without receivables, less owed with announced dividends."""
        found = self.there(receivables=False)
        if isinstance(found, str):
            return self.counter, Fraction(0)
        counter, there = found
        index = Fraction(self.pending_index())
        for one in self.actions.values():
            if one.split is None and one.status == "announced":
                index *= 1 + one.announced_rate
        owed = self.raw * index * self._ratio(counter) / WAD
        return counter, max(Fraction(0), there - owed)
