"""A history of a stock: an honest, slow desk, an oracle that is early or late, and strangers that try everything.

A history is a `Setup` and a list of `Op`, each a name and three small numbers, which `Play` interprets in whatever
state it finds. So a history can be drawn by any generator, be shortened, and be played on any ledger. After every
operation a stranger asks every chain for one unit more than there are true shares for: `Overissued` when one is given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from custodian.market import DAY, HOUR, WAD, Claims, Dividend, Market, Split
from custodian.terms import (
    FIRST,
    IN_SHARES,
    MOST_IN_A_YEAR,
    NO_CEILING,
    PARTS,
    PRICE,
    RATES,
    RATIOS,
    START,
    UNIT,
    Backed,
    Named,
    Op,
    Overissued,
    Setup,
)


@dataclass
class Announced:
    """What the desk has to put on every chain: a split of the market or a dividend of it."""

    what: Split | Dividend
    scheduled: bool = False

    @property
    def reference(self) -> str:
        return self.what.reference


Maker = Callable[[Setup, int], Sequence[Backed]]


class Play:
    """One history on one set of chains. `told` is what happened, in words; `counts` how often what was done."""

    def __init__(self, setup: Setup, make: Maker, *, probe: bool = True) -> None:
        self.setup, self.probe = setup, probe
        self.market = Market(START, FIRST, whole=setup.whole, later=setup.later)
        self.chains = make(setup, START)
        self.market.claims = [Claims() for _ in self.chains]
        self.open: list[Announced] = []
        self.counts: Counter[str] = Counter()
        self.told: list[str] = []
        self.serial = 0
        self.content = 0
        """The instant of what the latest answer says."""
        self.last: tuple[Fraction, int, int] | None = None
        self.delivered = START
        """When the last sold shares leave."""
        self.sales: list[tuple[int, Fraction]] = []
        self.earmarked = Fraction(0)
        self.stopped = 0
        """Until when the books show a split that the company has withdrawn: nobody names a ceiling before."""
        self.own = [NO_CEILING if self.loose else FIRST / setup.chains for _ in self.chains]
        self.own_index = [WAD] * len(self.chains)
        if not self.loose:
            for number, chain in enumerate(self.chains):
                chain.set_ceiling(self._named(number, 0))
        self._answer(START, Fraction(0))

    @property
    def loose(self) -> bool:
        return self.setup.loose and self.setup.chains == 1

    @property
    def now(self) -> int:
        return self.market.now

    def tell(self, text: str) -> None:
        """Note a line with the day."""
        days, rest = divmod(self.now - START, DAY)
        self.told.append(f"day {days}{f' {rest // HOUR}h' if rest >= HOUR else ''}: {text}")

    def run(self, ops: Sequence[Op]) -> Play:
        """All operations; Overissued where a chain gives what is not there."""
        for one in ops:
            self.step(one)
        return self

    def step(self, op: Op) -> None:
        """One operation, and the strangers' demands after it."""
        before = len(self.told), self.now
        getattr(self, f"do_{op.name}")(op.a, op.b, op.c)
        if before != (len(self.told), self.now):
            self.look()

    def look(self) -> None:
        """Supplies and indices are what this side counts; and no chain gives a unit more than is there."""
        for number, chain in enumerate(self.chains):
            claims = self.market.claims[number]
            assert chain.units() == claims.raw * UNIT, (chain.units(), claims.raw)
            assert chain.index() == claims.index(self.now), (chain.index(), claims.index(self.now))
            if self.probe:
                room = self.market.room(number)
                units = max(1, int(room * UNIT // 1) + 1)
                self.counts["asked too much"] += 1
                if not chain.mint(units):
                    self._overissued(number, units)

    def _overissued(self, number: int, units: int) -> None:
        self.market.claims[number].raw += Fraction(units, UNIT)
        left = min(left for left, _ in self.market.counts(number))
        there = self.market.true + self.market.due()
        self.tell(
            f"chain {number} mints {_n(Fraction(units, UNIT))}: {_n(there - left)} owed on {_n(there)}, in first shares"
        )
        raise Overissued(self.told[-1])

    # --- time ---

    def do_wait(self, a: int, b: int, _: int) -> None:
        """For a while, or to the next instant at which something happens."""
        if b % 3 and (coming := sorted(t for t in self._instants() if t > self.now)):
            t = coming[a % min(3, len(coming))]
        else:
            t = self.now + (DAY, HOUR, 6 * HOUR, 2 * DAY, 5 * DAY, 10 * DAY, 40 * DAY)[a % 7]
        self._advance(t)

    def _instants(self) -> list[int]:
        found = [at for one in self.market.splits if not one.void for at in (one.ex, one.flip, one.effective_at)]
        for one in self.market.dividends:
            if not one.void:
                found += [one.ex, one.effective_at, one.pay, one.buy, one.bought, one.pay + 5 * DAY]
        return found + [at for at, _ in self.market.books]

    def _advance(self, t: int) -> None:
        if t <= self.now:
            return
        self.market.advance_to(t)
        for chain in self.chains:
            chain.advance_to(t)

    # --- the oracle ---

    def do_answer(self, a: int, b: int, c: int) -> None:
        """A round or a paper: how old, how wrong, as of when."""
        if c % 7 == 6 and self.last is not None:
            self._push(*self.last)
            return
        content = self.now - (0, 0, HOUR, DAY, 2 * DAY)[a % 5]
        if not self.setup.backwards:
            content = max(content, self.content)
        part = (Fraction(0), Fraction(0), Fraction(1), Fraction(-1), Fraction(1, 2))[b % 5]
        as_of = self.now if self.setup.stamped and c % 2 else None
        self._answer(max(content, START), part * Fraction(self.setup.margin_bps, 10_000), as_of)

    def _answer(self, content: int, wrong: Fraction, as_of: int | None = None) -> None:
        found = self._says(content, wrong)
        if found is not None:
            self.content = content
            self._push(found[0], content if as_of is None else as_of, found[1])

    def _says(self, content: int, wrong: Fraction) -> tuple[Fraction, int] | None:
        """What the custodian's books of that instant make, at 18 decimals, and the counter of their basis."""
        if self.setup.attested and any(one.void and one.counted(content) for one in self.market.splits):
            return None
        exact = self.market.worth(content) if self.setup.attested else self.market.answer(content)
        if self.setup.attested:
            exact -= self.earmarked * self.market.counted(content)
        exact = max(Fraction(0), exact * (1 + wrong) * WAD)
        return Fraction(int(exact), WAD), self._counter(content)

    def _counter(self, t: int) -> int:
        """How many changes of the basis the books of `t` count."""
        return len({one.effective_at for one in self.market.splits if one.counted(t)})

    def _push(self, shares: Fraction, as_of: int, counter: int) -> None:
        self.last = shares, as_of, counter
        ago = (self.now - as_of) // HOUR
        self.tell(f"the oracle says {_n(shares)}{f', as of {ago} h ago' if ago else ''}")
        for number, chain in enumerate(self.chains):
            self._count("answer", chain.answer(shares, as_of, self._named(number, counter)))

    def _named(self, number: int, counter: int) -> Named:
        """A basis, and the ceilings in it."""
        ratio = self._ratio(counter)
        return Named(counter, ratio, self.own[number] * ratio, self._others(number) * ratio)

    def do_hold_back(self, a: int, b: int, _: int) -> None:
        """An attestor signs, and a stranger keeps the paper."""
        part = (Fraction(0), Fraction(1), Fraction(-1))[b % 3]
        found = self._says(self.now, part * Fraction(self.setup.margin_bps, 10_000))
        if found is not None:
            number = a % len(self.chains)
            self.chains[number].hold_back(found[0], self.now, self._named(number, found[1]))

    def do_publish(self, a: int, b: int, _: int) -> None:
        """A stranger publishes a paper that was held back."""
        number = a % len(self.chains)
        if not self._count("publish", self.chains[number].publish_held_back(b)):
            self.tell(f"a stranger publishes an older paper on chain {number}")

    def do_confirm(self, a: int, _: int, __: int) -> None:
        """A stranger confirms the basis."""
        number = a % len(self.chains)
        if not self._count("confirm", self.chains[number].confirm()):
            self.tell(f"a stranger confirms the basis on chain {number}")

    # --- the desk: shares ---

    def do_buy(self, a: int, b: int, _: int) -> None:
        """Shares are bought for tokens to come."""
        shares = FIRST * (Fraction(1, 5), Fraction(1, 2), Fraction(1), Fraction(1, 50))[a % 4]
        self.market.buy(shares, self.now + (0, DAY, 2 * DAY)[b % 3])
        self.tell(f"the desk buys {_n(shares)}, which settle in {b % 3} days")

    def do_mint(self, a: int, b: int, _: int) -> None:
        """No more than there is room for."""
        number = a % len(self.chains)
        units = int(self.market.room(number) * PARTS[b % 4] * UNIT // 1)
        if units > 0 and not self._count("mint", self.chains[number].mint(units)):
            self.market.claims[number].raw += Fraction(units, UNIT)
            self.tell(f"chain {number} mints {_n(Fraction(units, UNIT))}")

    def do_redeem(self, a: int, b: int, _: int) -> None:
        """A holder leaves."""
        number = a % len(self.chains)
        units = int(self.market.claims[number].raw * (Fraction(1, 2), Fraction(1, 5), Fraction(1))[b % 3] * UNIT)
        if units > 0 and not self._count("redeem", self.chains[number].redeem(units)):
            self.market.claims[number].raw -= Fraction(units, UNIT)
            self.tell(f"{_n(Fraction(units, UNIT))} are redeemed on chain {number}")

    def do_sell(self, a: int, b: int, c: int) -> None:
        """The desk sells shares that nobody has a claim to, as far as it knows."""
        number = a % len(self.chains)
        owed = sum((self._owed(one) for one in range(len(self.chains))), Fraction(0))
        shares = min(self._known(), self.market.true) - owed
        if self.setup.order and (found := self.chains[number].surplus()) is not None:
            shares = min(shares, found[1] / self._ratio(found[0]))
        shares *= PARTS[b % 4]
        if shares <= 0 or (self.setup.order and not self._set_aside(number, shares)):
            return
        leaves = self.now + (0, DAY, 2 * DAY)[c % 3]
        self.market.sell(shares, leaves)
        self.sales.append((leaves, shares))
        self.delivered = max(self.delivered, leaves)
        self.counts["sell"] += 1
        self.tell(f"the desk sells {_n(shares)}, which leave in {c % 3} days")
        if self.setup.attested and leaves == self.now:
            self.earmarked -= shares
        if self.setup.prompt:
            self.delivered = leaves = max(leaves, self.now + 1)
            self._advance(leaves)
            self._answer(self.now, Fraction(0))

    def _set_aside(self, number: int, shares: Fraction) -> bool:
        """Before a sale: the ceiling is lowered by it, or on every chain a paper no longer counts the shares."""
        if self.setup.attested:
            self.earmarked += shares
            found = self._says(self.now, Fraction(0))
            refused = found is None or any(
                chain.answer(found[0], self.now, self._named(at, found[1])) for at, chain in enumerate(self.chains)
            )
            if refused:
                self.earmarked -= shares
            elif found is not None:
                self.last, self.content = (found[0], self.now, found[1]), self.now
                self.tell(f"the attestor no longer counts {_n(shares)}: {_n(found[0])}")
            return not refused
        own = min(self.own[number], self._known()) - shares
        return own >= self._owed(number) and not self._lower(number, own, 0)

    def _announced_index(self, number: int) -> int:
        index = self.market.claims[number].index(self.now, pending=True)
        for one in self.market.dividends:
            if not one.void and one not in self.market.claims[number].dividends:
                index = one.raise_index(index)
        return index

    def _owed(self, number: int) -> Fraction:
        """What a chain owes, announced dividends counted."""
        return self.market.claims[number].raw * self._announced_index(number) / WAD

    def _known(self) -> Fraction:
        """First shares that the desk is sure of: what the books held some time ago, less what it has sold since."""
        then = self.now - self.setup.delay
        if not self.setup.ahead:
            then = min(then, self.content)
        sold = sum((shares for leaves, shares in self.sales if leaves > then), Fraction(0))
        return max(Fraction(0), self.market.booked(max(then, START)) - sold)

    # --- the desk: ceilings and bases ---

    def _others(self, number: int) -> Fraction:
        """The other chains' ceilings, as far as they have grown with dividends since: so has what those chains owe."""
        total = Fraction(0)
        for at, own in enumerate(self.own):
            if at != number:
                grown = Fraction(self._index_coming(at), self.own_index[at]) if self.setup.grown else 1
                total += own * grown
        return total

    def _index_coming(self, number: int) -> int:
        return self.market.claims[number].index(self.now, pending=True)

    def _ratio(self, counter: int) -> Fraction:
        """Shares of a basis for a first share: of the first so many changes, in the order of their effect."""
        changes = sorted({one.effective_at for one in self.market.splits if not one.void})[:counter]
        ratio = Fraction(1)
        for one in self.market.splits:
            if not one.void and one.effective_at in changes:
                ratio *= one.ratio
        return ratio

    def _shown(self) -> int:
        """The counter of the basis that the tokens show now."""
        return len({one.effective_at for one in self.market.splits if not one.void and one.effective_at <= self.now})

    def _lower(self, number: int, own: Fraction, which: int) -> str:
        """Set a chain's ceiling, in the basis that the tokens show or in that of the books."""
        counter = self._shown() if which % 2 == 0 else self._counter(self.now - self.setup.delay)
        before = self.own[number], self.own_index[number]
        self.own[number], self.own_index[number] = own, self._index_coming(number)
        named = self._named(number, counter)
        answer = self._count("ceiling", self.chains[number].set_ceiling(named))
        if answer:
            self.own[number], self.own_index[number] = before
        else:
            self.tell(f"the desk sets the ceiling of chain {number} to {_n(named.own)} in basis {counter}")
        return answer

    def name_again(self) -> None:
        """An aggregator's split was withdrawn or changed, and nothing is left of the ceilings: the desk has looked."""
        if not self.setup.attested:
            for number, own in enumerate(self.own):
                self._lower(number, own, 0)

    def do_ceiling(self, a: int, b: int, _: int) -> None:
        """The desk shares out what it knows to be there; what is lowered comes before what is raised."""
        if self.content < self.stopped and not self.setup.attested:
            return
        may_rise = self.content > self.delivered or not self.sales
        if self.loose:
            self._lower(0, NO_CEILING if may_rise and a % 2 == 0 else self._known(), b)
            return
        known = self._known()
        first = known * (Fraction(1, 2), Fraction(3, 4), Fraction(1, 4))[a % 3]
        wanted = [first, known - first] if len(self.chains) == 2 else [known]
        if not may_rise:
            wanted = [min(new, old) for new, old in zip(wanted, self.own, strict=True)]
        if any(new < self._owed(at) for at, new in enumerate(wanted)):
            return
        lowered_first = sorted(range(len(wanted)), key=lambda number: wanted[number] >= self.own[number])
        for number in lowered_first:
            if self._lower(number, wanted[number], b):
                return

    def do_set_basis(self, a: int, _: int, __: int) -> None:
        """The desk has seen the books count new shares, in the latest answer too."""
        number = a % len(self.chains)
        counter = self._shown()
        seen = counter and self._counter(self.content) == counter and not self.setup.attested
        if seen and not self._count("set basis", self.chains[number].set_basis(counter)):
            self.tell(f"the desk sets the basis of chain {number}")

    # --- corporate actions ---

    def _slot(self) -> Announced | None:
        """What is pending on the chains."""
        return next((one for one in self.open if one.what.effective_at > self.now and not one.what.void), None)

    def _when(self, least: int, b: int, c: int) -> tuple[int, int]:
        """The market's ex instant and the token's; those of what is pending, where that leaves enough notice."""
        if (pending := self._slot()) is not None and b % 4 and pending.what.ex > self.now:
            return pending.what.ex, pending.what.effective_at
        effective_at = self.now + least + (0, DAY, HOUR, 5 * DAY)[b % 4]
        return max(self.now + 1, effective_at - (0, HOUR, DAY)[c % 3]), effective_at

    def do_split(self, a: int, b: int, c: int) -> None:
        """The market's split, announced and scheduled on every chain, or on none."""
        ex, effective_at = self._when(self.setup.notice, b, c)
        joined = [one.flip for one in self.market.splits if one.effective_at == effective_at and not one.void]
        steps = 2 * self.setup.early // (DAY // 2) + 1
        flip = effective_at - self.setup.early + (b * 7 + c) % steps * (DAY // 2) if c % 5 else effective_at
        flip = max(flip, self.now)
        if joined and not self.setup.parts:
            if joined[0] <= self.now:
                return
            flip = joined[0]
        what = Split(self._name("split"), RATIOS[a % len(RATIOS)], ex, effective_at, flip)
        self._announce(what, strike=not self.setup.unseen or c % 2 == 0)

    def do_shares(self, a: int, b: int, c: int) -> None:
        """A dividend in shares, announced and scheduled; alone, or at the second of what is pending."""
        ex, effective_at = self._when(max(self.setup.notice, DAY), b, c)
        flip = effective_at + (DAY, 0, 20 * DAY, 60 * DAY, 35 * DAY)[c % 5]
        what = Split(self._name("shares"), IN_SHARES[a % len(IN_SHARES)], ex, effective_at, flip, in_shares=True)
        self._announce(what, strike=True)

    def do_dividend(self, a: int, b: int, c: int) -> None:
        """The market's dividend, announced on every chain or on none; struck now or later."""
        unbought = any(not one.done and not one.void for one in self.market.dividends)
        if unbought and not self.setup.overlap and self._slot() is None:
            return
        risen = Fraction(1)
        for one in self.market.dividends:
            if not one.void and one.effective_at > self.now - 365 * DAY:
                risen *= 1 + one.rate
        rate = RATES[a % len(RATES)]
        if risen * (1 + rate) > MOST_IN_A_YEAR:
            return
        ex, effective_at = self._when(DAY, b, c)
        if any(
            one.in_shares and not one.void and one.ex <= effective_at and ex < one.flip for one in self.market.splits
        ):
            # What a company pays on shares that it has not issued yet is its own business.
            return
        pay = effective_at + (DAY, 0, 5 * DAY, 30 * DAY)[c % 4]
        buy, bought = ((pay, pay), (pay + DAY, pay + DAY), (effective_at, effective_at), (pay, pay + DAY))[c // 4 % 4]
        if self.setup.slips and c % 5 == 0:
            bought += 10 * DAY
        what = Dividend(self._name("dividend"), int(rate * PRICE), PRICE, ex, effective_at, pay, buy, bought)
        self._announce(what, strike=a // len(RATES) % 3 != 2)

    def _name(self, kind: str) -> str:
        self.serial += 1
        return f"{kind} {self.serial}"

    def _announce(self, what: Split | Dividend, *, strike: bool) -> None:
        done = []
        refused = ""
        for chain in self.chains:
            refused = self._put(chain, what) or (chain.schedule(what.reference, self._price(what)) if strike else "")
            done.append(chain)
            if refused:
                break
        if self._count("split" if isinstance(what, Split) else "dividend", refused):
            for chain in done:
                chain.cancel(what.reference)
            if isinstance(what, Split):
                self.name_again()
            return
        entry = Announced(what, scheduled=strike)
        self.open.append(entry)
        self._say(what)
        if isinstance(what, Split):
            joins = strike and any(one.effective_at == what.effective_at and not one.void for one in self.market.splits)
            self.market.splits.append(what)
            if joins:
                self.name_again()
        else:
            self.market.dividends.append(what)
            if strike:
                self._taken(what)

    def _say(self, what: Split | Dividend) -> None:
        at = f"the market's ex {self._in(what.ex)}, effective {self._in(what.effective_at)}"
        if isinstance(what, Split):
            self.tell(
                f"{what.reference} {what.ratio.numerator}:{what.ratio.denominator}, {at}; "
                f"the books flip {self._in(what.flip)}"
            )
        else:
            paid = f"paid {self._in(what.pay)}, bought {self._in(what.bought)} (named {self._in(what.buy)})"
            self.tell(f"{what.reference} of {_n(what.rate * 100)} %, {at}, {paid}")

    def _in(self, t: int) -> str:
        return f"day {_n(Fraction(t - START, DAY))}"

    @staticmethod
    def _put(chain: Backed, what: Split | Dividend) -> str:
        if isinstance(what, Split):
            return chain.split(what.reference, what.ratio, what.ex, what.effective_at, what.in_shares)
        return chain.dividend(what.reference, what.gross, what.ex, what.effective_at, what.pay, what.buy)

    @staticmethod
    def _price(what: Split | Dividend) -> int:
        return 0 if isinstance(what, Split) else what.price

    def _taken(self, what: Dividend) -> None:
        for claims in self.market.claims:
            claims.dividends.append(what)

    def do_strike(self, a: int, _: int, __: int) -> None:
        """A dividend that waits for its price is scheduled; one that missed its instant is announced anew, then that
        one is withdrawn."""
        waiting = [one for one in self.open if not one.scheduled and not one.what.void]
        if not waiting:
            return
        entry = waiting[a % len(waiting)]
        old = entry.reference
        if isinstance(entry.what, Split):
            refused = [chain.schedule(old, 0) for chain in self.chains]
            if not any(refused):
                entry.scheduled = True
                self.tell(f"{old} is scheduled")
                self.name_again()
            return
        if entry.what.effective_at <= self.now + HOUR:
            later = replace(entry.what, reference=self._name("dividend"), effective_at=self.now + 2 * DAY)
            later.pay = max(later.pay, later.effective_at)
            if later.bought <= later.effective_at or any(self._put(chain, later) for chain in self.chains):
                return
            entry.what.reference, entry.what.effective_at, entry.what.pay = (
                later.reference,
                later.effective_at,
                later.pay,
            )
            for chain in self.chains:
                chain.cancel(old)
            self.tell(f"{old} missed its instant, and is announced again as {later.reference}")
            return
        answers = [chain.schedule(old, entry.what.price) for chain in self.chains]
        if not any(answers):
            entry.scheduled = True
            self._taken(entry.what)
            self.tell(f"{old} is struck")
        elif not all(answers):
            raise AssertionError(f"struck on one chain alone: {answers}")

    def do_cancel(self, a: int, b: int, _: int) -> None:
        """The company withdraws what has not gone ex."""
        found = [one for one in self.open if not one.what.void and min(one.what.ex, one.what.effective_at) > self.now]
        if not found:
            return
        entry = found[a % len(found)]
        what = entry.what
        answers = [chain.cancel(what.reference) for chain in self.chains]
        assert not any(answers), answers
        self.counts["cancel"] += 1
        what.void = True
        self.tell(f"{what.reference} is cancelled")
        if isinstance(what, Split):
            if what.flip <= self.now:
                what.back = self.stopped = self.now + (1 + b % 3) * DAY
                self.own = [Fraction(0)] * len(self.own)
            else:
                what.flip = what.back = 1 << 60
                self.name_again()
        else:
            for claims in self.market.claims:
                claims.dividends = [one for one in claims.dividends if one is not what]

    def _count(self, name: str, answer: str) -> str:
        self.counts[f"{name} refused" if answer else name] += 1
        return answer


def _n(value: Fraction) -> str:
    """A number for people: exact where it is short."""
    if value.denominator == 1:
        return f"{value.numerator:,}"
    return f"{float(value):,.4f}".rstrip("0").rstrip(".")


def play(setup: Setup, ops: Sequence[Op], make: Maker) -> tuple[Play, str]:
    """The history on fresh chains, and how it was over-issued, "" where it was not."""
    one = Play(setup, make)
    return one, over_issued(one, ops)


def over_issued(begun: Play, ops: Sequence[Op]) -> str:
    """How a history that has begun is over-issued by what follows, "" where it is not."""
    try:
        begun.look()
        begun.run(ops)
    except Overissued as found:
        return str(found)
    return ""
