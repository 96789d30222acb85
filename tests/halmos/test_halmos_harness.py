"""The harness that the prover runs stands on the present sources: what it plants and names is there."""

from __future__ import annotations

import re
import sys
from itertools import product
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from halmos import MOVED, deployed, finds, harness, judged, writers  # noqa: E402
from halmos_proofs import PROOFS, SIGNED, TRANSFER, TRANSFER_FROM, Proof  # noqa: E402


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
    others = [key for key, one in writers(functions).items() if one["name"] not in MOVED]
    checks = re.findall(r"function (check_\w+\()", (tmp_path / "test" / "Entries.t.sol").read_text())
    assert len(checks) == len(set(checks)) == len(others)
    for check in checks:
        assert sum(bool(re.search(proof.checks, check)) for proof in PROOFS) == 1


def test_each_case_of_a_movement_is_a_check_of_its_proof(tmp_path: Path) -> None:
    harness(deployed(ROOT), tmp_path)
    checks = re.findall(r"function (check_\w+\()", (tmp_path / "test" / "Movements.t.sol").read_text())
    assert len(checks) == len(set(checks))
    for proof in PROOFS:
        assert sum(bool(re.search(proof.checks, check)) for check in checks) == len(proof.cases)
    assert {proof.entries for proof in PROOFS if proof.cases} == {("transfer",), ("transferFrom",)}


def test_the_cases_of_a_movement_leave_out_nothing_but_what_is_said_of_accounts_with_lockups() -> None:
    either = (False, True)
    for to_itself, partial, locked, lockups, policy, stand in product(either, either, either, range(5), (0, 1), either):
        state = (to_itself, partial, locked, lockups, policy, stand)
        asks = locked and lockups > 1 and not stand
        assert any(case.has(*state) for case in TRANSFER) != asks
        assert any(case.has(*state) for case in TRANSFER_FROM) != locked


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


@pytest.mark.parametrize(
    ("codes", "found"), [((1, 1), (True, True)), ((0, 1), (True, False)), ((0, 2), (False, False))]
)
def test_a_fault_is_found_by_one_check_and_of_cases_by_each(codes: tuple[int, ...], found: tuple[bool, bool]) -> None:
    results = [{"exitcode": code} for code in codes]
    with_cases = next(proof for proof in PROOFS if proof.cases)
    without = next(proof for proof in PROOFS if not proof.cases)
    assert (finds(without, results), finds(with_cases, results)) == found


def test_the_harness_holds_the_code_and_every_function_of_both_halves(tmp_path: Path) -> None:
    found = deployed(ROOT)
    harness(found, tmp_path)
    written = (tmp_path / "test" / "IStock.sol").read_text()
    named = {entry["name"] for entry in found["abi"] if entry["type"] == "function"}
    assert set(SIGNED) <= named
    assert all(f"function {name}(" in written for name in named)
    assert found["stock"] in (tmp_path / "test" / "Code.sol").read_text()
