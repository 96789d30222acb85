"""What a rehearsal says of a plan that does not do what it previews, and that it reaches no network."""

import json
import threading
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from support.deployed_network import HELD, INVESTORS, START, UNIT, manifest, on_top_of, quiet

from scrip import instructions as ins
from scrip.chains.evm import EvmNetwork
from scrip.errors import ScripError
from scrip.evm.audit import audit
from scrip.evm.deploy.deployment import plan_deployment
from scrip.evm.deploy.design import call
from scrip.evm.handlers import transaction
from scrip.evm.labels import ADMIN
from scrip.evm.local import anvil
from scrip.evm.rehearse.rehearse import rehearse
from scrip.evm.rpc.connect import connect
from scrip.evm.rpc.node import Node
from scrip.evm.rpc.relay import READS, relayed
from scrip.evm.rpc.wire import RpcError
from scrip.plan import Address, Plan, Step
from scrip.units import RawUnits

ALICE, BOB = INVESTORS[0], INVESTORS[1]


def transfer(network: EvmNetwork, tokens: int, said: int) -> Plan:
    """A plan that moves `tokens` and tells its reader that it moves `said`."""
    order = ins.Transfer("IBM", ALICE, BOB, RawUnits(tokens * UNIT, 18))
    step = call("t", "a transfer", transaction(order, network.ledger()), order)
    preview = ins.Transfer("IBM", ALICE, BOB, RawUnits(said * UNIT, 18))
    return Plan("transfer", "one", (Step(**{**_fields(step), "instructions": (preview,)}),))


def _fields(step: Step) -> dict[str, object]:
    return {name: getattr(step, name) for name in Step.__slots__}


def test_a_plan_that_does_what_it_says(live: EvmNetwork) -> None:
    report = rehearse(live, transfer(live, 3, 3))
    assert report.ok
    assert {one.what for one in report.changes} == {f"IBM of {ALICE}", f"IBM of {BOB}"}
    assert live.ledger().balance("IBM", BOB) == RawUnits(HELD * UNIT, 18), "nothing is sent"
    shown = report.as_json()
    assert json.loads(json.dumps(shown)) == shown
    assert shown["compared"]["facts"] == report.facts > 1_000
    assert report.lines()[-1].endswith("all the same")
    assert any(f"IBM of {BOB}: {HELD} tokens" in line for line in report.lines())


def test_a_plan_that_does_something_else(live: EvmNetwork) -> None:
    report = rehearse(live, transfer(live, 4, 3))
    assert not report.ok
    assert {one.field for one in report.findings} == {f"state.IBM of {ALICE}", f"state.IBM of {BOB}"}
    assert any(f"{HELD + 3} tokens" in one.expected and f"{HELD + 4} tokens" in one.found for one in report.findings)


def test_a_plan_that_the_chain_refuses(live: EvmNetwork) -> None:
    report = rehearse(live, transfer(live, HELD + 1, HELD + 1))
    assert [one.field for one in report.findings] == ["a transfer", "plan"]
    assert all("ERC20InsufficientBalance" in one.found for one in report.findings)
    assert (report.steps, report.changes) == ((), ())


def test_a_plan_that_gives_power_away(live: EvmNetwork) -> None:
    """No instruction tells of it, no balance moves: the audit finds it."""
    give = Step("g", "grant ADMIN", "timelock", "Roles", "grantRole", (ADMIN, Address("owner-1")), "roles")
    report = rehearse(live, Plan("innocent", "two", (give,)))
    assert report.changes == ()
    assert [(one.field, one.severity) for one in report.findings] == [("roles.ADMIN", "critical")]
    assert report.waited == live.manifest.timelock.delay


def test_the_deployment_itself_is_rehearsed(tmp_path: Path) -> None:
    with anvil.running(START) as url:
        network = EvmNetwork.open(manifest(), url, tmp_path)
        quiet(network.node)
        plan = plan_deployment(network)
        report = rehearse(network, plan)
        assert report.ok, report.lines()
        assert len(report.steps) == len(plan.steps) > 50
        assert (report.stocks, report.notes) == (5, ())
        assert network.node.block().number == 0
        assert len(network.book) == 0


def test_a_fork_of_the_network_in_the_environment(tmp_path: Path) -> None:
    """What SCRIP_FORK_RPC does, with a chain that knows nothing of the suite in the place of the public one."""
    with anvil.running(START) as url:
        node = Node.at(url)
        node.rpc("anvil_setBalance", "0x" + "ab" * 20, hex(7))
        with on_top_of(url, tmp_path) as network:
            assert network.node.block(0).hash == node.block(0).hash
            assert network.node.balance("0x" + "ab" * 20) == 7
            assert audit(network) == []
            assert rehearse(network, transfer(network, 1, 1)).ok
        assert node.block().number == 0


# --- the relay ---


def ask(url: str, body: object) -> object:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname, parts.port, timeout=10)
    connection.request("POST", "/", json.dumps(body), {"Content-Type": "application/json"})
    return json.loads(connection.getresponse().read())


def test_nothing_is_sent_through_a_relay(live: EvmNetwork) -> None:
    with relayed(live.node.wire) as url:
        for method in ("eth_sendRawTransaction", "eth_sendTransaction", "anvil_setBalance", "evm_mine", "eth_sign"):
            assert not method.startswith(READS)
            answer = ask(url, {"jsonrpc": "2.0", "id": 5, "method": method, "params": []})
            assert answer == {
                "jsonrpc": "2.0",
                "id": 5,
                "error": {"code": -32601, "message": f"{method} is not passed on"},
            }
        asked = [{"id": place, "method": "eth_chainId", "params": []} for place in range(3)]
        answers = ask(url, asked)
        assert [(one["id"], int(one["result"], 16)) for one in answers] == [
            (place, live.chain.chain_id()) for place in range(3)
        ]


def test_many_questions_at_once_are_answered(live: EvmNetwork) -> None:
    heights = []
    with relayed(live.node.wire) as url:
        question = {"id": 1, "method": "eth_blockNumber", "params": []}
        threads = [threading.Thread(target=lambda: heights.append(ask(url, question)["result"])) for _ in range(40)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert heights == [hex(live.node.block().number)] * 40


def test_a_node_that_is_gone_is_said_to_be() -> None:
    with anvil.running(START) as url:
        wire = connect(url)
    with relayed(wire) as url:
        answer = ask(url, {"id": 1, "method": "eth_chainId", "params": []})
        assert "does not answer" in answer["error"]["message"]
        with pytest.raises(ScripError), anvil.forking(url):
            pass
    with pytest.raises(RpcError):
        Node(wire).chain_id()
