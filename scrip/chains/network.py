"""One opened network as everything above it sees it: read, planned for, previewed, rehearsed, signed for, audited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from typing_extensions import TypeVar

from scrip.chains.views import Views
from scrip.executor import TransactionManager
from scrip.manifest.model import AnyManifest
from scrip.plan import Plan, Step
from scrip.preview import Preview
from scrip.records import Records
from scrip.reports.findings import Finding
from scrip.reports.rehearsal import Report


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was written for others to sign: lines for people, and the same for programs."""

    lines: Sequence[str]
    values: Mapping[str, object]


# The kinds of chain differ in these; whoever hands them on only, as a plan's operations do, need not say which.
Build = TypeVar("Build", default=Any)
"""A build of what a network runs."""
Signer = TypeVar("Signer", contravariant=True, default=Any)
"""Who signs a transaction."""


class Network(Protocol[Build, Signer]):
    """A network, opened. Reading it changes nothing, and no method sends anything: an executor does."""

    @property
    def manifest(self) -> AnyManifest:
        """The desired state."""

    @property
    def records(self) -> Records:
        """What was sent, and what came of it."""

    @property
    def genesis(self) -> str:
        """The hash of its first block."""

    def now(self) -> int:
        """The chain's clock, UTC seconds."""

    def signs(self, name: str) -> bool:
        """Whether an account of the manifest signs on this machine."""

    def views(self) -> Views:
        """The network as one operation reads it, as of now."""

    def transactions(self, signers: Mapping[str, Signer] | None = None) -> TransactionManager[Any, Any]:
        """The manager of its transactions. `signers` by name of the manifest, beside those that the network has."""

    # --- before anything is signed ---

    def preview(self, plan: Plan) -> Preview:
        """What the model says that a plan changes in the present state, or how it refuses it."""

    def rehearse(self, plan: Plan, build: Build | None = None) -> Report:
        """A plan carried out on a copy of the chain, where `build` runs from then on; what that showed."""

    def part(self, plan: Plan, ordered: bool) -> Plan:
        """The steps of a plan that others are asked to sign in one file; InputError when there is none."""

    def propose(self, plan: Plan, path: Path) -> Proposal:
        """Write a file, which must be new, for others to sign."""

    def recorded(self, plan: Plan, step: Step) -> bool:
        """Whether the records have a step as done."""

    # --- the deployment ---

    def deployment(self) -> Plan:
        """All that is left to do until the manifest stands."""

    def settings(self, reference: str = "") -> Plan:
        """Every role, parameter and listing in which the chain is not as the manifest says, brought back to it."""

    def contracts(self) -> Mapping[str, Mapping[str, str]]:
        """What stands, or will: "address" and "contract" (what it is), by name."""

    def creation(self, ticker: str, sender: str = "") -> Plan:
        """A stock of the manifest created, and what it needs set. InputError for no stock of the manifest."""

    def build(self, sources: Path | None) -> Build:
        """The build in a folder; the project's own for None."""

    def check_build(self, build: Build) -> tuple[str, list[Finding]]:
        """What tells a build from others, and all that forbids it to take over."""

    def upgrade(self, build: Build) -> Plan:
        """Let a build take over."""

    def audit(self, build: Build) -> list[Finding]:
        """What the chain proves otherwise than the manifest, a build and the records say."""

    def audit_records(self) -> list[Finding]:
        """The records alone: their chain of hashes, and each against the chain."""
