"""How many may hold a stock, on two kinds of chain that count them otherwise, each held to a count of the test's own.

Ethereum-family chains count who has units; Solana counts who was given a seat when an account of its was thawed, and
keeps it though the units are gone. What both counts refuse is refused on both sides, what both allow goes the common
way, and of what one alone refuses nothing is asked: what native transfers cannot see is in THREATS.md.
"""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st
from hypothesis.stateful import rule
from machine.lapse_rules import FullRules
from machine.rules import ACCOUNTS, UNIT, WALLETS, holders
from machine.three_way import ThreeTwins
from machine.twins import DONE

from scrip import instructions as ins
from scrip.holder_limits import HolderLimits
from scrip.solana.handlers.holder_limits import is_seated
from scrip.units import WAD, RawUnits

STOCK = "ACME"
TOO_MANY, ABOVE = "holders: too many", "holders: above the maximum"
NO_SEAT = "ERC7943CannotReceive"
"""What Solana's program says of who has no seat: no account of its may be open."""


class CapsRules(FullRules):
    """A stock with limits, for as long as a few orders take."""

    twins: ThreeTwins

    def __init__(self) -> None:
        super().__init__()
        self.seated: set[str] = set()
        """Investors who have a seat: it outlives the limits."""

    @rule(most=st.sampled_from([1, 2, 2, 3]), takers=st.permutations(WALLETS), sender=holders, to=holders)
    def caps(self, most: int, takers: Sequence[str], sender: str, to: str) -> None:
        """So many holders and no more; what is minted and moved meanwhile; and no limit again."""
        self._limited(HolderLimits(most))
        for taker in takers:
            self._asked(self._mint(STOCK, taker, WAD), "", taker, most)
        self._asked(ins.Transfer(STOCK, sender, to, self._units(UNIT)), sender, to, most)
        self._unlimited()

    @rule(whole=st.sampled_from([5, 10, 12, 40]), takers=st.permutations(WALLETS))
    def maximum(self, whole: int, takers: Sequence[str]) -> None:
        """So much for each holder: with all its wallets on one kind of chain, in one account on the other."""
        self._limited(HolderLimits(0, RawUnits(whole * WAD, 18)))
        for taker in takers:
            amount = max(whole * WAD - self.model.balance(STOCK, taker).value, 0) // UNIT * UNIT + UNIT
            mine = sum(self.model.balance(STOCK, one).value for one in ACCOUNTS if self._who(one) == self._who(taker))
            both = mine == self.model.balance(STOCK, taker).value
            if both and self._counts(taker):
                answer = self._refused(self._mint(STOCK, taker, amount))
                assert answer[0] != ABOVE or answer[1] in (ABOVE, NO_SEAT), answer
                self._thawed(taker)
        self._unlimited()

    # --- the two counts ---

    def _who(self, account: str) -> str:
        return self.model.investors.investor_of(account) or f"nobody's {account}"

    def _counts(self, account: str) -> bool:
        """Whether its holder is counted: venues are not."""
        record = self.model.investors.records.get(self._who(account))
        return record is None or record.investor_class != "venue"

    def _holding(self) -> list[str]:
        return [one for one in ACCOUNTS if self.model.balance(STOCK, one).value]

    def _limited(self, limits: HolderLimits) -> None:
        """Begin in a pause, count who holds, and have keepers freeze whoever has no seat."""
        self.twins.must(ins.Pause(STOCK))
        held = tuple(self._holding())
        for order in (ins.SetHolderLimits(STOCK, limits), ins.SeedHolders(STOCK, held)):
            for answer in self.twins.apart(order):
                assert answer == DONE, f"{order}: {answer}"
        self.twins.must(ins.Unpause(STOCK))
        ours = [one for one in held if self._counts(one) and self.model.may_hold(STOCK, one)]
        self.seated |= {self._who(one) for one in ours}
        for one in ACCOUNTS:
            self.twins.solana.ledger.investors.crank(STOCK, one)
        self._seats_are_ours()

    def _unlimited(self) -> None:
        for answer in self.twins.apart(ins.RemoveHolderLimits(STOCK)):
            assert answer == DONE, answer
        self._count("caps", DONE)

    def _seats_are_ours(self) -> None:
        """The chain has seated whom we have."""
        ledger = self.twins.solana.ledger
        for investor in self.model.investors.records:
            assert is_seated(ledger, STOCK, investor) == (investor in self.seated), (investor, self.seated)

    def _asked(self, order: ins.Mint | ins.Transfer, giver: str, taker: str, most: int) -> None:
        """An order that gives somebody units, where the two counts come to the same."""
        counted = {self._who(one) for one in self._holding() if self._counts(one)}
        giver_leaves = bool(giver) and self.model.balance(STOCK, giver) == order.amount
        if giver_leaves or not self._counts(taker) or self._who(taker) not in self.model.investors.records:
            return
        full_here = self._who(taker) not in counted and len(counted) >= most
        full_there = self._who(taker) not in self.seated and len(self.seated) >= most
        if full_here != full_there or (giver and self._who(giver) not in self.seated):
            return
        if full_here:
            here, there = self._refused(order)
            assert here != TOO_MANY or there in (TOO_MANY, NO_SEAT), (order, here, there)
        else:
            answer = self.twins.apply(order)
            self._count("mint" if isinstance(order, ins.Mint) else "transfer", answer)
            self._thawed(taker)
        self._seats_are_ours()

    def _thawed(self, taker: str) -> None:
        """Whoever may hold it was thawed for an order that there is a seat for, whatever became of that."""
        if self.model.may_hold(STOCK, taker):
            self.seated.add(self._who(taker))

    def _refused(self, order: ins.Mint | ins.Transfer) -> tuple[str, str]:
        """Both sides' answers to what neither does."""
        here, there = self.twins.apart(order)
        assert DONE not in (here, there), (order, here, there)
        self._count("caps", here)
        return here, there
