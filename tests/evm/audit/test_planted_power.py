"""Power where it must not be: each plant is found, by name, and nothing else is."""

import pytest
from planting import STRANGER, as_safe, as_timelock, found, only

from scrip.chains.evm import EvmNetwork
from scrip.evm.chain import Contract
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.labels import ADMIN, role
from scrip.reports.findings import Finding

DELEGATION = "0xef0100" + "11" * 20


# --- Roles ---


def test_a_role_on_a_key_that_nobody_named(desk: EvmNetwork) -> None:
    as_timelock(desk, "roles", "grantRole", role("ENFORCER"), STRANGER)
    finding = only(desk)
    assert (finding.field, finding.severity) == ("roles.ENFORCER", "critical")
    assert finding.found == f"{STRANGER}, a key"


@pytest.mark.parametrize("name", ["RECOVERER", "KYC_PROVIDER"])
def test_a_key_that_could_take_over_wallets_or_let_accomplices_in(desk: EvmNetwork, name: str) -> None:
    as_timelock(desk, "roles", "grantRole", role(name), STRANGER)
    finding = only(desk)
    assert (finding.field, finding.severity, finding.found) == (f"roles.{name}", "critical", f"{STRANGER}, a key")


def test_a_role_on_an_account_that_delegates(desk: EvmNetwork) -> None:
    desk.node.rpc("anvil_setCode", STRANGER, DELEGATION)
    as_timelock(desk, "roles", "grantRole", role("PAUSER"), STRANGER)
    finding = only(desk)
    assert (finding.field, finding.severity) == ("roles.PAUSER", "critical")
    assert finding.found == f"{STRANGER}, a key that delegates to 0x{'11' * 20} (EIP-7702)"


def test_a_named_key_that_delegates(desk: EvmNetwork) -> None:
    desk.node.rpc("anvil_setCode", desk.chain.address("compliance-desk"), DELEGATION)
    finding = only(desk)
    assert (finding.field, finding.severity) == ("roles.COMPLIANCE", "critical")
    assert finding.found == f"it delegates to 0x{'11' * 20} (EIP-7702)"


def test_a_role_on_a_contract_that_nobody_named(desk: EvmNetwork) -> None:
    as_timelock(desk, "roles", "grantRole", role("MINTER"), desk.book.contract("factory").address)
    finding = only(desk)
    assert (finding.field, finding.severity) == ("roles.MINTER", "critical")
    assert finding.found.startswith("factory (0x")
    assert finding.found.endswith("a contract")


@pytest.mark.parametrize("name", ["ADMIN", "ISSUER", "FACTORY"])
def test_anything_left_with_the_deployer(desk: EvmNetwork, name: str) -> None:
    as_timelock(desk, "roles", "grantRole", role(name), desk.chain.address("deployer"))
    finding = only(desk)
    assert (finding.field, finding.severity) == (f"roles.{name}", "critical")
    assert finding.found.endswith("a key, the deployer")


def test_a_role_that_nobody_knows(desk: EvmNetwork) -> None:
    as_timelock(desk, "roles", "grantRole", role("TREASURER"), STRANGER)
    assert found(desk) == [(f"roles.0x{role('TREASURER').hex()}", "critical")]


def test_a_role_that_is_missing(desk: EvmNetwork) -> None:
    as_timelock(desk, "roles", "revokeRole", role("CEILING"), desk.chain.address("ceiling-desk"))
    finding = only(desk)
    assert (finding.field, finding.severity, finding.found) == ("roles.CEILING", "drift", "not a holder")


def test_a_role_with_another_administrator(desk: EvmNetwork) -> None:
    as_timelock(desk, "roles", "set_role_admin", role("PAUSER"), role("GUARDIAN"))
    finding = only(desk)
    assert finding == Finding("roles.PAUSER.admin", "ADMIN", "GUARDIAN", "critical")


def test_an_administrator_of_a_role_that_nobody_holds_yet(desk: EvmNetwork) -> None:
    as_timelock(desk, "roles", "set_role_admin", role("TREASURER"), role("PAUSER"))
    assert found(desk) == [(f"roles.0x{role('TREASURER').hex()}.admin", "critical")]


def test_roles_that_contradict_their_events(desk: EvmNetwork) -> None:
    """Storage written around the contract: the events say that the desk holds its role, the contract does not."""
    holder = desk.chain.address("ceiling-desk")
    slot = _role_slot(desk, role("CEILING"), holder)
    desk.node.rpc("anvil_setStorageAt", desk.book.contract("roles").address, hex(slot), "0x" + "00" * 32)
    assert set(found(desk)) == {("roles.CEILING", "critical"), ("roles.CEILING", "drift")}


def _role_slot(desk: EvmNetwork, key: bytes, account: str) -> int:
    """Where Roles keeps whether an account holds a role."""
    from eth_abi import encode
    from eth_utils import keccak

    # Vyper: a mapping's value lies at keccak(slot, key); hasRole is the first variable.
    outer = keccak(encode(("uint256", "bytes32"), (0, key)))
    slot = int.from_bytes(keccak(outer + bytes.fromhex(account[2:]).rjust(32, b"\0")))
    assert int.from_bytes(desk.node.storage(desk.book.contract("roles").address, slot)) == 1
    return slot


# --- the timelock ---


@pytest.mark.parametrize(("delay", "severity"), [(3_600, "critical"), (30 * 86_400, "drift")])
def test_another_delay(desk: EvmNetwork, delay: int, severity: str) -> None:
    as_timelock(desk, "timelock", "update_delay", delay)
    assert only(desk) == Finding("timelock.delay", "172800 s", f"{delay} s", severity)


@pytest.mark.parametrize("name", ["PROPOSER", "CANCELLER", "EXECUTOR"])
def test_a_stranger_in_the_timelock(desk: EvmNetwork, name: str) -> None:
    as_timelock(desk, "timelock", "grantRole", role(f"{name}_ROLE"), STRANGER)
    assert found(desk) == [(f"timelock.{name}", "critical")]


def test_an_administrator_of_the_timelock(desk: EvmNetwork) -> None:
    as_timelock(desk, "timelock", "grantRole", ADMIN, STRANGER)
    assert found(desk) == [("timelock.ADMIN", "critical")]


def test_execution_that_is_no_longer_open(desk: EvmNetwork) -> None:
    as_timelock(desk, "timelock", "revokeRole", role("EXECUTOR_ROLE"), ZERO_ADDRESS)
    assert only(desk) == Finding("timelock.EXECUTOR", "the zero address: everyone", "not a holder")


def test_a_proposer_that_is_a_key_is_found_even_where_the_manifest_names_it(desk: EvmNetwork) -> None:
    owner = desk.chain.address("owner-1")
    for name in ("PROPOSER", "CANCELLER"):
        as_timelock(desk, "timelock", "grantRole", role(f"{name}_ROLE"), owner)
    timelock = desk.manifest.timelock.model_copy(update={"proposers": ("safe", "owner-1")})
    other = EvmNetwork(
        desk.manifest.model_copy(update={"timelock": timelock}), desk.node, desk.chain, desk.book, desk.records
    )
    assert found(other) == [("timelock.PROPOSER", "critical")]


# --- the Safe ---


def test_another_owner(desk: EvmNetwork) -> None:
    as_safe(desk, "addOwnerWithThreshold", STRANGER, 2)
    assert only(desk) == Finding(
        "safe.owners", "no owner that the manifest does not name", f"{STRANGER}, a key", "critical"
    )


def test_an_owner_who_left_and_a_lower_threshold(desk: EvmNetwork) -> None:
    first, second = desk.chain.address("owner-1"), desk.chain.address("owner-2")
    owners = desk.chain.call(Contract("SafeL2", desk.chain.address("safe")), "getOwners")
    before = {owner: ("0x" + "00" * 19 + "01", *owners)[place] for place, owner in enumerate(owners)}
    as_safe(desk, "removeOwner", before[second], second, 1)
    assert first in owners
    assert found(desk) == [("safe.threshold", "critical"), ("safe.owners", "drift")]


def test_a_module(desk: EvmNetwork) -> None:
    as_safe(desk, "enableModule", STRANGER)
    assert only(desk) == Finding("safe.modules", "none", f"{STRANGER}, a key", "critical")


def test_a_guard_and_a_foreign_handler(desk: EvmNetwork) -> None:
    as_safe(desk, "setFallbackHandler", desk.book.contract("factory").address)
    assert found(desk) == [("safe.handler", "critical")]
    slot = "0x4a204f620c8c5ccdca3fd54d003badd85ba500436a431f0cbda4f558c93c34c8"
    desk.node.rpc("anvil_setStorageAt", desk.chain.address("safe"), slot, "0x" + STRANGER[2:].rjust(64, "0"))
    assert found(desk) == [("safe.guard", "critical"), ("safe.handler", "critical")]


def test_a_safe_that_runs_other_code(desk: EvmNetwork) -> None:
    other = desk.book.contract("factory").address
    desk.node.rpc("anvil_setStorageAt", desk.chain.address("safe"), "0x0", "0x" + other[2:].rjust(64, "0"))
    assert found(desk) == [("safe.singleton", "critical")]
    desk.node.rpc("anvil_setCode", desk.chain.address("safe"), "0x00")
    assert {("safe.code", "critical")} <= set(found(desk))
