"""Who holds a stock at a record, from a register's own files: no node is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from scrip.errors import Drift, InputError
from scrip.holders import files, limbs
from scrip.holders.movements import columns_of
from scrip.read.names import NO_NAMES, Names
from scrip.read.wallets import shares_of
from scrip.units import RawUnits, Shares, Wad

REGISTERS = Path("registers")
"""Where `register build` writes, a folder for each network, stock and record."""


@dataclass(frozen=True, slots=True)
class HolderRow:
    """An account of a register: whose it is, what kind it is of, its tokens, their shares, and its part of all.

    `percent` is of the register's whole, to two decimals.
    """

    account: str
    investor: str
    name: str
    investor_class: str
    kind: str
    tokens: RawUnits
    shares: Shares | None
    percent: str

    COLUMNS: ClassVar[Mapping[str, str]] = {
        "account": "account",
        "name": "investor",
        "investor": "number",
        "class": "class",
        "kind": "kind",
        "tokens": "tokens",
        "shares": "shares",
        "percent": "%",
    }

    def as_json(self) -> dict[str, object]:
        """For programs."""
        return {
            "account": self.account,
            "investor": self.investor,
            "name": self.name,
            "class": self.investor_class,
            "kind": self.kind,
            "tokens": str(self.tokens),
            "shares": "" if self.shares is None else str(self.shares),
            "percent": self.percent,
        }


def newest_register(network: str, ticker: str, root: Path = REGISTERS) -> Path:
    """The folder of a stock's newest register, by its record instant. InputError where there is none."""
    place = root / network / ticker
    made = [one.parent for one in place.glob(f"*/{files.SUMMARY}")]
    if not made:
        reason = f"there is no register in {place}: `register build {ticker} --ex DAY` makes one"
        raise InputError(reason, field="register", value=ticker)
    return max(made, key=lambda one: (int(files.read_summary(one)["subject"]["instant"]), one.name))


def holders(
    folder: Path, multiplier: Wad | None = None, names: Names = NO_NAMES
) -> tuple[files.Subject, list[HolderRow]]:
    """What a register is of, and its accounts, the largest first; `shares` at a multiplier, None without one.

    InputError for a folder that is none, Drift where its holders are not those that its summary vouches for.
    """
    summary = files.read_summary(folder)
    subject = files.Subject(**summary["subject"])
    table = files.read_table(_vouched(folder / f"{files.HOLDERS}.csv", summary))
    wanted = ("account", "investor", "investor_class", "kind")
    columns = [table.column(one).to_pylist() for one in wanted]
    units = limbs.integers(columns_of(table, "units"))
    whole = sum(units) or 1
    order = sorted(range(len(units)), key=lambda one: (-units[one], columns[0][one]))
    rows = []
    for place in order:
        account, investor, kind_of, kind = (column[place] for column in columns)
        tokens = RawUnits(int(units[place]), subject.decimals)
        shares = None if multiplier is None else shares_of(tokens, multiplier)
        part = f"{units[place] * 100 / whole:.2f}"
        rows.append(HolderRow(account, investor, names.get(investor, ""), kind_of, kind, tokens, shares, part))
    return subject, rows


def _vouched(path: Path, summary: Mapping[str, Any]) -> Path:
    """A file of a register, where it has the hash that the summary says; Drift."""
    found, said = files.sha256_of(path), summary["files"].get(path.name)
    if found != said:
        raise Drift(f"{path} has the SHA-256 {found}, and the summary says {said}")
    return path
