"""A summary that was cut short or altered is refused by its field, whatever the command does with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scrip.errors import InputError, ScripError
from scrip.holders import files

HASH, WORD = "00" * 32, "0x" + "00" * 32
WHOLE = {
    "schema": 1,
    "subject": {"network": "local", "genesis": WORD, "chain_id": 1, "isin": "US0000000001", "token": "0x" + "22" * 20}
    | {"decimals": 18, "instant": 1, "block": 1, "block_hash": WORD, "timestamp": 1},
    "rows": {"holders": 1},
    "sum": "1",
    "tree": {"root": WORD, "sum": "1", "depth": 7, "leaves": 1},
    "action": WORD,
    "bound": WORD,
    "files": {"holders.csv": HASH, "tree.csv": HASH},
    "digest": HASH,
    "inputs": [],
}


def read(folder: Path, summary: object) -> dict[str, Any]:
    (folder / files.SUMMARY).write_text(json.dumps(summary))
    return files.read_summary(folder)


def test_every_field_is_needed(tmp_path: Path) -> None:
    assert read(tmp_path, WHOLE) == WHOLE
    for name in WHOLE:
        for altered in ({one: value for one, value in WHOLE.items() if one != name}, WHOLE | {name: None}):
            with pytest.raises(InputError, match="is no summary of a register") as wrong:
                read(tmp_path, altered)
            assert str(wrong.value.field).startswith(name)


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [
        ("tree", WHOLE["tree"] | {"depth": "7"}, "tree.depth"),  # type: ignore[operator]
        ("tree", WHOLE["tree"] | {"depth": 33}, "tree.depth"),  # type: ignore[operator]
        # None of a table's files was held to a hash, and all was told to be as it was.
        ("files", {}, "files.holders.csv"),
        ("files", {"holders.csv": HASH}, "files.tree.csv"),
        ("files", {"../holders.csv": HASH}, "files.../holders.csv"),
        ("rows", {"holders": 1, "claims": 1}, "files.claims.csv"),
        ("action", "0x12", "action"),
        ("subject", {"x": 1}, "subject.network"),
    ],
)
def test_what_a_field_may_hold(tmp_path: Path, name: str, value: object, field: str) -> None:
    with pytest.raises(InputError) as wrong:
        read(tmp_path, WHOLE | {name: value})
    assert str(wrong.value.field).startswith(field)


def test_a_folder_in_its_place(tmp_path: Path) -> None:
    (tmp_path / files.SUMMARY).mkdir()
    with pytest.raises(ScripError, match="cannot be read"):
        files.read_summary(tmp_path)
