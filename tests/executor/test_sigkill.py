"""A real process is killed while it carries out a real plan, and the next one ends where an uninterrupted one does.

The node is a process of its own and survives. Here five points, drawn once; every point of every transaction is the
campaign's: `pytest -m campaign tests/executor`.
"""

import gzip
import json
import random
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from support import execution_world
from support.execution_world import onboarding
from victim import HERE, perform

from scrip.chains.evm import EvmNetwork
from scrip.evm.chain import Call
from scrip.evm.deploy.deployment import plan_deployment
from scrip.evm.tx.verify import verify

sys.path.append(str(HERE / "killing"))
from kill_points import POINTS
from kill_server import Server, victim

PLANS = ("deployment", "onboarding")
DRAW = random.Random(2013)
DRAWN = [
    (plan, point, round(DRAW.random(), 2))
    for plan, point in zip(PLANS * 2 + PLANS[:1], DRAW.sample(POINTS, 5), strict=True)
]
"""A plan, a point, and how far along its transactions. The last is an operator's own command, `ape run`."""


@dataclass
class Stage:
    """A node at the state in which a plan begins, with the records that belong to it, to come back to."""

    url: str
    records: Path
    mark: str = ""
    transactions: int = 0
    whole: Any = None
    """The state that its plan leads to when nothing stops it, in so many transactions."""

    def network(self, folder: Path) -> EvmNetwork:
        return execution_world.opened_network(self.url, folder)

    def asked(self, folder: Path, plan: str) -> dict[str, str]:
        """What a child is asked to do here."""
        return {"url": self.url, "folder": str(folder), "plan": plan}

    def reset(self, folder: Path) -> Path:
        """Node and records as the plan finds them; the records' folder."""
        node = self.network(folder).node
        if self.mark:
            assert node.rpc("evm_revert", self.mark)
        self.mark = node.rpc("evm_snapshot")
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.records, folder)
        return folder

    def state(self) -> Any:
        """Every account's nonce, balance, code and storage."""
        dump = self.network(self.records).node.rpc("anvil_dumpState")
        return json.loads(gzip.decompress(bytes.fromhex(dump[2:])))["accounts"]


@pytest.fixture(scope="module")
def stages(tmp_path_factory) -> Iterator[dict[str, Stage]]:
    """A node for each plan, a fresh one and one with the suite deployed, and where the plan leads."""
    with execution_world.running_anvil() as first, execution_world.running_anvil() as second:
        folders = [tmp_path_factory.mktemp(name) for name in PLANS]
        perform(second, str(folders[1]), "deployment")
        found = {name: Stage(*parts) for name, *parts in zip(PLANS, (first, second), folders, strict=True)}
        for name, stage in found.items():
            folder = stage.reset(tmp_path_factory.mktemp(f"whole-{name}"))
            before = stage.network(folder).node.block().number
            perform(stage.url, str(folder), name)
            stage.transactions = stage.network(folder).node.block().number - before
            stage.whole = stage.state()
        yield found


def finished(stage: Stage, folder: Path, plan: str) -> None:
    """The plan's end, whole: the same state, each transaction once, the records complete and true."""
    network = stage.network(folder)
    assert stage.state() == stage.whole
    records = network.records.all()
    steps = Counter(one.action.step_id for one in records)
    earlier = len(stage.network(stage.records).records.all())
    assert len(steps) == len(records) == earlier + stage.transactions
    assert all(one.done for one in records)
    blocks = [
        network.node.rpc("eth_getBlockByNumber", hex(n), False) for n in range(1, network.node.block().number + 1)
    ]
    mined = [tx for block in blocks for tx in block["transactions"]]
    assert sorted(mined) == sorted(one.tx for one in records)
    assert verify(network.records, network.node) == []
    assert not list(network.records.folder.rglob("*.part"))
    if plan == "deployment":
        assert not plan_deployment(network).steps
    else:
        registry = network.book.contract("registry")
        wallets = [entry[1] for step in onboarding().steps for entry in step.args[1]]
        assert len(wallets) == 500
        assert all(network.chain.call_many([Call(registry, "isCleared", (wallet,)) for wallet in wallets]))


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    found = Server(HERE / "victim.py")
    yield found
    found.close()


def command(folder: Path, plan: str) -> list[str]:
    """A plan as an operator carries it out."""
    assert plan == "deployment"
    return ["ape", "run", "deploy", "suite", "--network", "local", "--apply", "--yes", "--records", str(folder)]


@pytest.mark.parametrize(("plan", "point", "along"), DRAWN)
def test_a_killed_run_is_finished_by_the_next(
    stages: dict[str, Stage], server: Server, tmp_path: Path, plan: str, point: str, along: float
) -> None:
    stage = stages[plan]
    folder = stage.reset(tmp_path / "records")

    def run(kill: str = "") -> int:
        if (plan, point, along) == DRAWN[-1]:
            return victim(command(folder, plan), kill, SCRIP_LOCAL_RPC=stage.url)
        return server.victim(kill, **stage.asked(folder, plan))

    assert run(f"{point}:{1 + int(along * stage.transactions)}") == -signal.SIGKILL
    assert run() == 0
    finished(stage, folder, plan)


@pytest.mark.campaign
@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("plan", PLANS)
def test_every_transaction_at_a_point(
    stages: dict[str, Stage], server: Server, tmp_path: Path, plan: str, point: str, record_property
) -> None:
    stage = stages[plan]
    for number in range(1, stage.transactions + 1):
        folder = stage.reset(tmp_path / "records")
        asked = stage.asked(folder, plan)
        assert server.victim(f"{point}:{number}", **asked) == -signal.SIGKILL
        assert server.victim(**asked) == 0
        finished(stage, folder, plan)
    record_property("summary", f"{plan}: killed at {point} of each of {stage.transactions} transactions, and finished")


@pytest.mark.campaign
@pytest.mark.parametrize("plan", PLANS)
def test_a_run_killed_again_and_again(
    stages: dict[str, Stage], server: Server, tmp_path: Path, plan: str, record_property
) -> None:
    """Every process is killed at the first point of its kind that it comes to, in turn, until one comes to none."""
    stage = stages[plan]
    folder = stage.reset(tmp_path / "records")
    asked, kills = stage.asked(folder, plan), 0
    while server.victim(f"{POINTS[kills % len(POINTS)]}:1", **asked) == -signal.SIGKILL:
        kills += 1
        assert kills < 2 * len(POINTS) * stage.transactions
    assert server.victim(**asked) == 0
    assert kills >= stage.transactions
    finished(stage, folder, plan)
    record_property("summary", f"{plan}: killed {kills} times, and finished")
