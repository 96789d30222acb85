"""A command of two networks is killed, and given again: both end where it would have brought them, and nothing twice.

The networks are processes of their own and survive. Here a story of six commands, each killed at a point drawn once;
every point of every transaction and decision is the campaign's.
"""

from __future__ import annotations

import gzip
import json
import random
import signal
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from landing import Signed, State, accounts, intended, received, signed_once
from multichain_networks_world import Both
from served import ROOT
from solana_network_world import START

from scrip import instructions as ins
from scrip.evm.tx.verify import verify as verify_evm
from scrip.multichain.decisions import Decisions, folders
from scrip.multichain.verify import verify
from scrip.solana.tx.verify import verify as verify_solana

sys.path.append(str(ROOT / "tests/executor/killing"))
from kill_points import DECISION_POINTS, POINTS
from kill_server import Server

DRIFT, USAGE = 3, 64
SPLIT = "--ex 2027-01-25 --effective 2027-01-25T14:30:00Z --new 2 --old 1"
BETWEEN = ("intent-half-written", 2)
"""The first network has done its part, and of the second's there is nothing yet."""
EX, AT = date(2027, 1, 25), START + 10 * 86_400 + 23_400


@dataclass(frozen=True)
class Command:
    """A command, how many transactions and decisions it comes to, and with what it may end."""

    line: str
    transactions: int
    decisions: int
    ends: frozenset[int] = frozenset({0})
    unforeseen: str = ""

    @property
    def points(self) -> list[tuple[str, int]]:
        """Where it can be killed."""
        sent = [(point, number) for point in POINTS for number in range(1, self.transactions + 1)]
        return sent + [(point, number) for point in DECISION_POINTS for number in range(1, self.decisions + 1)]


STORY = [
    Command(f"action announce MSFT SPLF split-1 {SPLIT} --apply --yes", 2, 0),
    Command("action schedule MSFT SPLF split-1 --apply --yes", 2, 1),
    Command("action cancel MSFT SPLF split-1 --reason 7 --document order-1 --apply --yes", 2, 1),
    # Where an aggregator answers, a split that is withdrawn leaves no ceiling: somebody looks, and names one.
    Command("market ceiling MSFT 1000000 --reference looked --apply --yes", 1, 0),
    Command("market move-ceiling MSFT 1000 --to solana-local --reference there --apply --yes", 2, 2),
    Command("market move-ceiling MSFT 400 --to local --reference back --network solana-local --apply --yes", 2, 2),
    # The slot is taken on the second network alone: what the first has already is cancelled.
    Command("action schedule AAPL SPLF split-2 --apply --yes", 3, 2, frozenset({DRIFT, USAGE}), "solana-local"),
]
DRAW = random.Random(2031)
DRAWN = [BETWEEN if "move-ceiling" in one.line else DRAW.choice(one.points) for one in STORY]


@dataclass
class Stage:
    """Both networks, and where the story leads them when nothing stops it."""

    both: Both
    server: Server
    whole: list[Any] = field(default_factory=list)

    def begin(self) -> None:
        """As the story finds them: a split of the other stock is announced, and its slot is taken on Solana."""
        self.both.back()
        self.both.action("AAPL", "SPLF", "split-2").announce(ins.Announce("AAPL", "SPLF", "split-2", EX, AT, 2, 1))
        solana = self.both.sides()[1]
        self.both.run(solana, ins.Announce("AAPL", "SPLF", "taken", EX, AT + 86_400, 2, 1))
        self.both.run(solana, ins.Schedule("AAPL", "SPLF", "taken"))

    def give(self, command: Command, kill: str = "") -> int:
        """Give a command in a process of its own; how that ended."""
        folder = str(self.both.records.parent)
        asked = {"line": command.line, "urls": self.both.urls, "unforeseen": command.unforeseen}
        return self.server.victim(kill, folder=folder, **asked)

    def state(self) -> tuple[Any, State, list[list[str]]]:
        """Everything that both networks keep, and what was decided."""
        node, solana = self.both.local.open().node, self.both.solana
        dump = json.loads(gzip.decompress(bytes.fromhex(node.rpc("anvil_dumpState")[2:])))["accounts"]
        decided = [[one.text() for one in Decisions.at(folder).all()] for folder in folders(self.both.records)]
        return dump, accounts(solana.served, solana.open()), decided


@pytest.fixture
def stage(both: Both, children: Server, monkeypatch: pytest.MonkeyPatch) -> Stage:
    both.commands(monkeypatch)
    found = Stage(both, children)
    found.begin()
    for command in STORY:
        assert found.give(command) in command.ends
        found.whole.append(found.state())
    return found


def nothing_twice(stage: Stage, events: list[Signed]) -> None:
    """Each transaction once on both networks, the records complete and true, and nothing left to finish.

    `events` is what was signed for Solana in the story's course, as it arrived and as killed processes left it.
    """
    local, solana = stage.both.local.open(), stage.both.solana.open()
    for network in (local, solana):
        records = network.records.all()
        # A blockhash may have expired meanwhile: then what was signed with it is given up, and signed anew.
        assert {one.status for one in records} <= {"done", "abandoned"}
        done = [one.action.step_id for one in records if one.done]
        assert len(set(done)) == len(done)
        assert not network.records.open_intents()
    assert not list(stage.both.records.rglob("*.part"))
    blocks = [local.node.rpc("eth_getBlockByNumber", hex(n), False) for n in range(1, local.node.block().number + 1)]
    mined = Counter(tx for block in blocks for tx in block["transactions"])
    assert mined == Counter(one.tx for one in local.records.all() if one.done)
    signed_once(events)
    landed = {one.tx for one in events if one.landed}
    assert landed <= {one.tx for one in solana.records.all() if one.done}
    assert len({one.does for one in events}) == len(landed)
    assert verify_evm(local.records, local.node) == []
    assert verify_solana(solana.records, solana.chain) == []
    assert verify(stage.both.sides(), stage.both.records) == []


def told(stage: Stage, kills: list[tuple[str, int]]) -> int:
    """The story, each of its commands killed and given again; how many were killed."""
    served, events, count = stage.both.solana.served, [], 0
    arrived = len(received(served))
    stage.begin()
    together = sum(stage.both.ceilings())
    for command, whole, (point, number) in zip(STORY, stage.whole, kills, strict=True):
        code, reached = stage.give(command, f"{point}:{number}"), (point, number) in command.points
        assert (code == -signal.SIGKILL) == reached, (command.line, point, number, code)
        assert sum(stage.both.ceilings()) <= together
        events += [*received(served)[arrived:], *intended(stage.both.solana.open())]
        arrived = len(received(served))
        if reached:
            count += 1
            assert stage.give(command) in command.ends
        assert stage.state() == whole, (command.line, point, number)
    nothing_twice(stage, [*events, *received(served)[arrived:]])
    return count


def test_a_killed_command_of_two_networks_is_finished_by_the_next(stage: Stage) -> None:
    assert told(stage, DRAWN) == len(STORY)


@pytest.mark.campaign
@pytest.mark.parametrize("number", [1, 2, 3])
def test_every_point_of_every_command_of_two_networks(stage: Stage, number: int, record_property) -> None:
    points = [*POINTS, *DECISION_POINTS]
    kills = sum(told(stage, [(point, number)] * len(STORY)) for point in points)
    assert kills == sum(one[1] == number for command in STORY for one in command.points)
    record_property("summary", f"commands of two networks: killed {kills} times at point {number}, and finished")
