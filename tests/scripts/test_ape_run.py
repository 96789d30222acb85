"""Commands as a shell starts them: through Ape, in a process of their own, one of them killed."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from desk_cli import SCRIPTS
from desk_world import MANIFESTS, DeskWorld, empty_world

ROOT = SCRIPTS.parent
KILLING = ROOT / "tests" / "execute" / "killing"


def ape(words: list[object], url: str, **more: str) -> subprocess.CompletedProcess[str]:
    """`ape run` in the project, against a node."""
    environment = {**os.environ, "SCRIP_LOCAL_RPC": url, **more}
    command = [Path(sys.executable).with_name("ape"), "run", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)


def test_a_command_starts_in_seconds_and_loads_nothing_it_does_not_need() -> None:
    started = time.monotonic()
    said = ape(["compliance", "--help"], "http://127.0.0.1:1")
    assert said.returncode == 0, said.stderr
    assert "onboard" in said.stdout
    assert time.monotonic() - started < 30


def test_loading_the_scripts_loads_no_chain() -> None:
    program = f"""
import importlib, pathlib, sys
for path in sorted(pathlib.Path({str(SCRIPTS)!r}).glob("[a-z]*.py")):
    importlib.import_module(f"scripts.{{path.stem}}")
print([name for name in ("ape", "boa", "vyper", "eth_account", "pydantic", "rich", "scrip.evm") if name in sys.modules])
"""
    said = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def test_usage_errors_exit_64_through_ape() -> None:
    said = ape(["emergency", "pause", "--json"], "http://127.0.0.1:1")
    assert said.returncode == 64
    found = json.loads(said.stdout)
    assert (found["command"], found["ok"]) == ("emergency pause", False)


def test_a_node_that_does_not_answer_is_one_line(tmp_path: Path) -> None:
    said = ape(["audit", "chain", "--records", tmp_path], "http://127.0.0.1:1/secret-key")
    assert said.returncode == 1
    assert len(said.stderr.strip().splitlines()) == 1
    assert "secret-key" not in said.stderr + said.stdout


def test_a_deployment_killed_through_ape_run_is_finished_by_the_next(tmp_path: Path) -> None:
    """SIGKILL between a transaction's intent and its record; the second run repeats nothing."""
    with empty_world(tmp_path) as world:
        words = ["deploy", "suite", "--records", world.records, "--apply", "--yes", "--json"]
        killed = ape(words, world.url, PYTHONPATH=f"{KILLING}", SCRIP_TEST_KILL="sent:17")
        assert killed.returncode == -signal.SIGKILL
        stopped = _transactions(world)
        assert len(world.open().records.open_intents()) == 1
        finished = ape(words, world.url)
        assert finished.returncode == 0, finished.stderr
        assert _transactions(world) == len(world.open().records.all())
        assert stopped < _transactions(world)
        audited = ape(["audit", "chain", "--records", world.records, "--json"], world.url)
        assert (audited.returncode, json.loads(audited.stdout)["drift"]) == (0, [])
        again = ape(words, world.url)
        assert json.loads(again.stdout)["steps"] == []


def _transactions(world: DeskWorld) -> int:
    """So many were ever mined: anvil makes a block of each."""
    return world.open().node.block().number


@pytest.mark.parametrize("name", sorted(path.stem for path in MANIFESTS.glob("*.yaml")))
def test_no_network_is_mistaken_for_another(name: str, tmp_path: Path) -> None:
    """Every manifest against a node of another chain, or none: an error, never a plan."""
    url = "http://127.0.0.1:1"
    said = ape(["deploy", "suite", "--network", name, "--records", tmp_path], url, **_urls(url))
    assert said.returncode in (1, 64), said.stdout
    assert "FAILED" in said.stderr


def _urls(url: str) -> dict[str, str]:
    from scrip.manifest.load import load

    found = (load(path).chain.rpc_env for path in MANIFESTS.glob("*.yaml"))
    return {one: url for one in found if one}
