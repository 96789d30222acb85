"""A child that carries out a plan and may be killed: `victim.py <url> <folder> <plan>`, or `victim.py serve`.

Serving, it forks a child for each request on standard input, and answers with how that child ended.
"""

import json
import os
import sys
import traceback
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE / "killing")]

import execution_world  # noqa: E402
import kill_points  # noqa: E402

from scrip.evm.deployment import plan_deployment  # noqa: E402
from scrip.execute import Executor  # noqa: E402


def perform(url: str, folder: str, plan: str) -> None:
    """Open the desk, plan and carry out, as a command does."""
    desk = execution_world.desk(url, Path(folder))
    Executor(desk).run(plan_deployment(desk) if plan == "deployment" else execution_world.onboarding())


def _child(request: dict[str, str]) -> None:
    try:
        if request.get("kill"):
            kill_points.arm(request["kill"])
        perform(request["url"], request["folder"], request["plan"])
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
    serve() if sys.argv[1:] == ["serve"] else perform(*sys.argv[1:])
