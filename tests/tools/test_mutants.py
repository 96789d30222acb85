"""`make mutants` plants all that is listed, or what is named, and says so where that is nothing."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import campaign  # noqa: E402
import mutants  # noqa: E402


@pytest.fixture
def hunted(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How many are hunted of each kind; none is planted."""
    found: dict[str, int] = {}

    def hunt(kind: str, chosen: tuple[mutants.Mutant, ...], _attempt: object) -> bool:
        found[kind] = len(chosen)
        return True

    monkeypatch.setattr(mutants, "hunt", hunt)
    monkeypatch.setattr(mutants, "copy_project", lambda *_: None)
    return found


@pytest.mark.parametrize(
    ("words", "kinds"),
    [((), ("model", "contracts", "unnoticed", "program")), (("model", "program"), ("model", "program"))],
)
def test_all_are_planted_or_those_of_the_kinds_that_are_named(
    hunted: dict[str, int], monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], kinds: tuple[str, ...]
) -> None:
    monkeypatch.setattr(sys, "argv", ["mutants.py", *words])
    assert mutants.main() == 0
    assert hunted == {kind: len(mutants.KINDS[kind]) for kind in kinds}
    assert min(hunted.values()) > 5


@pytest.mark.parametrize("words", [("rust",), ("--only", "no such fault")])
def test_what_is_not_there_is_an_error_and_no_success(
    hunted: dict[str, int], monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setattr(sys, "argv", ["mutants.py", *words])
    with pytest.raises(SystemExit) as stopped:
        mutants.main()
    assert (stopped.value.code, hunted) == (2, {})


@pytest.mark.parametrize("one", [one for kind in mutants.KINDS.values() for one in kind], ids=lambda one: one.name)
def test_the_line_of_a_planted_fault_stands_just_once(one: mutants.Mutant) -> None:
    assert (ROOT / one.file).read_text(encoding="utf-8").count(one.before) == 1


def test_a_part_that_did_not_run_leaves_no_figure_of_an_earlier_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaign, "SNAPSHOT", tmp_path / "campaign.json")
    proof, bound = (
        {"proved": 1, "mutant_killed": True},
        {"method": "exhaustion", "mutant_killed": True, "overissued": 0},
    )
    campaign.note("halmos", {"halmos": {"one": proof}}, "a")
    campaign.note("mint_bound", {"halmos": {"mint_bound": bound}}, "a")
    assert not campaign.failed({"halmos": {"one": proof, "mint_bound": bound}})
    kept = campaign.json.loads(campaign.SNAPSHOT.read_text())["halmos"]
    assert kept == {"one": proof, "mint_bound": bound}
    monkeypatch.setattr(campaign, "_figures", lambda *_, **__: None)
    for name, left in (("mint_bound", {"one": proof}), ("halmos", {})):
        found = campaign.PARTS[name](1.0)
        campaign.note(name, found, "b")
        kept = campaign.json.loads(campaign.SNAPSHOT.read_text())["halmos"]
        assert campaign.failed(found)
        assert {one: told for one, told in kept.items() if one != "mint_bound"} == left
        assert "overissued" not in kept["mint_bound"]


def test_a_fault_that_was_not_tried_is_told_as_not_found() -> None:
    """Of a kind whose unchanged copy failed nothing was planted, and the campaign told that nothing was found; of one
    that a run did not come to it told nothing, and all was well. What a test prints is no verdict."""
    report = "\n".join(
        (
            "model: 2 mutants to plant",
            "unnoticed: 29 mutants to plant",
            "program: 1 mutants to plant",
            "halves: 4 mutants to plant",
            "model: what looks for faults on an unchanged copy (60 examples), then the mutants",
            "          found  one: this  (3 s)",
            "       SURVIVED  two: that  (3 s)",
            "   found  by a test that passed",
            "1 of 2 found",
            "unnoticed: what looks for faults on an unchanged copy (60 examples), then the mutants",
            "the unchanged copy fails: nothing can be said of the mutants",
            "program: what looks for faults on an unchanged copy (60 examples), then the mutants",
            "BROKE THE BUILD  three: other  (9 s)",
        )
    )
    assert campaign.judged(report) == {"planted": 36, "killed": 1, "surviving": 35}
    assert campaign.failed({"mutants": campaign.judged(report)})
