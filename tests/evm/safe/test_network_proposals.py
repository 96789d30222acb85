"""Proposals on a whole deployment: what its plans leave to the Safe and the timelock, carried out and recorded."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from support.deployed_network import START, advance, deployed, planted

from scrip import instructions as ins
from scrip.chains.evm import EvmNetwork
from scrip.errors import InputError
from scrip.evm.deploy.settings import plan_settings
from scrip.evm.handlers import transaction
from scrip.evm.local import anvil
from scrip.evm.proposals.execution import State, plan_execution, state
from scrip.evm.rpc.signers import LocalSigner
from scrip.evm.safe.file import read, write
from scrip.evm.safe.proposal import Proposal, propose
from scrip.evm.safe.signing import sign_file
from scrip.executor import Executor
from scrip.plan import Plan, Step

DAY = 86_400
SPLIT_AT = START + 30 * DAY


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EvmNetwork]:
    with anvil.running(START) as url:
        yield deployed(url, tmp_path_factory.mktemp("records"))


@pytest.fixture
def network(built: EvmNetwork, tmp_path: Path) -> Iterator[EvmNetwork]:
    """The deployment, put back afterwards, with records of its own."""
    shutil.copytree(built.records.folder.parent, tmp_path / "records")
    with planted(built):
        yield EvmNetwork.open(built.manifest, built.node.wire, tmp_path / "records")


def signed(network: EvmNetwork, plan: Plan, path: Path) -> Proposal:
    """Proposed, and signed by two owners."""
    write(propose(network.chain, plan, network.genesis, network.node.code, block=network.node.block().number), path)
    for owner in ("owner-2", "owner-3"):
        sign_file(path, LocalSigner(owner), [network.chain.address("multisend")])
    return read(path)


def test_a_change_of_role_holders_goes_through_safe_and_timelock(network: EvmNetwork, tmp_path: Path) -> None:
    """A new holder of a role in the manifest: the plan is the timelock's, and nobody alone can carry it out."""
    wanted = network.manifest.model_copy(update={"roles": {**network.manifest.roles, "PAUSER": ("safe",)}})
    network.manifest = wanted
    plan = plan_settings(network)
    assert {step.sender for step in plan.steps} == {"timelock"}
    with pytest.raises(InputError, match="nobody here signs"):
        Executor(network.transactions()).run(plan)

    proposal = signed(network, plan, tmp_path / "p.json")
    first = plan_execution(network, proposal)
    assert [step.function for step in first.steps] == ["execTransaction"]
    assert Executor(network.transactions()).run(first).changed
    assert not Executor(network.transactions()).run(first).changed
    waiting = plan_execution(network, proposal)
    assert waiting.steps == ()
    ((what, why),) = waiting.waits
    assert what == f"operation 0x{proposal.delayed[0].operation.id.hex()}"
    assert why.startswith("waits until 2030-03-")

    advance(network.node, network.chain.now() + network.manifest.timelock.delay)
    last = plan_execution(network, proposal, "duty-officer")
    assert [(step.function, step.sender) for step in last.steps] == [("execute_batch", "duty-officer")]
    Executor(network.transactions()).run(last)
    assert plan_settings(network).steps == ()
    done = plan_execution(network, proposal)
    assert done.steps == ()
    assert "was executed" in done.same[1]


def test_a_split_by_the_safe_is_recorded(network: EvmNetwork, tmp_path: Path) -> None:
    announce = ins.Announce("MSFT", "SPLF", "split-2030", date(2030, 4, 16), SPLIT_AT, num=2, den=1, by="safe")
    orders = (announce, ins.Schedule("MSFT", "SPLF", "split-2030", by="safe"))
    steps = []
    for order in orders:
        one = transaction(order, network.ledger())
        steps.append(Step(one.function, one.function, one.sender, one.contract, one.function, one.args, one.to))
    proposal = signed(network, Plan("action split", "split-2030", tuple(steps)), tmp_path / "p.json")
    result = Executor(network.transactions()).run(plan_execution(network, proposal))
    record = result.outcomes[0].record
    assert record is not None
    assert (record.action.function, record.action.to_name) == ("execTransaction", "safe")
    assert state(network.chain, proposal, network.node.logs) is State.EXECUTED
    assert network.ledger().multiplier("MSFT").effective_at == SPLIT_AT


def test_a_proposal_that_another_overtook_is_refused(network: EvmNetwork, tmp_path: Path) -> None:
    def pause(stock: str) -> Plan:
        one = transaction(ins.Pause(stock, by="safe"), network.ledger())
        return Plan("market pause", stock, (Step("pause", "pause", "safe", one.contract, one.function, (), one.to),))

    overtaken = signed(network, pause("MSFT"), tmp_path / "a.json")
    Executor(network.transactions()).run(plan_execution(network, signed(network, pause("AAPL"), tmp_path / "b.json")))
    with pytest.raises(InputError, match="was used: the Safe's next is"):
        plan_execution(network, overtaken)
