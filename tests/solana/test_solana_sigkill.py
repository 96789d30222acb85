"""A process is killed while it carries out a plan on Solana, and the next one ends where an uninterrupted one does.

The cluster is a process of its own and survives. Here five points, drawn once; every point of a set-up's transactions
and of an onboarding's is the campaign's.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from endpoint.process import ROOT
from solana_desk_world import SolanaDeskWorld, deployed_solana_world, empty_solana_world
from solana_victim import newcomers, perform, plan_of

from scrip.solana.addresses import investor_id
from scrip.solana.desk import SolanaDesk
from scrip.solana.verify import verify

sys.path.append(str(ROOT / "tests/execute/killing"))
from kill_points import POINTS

SETUP = 8
"""Transactions of a set-up."""
FEW, MANY = 24, 500
"""Rows of an onboarding: here, and of the campaign's."""
EACH = 3
"""Rows to a transaction."""
DRAW = random.Random(2027)
DRAWN = [
    (plan, point, DRAW.randint(1, SETUP))
    for plan, point in zip(("deployment", "onboarding") * 2 + ("deployment",), DRAW.sample(POINTS, 5), strict=True)
]


class Server:
    """Children forked from a process that has loaded everything, one at a time."""

    def __init__(self) -> None:
        paths = os.pathsep.join([str(ROOT), str(ROOT / "tests/solana")])
        self._process = subprocess.Popen(
            [sys.executable, str(ROOT / "tests/solana/solana_victim.py")],
            env=os.environ | {"PYTHONPATH": paths}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def victim(self, world: SolanaDeskWorld, plan: str, rows: int, kill: str = "") -> int:
        """A child's exit code."""
        pipes = self._process.stdin, self._process.stdout
        assert pipes[0] is not None
        assert pipes[1] is not None
        asked = {"url": world.served.url, "folder": str(world.records), "plan": plan, "rows": rows, "kill": kill}
        pipes[0].write(json.dumps(asked) + "\n")
        pipes[0].flush()
        return int(pipes[1].readline())

    def close(self) -> None:
        """Let it end."""
        self._process.communicate()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    found = Server()
    yield found
    found.close()


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SolanaDeskWorld]:
    with deployed_solana_world(tmp_path_factory.mktemp("deployed")) as world:
        yield world


@pytest.fixture(scope="module")
def whole(deployed: SolanaDeskWorld) -> dict[str, bytes]:
    """What a set-up leads to when nothing stops it."""
    return state(deployed.open())


@contextmanager
def stage(plan: str, deployed: SolanaDeskWorld, folder: Path) -> Iterator[SolanaDeskWorld]:
    """Where a plan begins: a set-up on a cluster of its own, an onboarding with records of its own."""
    if plan == "deployment":
        with empty_solana_world(folder) as world:
            yield world
    else:
        yield SolanaDeskWorld(deployed.served, folder, deployed.manifest)


def state(desk: SolanaDesk) -> dict[str, bytes]:
    """The data of everything that a set-up makes."""
    at = desk.program.at
    listings = [desk.listing(ticker) for ticker in desk.manifest.stocks]
    places = {"issuer": at.issuer, "program data": at.program_data}
    places |= {f"{one.isin} {part}": getattr(one, part) for one in listings for part in ("mint", "stock", "reserve")}
    for symbol, mint in desk.assets().items():
        places |= {symbol: mint, f"{symbol} asset": at.asset(mint), f"{symbol} treasury": desk.treasury(mint)}
    found = dict(zip(places, desk.chain.accounts(list(places.values())), strict=True))
    # The loader notes the slot in which it wrote.
    return {name: data[12:45] if name == "program data" else data for name, data in found.items() if data}


def finished(world: SolanaDeskWorld, plan: str, rows: int, whole: dict[str, bytes]) -> None:
    """The plan's end, whole: the same state, each transaction once, the records complete and true."""
    desk = world.open()
    records = desk.records.all()
    done = [one for one in records if one.done]
    assert len({one.action.step_id for one in done}) == len(done)
    assert all(one.status == "abandoned" for one in records if not one.done)
    assert verify(desk.records, desk.chain) == []
    assert not list(desk.records.folder.rglob("*.part"))
    assert not plan_of(desk, plan, rows).steps
    if plan == "deployment":
        assert state(desk) == whole
        assert len(done) == SETUP
        senders = Counter(one.action.sender_name for one in done)
        for name, count in senders.items():
            named = [one for one in desk.cluster.signatures(desk.keys.address(name)) if paid_by(desk, one, name)]
            assert len(named) == count, name
        return
    assert len(done) == -(-rows // EACH)
    investors = [desk.program.at.investor(investor_id(row.investor)) for _, row in newcomers(plan, rows).rows]
    assert None not in desk.chain.accounts(investors)


def paid_by(desk: SolanaDesk, signature: object, name: str) -> bool:
    """Whether a transaction was an account's own."""
    landed = desk.chain.landed(signature)  # type: ignore[arg-type]
    return landed is not None and landed.message.account_keys[0] == desk.keys.address(name)


def killed_and_finished(server: Server, world: SolanaDeskWorld, plan: str, rows: int, kill: str) -> None:
    assert server.victim(world, plan, rows, kill) == -signal.SIGKILL
    assert server.victim(world, plan, rows) == 0


@pytest.mark.parametrize(("plan", "point", "number"), DRAWN)
def test_a_killed_run_on_solana_is_finished_by_the_next(
    server: Server, deployed: SolanaDeskWorld, whole: dict[str, bytes], tmp_path: Path,
    plan: str, point: str, number: int,
) -> None:  # fmt: skip
    name = plan if plan == "deployment" else f"{plan} {point} {number}"
    with stage(plan, deployed, tmp_path) as world:
        killed_and_finished(server, world, name, FEW, f"{point}:{number}")
        finished(world, name, FEW, whole)


@pytest.mark.campaign
@pytest.mark.parametrize("point", POINTS)
def test_every_transaction_of_a_set_up_at_a_point(
    server: Server, deployed: SolanaDeskWorld, whole: dict[str, bytes], tmp_path: Path, point: str, record_property
) -> None:
    for number in range(1, SETUP + 1):
        with stage("deployment", deployed, tmp_path / str(number)) as world:
            killed_and_finished(server, world, "deployment", 0, f"{point}:{number}")
            finished(world, "deployment", 0, whole)
    record_property("summary", f"Solana: killed at {point} of each of {SETUP} transactions, and finished")


@pytest.mark.campaign
def test_an_onboarding_of_500_killed_again_and_again(
    server: Server, deployed: SolanaDeskWorld, whole: dict[str, bytes], tmp_path: Path, record_property
) -> None:
    """Every process is killed at the first point of its kind that it comes to, in turn, until one comes to none."""
    world, kills = SolanaDeskWorld(deployed.served, tmp_path, deployed.manifest), 0
    while server.victim(world, "again", MANY, f"{POINTS[kills % len(POINTS)]}:1") == -signal.SIGKILL:
        kills += 1
        assert kills < 2 * len(POINTS) * MANY // EACH
    perform(world.served.url, str(world.records), "again", MANY)
    assert kills >= MANY // EACH
    finished(world, "again", MANY, whole)
    record_property("summary", f"500 onboardings on Solana: killed {kills} times, and finished")
