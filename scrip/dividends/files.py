"""A cash dividend as a folder of files: what everybody of a register is due, and the tree that is posted of it.

`dividend.json` says what it is of and holds the hash of each file and of all that it was made of, the register's own
summary among them; `dividend` has a row for each account, `tree` the leaves in their order. The root is bound to the
dividend's id, its stock, chain and block: that is the name of its distribution.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from scrip.dividends import claims
from scrip.dividends.claims import Deal
from scrip.dividends.entitlements import Entitlement, Entitlements, Holder
from scrip.errors import Drift, InputError
from scrip.holders import files, limbs
from scrip.holders.movements import columns_of, with_limbs
from scrip.holders.tree import Tree
from scrip.inputs.reading.numbers import whole
from scrip.model.laws.cash import Due

SUMMARY = "dividend.json"
TABLE, CLAIMS = "dividend", "claims"
DEAL = ("way", "by", "name", "struck", "settled")
"""Columns of the claims' table that say of which deal each is."""
TEXT = ("country", "document", "bps", "upstream", "here", "fee", "rules")
"""Columns of the table that CSV keeps as text, beside those of a register's files."""


def holders_of(register: Path) -> list[tuple[Holder, str]]:
    """The rows of a register's folder that are due anything, each with its kind; Drift where its files were changed.

    Whoever stands apart (`files.APART`) is due nothing.
    """
    files.verify(register)
    table = files.read_table(register / f"{files.HOLDERS}.parquet")
    columns = [table.column(name).to_pylist() for name in ("account", "investor", "investor_class", "kind")]
    units = limbs.integers(columns_of(table, "units"))
    return [
        (Holder(account, held, investor, investor_class), kind)
        for account, investor, investor_class, kind, held in zip(*columns, units, strict=True)
        if kind not in files.APART
    ]


def write(
    folder: Path,
    register: Path,
    action: bytes,
    found: Entitlements,
    kinds: Mapping[str, str],
    inputs: Sequence[Path],
    terms: Mapping[str, object],
    owed: Sequence[tuple[Deal, Entitlement]] = (),
    payer: str = "",
    part: int = 0,
) -> Verified:
    """Write a dividend into a folder, which must be new or hold the same one; `terms` go into its summary.

    Its tree is a level deeper for each `part` before it: two parts that pay the same people the same have two roots.

    `kinds` says what each account is in the register. The market claims `owed` are in the rows of `found`, and stand
    beside them in a table of their own, each with what it is due; `payer` is whose money they are. InputError where
    nobody is due anything.
    """
    rows = [one for one in found.rows if one.due.gross]
    if not rows:
        raise InputError("leaves nobody anything to be paid", field="gross", value=found.gross)
    subject, rules = files.Subject(**files.read_summary(register)["subject"]), files.rules_of(register)
    columns: dict[str, Any] = {
        "account": pa.array([one.holder.account for one in rows], pa.string()),
        "investor": pa.array([one.holder.investor for one in rows], pa.string()),
        "investor_class": pa.array([one.holder.investor_class for one in rows], pa.string()),
        "kind": pa.array([kinds[one.holder.account] for one in rows], pa.string()),
        "country": pa.array([one.holder.country for one in rows], pa.string()),
        "document": pa.array([one.document for one in rows], pa.string()),
        "bps": pa.array([str(one.bps) for one in rows], pa.string()),
        "rules": pa.array([rules.get(one.holder.account, "") for one in rows], pa.string()),
    }
    columns |= with_limbs("units", limbs.of(one.holder.units for one in rows))
    for name in ("gross", "upstream", "here", "withheld", "fee", "net"):
        columns |= with_limbs(name, limbs.of((getattr(one.due, name) for one in rows), name))
    table = pa.table(columns)
    gross, withheld, net = (columns_of(table, name) for name in files.DUES)
    dues = files.dues_table(table, gross, withheld, net)
    totals = {name: str(getattr(found, name)) for name in ("gross", "upstream", "here", "fee", "net", "remainder")}
    more: dict[str, object] = {"terms": dict(terms), "totals": totals}
    made = (register / files.SUMMARY, *inputs)
    tables = {TABLE: table}
    if owed:
        tables[CLAIMS] = _claims_table(owed)
        sums = {name: str(sum(getattr(one.due, name) for _, one in owed)) for name in PARTS}
        more[CLAIMS] = {"count": len(owed), "paid_by": payer, **sums}
    files.write(folder, SUMMARY, tables, dues, subject, made, more, action, part)
    return verify(folder)


PARTS = ("gross", "upstream", "here", "fee", "net")


def _claims_table(owed: Sequence[tuple[Deal, Entitlement]]) -> pa.Table:
    """A row for each market claim: the deal, whose it is, and what it is due."""
    deals, dues = zip(*owed, strict=True)
    columns: dict[str, Any] = {
        "account": pa.array([one.account for one in deals], pa.string()),
        "investor": pa.array([one.holder.investor for one in dues], pa.string()),
        **{name: pa.array([str(getattr(one, name)) for one in deals], pa.string()) for name in DEAL},
    }
    columns |= with_limbs("units", limbs.of(one.units for one in deals))
    for name in PARTS:
        columns |= with_limbs(name, limbs.of((getattr(one.due, name) for one in dues), name))
    return pa.table(columns)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A market claim as a folder has it: base units of the coin, raw units of the stock."""

    deal: Deal
    due: Due


def claimed(folder: Path) -> list[Claimed]:
    """The market claims of a folder; none where it has none."""
    path = folder / f"{CLAIMS}.csv"
    if CLAIMS not in files.read_summary(folder, SUMMARY)["rows"]:
        return []
    table = files.read_table(path, (*DEAL, *TEXT))
    units = limbs.integers(columns_of(table, "units"))
    gross = limbs.integers(columns_of(table, "gross"))
    text = {name: table.column(name).to_pylist() for name in ("account", *DEAL, "upstream", "here", "fee")}
    return [
        Claimed(
            claims.deal_of({name: text[name][place] for name in ("account", *DEAL)}, units[place]),
            Due(gross[place], *(whole(text[name][place], name) for name in ("upstream", "here", "fee"))),
        )
        for place in range(table.num_rows)
    ]


@dataclass(frozen=True, slots=True)
class Verified(files.Written):
    """A dividend's folder whose files were held to its root: the accounts in the order of its tree, and the tree."""

    names: list[str]
    tree: Tree

    @property
    def bound(self) -> str:
        """What its root is bound to: the name of its distribution."""
        return str(self.summary["bound"])


def verify(folder: Path) -> Verified:
    """Hold every file of a dividend's folder to its hash, and build its root and what it is bound to again. Drift.

    The root is built of the leaves and of the table that people look at: what is paid is what they see.
    """
    summary = files.read_summary(folder, SUMMARY)
    files.demand_hashes(folder, summary)
    told = summary["tree"]
    names, tree = files.read_leaves(folder / f"{files.TREE}.csv", told["depth"])
    table = files.read_table(folder / f"{TABLE}.csv", TEXT)
    dues = files.dues_table(table, *(columns_of(table, name) for name in files.DUES))
    seen = files.tree_of(dues, told["depth"])
    for file, root in ((files.TREE, tree.root), (TABLE, seen.root)):
        if ("0x" + root.hash.hex(), root.sum, root.depth) != (told["root"], int(told["sum"]), told["depth"]):
            raise Drift(f"{folder / file}.csv has the root 0x{root.hash.hex()}; the summary says {told['root']}")
    _demand_totals(folder, table, summary.get("totals", {}))
    _demand_claims(folder, table, summary)
    files.demand_bound(folder / SUMMARY, summary, tree.root)
    return Verified(folder, tree.root, str(summary["digest"]), summary, names, tree)


def _demand_totals(folder: Path, table: pa.Table, totals: Mapping[str, str]) -> None:
    """Drift where a summary's totals are not what the rows of its table add up to."""
    for name in ("gross", "upstream", "here", "fee", "net"):
        if name in files.DUES:
            total = limbs.total(columns_of(table, name))
        else:
            total = sum(whole(text, name) for text in table.column(name).to_pylist())
        if str(total) != (said := totals.get(name, "nothing")):
            raise Drift(f"{folder / TABLE}.csv has {total} of {name} in all; the summary says {said}")


def _demand_claims(folder: Path, table: pa.Table, summary: Mapping[str, Any]) -> None:
    """Drift where market claims are not in the rows of the table, or do not add up to what the summary says."""
    found = claimed(folder)
    rows = zip(table.column("account").to_pylist(), limbs.integers(columns_of(table, "net")), strict=True)
    left = dict(rows)
    for one in found:
        left[one.deal.account] = left.get(one.deal.account, 0) - one.due.net
        if left[one.deal.account] < 0:
            raise Drift(f"{folder / CLAIMS}.csv has more of {one.deal.account} than {TABLE}.csv is due")
    for name in PARTS if found else ():
        if str(sum(getattr(one.due, name) for one in found)) != (said := summary.get(CLAIMS, {}).get(name, "nothing")):
            raise Drift(f"{folder / CLAIMS}.csv has another sum of {name} than the summary, {said}")


def had(parts: Iterable[Verified], recalled: Mapping[str, Collection[int]] | None = None) -> dict[str, Due]:
    """What each account is due by the parts that were posted before, by account.

    `recalled` are the places that were paid of a part, by the id of its distribution, where the rest was taken back:
    of that nothing is due but what was withheld, which is remitted all the same.
    """
    found: dict[str, Due] = {}
    for one in parts:
        places = (recalled or {}).get(one.bound, range(len(one.names)))
        gone = {account for place, account in enumerate(one.names) if place not in places}
        for account, due in _dues(one.folder):
            if account in gone:
                due = replace(due, gross=due.gross - due.net)
            found[account] = found[account].plus(due) if account in found else due
    return found


def _dues(folder: Path) -> Iterator[tuple[str, Due]]:
    """What each account is due by a part."""
    table = files.read_table(folder / f"{TABLE}.csv", TEXT)
    names = ("upstream", "here", "fee")
    text = [table.column(name).to_pylist() for name in ("account", *names)]
    for gross, account, *taken in zip(limbs.integers(columns_of(table, "gross")), *text, strict=True):
        yield account, Due(gross, *map(whole, taken, names))


def pushable(tree: Tree) -> list[int]:
    """The places of a tree that may be paid without being asked for."""
    return [int(one) for one in np.flatnonzero(tree.leaves.pushable)]
