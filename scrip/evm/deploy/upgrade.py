"""Upgrading the fleet: whether a build of a stock may take over the stocks that stand, and the steps that let it.

The layout to keep is the one that was kept with the records when the implementations were deployed or, where that is
missing, the committed one (scrip.evm.compiled.layout.COMMITTED). The records hold its hash, which it must have: so
nobody upgrades from a layout that is not the deployed one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scrip.evm.audit import evidence_of
from scrip.evm.audit.code import code_size
from scrip.evm.audit.evidence import Evidence, code_hash
from scrip.evm.audit.fleet import implementation
from scrip.evm.compiled.artifacts import Artifact
from scrip.evm.compiled.layout import COMMITTED, Layout, incompatible, read_layout
from scrip.evm.compiled.release import EXTENSION, TOKEN, Release
from scrip.evm.connection import EvmConnection
from scrip.labels import DEPLOYER, MODES, TIMELOCK
from scrip.plan import Address, Change, Plan, Step
from scrip.reports.findings import Finding, Incompatible, in_order

NAME = "upgrade apply"
RUNTIME_LIMIT = 24_576
"""Most bytes of a contract's code (EIP-170)."""
INITCODE_LIMIT = 2 * RUNTIME_LIMIT
"""Most bytes of creation code, the constructor's arguments included (EIP-3860)."""
ARGUMENTS = 6 * 32
WIRED = ("roles", "registry", "actions", "feed")
"""The contracts that both halves of a stock are made with, after the mode, in order."""


def check_upgrade(
    network: EvmConnection, release: Release | None = None, layout: Layout | None = None
) -> list[Finding]:
    """Everything that forbids a build, by default the project's, to take over a network's stocks; nothing if it may.

    `layout` is that of what is deployed, by default as it was kept. Candidates that were deployed already are compared
    with the build, too.
    """
    release, evidence = release or Release.of(), evidence_of(network)
    layout = layout or deployed_layout(network, evidence)
    labels = [release.label(mode) for mode in range(len(MODES))]
    found = [*check_release(layout, release), *_standing(network, evidence, layout)]
    for mode, label in enumerate(labels):
        if label in network.book:
            address = network.book.contract(label).address
            found += implementation(f"candidate.{MODES[mode]}", evidence, mode, address, release)
    return in_order(found)


def deployed_layout(network: EvmConnection, evidence: Evidence) -> Layout:
    """The layout of what the stocks run: as kept when it was deployed, or the committed one where none was kept."""
    normal = evidence.ask(evidence.suite.beacon, "pinned")[0]
    digest = next((one.action.layout_hash for one in network.records.all() if one.action.address == normal), "")
    kept = network.records.layout_path(digest)
    return read_layout(kept if digest and kept.is_file() else COMMITTED)


def check_release(before: Layout, release: Release) -> list[Finding]:
    """What forbids the build by itself: its layout, its bit maps, two halves that differ in them, its size."""
    found = incompatible(before, release.layout)
    if release.layout.storage != release.other_layout.storage:
        found.append(Finding("storage", f"one layout for {TOKEN} and {EXTENSION}", "two", "critical"))
    return in_order([*found, *_sizes(release.token), *_sizes(release.extension)])


def _sizes(half: Artifact) -> Iterator[Finding]:
    init = len(half.initcode) + ARGUMENTS
    for kind, size, limit in (("runtime", code_size(half), RUNTIME_LIMIT), ("init", init, INITCODE_LIMIT)):
        if size > limit:
            yield Finding(f"size.{half.name}.{kind}", f"at most {limit:,} bytes", f"{size:,} bytes", "critical")


def _standing(network: EvmConnection, evidence: Evidence, before: Layout) -> Iterator[Finding]:
    """What forbids any upgrade of the fleet as it stands: what it runs must be pinned, recorded, laid out as known."""
    recorded = {one.action.address: one for one in network.records.all() if one.done and not one.action.function}
    pinned = evidence.ask(evidence.suite.beacon, "pinned")
    if (current := evidence.ask(evidence.suite.registry, "implementation")) not in pinned:
        yield Finding("registry.implementation", "one that is pinned", current, "critical")
    for mode, address in zip(MODES, pinned, strict=True):
        field, found = f"implementation.{mode}", code_hash(evidence.code(address))
        record = recorded.get(address)
        if record is None:
            shown = f"{address}, with the code hash {found}"
            yield Finding(field, "one that the records know", shown, "critical")
            continue
        if found != record.code_hash:
            yield Finding(f"{field}.code", record.code_hash, found, "critical")
        if record.action.layout_hash != before.hash():
            yield Finding(f"{field}.layout", record.action.layout_hash, f"{before.hash()}, the file's", "critical")


def plan_upgrade(network: EvmConnection, release: Release | None = None, layout: Layout | None = None) -> Plan:
    """Deploy both halves of a build for each mode, then pin the three: a step of the timelock.

    No steps when they are pinned already. The halves are deployed as the very bytes that were checked. Incompatible
    when `check_upgrade` finds anything.
    """
    release = release or Release.of()
    evidence = evidence_of(network)
    pinned: Sequence[str] = evidence.ask(evidence.suite.beacon, "pinned")
    differing = [
        finding
        for mode, address in enumerate(pinned)
        for finding in implementation(MODES[mode], evidence, mode, address, release)
    ]
    if not differing:
        return Plan(NAME, release.name, (), same=(f"every stock runs {release.name}",))
    if findings := check_upgrade(network, release, layout):
        raise Incompatible(findings)
    steps = [step for mode in range(len(MODES)) for step in _deployments(evidence, release, mode)]
    pin = Step(
        name="pin",
        title=f"every stock runs {release.name}",
        sender=TIMELOCK,
        contract="StockBeacon",
        function="pin",
        args=tuple(Address(release.label(mode)) for mode in range(len(MODES))),
        to="beacon",
    )
    changes = tuple(
        Change(f"what stocks run, {name}", evidence.known(before) or before, release.label(mode))
        for mode, (name, before) in enumerate(zip(MODES, pinned, strict=True))
    )
    return Plan(NAME, release.name, (*steps, pin), changes)


def _deployments(evidence: Evidence, release: Release, mode: int) -> Iterator[Step]:
    wired = tuple(getattr(evidence.suite, name).address for name in WIRED)
    halves = (
        (release.extension, release.extension_label(mode), ()),
        (release.token, release.label(mode), (Address(release.extension_label(mode)),)),
    )
    for half, label, more in halves:
        yield Step(
            name=label,
            title=f"deploy {half.name} {release.name} for {MODES[mode]}",
            sender=DEPLOYER,
            contract=half.name,
            args=(mode, *wired, *more),
            label=label,
            initcode=half.initcode,
            layout=release.layout.text(),
        )
