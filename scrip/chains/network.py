"""One opened network as everything above it sees it: read, planned for, previewed, rehearsed, signed for, audited."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, Self

from typing_extensions import TypeVar

from scrip.chains.views import Views
from scrip.executor import TransactionManager
from scrip.instructions.subjects import Subjects
from scrip.manifest.model import AnyManifest
from scrip.model import ModelLedger
from scrip.plan import Plan
from scrip.preview import Preview
from scrip.records import Record, Records
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

    witness: Callable[[], Network] | None
    """The same network over another node, opened when it is asked for; None where the manifest names no second."""

    @property
    def manifest(self) -> AnyManifest:
        """The desired state of the network."""

    @property
    def records(self) -> Records:
        """What was sent to the network, and what came of it."""

    @property
    def genesis(self) -> str:
        """The hash of the network's first block, 0x-prefixed hex."""

    @property
    def asked(self) -> str:
        """The URL of the node that is asked, without what may be a key in it."""

    def beside(self, other: Self, final: bool) -> tuple[Self, Self]:
        """This network and the same over another node, to be compared: as of one block, where a chain tells the past.

        That is the newest that either has, or with `final` the newest that can no longer change. Unconfirmed where one
        of the two has not come so far, or they have another block there.
        """

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

    def model(self, named: Subjects) -> ModelLedger:
        """The model in the network's present state, of whom `named` is about and of the manifest's accounts."""

    def rehearse(self, plan: Plan, build: Build | None = None) -> Report:
        """Carry a plan out on a copy of the chain, where `build` runs from then on; what that showed."""

    def part(self, plan: Plan, ordered: bool) -> Plan:
        """The steps of a plan that others are asked to sign in one file; InputError when there is none."""

    def propose(self, plan: Plan, path: Path, nonce: int | None = None) -> Proposal:
        """Write a file, which must be new, for others to sign.

        `nonce` is the Safe's, where it is not to be the lowest that nothing waiting has; InputError without a Safe.
        """

    # --- the deployment ---

    def deployment(self) -> Plan:
        """The plan of all that is left to do until the manifest stands."""

    def settings(self, reference: str = "") -> Plan:
        """The plan that brings back to the manifest every role, parameter and listing that differs from it."""

    def contracts(self) -> Mapping[str, Mapping[str, str]]:
        """Every part of the deployment that stands or will: its "address" and what "contract" it is, by name."""

    def misfits(self) -> list[Finding]:
        """The contracts of others that the manifest names and that are of another kind, or not there; what keeps ours
        from their work."""

    def creation(self, ticker: str, sender: str = "") -> Plan:
        """The plan that creates a stock of the manifest and sets what it needs. InputError for any other stock."""

    def build(self, sources: Path | None) -> Build:
        """The build in a folder of sources; the project's own for None."""

    def check_build(self, build: Build) -> tuple[str, list[Finding]]:
        """The name of a build, and all that forbids it to take over from the one that runs."""

    def upgrade(self, build: Build) -> Plan:
        """The plan that lets a build take over; Incompatible where `check_build` finds anything."""

    def audit(self, build: Build) -> list[Finding]:
        """What the chain proves otherwise than the manifest, a build and the records say."""

    # --- the records ---

    def audit_records(self) -> list[Finding]:
        """What is wrong with the records: their chain of hashes, each against the chain, and what none of them tells.

        The last is what the chain's events and used keys say was done.
        """

    def standing(self) -> list[str]:
        """The addresses of what was deployed here for the manifest, recorded or not; nothing before a deployment."""

    def demand_recorded(self) -> None:
        """Drift where a deployment stands and the folder holds no record of it: it is never planned a second time."""

    def find_unrecorded(self) -> str:
        """Find on the chain what the records should tell and do not, so that an emergency goes on without them.

        What was found so, for people; "" where the records have it, or there is nothing to be found.
        """

    def beyond_records(self, plan: Plan) -> list[Finding]:
        """What was done by the desk since the last record, and no record tells; asked before a plan is shown, cheaply.

        What lies further back, and what this does not see, `audit_records` finds.
        """

    def rebuild(self, since: int = 0) -> list[Record]:
        """Write lost records anew, each marked as rebuilt, from what the chain holds from a block on.

        Nothing is sent. InputError where there are records; Drift, and nothing is written, where the node's history
        does not reach back to the deployment or what it answers is not whole.
        """
