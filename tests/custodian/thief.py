"""A thief beside the honest desk: the stolen ACTIONS key, the stolen CEILING key, or both, against law 5.

    PYTHONPATH=.:tests python -m custodian.thief [--on WHERE] [--histories N] [--seed S] [--widen …]

WHERE is `model`, `evm` or `solana`. The thief announces and schedules false splits (1:100 to 100:1) and false dividends
that nobody buys, cancels and repeats true actions, and names ceilings as it likes. Answers stay true. What counts as
over-issued beside a false multiplier, and what no history has because THREATS.md states it as a loss, is in the README
of this folder. Prints how many histories and mints there were, and the first over-issue made small; exit 1 for one.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction

from custodian.attack import maker, setting
from custodian.draw import OPS, ROUTINES, setups
from custodian.history import Maker, Play, over_issued
from custodian.market import DAY, HOUR, WAD, Split
from custodian.minimise import _plainer, _shorter
from custodian.on_ledger import STOCK, LedgerChain
from custodian.terms import FIRST, NO_CEILING, PRICE, UNIT, Named, Op, Setup

from scrip import instructions as ins

GRACE = 5 * DAY
FALSE_RATIOS = tuple(
    Fraction(a, b)
    for a, b in ((1, 100), (1, 2), (2, 1), (100, 1), (1, 4), (4, 1), (98, 100), (103, 100), (1, 3), (50, 1))
)
FALSE_RATES = tuple(Fraction(a, 100) for a in (25, 3, 2, 1, 10, 20))
THEFTS = {
    "false_split": 6, "false_dividend": 5, "false_schedule": 1, "false_cancel": 2, "repeat": 2, "thief_ceiling": 5,
}  # fmt: skip
"""How often each of the thief's operations is drawn by itself."""
HEISTS = (
    "false_split wait answer confirm", "false_dividend wait wait wait answer false_split", "false_split false_dividend",
    "thief_ceiling false_split wait answer thief_ceiling", "thief_ceiling split wait answer thief_ceiling",
    "redeem sell thief_ceiling false_split", "redeem sell thief_ceiling split wait answer",
    "false_split wait wait answer confirm thief_ceiling",
)  # fmt: skip
"""What a thief does in a row, beside what desk and oracle go on doing."""


@dataclass(frozen=True)
class Theft(Setup):
    """The stock, and whose keys are stolen."""

    actions: bool = True
    ceiling: bool = True


@dataclass
class False_:
    """An action that is not of the market's. `until` is when a dividend ends to be on its way; 0 of a split."""

    reference: str
    effective_at: int
    until: int = 0
    status: str = "announced"


@dataclass
class RobbedChain(LedgerChain):
    """A ledger on which false splits stand beside true ones.

    Raw units stand for first shares, so a basis of the ledger has a true meaning: so many shares for a first one.
    Whoever is honest says the truth in a basis that the ledger knows: that of the books, else the confirmed one.
    """

    base: Fraction = Fraction(1)
    steps: int = 0
    adopted: set[str] = field(default_factory=set)
    """Splits that the confirmed basis counts."""

    def bases(self) -> list[tuple[Fraction, int]]:
        """The confirmed basis, and that after the open step: shares for a first share, and the split counter."""
        ratio = Fraction(1)
        for reference, change in self.changes.items():
            if reference not in self.adopted:
                ratio *= change.ratio
        found = [(self.base, self.steps)]
        return found if ratio == 1 else [*found, (self.base * ratio, self.steps + 1)]

    def _known(self, named: Named) -> Named:
        """The same amounts in a basis that is known here."""
        known = self.bases()
        ratio, counter = next((one for one in known if one[0] == named.ratio), known[0])
        return Named(counter, ratio, *(amount / named.ratio * ratio for amount in named[2:]))

    def _said(self, named: Named) -> ins.Basis:
        return ins.Basis(named.ratio.numerator, named.ratio.denominator, named.counter)

    def answer(self, shares: Fraction, as_of: int, named: Named) -> str:
        if not self.attested:
            return super().answer(shares, as_of, named)
        known = self._known(named)
        return super().answer(_floor(shares / named.ratio * known.ratio), as_of, known)

    def hold_back(self, shares: Fraction, as_of: int, named: Named) -> None:
        known = self._known(named)
        super().hold_back(_floor(shares / named.ratio * known.ratio), as_of, known)

    def set_ceiling(self, named: Named) -> str:
        return super().set_ceiling(self._known(named))

    def steal_ceiling(self, own: Fraction, others: Fraction, which: int) -> str:
        """The thief names first shares, in the confirmed basis or in that after the step."""
        known = self.bases()
        ratio, counter = known[which % len(known)]
        return super().set_ceiling(Named(counter, ratio, own * ratio, others * ratio))

    def confirm(self) -> str:
        return self._adopt(super().confirm())

    def set_basis(self, counter: int) -> str:
        """ADMIN adopts the basis after the step; `counter` is the custodian's, which knows no false split."""
        ratio, steps = self.bases()[-1]
        basis = ins.Basis(ratio.numerator, ratio.denominator, steps)
        return self._adopt(self._do_voiding(ins.SetBasis(STOCK, basis)))

    def _adopt(self, refused: str) -> str:
        if not refused:
            self.base, self.steps = self.bases()[-1]
            self.adopted = set(self.changes)
        return refused

    def surplus(self) -> tuple[int, Fraction] | None:
        """In first shares."""
        found = self.ledger.surplus(STOCK)
        ratio = next(ratio for ratio, counter in self.bases() if counter == found.counter)
        return 0, Fraction(found.shares, WAD) / ratio


class Robbed(Play):
    """A history with a thief in it. `lost` once it is one that THREATS.md states as a loss: nothing is asked then."""

    setup: Theft
    chains: Sequence[RobbedChain]

    def __init__(self, setup: Theft, make: Maker) -> None:
        self.false: list[False_] = []
        self.lost = ""
        super().__init__(setup, make)

    # --- what is over-issued ---

    def look(self) -> None:
        """No chain gives a unit that it would not give if nothing false had been done, nor one that the shares do not
        back at the multiplier that it shows."""
        for number, chain in enumerate(self.chains):
            claims = self.market.claims[number]
            assert chain.units() == claims.raw * UNIT, (chain.units(), claims.raw)
            if not self.lost and self._hidden(chain):
                self.lost = "a true split is not what the chain has open"
            if self.lost:
                continue
            self.counts["asked too much"] += 1
            units = max(1, int(self._room(number) * UNIT // 1) + 1)
            if not chain.mint(units):
                self._overissued(number, units)

    def _room(self, number: int) -> Fraction:
        """Tokens that are left to mint: at the true multiplier, and at the one that the chain shows."""
        rooms = []
        for kind, (left, index) in enumerate(self.market.counts(number)):
            rooms.append(left * WAD / index)
            if not self._unsettled():
                shown = Fraction(self.chains[0].index(), self.market.claims[0].index(self.now))
                left -= self.market.claims[0].raw * self.market._index(kind, 0) / WAD * (shown - 1)
                rooms.append(left * WAD / (index * shown))
        return min(rooms) + self._unseen()

    def _unsettled(self) -> bool:
        """Whether a false dividend is on its way, or a true one was bought for what is truly owed beside a false index,
        or what another chain owes has falsely grown past its ceiling: what is shown is short, whatever is minted."""
        sparing = not self.setup.whole and any(one.due is not None for one in self.market.dividends)
        coming = any(one.status == "scheduled" and self.now < one.until for one in self.false)
        return coming or sparing or len(self.chains) > 1

    def _unseen(self) -> Fraction:
        """Shares that are sold, and that the latest answer still counts: the ceiling alone holds them back."""
        if not self.setup.ceiling or self.setup.attested:
            return Fraction(0)
        return sum((shares for leaves, shares in self.sales if leaves >= self.content), Fraction(0))

    def _hidden(self, chain: RobbedChain) -> bool:
        """Whether an aggregator's books count more shares than a basis of the chain, and are in none of them."""
        books, known = self.market.counted(self.content), [ratio for ratio, _ in chain.bases()]
        return not self.setup.attested and books not in known and books > min(known)

    # --- ACTIONS is stolen ---

    def _instant(self, b: int, *, split: bool) -> int:
        """When it takes effect: with what is pending, as soon as the notice allows, or later."""
        pending = [one.effective_at for one in self.false if one.status == "scheduled" and one.effective_at > self.now]
        true = self._slot()
        if true is not None and (self.setup.attested or not (split or self._splits_at(true.what.effective_at))):
            pending.append(true.what.effective_at)
        if pending and b % 4:
            return pending[-1]
        return self.now + DAY + (0, HOUR, 5 * DAY, 9 * DAY)[b // 4 % 4]

    def _splits_at(self, t: int) -> bool:
        return any(one.effective_at == t and not one.void for one in self.market.splits)

    def do_false_split(self, a: int, b: int, c: int) -> None:
        """A split of no company's."""
        at = self._instant(b, split=True)
        ratio, reference = FALSE_RATIOS[a % len(FALSE_RATIOS)], self._name("false split")
        ex = at if c % 2 else max(self.now + 1, at - 25 * DAY)
        self._put_false(False_(reference, at), f"{ratio} ", schedule=c % 5 != 4, refused=[
            chain.split(reference, ratio, ex, at) for chain in self._actions()
        ])  # fmt: skip

    def do_false_dividend(self, a: int, b: int, c: int) -> None:
        """A dividend that nobody pays."""
        at = self._instant(b, split=False)
        rate, reference = FALSE_RATES[a % len(FALSE_RATES)], self._name("false dividend")
        ex = at if c % 2 else max(self.now + 1, at - 25 * DAY)
        pay = at + (0, DAY, 120 * DAY)[c % 3]
        buy = (pay, at, pay + GRACE)[a // 8 % 3]
        gross = int(rate * PRICE)
        self._put_false(False_(reference, at, pay + GRACE), f"{rate} ", schedule=c % 5 != 4, refused=[
            chain.dividend(reference, gross, ex, at, pay, buy) for chain in self._actions()
        ])  # fmt: skip

    def _actions(self) -> Sequence[RobbedChain]:
        return self.chains if self.setup.actions else ()

    def _put_false(self, one: False_, size: str, *, schedule: bool, refused: Sequence[str]) -> None:
        if not refused or any(refused):
            return
        self.false.append(one)
        self.counts["false"] += 1
        self.tell(f"the thief announces {one.reference} of {size}, effective {self._in(one.effective_at)}")
        if schedule:
            self._schedule_false(one)

    def _schedule_false(self, one: False_) -> None:
        price = PRICE if one.until else 0
        answers = [chain.schedule(one.reference, price) for chain in self.chains]
        self.counts["false scheduled"] += not any(answers)
        if not all(answers):
            one.status = "scheduled"
            self.tell(f"it schedules {one.reference}")

    def do_false_schedule(self, a: int, _: int, __: int) -> None:
        """What the thief has only announced."""
        found = [one for one in self.false if one.status == "announced"]
        if found:
            self._schedule_false(found[a % len(found)])

    def do_false_cancel(self, a: int, _: int, __: int) -> None:
        """The thief or the desk withdraws what is false, while that can be."""
        found = [one for one in self.false if one.status == "announced" or one.effective_at > self.now]
        found = [one for one in found if one.status != "cancelled"]
        if found:
            one = found[a % len(found)]
            if not any(chain.cancel(one.reference) for chain in self.chains):
                one.status = "cancelled"
                self.tell(f"{one.reference} is cancelled")

    def do_repeat(self, a: int, _: int, __: int) -> None:
        """The thief cancels what is true, before its ex and the books' flip; the desk schedules it again at once."""
        found = [one for one in self.open if not one.what.void and one.what.ex > self.now + HOUR
                 and one.what.effective_at >= self.now + DAY
                 and not (isinstance(one.what, Split) and one.what.flip <= self.now)]  # fmt: skip
        if not found or not self.setup.actions:
            return
        entry = found[a % len(found)]
        what, old = entry.what, entry.reference
        what.reference = self._name("repeated")
        for chain in self.chains:
            refused = chain.cancel(old) or self._put(chain, what)
            if refused or (entry.scheduled and chain.schedule(what.reference, self._price(what))):
                self.lost = "a true action could not be scheduled again"
        if isinstance(what, Split):
            self.name_again()
        self.counts["repeated"] += 1
        self.tell(f"the thief cancels {old}, and the desk schedules it again as {what.reference}")

    # --- CEILING is stolen ---

    def do_thief_ceiling(self, a: int, b: int, c: int) -> None:
        """Any ceiling, and any claim of other chains that are not there."""
        if not self.setup.ceiling:
            return
        own = (NO_CEILING, FIRST, Fraction(0))[a % 3]
        spare = max(Fraction(0), self.market.true - self._owed(0))
        others = (spare, Fraction(0), FIRST * 3 / 100, FIRST, NO_CEILING, spare / 2)[b % 6]
        if not self.chains[0].steal_ceiling(own, others, c):
            self.counts["ceiling stolen"] += 1
            self.tell(f"the thief sets the ceiling to {float(own):,.0f}, the others' to {float(others):,.2f}")

    # --- the desk ---

    def do_set_basis(self, a: int, _: int, __: int) -> None:
        """ADMIN adopts what the books count, the latest answer too."""
        chain = self.chains[a % len(self.chains)]
        seen = len(chain.bases()) > 1 and chain.bases()[-1][0] == self.market.counted(self.content)
        if seen and not self.setup.attested and not self._count("set basis", chain.set_basis(0)):
            self.tell("ADMIN adopts the basis")

    def do_strike(self, a: int, b: int, c: int) -> None:
        """As without a thief; where one chain alone takes it, it is one more that the desk cannot undo."""
        try:
            super().do_strike(a, b, c)
        except AssertionError:
            self.lost = "struck on one chain alone"


def _floor(shares: Fraction) -> Fraction:
    return Fraction(int(shares * WAD), WAD)


def robbed(make: Maker) -> Maker:
    """Chains of a kind, with a thief's hand on them."""

    def made(setup: Setup, now: int) -> Sequence[RobbedChain]:
        return [RobbedChain(**vars(one)) for one in make(setup, now)]

    return made


def play(setup: Theft, ops: Sequence[Op], make: Maker) -> tuple[Robbed, str]:
    """The history on fresh chains, and how it was over-issued, "" where it was not."""
    one = Robbed(setup, robbed(make))
    return one, over_issued(one, ops)


def drawn(rng: random.Random, length: int) -> list[Op]:
    """A random history of desk, oracle, strangers and thief."""
    single = OPS | THEFTS
    ops = [Op("mint", 0, rng.randrange(4)), Op("answer")]
    while len(ops) < length:
        chance = rng.random()
        if chance < 0.5:
            names = rng.choices(list(single), weights=list(single.values()))
        else:
            names = rng.choice(ROUTINES if chance < 0.75 else HEISTS).split()
        ops += [Op(name, *(0 if rng.random() < 0.25 else rng.randrange(1_000) for _ in range(3))) for name in names]
    return ops


def thefts(rng: random.Random, **fixed: object) -> Theft:
    """A random stock and stolen keys. A ceiling's thief is on a single chain: two of one reserve may exceed it."""
    keys = rng.choice(((True, False), (False, True), (True, True)))
    said = vars(setups(rng, attested=rng.random() < 0.4)) | {"actions": keys[0], "ceiling": keys[1]} | fixed
    if said["ceiling"]:
        said["chains"] = 1
    return Theft(**said)  # type: ignore[arg-type]


def rob(
    make: Maker, histories: int, seed: str, length: int = 45, **fixed: object
) -> tuple[Counter[str], list[tuple[Theft, list[Op]]]]:
    """Play random histories: what was done how often, and those that over-issue."""
    counts: Counter[str] = Counter()
    bad = []
    for number in range(histories):
        rng = random.Random(f"thief {seed}/{number}")
        setup, ops = thefts(rng, **fixed), drawn(rng, length)
        played, why = play(setup, ops, make)
        counts += played.counts
        counts["lost"] += bool(played.lost)
        if why:
            bad.append((setup, ops))
    return counts, bad


def small(setup: Theft, ops: Sequence[Op], make: Maker) -> tuple[Theft, list[Op], Robbed]:
    """The same over-issue, as short and as plain as it goes."""

    def bad(tried: Theft, some: Sequence[Op]) -> bool:
        return bool(play(tried, some, make)[1])

    kept = _shorter(list(ops), lambda some: bad(setup, some))
    for name in (one.name for one in fields(Theft)):
        value = False if name in ("actions", "ceiling") else getattr(Theft(margin_bps=0), name)
        if bad(tried := replace(setup, **{name: value}), kept):
            setup = tried
    kept = _shorter(_plainer(kept, lambda some: bad(setup, some)), lambda some: bad(setup, some))
    return setup, kept, play(setup, kept, make)[0]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--on", default="model", choices=("model", "evm", "solana"))
    parser.add_argument("--histories", type=int, default=1_000)
    parser.add_argument("--seed", default="attack")
    parser.add_argument("--length", type=int, default=45)
    parser.add_argument("--widen", nargs="*", default=[], help="settings of Theft, NAME or NAME=VALUE")
    said = parser.parse_args()
    make = maker(said.on)
    counts, bad = rob(make, said.histories, said.seed, said.length, **dict(setting(word) for word in said.widen))
    print(f"{said.on}: {said.histories} histories, {len(bad)} over-issued, {dict(sorted(counts.items()))}")
    for setup, ops in bad[:3]:
        least, kept, played = small(setup, ops, make)
        print(least, kept, *played.told, sep="\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
