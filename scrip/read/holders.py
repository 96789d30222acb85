"""Who holds a stock at a record, from a register's own files: no node is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pyarrow as pa

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
    folder: Path, multiplier: Wad | None = None, names: Names = NO_NAMES, most: int | None = None
) -> tuple[files.Subject, int, list[HolderRow]]:
    """What a register is of, how many accounts it has, and these, the largest first, `most` of them; `shares` at a
    multiplier, None without one.

    InputError for a folder that is none, Drift where its holders are not those that its summary vouches for.
    """
    summary = files.read_summary(folder)
    subject = files.Subject(**summary["subject"])
    table = files.read_table(_vouched(folder / f"{files.HOLDERS}.csv", summary))
    units = limbs.integers(columns_of(table, "units"))
    accounts = table.column("account").to_pylist()
    whole = sum(units) or 1
    order = sorted(range(len(units)), key=lambda one: (-units[one], accounts[one]))[:most]
    kept = table.take(pa.array(order, pa.int64())).select(["investor", "investor_class", "kind"]).to_pylist()
    rows = []
    for place, one in zip(order, kept, strict=True):
        tokens = RawUnits(int(units[place]), subject.decimals)
        shares = None if multiplier is None else shares_of(tokens, multiplier)
        name, part = names.get(one["investor"], ""), f"{units[place] * 100 / whole:.2f}"
        named = (accounts[place], one["investor"], name, one["investor_class"], one["kind"])
        rows.append(HolderRow(*named, tokens, shares, part))
    return subject, len(units), rows


def _vouched(path: Path, summary: Mapping[str, Any]) -> Path:
    """A file of a register, where it has the hash that the summary says; Drift."""
    found, said = files.sha256_of(path), summary["files"].get(path.name)
    if found != said:
        raise Drift(f"{path} has the SHA-256 {found}, and the summary says {said}")
    return path
