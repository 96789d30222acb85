"""Rules about what is done to accounts without their holders."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations, product

from hypothesis import strategies as st
from hypothesis.stateful import rule
from machine.holder_limits_rules import OFFICER, HolderLimitsRules
from machine.register_rules import NEWCOMER, PROVIDERS, RegisterRules
from machine.rules import ACCOUNTS, DAY, INVESTORS, STOCKS, UNIT, accounts, holders, often, portions, stocks

from scrip import instructions as ins
from scrip.instructions.subjects import Subjects

spans = st.sampled_from([0, 1, 3_600, DAY, DAY, 2 * DAY, 3 * DAY, 30 * DAY])


def _number(reference: str) -> int:
    """The number that a quote of this reference has where none is given."""
    return ins.QuoteTerms(reference, 0, 0).nonce


class ForceRules(HolderLimitsRules, RegisterRules):
    """Every rule that all kinds of chain can be asked."""

    def teardown(self) -> None:
        """At the end of an example everything that the model keeps is what a chain shows."""
        self.twins.compare_state(self.everybody())
        super().teardown()

    def everybody(self) -> Subjects:
        """Whom the story is about, and everything that it has called by a name."""
        named = frozenset(f"ref-{number}" for number in range(self.serial + 1))
        opening = frozenset(f"{stock} {account}" for stock in STOCKS for account in ("alice", "bob"))
        return Subjects(
            stocks=frozenset(STOCKS),
            accounts=frozenset({*ACCOUNTS, ins.ISSUER, ins.TREASURY, OFFICER, "custodian"}),
            investors=frozenset({*INVESTORS, NEWCOMER}),
            references=named,
            quotes=named | opening,
            nonces=frozenset((ins.ISSUER, _number(one)) for one in named | opening),
            signers=frozenset({ins.ISSUER}),
            traders=frozenset(ACCOUNTS),
            assets=frozenset({"stablecoin", "unlisted"}),
            attestations=frozenset(product(PROVIDERS, range(4))),
            providers=frozenset(PROVIDERS),
            oracles=frozenset({ins.SANCTIONS_ORACLE}),
            allowances=frozenset(permutations(ACCOUNTS, 2)) | frozenset((one, one) for one in ACCOUNTS),
        )

    @rule(stock=stocks, account=accounts, portion=portions)
    def freeze_part(self, stock: str, account: str, portion: Fraction) -> None:
        amount = self._units(self._part(stock, account, portion))
        self._count("freeze_part", self.twins.apply(ins.SetFrozenTokens(stock, account, amount, 5, "order")))

    @rule(stock=stocks, sender=accounts, to=accounts, portion=portions)
    def force(self, stock: str, sender: str, to: str, portion: Fraction) -> None:
        amount = self._units(self._part(stock, sender, portion))
        self._count("force", self.twins.apply(ins.ForcedTransfer(stock, sender, to, amount, 6, "judgment")))

    @rule(stock=stocks, account=holders, portion=portions)
    def force_burn(self, stock: str, account: str, portion: Fraction) -> None:
        amount = self._units(self._part(stock, account, portion / 4))
        self._count("force_burn", self.twins.apply(ins.ForcedBurn(stock, account, amount, 6, "judgment")))

    @rule(stock=stocks, account=holders, portion=portions, first=spans, others=st.lists(spans, max_size=5))
    def lock(self, stock: str, account: str, portion: Fraction, first: int, others: list[int]) -> None:
        """One lock-up or several, more than are kept apart among them."""
        for span in (first, *others):
            amount = self._units(max(self._part(stock, account, portion / 4), UNIT))
            until = self.model.now() + span
            self._count("lock", self.twins.apply(ins.Lock(stock, account, amount, until, 8, "vesting plan")))

    @rule(stock=stocks, account=holders, locked=often)
    def release(self, stock: str, account: str, locked: bool) -> None:
        if locked:
            order = ins.Lock(stock, account, self._units(UNIT), self.model.now() + DAY, 8, "vesting plan")
            self._count("lock", self.twins.apply(order))
        self._count("release", self.twins.apply(ins.ReleaseLocks(stock, account, 9, "plan ended")))
