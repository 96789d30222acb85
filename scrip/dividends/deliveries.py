"""Who of a register is given what: units of another stock, or of the same one to who chose stock and not cash.

A dividend's folder holds them as it holds cash, each row's gross and net its raw units, nothing withheld and no fee.
Of a choice between cash and stock (DVOP) the folder of what holders chose says which units of each account are paid in
cash and which in stock: all of them, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from scrip.dividends import files
from scrip.dividends.entitlements import Entitlement, Entitlements, Holder
from scrip.dividends.statements import write_csv
from scrip.elections.results import Results
from scrip.errors import Drift, InputError
from scrip.holders import files as registers
from scrip.holders import limbs
from scrip.holders.movements import columns_of, written
from scrip.instructions.actions import RecordTerms
from scrip.model.laws import deliveries as law
from scrip.model.laws.cash import Due
from scrip.model.laws.elections import Option
from scrip.units import EVM_DECIMALS, RawUnits, Wad, format_wad

CASH: Option = "CASH"
STOCK: Option = "SECU"


def given(holders: Sequence[Holder], ratio: law.Ratio) -> Entitlements:
    """What every holder is given, in raw units, and what the floors leave."""
    rows = tuple(Entitlement(one, Due(law.given(one.units, ratio), 0, 0, 0), 0) for one in holders)
    return Entitlements(rows, law.remainder((one.units for one in holders), ratio))


def ratio_of(code: str, terms: RecordTerms, multiplier: Wad, other_multiplier: Wad) -> law.Ratio:
    """New shares for old as an action's terms have them; of DVOP what its gross buys at its price, where no ratio is
    named. InputError where neither is."""
    if terms.num:
        return law.Ratio(terms.num, terms.den, multiplier, other_multiplier)
    if code == "DVOP" and terms.price:
        return law.Ratio(terms.gross, terms.price, multiplier, other_multiplier)
    raise InputError("names no new shares for old, and no price of them", field="num", value=terms.num)


def chosen(holders: Sequence[Holder], found: Results, option: Option, subject: Mapping[str, object]) -> list[Holder]:
    """The holders with the units for which an option counts alone.

    Drift where the results are of another register, action or stock, and where they do not have every unit of every
    account of the register once: nobody is left out, and nobody is paid twice for a unit.
    """
    for name, right in subject.items():
        said = getattr(found.subject, name)
        if str(said).lower() != str(right).lower():
            raise Drift(f"elections: {name} is {said}, and this root is of {right}")
    units = {CASH: found.units(CASH), STOCK: found.units(STOCK)}
    left = {one.account: one.units for one in holders}
    for counted in units.values():
        for account, some in counted.items():
            if account not in left:
                raise Drift(f"elections: {account} chose, and is no account of the register")
            left[account] -= some
    for account, rest in left.items():
        if rest:
            told = "less" if rest > 0 else "more"
            raise Drift(f"elections: {account} chose for {told} units than it holds, by {abs(rest)}")
    mine = units[option]
    return [replace(one, units=mine[one.account]) for one in holders if mine.get(one.account)]


def demand_terms(found: Results, default: str, most: int) -> None:
    """InputError where the operator names another default or cap than the results were made with."""
    if default and default != found.subject.default:
        raise InputError(f"is {found.subject.default} in the election", field="default", value=default)
    if most and most != found.subject.most:
        raise InputError(f"is {found.subject.most} in the election", field="most", value=most)


def further(had: Mapping[str, int], now: Entitlements) -> Entitlements:
    """What a later part gives in addition: who is due more now than by the parts before, raw units by account."""
    rows = []
    for one in now.rows:
        more = one.due.gross - had.get(one.holder.account, 0)
        if more > 0:
            rows.append(replace(one, due=Due(more, 0, 0, 0)))
    return Entitlements(tuple(rows), 0)


# --- a year's statement ----------------------------------------------------------------------------------------------

COLUMNS = (
    *("year", "network", "investor", "account", "stock", "code", "reference", "record", "delivered", "given_stock"),
    *("tokens_given", "new", "old", "cost", "currency", "cost_rule"),
)
FILE = "deliveries.csv"


def statement(folders: Iterable[Path], year: int, investor: str = "") -> list[tuple[object, ...]]:
    """A row for each account and delivery of a year, from the folders whose roots gave units; Drift where a file was
    changed.

    The cost is the terms' price a share times the shares, rounded down to 10^-18, where they name one: of stock that
    was chosen instead of cash. Without a price the cost of the old shares is carried over, or split between the two by
    their values, which no terms have.
    """
    found = []
    for folder in folders:
        part = files.verify(folder)
        terms = part.summary.get("terms", {})
        if not terms.get("units"):
            continue
        record, paid = (_day(second) for second in (terms["record_at"], max(terms["record_at"], terms["pay"])))
        if paid.year != year:
            continue
        table = registers.read_table(folder / f"{files.TABLE}.csv", files.TEXT)
        amounts, network = limbs.integers(columns_of(table, "net")), part.summary["subject"]["network"]
        names = [table.column(name).to_pylist() for name in ("account", "investor")]
        for account, whose, units in zip(*names, amounts, strict=True):
            if investor in ("", whose):
                head = (year, network, whose, account, terms["stock"], terms["code"], terms["reference"])
                given_ = (record, paid, terms["units"], str(RawUnits(units, EVM_DECIMALS)), terms["num"], terms["den"])
                found.append((*head, *given_, *_cost(terms, units)))
    return sorted(found, key=lambda row: tuple(map(str, row)))


def _cost(terms: Mapping[str, object], units: int) -> tuple[str, str, str]:
    price, multiplier = int(str(terms["price"])), int(str(terms["other_multiplier"]))
    if terms["code"] != "DVOP" or not price:
        return "", "", "carried over"
    cost = units * multiplier * price // 10 ** (EVM_DECIMALS + 18)
    return format_wad(Wad(cost)), str(terms["currency"]), "price of the terms"


def _day(second: int) -> date:
    return datetime.fromtimestamp(second, UTC).date()


def write(folder: Path, rows: Sequence[Sequence[object]]) -> dict[str, int]:
    """Write a year's deliveries beside its statement, where there are any; how many rows."""
    if not rows:
        return {}
    with written(folder / FILE) as path:
        write_csv(path, COLUMNS, rows)
    return {FILE: len(rows)}
