"""What a stock keeps of one account."""

from __future__ import annotations

from dataclasses import dataclass

from scrip.model.laws import lockups
from scrip.model.laws.lockups import Lockups


@dataclass(slots=True)
class Account:
    """An account of one stock. Frozen and locked amounts may exceed the balance; `case` says whether one is open.

    `asked` says whether the stock has the register's word about it, `enrolled` whether the register knows that it has:
    then the sanctions oracle is not asked about the account any more. `thawed` says, where an issuer on Solana goes by
    a strict list, whether the account was let in: nobody asks about it until it is frozen.
    """

    balance: int = 0
    frozen: bool = False
    frozen_tokens: int = 0
    case: bool = False
    lockups: Lockups = ()
    enrolled: bool = False
    asked: bool = False
    thawed: bool = False

    def available(self, now: int) -> int:
        """Raw units that may move: what is neither frozen nor locked. The two add up, saturating at the balance."""
        return max(self.balance - self.frozen_tokens - lockups.locked(self.lockups, now), 0)
