"""Every account of every instruction, wrong in each way, is refused by a name; `build/sweep.json` counts them."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from account_sweep import EXCEPTIONS, KINDS, Bent, Sweep, swept, write
from solana_world import ROOT

REPORT = ROOT / "build/sweep.json"


@pytest.fixture(scope="module")
def sweep() -> Iterator[Sweep]:
    """The sweep of this build. What an earlier one wrote is gone before it begins, and a failed one writes nothing."""
    REPORT.unlink(missing_ok=True)
    found = swept()
    if not (found.unnamed() or found.uncovered() or found.needless()):
        write(found, REPORT)
    return found


def test_what_is_wrong_is_refused_by_a_name_of_ours_or_anchors(sweep: Sweep) -> None:
    assert not sweep.unnamed()


def test_every_instruction_and_every_account_of_the_interface_has_a_case(sweep: Sweep) -> None:
    assert not sweep.uncovered()
    assert set(sweep.interface) == sweep.seen
    counted = sweep.report()["kinds"]
    assert isinstance(counted, dict)
    assert set(counted) == set(KINDS)
    assert all(counted.values())


def test_no_exception_excuses_nothing(sweep: Sweep) -> None:
    assert not sweep.needless()


def test_what_the_history_does_not_have_is_missed(sweep: Sweep) -> None:
    """A new instruction, and a new account of an old one, are without a case until the history has them."""
    more = {**sweep.interface, "a_new_one": ["signer"], "halt": [*sweep.interface["halt"], "a new account"]}
    other = Sweep(more, sweep.met, sweep.texts, sweep.seen)
    assert other.uncovered() == ["a_new_one.signer", "halt.a new account"]


def test_what_is_carried_out_wrongly_is_told(sweep: Sweep) -> None:
    """An account that nobody checks would show: as carried out, or by what another program said of it."""
    met = {**sweep.met, Bent("halt", "issuer", "wrong PDA"): 0, Bent("pause", "mint", "closed"): 4}
    texts = {**sweep.texts, Bent("pause", "mint", "closed"): "OwnerMismatch"}
    other = Sweep(sweep.interface, met, texts, sweep.seen)
    assert other.unnamed() == {"halt.issuer: wrong PDA": "carried out", "pause.mint: closed": "OwnerMismatch"}


def test_the_report_is_whole(sweep: Sweep) -> None:
    said = json.loads(REPORT.read_text())
    assert (said["unnamed"], said["uncovered"], said["cases"]) == (0, 0, len(sweep.met))
    assert said["cases"] > 2_000
    assert all(one["reason"] for one in said["exceptions"])
    assert {one["reason"] for one in said["exceptions"]} == set(EXCEPTIONS.values())
    assert not REPORT.with_suffix(".partial").exists()
