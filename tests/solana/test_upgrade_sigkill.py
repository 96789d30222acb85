"""An upgrade of the program is killed, and given again: the program is the new one, put in its place once."""

from __future__ import annotations

import random
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from another_build import another_build, buffer, extend, put
from landing import State, accounts, intended, received, signed_once
from multichain_networks_world import Both
from served import ROOT

from scrip.solana.addresses import local_address
from scrip.solana.build import Build
from scrip.solana.tx.verify import verify

sys.path.append(str(ROOT / "tests/executor/killing"))
from kill_points import POINTS
from kill_server import Server

LINE = "upgrade apply --sources fixed --network solana-local --apply --yes"
DRAWN = random.Random(2029).sample(POINTS, 3)


@dataclass
class Stage:
    """A cluster with a program to be replaced, and a buffer that holds the other one."""

    both: Both
    server: Server
    build: Path

    def begin(self) -> int:
        """As Solana's own tool leaves it; how many transactions arrived before."""
        self.both.back()
        extend(self.both.solana, 64)
        put(self.both.solana, local_address("written"), buffer("timelock") + Build(self.build).elf.read_bytes())
        return len(received(self.both.solana.served))

    def give(self, kill: str = "") -> int:
        """Give the command in a process of its own; how that ended."""
        return self.server.victim(
            kill, folder=str(self.both.records.parent), line=LINE, urls=self.both.urls, unforeseen=""
        )

    def state(self) -> State:
        """Owner and data of every account."""
        return accounts(self.both.solana.served, self.both.solana.open())

    def killed(self, point: str, whole: State) -> None:
        """Kill it at a point, and give it again."""
        before, served = self.begin(), self.both.solana.served
        earlier = len(self.both.solana.open().records.all())
        assert self.give(f"{point}:1") == -signal.SIGKILL
        left = [*received(served)[before:], *intended(self.both.solana.open())]
        arrived = len(received(served))
        assert self.give() == 0
        network = self.both.solana.open()
        assert self.state() == whole, point
        *expired, record = network.records.all()[earlier:]
        assert (record.status, record.action.operation) == ("done", "upgrade apply")
        # A blockhash may have expired meanwhile.
        assert {one.status for one in expired} <= {"abandoned"}
        assert {one.tx for one in received(served)[before:] if one.landed} == {record.tx}
        signed_once([*left, *received(served)[arrived:]])
        assert not network.records.open_intents()
        assert verify(network.records, network.chain) == []


@pytest.fixture
def stage(both: Both, children: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    both.commands(monkeypatch)
    build = another_build(tmp_path / "fixed")
    (both.records.parent / "fixed").symlink_to(build)
    return Stage(both, children, build)


@pytest.fixture
def whole(stage: Stage) -> State:
    """Where the upgrade leads when nothing stops it."""
    stage.begin()
    before = stage.state()
    assert stage.give() == 0
    assert stage.state() != before
    return stage.state()


def test_a_killed_upgrade_is_finished_by_the_next_run(stage: Stage, whole: State) -> None:
    for point in DRAWN:
        stage.killed(point, whole)


@pytest.mark.campaign
def test_an_upgrade_killed_at_every_point(stage: Stage, whole: State, record_property) -> None:
    for point in POINTS:
        stage.killed(point, whole)
    record_property("summary", f"an upgrade on Solana: killed {len(POINTS)} times, and finished")
