"""The TypeScript package as an integrator gets it: packed by npm, installed beside viem and @solana/kit, run by Node.

Digests are held to the vectors that the contracts and the program answer, too. tsc takes 3 CPU-seconds: nothing else
shows that the types say what the values are.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.network_cli import Cli, fresh, prepared
from support.network_orders import attest
from support.network_world import deployed_world
from support.npm_packages import NODE_MODULES, VECTORS, packed, run

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return packed(tmp_path_factory.mktemp("npm"), ROOT / "records")


def test_digests_are_those_that_the_contracts_and_the_program_answer(package: Path) -> None:
    told = run(package, {})
    assert told["evm"] == [one["digest"] for one in VECTORS["evm"]]
    assert told["solana"] == [one["digest"] for one in VECTORS["solana"]]
    assert min(len(told["evm"]), len(told["solana"])) > 10


def test_the_types_know_what_the_values_are(package: Path) -> None:
    options = [
        "--noEmit",
        "--strict",
        "--module",
        "nodenext",
        "--target",
        "es2022",
        "--skipLibCheck",
    ]
    command = ["node", str(NODE_MODULES / "typescript/bin/tsc"), *options, "npm_types.ts"]
    said = subprocess.run(command, cwd=package, capture_output=True, text=True, check=False, timeout=300)
    found = {int(one) for one in re.findall(r"^npm_types\.ts\((\d+),", said.stdout, flags=re.M)}
    lines = (package / "npm_types.ts").read_text().splitlines()
    assert found == {number for number, line in enumerate(lines, start=1) if "// wrong: " in line}, said.stdout
    assert found


def test_the_package_holds_what_it_says_and_no_path_of_a_machine(package: Path) -> None:
    made = package / "node_modules/scrip"
    head = json.loads((made / "package.json").read_text())
    assert head["version"] == "0.1.0-dev.0"
    for part in head["exports"].values():
        assert all((made / path).is_file() for path in part.values())
    text = "".join(path.read_text() for path in made.iterdir() if path.is_file())
    assert str(ROOT) not in text
    assert os.environ["HOME"] + "/" not in text


@pytest.fixture(scope="module")
def standing_trade(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cli]:
    """A deployment where an owner holds 100 MSFT of a quote that was carried out."""
    with deployed_world(tmp_path_factory.mktemp("deployed")) as world:
        fresh(world.records.parent)
        files = prepared(world, _trade)
        fresh(world.records.parent, files)
        yield Cli(world)


def _trade(cli: Cli) -> None:
    network = cli.world.open()
    coin, owner = network.suite().stablecoin, network.chain.address("owner-1")
    network.chain.send(coin, "mint", owner, 10**12, sender="deployer")
    attest(network, 200)
    file = cli.folder / "owner.csv"
    file.write_text(f"investor,wallet,country,class,expiry\nhouse,{owner},CH,professional,2029-12-31\n")
    cli.done(f"compliance onboard {file} --apply")
    cli.done(f"market quote mint MSFT owner-1 100 9000.00 --out {cli.folder}/quote.json --reference q-1 --apply")
    cli.done(f"market mint {cli.folder}/quote.json --as owner-1 --apply")


def test_node_reads_a_deployment_and_checks_its_quotes(
    standing_trade: Cli, tmp_path_factory: pytest.TempPathFactory
) -> None:
    cli = standing_trade
    folder = packed(tmp_path_factory.mktemp("npm-deployed"), cli.world.records)
    quote = json.loads((cli.folder / "quote.json").read_text())
    account = cli.world.open().chain.address("owner-1")
    told = run(folder, {"evm": quote, "rpc": cli.world.url, "network": "local", "account": account})
    assert (told["balance"], told["shares"]) == (str(100 * 10**18), str(100 * 10**18))
    assert told["signer"].lower() == quote["signer"].lower()
    assert (told["struct"]["amount"], told["struct"]["settlement"]) == (str(100 * 10**18), str(9_000 * 10**6))
