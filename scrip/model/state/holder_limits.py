"""How many hold a stock and how much one of them, counted anew at every question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from scrip import parameters
from scrip.errors import Refusal
from scrip.holder_limits import HolderLimits
from scrip.model.laws.arithmetic import U128_MAX
from scrip.model.state.accounts import Account
from scrip.model.state.investors import Investors

ANY_NUMBER = parameters.HOLDERS.ceiling + 1
"""The number of holders that stands for no limit, as the chain stores it."""
VENUE = "venue"


class Holder(NamedTuple):
    """What counts as one holder: an investor with all its wallets, or an account that has none."""

    name: str
    is_investor: bool


@dataclass(slots=True)
class Holders:
    """A stock's limits, and what they are judged by.

    While `seeding`, only the accounts in `seeded` are counted. A model that knows some accounts by name and the rest as
    one takes from a chain how many holders that leaves out, and how much of the rest is seeded: the last two fields.
    """

    accounts: Mapping[str, Account]
    investors: Investors
    limits: HolderLimits | None = None
    seeding: bool = False
    seeded: set[str] = field(default_factory=set)
    elsewhere: int = 0
    seeded_elsewhere: int = 0

    def count(self) -> int:
        """How many hold it now, venues apart."""
        return sum(1 for holder in self._totals() if not self._is_venue(holder)) + self.elsewhere

    def unseeded(self) -> int:
        """Raw units of accounts that seeding has not visited."""
        if not self.seeding:
            return 0
        left = sum(account.balance for name, account in self.accounts.items() if name not in self.seeded)
        return left - self.seeded_elsewhere

    def held_with(self, account: str) -> int:
        """Raw units that the account's holder has with all its wallets."""
        return self._totals()[self._holder(account)]

    def begin(self, supply: int) -> None:
        """Count from now on; what is issued already must be seeded."""
        self.seeding, self.seeded = supply != 0, set()
        self.elsewhere = self.seeded_elsewhere = 0

    def seed(self, accounts: Iterable[str]) -> None:
        """Count these accounts too."""
        self.seeded.update(accounts)
        self.settle()

    def settle(self) -> None:
        """End the seeding for good once nothing is left to seed; called after any change of a balance."""
        self.seeding = self.seeding and self.unseeded() != 0

    def check(self, sender: str, to: str, amount: int) -> None:
        """Refuses a transfer or, from "", a mint that leaves its parties outside the limits.

        In order: holders: not seeded, too many, above the maximum, below the minimum.
        """
        if self.limits is None:
            return
        if self.seeding:
            raise Refusal("holders: not seeded")
        giver, taker = self._holder(sender), self._holder(to)
        if giver == taker or amount == 0:
            return
        totals, now = self._totals(), self.count()
        left, got = totals[giver] - amount, totals[taker] + amount
        gives, takes = bool(sender) and not self._is_venue(giver), not self._is_venue(taker)
        then = now - (gives and left == 0) + (takes and got == amount)
        if takes and then > max(now, self.limits.most or ANY_NUMBER):
            raise Refusal("holders: too many", f"{now} of {self.limits.most}")
        if takes and got > (self.limits.maximum.value or U128_MAX):
            raise Refusal("holders: above the maximum", to)
        minimum = self.limits.minimum.value
        if (gives and 0 < left < minimum) or (takes and got < minimum):
            raise Refusal("holders: below the minimum", sender if gives and 0 < left < minimum else to)

    def _totals(self) -> Counter[Holder]:
        totals: Counter[Holder] = Counter()
        for name, account in self.accounts.items():
            if account.balance and (not self.seeding or name in self.seeded):
                totals[self._holder(name)] += account.balance
        return totals

    def _holder(self, account: str) -> Holder:
        investor = self.investors.investor_of(account)
        return Holder(account, False) if investor is None else Holder(investor, True)

    def _is_venue(self, holder: Holder) -> bool:
        return holder.is_investor and self.investors.records[holder.name].investor_class == VENUE
