"""What may not take over the stocks that stand is refused, by name, before anything is sent."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from support.deployed_network import call_as, planted
from support.edited_sources import STORAGE, VERSION_2, edited

from scrip.chains.evm import EvmNetwork
from scrip.evm.audit.code import code_size, immutables
from scrip.evm.compiled.artifacts import artifact
from scrip.evm.compiled.layout import COMMITTED, read_layout
from scrip.evm.compiled.release import EXTENSION, TOKEN, Release
from scrip.evm.deploy.upgrade import (
    ARGUMENTS,
    INITCODE_LIMIT,
    RUNTIME_LIMIT,
    check_release,
    check_upgrade,
    plan_upgrade,
)
from scrip.evm.rehearse.fork import unlocked
from scrip.executor import Executor
from scrip.labels import EXTENSIONS, IMPLEMENTATIONS, MODES
from scrip.plan import Plan
from scrip.reports.findings import Finding, Incompatible

LAYOUT = read_layout(COMMITTED)


@pytest.fixture
def network(populated_network: EvmNetwork, tmp_path: Path) -> Iterator[EvmNetwork]:
    with planted(populated_network):
        yield unlocked(populated_network, populated_network.node, tmp_path)


@pytest.fixture(scope="module")
def version_2() -> Release:
    return Release.of(edited("version-2", VERSION_2))


def fields(findings: list[Finding]) -> set[str]:
    assert all(one.severity == "critical" for one in findings)
    return {one.field for one in findings}


# --- the build by itself ---


def test_the_project_s_own_build_and_the_next_may_take_over(version_2: Release) -> None:
    assert check_release(LAYOUT, Release.of()) == []
    assert check_release(LAYOUT, version_2) == []
    assert version_2.name != Release.of().name
    assert version_2.layout.hash() != LAYOUT.hash()


def test_a_variable_inserted_before_others_is_refused() -> None:
    folder = edited(
        "inserted",
        {STORAGE: (("\nnonces: HashMap", "\npaused_since: uint256\nnonces: HashMap"),)},
    )
    release = Release(artifact(TOKEN, folder), artifact(EXTENSION))
    findings = check_release(LAYOUT, release)
    assert {
        "storage.token_storage.nonces",
        "storage.token_storage.paused_since",
        "storage.token_storage._reserved",
        "storage.keys._used",
    } <= fields(findings)
    # The other half still keeps everything where it was.
    assert Finding("storage", "one layout for StockToken and StockExtension", "two", "critical") in findings


def test_a_bit_that_moves_is_refused() -> None:
    moved = (
        "PAUSED: constant(uint256) = 1 << 168",
        "PAUSED: constant(uint256) = 1 << 171",
    )
    folder = edited("moved", {"token_config": (moved,)})
    build = Release.of()
    release = Release(replace(build.token, sources=folder), replace(build.extension, sources=folder))
    assert check_release(LAYOUT, release) == [Finding("words.token_config.PAUSED", "bits 168", "bits 171", "critical")]


@pytest.mark.parametrize("half", ["token", "extension"])
def test_code_that_is_too_long_is_refused(half: str) -> None:
    build = Release.of()
    made = getattr(build, half)
    room = RUNTIME_LIMIT - (code_size(made) - len(made.runtime))
    fits = replace(made, runtime=bytes(room), initcode=bytes(INITCODE_LIMIT - ARGUMENTS))
    assert check_release(LAYOUT, replace(build, **{half: fits})) == []
    long = replace(made, runtime=bytes(room + 1), initcode=bytes(INITCODE_LIMIT - ARGUMENTS + 1))
    assert fields(check_release(LAYOUT, replace(build, **{half: long}))) == {
        f"size.{made.name}.runtime",
        f"size.{made.name}.init",
    }


def test_both_halves_are_counted_with_their_immutables() -> None:
    build = Release.of()
    assert code_size(build.token) == len(build.token.runtime) + 32 * len(immutables(build.token))


# --- the fleet as it stands ---


def test_what_was_deployed_may_be_upgraded(network: EvmNetwork, version_2: Release) -> None:
    assert check_upgrade(network, version_2) == []
    assert check_upgrade(network) == []
    plan = plan_upgrade(network)
    assert plan.steps == ()
    assert plan.same == (f"every stock runs {Release.of().name}",)


def test_implementations_that_no_record_knows_are_no_ground_to_build_on(
    network: EvmNetwork, version_2: Release
) -> None:
    wired = [network.book.contract(name).address for name in ("roles", "registry", "actions", "feed")]
    halves = [network.chain.deploy(EXTENSION, mode, *wired, sender="deployer").address for mode in range(3)]
    others = [network.chain.deploy(TOKEN, mode, *wired, halves[mode], sender="deployer").address for mode in range(3)]
    call_as(
        network,
        network.chain.address("timelock"),
        network.book.contract("beacon"),
        "pin",
        *others,
    )
    assert fields(check_upgrade(network, version_2)) == {f"implementation.{mode}" for mode in MODES}
    with pytest.raises(Incompatible, match="one that the records know"):
        plan_upgrade(network, version_2)


def test_an_implementation_that_is_not_pinned_is_refused(network: EvmNetwork, version_2: Release) -> None:
    """The registry's word of it, bent around the beacon."""
    registry, other = (network.book.contract(name).address for name in ("registry", EXTENSIONS[0]))
    slot = artifact("ComplianceRegistry").layout["storage_layout"]["enrolments"]["_implementation"]["slot"]
    assert network.node.storage(registry, slot)[-20:].hex() == network.book.contract(IMPLEMENTATIONS[0]).address[2:]
    network.node.rpc("anvil_setStorageAt", registry, hex(slot), "0x" + other[2:].rjust(64, "0"))
    assert check_upgrade(network, version_2) == [
        Finding("registry.implementation", "one that is pinned", other, "critical")
    ]


def test_code_other_than_recorded_is_refused(network: EvmNetwork, version_2: Release) -> None:
    address = network.book.contract(IMPLEMENTATIONS[1]).address
    network.node.rpc("anvil_setCode", address, "0x" + network.node.code(address).hex() + "00")
    assert fields(check_upgrade(network, version_2)) == {"implementation.STRICT.code"}


def test_a_layout_that_is_not_the_deployed_one_is_refused(network: EvmNetwork, version_2: Release) -> None:
    """Somebody regenerated the committed file: what the records hold is still the deployed layout's hash."""
    assert fields(check_upgrade(network, version_2, version_2.layout)) == {
        f"implementation.{mode}.layout" for mode in MODES
    }


def test_an_upgrade_is_held_against_the_one_before(network: EvmNetwork, version_2: Release) -> None:
    """The committed file may be the next release's by then: what counts was kept when it was deployed."""
    kept = network.records.layout_path(LAYOUT.hash())
    assert read_layout(kept) == LAYOUT
    Executor(network.transactions()).run(plan_upgrade(network, version_2))
    assert read_layout(network.records.layout_path(version_2.layout.hash())) == version_2.layout
    assert plan_upgrade(network, version_2).steps == ()
    assert check_upgrade(network, version_2) == []
    # Back to the first version would lose `reviewed`.
    assert "storage.token_storage.reviewed" in fields(check_upgrade(network, Release.of()))


def test_a_kept_layout_that_was_edited_is_refused(network: EvmNetwork, version_2: Release) -> None:
    kept = network.records.layout_path(LAYOUT.hash())
    kept.write_text(version_2.layout.text())
    assert fields(check_upgrade(network, version_2)) == {f"implementation.{mode}.layout" for mode in MODES}


def test_a_candidate_that_is_not_the_build_is_refused(network: EvmNetwork, version_2: Release) -> None:
    plan = plan_upgrade(network, version_2)
    Executor(network.transactions()).run(Plan(plan.name, plan.reference, plan.steps[:-1]))
    assert check_upgrade(network, version_2) == []
    address = network.book.contract(version_2.label(2)).address
    halted = network.node.code(address)
    normal = network.node.code(network.book.contract(version_2.label(0)).address)
    network.node.rpc("anvil_setCode", address, "0x" + normal.hex())
    assert fields(check_upgrade(network, version_2)) == {
        "candidate.HALTED.MODE",
        "candidate.HALTED.extension.MODE",
    }
    # What stands already is not planned anew, so a bad candidate stops the pinning.
    with pytest.raises(Incompatible):
        plan_upgrade(network, version_2)
    network.node.rpc("anvil_setCode", address, "0x" + halted.hex())
    assert plan_upgrade(network, version_2) == plan
