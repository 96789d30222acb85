"""Anyone may send the transaction that creates the issuer's Safe: the deployment goes on with the Safe that stands."""

from pathlib import Path

import pytest
from safe_bytecode import canonical_runtime
from support.deployed_network import START, manifest, quiet

from scrip.chains.evm import EvmNetwork
from scrip.errors import Refusal
from scrip.evm.compiled.safe import CANONICAL
from scrip.evm.deploy.deployment import plan_deployment
from scrip.evm.encoding.calldata import concrete
from scrip.evm.local import anvil
from scrip.evm.rpc.node import Node
from scrip.evm.rpc.signers import LocalSigner
from scrip.evm.safe import creation
from scrip.executor import Executor


def test_a_safe_that_somebody_else_created_is_the_safe(tmp_path: Path) -> None:
    with anvil.running(START) as url:
        for name, one in CANONICAL.items():
            Node.at(url).rpc("anvil_setCode", one.address, "0x" + canonical_runtime(name).hex())
        network = EvmNetwork.open(manifest(), url, tmp_path)
        quiet(network.node)
        plan = plan_deployment(network)
        (step,) = [one for one in plan.steps if one.label == "safe"]
        network.chain.add_signer("mallory", LocalSigner("mallory"))
        args = concrete(step.args, network.chain, bytes(32))
        factory = network.book.contract("safe-factory")
        network.chain.send(factory, step.function, *args, sender="mallory")
        with pytest.raises(Refusal, match="Create2 call failed"):
            network.chain.send(factory, step.function, *args, sender="deployer")

        again = plan_deployment(network)
        assert not [one for one in again.steps if one.label == "safe"]
        Executor(network.transactions()).run(again)
        safe = network.book.contract("safe")
        assert safe.address == creation.address(network.chain, network.manifest, dict(network.book))
        owners = {network.chain.address(owner) for owner in network.manifest.safe.owners}
        assert set(network.chain.call(safe, "getOwners")) == owners
        assert plan_deployment(network).steps == ()
        later = EvmNetwork.open(manifest(), url, tmp_path)
        assert later.book.contract("safe") == safe
        assert plan_deployment(later).steps == ()
