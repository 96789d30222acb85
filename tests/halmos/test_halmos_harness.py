"""The harness that the prover runs stands on the present sources: what it plants and names is there."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from halmos import PROOFS, SIGNED, Proof, deployed, harness, judged, writers  # noqa: E402


@pytest.mark.parametrize("proof", PROOFS, ids=lambda proof: proof.name)
def test_each_fault_can_be_planted(proof: Proof) -> None:
    assert (ROOT / proof.file).read_text().count(proof.before) == 1
    written = (ROOT / "tests/halmos/Stock.t.sol").read_text()
    assert proof.entries or len(re.findall(proof.checks[1:], "".join(re.findall(r"check_\w+\(", written)))) == 1


def test_each_function_that_writes_is_under_proof_by_itself(tmp_path: Path) -> None:
    found = deployed(ROOT)
    harness(found, tmp_path)
    entries = [entry for proof in PROOFS for entry in proof.entries]
    functions = {f"{one['name']} {len(one['inputs'])}": one for one in found["abi"] if one["type"] == "function"}
    assert len(entries) == len(set(entries))
    assert {one["name"] for one in writers(functions).values()} == set(entries)
    checks = re.findall(r"function (check_\w+\()", (tmp_path / "test" / "Entries.t.sol").read_text())
    assert len(checks) == len(set(checks)) == len(writers(functions))
    for check in checks:
        assert sum(bool(re.search(proof.checks, check)) for proof in PROOFS) == 1


@pytest.mark.parametrize(
    ("codes", "loops", "result"),
    [
        ((0, 0), 0, "proved"),
        ((0, 0), 1, "bounded"),
        ((0, 2), 0, "undecided"),
        ((0, 4), 0, "undecided"),
        ((2, 1), 1, "disproved"),
    ],
)
def test_a_property_is_judged_by_its_worst_check(codes: tuple[int, ...], loops: int, result: str) -> None:
    assert judged([{"exitcode": code, "num_bounded_loops": loops} for code in codes]) == result


def test_the_harness_holds_the_code_and_every_function_of_both_halves(tmp_path: Path) -> None:
    found = deployed(ROOT)
    harness(found, tmp_path)
    written = (tmp_path / "test" / "IStock.sol").read_text()
    named = {entry["name"] for entry in found["abi"] if entry["type"] == "function"}
    assert set(SIGNED) <= named
    assert all(f"function {name}(" in written for name in named)
    assert found["stock"] in (tmp_path / "test" / "Code.sol").read_text()
