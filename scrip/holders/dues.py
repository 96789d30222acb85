"""What holders of a register are due at so much a unit: gross, withheld and net of each, the rest told, their files.

The amounts are integers of the coin's smallest unit. Each gross is rounded down, and each tax up, as the tax of a
reinvested dividend is; so what is paid is never more than what is funded, and the rest is below one for each holder.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pyarrow as pa

from scrip.errors import InputError
from scrip.holders import files, limbs
from scrip.holders.movements import columns_of, with_limbs
from scrip.holders.register import Register
from scrip.model.laws import arithmetic as law
from scrip.parameters import BPS
from scrip.units import Wad

SUMMARY = "dividend.json"
DIVIDEND = "dividend"

Rate = Callable[[str, str], int]
"""The tax that is withheld of an account's gross, in basis points, by its text and its investor ("" for nobody's)."""


@dataclass(frozen=True, slots=True)
class Dues:
    """Who is due what, in the order of the tree: the register's columns, `units`, and the three amounts, as limbs.

    `rest` is what the whole of `units` would be due together beyond the sum of `gross`: what rounding leaves.
    """

    table: pa.Table
    gross: int
    withheld: int
    net: int
    rest: int


def dues(register: Register, per_unit: Fraction, rate: Rate) -> Dues:
    """What everybody is due who does not stand apart (`files.APART`), at `per_unit` of the coin's units a raw unit.

    InputError for an amount that is not above 0, and for a rate beyond 0 to 10000.
    """
    if per_unit <= 0:
        raise InputError("is not above 0", field="per_unit", value=per_unit)
    held = files.due(register)
    units = limbs.integers(columns_of(held, "units"))
    gross = [one * per_unit.numerator // per_unit.denominator for one in units]
    names = zip(held.column("account").to_pylist(), held.column("investor").to_pylist(), strict=True)
    tax = [_tax(amount, _checked(rate(*one))) for amount, one in zip(gross, names, strict=True)]
    net = [amount - withheld for amount, withheld in zip(gross, tax, strict=True)]
    columns = [limbs.of(amounts, name) for name, amounts in zip(files.DUES, (gross, tax, net), strict=True)]
    ordered = files.dues_table(held, *columns)
    whole = sum(units) * per_unit.numerator // per_unit.denominator
    return Dues(_beside(held, ordered), sum(gross), sum(tax), sum(net), whole - sum(gross))


def _tax(gross: int, bps: int) -> int:
    return law.withheld(Wad(gross), bps)


def _checked(bps: int) -> int:
    if not 0 <= bps <= BPS:
        raise InputError(f"is not between 0 and {BPS} basis points", field="rate", value=bps)
    return bps


def _beside(held: pa.Table, ordered: pa.Table) -> pa.Table:
    """The register's columns in the order of the tree, with the amounts beside them."""
    places = {account: place for place, account in enumerate(held.column("account").to_pylist())}
    order = pa.array([places[account] for account in ordered.column("account").to_pylist()], pa.int64())
    table = held.take(order).append_column("pushable", ordered.column("pushable"))
    for name in files.DUES:
        for column, values in with_limbs(name, columns_of(ordered, name)).items():
            table = table.append_column(column, values)
    return table


def write_dues(
    folder: Path,
    found: Dues,
    subject: files.Subject,
    inputs: Sequence[Path],
    action: bytes,
    more: Mapping[str, object] | None = None,
) -> files.Written:
    """Write a dividend's files, and the tree that pays exactly its net, into a folder: `dividend`, `tree`, a summary.

    The root is bound to the action's id. `files.verify(folder, SUMMARY)` builds it again.
    """
    told = {"gross": str(found.gross), "withheld": str(found.withheld), "net": str(found.net), "rest": str(found.rest)}
    amounts = [f"{name}_{place}" for name in files.DUES for place in range(limbs.COUNT)]
    leaves = found.table.select(["account", "pushable", *amounts])
    tables = {DIVIDEND: found.table.drop_columns(["pushable"])}
    return files.write(folder, SUMMARY, tables, leaves, subject, inputs, {"dividend": told} | dict(more or {}), action)
