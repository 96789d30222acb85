"""Commands as a shell starts them: through Ape, in a process of their own."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.network_cli import SCRIPTS, Cli
from support.network_world import MANIFESTS

ROOT = SCRIPTS.parent
NOWHERE = "http://127.0.0.1:1"
"""A node that does not answer."""


def ape(words: list[object], url: str, **more: str) -> subprocess.CompletedProcess[str]:
    """`ape run` in the project, against a node."""
    environment = {**os.environ, "SCRIP_LOCAL_RPC": url, **more}
    command = [Path(sys.executable).with_name("ape"), "run", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)


def test_a_command_starts_in_seconds_and_loads_nothing_it_does_not_need() -> None:
    started = time.monotonic()
    said = ape(["compliance", "--help"], NOWHERE)
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
    said = ape(["emergency", "pause", "--json"], NOWHERE)
    assert said.returncode == 64
    found = json.loads(said.stdout)
    assert (found["command"], found["ok"]) == ("emergency pause", False)


def test_a_node_that_does_not_answer_is_one_line(tmp_path: Path) -> None:
    said = ape(["audit", "chain", "--records", tmp_path], "http://127.0.0.1:1/secret-key")
    assert said.returncode == 1
    assert len(said.stderr.strip().splitlines()) == 1
    assert "secret-key" not in said.stderr + said.stdout


def test_a_deployment_is_proven_and_not_repeated(cli: Cli) -> None:
    world = cli.world
    audited = ape(["audit", "chain", "--records", world.records, "--json"], world.url)
    assert (audited.returncode, json.loads(audited.stdout)["drift"]) == (0, []), audited.stderr
    before = world.open().node.block().number
    again = ape(["deploy", "suite", "--records", world.records, "--apply", "--yes", "--json"], world.url)
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["steps"] == []
    assert world.open().node.block().number == before


def test_a_public_network_without_its_node_has_no_plan(tmp_path: Path) -> None:
    """Its accounts are keystores of Ape's."""
    said = ape(["deploy", "suite", "--network", "sepolia", "--records", tmp_path], NOWHERE, **_urls())
    assert said.returncode in (1, 64), said.stdout
    assert "FAILED" in said.stderr


@pytest.mark.parametrize("name", ["fork", "solana-mainnet"])
def test_without_its_node_no_network_has_a_plan(
    cli: Cli, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, url in _urls().items():
        monkeypatch.setenv(variable, url)
    said = cli.run(f"deploy suite --network {name} --records {tmp_path}")
    assert said.code in (1, 64), said.out
    assert "FAILED" in said.err


def _urls() -> dict[str, str]:
    from scrip.manifest.load import load

    found = (load(path).chain.rpc_env for path in MANIFESTS.glob("*.yaml"))
    return {one: NOWHERE for one in found if one}
