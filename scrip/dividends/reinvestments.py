"""What of cash dividends was reinvested, as a CSV file: a row for each mint that a leaf's net paid for.

Columns: `date` (UTC day of the mint), `network`, `stock`, `reference` (the dividend's), `account` (the leaf's),
`investor`, `tokens`, `amount` (all that was paid for them, in the coin) and `quote` (its reference).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from scrip.dividends.lots import Trade, rows_of
from scrip.errors import InputError
from scrip.inputs.reading.dates import calendar_day
from scrip.records.files import replace
from scrip.units import EVM_DECIMALS, RawUnits, Stablecoin

COLUMNS = ("date", "network", "stock", "reference", "account", "investor", "tokens", "amount", "quote")


@dataclass(frozen=True, slots=True)
class Reinvested:
    """Units that one leaf of a dividend has bought: `tokens` count 10^-18 of one, `amount` base units of the coin."""

    day: date
    network: str
    stock: str
    reference: str
    account: str
    investor: str
    tokens: int
    amount: int
    quote: str

    @property
    def cells(self) -> tuple[str, ...]:
        """The row as its file has it."""
        head = (self.day.isoformat(), self.network, self.stock, self.reference, self.account, self.investor)
        return (*head, str(RawUnits(self.tokens, EVM_DECIMALS)), str(Stablecoin(self.amount)), self.quote)

    @property
    def paid_by(self) -> tuple[str, str, str, str]:
        """Network, stock, the dividend's reference and the account."""
        return (self.network, self.stock, self.reference, self.account)

    @property
    def trade(self) -> Trade:
        """The purchase that it is, for what holdings cost."""
        return Trade(self.day, self.stock, self.investor, True, self.tokens, self.amount)


def write(path: Path, found: Iterable[Reinvested]) -> None:
    """Write the file, in the place of one that stands there: it only grows."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    table.writerows(one.cells for one in found)
    path.parent.mkdir(parents=True, exist_ok=True)
    replace(path, text.getvalue(), 0o644)


def read(path: Path) -> list[Reinvested]:
    """The rows of such a file; InputError with file, line and field, and for a quote that stands in two lines."""
    found, lines = [], dict[tuple[str, str], int]()
    for line, row in rows_of(path, COLUMNS):
        try:
            day = calendar_day(row["date"], "date")
            tokens = RawUnits.parse(row["tokens"], EVM_DECIMALS, "tokens").value
            amount = Stablecoin.parse(row["amount"], field="amount").value
        except InputError as wrong:
            raise InputError(wrong.message, file=str(path), line=line, field=wrong.field, value=wrong.value) from None
        for name, missing in (("tokens", tokens <= 0), ("amount", amount <= 0), ("quote", not row["quote"])):
            if missing:
                told = "is missing" if name == "quote" else "is to be more than 0"
                raise InputError(told, file=str(path), line=line, field=name, value=row[name])
        key = (row["network"], row["quote"])
        if key in lines:
            raise InputError(
                f"stands in line {lines[key]} already", file=str(path), line=line, field="quote", value=row["quote"]
            )
        lines[key] = line
        texts = {name: row[name] for name in ("network", "stock", "reference", "account", "investor", "quote")}
        found.append(Reinvested(day=day, tokens=tokens, amount=amount, **texts))
    return found
