"""Which node is asked, and that a second one says the same."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from support.network_cli import Cli, fresh
from support.network_world import MANIFESTS, NetworkWorld, deployed_world

from scrip.chains import agreement, opening
from scrip.chains.evm import EvmNetwork
from scrip.errors import Drift, InputError
from scrip.evm.local import anvil
from scrip.evm.rpc.node import Node
from scrip.evm.rpc.signers import Impersonated
from scrip.executor import Executor
from scrip.flows import reserve
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


def test_a_second_node_that_is_not_set_or_is_the_first_is_refused(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    said = cli.run("stock show MSFT")
    assert (said.code, "SCRIP_SECOND_RPC: is not set" in said.err) == (64, True)
    monkeypatch.setenv("SCRIP_SECOND_RPC", cli.world.url)
    said = cli.run("stock show MSFT")
    assert (said.code, "SCRIP_SECOND_RPC: is the first node again" in said.err) == (64, True)


def test_what_is_hard_to_undo_is_sent_where_both_nodes_say_the_same(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    same = cli.world.url.replace("127.0.0.1", "localhost")
    monkeypatch.setenv("SCRIP_SECOND_RPC", same)
    monkeypatch.setattr(agreement, "PAUSES", (0.0,))
    cli.done("market ceiling MSFT 90 --apply")
    with anvil.forking(cli.world.url) as fork:
        _lower_there(cli, fork)
        monkeypatch.setenv("SCRIP_SECOND_RPC", fork)
        before = cli.world.open().node.block().number
        said = cli.run("market ceiling MSFT 70 --reference b --apply --yes")
        assert said.code == 3
        assert "the two nodes do not agree, and nothing is sent: the first says" in said.err
        assert cli.world.open().node.block().number == before
        # An emergency asks one node alone, and so does what is only shown.
        cli.done("stock show MSFT")
        cli.done("emergency halt --apply")


def _lower_there(cli: Cli, fork: str) -> None:
    """Another ceiling, on a copy of the chain."""
    folder = cli.folder / "copy"
    shutil.copytree(cli.world.records, folder)
    network = EvmNetwork.open(cli.world.manifest, fork, folder)
    network.chain.add_signer("ceiling-desk", Impersonated(network.chain.address("ceiling-desk")))
    Executor(network.transactions()).run(reserve.ceiling(network, "MSFT", Shares.of(80), "c"))


def test_nothing_is_recorded_that_a_second_node_has_otherwise(cli: Cli) -> None:
    network, other = cli.world.open(), cli.world.open()
    network.witness = lambda: other
    real = Node.receipt
    other.node.receipt = lambda tx: {**real(other.node, tx), "blockHash": "0x" + "11" * 32}  # type: ignore[method-assign]
    plan = reserve.ceiling(network, "MSFT", Shares.of(60), "d")
    with pytest.raises(Drift, match=r"the two nodes do not agree: 0x[0-9a-f]{64} has blockHash"):
        Executor(network.transactions()).run(plan)
    network = cli.world.open()
    network.witness = cli.world.open
    assert [one.status for one in Executor(network.transactions()).run(plan).outcomes] == ["done"]
