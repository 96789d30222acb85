"""Decisions follow one another by hash, are about one subject, and stand in its folder alone."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from scrip.multichain.decisions import Decision, Decisions
from scrip.records.record import RecordError

CHAINS = ("here-0x01", "there-0x02")


@pytest.fixture
def decisions(tmp_path: Path) -> Decisions:
    """Three about one subject."""
    found = Decisions(tmp_path, "a subject")
    with found.locked("test"):
        for what in ("first", "second", "third"):
            found.decide(what, "ordered", CHAINS, {"shares": "1"})
    return found


def paths(decisions: Decisions) -> list[Path]:
    return sorted(decisions.folder.glob("[0-9]*.json"))


def rewrite(path: Path, **changes: object) -> None:
    """Another decision in a file, with a hash of its own."""
    found = Decision.read(path.read_text(), path.name)
    path.write_text(replace(found, **changes).text())


def broken(decisions: Decisions, place: int) -> None:
    with pytest.raises(RecordError, match=f"decision {place} is missing, or not the one that was made"):
        decisions.all()


def test_they_are_read_as_they_were_made(decisions: Decisions) -> None:
    found = decisions.all()
    assert [(one.number, one.what, one.chains, one.terms) for one in found] == [
        (number, what, CHAINS, {"shares": "1"}) for number, what in enumerate(("first", "second", "third"), start=1)
    ]
    assert [one.previous for one in found[1:]] == [one.hash for one in found[:-1]]


def test_one_that_was_rewritten_with_its_hash_is_betrayed_by_the_next(decisions: Decisions) -> None:
    rewrite(paths(decisions)[0], terms={"shares": "1000"})
    broken(decisions, 2)


def test_one_that_is_missing(decisions: Decisions) -> None:
    paths(decisions)[0].unlink()
    broken(decisions, 1)


def test_one_of_another_number(decisions: Decisions) -> None:
    rewrite(paths(decisions)[2], number=4)
    broken(decisions, 3)


def test_one_about_something_else(decisions: Decisions) -> None:
    rewrite(paths(decisions)[2], subject="another subject")
    broken(decisions, 3)


def test_a_folder_that_was_renamed(decisions: Decisions) -> None:
    assert Decisions.at(decisions.folder).subject == "a subject"
    elsewhere = decisions.folder.with_name("another-subject-00000000")
    shutil.copytree(decisions.folder, elsewhere)
    with pytest.raises(RecordError, match="holds decisions about something else, a subject"):
        Decisions.at(elsewhere)
