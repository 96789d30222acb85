"""Two networks of which each has a second node: an anvil and a fork of it, a cluster and what says otherwise."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from multichain_networks_world import ISINS, Both
from support.network_cli import Cli

from scrip import instructions as ins
from scrip.chains import agreement, evm, opening
from scrip.chains.evm import EvmNetwork
from scrip.chains.solana import SolanaNetwork
from scrip.errors import Unconfirmed
from scrip.evm.local import anvil
from scrip.evm.rpc.node import Node
from scrip.evm.rpc.signers import Impersonated
from scrip.executor import Executor, witness
from scrip.flows import reserve
from scrip.multichain.ceilings import CeilingMove
from scrip.multichain.networks import NetworkSide
from scrip.units import Shares

MOVE = "market move-ceiling MSFT 400 --to solana-local --reference m-1"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is waited for that will not come."""
    monkeypatch.setattr(agreement, "PAUSES", (0.0, 0.2))
    monkeypatch.setattr(evm, "BEHIND", 0.0)
    monkeypatch.setattr(witness, "PATIENCE", 2.0)


@pytest.fixture
def cli(both: Both, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Commands on manifests that both name a second node, which is the first by another name."""
    found = both.commands(monkeypatch)
    for name, variable, url in (
        ("local", "LOCAL", both.local.url),
        ("solana-local", "SOLANA_LOCAL", both.solana.served.url),
    ):
        path = found.folder / f"manifests/{name}.yaml"
        before = f"  rpc_env: SCRIP_{variable}_RPC\n"
        text = path.read_text()
        assert before in text
        path.write_text(text.replace(before, f"{before}  second_rpc_env: SCRIP_{variable}_SECOND\n"))
        monkeypatch.setattr(opening, "place_of", str)  # under any name the same node is refused
        monkeypatch.setenv(f"SCRIP_{variable}_SECOND", url.replace("127.0.0.1", "localhost"))
    return found


def lower_there(both: Both, fork: str, folder: Path) -> None:
    """Another ceiling of MSFT, on a copy of the chain at the same height as the chain itself."""
    network = EvmNetwork.open(both.local.manifest, fork, folder)
    for label, contract in both.local.open().book:
        network.learn(label, contract)
    network.chain.add_signer("ceiling-desk", Impersonated(network.chain.address("ceiling-desk")))
    Executor(network.transactions()).run(reserve.ceiling(network, "MSFT", Shares.of(999_000), "c"))
    first = both.local.open().node
    while first.block().number < Node.at(fork).block().number:
        first.rpc("anvil_mine", "0x1")


def test_several_networks_do_what_both_nodes_of_each_bear_out(both: Both, cli: Cli) -> None:
    before = both.ceilings()
    sent = cli.done(f"{MOVE} --apply")["transactions"]
    assert [(one["network"], one["status"]) for one in sent] == [("local", "done"), ("solana-local", "done")]
    assert both.ceilings() == [before[0] - 400, before[1] + 400]
    for line in ("stock show MSFT", "market surplus MSFT"):
        cli.done(f"{line} --network solana-local")
    said = cli.run("action show MSFT SPLF split-9 --network solana-local")
    assert (said.code, "refused: actions: not announced (MSFT SPLF split-9)" in said.err) == (1, True)
    # The manifests say otherwise by now, and both nodes of each say so.
    said = cli.run("audit chain --network solana-local --json")
    assert said.code == 3, said
    assert {one["what"] for one in said.object["drift"]} >= {"stocks.MSFT.reserve.ceiling"}, said.object["drift"]


def test_no_network_begins_while_the_nodes_of_another_do_not_agree(
    both: Both, cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = both.ceilings()
    with anvil.forking(both.local.url) as fork:
        lower_there(both, fork, tmp_path)
        monkeypatch.setenv("SCRIP_LOCAL_SECOND", fork)
        for line in (
            f"{MOVE} --apply --yes",
            "market move-ceiling MSFT 400 --to local --network solana-local --reference m-2 --apply --yes",
        ):
            said = cli.run(line)
            assert said.code == 3, said
            assert "local: the two nodes do not agree: " in said.err
            assert f"MSFT's ceilings.own: the first, {both.local.url}, says '1000000', " in said.err
            assert f"the second, {fork}, says '999000'" in said.err
        # Of another network's audit it is a finding, which names the same.
        drift = cli.run("audit chain --network solana-local --json").object["drift"]
        assert [one["severity"] for one in drift if "the two nodes do not agree" in one["found"]] == ["unproven"] * 2
    assert both.ceilings() == before


class Otherwise:
    """A cluster's node that says another thing than the cluster of one action."""

    def __init__(self, network: SolanaNetwork, status: str) -> None:
        self._network, self._status = network, status

    def __getattr__(self, name: str) -> object:
        return getattr(self._network, name)

    @property
    def asked(self) -> str:
        return "http://second"

    def beside(self, other: object, final: bool) -> tuple[object, object]:
        return self, other

    def views(self):
        views = self._network.views()
        ledger = views.ledger
        real = ledger.action
        ledger.action = lambda *named: replace(real(*named), status=self._status)
        return views


def test_what_a_second_node_of_solana_says_otherwise_is_named(both: Both) -> None:
    first, second = both.sides()
    second.network.witness = lambda: Otherwise(both.solana.open(), "cancelled")  # type: ignore[attr-defined]
    with pytest.raises(Unconfirmed) as refused:
        second.action("MSFT", "SPLF", "split-9")
    assert str(refused.value) == (
        "solana-local: the two nodes do not agree: MSFT SPLF split-9.status: "
        f"the first, {both.solana.served.url}, says 'unknown', the second, http://second, says 'cancelled'"
    )
    with pytest.raises(Unconfirmed, match=r"split-9\.status"):
        both.action("MSFT", "SPLF", "split-9", [first, second]).cancel(ins.Cancel("MSFT", "SPLF", "split-9", 7, "d"))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda landed: replace(landed, slot=landed.slot + 1), r"slot: the first, http\S+, says \d+, the second, http"),
        (lambda _: None, r"has it with slot \d+, error None, the second, http\S+, has no such transaction after 0 s"),
    ],
    ids=["in another slot", "not at all"],
)
def test_nothing_is_recorded_that_a_second_node_of_solana_has_otherwise(
    change, told: str, both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(witness, "PATIENCE", 0.0)
    network, other = both.solana.open(), both.solana.open()
    real = other.chain.landed
    other.chain.landed = lambda signature: change(real(signature))  # type: ignore[method-assign]
    network.witness = lambda: other
    plan = reserve.ceiling(network, "MSFT", Shares.of(900_000), "second", "timelock")
    with pytest.raises(Unconfirmed, match=told):
        Executor(network.transactions()).run(plan)
    assert len(network.records.open_intents()) == 1
    network.witness = both.solana.open
    assert [one.status for one in Executor(network.transactions()).run(plan).outcomes] == ["done"]


def test_final_blocks_are_read_of_a_cluster(both: Both) -> None:
    network = both.solana.open()
    one, other = network.beside(both.solana.open(), True)
    assert one.views().ledger.coverage("MSFT") == other.views().ledger.coverage("MSFT")
    asked: list[str] = []
    real = one.cluster._client._provider.make_request

    async def listening(body, parser):
        asked.append(body.to_json())
        return await real(body, parser)

    one.cluster._client._provider.make_request = listening
    one.chain.now()
    assert ['"commitment":"finalized"' in text for text in asked] == [True]
    assert network.cluster._client is not one.cluster._client


def test_a_source_is_seen_to_be_lower_by_both_its_nodes(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    """By one alone the target's ceiling was raised."""
    source, target = both.sides()
    behind = both.local.open()
    source.network.witness = lambda: behind  # type: ignore[attr-defined]
    real = NetworkSide.run

    def run(side: NetworkSide, plan) -> None:
        real(side, plan)
        if side is source:
            # A node that goes on answering from before.
            height = both.local.open().node.block().number
            behind.node.wire = both.local.open().at(height - 1).node.wire

    monkeypatch.setattr(NetworkSide, "run", run)
    move = CeilingMove(source, target, both.records, ISINS["MSFT"], Shares.of(100), "m-3")
    with pytest.raises(Unconfirmed, match="local: the two nodes do not agree"):
        move.carry_out()
    monkeypatch.setattr(NetworkSide, "run", real)
    assert both.ceilings() == [999_900, 1_000_000]
    source.network.witness = None
    assert move.carry_out()
    assert both.ceilings() == [999_900, 1_000_100]
