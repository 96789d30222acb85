"""How `make coverage` tells which lines of a contract have run, and what it found."""

import json
from pathlib import Path
from typing import Any

import boa
import pytest
from support.covered_lines import Recorder, Source, sources

KEPT = Path(__file__).resolve().parents[1] / "snapshots" / "coverage.json"

SOURCE = """# pragma version ==0.4.3
total: public(uint256)

@deploy
def __init__(first: uint256):
    if first > 0:
        self.total = first
    else:
        # nothing
        pass

@external
def add(amount: uint256):
    for i: uint256 in range(3):
        if amount == i:
            self.total += max(
                amount,
                1,
            )
    self.total += 0

@external
def never():
    self.total = 0

@external
@view
def at(place: uint256) -> address:
    if place == 0:
        return empty(address)
    return self

@external
def leave(amount: uint256):
    self._leave(amount)

@internal
def _leave(amount: uint256):
    parts: DynArray[uint256, 2] = [amount]
    if amount == 0:
        parts = []
    if len(parts) == 0:
        return
    self.total = parts[0]
"""
LEAVE = {35, 39, 40, 41, 42, 43, 44}


def test_only_the_statements_that_ran_are_counted(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "Adder.vy"
    path.write_text(SOURCE)
    source = Source(path)
    assert source.executable == {6, 7, 14, 15, 16, 17, 18, 19, 20, 24, 29, 30, 31} | LEAVE
    monkeypatch.setattr("support.covered_lines.sources", lambda: {"Adder": source})
    recorder = Recorder()
    monkeypatch.setattr(boa.env, "_coverage_enabled", True)
    monkeypatch.setattr(boa.env, "_trace_computation", lambda computation, *_: recorder.note(computation))
    with boa.env.anchor():
        deployer = boa.load_partial(str(path))
        recorder.compiled.append(deployer.compiler_data)
        contract = deployer.deploy(0)
        assert recorder.covered()["Adder"] == {6}
        contract.add(5)
        assert recorder.covered()["Adder"] == {6, 14, 15, 20}
        contract.add(2)
        assert recorder.covered()["Adder"] == {6, 14, 15, 16, 17, 18, 19, 20}
        deployer.deploy(1)
        assert recorder.covered()["Adder"] == source.executable - {24, 29, 30, 31} - LEAVE
        contract.at(1)
        assert recorder.covered()["Adder"] == source.executable - {24, 30} - LEAVE
        contract.at(0)
        assert recorder.covered()["Adder"] == source.executable - {24} - LEAVE
        contract.leave(1)
        assert recorder.covered()["Adder"] == source.executable - {24, 41, 43}
        contract.leave(0)
        assert recorder.covered()["Adder"] == source.executable - {24}


def test_a_copy_with_moved_lines_does_not_count(tmp_path: Any) -> None:
    path = tmp_path / "Adder.vy"
    path.write_text(SOURCE)
    source = Source(path)
    assert source.matching(SOURCE, range(6, 8)) == {6, 7}
    assert source.matching(SOURCE.replace("first > 0", "first > 1"), range(6, 8)) == {7}
    assert source.matching("\n" + SOURCE, range(6, 8)) == set()


def test_every_contract_and_module_is_covered() -> None:
    kept = json.loads(KEPT.read_text())["contracts"]
    assert set(kept) == set(sources()), "run `make coverage`"
    for name, found in kept.items():
        assert found["covered"] + len(found["missing"]) == found["lines"], name
        assert found["covered"] >= 0.99 * found["lines"], name
