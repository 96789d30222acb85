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


def test_a_role_on_a_key_that_nobody_named(network: EvmNetwork) -> None:
    as_timelock(network, "roles", "grantRole", role("ENFORCER"), STRANGER)
    finding = only(network)
    assert (finding.field, finding.severity) == ("roles.ENFORCER", "critical")
    assert finding.found == f"{STRANGER}, a key"


@pytest.mark.parametrize("name", ["RECOVERER", "KYC_PROVIDER"])
def test_a_key_that_could_take_over_wallets_or_let_accomplices_in(network: EvmNetwork, name: str) -> None:
    as_timelock(network, "roles", "grantRole", role(name), STRANGER)
    finding = only(network)
    assert (finding.field, finding.severity, finding.found) == (f"roles.{name}", "critical", f"{STRANGER}, a key")


def test_a_role_on_an_account_that_delegates(network: EvmNetwork) -> None:
    network.node.rpc("anvil_setCode", STRANGER, DELEGATION)
    as_timelock(network, "roles", "grantRole", role("PAUSER"), STRANGER)
    finding = only(network)
    assert (finding.field, finding.severity) == ("roles.PAUSER", "critical")
    assert finding.found == f"{STRANGER}, a key that delegates to 0x{'11' * 20} (EIP-7702)"


def test_a_named_key_that_delegates(network: EvmNetwork) -> None:
    network.node.rpc("anvil_setCode", network.chain.address("compliance-desk"), DELEGATION)
    finding = only(network)
    assert (finding.field, finding.severity) == ("roles.COMPLIANCE", "critical")
    assert finding.found == f"it delegates to 0x{'11' * 20} (EIP-7702)"


def test_a_role_on_a_contract_that_nobody_named(network: EvmNetwork) -> None:
    as_timelock(network, "roles", "grantRole", role("MINTER"), network.book.contract("factory").address)
    finding = only(network)
    assert (finding.field, finding.severity) == ("roles.MINTER", "critical")
    assert finding.found.startswith("factory (0x")
    assert finding.found.endswith("a contract")


@pytest.mark.parametrize("name", ["ADMIN", "ISSUER", "FACTORY"])
def test_anything_left_with_the_deployer(network: EvmNetwork, name: str) -> None:
    as_timelock(network, "roles", "grantRole", role(name), network.chain.address("deployer"))
    finding = only(network)
    assert (finding.field, finding.severity) == (f"roles.{name}", "critical")
    assert finding.found.endswith("a key, the deployer")


def test_a_role_that_nobody_knows(network: EvmNetwork) -> None:
    as_timelock(network, "roles", "grantRole", role("TREASURER"), STRANGER)
    assert found(network) == [(f"roles.0x{role('TREASURER').hex()}", "critical")]


def test_a_role_that_is_missing(network: EvmNetwork) -> None:
    as_timelock(network, "roles", "revokeRole", role("CEILING"), network.chain.address("ceiling-desk"))
    finding = only(network)
    assert (finding.field, finding.severity, finding.found) == ("roles.CEILING", "drift", "not a holder")


def test_a_role_with_another_administrator(network: EvmNetwork) -> None:
    as_timelock(network, "roles", "set_role_admin", role("PAUSER"), role("GUARDIAN"))
    finding = only(network)
    assert finding == Finding("roles.PAUSER.admin", "ADMIN", "GUARDIAN", "critical")


def test_an_administrator_of_a_role_that_nobody_holds_yet(network: EvmNetwork) -> None:
    as_timelock(network, "roles", "set_role_admin", role("TREASURER"), role("PAUSER"))
    assert found(network) == [(f"roles.0x{role('TREASURER').hex()}.admin", "critical")]


def test_roles_that_contradict_their_events(network: EvmNetwork) -> None:
    """Storage written around the contract: the events say that the key holds its role, the contract does not."""
    holder = network.chain.address("ceiling-desk")
    slot = _role_slot(network, role("CEILING"), holder)
    network.node.rpc("anvil_setStorageAt", network.book.contract("roles").address, hex(slot), "0x" + "00" * 32)
    assert set(found(network)) == {("roles.CEILING", "critical"), ("roles.CEILING", "drift")}


def _role_slot(network: EvmNetwork, key: bytes, account: str) -> int:
    """Where Roles keeps whether an account holds a role."""
    from eth_abi import encode
    from eth_utils import keccak

    # Vyper: a mapping's value lies at keccak(slot, key); hasRole is the first variable.
    outer = keccak(encode(("uint256", "bytes32"), (0, key)))
    slot = int.from_bytes(keccak(outer + bytes.fromhex(account[2:]).rjust(32, b"\0")))
    assert int.from_bytes(network.node.storage(network.book.contract("roles").address, slot)) == 1
    return slot


# --- the timelock ---


@pytest.mark.parametrize(("delay", "severity"), [(3_600, "critical"), (30 * 86_400, "drift")])
def test_another_delay(network: EvmNetwork, delay: int, severity: str) -> None:
    as_timelock(network, "timelock", "update_delay", delay)
    assert only(network) == Finding("timelock.delay", "172800 s", f"{delay} s", severity)


@pytest.mark.parametrize("name", ["PROPOSER", "CANCELLER", "EXECUTOR"])
def test_a_stranger_in_the_timelock(network: EvmNetwork, name: str) -> None:
    as_timelock(network, "timelock", "grantRole", role(f"{name}_ROLE"), STRANGER)
    assert found(network) == [(f"timelock.{name}", "critical")]


def test_an_administrator_of_the_timelock(network: EvmNetwork) -> None:
    as_timelock(network, "timelock", "grantRole", ADMIN, STRANGER)
    assert found(network) == [("timelock.ADMIN", "critical")]


def test_execution_that_is_no_longer_open(network: EvmNetwork) -> None:
    as_timelock(network, "timelock", "revokeRole", role("EXECUTOR_ROLE"), ZERO_ADDRESS)
    assert only(network) == Finding("timelock.EXECUTOR", "the zero address: everyone", "not a holder")


def test_a_proposer_that_is_a_key_is_found_even_where_the_manifest_names_it(network: EvmNetwork) -> None:
    owner = network.chain.address("owner-1")
    for name in ("PROPOSER", "CANCELLER"):
        as_timelock(network, "timelock", "grantRole", role(f"{name}_ROLE"), owner)
    timelock = network.manifest.timelock.model_copy(update={"proposers": ("safe", "owner-1")})
    other = EvmNetwork(
        network.manifest.model_copy(update={"timelock": timelock}),
        network.node,
        network.chain,
        network.book,
        network.records,
    )
    assert found(other) == [("timelock.PROPOSER", "critical")]


# --- the Safe ---


def test_another_owner(network: EvmNetwork) -> None:
    as_safe(network, "addOwnerWithThreshold", STRANGER, 2)
    assert only(network) == Finding(
        "safe.owners", "no owner that the manifest does not name", f"{STRANGER}, a key", "critical"
    )


def test_an_owner_who_left_and_a_lower_threshold(network: EvmNetwork) -> None:
    first, second = network.chain.address("owner-1"), network.chain.address("owner-2")
    owners = network.chain.call(Contract("SafeL2", network.chain.address("safe")), "getOwners")
    before = {owner: ("0x" + "00" * 19 + "01", *owners)[place] for place, owner in enumerate(owners)}
    as_safe(network, "removeOwner", before[second], second, 1)
    assert first in owners
    assert found(network) == [("safe.threshold", "critical"), ("safe.owners", "drift")]


def test_a_module(network: EvmNetwork) -> None:
    as_safe(network, "enableModule", STRANGER)
    assert only(network) == Finding("safe.modules", "none", f"{STRANGER}, a key", "critical")


def test_a_guard_and_a_foreign_handler(network: EvmNetwork) -> None:
    as_safe(network, "setFallbackHandler", network.book.contract("factory").address)
    assert found(network) == [("safe.handler", "critical")]
    slot = "0x4a204f620c8c5ccdca3fd54d003badd85ba500436a431f0cbda4f558c93c34c8"
    network.node.rpc("anvil_setStorageAt", network.chain.address("safe"), slot, "0x" + STRANGER[2:].rjust(64, "0"))
    assert found(network) == [("safe.guard", "critical"), ("safe.handler", "critical")]


def test_a_safe_that_runs_other_code(network: EvmNetwork) -> None:
    other = network.book.contract("factory").address
    network.node.rpc("anvil_setStorageAt", network.chain.address("safe"), "0x0", "0x" + other[2:].rjust(64, "0"))
    assert found(network) == [("safe.singleton", "critical")]
    network.node.rpc("anvil_setCode", network.chain.address("safe"), "0x00")
    assert {("safe.code", "critical")} <= set(found(network))
