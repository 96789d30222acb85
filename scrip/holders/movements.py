"""The one table that the logs of Ethereum-family chains and the accounts and transactions of Solana come to.

A row says that units went from one account to another: in which block (slot), at which place in it, and how many, as
four limbs. NOBODY stands where units are minted or burnt, so a list of balances is a list of movements from nobody.
Accounts are text: 0x and 40 hex digits in lower case, or base58.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from scrip.errors import InputError
from scrip.holders import limbs
from scrip.records.files import TEMPORARY, sync_folder

NOBODY = ""
"""Who gives what is minted, and gets what is burnt."""
AMOUNT = limbs.names("amount")
SCHEMA = pa.schema(
    [
        pa.field("block", pa.int64(), nullable=False),
        pa.field("position", pa.int64(), nullable=False),
        pa.field("sender", pa.string(), nullable=False),
        pa.field("receiver", pa.string(), nullable=False),
        *(pa.field(name, pa.int64(), nullable=False) for name in AMOUNT),
    ]
)
COMPRESSION = "zstd"


@dataclass(frozen=True, slots=True)
class Movement:
    """Units that went from one account to another."""

    block: int
    position: int
    sender: str
    receiver: str
    amount: int


def table_of(rows: Sequence[Movement]) -> pa.Table:
    """Movements as a table."""
    amounts = limbs.of(one.amount for one in rows)
    columns = [
        pa.array([one.block for one in rows], pa.int64()),
        pa.array([one.position for one in rows], pa.int64()),
        pa.array([one.sender for one in rows], pa.string()),
        pa.array([one.receiver for one in rows], pa.string()),
        *(pa.array(amounts[:, place]) for place in range(limbs.COUNT)),
    ]
    return pa.Table.from_arrays(columns, schema=SCHEMA)


def from_balances(block: int, balances: Iterable[tuple[str, int]]) -> pa.Table:
    """What accounts hold at a slot, as movements from nobody."""
    rows = enumerate(sorted(balances))
    return table_of([Movement(block, place, NOBODY, account, units) for place, (account, units) in rows if units])


@contextmanager
def written(path: Path) -> Iterator[Path]:
    """Where to write a file that stands whole or not at all: it gets its name, on disk, when the block ends well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(path.name + TEMPORARY)
    scratch.unlink(missing_ok=True)
    try:
        yield scratch
        with scratch.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(scratch, path)
        sync_folder(path.parent)
    finally:
        scratch.unlink(missing_ok=True)


def write(path: Path, table: pa.Table) -> None:
    """A table as a Parquet file."""
    with written(path) as scratch:
        pq.write_table(table, scratch, compression=COMPRESSION)


def check(path: Path) -> None:
    """InputError, with the column, where a Parquet file is no table of movements: the operator's own may be anything.

    What it holds is summed, so an amount is looked at too: no limb is negative, and none is of more than 32 bits.
    """
    file = parquet(path)
    found = {name: file.schema_arrow.field(name).type for name in file.schema_arrow.names}
    for field in SCHEMA:
        if field.name not in found:
            raise InputError("the file has no such column", file=str(path), field=field.name)
        text = pa.types.is_string(found[field.name]) or pa.types.is_large_string(found[field.name])
        if found[field.name] != field.type and not (text and pa.types.is_string(field.type)):
            raise InputError(f"is to be of {field.type}", file=str(path), field=field.name, value=found[field.name])
    for batch in file.iter_batches(columns=SCHEMA.names):
        for name in SCHEMA.names:
            column = batch.column(name)
            if column.null_count:
                raise InputError("has rows without a value", file=str(path), field=name, value=column.null_count)
            if name in AMOUNT:
                values: Any = column.to_numpy()
                if len(values) and (values.min() < 0 or values.max() > limbs.MASK):
                    wrong = values[(values < 0) | (values > limbs.MASK)][0]
                    raise InputError(f"is not between 0 and {limbs.MASK}", file=str(path), field=name, value=wrong)


def parquet(path: Path) -> pq.ParquetFile:
    """A Parquet file, opened; InputError where there is none."""
    try:
        return pq.ParquetFile(path)
    except FileNotFoundError:
        raise InputError("there is no such file", file=str(path)) from None
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(f"is no Parquet file: {' '.join(str(error).split())}", file=str(path)) from None


def columns_of(table: pa.Table, stem: str) -> limbs.Columns:
    """The limbs of an amount of a table, a row each."""
    return np.stack([table.column(name).to_numpy().astype(np.int64) for name in limbs.names(stem)], axis=1)


def with_limbs(stem: str, columns: limbs.Columns) -> dict[str, pa.Array]:
    """The columns of an amount for a table."""
    return {name: pa.array(columns[:, place]) for place, name in enumerate(limbs.names(stem))}
