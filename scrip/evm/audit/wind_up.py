"""How stocks end against the manifest: the WindUp's code and settings, and stocks past an end with mints open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scrip.action_codes import ends
from scrip.evm.audit.code import Value, compare
from scrip.evm.audit.evidence import Evidence
from scrip.evm.chain import Contract
from scrip.evm.compiled.artifacts import artifact
from scrip.evm.handlers.actions import read_book
from scrip.evm.handlers.wind_up import CONTRACT_WIND_UP
from scrip.labels import BOOK, WIND_UP
from scrip.reports.findings import Finding


def wind_up(evidence: Evidence, tokens: Mapping[str, Contract]) -> Iterator[Finding]:
    """Findings about stocks' ends; about the contract none where the manifest has no wind-up."""
    book = evidence.book.get(BOOK)
    if book is not None:
        yield from _ends(evidence, book, tokens)
    if evidence.manifest.wind_up is None:
        return
    found = evidence.book.get(WIND_UP)
    if found is None or book is None:
        yield Finding(WIND_UP, "stocks end", "the records know no contract of it")
        return
    suite = evidence.suite
    born: dict[str, Value] = {
        "roles.ROLES": suite.roles.address,
        "REGISTRY": suite.registry.address,
        "BOOK": book.address,
    }
    yield from compare(f"code.{WIND_UP}", evidence.code(found.address), artifact(CONTRACT_WIND_UP), born)
    (escheat,) = evidence.ask_all(found, ("escheatAccount",))
    wanted = evidence.manifest.wind_up.escheat_account
    if escheat.lower() != evidence.chain.address(wanted).lower():
        yield Finding(f"{WIND_UP}.escheat_account", wanted, escheat)


def _ends(evidence: Evidence, book: Contract, tokens: Mapping[str, Contract]) -> Iterator[Finding]:
    """Actions that end a stock whose mints would go on after their effect, or whose cash has no rate."""
    chain, now = evidence.chain, evidence.chain.now()
    for ticker, token in tokens.items():
        ended = chain.call(token, "mintsEnd")
        for (code, reference), one in read_book(chain, book, token, {}, lambda address: address).items():
            if not ends(code, one.terms.record_at) or one.status in ("CANCELLED", "COMPLETED"):
                continue
            where = f"stocks.{ticker}.end"
            if not ended or ended > one.terms.pay:
                state = "past its end, and mints are OPEN" if one.terms.pay <= now else "mints go on after it"
                yield Finding(where, f"mints end with {code} {reference}", state)
            if one.terms.currency and not one.terms.rate:
                lack = "none: it can be paid at no rate but the timelock's" if one.terms.pay <= now else "none yet"
                yield Finding(f"{where}.rate", f"a rate of {code} {reference} before its effect", lack)
