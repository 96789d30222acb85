"""The vaults that take requests against the manifest: their code, their terms, and who may be one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from scrip.evm.audit.code import compare, compare_blueprint, described
from scrip.evm.audit.evidence import Evidence
from scrip.evm.chain import Call, Contract
from scrip.evm.compiled.artifacts import artifact
from scrip.evm.connection import EvmConnection
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.labels import role
from scrip.evm.vaults import ENTERING, FACTORY, KINDS, LEAVING, Kind, VaultDesign, designs
from scrip.labels import asset_label
from scrip.reports.findings import Finding, Severity

_MINIMAL = (bytes.fromhex("363d3d373d3d3d363d73"), bytes.fromhex("5af43d82803e903d91602b57fd5bf3"))
"""What stands before and behind the address that a minimal proxy (ERC-1167) runs."""
_TERMS = ("share", "asset", "minimum", "patience", "band")


def vaults(evidence: Evidence, tokens: Mapping[str, Contract]) -> Iterator[Finding]:
    """Findings about what makes vaults, and about each that the manifest asks for. `tokens` are its stocks."""
    wanted = list(designs(evidence.manifest))
    for kind in KINDS:
        if of_kind := [one for one in wanted if one.kind is kind]:
            yield from _of_kind(evidence, tokens, kind, of_kind)


def _of_kind(
    evidence: Evidence, tokens: Mapping[str, Contract], kind: Kind, wanted: Sequence[VaultDesign]
) -> Iterator[Finding]:
    factory = evidence.book.get(kind.factory)
    if factory is None:
        yield Finding(kind.factory, f"what makes the vaults of {kind.contract}", "none that the records know")
        return
    suite = evidence.suite
    implementation = str(evidence.ask(factory, "IMPLEMENTATION"))
    ours = {"roles.ROLES": suite.roles.address, "REGISTRY": suite.registry.address, "MARKET": suite.market.address}
    made = ours | {"IMPLEMENTATION": implementation}
    yield from compare(f"code.{kind.factory}", evidence.code(factory.address), artifact(FACTORY), made)
    born = ours | {"parties.REGISTRY": suite.registry.address, "FACTORY": factory.address}
    code = f"code.{kind.factory}.vault" if kind is ENTERING else "code.vault"
    yield from compare(code, evidence.code(implementation), artifact(kind.contract), born)
    if kind.blueprint in evidence.book:
        at = evidence.book[kind.blueprint].address
        yield from compare_blueprint(f"code.{kind.blueprint}", evidence.code(at), artifact(kind.contract))
    for one in wanted:
        if one.stock in tokens:
            yield from _of_stock(evidence, factory, implementation, one, tokens[one.stock])


def _of_stock(
    evidence: Evidence, factory: Contract, implementation: str, wanted: VaultDesign, token: Contract
) -> Iterator[Finding]:
    for place, (symbol, at) in enumerate(evidence.manifest.settlement.assets.items()):
        label = wanted.label(asset_label(place, symbol))
        asset = evidence.at(at, asset_label(place, symbol))
        found = str(evidence.ask(factory, "vaultOf", token.address, asset))
        if found == ZERO_ADDRESS:
            does = "pays" if wanted.kind.pays else "takes"
            yield Finding(label, f"a vault that {does} {symbol}", "none on the chain")
            continue
        proxy = bytes.fromhex(implementation[2:]).join(_MINIMAL)
        if (code := evidence.code(found)) != proxy:
            yield Finding(f"{label}.code", f"a minimal proxy of {implementation}", described(code), "critical")
            continue
        vault = Contract(wanted.kind.contract, found)
        state = "suspendedFor" if wanted.kind is LEAVING else "closed"
        if wanted.kind is LEAVING and (taken := bool(evidence.ask(vault, "inKind"))) != wanted.in_kind:
            yield Finding(f"{label}.in_kind", str(wanted.in_kind), str(taken))
        share, coin, *terms, stopped = evidence.ask_all(vault, (*_TERMS, state))
        rows = (
            *(("share", token.address, share), ("asset", asset, coin)),
            *(("minimum", wanted.least, terms[0]), ("patience", wanted.patience, terms[1])),
            ("band_bps", wanted.band_bps, terms[2]),
        )
        for field, expected, shown in rows:
            if expected != shown:
                worst: Severity = "critical" if field in ("share", "asset") else "drift"
                yield Finding(f"{label}.{field}", str(expected), str(shown), worst)
        if wanted.kind is LEAVING and stopped != ZERO_ADDRESS:
            yield Finding(f"{label}.mints", "go on", f"stopped: {evidence.account(stopped)} waits too long")
        elif wanted.kind is ENTERING and stopped:
            yield Finding(f"{label}.requests", "are taken", "refused: PAUSER closed it")


def powerless(network: EvmConnection) -> Iterator[Finding]:
    """Findings about vaults that lack a role: what does not go for want of it, and what gives it.

    A vault that the timelock makes is given its roles by a later plan, and one role may be given and the other not.
    """
    assets = [asset_label(place, symbol) for place, symbol in enumerate(network.manifest.settlement.assets)]
    places = [(one.kind, one.label(asset)) for one in designs(network.manifest) for asset in assets]
    found = [(kind, label, name) for kind, label in places if label in network.book for name in kind.roles]
    roles = network.book.contract("roles")
    calls = [Call(roles, "hasRole", (role(name), network.book.contract(label).address)) for _, label, name in found]
    answers = network.chain.call_many(calls) if calls else []
    for (kind, label, name), holds in zip(found, answers, strict=True):
        if not holds:
            does = f"without it {kind.without[name]}: `deploy settings` grants it, through the timelock"
            yield Finding(f"{label}.{name}", "the vault holds the role", does)


def holders(evidence: Evidence, role: str) -> frozenset[str]:
    """The addresses of vaults that hold a role where all is as it should be: the manifest's that the chain has."""
    wanted = [one for one in designs(evidence.manifest) if role in one.kind.roles]
    known = {one.label(asset) for one in wanted for asset in _assets(evidence)}
    return frozenset(evidence.book[label].address for label in known if label in evidence.book)


def _assets(evidence: Evidence) -> list[str]:
    return [asset_label(place, symbol) for place, symbol in enumerate(evidence.manifest.settlement.assets)]
