"""A plan carried out on a copy of the cluster in this process, and the program's answer held against the model's.

Accounts are fetched as the plan needs them, programs among them, so that what runs is what the cluster runs. Before
anything does, the model is read from the copy: all stocks, every holder, the register. Each instruction of the plan is
applied to it, too. At the end the model is read from the copy again, and the two must be the same, fact by fact; and an
audit may find nothing that it did not find before. Nothing is sent to the cluster.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from solders.pubkey import Pubkey

from scrip.errors import Refusal
from scrip.instructions.base import Instruction
from scrip.instructions.subjects import Subjects, called_by_name, subjects_of
from scrip.manifest.addresses import is_pubkey
from scrip.model.ledger import ModelLedger
from scrip.plan import Plan, Step
from scrip.preview import differences, facts
from scrip.reports.findings import Finding, in_order, worse
from scrip.reports.rehearsal import Rehearsed, Report, unforeseen
from scrip.solana.addresses import TOKEN_2022
from scrip.solana.audit import audit
from scrip.solana.build import Build
from scrip.solana.chain import Failed, Sent
from scrip.solana.connection import SolanaConnection
from scrip.solana.encoding.tokens import Holding, holding
from scrip.solana.handlers.client import refusal
from scrip.solana.rehearse.clone import Clone
from scrip.solana.state.snapshot import load_model

MOST_HOLDERS = 5_000
"""How many holders of a stock are looked at one by one. What the others hold is looked at together."""
MINT_OF_ACCOUNT = 0
"""The place in a token account that names its mint."""


def rehearse(network: SolanaConnection, plan: Plan, build: Build | None = None) -> Report:
    """Carry a plan out on a copy of a network's cluster; what it showed. Nothing is sent to the network.

    Whoever signs does so without a key, the timelock and the Safe too; nobody waits, for the program has no delay.
    `build` is what the program is to be, where it is not the project's own.
    """
    clone = Clone(network.cluster, network.chain.airdrop)
    return _Rehearsal(replace(network, chain=clone), plan, build or Build()).run()  # type: ignore[arg-type]


@dataclass
class _Rehearsal:
    copy: SolanaConnection
    plan: Plan
    build: Build
    done: list[Rehearsed] = field(default_factory=list)
    refusals: list[Finding] = field(default_factory=list)

    @property
    def clone(self) -> Clone:
        """The copy of the cluster."""
        return self.copy.chain  # type: ignore[return-value]

    def run(self) -> Report:
        audited, subjects = self._audit(), self._subjects()
        model = self._model(subjects)
        before = facts(model) if model else {}
        for step in self.plan.steps:
            self._preview(model, step)
            if not self._carry_out(step):
                break
        later = self._model(subjects)
        after = facts(later) if later else {}
        # What was not there before has no preview: the audit says whether it is as the manifest wants it.
        previewed = facts(model) if model else after
        new = worse(audited, self._audit())
        grave = [one for one in new if one.severity != "drift"]
        return Report(
            plan=self.plan,
            block=self.clone.slot,
            steps=tuple(self.done),
            waited=0,
            stocks=len(later.stocks) if later else 0,
            accounts=len(subjects.accounts),
            facts=len({*previewed, *after}),
            changes=tuple(differences(before, after)),
            findings=tuple(in_order([*self.refusals, *unforeseen(previewed, after), *grave])),
            notes=tuple(one for one in new if one.severity == "drift"),
            unit="compute units",
        )

    # --- what is compared ---

    def _audit(self) -> list[Finding]:
        return audit(self.copy, self.build) if self.copy.initialised else []

    def _model(self, subjects: Subjects) -> ModelLedger | None:
        """The model in the copy's state; None before the program has an issuer."""
        return load_model(self.copy.ledger(), subjects) if self.copy.initialised else None

    def _subjects(self) -> Subjects:
        """Whom the plan names, the manifest's accounts, all stocks, and whoever holds one."""
        named = subjects_of(order for step in self.plan.steps for order in self._orders(step))
        stocks = self.copy.stocks()
        holders = {
            self.copy.keys.name(one.owner)
            for listing in stocks.values()
            for one in self._holdings(listing.mint)[:MOST_HOLDERS]
        }
        accounts = frozenset({*self.copy.manifest.accounts, *holders})
        return named | Subjects(stocks=frozenset(stocks), accounts=accounts)

    def _holdings(self, mint: Pubkey) -> list[Holding]:
        found = self.clone.owned(TOKEN_2022, MINT_OF_ACCOUNT, bytes(mint))
        return [held for _, data in sorted(found, key=lambda one: bytes(one[0])) if (held := holding(data))]

    # --- what is carried out ---

    def _orders(self, step: Step) -> list[Instruction]:
        """The step's instructions, each account under its one name."""
        return [called_by_name(order, self._called) for order in step.instructions]

    def _called(self, account: str) -> str:
        return self.copy.keys.name(Pubkey.from_string(account)) if is_pubkey(account) else account

    def _preview(self, model: ModelLedger | None, step: Step) -> None:
        if model is None:
            return
        for order in self._orders(step):
            try:
                model.apply(order)
            except Refusal as refused:
                self.refusals.append(Finding(step.title, "an instruction that may be", str(refused), "critical"))

    def _carry_out(self, step: Step) -> bool:
        """Carry a step out on the copy; whether the copy took it."""
        try:
            sent: Sent = self.clone.carry_out(step.calls, self.copy.keys.address(step.sender))
        except Failed as failed:
            reason = refusal(self.copy.program, [call.program_id for call in step.calls], failed)
            self.refusals.append(Finding(step.title, "carried out", str(reason), "critical"))
            return False
        self.done.append(Rehearsed(step.title, step.sender, self.clone.now(), sent.compute_units))
        return True
