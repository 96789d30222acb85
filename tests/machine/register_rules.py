"""Rules about who enters the register, and who is kept out of it: attestations, sanctions, lost wallets."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import strategies as st
from hypothesis.stateful import rule
from machine.rules import ACCOUNTS, DAY, STOCKS, STRANGER, LedgerRules, accounts, investors, often, stocks
from machine.twins import DONE

from scrip import instructions as ins
from scrip.evm.ledger import EvmLedger
from scrip.instructions.sanctions import SANCTIONS_ORACLE, SetSanctionsOracle
from scrip.model.ledger import ModelLedger

NEWCOMER = f"inv-{STRANGER}"
"""What the stranger is on the register as, once it has entered."""
PROVIDERS = (ins.ISSUER, "bob")
"""Only the first holds the role."""
FAULTS = ("", "", "", "expired", "not a provider", "venue", "forged", "not mine", "used")

some_stocks = st.sampled_from([STOCKS, STOCKS, STOCKS[:1], (), ("NONE",)])


def with_a_sanctions_oracle(model: ModelLedger, ledgers: Iterable[EvmLedger]) -> None:
    """From the start the registry asks an oracle, which calls everybody clean."""
    for ledger in ledgers:
        ledger.chain.label(SANCTIONS_ORACLE, ledger.chain.deploy("MockSanctionsOracle", sender="custodian"))
    for one in (model, *ledgers):
        one.apply(SetSanctionsOracle(SANCTIONS_ORACLE))


class RegisterRules(LedgerRules):
    """What else may happen to the register."""

    @rule(investor=investors, new=st.sampled_from(["alice2", STRANGER]), where=some_stocks, own=often)
    def recover(self, investor: str, new: str, where: tuple[str, ...], own: bool) -> None:
        """A lost wallet and its successor; what was left behind is fetched later."""
        wallets = self.model.investors.records[investor].wallets
        old = wallets[0] if own and wallets else "carol2"
        order = ins.RecoverWallet(investor, old, new, 4, "wallet lost", where)
        if self._count("recover", self.twins.apply(order)) == DONE:
            self.in_view = STOCKS
            self.holdings_agree()
        self._count("recover_in", self.twins.apply(ins.RecoverIn(old, where)))
        self._count("unblock", self.twins.apply(ins.UnblockWallet(old, 3, "order lifted")))

    def _attested(self, fault: str, nonce: int, wallet: str = STRANGER) -> ins.OnboardAttested:
        now = self.model.now()
        terms = ins.AttestationTerms(
            nonce=nonce,
            deadline=now - 1 if fault == "expired" else now,
            provider=PROVIDERS[fault == "not a provider"],
            forged=fault == "forged",
        )
        kind: ins.InvestorClass = "venue" if fault == "venue" else "professional"
        by = "bob" if fault == "not mine" else ""
        return ins.OnboardAttested(NEWCOMER, wallet, 276, kind, now + 5 * DAY, terms, by)

    @rule(fault=st.sampled_from(FAULTS), nonce=st.integers(0, 3), again=often)
    def attested(self, fault: str, nonce: int, again: bool) -> None:
        """The stranger enters with what a provider signed, if nothing is wrong with it; nobody enters twice."""
        order = self._attested(fault, nonce)
        if fault == "used":
            self.twins.apply(ins.CancelAttestation(ins.ISSUER, nonce))
        answer = self._count("attested", self.twins.apply(order))
        assert answer != DONE or fault in ("", "used")
        self._count("cancel_attestation", self.twins.apply(ins.CancelAttestation(ins.ISSUER, nonce)))
        if again:
            self._count("unlink", self.twins.apply(ins.UnlinkWallet(NEWCOMER, STRANGER, 4, "left")))

    @rule(provider=st.sampled_from(PROVIDERS), nonce=st.integers(0, 3))
    def provider(self, provider: str, nonce: int) -> None:
        """A provider that is dropped is not believed, until it is readmitted."""
        for order in (
            ins.DropProvider(provider, 5, "found out"),
            ins.DropProvider(provider, 5, "found out"),
            self._attested("", nonce),
            ins.ReadmitProvider(provider),
            ins.ReadmitProvider(provider),
        ):
            self._count("provider", self.twins.apply(order))

    @rule(
        stock=stocks,
        account=accounts,
        others=st.lists(st.sampled_from([*ACCOUNTS, ""]), max_size=2),
        answer=st.sampled_from(["listed", "listed", "none"]),
        mends=often,
    )
    def screen(self, stock: str, account: str, others: list[str], answer: ins.Answer, mends: bool) -> None:
        """The oracle lists an address or says nothing about it; somebody looks; most are let go again."""
        self.twins.apply(ins.AnswerSanctions(account, answer))
        self.twins.compare_clearance(stock, ACCOUNTS, stopped=False)
        self._count("screen", self.twins.apply(ins.Screen((*others, account))))
        if not mends:
            return
        self.twins.apply(ins.AnswerSanctions(account, "clean"))
        investor = self.model.investors.investor_of(account)
        lift = ins.Unblock(investor, 3, "mistaken") if investor else ins.UnblockWallet(account, 3, "mistaken")
        self._count("unblock", self.twins.apply(lift))

    @rule(wished=st.sampled_from(["", "alice", SANCTIONS_ORACLE]), account=accounts)
    def oracle(self, wished: str, account: str) -> None:
        """Another oracle or none, and one that is suspended; in the end it is the old one."""
        for order in (
            ins.SetSanctionsOracle(wished),
            ins.SuspendSanctionsOracle(),
            ins.SuspendSanctionsOracle(),
            ins.Screen((account,)),
            ins.LinkWallet("inv-carol", "alice"),
            ins.SetSanctionsOracle(SANCTIONS_ORACLE),
        ):
            self._count("oracle", self.twins.apply(order))
