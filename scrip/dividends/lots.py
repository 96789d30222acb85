"""What holdings cost: lots of what was bought, carried through splits, sold first in, first out (FIFO).

Trades are a CSV file of `date`, `stock`, `investor`, `kind` (buy or sell), `tokens` and `amount`, all that was paid or
got in the coin; splits one of `date`, `stock`, `num`, `den`, new shares for old. A split changes how many shares a lot
is, and neither its tokens nor its cost. A split counts before the trades of its day, a day's trades after its record.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from scrip.errors import InputError
from scrip.inputs.reading.dates import calendar_day
from scrip.inputs.reading.numbers import whole
from scrip.inputs.reading.text import whole_text
from scrip.parameters import MAX_RATIO_TERM
from scrip.units import EVM_DECIMALS, RawUnits, Stablecoin

RULE = "FIFO"
"""Which lots a sale takes: those bought first."""
TRADES = ("date", "stock", "investor", "kind", "tokens", "amount")
SPLITS = ("date", "stock", "num", "den")


@dataclass(frozen=True, slots=True)
class Trade:
    """Units bought or sold on a day. `tokens` count 10^-18 of one, `amount` base units of the coin."""

    day: date
    stock: str
    investor: str
    buys: bool
    tokens: int
    amount: int
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Split:
    """`num` new shares for `den` old ones, from a day's opening on."""

    day: date
    stock: str
    num: int
    den: int


@dataclass(slots=True)
class Lot:
    """What is left of one purchase: its tokens, the shares that they are by now, and what they cost."""

    acquired: date
    tokens: int
    shares: Fraction
    cost: int


@dataclass(frozen=True, slots=True)
class Sale:
    """What was sold of one lot; `shares` as they were on the day of the sale."""

    acquired: date
    sold: date
    tokens: int
    shares: Fraction
    cost: int
    proceeds: int


@dataclass(slots=True)
class Holding:
    """What one investor has of one stock, the oldest lot first, and all that was sold."""

    lots: list[Lot] = field(default_factory=list)
    sales: list[Sale] = field(default_factory=list)

    @property
    def tokens(self) -> int:
        """What is held, 10^-18 of a token."""
        return sum(one.tokens for one in self.lots)

    @property
    def shares(self) -> Fraction:
        """The shares that this is."""
        return sum((one.shares for one in self.lots), Fraction(0))

    @property
    def cost(self) -> int:
        """What it cost, base units of the coin."""
        return sum(one.cost for one in self.lots)

    def buy(self, trade: Trade, factor: Fraction) -> None:
        """Add a lot; a token is `factor` shares."""
        shares = Fraction(trade.tokens, 10**EVM_DECIMALS) * factor
        self.lots.append(Lot(trade.day, trade.tokens, shares, trade.amount))

    def sell(self, trade: Trade) -> None:
        """Take from the oldest lots; InputError where they are less than what is sold.

        Cost and proceeds are shared out by tokens, rounded down: the rest of a cost stays with what is left of the
        lot, the rest of the proceeds goes to the last lot that is sold from.
        """
        if trade.tokens > self.tokens:
            told = f"sells more than is held, {RawUnits(self.tokens, EVM_DECIMALS)}"
            value = RawUnits(trade.tokens, EVM_DECIMALS)
            raise InputError(told, file=trade.file, line=trade.line, field="tokens", value=value)
        left, money = trade.tokens, trade.amount
        while left:
            lot = self.lots[0]
            taken = min(left, lot.tokens)
            cost = lot.cost * taken // lot.tokens
            proceeds = money if taken == left else trade.amount * taken // trade.tokens
            shares = lot.shares * Fraction(taken, lot.tokens)
            self.sales.append(Sale(lot.acquired, trade.day, taken, shares, cost, proceeds))
            lot.tokens, lot.shares, lot.cost = lot.tokens - taken, lot.shares - shares, lot.cost - cost
            left, money = left - taken, money - proceeds
            if not lot.tokens:
                del self.lots[0]


def factor_on(splits: Iterable[Split], stock: str, last: date) -> Fraction:
    """How many shares a token is once the splits of a day have taken effect."""
    found = Fraction(1)
    for one in splits:
        if one.stock == stock and one.day <= last:
            found *= Fraction(one.num, one.den)
    return found


def play(trades: Sequence[Trade], splits: Sequence[Split], last: date) -> dict[tuple[str, str], Holding]:
    """Every holding at the end of a day, by stock and investor. InputError for a sale of more than is held."""
    found: dict[tuple[str, str], Holding] = {}
    steps: list[tuple[date, int, int, Split | Trade]] = [(one.day, 0, place, one) for place, one in enumerate(splits)]
    steps += [(one.day, 1, place, one) for place, one in enumerate(trades)]
    for day, _, _, step in sorted(steps, key=lambda one: one[:3]):
        if day > last:
            break
        if isinstance(step, Split):
            for (stock, _), holding in found.items():
                for lot in holding.lots if stock == step.stock else ():
                    lot.shares *= Fraction(step.num, step.den)
            continue
        holding = found.setdefault((step.stock, step.investor), Holding())
        if step.buys:
            holding.buy(step, factor_on(splits, step.stock, day))
        else:
            holding.sell(step)
    return found


def read_trades(path: Path) -> list[Trade]:
    """The trades of a file; InputError with file, line and field."""
    found = []
    for line, row in rows_of(path, TRADES):
        where: dict[str, Any] = {"file": str(path), "line": line}
        if row["kind"] not in ("buy", "sell"):
            raise InputError("is neither buy nor sell", field="kind", value=row["kind"], **where)
        if not row["stock"] or not row["investor"]:
            name = "stock" if not row["stock"] else "investor"
            raise InputError("is missing", field=name, **where)
        try:
            day = calendar_day(row["date"], "date")
            tokens = RawUnits.parse(row["tokens"], EVM_DECIMALS, "tokens").value
            amount = Stablecoin.parse(row["amount"], field="amount").value
        except InputError as wrong:
            raise InputError(wrong.message, field=wrong.field, value=wrong.value, **where) from None
        if tokens <= 0 or amount < 0:
            name = "tokens" if tokens <= 0 else "amount"
            raise InputError("is to be more than 0", field=name, value=row[name], **where)
        found.append(Trade(day, row["stock"], row["investor"], row["kind"] == "buy", tokens, amount, str(path), line))
    return found


def read_splits(path: Path) -> list[Split]:
    """The splits of a file; InputError with file, line and field."""
    found = []
    for line, row in rows_of(path, SPLITS):
        try:
            day = calendar_day(row["date"], "date")
            terms = {name: whole(row[name], name) for name in ("num", "den")}
        except InputError as wrong:
            raise InputError(wrong.message, file=str(path), line=line, field=wrong.field, value=wrong.value) from None
        for name, value in terms.items():
            if not 1 <= value <= MAX_RATIO_TERM.value:
                told = f"is not between 1 and {MAX_RATIO_TERM.value}"
                raise InputError(told, file=str(path), line=line, field=name, value=value)
        found.append(Split(day, row["stock"], **terms))
    return found


def rows_of(path: Path, columns: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """The rows of a CSV file by column, each with its line.

    InputError for other columns, another count of values, and a value of more than one line: without its line's end it
    would be another's name.
    """
    try:
        text = whole_text(path.read_bytes(), str(path))
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=str(path)) from None
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    found = []
    try:
        if sorted(rows.fieldnames or ()) != sorted(columns):
            raise InputError(f"is to have the columns {', '.join(columns)}", file=str(path), line=1)
        for row in rows:
            line = rows.line_num
            if None in row or None in row.values():
                raise InputError(f"has not {len(columns)} values", file=str(path), line=line)
            if broken := [name for name, value in row.items() if "\n" in value or "\r" in value]:
                raise InputError("goes over more than one line", file=str(path), line=line, field=broken[0])
            found.append((line, {name: value.strip() for name, value in row.items()}))
    except csv.Error as wrong:
        raise InputError(f"is no CSV: {wrong}", file=str(path), line=rows.reader.line_num) from None
    return found
