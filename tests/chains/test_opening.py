"""Which node is asked, and that a second one says the same."""

import re
import shutil
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from support.network_cli import Cli, fresh
from support.network_world import MANIFESTS, NetworkWorld, deployed_world

from scrip import flows
from scrip.chains import agreement, evm, opening
from scrip.chains.evm import EvmNetwork
from scrip.errors import Drift, InputError, Unconfirmed
from scrip.evm.accounts import local_account
from scrip.evm.local import anvil
from scrip.evm.rpc.node import Node
from scrip.evm.rpc.signers import Impersonated
from scrip.executor import Executor, witness
from scrip.flows import reserve
from scrip.inputs.batch import read_newcomers
from scrip.manifest import load
from scrip.units import Shares

PUBLIC = ("sepolia", "mainnet", "arbitrum", "solana-devnet", "solana-mainnet")


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NetworkWorld]:
    with deployed_world(tmp_path_factory.mktemp("opening")) as world:
        yield world


@pytest.fixture
def cli(standing: NetworkWorld, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cli]:
    """Commands over a node, with a manifest that names a second."""
    fresh(standing.records.parent)
    path = standing.records.parent / "manifests" / "local.yaml"
    path.write_text(path.read_text().replace("LOCAL_RPC\n", "LOCAL_RPC\n  second_rpc_env: SCRIP_SECOND_RPC\n"))
    monkeypatch.chdir(standing.records.parent)
    monkeypatch.setenv("SCRIP_LOCAL_RPC", standing.url)
    yield Cli(standing)
    standing.back()


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_network_without_its_nodes_url_is_refused_by_the_variables_name(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Ethereum-family chains public nodes were asked."""
    manifest = load(MANIFESTS / f"{name}.yaml")
    monkeypatch.delenv(manifest.chain.rpc_env, raising=False)
    asked: list[object] = []
    monkeypatch.setattr("scrip.evm.connection.EvmConnection.open", lambda *them: asked.append(them))
    with pytest.raises(InputError, match="is not set: put the node's URL into this variable") as refused:
        opening.opened(manifest, tmp_path)
    assert (refused.value.field, refused.value.value) == (manifest.chain.rpc_env, name)
    assert not asked


@dataclass
class Counting:
    """A node of another chain, which counts what it is asked."""

    asked: list[str]

    def make_request(self, method: str, params: object) -> Any:
        self.asked.append(method)
        return {"result": "0x7"}

    def make_batch_request(self, requests: Any) -> Any:
        raise AssertionError(requests)


def test_the_chain_id_is_asked_before_anything_else(tmp_path: Path) -> None:
    node = Counting([])
    with pytest.raises(InputError, match="the node is of chain 7"):
        EvmNetwork.open(load(MANIFESTS / "local.yaml"), node, tmp_path)
    assert node.asked == ["eth_chainId"]


def test_a_node_of_another_kind_is_named_by_its_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was said that a method was not found."""
    refused = {"error": {"code": -32601, "message": "Method not found"}}
    monkeypatch.setattr(Counting, "make_request", lambda *_: refused)
    with pytest.raises(InputError, match=r"SCRIP_LOCAL_RPC: names a node that is no Ethereum-family chain's"):
        EvmNetwork.open(load(MANIFESTS / "local.yaml"), Counting([]), tmp_path)


def test_a_second_node_that_is_not_set_or_is_the_first_is_refused(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    said = cli.run("stock show MSFT")
    assert (said.code, "SCRIP_SECOND_RPC: is not set" in said.err) == (64, True)
    for name in ("127.0.0.1", "localhost", "LOCALHOST.", "[::1]", "127.1.2.3", "[::ffff:127.0.0.1]", "0.0.0.0"):
        monkeypatch.setenv("SCRIP_SECOND_RPC", cli.world.url.replace("127.0.0.1", name) + "/")
        said = cli.run("stock show MSFT")
        assert (said.code, "SCRIP_SECOND_RPC: is the first node again" in said.err) == (64, True)


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("http://localhost:8545", "http://127.0.0.1:8545", True),
        ("https://node.example/v2/key", "https://user:secret@NODE.example:443/v2/key/", True),
        ("http://node.example", "ws://node.example:80", True),
        ("http://localhost:8545", "http://localhost:8546", False),
        ("https://node.example/a", "https://node.example/b", False),
        ("https://node.example", "https://other.example", False),
    ],
)
def test_a_node_is_told_by_host_port_and_path(one: str, two: str, same: bool) -> None:
    assert (opening.place_of(one) == opening.place_of(two)) is same


@pytest.fixture
def other_node(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A second node whose chain has MSFT's ceiling at 80 shares, where the first has 90, at the same height."""
    monkeypatch.setenv("SCRIP_SECOND_RPC", cli.world.url.replace("127.0.0.1", "localhost"))
    monkeypatch.setattr(opening, "place_of", str)  # under any name the same node is refused
    # Nothing is waited for that will not come: a node that is behind, a transaction that one of the two never had.
    monkeypatch.setattr(agreement, "PAUSES", (0.0,))
    monkeypatch.setattr(evm, "BEHIND", 0.0)
    monkeypatch.setattr(witness, "PATIENCE", 0.0)
    cli.done("market ceiling MSFT 90 --apply")
    with anvil.forking(cli.world.url) as fork:
        _lower_there(cli, fork)
        first, second = cli.world.open().node, Node.at(fork)
        while first.block().number < second.block().number:
            first.rpc("anvil_mine", "0x1")
        monkeypatch.setenv("SCRIP_SECOND_RPC", fork)
        yield fork


def _lower_there(cli: Cli, fork: str) -> None:
    """Another ceiling, on a copy of the chain."""
    folder = cli.folder / "copy"
    shutil.copytree(cli.world.records, folder)
    network = EvmNetwork.open(cli.world.manifest, fork, folder)
    network.chain.add_signer("ceiling-desk", Impersonated(network.chain.address("ceiling-desk")))
    Executor(network.transactions()).run(reserve.ceiling(network, "MSFT", Shares.of(80), "c"))
    shutil.rmtree(folder)


def apart(cli: Cli, other_node: str, field: str, one: str, other: str) -> str:
    """How it is said what the two nodes differ in."""
    return f"{field}: the first, {cli.world.url}, says {one!r}, the second, {other_node}, says {other!r}"


def test_what_is_hard_to_undo_is_sent_where_both_nodes_say_the_same(cli: Cli, other_node: str) -> None:
    before = cli.world.open().node.block().number
    said = cli.run("market ceiling MSFT 70 --reference b --apply --yes")
    assert said.code == 3
    assert "nothing is sent: local: the two nodes do not agree: " in said.err
    assert apart(cli, other_node, "MSFT ceiling", "90 shares to 70 shares", "80 shares to 70 shares") in said.err
    assert cli.world.open().node.block().number == before


SHOWN = {
    "stock show MSFT": ("MSFT.ceiling", "90 shares", "80 shares"),
    "market surplus MSFT": ("MSFT.ceiling", "90", "80"),
}
"""What people decide on, by the command that shows it, and the field that a second node has otherwise."""


@pytest.mark.parametrize("line", SHOWN)
def test_what_people_decide_on_is_shown_where_both_nodes_say_the_same(line: str, cli: Cli, other_node: str) -> None:
    """Only what was sent was held against a second node."""
    said = cli.run(line)
    assert (said.code, said.out) == (3, "")
    field, one, other = SHOWN[line]
    assert "local: the two nodes do not agree: " in said.err
    assert apart(cli, other_node, field, one, other) in said.err


def test_an_audit_asks_both_nodes_about_one_final_block(cli: Cli, other_node: str) -> None:
    said = cli.run("audit chain")
    assert said.code == 3
    assert re.search(r"local: the two nodes do not agree: block \d+: \S+ has 0x[0-9a-f]{64}, \S+ has 0x", said.err)
    said = cli.run("audit records")
    assert said.code == 3


URGENT = (
    "compliance block investor-1 --reason 3 --document order-9",
    "market pause",
    "emergency pause MSFT",
    "emergency halt",
)


def _onboard(cli: Cli) -> None:
    path = cli.folder / "newcomers.csv"
    wallet = local_account("ada").address
    path.write_text(f"investor,wallet,country,class,expiry\ninvestor-1,{wallet},CH,professional,2033-05-18\n")
    cli.world.run(flows.investors.onboard(cli.world.open(), read_newcomers(path)))


@pytest.mark.parametrize("second", ["http://127.0.0.1:9", ""], ids=["silent", "not set"])
def test_no_emergency_waits_for_a_second_node(second: str, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """An emergency was refused where the second node's variable was not set."""
    monkeypatch.setattr(opening, "_second", None)
    monkeypatch.delenv("SCRIP_SECOND_RPC", raising=False)
    _onboard(cli)
    if second:
        monkeypatch.setenv("SCRIP_SECOND_RPC", second)
    for line in URGENT:
        assert [one["status"] for one in cli.done(f"{line} --apply")["transactions"]] == ["done"], line
    # By the Safe, whose owners sign a file: what it executes is known by the operation that was proposed.
    cli.signed("compliance freeze MSFT ada --reason 3 --document order-9", "freeze.json")
    network = cli.world.open()
    assert network.views().halted()
    assert network.views().market_paused()
    assert network.views().frozen("MSFT", "ada")


def test_a_second_node_that_does_not_answer_is_named(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCRIP_SECOND_RPC", "http://127.0.0.1:9")
    for line in ("stock show MSFT", "audit chain", "market ceiling MSFT 70 --apply --yes"):
        said = cli.run(line)
        assert said.code == 3, said
        assert "local: the second node does not confirm it: the node at http://127.0.0.1:9 does not answer" in said.err
        assert "SCRIP_SECOND_RPC may name another" in said.err


@pytest.fixture
def hanging() -> Iterator[str]:
    """A node that takes every question and answers none."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_second_node_that_hangs_is_not_waited_for(
    host: str, hanging: str, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was asked five times, 30 s each, before anybody heard of it."""
    monkeypatch.setattr(opening, "SECONDS_FOR_A_SECOND", 0.2)
    monkeypatch.setenv("SCRIP_SECOND_RPC", hanging.replace("127.0.0.1", host))
    began = time.monotonic()
    said = cli.run("stock show MSFT")
    assert (said.code, "the second node does not confirm it" in said.err) == (3, True)
    assert time.monotonic() - began < 5


def test_a_second_node_of_another_chain_is_refused_by_its_variable(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    with anvil.running(1_700_000_000) as another:
        monkeypatch.setenv("SCRIP_SECOND_RPC", another)
        said = cli.run("stock show MSFT")
    assert (said.code, "SCRIP_SECOND_RPC: " in said.err) == (64, True)


def test_two_nodes_are_compared_as_of_one_block(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two nodes one is often a block ahead: then both are asked about the block that both have."""
    network = cli.world.open()
    before = network.node.block().number
    ceiling = network.views().backing("MSFT").ceilings
    cli.world.run(reserve.ceiling(network, "MSFT", Shares.of(90), "b"))
    assert network.at(before).views().backing("MSFT").ceilings == ceiling
    assert network.at(before + 1).views().backing("MSFT").ceilings != ceiling
    assert network.at(before).now() == network.node.block(before).timestamp
    monkeypatch.setattr(evm, "BEHIND", 0.0)
    behind = cli.world.open().at(before)
    with pytest.raises(Unconfirmed, match=f"block: .* is at {before + 1}, .* at {before}"):
        network.beside(behind, False)
    network.manifest = network.manifest.model_copy(
        update={"chain": network.manifest.chain.model_copy(update={"finality": 1})}
    )
    for one in network.beside(behind, True):
        assert one.node.block().number == before


def test_nothing_is_recorded_that_a_second_node_has_otherwise(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(witness, "PATIENCE", 0.0)
    network, other = cli.world.open(), cli.world.open()
    network.witness = lambda: other
    real = Node.receipt
    other.node.receipt = lambda tx: {**real(other.node, tx), "blockHash": "0x" + "11" * 32}  # type: ignore[method-assign]
    plan = reserve.ceiling(network, "MSFT", Shares.of(60), "d")
    with pytest.raises(Drift, match=r"the two nodes do not agree: 0x[0-9a-f]{64}: blockHash: the first, http"):
        Executor(network.transactions()).run(plan)
    other.node.receipt = lambda _: None  # type: ignore[method-assign]
    with pytest.raises(Drift, match=r"has no such transaction after 0 s"):
        Executor(network.transactions()).run(plan)
    network = cli.world.open()
    network.witness = cli.world.open
    assert [one.status for one in Executor(network.transactions()).run(plan).outcomes] == ["done"]
