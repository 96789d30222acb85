"""Statements of custodians and venues, as CSV: what is held, and what is on its way in and out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal, get_args

from scrip.errors import InputError
from scrip.inputs.batch import Batch, read_rows
from scrip.inputs.reading.dates import instant
from scrip.units import WAD, parse_fixed

Kind = Literal["custody", "transit", "own", "venue"]
"""What a row is of: `custody` holds shares for the tokens, `transit` is shares between two accounts of those, `own` are
shares in the same accounts that back no token, `venue` holds tokens for others."""
COLUMNS = ("kind", "holder", "account", "network", "isin", "as_of", "quantity", "pending_receipt", "pending_delivery")
ISIN_LENGTH = 12
DECIMALS = 18


@dataclass(frozen=True, slots=True)
class Entry:
    """A row: `quantity` settled at `as_of` (UTC seconds), shares, or tokens of a venue; `pending_receipt` what was
    bought or deposited and is not in it, `pending_delivery` what was sold or withdrawn and still is (ISO 15022 MT535
    PENR, PEND). `network` and `account`, a wallet, are a venue's.
    """

    kind: Kind
    holder: str
    account: str
    network: str
    isin: str
    as_of: int
    quantity: Fraction
    pending_receipt: Fraction
    pending_delivery: Fraction


def read_statement(path: Path) -> Batch[Entry]:
    """Columns as COLUMNS, in this order; no account of a holder twice for one ISIN. InputErrors, a line each."""
    seen: dict[tuple[str, ...], bool] = {}

    def row(cells: Mapping[str, str]) -> Entry:
        kind = _kind(cells)
        if not cells["holder"] or not cells["account"]:
            raise InputError("is missing", field="account" if cells["holder"] else "holder")
        if len(cells["isin"]) != ISIN_LENGTH:
            raise InputError(f"has not {ISIN_LENGTH} characters", field="isin", value=cells["isin"])
        if (kind == "venue") != bool(cells["network"]):
            reason = "is missing: on which chain the venue's wallet is" if kind == "venue" else "is of venues alone"
            raise InputError(reason, field="network", value=cells["network"])
        key = (kind, cells["holder"], cells["account"], cells["network"], cells["isin"])
        if seen.setdefault(key, False):
            raise InputError("stands in this file already, for this ISIN", field="account", value=cells["account"])
        seen[key] = True
        amounts = (_amount(cells, name) for name in ("quantity", "pending_receipt", "pending_delivery"))
        named = (cells["holder"], cells["account"], cells["network"], cells["isin"].upper())
        return Entry(kind, *named, instant(cells["as_of"], "as_of"), *amounts)

    return read_rows(path, COLUMNS, row)


def _kind(cells: Mapping[str, str]) -> Kind:
    known: Kind
    for known in get_args(Kind):
        if cells["kind"] == known:
            return known
    raise InputError(f"is none of {', '.join(get_args(Kind))}", field="kind", value=cells["kind"])


def _amount(cells: Mapping[str, str], name: str) -> Fraction:
    text = cells[name]
    if not text and name == "quantity":
        raise InputError("is missing", field=name)
    value = parse_fixed(text or "0", DECIMALS, name)
    if value < 0:
        raise InputError("is negative", field=name, value=text)
    return Fraction(value, WAD)
