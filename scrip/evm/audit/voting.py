"""What holders vote in against the manifest: its code, and the contracts that it asks."""

from __future__ import annotations

from collections.abc import Iterator

from scrip.evm.audit.code import Value, compare, domain
from scrip.evm.audit.evidence import Evidence
from scrip.evm.compiled.artifacts import artifact
from scrip.evm.handlers.voting import CONTRACT_BALLOT
from scrip.labels import BALLOT, BOOK
from scrip.reports.findings import Finding

SIGNED_FOR = ("Scrip Ballot", "1")
"""Name and version of the domain of its signatures."""


def voting(evidence: Evidence) -> Iterator[Finding]:
    """Findings about the Ballot; none where the manifest has no votes."""
    if evidence.manifest.voting is None:
        return
    ballot, book = evidence.book.get(BALLOT), evidence.book.get(BOOK)
    if ballot is None or book is None:
        yield Finding(BALLOT, "holders vote at meetings", "the records know no contract of it")
        return
    suite = evidence.suite
    born: dict[str, Value] = {
        "roles.ROLES": suite.roles.address,
        "REGISTRY": suite.registry.address,
        "book.BOOK": book.address,
    }
    born |= domain(*SIGNED_FOR, evidence.chain.chain_id(), ballot.address)
    yield from compare(f"code.{BALLOT}", evidence.code(ballot.address), artifact(CONTRACT_BALLOT), born)
