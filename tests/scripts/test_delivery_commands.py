"""A spin-off by command, as the runbook has it: announced, posted, made, pushed, parked, mended, delivered, swept.

By hand, one AAPL for three MSFT at the record, no multiplier having moved: 50 give 16.666666666666666666 and a third of
a raw unit that is not made, 40 give 13.333333333333333333, 10 give 3.333333333333333333; owner-2 is retail, which
AAPL's rules keep out. Its desk has the Safe for the ISSUER, as on a public network: 12 commands, three of the Safe's.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from support.desk_people import buy, give_coins, onboard
from support.network_cli import Cli, fresh
from support.network_orders import attest
from support.network_world import deployed_world
from support.runbook import follow, section

from scrip.manifest.load import load

SECTION = "A spin-off, from the announcement to the last delivery"
UNIT = 10**18
GIVEN = {"owner-1": 50 * UNIT // 3, "owner-2": 40 * UNIT // 3, "owner-3": 10 * UNIT // 3}
RECORD = 1_800_369_000
OUT = "dividends/local/MSFT/spin-2027-units"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cli]:
    """A desk before the announcement; its manifest delivers units, and AAPL is for professionals."""
    folder = tmp_path_factory.mktemp("deliveries")
    fresh(folder)
    path = folder / "manifests" / "local.yaml"
    content = yaml.safe_load(path.read_text())
    content["dividends"] = {"tax": "custodian", "in_stock": True}
    path.write_text(yaml.safe_dump(content))
    with pytest.MonkeyPatch.context() as patch, deployed_world(folder, load(path)) as world:
        patch.chdir(folder)
        patch.setenv("SCRIP_LOCAL_RPC", world.url)
        cli = Cli(world)
        attest(world.open(), 200)
        give_coins(cli, "owner-1", "owner-2")
        people = {"owner-1": ("DE", "professional"), "owner-2": ("JP", "retail"), "owner-3": ("CH", "institutional")}
        onboard(cli, people | {"treasury": ("CH", "institutional")}, until="2036-12-31")
        buy(cli, "owner-1", "owner-2")
        network = world.open()
        token = network.ledger().stocks["MSFT"].token
        network.chain.send(token, "transfer", network.chain.address("owner-3"), 10 * UNIT, sender="owner-2")
        Path("spin-off.yaml").write_text("\n".join(re.findall(r"^    (.*)$", section(SECTION), flags=re.M)))
        yield cli


def units(cli: Cli, account: str, stock: str = "AAPL") -> int:
    network = cli.world.open()
    return int(network.chain.call(network.ledger().stocks[stock].token, "balanceOf", network.chain.address(account)))


def custodian(cli: Cli, line: str) -> None:
    """What the custodian does meanwhile."""
    found = re.fullmatch(r"# the custodian holds (\d+) shares of (\w+)", line)
    assert found, line
    attest(cli.world.open(), int(found[1]), found[2])


def test_the_runbook_s_spin_off(desk: Cli) -> None:
    said = follow(
        desk, "A spin-off, from the announcement to the last delivery", tool=lambda line: custodian(desk, line)
    )
    assert "its country or class is shut out" in "".join(said)
    assert "nothing of MSFT spin-2027 waits" in said[-2]
    assert "1 AAPL for 3 MSFT" in said[-1]
    rows = csv.DictReader(Path(OUT, "dividend.csv").read_text().splitlines())
    address = desk.world.open().chain.address
    assert {row["account"]: int(row["net"]) for row in rows} == {address(one).lower(): it for one, it in GIVEN.items()}
    summary = json.loads(Path(OUT, "dividend.json").read_text())
    assert (summary["totals"]["remainder"], summary["terms"]["units"]) == ("1", "AAPL")
    assert [units(desk, one) for one in GIVEN] == list(GIVEN.values())
    network = desk.world.open()
    token = network.ledger().stocks["AAPL"].token
    assert network.chain.call(token, "totalSupply") == sum(GIVEN.values())
    assert list(network.chain.call(token, "multiplierTerms"))[:3] == [UNIT, 1, 1]
    assert units(desk, "owner-1", "MSFT") == 50 * UNIT
