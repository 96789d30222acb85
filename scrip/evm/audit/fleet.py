"""The contracts against the build, wired to each other; the stocks against the manifest, each behind its beacon."""

from __future__ import annotations

from collections.abc import Iterator

from eth_utils import keccak

from scrip.evm.audit.code import Value, compare, compare_blueprint, domain, immutable_address
from scrip.evm.audit.evidence import Evidence
from scrip.evm.chain import Call, Contract
from scrip.evm.compiled.artifacts import artifact
from scrip.evm.compiled.release import Release
from scrip.evm.encoding import attestations, papers, quotes
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.encoding.values import POLICIES
from scrip.evm.suite import carried, token_at
from scrip.labels import MODES
from scrip.manifest.rules import resolve
from scrip.reports.findings import Finding, Severity

BEACON_SLOT, IMPLEMENTATION_SLOT, ADMIN_SLOT = (
    int.from_bytes(keccak(text=f"eip1967.proxy.{name}")) - 1 for name in ("beacon", "implementation", "admin")
)
"""The slots of ERC-1967. A stock's proxy writes the first and leaves the others empty."""
SIGNED_FOR = {
    "market": (quotes.DOMAIN, quotes.VERSION),
    "feed": (papers.DOMAIN, papers.VERSION),
    "registry": (attestations.DOMAIN, attestations.VERSION),
}
"""Name and version of the EIP-712 domain of each contract that reads signatures; of the registry in its second half."""


def code(evidence: Evidence, release: Release) -> Iterator[Finding]:
    """Findings about code and immutables of every contract of the suite. Stocks' proxies run the release."""
    suite, chain = evidence.suite, evidence.chain
    named = {name: getattr(suite, name) for name in ("roles", "timelock", "registry", "feed", "actions", "beacon")}
    named |= {"factory": suite.factory, "market": suite.market}
    blueprint = str(evidence.ask(suite.factory, "BLUEPRINT"))
    values: dict[str, Value] = {
        "roles.ROLES": suite.roles.address,
        "REGISTRY": suite.registry.address,
        "slots.REGISTRY": suite.registry.address,
        "slots.FEED": suite.feed.address,
        "BLUEPRINT": blueprint,
        # Of the registry: which one it is, the code there says.
        "EXTENSION": immutable_address(
            evidence.code(suite.registry.address), artifact("ComplianceRegistry"), "EXTENSION"
        ),
    }
    for field, contract in named.items():
        own = domain(*SIGNED_FOR[field], chain.chain_id(), contract.address) if field in SIGNED_FOR else {}
        yield from compare(f"code.{field}", evidence.code(contract.address), artifact(contract.name), values | own)
    yield from registry_extension(evidence, str(values["EXTENSION"]))
    yield from compare_blueprint("code.blueprint", evidence.code(blueprint), artifact("StockProxy"))
    for mode, address in enumerate(evidence.ask(suite.beacon, "pinned")):
        yield from implementation(f"code.implementation.{MODES[mode]}", evidence, mode, address, release)


def registry_extension(evidence: Evidence, address: str) -> Iterator[Finding]:
    """Findings about the registry's second half, which runs on the registry's storage."""
    if address != ZERO_ADDRESS:
        own = domain(*SIGNED_FOR["registry"], evidence.chain.chain_id(), address)
        values = {"roles.ROLES": evidence.suite.roles.address} | own
        yield from compare("code.registry.extension", evidence.code(address), artifact("RegistryExtension"), values)


def implementation(field: str, evidence: Evidence, mode: int, address: str, release: Release) -> Iterator[Finding]:
    """Findings about what a mode runs: whether both halves of a stock are the release's and belong to this suite."""
    suite = evidence.suite
    values: dict[str, Value] = {
        "token_storage.MODE": mode,
        "token_storage.REGISTRY": suite.registry.address,
        "token_storage.ACTIONS": suite.actions.address,
        "token_storage.FEED": suite.feed.address,
        "roles.ROLES": suite.roles.address,
    }
    code = evidence.code(address)
    extension = immutable_address(code, release.token, "EXTENSION")
    yield from compare(field, code, release.token, values | {"EXTENSION": extension})
    if extension != ZERO_ADDRESS:
        yield from compare(f"{field}.extension", evidence.code(extension), release.extension, values)


def wiring(evidence: Evidence) -> Iterator[Finding]:
    """Findings about what is not immutable: the beacon's implementations and mode, whom registry and feed listen to."""
    suite = evidence.suite
    pinned, mode = evidence.ask_all(suite.beacon, ("pinned", "mode"))
    current = evidence.ask(suite.registry, "implementation")
    for name, found in zip(MODES, pinned, strict=True):
        if not evidence.known(found):
            wanted = "an implementation that the records know"
            yield Finding(f"beacon.pinned.{name}", wanted, evidence.account(found), "critical")
    if current != pinned[mode]:
        yield Finding(
            "registry.implementation", f"the one pinned for {MODES[mode]}", evidence.account(current), "critical"
        )
    if mode != 0:
        yield Finding("beacon.mode", MODES[0], MODES[mode])
    pointers = (
        ("registry.beacon", suite.registry, "beacon", suite.beacon),
        ("feed.actions", suite.feed, "actions", suite.actions),
    )
    for field, contract, view, expected in pointers:
        if (found := str(evidence.ask(contract, view))) != expected.address:
            yield Finding(field, expected.address, evidence.account(found), "critical")


def registered(evidence: Evidence) -> list[Contract]:
    """Every stock that the registry knows, whoever made it, in the order of their numbers."""
    registry = evidence.suite.registry
    count = int(evidence.ask(registry, "stockCount"))
    found = evidence.chain.call_many([Call(registry, "stockAt", (number + 1,)) for number in range(count)])
    return [Contract("StockToken", address) for address in found]


def stocks(evidence: Evidence) -> Iterator[Finding]:
    """Findings about the stocks of chain and manifest: each on both, its proxy as built, its slots, its identity."""
    manifest = evidence.manifest
    missing = {(stock.born, stock.series): ticker for ticker, stock in manifest.stocks.items()}
    for number, token in enumerate(registered(evidence), start=1):
        yield from proxy(f"stocks.{number}", evidence, token.address)
        if evidence.code(token.address) == b"":
            continue
        isin, series, symbol = evidence.ask_all(token, ("isin", "series", "symbol"))
        if (ticker := missing.pop((isin, series), None)) is None:
            shown = f"{symbol} ({isin}), {token.address}"
            yield Finding(f"stocks.{number}", "no stock that the manifest does not name", shown, "critical")
        else:
            yield from _identity(ticker, evidence, token)
    for (isin, _), ticker in missing.items():
        yield Finding(f"stocks.{ticker}", f"a token of {isin}", "none on the chain")


def proxy(field: str, evidence: Evidence, address: str) -> Iterator[Finding]:
    """Findings about a stock's proxy: its code, whom it asks in its ERC-1967 slot, and nothing in the other two."""
    beacon = evidence.suite.registry.address
    yield from compare(f"{field}.code", evidence.code(address), artifact("StockProxy"), {"BEACON": beacon})
    slots = (
        ("beacon", BEACON_SLOT, beacon),
        ("implementation", IMPLEMENTATION_SLOT, ZERO_ADDRESS),
        ("admin", ADMIN_SLOT, ZERO_ADDRESS),
    )
    for name, slot, expected in slots:
        word = evidence.word(address, slot)
        if word != bytes.fromhex(expected[2:]).rjust(32, b"\0"):
            wanted = "empty" if expected == ZERO_ADDRESS else expected
            yield Finding(f"{field}.erc1967.{name}", wanted, f"0x{word[-20:].hex()}", "critical")


def _identity(ticker: str, evidence: Evidence, token: Contract) -> Iterator[Finding]:
    wanted = evidence.manifest.stocks[ticker]
    policies = {number: name for name, number in POLICIES.items()}
    views = ("symbol", "name", "policy", "paused")
    symbol, name, policy, paused = evidence.ask_all(token, views)
    known = token_at(evidence.chain.call, evidence.suite.factory, wanted)
    rules = resolve(evidence.manifest, ticker)
    rows = (
        ("address", known, token.address),
        ("isin", wanted.isin, carried(evidence.chain.call, evidence.suite.factory, wanted, token.address)),
        ("symbol", ticker, symbol),
        ("name", wanted.name, name),
        ("policy", rules.policy, policies.get(policy, str(policy))),
        ("paused", "no", "yes" if paused else "no"),
    )
    for field, expected, found in rows:
        if expected != found:
            worst: Severity = "critical" if field in ("address", "policy") else "drift"
            yield Finding(f"stocks.{ticker}.{field}", str(expected), str(found), worst)
