"""How `make coverage` tells which lines of a contract have run."""

from typing import Any

import boa
import pytest
from covered_lines import Recorder, Source

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
"""


def test_only_the_statements_that_ran_are_counted(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "Adder.vy"
    path.write_text(SOURCE)
    source = Source(path)
    assert source.executable == {6, 7, 14, 15, 16, 17, 18, 19, 20, 24, 29, 30, 31}
    monkeypatch.setattr("covered_lines.sources", lambda: {"Adder": source})
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
        assert recorder.covered()["Adder"] == source.executable - {24, 29, 30, 31}
        contract.at(1)
        assert recorder.covered()["Adder"] == source.executable - {24, 30}
        contract.at(0)
        assert recorder.covered()["Adder"] == source.executable - {24}


def test_a_copy_with_moved_lines_does_not_count(tmp_path: Any) -> None:
    path = tmp_path / "Adder.vy"
    path.write_text(SOURCE)
    source = Source(path)
    assert source.matching(SOURCE, range(6, 8)) == {6, 7}
    assert source.matching(SOURCE.replace("first > 0", "first > 1"), range(6, 8)) == {7}
    assert source.matching("\n" + SOURCE, range(6, 8)) == set()
