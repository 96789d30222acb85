"""Carries out plans in children that may be killed: `victim.py serve`."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE / "killing")]

from kill_server import serve  # noqa: E402
from support import execution_world  # noqa: E402

from scrip.evm.deploy.deployment import plan_deployment  # noqa: E402
from scrip.executor import Executor  # noqa: E402


def perform(url: str, folder: str, plan: str) -> None:
    """Open the network, plan and carry out, as a command does."""
    network = execution_world.opened_network(url, Path(folder))
    Executor(network.transactions()).run(
        plan_deployment(network) if plan == "deployment" else execution_world.onboarding()
    )


if __name__ == "__main__":
    execution_world.manifest()  # and what that loads, once for all children
    serve(perform)
