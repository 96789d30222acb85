"""An Ethereum-family network with everything that can be asked of it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from scrip.chains.network import Network, Proposal
from scrip.errors import InputError, Unconfirmed
from scrip.evm import audit as audits
from scrip.evm.audit.kinds import misfits
from scrip.evm.audit.vaults import powerless
from scrip.evm.compiled.artifacts import CONTRACTS
from scrip.evm.compiled.release import Release
from scrip.evm.connection import EvmConnection
from scrip.evm.deploy import rebuild, unrecorded
from scrip.evm.deploy.deployment import plan_deployment, stock_creation, whole_deployment
from scrip.evm.deploy.settings import plan_settings
from scrip.evm.deploy.upgrade import check_upgrade, plan_upgrade
from scrip.evm.proposals.proposing import part, propose
from scrip.evm.rehearse.forecast import model_for, preview_plan
from scrip.evm.rehearse.rehearse import rehearse
from scrip.evm.rpc.signers import Signer
from scrip.evm.suite import Suite
from scrip.evm.tx.history import beyond
from scrip.evm.tx.manager import EvmTransactionManager
from scrip.evm.views import EvmViews
from scrip.instructions.subjects import Subjects
from scrip.model import ModelLedger
from scrip.plan import Plan
from scrip.preview import Preview
from scrip.records import Record
from scrip.reports.findings import Finding
from scrip.reports.records import unheld
from scrip.reports.rehearsal import Report

BEHIND = 5.0
"""Seconds in which one node comes to have the block that another has already."""
LOOK = 0.25
"""Seconds between two looks for it."""


class EvmNetwork(EvmConnection):
    """An Ethereum-family network, opened; see scrip.chains.network.Network for what each method answers."""

    def beside(self, other: Self, final: bool) -> tuple[Self, Self]:
        """This network and the same over another node, both as of one block."""
        two = (self, other)
        newest = max(one.node.block().number for one in two)
        number = max(0, newest - self.manifest.chain.finality) if final else newest
        heads = [one.reached(number) for one in two]
        if min(heads) < number:
            raise Unconfirmed(f"block: {self.asked} is at {heads[0]}, {other.asked} at {heads[1]}")
        hashes = [one.node.block(number).hash for one in two] if final else []
        if len(set(hashes)) > 1:
            raise Unconfirmed(f"block {number}: {self.asked} has {hashes[0]}, {other.asked} has {hashes[1]}")
        return self.at(number), other.at(number)

    def reached(self, number: int) -> int:
        """The node's newest block, once it is one of a number, or after a node that is behind had its time."""
        deadline = time.monotonic() + BEHIND
        while (head := self.node.block().number) < number and time.monotonic() < deadline:
            time.sleep(LOOK)
        return head

    def now(self) -> int:
        """The chain's clock, UTC seconds."""
        return self.chain.now()

    def suite(self) -> Suite:
        """The deployed suite; InputError naming what is not deployed, Drift where it is and no record says so."""
        try:
            return super().suite()
        except InputError:
            self.demand_recorded()
            raise

    def views(self) -> EvmViews:
        """The network as one operation reads it."""
        return EvmViews(self)

    def transactions(self, signers: Mapping[str, Signer] | None = None) -> EvmTransactionManager:
        """The manager of its transactions."""
        return EvmTransactionManager(self, signers or {})

    def preview(self, plan: Plan) -> Preview:
        """What the model says that a plan changes."""
        return preview_plan(self, plan)

    def model(self, named: Subjects) -> ModelLedger:
        """The model in the network's present state."""
        return model_for(self, named)

    def rehearse(self, plan: Plan, build: Release | None = None) -> Report:
        """Carry a plan out on a fork, where `build` runs from then on; what that showed."""
        return rehearse(self, plan, build)

    def part(self, plan: Plan, ordered: bool) -> Plan:
        """The steps of a plan that one proposal to the Safe holds; InputError when there is none."""
        return part(self, plan, ordered)

    def propose(self, plan: Plan, path: Path, nonce: int | None = None) -> Proposal:
        """Write a Safe's file, which must be new."""
        return Proposal(*propose(self, plan, path, nonce))

    def deployment(self) -> Plan:
        """The plan of all that is left to do until the manifest stands and the deployer holds nothing."""
        return plan_deployment(self)

    def settings(self, reference: str = "") -> Plan:
        """The plan that brings roles, parameters and listings back to the manifest."""
        return plan_settings(self, reference)

    def contracts(self) -> dict[str, dict[str, str]]:
        """Every contract: its address, and the name of its ABI."""
        return {label: {"address": one.address, "contract": one.name} for label, one in self.book}

    def misfits(self) -> list[Finding]:
        """The contracts of others that the manifest names and that do not answer as their kind, and what keeps a vault
        of ours from its work.
        """
        return [*misfits(self), *powerless(self)]

    def creation(self, ticker: str, sender: str = "") -> Plan:
        """The plan that creates a stock (ISSUER), then sets its rules (COMPLIANCE) and its reserve (the timelock)."""
        return stock_creation(self, ticker, sender)

    def build(self, sources: Path | None) -> Release:
        """The build of a folder of contracts, compiled once."""
        return Release.of(sources.resolve() if sources else CONTRACTS)

    def check_build(self, build: Release) -> tuple[str, list[Finding]]:
        """The name of a build, and all that forbids it to take over the stocks."""
        return build.name, check_upgrade(self, build)

    def upgrade(self, build: Release) -> Plan:
        """The plan that deploys a build (any key) and pins it (the timelock)."""
        return plan_upgrade(self, build)

    def audit(self, build: Release) -> list[Finding]:
        """What the chain proves otherwise than manifest, build and records say."""
        return audits.audit(self, build)

    def audit_records(self) -> list[Finding]:
        """What is wrong with the records in themselves, where the chain says otherwise, and what none of them tells."""
        lost = unrecorded.stands_unrecorded(self)
        return [*([unheld(lost)] if lost else []), *audits.records(self)]

    def standing(self) -> list[str]:
        """The addresses of the deployer's contracts that give out roles, recorded or not."""
        return unrecorded.standing(self)

    def demand_recorded(self) -> None:
        """Drift where the deployer's suite stands and no record holds it."""
        unrecorded.demand_recorded(self)

    def find_unrecorded(self) -> str:
        """Find the suite by the code of what the deployer made, where no record holds it; what was found so."""
        return unrecorded.find(self)

    def beyond_records(self, plan: Plan) -> list[Finding]:  # noqa: ARG002
        """What the manifest's accounts did since the last record, and no record tells; whoever the plan's are."""
        return beyond(self)

    def rebuild(self, since: int = 0) -> list[Record]:
        """Write lost records anew, from what blocks from `since` on hold."""
        return rebuild.rebuild(self, whole_deployment(self), since)


def evm_only(network: Network) -> EvmNetwork:
    """The network, of an operation that only this kind of chain has; InputError for another kind."""
    if not isinstance(network, EvmNetwork):
        raise InputError("has no equivalent on this kind of chain", field="command")
    return network
