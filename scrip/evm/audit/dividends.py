"""What pays and delivers by roots against the manifest: its code, its counterparts, its roles, who gets the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scrip.action_codes import BOOK_CODES
from scrip.evm.audit.code import compare
from scrip.evm.audit.evidence import Evidence
from scrip.evm.chain import Contract
from scrip.evm.compiled.artifacts import artifact
from scrip.evm.dividends import design_of
from scrip.evm.handlers.dividends import (
    CONTRACT_BOOK,
    CONTRACT_DISTRIBUTOR,
    FUNDED,
    known_of,
    read_distribution,
    read_parts,
)
from scrip.labels import BOOK, DISTRIBUTOR
from scrip.reports.findings import Finding, Severity
from scrip.units import EVM_DECIMALS, RawUnits


def dividends(evidence: Evidence, tokens: Mapping[str, Contract]) -> Iterator[Finding]:
    """Findings about the ActionBook and the DividendDistributor; none where the manifest pays nothing by roots.

    `tokens` are its stocks.
    """
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
    if wanted.in_stock:
        yield from _delivered(evidence, book, distributor, tokens)


def holders(evidence: Evidence, name: str) -> frozenset[str]:
    """The distributor where it is to hold a role, by which it has units made or hands them out."""
    wanted, distributor = design_of(evidence.manifest), evidence.book.get(DISTRIBUTOR)
    if wanted is None or distributor is None or name not in wanted.roles:
        return frozenset()
    return frozenset({distributor.address})


def _delivered(
    evidence: Evidence, book: Contract, distributor: Contract, tokens: Mapping[str, Contract]
) -> Iterator[Finding]:
    """Units that roots still give, of each stock: the distributor has to hold them all, and the treasury has to be able
    to hold what nobody fetches.
    """
    owed: dict[str, int] = {}
    for contract in tokens.values():
        for identity in _roots_of(evidence, book, distributor, contract):
            one = read_distribution(evidence.chain, distributor, identity)
            if one is not None and one["in_units"] and one["status"] == FUNDED:
                owed[one["coin"]] = owed.get(one["coin"], 0) + one["unpaid"]
    treasury = evidence.address(evidence.manifest.settlement.treasury)
    for ticker, token in tokens.items():
        if token.address not in owed:
            continue
        held, due = int(evidence.ask(token, "balanceOf", distributor.address)), owed[token.address]
        if held < due:
            told = f"holds {RawUnits(held, EVM_DECIMALS)} {ticker}"
            yield Finding(f"{DISTRIBUTOR}.{ticker}", f"{RawUnits(due, EVM_DECIMALS)} that roots give", told, "critical")
        if not evidence.ask(token, "canReceive", treasury):
            told = "may not hold it: what nobody fetches cannot be swept"
            yield Finding(f"{DISTRIBUTOR}.{ticker}.treasury", "cleared for the stock", told, "drift")


def _roots_of(evidence: Evidence, book: Contract, distributor: Contract, token: Contract) -> Iterator[str]:
    for code in (name for name, one in BOOK_CODES.items() if "units" in one.legs):
        for action in known_of(evidence.chain, book, token, code):
            yield from read_parts(evidence.chain, distributor, action)
