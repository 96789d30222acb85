"""The vaults that take requests to redeem against the manifest: their code, their terms, and who may be one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scrip.evm.audit.code import compare, compare_blueprint, described
from scrip.evm.audit.evidence import Evidence
from scrip.evm.chain import Contract
from scrip.evm.compiled.artifacts import artifact
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.handlers.redemption import VAULT
from scrip.evm.vaults import FACTORY, VaultDesign, designs
from scrip.labels import VAULT_BLUEPRINT, VAULTS, asset_label, vault_label
from scrip.reports.findings import Finding, Severity

_MINIMAL = (bytes.fromhex("363d3d373d3d3d363d73"), bytes.fromhex("5af43d82803e903d91602b57fd5bf3"))
"""What stands before and behind the address that a minimal proxy (ERC-1167) runs."""


def vaults(evidence: Evidence, tokens: Mapping[str, Contract]) -> Iterator[Finding]:
    """Findings about what makes vaults, and about each that the manifest asks for. `tokens` are its stocks."""
    wanted = list(designs(evidence.manifest))
    factory = evidence.book.get(VAULTS)
    if not wanted:
        return
    if factory is None:
        yield Finding(VAULTS, "what makes the vaults of requests to redeem", "none that the records know")
        return
    suite = evidence.suite
    implementation = str(evidence.ask(factory, "IMPLEMENTATION"))
    ours = {"roles.ROLES": suite.roles.address, "REGISTRY": suite.registry.address, "MARKET": suite.market.address}
    made = ours | {"IMPLEMENTATION": implementation}
    yield from compare(f"code.{VAULTS}", evidence.code(factory.address), artifact(FACTORY), made)
    born = ours | {"parties.REGISTRY": suite.registry.address, "FACTORY": factory.address}
    yield from compare("code.vault", evidence.code(implementation), artifact(VAULT), born)
    if VAULT_BLUEPRINT in evidence.book:
        at = evidence.book[VAULT_BLUEPRINT].address
        yield from compare_blueprint(f"code.{VAULT_BLUEPRINT}", evidence.code(at), artifact(VAULT))
    for one in wanted:
        if one.stock in tokens:
            yield from _of_stock(evidence, factory, implementation, one, tokens[one.stock])


def _of_stock(
    evidence: Evidence, factory: Contract, implementation: str, wanted: VaultDesign, token: Contract
) -> Iterator[Finding]:
    for place, (symbol, at) in enumerate(evidence.manifest.settlement.assets.items()):
        label = vault_label(wanted.stock, asset_label(place, symbol))
        asset = evidence.at(at, asset_label(place, symbol))
        found = str(evidence.ask(factory, "vaultOf", token.address, asset))
        if found == ZERO_ADDRESS:
            yield Finding(label, f"a vault that pays {symbol}", "none on the chain")
            continue
        proxy = bytes.fromhex(implementation[2:]).join(_MINIMAL)
        if (code := evidence.code(found)) != proxy:
            yield Finding(f"{label}.code", f"a minimal proxy of {implementation}", described(code), "critical")
            continue
        vault = Contract(VAULT, found)
        views = ("share", "asset", "minimum", "patience", "band", "suspendedFor")
        share, coin, *terms, late = evidence.ask_all(vault, views)
        rows = (
            *(("share", token.address, share), ("asset", asset, coin)),
            *(("minimum", wanted.minimum.value, terms[0]), ("patience", wanted.patience, terms[1])),
            ("band_bps", wanted.band_bps, terms[2]),
        )
        for field, expected, shown in rows:
            if expected != shown:
                worst: Severity = "critical" if field in ("share", "asset") else "drift"
                yield Finding(f"{label}.{field}", str(expected), str(shown), worst)
        if late != ZERO_ADDRESS:
            yield Finding(f"{label}.mints", "go on", f"stopped: {evidence.account(late)} waits too long")


def holders(evidence: Evidence) -> frozenset[str]:
    """The addresses that hold VAULT where all is as it should be: those of the manifest's vaults that the chain has."""
    known = {vault_label(one.stock, asset) for one in designs(evidence.manifest) for asset in _assets(evidence)}
    return frozenset(evidence.book[label].address for label in known if label in evidence.book)


def _assets(evidence: Evidence) -> list[str]:
    return [asset_label(place, symbol) for place, symbol in enumerate(evidence.manifest.settlement.assets)]
