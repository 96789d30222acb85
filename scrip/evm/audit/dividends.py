"""What announces and pays cash dividends against the manifest: its code, its counterparts, who is paid what is left."""

from __future__ import annotations

from collections.abc import Iterator

from scrip.evm.audit.code import compare
from scrip.evm.audit.evidence import Evidence
from scrip.evm.compiled.artifacts import artifact
from scrip.evm.dividends import design_of
from scrip.evm.handlers.dividends import CONTRACT_BOOK, CONTRACT_DISTRIBUTOR
from scrip.labels import BOOK, DISTRIBUTOR
from scrip.reports.findings import Finding, Severity


def dividends(evidence: Evidence) -> Iterator[Finding]:
    """Findings about the ActionBook and the DividendDistributor; none where the manifest pays no cash dividends."""
    wanted, suite = design_of(evidence.manifest), evidence.suite
    if wanted is None:
        return
    book, distributor = evidence.book.get(BOOK), evidence.book.get(DISTRIBUTOR)
    if book is None or distributor is None:
        yield Finding(DISTRIBUTOR, "cash dividends are announced and paid", "the records know no contract of it")
        return
    ours = {"roles.ROLES": suite.roles.address, "REGISTRY": suite.registry.address}
    born = ours | {"ACTIONS": suite.actions.address}
    yield from compare(f"code.{BOOK}", evidence.code(book.address), artifact(CONTRACT_BOOK), born)
    born = ours | {"BOOK": book.address}
    yield from compare(f"code.{DISTRIBUTOR}", evidence.code(distributor.address), artifact(CONTRACT_DISTRIBUTOR), born)
    address = evidence.address
    rows: tuple[tuple[str, object, object, Severity], ...] = (
        ("actions.book", book.address, evidence.ask(suite.actions, "book"), "critical"),
        (f"{BOOK}.distributor", distributor.address, evidence.ask(book, "distributor"), "critical"),
        (f"{BOOK}.escheat", wanted.escheat, evidence.ask(book, "escheat"), "drift"),
        (f"{DISTRIBUTOR}.treasury", address(wanted.treasury), evidence.ask(distributor, "treasury"), "critical"),
        (f"{DISTRIBUTOR}.tax", address(wanted.tax), evidence.ask(distributor, "tax"), "critical"),
    )
    for field, expected, shown, severity in rows:
        if expected != shown:
            yield Finding(field, str(expected), str(shown), severity)
