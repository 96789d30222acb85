"""A stock's multiplier: the exact factors, one schedule slot, and passive activation."""

from __future__ import annotations

from dataclasses import dataclass, replace

from scrip.ledger import MultiplierState
from scrip.model.laws import arithmetic as law
from scrip.units import WAD, Wad


@dataclass(frozen=True, slots=True)
class Terms:
    """The two factors (law 2): dividend index and split factor num/den in lowest terms."""

    index: Wad = WAD
    num: int = 1
    den: int = 1

    @property
    def ui_multiplier(self) -> Wad:
        """The number that every view uses: floor(index × num ÷ den), a wad."""
        return law.ui_multiplier(self.index, self.num, self.den)

    @property
    def split(self) -> tuple[int, int]:
        """The split factor: new shares for old."""
        return self.num, self.den

    @property
    def fits(self) -> bool:
        """Whether every chain can store them."""
        return law.pair_fits(self.index, self.num, self.den)

    def with_dividend(self, price: Wad, net: Wad) -> Terms:
        """The factors after a reinvested dividend of `net` at `price`, wads of currency per share."""
        return replace(self, index=law.next_index(self.index, price, net))

    def with_split(self, new: int, old: int) -> Terms:
        """The factors after a split of `new` shares for `old`."""
        num, den = law.next_split(self.num, self.den, new, old)
        return replace(self, num=num, den=den)


@dataclass(frozen=True, slots=True)
class Multiplier:
    """A stock's multiplier as it is stored.

    Ask `settled(now)` first: it is the same state with an activated change folded in. `effective_at` is 0 when nothing
    waits in the slot. `history` holds (UTC second, index) of each activation.
    """

    current: Terms = Terms()
    pending: Terms = Terms()
    effective_at: int = 0
    generation: int = 0
    history: tuple[tuple[int, Wad], ...] = ()

    def settled(self, now: int) -> Multiplier:
        """What every view shows at `now`: from its second on, the pending change is the current one (law 4)."""
        if self.effective_at == 0 or now < self.effective_at:
            return self
        return Multiplier(
            current=self.pending,
            pending=self.pending,
            generation=self.generation + 1,
            history=(*self.history, (self.effective_at, self.pending.index)),
        )

    def scheduled(self, terms: Terms, effective_at: int) -> Multiplier:
        """The state with `terms` in the slot, in place of what waits there. Call it on a settled state."""
        return replace(self, pending=terms, effective_at=effective_at)

    def cancelled(self) -> Multiplier:
        """The state with an empty slot."""
        return replace(self, pending=self.current, effective_at=0)

    def folded(self, terms: Terms, effective_at: int) -> Multiplier:
        """The state with a fold in the slot. Past indices are told in the terms of the new pair, so that the bound on
        the index's rise compares like with like. Call it on a settled state."""
        history = self.history if self.history and self.history[0][0] == 0 else ((0, WAD), *self.history)
        # No index is 0; what would be one bounds as 1 does.
        scaled = tuple((at, Wad(max(index * terms.index // self.current.index, 1))) for at, index in history)
        return replace(self.scheduled(terms, effective_at), history=scaled)

    def index_at(self, t: int) -> Wad:
        """The index that was effective at the second `t`: 1e18 before the first activation."""
        for effective_at, index in reversed(self.history):
            if effective_at <= t:
                return index
        return WAD

    @property
    def reserve_index(self) -> Wad:
        """The index that backing is judged by: a pending rise counts (law 5)."""
        return max(self.current.index, self.pending.index)

    def state(self) -> MultiplierState:
        """What every view shows of it. Call it on a settled state."""
        return MultiplierState(
            index=self.current.index,
            num=self.current.num,
            den=self.current.den,
            ui_multiplier=self.current.ui_multiplier,
            pending_ui_multiplier=self.pending.ui_multiplier,
            effective_at=self.effective_at,
            generation=self.generation,
        )
