"""Copies of the contracts with an edit, as a release would bring them, where what they compile to is kept."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from scrip.evm.compiled.artifacts import CONTRACTS, source

COPIES = CONTRACTS.parent / "build" / "edited"

STORAGE = "token_storage"
_REVIEW = """@external
def review():
    roles._check(roles.ADMIN)
    s.reviewed = block.timestamp


@external
@view
def reviewed() -> uint256:
    return s.reviewed


"""
VERSION_2 = {
    STORAGE: (("_reserved: uint256[30]\n", "# @dev the last review\nreviewed: uint256\n_reserved: uint256[29]\n"),),
    "token_admin": (("@external\ndef bumpEpoch():", _REVIEW + "@external\ndef bumpEpoch():"),),
    "StockExtension": ((".bumpEpoch,\n", ".bumpEpoch,\n    token_admin.review,\n    token_admin.reviewed,\n"),),
}
"""A second version as it should be: a variable out of the reserve, a function that writes it, one that reads it."""


def edited(name: str, edits: Mapping[str, tuple[tuple[str, str], ...]]) -> Path:
    """The folder of a copy of the contracts in which each first text of a source is replaced by the second."""
    folder = COPIES / name / "contracts"
    wanted = {path.relative_to(CONTRACTS).as_posix(): path.read_text() for path in CONTRACTS.rglob("*.vy*")}
    for stem, changes in edits.items():
        file = source(stem).relative_to(CONTRACTS).as_posix()
        for before, after in changes:
            assert wanted[file].count(before) == 1, f"{file} does not hold {before!r} once"
            wanted[file] = wanted[file].replace(before, after)
    for stale in (path for path in folder.rglob("*.vy*") if path.relative_to(folder).as_posix() not in wanted):
        stale.unlink()
    for file, text in wanted.items():
        path = folder / file
        if not path.is_file() or path.read_text() != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Renamed into place: another worker may be compiling it.
            temporary = path.with_name(f".{path.name}.{id(text)}")
            temporary.write_text(text)
            shutil.move(temporary, path)
    return folder
