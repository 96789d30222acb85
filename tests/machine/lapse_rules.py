"""Rules about what differs between chains: lapses before and after the crank, amounts finer than 8 decimals."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st
from hypothesis.stateful import rule
from machine.force_rules import ForceRules
from machine.rules import ACCOUNTS, DAY, RULES, UNIT, accounts, holders, investors, often, stocks
from machine.three_way import LAG
from machine.twins import DONE

from scrip import instructions as ins
from scrip.units import RawUnits

ALL_RULES = (*RULES, "finer_amount", "lapse", "crank")

mostly_acme = st.sampled_from(["ACME", "ACME", "ACME", "OPEN"])
lapses = st.sampled_from(["trade", "trade", "crank", "crank", ""])


class FullRules(ForceRules):
    """Every rule."""

    @rule(stock=stocks, sender=holders, to=holders, whole=st.integers(0, 10**9), finer=st.integers(1, UNIT - 1))
    def finer_amount(self, stock: str, sender: str, to: str, whole: int, finer: int) -> None:
        """An amount that Solana cannot hold moves on the EVM alone, in full."""
        amount = RawUnits(whole * UNIT + finer, 18)
        if self.model.traits.decimals == 18:
            answer = self.twins.apply_to_evm_alone(ins.Transfer(stock, sender, to, amount))
            self._count("finer_amount", answer or DONE)

    @rule(
        stock=stocks, investor=investors, to=holders, then=st.sampled_from(["trade", "trade", "crank", ""]), mend=often
    )
    def lapse(self, stock: str, investor: str, to: str, then: str, mend: bool) -> None:
        """A clearance ends, and its holder trades at once, or is cranked, or nobody does anything."""
        sender = investor.removeprefix("inv-")
        if self.model.investors.is_blocked(sender):
            self.twins.apply(ins.Unblock(investor, 3, "order lifted"))
        if self.twins.apply(ins.Renew(investor, self.model.now() + 1)) != DONE:
            return
        self.twins.advance_to(self.model.now() + 1)
        self._count("lapse", DONE)
        if then == "trade":
            amount = self._units(self._part(stock, sender, Fraction(1, 2)))
            self._count("transfer", self.twins.apply(ins.Transfer(stock, sender, to, amount)))
        elif then == "crank":
            self.crank(stock, sender, everyone=False)
        if then and mend:
            self.twins.apply(ins.Renew(investor, self.model.now() + 20 * DAY))

    @rule(stock=stocks, account=accounts, everyone=st.booleans())
    def crank(self, stock: str, account: str, everyone: bool) -> None:
        """Somebody cranks, at any time: what lags, if anything does, is frozen."""
        for name in ACCOUNTS if everyone else [account]:
            self._count("crank", DONE if self.twins.crank(stock, name) else LAG)
