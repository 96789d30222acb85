"""The Safe's creation: real code, at the address that was computed, with the manifest's owners and nothing else."""

import json
import subprocess
import sys

import pytest
from safe_bytecode import canonical_runtime
from safe_world import OWNERS, World, manifest

from scrip.errors import InputError, Refusal
from scrip.evm.compiled import safe as contracts
from scrip.evm.compiled.safe import CANONICAL, FACTORY, HANDLER, MULTISEND, PACKAGED, SAFE
from scrip.evm.safe import creation

NOWHERE = "0x" + "00" * 19 + "01"


def canonical_code(address: str) -> bytes:
    """A chain on which the Safe team deployed everything."""
    names = {one.address: name for name, one in CANONICAL.items()}
    return canonical_runtime(names[address]) if address in names else b""


def test_the_safe_has_the_manifests_owners_and_threshold(world: World) -> None:
    assert set(world.chain.call(world.safe, "getOwners")) == {world.chain.address(owner) for owner in OWNERS}
    assert world.chain.call(world.safe, "getThreshold") == 2
    assert world.chain.call(world.safe, "VERSION") == "1.4.1"
    assert world.chain.call(world.safe, "nonce") == 0
    modules, _ = world.chain.call(world.safe, "getModulesPaginated", NOWHERE, 10)
    assert modules == ()


def test_nobody_sets_it_up_a_second_time(world: World) -> None:
    zero = "0x" + "00" * 20
    with pytest.raises(Refusal, match="GS200"):
        world.chain.send(
            world.safe, "setup", [world.chain.address("thief")], 1, zero, b"", zero, zero, 0, zero, sender="thief"
        )
    with pytest.raises(Refusal, match="GS031"):
        world.chain.send(world.safe, "addOwnerWithThreshold", world.chain.address("thief"), 1, sender="owner-a")


def test_the_same_deployment_cannot_create_it_twice(world: World) -> None:
    (step,) = creation.creation_steps(world.manifest, "deployer", world.known)
    assert step.label == "safe"
    with pytest.raises(Refusal, match="Create2 call failed"):
        world.carry_out(step)


def test_the_canonical_code_is_what_the_safe_team_deployed() -> None:
    for name in CANONICAL:
        assert contracts.hash_of(canonical_runtime(name)) == CANONICAL[name].code_hash


def test_the_packaged_code_is_another_build_of_the_same_interface() -> None:
    for name in PACKAGED:
        assert len(contracts.code_hashes(name)) == 2


def test_canonical_contracts_are_used_where_they_stand() -> None:
    standing = creation.standing_contracts(canonical_code)
    assert {contract.name for contract in standing.values()} == {SAFE, FACTORY, MULTISEND, HANDLER}
    (only,) = creation.creation_steps(manifest(public=True), "deployer", standing)
    assert (only.contract, only.function, only.label) == (FACTORY, "createProxyWithNonce", "safe")
    setup = only.args[1]
    assert setup.args[4] == CANONICAL[HANDLER].address


def test_other_code_at_a_canonical_address_is_not_used() -> None:
    assert creation.standing_contracts(lambda _: b"\x60\x00") == {}
    assert creation.standing_contracts(lambda _: b"") == {}


def test_a_public_chain_without_the_canonical_contracts_gets_no_safe_of_ours() -> None:
    with pytest.raises(InputError) as caught:
        creation.creation_steps(manifest(public=True), "deployer", {})
    assert caught.value.field == "safe.address"


def test_a_threshold_that_cannot_be_met_is_refused() -> None:
    for owners in (OWNERS, ("owner-a", "owner-a", "owner-b", "owner-c")):
        with pytest.raises(InputError) as caught:
            creation.creation_steps(manifest(owners=owners, threshold=4), "deployer", {})
        assert (caught.value.field, caught.value.value) == ("safe.threshold", "4")


def test_a_safe_with_an_address_is_not_created() -> None:
    named = manifest()
    named = named.model_copy(update={"safe": named.safe.model_copy(update={"address": NOWHERE})})
    assert creation.creation_steps(named, "deployer", {}) == []


def test_what_ape_safe_carries_is_found_without_ape() -> None:
    """Reading it must not import Ape, which takes seconds and wants a project."""
    code = "import sys; from scrip.evm.compiled import safe as c; c.initcode('SafeL2'); print('ape' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"
    assert json.dumps(contracts.abi_entries(SAFE)[0])
