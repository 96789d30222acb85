"""A Solana network with everything that can be asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from solders.keypair import Keypair

from scrip.chains.network import Proposal
from scrip.plan import Plan, Step
from scrip.preview import Preview
from scrip.reports.findings import Finding, in_order
from scrip.reports.rehearsal import Report
from scrip.solana.audit import audit
from scrip.solana.audit.program import Built
from scrip.solana.build import Build
from scrip.solana.connection import SolanaConnection
from scrip.solana.deploy import upgrade
from scrip.solana.deploy.deployment import addresses, creation, plan_deployment
from scrip.solana.deploy.settings import plan_settings
from scrip.solana.rehearse.forecast import preview_plan
from scrip.solana.rehearse.rehearse import rehearse
from scrip.solana.tx.manager import SolanaTransactionManager
from scrip.solana.tx.proposal import is_recorded, part, propose
from scrip.solana.tx.verify import verify
from scrip.solana.views import SolanaViews


class SolanaNetwork(SolanaConnection):
    """A Solana network, opened; see scrip.chains.network.Network for what each method answers."""

    def now(self) -> int:
        """The cluster's clock, UTC seconds."""
        return self.chain.now()

    def views(self) -> SolanaViews:
        """The network as one operation reads it."""
        return SolanaViews(self)

    def transactions(self, signers: Mapping[str, Keypair] | None = None) -> SolanaTransactionManager:
        """The manager of its transactions."""
        return SolanaTransactionManager(self, signers or {})

    def preview(self, plan: Plan) -> Preview:
        """What the model says that a plan changes."""
        return preview_plan(self, plan)

    def rehearse(self, plan: Plan, build: Build | None = None) -> Report:
        """A plan carried out on a copy of the accounts that it touches."""
        return rehearse(self, plan, build)

    def part(self, plan: Plan, ordered: bool) -> Plan:  # noqa: ARG002
        """Every step that the records do not have as done."""
        return part(self, plan)

    def propose(self, plan: Plan, path: Path) -> Proposal:
        """Write unsigned transactions."""
        return Proposal(*propose(self, plan, path))

    def recorded(self, plan: Plan, step: Step) -> bool:
        """Whether the records have a step as done."""
        return is_recorded(self, plan, step)

    def deployment(self) -> Plan:
        """All that is left to do until the manifest stands: issuer, roles, assets, stocks, backing, authority."""
        return plan_deployment(self)

    def settings(self, reference: str = "") -> Plan:
        """Roles, parameters, listings and reserves brought back to the manifest."""
        return plan_settings(self, reference)

    def contracts(self) -> dict[str, dict[str, str]]:
        """Every address of the deployment, whether anything stands there or not, and what it is."""
        return addresses(self)

    def creation(self, ticker: str, sender: str = "") -> Plan:
        """A stock created (ISSUER) and its reserve configured (the timelock)."""
        return creation(self, ticker, sender)

    def build(self, sources: Path | None) -> Build:
        """The build in a folder where the program was built."""
        return Build(sources.resolve()) if sources else Build()

    def check_build(self, build: Build) -> tuple[str, list[Finding]]:
        """What forbids a build to take over the accounts."""
        return Built.of(build).digest[:8], upgrade.check_upgrade(self, build)

    def upgrade(self, build: Build) -> Plan:
        """Put a build in the program's place (the upgrade authority)."""
        return upgrade.plan_upgrade(self, build)

    def audit(self, build: Build) -> list[Finding]:
        """Program, roles, mints, settings and reserves against build and manifest, records against the cluster."""
        return in_order([*audit(self, build), *self.audit_records()])

    def audit_records(self) -> list[Finding]:
        """The records against themselves and the cluster."""
        return verify(self.records, self.chain)
