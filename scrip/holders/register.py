"""The register of holders at a block: what every account holds, whose it is, and that it adds up to the supply.

It is computed in two steps, on any engine of scrip.holders.engines. First the balance of every account, out of all
movements up to the block. Then what is held for others goes to them (`Reallocation`: a queue of redemptions, a venue
that is looked through), and every account gets its investor and its kind. In between, and after, the sum is held to
the supply to the last unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal, get_args

import ibis
import numpy as np
import pyarrow as pa

from scrip.errors import Drift, InputError
from scrip.holders import limbs
from scrip.holders.engines import Engine, sql
from scrip.holders.movements import AMOUNT, NOBODY, columns_of, parquet, with_limbs, write

if TYPE_CHECKING:
    from ibis.expr.types import Table

UNITS = limbs.names("units")
Kind = Literal["holder", "venue", "vault", "excluded"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""What an account is: a holder; a venue, with what nobody in it could be found for; a vault of redemptions, with what
is sold at a price that is struck; one that the manifest leaves out of what holders are due."""
VENUE_CLASS = "venue"


@dataclass(frozen=True, slots=True)
class Reallocation:
    """Units that one account holds for another, and why: `queue` or the rule that looks through a venue."""

    held_by: str
    holder: str
    units: int
    why: str


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose an account is: an investor of the issuer's register, of a class."""

    investor: str
    investor_class: str = ""


@dataclass(frozen=True, slots=True)
class Sources:
    """What a register is made of.

    `movements` are Parquet files, with everything up to `block`; `supply` is what the chain says at that block.
    `owners` says whose an account is; `marked` which accounts are no plain holders.
    """

    movements: Sequence[Path]
    block: int
    supply: int
    owners: Mapping[str, Owner] = field(default_factory=dict)
    marked: Mapping[str, Kind] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Register:
    """Accounts that hold anything, in the order of their text: `account`, `investor`, `class`, `kind`, units as limbs.

    An account that is nobody's has an empty investor.
    """

    table: pa.Table
    block: int
    supply: int

    def __len__(self) -> int:
        return int(self.table.num_rows)

    @property
    def units(self) -> limbs.Columns:
        """What each account holds."""
        return columns_of(self.table, "units")

    def holdings(self) -> dict[str, int]:
        """Units by account."""
        return dict(zip(self.table.column("account").to_pylist(), limbs.integers(self.units), strict=True))


# --- what every engine computes -------------------------------------------------------------------------------------


def balances(movements: Table, block: int) -> Table:
    """What went to each account less what went from it, up to a block: limbs summed apart, not carried."""
    seen = movements.filter(movements.block <= block)
    gained = seen.filter(seen.receiver != NOBODY).select(
        account=seen.receiver, **{to: seen[name] for to, name in zip(UNITS, AMOUNT, strict=True)}
    )
    lost = seen.filter(seen.sender != NOBODY).select(
        account=seen.sender, **{to: -seen[name] for to, name in zip(UNITS, AMOUNT, strict=True)}
    )
    return _summed(gained.union(lost, distinct=False), "account")


def _summed(rows: Table, key: str) -> Table:
    totals = {name: rows[name].sum().cast("int64") for name in UNITS}
    return rows.group_by(key).aggregate(**totals)


def holders(held: Table, moved: Table, owners: Table, marked: Table) -> Table:
    """Balances after reallocations, with whose each account is and what kind of account."""
    summed = _summed(held.union(moved, distinct=False), "account")
    owned = summed.left_join(owners, summed.account == owners.owned).select(
        summed.account,
        investor=owners.investor.fill_null(""),
        investor_class=owners.investor_class.fill_null(""),
        **{name: summed[name] for name in UNITS},
    )
    return owned.left_join(marked, owned.account == marked.marked).select(
        owned.account,
        owned.investor,
        owned.investor_class,
        kind=marked.kind.fill_null("holder"),
        **{name: owned[name] for name in UNITS},
    )


def cap_table(register: Table) -> Table:
    """Units and accounts by investor; an account that is nobody's stands for itself, and what is excluded apart."""
    named = register.mutate(
        who=(register.investor == "").ifelse(register.account, register.investor),
    )
    totals = {name: named[name].sum().cast("int64") for name in UNITS}
    return named.group_by("who", "kind").aggregate(accounts=named.count().cast("int64"), **totals)


def statement(dialect: str, block: int) -> str:
    """The SQL of the first step for an engine elsewhere, over a table `movements`.

    What it answers is tidied and held to the supply here (`given_balances`), as what the engines of this machine are.
    """
    columns = dict.fromkeys(("block", "position"), "int64") | dict.fromkeys(("sender", "receiver"), "string")
    movements = ibis.table(columns | dict.fromkeys(AMOUNT, "int64"), name="movements")
    return sql(balances(movements, block), dialect)


# --- the two steps ---------------------------------------------------------------------------------------------------


def raw_balances(engine: Engine, sources: Sources) -> pa.Table:
    """What every account holds itself: `account` and its units, carried, in the order of the accounts.

    Drift where an account has less than nothing, or all together are not the supply: the movements are not whole.
    """
    if not sources.movements:
        raise InputError("there is no file of movements", field="movements")
    found = engine.answer(balances(engine.table(sources.movements), sources.block))
    table = _tidy(found, "the movements are not all there, or some are there twice")
    _demand_supply(table, sources, "movements up to block")
    return table


def given_balances(path: Path, sources: Sources) -> pa.Table:
    """The same from a Parquet file that an engine elsewhere answered `statement` with; Drift, and InputError."""
    found = parquet(path).read()
    for name in ("account", *UNITS):
        if name not in found.column_names:
            raise InputError("the file has no such column", file=str(path), field=name)
        if found.column(name).null_count:
            raise InputError("has rows without a value", file=str(path), field=name)
    accounts = found.column("account").to_pylist()
    if len(set(accounts)) != len(accounts):
        raise InputError("an account stands there twice", file=str(path), field="account")
    table = _tidy(found.select(["account", *UNITS]), "the movements were not all there, or some were there twice")
    _demand_supply(table, sources, f"balances of {path.name} at block")
    return table


def shares_of(engine: Engine, files: Sequence[Path], block: int) -> dict[str, int]:
    """What every account holds of a token whose supply is asked for elsewhere: of a venue's shares.

    Nobody's are left out: what a pool locks for ever at the zero address.
    """
    found = engine.answer(balances(engine.table(files), block))
    table = _tidy(found, "the movements are not all there, or some are there twice")
    return dict(zip(table.column("account").to_pylist(), limbs.integers(columns_of(table, "units")), strict=True))


def take(engine: Engine, sources: Sources, held: pa.Table, moved: Iterable[Reallocation] = ()) -> Register:
    """The register, out of raw balances and of what is held for others.

    Drift where more is reallocated than an account holds, or the sum is no longer the supply.
    """
    with TemporaryDirectory(prefix="scrip-register-") as folder:
        place = Path(folder)
        files = {"held": held, "moved": _moved(moved), "owners": _owners(sources), "marked": _marked(sources)}
        for name, table in files.items():
            write(place / f"{name}.parquet", table)
        tables = [engine.table([place / f"{name}.parquet"]) for name in files]
        found = engine.answer(holders(*tables))
    table = _tidy(found, "more is held there for others than there is")
    _demand_supply(table, sources, "register at block")
    return Register(table, sources.block, sources.supply)


def _tidy(found: pa.Table, reason: str) -> pa.Table:
    """Rows with carried units that are not 0, in the order of the accounts; Drift where any is negative."""
    found = found.combine_chunks().sort_by("account")
    units = columns_of(found, "units")
    if (row := limbs.misfit(units)) is not None:
        account, total = found.column("account")[row].as_py(), limbs.join(units[row])
        raise Drift(f"{account} would hold {total} units: {reason}")
    carried = limbs.carried(units, "units")
    keep = carried.any(axis=1)
    plain = {name: _text(found.column(name)) for name in found.column_names if name not in UNITS}
    return pa.table(plain | with_limbs("units", carried)).filter(pa.array(keep))


def _text(column: Any) -> Any:
    """A column of text as every engine gives it."""
    return column.cast(pa.string())


def _demand_supply(table: pa.Table, sources: Sources, what: str) -> None:
    total = limbs.total(columns_of(table, "units"))
    if total != sources.supply:
        raise Drift(
            f"the {what} {sources.block} add up to {total} units, and the supply is {sources.supply}: "
            f"{total - sources.supply:+d}"
        )


def _moved(moved: Iterable[Reallocation]) -> pa.Table:
    accounts: list[str] = []
    amounts: list[int] = []
    for one in moved:
        accounts += [one.holder, one.held_by]
        amounts += [one.units, -one.units]
    signs = np.array([-1 if one < 0 else 1 for one in amounts], np.int64)
    signed = limbs.of(map(abs, amounts)) * signs[:, None]
    return pa.table({"account": pa.array(accounts, pa.string())} | with_limbs("units", signed))


def _owners(sources: Sources) -> pa.Table:
    known = sorted(sources.owners.items())
    return pa.table(
        {
            "owned": pa.array([account for account, _ in known], pa.string()),
            "investor": pa.array([one.investor for _, one in known], pa.string()),
            "investor_class": pa.array([one.investor_class for _, one in known], pa.string()),
        }
    )


def _marked(sources: Sources) -> pa.Table:
    known = {
        **{account: "venue" for account, one in sources.owners.items() if one.investor_class == VENUE_CLASS},
        **sources.marked,
    }
    rows = sorted(known.items())
    return pa.table(
        {
            "marked": pa.array([account for account, _ in rows], pa.string()),
            "kind": pa.array([kind for _, kind in rows], pa.string()),
        }
    )
