"""The facts that git keeps about the contracts are those of the sources. `python tools/snapshots.py` rewrites them."""

import importlib.util
import json
from functools import cache
from types import ModuleType
from typing import Any

import boa
from support.contract_world import World

from scrip.evm.compiled.artifacts import CONTRACTS, artifact, deployables
from scrip.evm.compiled.layout import COMMITTED, LAYOUTS

SNAPSHOTS = CONTRACTS.parent / "tests" / "snapshots"
BUDGET = 22_000
"""Bytes of code that a contract may have, of 24,576 (EIP-170): what is left is for the mistake that is found last."""


@cache
def _tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("snapshots", CONTRACTS.parent / "tools" / "snapshots.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def _kept(name: str) -> dict[str, Any]:
    return json.loads((SNAPSHOTS / name).read_text())


def test_the_storage_of_a_stock_lies_where_it_lay() -> None:
    assert _tool().layout(artifact("StockToken")) == json.loads(COMMITTED.read_text())


def test_both_halves_of_a_stock_keep_one_storage() -> None:
    assert _tool().layout(artifact("StockExtension")) == json.loads(COMMITTED.read_text())


def test_no_two_variables_share_a_slot_and_reserves_end_the_modules() -> None:
    rows = json.loads(COMMITTED.read_text())["storage"]
    ends = [row["slot"] + row["slots"] for row in rows]
    assert [row["slot"] for row in rows] == [0, *ends[:-1]]
    modules = [row["variable"].split(".")[0] for row in rows]
    lasts = {module: row["variable"] for module, row in zip(modules, rows, strict=True)}
    assert all(last.endswith("._reserved") for last in lasts.values())


def test_every_contract_is_as_large_as_noted_and_fits() -> None:
    kept = _kept("sizes.json")
    names = set(deployables())
    assert set(kept["evm"]) == names
    assert kept["evm"] == {name: _tool().size(artifact(name)) for name in names}
    assert all(size["runtime"] <= kept["evm_limit"] == 24_576 for size in kept["evm"].values())
    assert {name for name, size in kept["evm"].items() if size["runtime"] > BUDGET} == set()
    assert all(size["init"] <= 2 * 24_576 for size in kept["evm"].values())


def test_the_size_is_that_of_the_code_on_the_chain(world: World) -> None:
    front, extension = world.implementations[0].address, world.stock.extension()
    for address, name in ((front, "StockToken"), (extension, "StockExtension"), (world.beacon.address, "StockBeacon")):
        assert len(boa.env.get_code(address)) == _kept("sizes.json")["evm"][name]["runtime"]


def test_a_snapshot_is_written_as_the_tool_writes_it() -> None:
    for path in (SNAPSHOTS / "sizes.json", *LAYOUTS.glob("*.json")):
        assert path.read_text() == _tool().text_of(json.loads(path.read_text()))
