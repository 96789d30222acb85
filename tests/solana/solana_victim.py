"""Forks a child for each request on standard input, which carries out a plan on Solana and may be killed.

It answers with how the child ended. Everything is loaded before the first fork.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "execute/killing")]

import kill_points  # noqa: E402
from solana_desk_world import START, solana_manifest  # noqa: E402

import scrip.execute.solana  # noqa: E402, F401 - what a command would load
from scrip.batch import Batch, Newcomer  # noqa: E402
from scrip.execute import Executor  # noqa: E402
from scrip.plan import Plan  # noqa: E402
from scrip.solana.addresses import local_address  # noqa: E402
from scrip.solana.desk import SolanaDesk  # noqa: E402

YEAR = 365 * 86_400


def newcomers(name: str, count: int) -> Batch[Newcomer]:
    """A file of so many investors."""
    names = [f"{name} {number}" for number in range(count)]
    rows = [Newcomer(one, str(local_address(one)), 276, "retail", START + YEAR) for one in names]
    return Batch(f"{name}.csv", name, tuple(enumerate(rows, start=2)))


def plan_of(desk: SolanaDesk, plan: str, rows: int) -> Plan:
    """`deployment`, or an onboarding by its name."""
    return desk.plan(*(["deployment.suite"] if plan == "deployment" else ["directory.onboard", newcomers(plan, rows)]))


def perform(url: str, folder: str, plan: str, rows: int) -> None:
    """Open the desk, plan and carry out, as a command does."""
    desk = SolanaDesk.open(solana_manifest(), url, Path(folder))
    Executor(desk).run(plan_of(desk, plan, rows))


def _child(request: dict) -> None:
    try:
        if request["kill"]:
            kill_points.arm(request["kill"])
        perform(request["url"], request["folder"], request["plan"], request["rows"])
    except BaseException:  # noqa: BLE001 - told, and nothing of the parent's runs here
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def serve() -> None:
    """One child at a time."""
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _child(json.loads(line))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    serve()
