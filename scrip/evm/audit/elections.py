"""What holders choose in against the manifest: its code, and the contracts that it asks."""

from __future__ import annotations

from collections.abc import Iterator

from scrip.evm.audit.code import Value, compare, domain
from scrip.evm.audit.evidence import Evidence
from scrip.evm.compiled.artifacts import artifact
from scrip.evm.encoding.choices import DOMAIN, VERSION
from scrip.evm.handlers.elections import CONTRACT_ELECTIONS
from scrip.labels import BOOK, ELECTIONS
from scrip.reports.findings import Finding


def elections(evidence: Evidence) -> Iterator[Finding]:
    """Findings about Elections; none where the manifest has none."""
    if evidence.manifest.elections is None:
        return
    contract, book = evidence.book.get(ELECTIONS), evidence.book.get(BOOK)
    if contract is None or book is None:
        yield Finding(ELECTIONS, "holders choose between cash and stock", "the records know no contract of it")
        return
    suite = evidence.suite
    born: dict[str, Value] = {
        "roles.ROLES": suite.roles.address,
        "REGISTRY": suite.registry.address,
        "BOOK": book.address,
    }
    born |= domain(DOMAIN, VERSION, evidence.chain.chain_id(), contract.address)
    yield from compare(f"code.{ELECTIONS}", evidence.code(contract.address), artifact(CONTRACT_ELECTIONS), born)
