"""The harness that the prover runs stands on the present sources: what it plants and names is there."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from halmos import PROOFS, SIGNED, Proof, deployed, harness  # noqa: E402


@pytest.mark.parametrize("proof", PROOFS, ids=lambda proof: proof.name)
def test_each_fault_can_be_planted(proof: Proof) -> None:
    assert (ROOT / proof.file).read_text().count(proof.before) == 1
    assert f"function check_{proof.name}(" in (ROOT / "tests/halmos/Stock.t.sol").read_text()


def test_the_harness_holds_the_code_and_every_function_of_both_halves(tmp_path: Path) -> None:
    found = deployed(ROOT)
    harness(found, tmp_path)
    written = (tmp_path / "test" / "IStock.sol").read_text()
    named = {entry["name"] for entry in found["abi"] if entry["type"] == "function"}
    assert set(SIGNED) <= named
    assert all(f"function {name}(" in written for name in named)
    assert found["stock"] in (tmp_path / "test" / "Code.sol").read_text()
