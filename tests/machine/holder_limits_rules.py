"""Rules about who may hold a stock, how many may, and how much one of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from machine.rules import ACCOUNTS, STRANGER, LedgerRules, accounts, holders, investors, often, portions

from scrip import instructions as ins
from scrip.evm.labels import role
from scrip.evm.ledger import EvmLedger
from scrip.holder_limits import EVERY_CLASS, Countries, HolderLimits, StockRules
from scrip.model.ledger import ModelLedger
from scrip.roles import ADMIN, EVM_ROLES
from scrip.units import WAD, RawUnits

OFFICER = "officer"
"""Holds COMPLIANCE alone, where roles are apart."""
GERMANY, FRANCE, UNITED_STATES = 276, 250, 840
NONE = RawUnits(0, 18)


def with_an_officer(model: ModelLedger, ledgers: Iterable[EvmLedger]) -> None:
    """Beside the issuer, who holds every role, somebody holds one."""
    holders = {name: frozenset({ins.ISSUER}) for name in (*EVM_ROLES, ADMIN)}
    model.config = replace(model.config, holders=holders | {"COMPLIANCE": frozenset({ins.ISSUER, OFFICER})})
    for ledger in ledgers:
        args = (role("COMPLIANCE"), ledger.chain.address(OFFICER))
        ledger.chain.send(ledger.suite.roles, "grantRole", *args, sender=ins.ISSUER)


def tokens(whole: int) -> RawUnits:
    return RawUnits(whole * WAD, 18)


mostly_acme = st.sampled_from([*["ACME"] * 5, "OPEN"])
signers = st.sampled_from([*[ins.ISSUER] * 3, *[OFFICER] * 3, STRANGER])
retail, wholesale = frozenset({"retail"}), frozenset({"professional", "venue"})
classes = st.sampled_from([EVERY_CLASS, EVERY_CLASS, retail, wholesale, frozenset()])
countries = st.sampled_from(
    [Countries(), Countries.all_but([GERMANY]), Countries.all_but([UNITED_STATES]), Countries.only([GERMANY, FRANCE])]
)
limits = st.sampled_from(
    [
        *(HolderLimits(most) for most in (1, 2, 2, 3)),
        *(HolderLimits(0, tokens(most)) for most in (4, 12, 30)),
        *(HolderLimits(0, NONE, tokens(least)) for least in (3, 8)),
        HolderLimits(2, tokens(20), tokens(2)),
        HolderLimits(500),
        HolderLimits(),
        HolderLimits(0, tokens(2), tokens(5)),
    ]
)
everybody = st.permutations(ACCOUNTS)
seldom = st.sampled_from([True, False, False])


class HolderLimitsRules(LedgerRules):
    """What an ALLOWLIST stock may refuse beside what every stock does."""

    @rule(stock=mostly_acme, classes=classes, countries=countries, by=signers, stays=seldom)
    def restrict(self, stock: str, classes: frozenset, countries: Countries, by: str, stays: bool) -> None:
        """Other rules; everybody's clearance follows at once. Most are lifted again."""
        self._count("restrict", self.twins.apply(ins.SetStockRules(stock, StockRules(classes, countries), by=by)))
        self.twins.compare_clearance(stock, ACCOUNTS, stopped=False)
        if not stays:
            self._count("restrict", self.twins.apply(ins.SetStockRules(stock, StockRules())))

    @rule(
        stock=mostly_acme,
        limits=limits,
        by=signers,
        pauses=often,
        seeds=st.one_of(everybody, everybody, st.lists(accounts, max_size=4)),
        sender=holders,
        to=holders,
        portion=portions,
        stays=seldom,
    )
    def limit(
        self,
        stock: str,
        limits: HolderLimits,
        by: str,
        pauses: bool,
        seeds: list[str],
        sender: str,
        to: str,
        portion: Fraction,
        stays: bool,
    ) -> None:
        """Limits, with all or some holders counted, and what they refuse. Most are lifted again."""
        if pauses:
            self.twins.must(ins.Pause(stock))
        self._count("limit", self.twins.apply(ins.SetHolderLimits(stock, limits, by=by)))
        self._count("seed", self.twins.apply(ins.SeedHolders(stock, tuple(seeds), by=by)))
        if pauses:
            self.twins.must(ins.Unpause(stock))
        amount = self._units(self._part(stock, sender, portion))
        self._count("transfer", self.twins.apply(ins.Transfer(stock, sender, to, amount)))
        self._count("mint", self.twins.apply(self._mint(stock, to, WAD)))
        self.twins.compare_holders(stock, ACCOUNTS)
        if not stays:
            self._count("unlimit", self.twins.apply(ins.RemoveHolderLimits(stock)))

    @rule(
        investor=investors,
        country=st.sampled_from([GERMANY, FRANCE, UNITED_STATES, 0]),
        kind=st.sampled_from(["retail", "retail", "professional", "venue"]),
    )
    def profile(self, investor: str, country: int, kind: ins.InvestorClass) -> None:
        """An investor moves, or becomes a venue, with all that it holds."""
        self._count("profile", self.twins.apply(ins.SetProfile(investor, country, kind)))

    @invariant()
    def holders_agree(self) -> None:
        """As many are counted as hold the stock, each with what all its wallets have."""
        for stock in self.in_view:
            self.twins.compare_holders(stock, ACCOUNTS)
