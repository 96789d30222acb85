"""A process is killed while it carries out a plan on Solana, and the next one ends where an uninterrupted one does.

The cluster is a process of its own and survives; it notes what arrives and when. Here five points, drawn once, each
with something that goes wrong on the way besides; every point of every transaction is the campaign's.
"""

from __future__ import annotations

import random
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from landing import Signed, State, accounts, intended, received, signed_once
from served import ROOT, Served, running
from solana_network_world import START, solana_manifest
from solana_victim import perform, plan_of

from scrip.chains.solana import SolanaNetwork
from scrip.labels import DEPLOYER
from scrip.solana.tx.verify import verify

sys.path.append(str(ROOT / "tests/executor/killing"))
from kill_points import POINTS
from kill_server import Server, victim

SETUP = 11
"""Transactions of a set-up."""
FEW, MANY = 24, 500
"""Rows of an onboarding: here, and of the campaign's."""
EACH = 3
"""Rows to a transaction."""
LIFE = 200
"""Blocks after which no transaction of today can land, and that is final."""
MISHAPS = ("nothing", "drop", "expire", "lose_reply", "refuse")
"""What befalls the transaction at hand. What expires was dropped, and its time is over when the next process comes."""
DRAW = random.Random(2027)
DRAWN = [
    (rows, point, DRAW.randint(1, SETUP), mishap)
    for rows, point, mishap in zip((0, FEW, 0, FEW, 0), DRAW.sample(POINTS, 5), DRAW.sample(MISHAPS, 5), strict=True)
]
"""Rows (none: a set-up), a point, of which transaction, and a mishap. The last is an operator's own command."""


class Stage:
    """A plan on a cluster that is as the plan finds it: empty, or for an onboarding set up."""

    def __init__(self, served: Served, rows: int, folder: Path) -> None:
        self.served, self.rows, self.folder = served, rows, folder
        shutil.rmtree(folder, ignore_errors=True)
        served.ask("endpoint_restart")
        if rows:
            perform(**self.asked | {"rows": 0})
        self.transactions = (SETUP if rows else 0) + (-(-rows // EACH) or SETUP)

    @property
    def asked(self) -> dict:
        """What a child is asked to do here."""
        return {"url": self.served.url, "folder": str(self.folder), "rows": self.rows}

    def network(self) -> SolanaNetwork:
        return SolanaNetwork.open(solana_manifest(), self.served.url, self.folder)

    def state(self) -> State:
        """Owner and data of every account."""
        return accounts(self.served, self.network())

    def received(self) -> list[Signed]:
        """What arrived, in order."""
        return received(self.served)


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with running(block_ms=20, start=START, upgrader=DEPLOYER) as found:
        yield found


@pytest.fixture(scope="module")
def whole(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], State]:
    """Where a plan leads when nothing stops it."""
    known: dict[int, State] = {}

    def lead(rows: int) -> State:
        if rows not in known:
            stage = Stage(served, rows, tmp_path_factory.mktemp("whole"))
            perform(**stage.asked)
            known[rows] = stage.state()
        return known[rows]

    return lead


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    found = Server(ROOT / "tests/solana/solana_victim.py")
    yield found
    found.close()


def left_behind(stage: Stage) -> list[Signed]:
    """What was signed up to now, whether it arrived or not."""
    return [*stage.received(), *intended(stage.network())]


def finished(stage: Stage, whole: State, left: list[Signed]) -> None:
    """The plan's end, whole: the same state, each transaction once, the records complete and true.

    `left` is what was signed up to the kill.
    """
    network = stage.network()
    assert stage.state() == whole
    records = network.records.all()
    done = [one for one in records if one.done]
    assert len({one.action.step_id for one in done}) == len(done) == stage.transactions
    assert {one.status for one in records} <= {"done", "abandoned"}
    received = stage.received()
    assert {one.tx for one in received if one.landed} == {one.tx for one in done}
    assert not {one.tx for one in received if one.landed} & {one.tx for one in records if not one.done}
    arrived = sum(one.final is not None for one in left)
    signed_once([*left, *received[arrived:]])
    assert not network.records.open_intents()
    assert verify(network.records, network.chain) == []
    assert not list(network.records.folder.rglob("*.part"))
    assert not plan_of(network, stage.rows).steps


def killed(stage: Stage, run: Callable[[str], int], point: str, number: int, mishap: str) -> list[Signed]:
    """Kill a process, and let the mishap take its course; what was signed until then."""
    fault = "drop" if mishap == "expire" else mishap
    if fault != "nothing":
        stage.served.fault(fault, 1, number - 1)
    assert run(f"{point}:{number}") == -signal.SIGKILL
    left = left_behind(stage)
    if mishap == "expire":
        stage.served.fault("drop", 0)
        stage.served.advance(LIFE)
    return left


@pytest.mark.parametrize(("rows", "point", "number", "mishap"), DRAWN)
def test_a_killed_run_on_solana_is_finished_by_the_next(
    served: Served, whole: Callable[[int], State], server: Server, tmp_path: Path,
    rows: int, point: str, number: int, mishap: str,
) -> None:  # fmt: skip
    wanted, stage = whole(rows), Stage(served, rows, tmp_path / "records")
    command = ["ape", "run", "deploy", "suite", "--network", "solana-local", "--apply", "--yes"]
    command += ["--records", str(stage.folder)]

    def run(kill: str = "") -> int:
        if (rows, point, number, mishap) == DRAWN[-1]:
            return victim(command, kill, SCRIP_SOLANA_LOCAL_RPC=served.url)
        return server.victim(kill, **stage.asked)

    left = killed(stage, run, point, number, mishap)
    assert run() == 0
    finished(stage, wanted, left)
    if mishap not in ("nothing", "expire"):
        assert served.fault(mishap, 0) == 0


def test_what_a_killed_process_signed_is_signed_anew_once_it_has_expired(
    served: Served, whole: Callable[[int], State], server: Server, tmp_path: Path
) -> None:
    wanted, stage = whole(0), Stage(served, 0, tmp_path / "records")
    left = killed(stage, lambda kill: server.victim(kill, **stage.asked), "sent", 1, "expire")
    assert server.victim(**stage.asked) == 0
    finished(stage, wanted, left)
    first, second, *_ = stage.network().records.all()
    assert (first.status, first.tx) == ("abandoned", left[0].tx)
    assert (second.status, second.action.step_id) == ("done", first.action.step_id)


@pytest.mark.campaign
@pytest.mark.parametrize("point", POINTS)
def test_every_transaction_of_a_set_up_at_a_point(
    served: Served, whole: Callable[[int], State], server: Server, tmp_path: Path, point: str, record_property
) -> None:
    wanted = whole(0)
    for number in range(1, SETUP + 1):
        stage = Stage(served, 0, tmp_path / str(number))
        mishap = MISHAPS[(POINTS.index(point) + number) % len(MISHAPS)]
        left = killed(stage, lambda kill, stage=stage: server.victim(kill, **stage.asked), point, number, mishap)  # type: ignore[misc]
        assert server.victim(**stage.asked) == 0
        finished(stage, wanted, left)
    record_property("summary", f"Solana: killed at {point} of each of {SETUP} transactions, and finished")


@pytest.mark.campaign
@pytest.mark.parametrize("point", POINTS)
def test_every_transaction_of_an_onboarding_of_500_at_a_point(
    served: Served, whole: Callable[[int], State], server: Server, tmp_path: Path, point: str, record_property
) -> None:
    """Each process goes on where the one before was killed, and is killed at the same point of the next transaction."""
    wanted, stage = whole(MANY), Stage(served, MANY, tmp_path / "records")
    # Before its entry has its name, a transaction comes to the point a second time: in the process that goes on.
    again = point.endswith(("half-written", "unnamed"))
    kills = 0
    while (code := server.victim(f"{point}:{1 + (again and kills > 0)}", **stage.asked)) == -signal.SIGKILL:
        kills += 1
    assert code == 0
    assert kills >= -(-MANY // EACH)
    finished(stage, wanted, [])
    record_property("summary", f"500 onboardings on Solana: killed {kills} times at {point}, and finished")


@pytest.mark.campaign
@pytest.mark.parametrize("rows", [0, MANY])
def test_a_run_on_solana_killed_again_and_again(
    served: Served, whole: Callable[[int], State], server: Server, tmp_path: Path, rows: int, record_property
) -> None:
    """Every process is killed at the first point of its kind that it comes to, in turn, until one comes to none."""
    wanted, stage, kills = whole(rows), Stage(served, rows, tmp_path / "records"), 0
    while server.victim(f"{POINTS[kills % len(POINTS)]}:1", **stage.asked) == -signal.SIGKILL:
        kills += 1
        assert kills < 2 * len(POINTS) * stage.transactions
    assert server.victim(**stage.asked) == 0
    assert kills >= (-(-rows // EACH) or SETUP)
    finished(stage, wanted, [])
    record_property("summary", f"{rows or 'set-up'} on Solana: killed {kills} times, and finished")
