"""A corporate action end to end on a local chain: proposed, signed offline by two of three, executed, effective.

Once with the Safe's own canonical bytecode at its canonical addresses, once with the build that ape-safe carries.
"""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from safe_bytecode import canonical_runtime
from safe_world import DELAY, SPLIT_AT, START, World

from scrip.errors import Refusal
from scrip.evm.compiled.safe import CANONICAL, SAFE
from scrip.evm.local import anvil
from scrip.evm.proposals.execution import State, state
from scrip.evm.rpc.chain import AnvilChain
from scrip.evm.rpc.node import Node
from scrip.evm.rpc.signers import LocalSigner
from scrip.evm.safe import timelock
from scrip.evm.safe.file import read, write
from scrip.evm.safe.proposal import Proposal
from scrip.evm.safe.signing import joined, merge, sign_file


@pytest.fixture(params=["canonical", "packaged"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with anvil.running(START) as url:
        node = Node.at(url)
        if request.param == "canonical":
            for name, one in CANONICAL.items():
                node.rpc("anvil_setCode", one.address, "0x" + canonical_runtime(name).hex())
        chain = AnvilChain(node)

        def deploy(code: bytes) -> str:
            return chain.transact("deployer", None, code)["contractAddress"]

        built = World(chain, deploy, node.code, node.genesis())
        assert (built.known["safe-singleton"].address == CANONICAL[SAFE].address) == (request.param == "canonical")
        yield built


def signed_offline(world: World, proposal: Proposal, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Proposal:
    """Two owners sign copies of the file on machines without a network; the copies come together again."""
    known = [world.chain.address("multisend")]
    write(proposal, folder / "proposal.json")

    def no_network(*_: object, **__: object) -> None:
        raise AssertionError("signing asked the network")

    copies = []
    with monkeypatch.context() as patch:
        patch.setattr(socket.socket, "connect", no_network)
        patch.setattr(socket.socket, "sendall", no_network)
        for owner in ("owner-c", "owner-a"):
            copy = folder / f"{owner}.json"
            copy.write_bytes((folder / "proposal.json").read_bytes())
            sign_file(copy, LocalSigner(owner), known)
            copies.append(read(copy))
    return merge(*copies)


def one_short_and_replayed(world: World, proposal: Proposal) -> None:
    """The real Safe's own word on what is not enough, before and after."""
    first = dict([*proposal.signatures.items()][:1])
    with pytest.raises(Refusal, match="GS020"):
        world.exec_transaction(proposal, joined(first))
    world.execute(proposal)
    with pytest.raises(Refusal, match="GS026"):
        world.exec_transaction(proposal, joined(proposal.signatures))


def is_split(world: World) -> bool:
    """Whether the split is in force."""
    return world.ledger.multiplier("MSFT").ui_multiplier == 2 * 10**18


def test_a_split_through_the_timelock(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world.give("ACTIONS", "timelock")
    proposal = signed_offline(world, world.propose(world.split("timelock")), tmp_path, monkeypatch)
    assert state(world.chain, proposal, world.chain.node.logs) is State.READY
    one_short_and_replayed(world, proposal)
    assert state(world.chain, proposal, world.chain.node.logs) is State.EXECUTED

    operation = proposal.delayed[0].operation
    execute = timelock.execute_step(operation, "anyone")
    world.chain.advance_to(timelock.ready_at(world.chain, world.timelock, operation.id) - 1)
    with pytest.raises(Refusal, match="operation is not ready"):
        world.carry_out(execute)
    world.chain.advance_to(START + DELAY)
    world.carry_out(execute)
    assert timelock.state(world.chain, world.timelock, operation.id) is timelock.State.DONE

    world.chain.advance_to(SPLIT_AT - 1)
    assert not is_split(world)
    world.chain.advance_to(SPLIT_AT)
    assert is_split(world)


def test_a_split_by_the_safe_itself(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world.give("ACTIONS", "safe")
    proposal = signed_offline(world, world.propose(world.split("safe")), tmp_path, monkeypatch)
    one_short_and_replayed(world, proposal)
    assert state(world.chain, proposal, world.chain.node.logs) is State.EXECUTED
    world.chain.advance_to(SPLIT_AT)
    assert is_split(world)
