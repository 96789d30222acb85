"""What holders answer offers in against the manifest: its code, the contracts that it asks, and its roles."""

from __future__ import annotations

from collections.abc import Iterator

from scrip.evm.audit.code import Value, compare, domain
from scrip.evm.audit.evidence import Evidence
from scrip.evm.compiled.artifacts import artifact
from scrip.evm.handlers.offers import CONTRACT_OFFER_TERMS, CONTRACT_OFFERS, ROLES, SIGNED_FOR
from scrip.evm.labels import role
from scrip.labels import BOOK, OFFER_TERMS, OFFERS
from scrip.reports.findings import Finding


def offers(evidence: Evidence) -> Iterator[Finding]:
    """Findings about the OfferEscrow and the OfferTerms; none where the manifest has no offers."""
    if evidence.manifest.offers is None:
        return
    escrow, terms, book = (evidence.book.get(label) for label in (OFFERS, OFFER_TERMS, BOOK))
    if escrow is None or terms is None or book is None:
        yield Finding(OFFERS, "holders answer offers with units", "the records know no contract of it")
        return
    suite = evidence.suite
    ours = {"roles.ROLES": suite.roles.address, "BOOK": book.address}
    born: dict[str, Value] = {**ours, "INDICES": suite.actions.address}
    yield from compare(f"code.{OFFER_TERMS}", evidence.code(terms.address), artifact(CONTRACT_OFFER_TERMS), born)
    born = {**ours, "REGISTRY": suite.registry.address, "outcomes.TERMS": terms.address}
    born |= domain(*SIGNED_FOR, evidence.chain.chain_id(), escrow.address)
    yield from compare(f"code.{OFFERS}", evidence.code(escrow.address), artifact(CONTRACT_OFFERS), born)
    for name in ROLES:
        if not evidence.ask(suite.roles, "hasRole", role(name), escrow.address):
            lack = "without it no unit enters or leaves it" if name != "MINTER" else "without it no new unit is made"
            reason = f"{lack}: `deploy settings` grants it, through the timelock"
            yield Finding(f"{OFFERS}.{name}", "the escrow holds the role", reason)


def holders(evidence: Evidence) -> frozenset[str]:
    """The address of the escrow where the manifest asks for it and the chain has it: it holds VAULT and MINTER."""
    wanted = evidence.manifest.offers is not None and OFFERS in evidence.book
    return frozenset({evidence.book[OFFERS].address}) if wanted else frozenset()
