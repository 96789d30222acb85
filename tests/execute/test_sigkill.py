"""A real process is killed while it carries out a real plan, and the next one ends where an uninterrupted one does.

The node is a process of its own and survives. Here five points, drawn once; every point of every transaction is the
campaign's: `pytest -m campaign tests/execute`.
"""

import gzip
import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import execution_world
import pytest
from execution_world import onboarding
from victim import HERE, perform

from scrip.evm.chain import Call
from scrip.evm.deployment import plan_deployment
from scrip.evm.desk import Desk
from scrip.records.verify import verify

sys.path.append(str(HERE / "killing"))
from kill_points import POINTS, VARIABLE

TRANSACTIONS = {"deployment": 53, "onboarding": 10}
EVERY = [f"{plan} {point}:{n}" for plan, count in TRANSACTIONS.items() for n in range(1, count + 1) for point in POINTS]
DRAWN = [*random.Random(2013).sample(EVERY, 4), "onboarding sent:3"]


@dataclass
class Stage:
    """A node at the state in which a plan begins, with the records that belong to it, to come back to."""

    url: str
    records: Path
    mark: str = ""

    def desk(self, folder: Path) -> Desk:
        return execution_world.desk(self.url, folder)

    def reset(self, folder: Path) -> Path:
        """Node and records as the plan finds them; the records' folder."""
        node = self.desk(folder).node
        if self.mark:
            assert node.rpc("evm_revert", self.mark)
        self.mark = node.rpc("evm_snapshot")
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.records, folder)
        return folder

    def state(self) -> Any:
        """Every account's nonce, balance, code and storage."""
        dump = self.desk(self.records).node.rpc("anvil_dumpState")
        return json.loads(gzip.decompress(bytes.fromhex(dump[2:])))["accounts"]


@pytest.fixture(scope="module")
def stages(tmp_path_factory) -> Iterator[dict[str, Stage]]:
    """A node for each plan: a fresh one, and one with the suite deployed."""
    with execution_world.network() as first, execution_world.network() as second:
        folders = {name: tmp_path_factory.mktemp(name) for name in TRANSACTIONS}
        perform(second, str(folders["onboarding"]), "deployment")
        yield {"deployment": Stage(first, folders["deployment"]), "onboarding": Stage(second, folders["onboarding"])}


@pytest.fixture(scope="module")
def uninterrupted(stages: dict[str, Stage], tmp_path_factory) -> dict[str, Any]:
    """What each plan leads to when nothing stops it, and how many transactions it takes."""
    states = {}
    for name, stage in stages.items():
        folder = stage.reset(tmp_path_factory.mktemp(f"whole-{name}"))
        before = stage.desk(folder).node.block().number
        perform(stage.url, str(folder), name)
        assert stage.desk(folder).node.block().number - before == TRANSACTIONS[name]
        states[name] = stage.state()
    return states


def finished(stage: Stage, folder: Path, plan: str, whole: Any) -> None:
    """The plan's end, whole: the same state, each transaction once, the records complete and true."""
    desk = stage.desk(folder)
    assert stage.state() == whole
    records = desk.records.all()
    steps = Counter(one.action.step_id for one in records)
    earlier = len(stage.desk(stage.records).records.all())
    assert len(steps) == len(records) == earlier + TRANSACTIONS[plan]
    assert all(one.done for one in records)
    blocks = [desk.node.rpc("eth_getBlockByNumber", hex(n), False) for n in range(1, desk.node.block().number + 1)]
    mined = [tx for block in blocks for tx in block["transactions"]]
    assert sorted(mined) == sorted(one.tx for one in records)
    assert verify(desk.records, desk.node) == []
    assert not list(desk.records.folder.rglob("*.part"))
    if plan == "deployment":
        assert not plan_deployment(desk).steps
    else:
        registry = desk.book.contract("registry")
        wallets = [entry[1] for step in onboarding().steps for entry in step.args[1]]
        assert len(wallets) == 500
        assert all(desk.chain.call_many([Call(registry, "isCleared", (wallet,)) for wallet in wallets]))


def victim(stage: Stage, folder: Path, plan: str, kill: str = "") -> int:
    """A process of its own, from the start of Python to its end; its exit code."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("COV_CORE")}
    if kill:
        environment |= {VARIABLE: kill, "PYTHONPATH": str(HERE / "killing")}
    command = [sys.executable, str(HERE / "victim.py"), stage.url, str(folder), plan]
    return subprocess.run(command, env=environment, timeout=300, check=False).returncode


@pytest.mark.parametrize("point", DRAWN)
def test_a_killed_run_is_finished_by_the_next(
    stages: dict[str, Stage], uninterrupted: dict[str, Any], tmp_path: Path, point: str
) -> None:
    plan, kill = point.split()
    stage = stages[plan]
    folder = stage.reset(tmp_path / "records")
    assert victim(stage, folder, plan, kill) == -signal.SIGKILL
    assert stage.state() != uninterrupted[plan] or kill.startswith("record")
    assert victim(stage, folder, plan) == 0
    finished(stage, folder, plan, uninterrupted[plan])


@pytest.fixture(scope="module")
def server() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, str(HERE / "victim.py"), "serve"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


@pytest.mark.campaign
@pytest.mark.parametrize("point", EVERY)
def test_every_point_of_every_transaction(
    stages: dict[str, Stage], uninterrupted: dict[str, Any], server, tmp_path: Path, point: str
) -> None:
    """As above, each child forked from a process that has loaded everything."""
    plan, kill = point.split()
    stage = stages[plan]
    folder = stage.reset(tmp_path / "records")
    for wanted, target in ((-signal.SIGKILL, kill), (0, "")):
        request = {"url": stage.url, "folder": str(folder), "plan": plan, "kill": target}
        server.stdin.write(json.dumps(request) + "\n")
        server.stdin.flush()
        assert int(server.stdout.readline()) == wanted
    finished(stage, folder, plan, uninterrupted[plan])


@pytest.mark.campaign
@pytest.mark.parametrize("plan", TRANSACTIONS)
def test_a_run_killed_again_and_again(
    stages: dict[str, Stage], uninterrupted: dict[str, Any], server, tmp_path: Path, plan: str
) -> None:
    """Every process is killed at the first point of its kind that it comes to, in turn, until none is left to kill."""
    stage = stages[plan]
    folder = stage.reset(tmp_path / "records")
    ends: list[int] = []
    for turn in range(20 * TRANSACTIONS[plan]):
        request = {"url": stage.url, "folder": str(folder), "plan": plan, "kill": f"{POINTS[turn % len(POINTS)]}:1"}
        server.stdin.write(json.dumps(request) + "\n")
        server.stdin.flush()
        ends.append(int(server.stdout.readline()))
        if ends[-1] == 0:
            break
    assert ends[-1] == 0
    assert ends.count(-signal.SIGKILL) == len(ends) - 1 >= TRANSACTIONS[plan]
    finished(stage, folder, plan, uninterrupted[plan])
