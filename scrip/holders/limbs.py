"""Amounts of 128 bits as four columns of 32 bits, the lowest first.

No engine keeps a sum of 128-bit integers: one answers with a float, another wraps. Four columns of int64 are summed
apart on every one of them, exactly while fewer than 2^31 numbers are added, and put together here, in integers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scrip.errors import InputError
from scrip.units import fitting

COUNT = 4
BITS = 32
MASK = (1 << BITS) - 1
AMOUNT_BITS = COUNT * BITS

Columns = NDArray[np.int64]
"""Amounts, a row each: four columns, the lowest first, each below 2^32 once carried."""


def names(stem: str) -> tuple[str, ...]:
    """The columns that hold the amount called `stem`."""
    return tuple(f"{stem}_{place}" for place in range(COUNT))


def split(value: int, field: str = "amount") -> tuple[int, ...]:
    """The four limbs of an amount; InputError where it is negative or has more than 128 bits."""
    fitting(value, AMOUNT_BITS, field)
    return tuple(value >> BITS * place & MASK for place in range(COUNT))


def join(limbs: Sequence[int]) -> int:
    """The integer that four limbs stand for. They may be sums, of more than 32 bits, and negative."""
    return sum(int(limb) << BITS * place for place, limb in enumerate(limbs))


def of(values: Iterable[int], field: str = "amount") -> Columns:
    """Amounts as rows of limbs."""
    rows = [split(value, field) for value in values]
    return np.array(rows, dtype=np.int64).reshape(len(rows), COUNT)


def integers(columns: Columns) -> list[int]:
    """Each row as an integer."""
    raw = be_bytes(columns).tobytes()
    return [int.from_bytes(raw[at : at + 16], "big") for at in range(0, len(raw), 16)]


def total(columns: Columns) -> int:
    """The sum of all rows, of any size."""
    return join([int(one) for one in columns.sum(axis=0, dtype=np.int64)])


def carried(columns: Columns, field: str = "amount") -> Columns:
    """Rows of sums, or differences, with each limb brought below 2^32.

    InputError where an amount is negative or has more than 128 bits: the first such.
    """
    found = _carried(columns)
    if (row := _misfit(found)) is not None:
        value = join(found[row])
        reason = "is negative" if value < 0 else f"has more than {AMOUNT_BITS} bits"
        raise InputError(reason, field=field, value=value)
    return found


def misfit(columns: Columns) -> int | None:
    """The first row that is negative or has more than 128 bits; None where all fit."""
    return _misfit(_carried(columns))


def _misfit(carried: Columns) -> int | None:
    top = carried[:, -1]
    rows = np.flatnonzero((top < 0) | (top > MASK))
    return int(rows[0]) if len(rows) else None


def _carried(columns: Columns) -> Columns:
    found = columns.astype(np.int64, copy=True)
    for place in range(COUNT - 1):
        found[:, place + 1] += found[:, place] >> BITS
        found[:, place] &= MASK
    return found


def be_bytes(columns: Columns) -> NDArray[np.uint8]:
    """Each row as 16 bytes, the highest first. The limbs are carried."""
    flat = np.ascontiguousarray(columns[:, ::-1].astype(">u4"))
    return flat.view(np.uint8).reshape(len(columns), 4 * COUNT)


def from_bytes(rows: NDArray[np.uint8]) -> Columns:
    """The limbs of rows of 16 bytes, the highest first."""
    flat: Any = np.ascontiguousarray(rows).view(">u4").reshape(len(rows), COUNT)
    limbs: Columns = flat[:, ::-1].astype(np.int64)
    return limbs
