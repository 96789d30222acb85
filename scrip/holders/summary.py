"""What the summary of a folder of holders has to say: `register.json`, and what is written in its likeness.

A file that was cut short or altered is refused by the field that is wrong, before anything is read by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from scrip.errors import InputError
from scrip.parameters import MAX_TREE_DEPTH

Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Word = Annotated[str, StringConstraints(pattern=r"^0x[0-9a-f]{64}$")]
Total = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,78}$")]
Table = Annotated[str, StringConstraints(pattern=r"^[a-z]+$")]
Csv = Annotated[str, StringConstraints(pattern=r"^[a-z]+\.csv$")]
"""A file beside the summary, and none elsewhere."""
Count = Annotated[int, Field(ge=0)]


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class _Subject(_Part):
    network: str
    genesis: str
    chain_id: Count
    isin: str
    token: str
    decimals: Count
    instant: Count
    block: Count
    block_hash: str
    timestamp: Count


class _Tree(_Part):
    root: Word
    sum: Total
    depth: Annotated[int, Field(ge=0, le=MAX_TREE_DEPTH.value)]
    leaves: Count


class _Input(_Part):
    name: str
    sha256: Hash


class _Summary(BaseModel):
    model_config = ConfigDict(strict=True, extra="allow")

    version: Literal[1] = Field(alias="schema")
    subject: _Subject
    rows: dict[Table, Count]
    sum: Total
    tree: _Tree
    action: Word
    bound: Word
    files: dict[Csv, Hash]
    digest: Hash
    inputs: list[_Input]
    totals: dict[str, Total] = {}
    terms: dict[str, Any] = {}
    claims: dict[str, Any] = {}


def demand(found: Mapping[str, Any], path: Path, tree: str) -> None:
    """InputError where a summary lacks a field, has another kind of value in one, or no hash of one of its tables.

    `tree` is the name of the table of leaves, which every folder has.
    """
    try:
        summary = _Summary.model_validate(found)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        raise InputError(f"is no summary of a register: {first['msg']}", file=str(path), field=field) from None
    for name in (*summary.rows, tree):
        if f"{name}.csv" not in summary.files:
            raise InputError("is no summary of a register: has no hash", file=str(path), field=f"files.{name}.csv")
