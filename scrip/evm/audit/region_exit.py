"""How countries are left against the manifest: the RegionExit's code and settings, and exits of whom rules let in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scrip.evm.audit.code import Value, compare
from scrip.evm.audit.evidence import Evidence
from scrip.evm.chain import Contract
from scrip.evm.compiled.artifacts import artifact
from scrip.evm.handlers.holder_limits import read_rules
from scrip.evm.handlers.region_exit import CLOSED, CONTRACT_REGION_EXIT, EXIT_OPENED, OPENED, read_exit
from scrip.labels import REGION_EXIT
from scrip.manifest.countries import country_code
from scrip.manifest.rules import resolve
from scrip.reports.findings import Finding


def region_exit(evidence: Evidence, tokens: Mapping[str, Contract]) -> Iterator[Finding]:
    """Findings about exits from countries; none where the manifest has none."""
    if evidence.manifest.region_exit is None:
        return
    found = evidence.book.get(REGION_EXIT)
    if found is None:
        yield Finding(REGION_EXIT, "countries can be left", "the records know no contract of it")
        return
    suite = evidence.suite
    born: dict[str, Value] = {"roles.ROLES": suite.roles.address, "_REGISTRY": suite.registry.address}
    yield from compare(f"code.{REGION_EXIT}", evidence.code(found.address), artifact(CONTRACT_REGION_EXIT), born)
    (escheat,) = evidence.ask_all(found, ("escheatAccount",))
    wanted = evidence.manifest.region_exit.escheat_account
    if escheat.lower() != evidence.chain.address(wanted).lower():
        yield Finding(f"{REGION_EXIT}.escheat_account", wanted, escheat)
    yield from _exits(evidence, found, tokens)


def _exits(evidence: Evidence, contract: Contract, tokens: Mapping[str, Contract]) -> Iterator[Finding]:
    """Exits of countries that chain or manifest let in: anyone drops those. And those past their date with no price."""
    chain, tickers = evidence.chain, {one.address.lower(): ticker for ticker, one in tokens.items()}
    for log in chain.logs(contract, [EXIT_OPENED], evidence.since):
        identity = bytes(log.topics[1])
        found = read_exit(chain, contract, identity)
        ticker = tickers.get(found["token"].lower(), "") if found else ""
        if not found or not ticker or found["status"] == CLOSED:
            continue
        where = f"stocks.{ticker}.exit.0x{identity.hex()[:8]}"
        here = read_rules(chain, evidence.suite.registry, tokens[ticker])
        for who, rules in (("rules", here), ("manifest", resolve(evidence.manifest, ticker).stock_rules)):
            if let_in := (found["countries"] & rules.countries).members():
                codes = ", ".join(map(country_code, let_in))
                yield Finding(f"{where}.{who}", "countries that are left are shut out", f"{codes} may hold it")
        if found["status"] == OPENED and found["until"] <= chain.now():
            yield Finding(f"{where}.price", "a price since the date", "none: nothing is parked until there is one")
