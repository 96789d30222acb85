"""A Solana network with everything that can be asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Self

from scrip.chains.network import Network, Proposal
from scrip.errors import InputError
from scrip.instructions.subjects import Subjects
from scrip.model import ModelLedger
from scrip.plan import Plan
from scrip.plan.identity import unrecorded
from scrip.preview import Preview
from scrip.records import Record
from scrip.reports.findings import Finding, answered, in_order
from scrip.reports.records import unheld
from scrip.reports.rehearsal import Report
from scrip.solana.audit import audit
from scrip.solana.audit.program import Built
from scrip.solana.build import Build
from scrip.solana.connection import SolanaConnection
from scrip.solana.deploy import rebuild, upgrade
from scrip.solana.deploy.deployment import addresses, creation, plan_deployment
from scrip.solana.deploy.settings import plan_settings
from scrip.solana.deploy.tables import plan_tables
from scrip.solana.rehearse.forecast import model_for, preview_plan
from scrip.solana.rehearse.rehearse import rehearse
from scrip.solana.signing import Signer
from scrip.solana.tx.history import beyond, nowhere_told
from scrip.solana.tx.manager import SolanaTransactionManager
from scrip.solana.tx.proposal import propose
from scrip.solana.tx.verify import verify
from scrip.solana.views import SolanaViews


class SolanaNetwork(SolanaConnection):
    """A Solana network, opened; see scrip.chains.network.Network for what each method answers."""

    def beside(self, other: Self, final: bool) -> tuple[Self, Self]:
        """This network and the same over another node, of final blocks if that is asked: nobody tells the past."""
        return (self.at_final(), other.at_final()) if final else (self, other)

    def now(self) -> int:
        """The cluster's clock, UTC seconds."""
        return self.chain.now()

    def views(self) -> SolanaViews:
        """The network as one operation reads it."""
        return SolanaViews(self)

    def transactions(self, signers: Mapping[str, Signer] | None = None) -> SolanaTransactionManager:
        """The manager of its transactions."""
        return SolanaTransactionManager(self, signers or {})

    def preview(self, plan: Plan) -> Preview:
        """What the model says that a plan changes."""
        return preview_plan(self, plan)

    def model(self, named: Subjects) -> ModelLedger:
        """The model in the network's present state."""
        return model_for(self, named)

    def rehearse(self, plan: Plan, build: Build | None = None) -> Report:
        """Carry a plan out on a copy of the accounts that it touches, where `build` runs; what that showed."""
        return rehearse(self, plan, build)

    def part(self, plan: Plan, ordered: bool) -> Plan:  # noqa: ARG002
        """The steps of a plan that the records do not have as done; InputError when there is none."""
        return unrecorded(self, plan)

    def propose(self, plan: Plan, path: Path, nonce: int | None = None) -> Proposal:
        """Write unsigned transactions into a new file. InputError for a nonce, which they have none of."""
        if nonce is not None:
            raise InputError("is a Safe's, and there is none on this kind of chain", field="nonce", value=nonce)
        return Proposal(*propose(self, plan, path))

    def deployment(self) -> Plan:
        """The plan of all that is left to do until the manifest stands, up to handing over the upgrade authority."""
        return plan_deployment(self)

    def settings(self, reference: str = "") -> Plan:
        """The plan that brings roles, parameters, listings and reserves back to the manifest."""
        return plan_settings(self, reference)

    def tables(self) -> Plan:
        """The plan that makes or extends the deployment's lookup tables."""
        return plan_tables(self)

    def contracts(self) -> dict[str, dict[str, str]]:
        """Every address of the deployment, whether anything stands there or not, and what it is."""
        return addresses(self)

    def misfits(self) -> list[Finding]:
        """Nothing: coins alone are named, and the audit looks at each; of any account the program is looked at."""
        return []

    def creation(self, ticker: str, sender: str = "") -> Plan:
        """The plan that creates a stock (ISSUER) and configures its reserve (the timelock)."""
        return creation(self, ticker, sender)

    def build(self, sources: Path | None) -> Build:
        """The build in a folder where the program was built; the project's own for None."""
        return Build(sources.resolve()) if sources else Build()

    def check_build(self, build: Build) -> tuple[str, list[Finding]]:
        """The first digits of a build's hash, and all that forbids it to take over the accounts."""
        return Built.of(build).digest[:8], upgrade.check_upgrade(self, build)

    def upgrade(self, build: Build) -> Plan:
        """The plan that puts a build in the program's place (the upgrade authority)."""
        return upgrade.plan_upgrade(self, build)

    def audit(self, build: Build) -> list[Finding]:
        """What the cluster proves otherwise than manifest, build and records say."""
        return in_order([*audit(self, build), *verify(self.records, self.chain)])

    def audit_records(self) -> list[Finding]:
        """What is wrong with the records in themselves, where the cluster says otherwise, and what none tells."""
        if lost := rebuild.stands_unrecorded(self):
            return [unheld(lost), *verify(self.records, self.chain)]
        return [*verify(self.records, self.chain), *answered("history", lambda: nowhere_told(self))]

    def standing(self) -> list[str]:
        """The address of the program's issuer, who holds the roles, recorded or not."""
        return rebuild.standing(self)

    def demand_recorded(self) -> None:
        """Drift where the program has an issuer and the folder no record at all."""
        rebuild.demand_recorded(self)

    def find_unrecorded(self) -> str:
        """What stands and no record tells of: every address follows from the manifest, so nothing is looked for."""
        return rebuild.stands_unrecorded(self)

    def beyond_records(self, plan: Plan) -> list[Finding]:
        """What the plan's senders did since the last record, and no record tells."""
        return beyond(self, {step.sender for step in plan.steps})

    def rebuild(self, since: int = 0) -> list[Record]:
        """Write lost records anew, from the program's transactions of slots from `since` on."""
        return rebuild.rebuild(self, since)


def solana_only(network: Network) -> SolanaNetwork:
    """The network, of an operation that only this kind of chain has; InputError for another kind."""
    if not isinstance(network, SolanaNetwork):
        raise InputError("has no equivalent on this kind of chain", field="command")
    return network
