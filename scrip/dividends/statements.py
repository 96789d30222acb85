"""What investors were paid in a year, and what of it was withheld: from dividends' folders, each held to its hashes.

A dividend belongs to the year of its pay date, UTC, fetched or not. A later part, which a later document brought, is
the same income again: what it pays is less withheld. With trades and splits the statement has what is held and its cost
(scrip.dividends.lots), and they are held to the units of every record. What was reinvested is told beside what was paid
(scrip.dividends.reinvestments), as units of the dividend's own year, and is a purchase for what holdings cost.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

from scrip.dividends import files, form
from scrip.dividends.files import Claimed
from scrip.dividends.lots import RULE, Holding, Split, Trade, factor_on, play
from scrip.dividends.reinvestments import Reinvested
from scrip.errors import Drift, InputError
from scrip.holders import files as registers
from scrip.holders import limbs
from scrip.holders.movements import columns_of, written
from scrip.manifest.countries import is_country
from scrip.model.laws.arithmetic import ceil_div
from scrip.model.laws.cash import Due
from scrip.model.state.dividends import CASH_CODE
from scrip.units import EVM_DECIMALS, STABLECOIN_DECIMALS, WAD, RawUnits, Stablecoin, Wad, format_fixed, format_wad

STATEMENT = (
    *("year", "network", "investor", "account", "country", "stock", "isin", "coin", "dividends"),
    *("gross", "withheld_upstream", "withheld_here", "fee", "net", "reinvested_units"),
    *("tokens", "shares", "cost_basis", "allocation_rule", "unit_rules", "return_of_capital"),
)
PAYMENTS = (
    *("network", "investor", "account", "stock", "reference", "record", "paid", "tokens", "unit_rules"),
    *("currency", "per_share", "fee_per_share", "rate", "rate_source"),
    *("gross", "withheld_upstream", "withheld_here", "fee", "net", "coin", "rate_percent", "document"),
    *("code", "nature"),
)
LOTS = (*("investor", "stock", "acquired", "sold", "tokens", "shares", "cost", "proceeds", "gain", "allocation_rule"),)
HOSTILE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for a formula's beginning."""
PAGES = "pages"
TERMS = {"multiplier", "gross", "rate", "fee", "record_at", "pay", "asset", "currency", "source", "stock", "reference"}
"""What a dividend's summary has of its terms."""
NOTES = (
    "Gross: the tokens at the record, times a token's shares, the gross per share and the rate; rounded down.",
    "Tax and fee are of the gross and of the tokens, each rounded up to the coin's last unit.",
    "Units that others hold for the holder count by the rules named; of a venue's each part is rounded down.",
    f"Lots by {RULE}: a sale takes what was bought first. A split changes a lot's shares, not its tokens nor its cost.",
    "Cost and proceeds of a part of a lot go by its tokens, rounded down.",
    "Amounts are of the coin that is named. This page is what the issuer's files say, no filing and no advice.",
)
"""What stands at the foot of a page: every rule by which amounts come about."""
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Payment:
    """What one account is due of one dividend, all its parts together: base units of the coin, units of 10^-18."""

    network: str
    stock: str
    isin: str
    reference: str
    record: date
    paid: date
    multiplier: int
    least: int
    """Fewest units that are due anything: whoever holds less is in no row."""
    coin: str
    currency: str
    per_share: Wad
    fee_per_share: Wad
    rate: Wad
    """Coins for one of the currency."""
    source: str
    """Where that was read."""
    rules: str
    """By which rules others hold what counts here for the account, a space between two."""
    account: str
    investor: str
    country: str
    bps: int
    document: str
    units: int
    gross: int
    upstream: int
    here: int
    fee: int
    net: int
    decimals: int = EVM_DECIMALS
    """Of the chain's raw units."""
    lacking: int = 0
    """What went back with a recalled part, and no later part has paid yet: none of `net`, and in the gross."""
    code: str = CASH_CODE
    is_income: bool = True
    """Whether it is, as against what gives back what a holding cost."""

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Network, stock, the dividend's reference and the account: what a reinvestment names."""
        return (self.network, self.stock, self.reference, self.account)

    @property
    def who(self) -> tuple[str, str, str]:
        """Network, and the investor, or the account of nobody known."""
        return (self.network, self.investor, "" if self.investor else self.account)


Paid = tuple[str, str, str]
"""A chain's genesis, a dividend's id and an account."""


@dataclass(frozen=True, slots=True)
class Costs:
    """Trades and splits, and registers that they are held to, for what holdings cost."""

    trades: Sequence[Trade]
    splits: Sequence[Split] = ()
    registers: Sequence[Path] = field(default=())


# --- what was paid ---------------------------------------------------------------------------------------------------


def folders_below(folder: Path) -> list[Path]:
    """Every dividend's folder below one; InputError where there is none."""
    found = sorted(path.parent for path in folder.rglob(files.SUMMARY))
    if not found:
        raise InputError("has no dividend below it", field="dividends", value=folder)
    return found


def payments(folders: Iterable[Path]) -> list[Payment]:
    """What every account is due of every dividend. Drift where a file was changed.

    InputError for two folders of one dividend of which none is a later part of the other, and for a later part without
    those before.
    """
    found: dict[Paid, Payment] = {}
    parts: dict[str, files.Verified] = {}
    known: set[str] = set()
    first: dict[tuple[str, str], Path] = {}
    later: list[tuple[Path, dict[str, Any], list[str]]] = []
    for folder in folders:
        part = files.verify(folder)
        if part.summary.get("terms", {}).get("units"):
            # What is given in units is told apart: scrip.dividends.deliveries.
            continue
        summary, parts[part.bound] = dict(part.summary), part
        known.add(registers.sha256_of(folder / files.SUMMARY))
        before = [one["sha256"] for one in summary["inputs"] if one["name"] == files.SUMMARY]
        if before:
            later.append((folder, summary, before))
            continue
        action = _action(summary)
        if action in first:
            told = f"is of the same dividend as {first[action]}: leave out whose root was not paid"
            raise InputError(told, field="dividends", value=folder)
        first[action] = folder
        found |= {(*action, one.account): one for one in _rows(folder, summary)}
    for folder, summary, before in sorted(later, key=lambda one: len(one[2])):
        if not set(before) <= known or _action(summary) not in first:
            raise InputError("is a later part, and those before it are missing", field="dividends", value=folder)
        recalled = summary.get("terms", {}).get("recalled", {})
        for bound in sorted(recalled.keys() & parts.keys()):
            _take_back(found, parts.pop(bound), recalled[bound])
        claims = _claims(folder)
        for one in _rows(folder, summary):
            key = (*_action(summary), one.account)
            claim = claims.get(one.account)
            found[key] = _later(folder, found[key], one, claim, bool(recalled)) if key in found else one
    settled = (replace(one, gross=one.gross - one.lacking, lacking=0) for one in found.values())
    return sorted(
        (one for one in settled if one.gross),
        key=lambda one: (*one.who, one.stock, one.paid, one.reference, one.account),
    )


def _action(summary: Mapping[str, Any]) -> tuple[str, str]:
    """Which dividend of which chain a folder is of: a dividend that several chains pay has one id on all of them."""
    return str(summary["subject"]["genesis"]), str(summary["action"])


def _take_back(found: dict[Paid, Payment], part: files.Verified, paid: Collection[int]) -> None:
    """Take what a recalled part had not paid out of the payments: it lacks until a later part pays it."""
    nets = limbs.integers(part.tree.leaves.net)
    for place, (account, net) in enumerate(zip(part.names, nets, strict=True)):
        key = (*_action(part.summary), account)
        if place not in paid and key in found:
            was = found[key]
            found[key] = replace(was, net=was.net - net, lacking=was.lacking + net)


def _claims(folder: Path) -> dict[str, Claimed]:
    """What market claims a part has of each account, all of its own added up."""
    found: dict[str, Claimed] = {}
    for one in files.claimed(folder):
        was = found.get(one.deal.account)
        if was is not None:
            deal = replace(was.deal, units=was.deal.units + one.deal.units)
            one = replace(was, deal=deal, due=was.due.plus(one.due))
        found[one.deal.account] = one
    return found


def _later(folder: Path, was: Payment, now: Payment, claim: Claimed | None, is_mended: bool) -> Payment:
    """A payment with what a later part adds: a market claim is income more, what went back with a recalled part is paid
    again, and all else is less withheld. Drift.

    `is_mended` where a part before was recalled: its units may have been too few, and what they lacked is income more.
    """
    due, units = (claim.due, claim.deal.units) if claim is not None else (Due(0, 0, 0, 0), 0)
    own = Due(now.gross - due.gross, now.upstream - due.upstream, now.here - due.here, now.fee - due.fee)
    again = min(was.lacking, own.gross)
    back, more = own.gross - again, 0
    if is_mended:
        # Where more is withheld than before, nothing of it is given back.
        back, more = (0, back) if own.here else (min(back, was.here), max(back - was.here, 0))
    if back > was.here:
        told = f"is given back more than was withheld, {Stablecoin(was.here)}"
        raise Drift(f"{folder}: {now.account} {told}")
    rate: dict[str, Any] = {"bps": now.bps, "document": now.document} if back or own.here else {}
    held = was.units + units * 10 ** (EVM_DECIMALS - was.decimals)
    return replace(
        was,
        # A row that pays anything beside a claim has all units that count.
        units=now.units if own.gross and is_mended else held,
        gross=was.gross + more + due.gross,
        upstream=was.upstream + now.upstream,
        here=was.here - back + now.here,
        fee=was.fee + now.fee,
        net=was.net + now.net,
        lacking=was.lacking - again,
        **rate,
    )


def _rows(folder: Path, summary: Mapping[str, Any]) -> list[Payment]:
    table, terms = registers.read_table(folder / f"{files.TABLE}.csv", files.TEXT), summary.get("terms", {})
    about = registers.Subject(**summary["subject"])
    if missing := sorted(TERMS - set(terms)):
        raise InputError("is missing", file=str(folder / files.SUMMARY), field=f"terms.{missing[0]}")
    multiplier, gross, rate = (int(terms[name]) for name in ("multiplier", "gross", "rate"))
    least = ceil_div(10**about.decimals * WAD**3, multiplier * gross * rate * 10**STABLECOIN_DECIMALS)
    scale = 10 ** (EVM_DECIMALS - about.decimals)
    amounts = {name: limbs.integers(columns_of(table, name)) for name in ("units", "gross", "net")}
    text = {name: table.column(name).to_pylist() for name in ("account", "investor", *files.TEXT)}
    record, pay = int(terms["record_at"]), int(terms["pay"])
    return [
        Payment(
            network=about.network,
            stock=str(terms["stock"]),
            isin=about.isin,
            reference=str(terms["reference"]),
            record=_day(record),
            paid=_day(max(record, pay)),
            multiplier=multiplier,
            least=least * scale,
            coin=str(terms["asset"]),
            currency=str(terms["currency"]),
            per_share=Wad(gross),
            fee_per_share=Wad(int(terms["fee"])),
            rate=Wad(rate),
            source=str(terms["source"]),
            rules=text["rules"][place],
            account=text["account"][place],
            investor=text["investor"][place],
            country=text["country"][place],
            bps=int(text["bps"][place]),
            document=text["document"][place],
            units=amounts["units"][place] * scale,
            gross=amounts["gross"][place],
            upstream=int(text["upstream"][place]),
            here=int(text["here"][place]),
            fee=int(text["fee"][place]),
            net=amounts["net"][place],
            decimals=about.decimals,
            code=str(terms.get("code", CASH_CODE)),
            is_income=bool(terms.get("is_income", True)),
        )
        for place in range(table.num_rows)
    ]


def _day(second: int) -> date:
    return datetime.fromtimestamp(second, UTC).date()


# --- what holdings cost ----------------------------------------------------------------------------------------------


def check(found: Sequence[Payment], costs: Costs) -> None:
    """Hold trades and splits to every record's units and multiplier, and to the registers. Drift, InputError."""
    networks = sorted({one.network for one in found})
    if len(networks) > 1:
        raise InputError("trades are of one network alone", field="dividends", value=", ".join(networks))
    records: dict[tuple[str, date, int, int], dict[str, int]] = {}
    for one in found:
        held = records.setdefault((one.stock, one.record, one.multiplier, one.least), {})
        if one.investor:
            held[one.investor] = held.get(one.investor, 0) + one.units
    for (stock, record, multiplier, least), held in records.items():
        # A split of the record's own day is in its multiplier or not: that depends on its instant.
        factors = {factor_on(costs.splits, stock, day) for day in (record, record - timedelta(days=1))}
        if multiplier not in {factor.numerator * int(WAD) // factor.denominator for factor in factors}:
            told = f"make {' or '.join(map(str, sorted(factors)))} shares of a token, and {record}'s record has"
            raise InputError(f"{told} {format_fixed(multiplier, 18)}", field="splits", value=stock)
        book = play(costs.trades, costs.splits, _eve(record))
        _compare(f"the record of {stock} of {record}", stock, held, book, least)
    isins = {one.isin: one.stock for one in found}
    for folder in costs.registers:
        about = registers.Subject(**registers.read_summary(folder)["subject"])
        if about.isin not in isins:
            raise InputError("is of a stock that paid none of these", field="register", value=about.isin)
        held = {}
        for holder, _ in files.holders_of(folder):
            if holder.investor:
                scale = 10 ** (EVM_DECIMALS - about.decimals)
                held[holder.investor] = held.get(holder.investor, 0) + holder.units * scale
        last = _eve(_day(about.instant))
        _compare(str(folder), isins[about.isin], held, play(costs.trades, costs.splits, last))


def check_reinvested(found: Sequence[Payment], reinvested: Sequence[Reinvested]) -> None:
    """Hold what was reinvested to what was paid: Drift for more.

    InputError for a dividend that is none of these, and for a quote that two files tell of.
    """
    quotes = Counter((one.network, one.quote) for one in reinvested)
    if twice := [" ".join(quote) for quote, count in quotes.items() if count > 1]:
        raise InputError("stands in two files: each is given once", field="reinvested", value=twice[0])
    paid: dict[tuple[str, ...], int] = {}
    for payment in found:
        paid[payment.key] = paid.get(payment.key, 0) + payment.net
    spent: dict[tuple[str, ...], int] = {}
    for one in reinvested:
        if one.paid_by not in paid:
            raise InputError("is of a dividend that paid it nothing", field="reinvested", value=" ".join(one.paid_by))
        spent[one.paid_by] = spent.get(one.paid_by, 0) + one.amount
    for key, amount in spent.items():
        if amount > paid[key]:
            told = f"reinvested {Stablecoin(amount)}, and was paid {Stablecoin(paid[key])}"
            raise Drift(f"{' '.join(key)}: {told}")


def _eve(day: date) -> date:
    return day - timedelta(days=1)


def _compare(
    what: str, stock: str, held: Mapping[str, int], book: Mapping[tuple[str, str], Holding], least: int = 1
) -> None:
    traded = {investor: one.tokens for (name, investor), one in book.items() if name == stock}
    for investor in sorted(set(held) | set(traded)):
        mine, theirs = traded.get(investor, 0), held.get(investor, 0)
        if mine != theirs and (theirs or mine >= least):
            tokens = (str(RawUnits(one, EVM_DECIMALS)) for one in (theirs, mine))
            raise Drift("{}: {} holds {} tokens, and the trades make {}".format(what, investor, *tokens))


# --- the files -------------------------------------------------------------------------------------------------------


def write(
    folder: Path,
    year: int,
    found: Sequence[Payment],
    costs: Costs | None,
    home: str,
    investor: str = "",
    reinvested: Sequence[Reinvested] = (),
    as_pages: bool = False,
) -> dict[str, int]:
    """Write a year's statement into a folder; how many rows each file has. `home` is where the income arises.

    Of one investor, where one is named; InputError where that one was paid nothing and holds nothing. Drift where more
    was `reinvested` than was paid. `as_pages` adds a PDF page for each, below `pages`; how many is told with the rows.
    """
    if not is_country(home):
        raise InputError("is no ISO 3166 alpha-2 country code", field="home", value=home)
    book = {}
    check_reinvested(found, reinvested)
    if costs is not None:
        # First of their day: what was sold of them on the same day is not more than was held.
        costs = replace(costs, trades=[*(one.trade for one in reinvested if one.investor), *costs.trades])
        check(found, costs)
        book = play(costs.trades, costs.splits, date(year, 12, 31))
    mine = [one for one in found if one.paid.year == year and investor in ("", one.investor)]
    held = {key: one for key, one in book.items() if investor in ("", key[1])}
    if not mine and not held:
        raise InputError(
            f"was paid nothing in {year}", field="investor" if investor else "year", value=investor or year
        )
    tables = {
        "statement": (STATEMENT, list(_totals(year, mine, held if costs else None, reinvested))),
        "payments": (PAYMENTS, [_paid(one) for one in mine]),
        "1042-s": (form.COLUMNS, list(_forms(year, mine, home))),
    }
    if costs is not None:
        tables["lots"] = (LOTS, list(_lots(year, held)))
    for name, (columns, rows) in tables.items():
        with written(folder / f"{name}.csv") as path:
            write_csv(path, columns, rows)
    counts = {f"{name}.csv": len(rows) for name, (_, rows) in tables.items()}
    if as_pages:
        # Loaded where it is asked for: it takes longer than all else here.
        from scrip.dividends.pages import write_pages

        shown = {
            name: [dict(zip(columns, row, strict=True)) for row in rows] for name, (columns, rows) in tables.items()
        }
        counts[PAGES] = write_pages(folder / PAGES, year, shown, NOTES)
    return counts


def _totals(
    year: int,
    found: Sequence[Payment],
    book: Mapping[tuple[str, str], Holding] | None,
    reinvested: Sequence[Reinvested],
) -> Iterable[tuple[object, ...]]:
    bought: dict[tuple[str, ...], int] = {}
    for purchase in reinvested:
        bought[purchase.paid_by] = bought.get(purchase.paid_by, 0) + purchase.tokens
    groups: dict[tuple[str, ...], list[Payment]] = {}
    for one in found:
        groups.setdefault((*one.who, one.stock, one.isin, one.coin), []).append(one)
    left = dict(book or {})
    for (network, investor, account, stock, isin, coin), rows in groups.items():
        count = len({one.reference for one in rows})
        holding = left.pop((stock, investor), None) if investor else None
        rules = " ".join(sorted({rule for one in rows for rule in one.rules.split()}))
        head = (year, network, investor, account, rows[-1].country, stock, isin, coin, count)
        units = sum(bought.get(one.key, 0) for one in rows)
        yield (
            *head,
            *_money(rows),
            str(RawUnits(units, EVM_DECIMALS)),
            *_held(holding, book is not None and bool(investor)),
            rules,
            str(Stablecoin(sum(one.gross for one in rows if not one.is_income))),
        )
    for (stock, investor), holding in sorted(left.items()):
        yield (year, "", investor, "", "", stock, "", "", 0, *_money([]), 0, *_held(holding, True), "", "0")


def _money(rows: Sequence[Payment]) -> list[str]:
    names = ("gross", "upstream", "here", "fee", "net")
    return [str(Stablecoin(sum(getattr(one, name) for one in rows))) for name in names]


def _held(holding: Holding | None, known: bool) -> tuple[str, ...]:
    if not known:
        return ("", "", "", "")
    one = holding or Holding()
    return (str(RawUnits(one.tokens, EVM_DECIMALS)), _decimal(one.shares), str(Stablecoin(one.cost)), RULE)


def _decimal(shares: Fraction) -> str:
    """Shares to 18 decimals, rounded down."""
    return format_fixed(shares.numerator * int(WAD) // shares.denominator, 18)


def _paid(one: Payment) -> tuple[object, ...]:
    head = (one.network, one.investor, one.account, one.stock, one.reference, one.record, one.paid)
    units = str(RawUnits(one.units, EVM_DECIMALS))
    terms = (one.currency, *map(format_wad, (one.per_share, one.fee_per_share, one.rate)), one.source)
    nature = (one.code, "income" if one.is_income else "return of capital")
    money = (*_money([one]), one.coin, format_fixed(one.bps, 2), one.document)
    return (*head, units, one.rules, *terms, *money, *nature)


def _lots(year: int, book: Mapping[tuple[str, str], Holding]) -> Iterable[tuple[object, ...]]:
    """The year's sales and what is held at its end, a row for each lot."""
    for (stock, investor), holding in sorted(book.items()):
        for one in holding.sales:
            if one.sold.year == year:
                head = (investor, stock, one.acquired, str(one.sold), str(RawUnits(one.tokens, EVM_DECIMALS)))
                cost, got = Stablecoin(one.cost), Stablecoin(one.proceeds)
                gain = format_fixed(one.proceeds - one.cost, cost.decimals)
                yield (*head, _decimal(one.shares), str(cost), str(got), gain, RULE)
        for lot in holding.lots:
            head = (investor, stock, lot.acquired, "", str(RawUnits(lot.tokens, EVM_DECIMALS)))
            yield (*head, _decimal(lot.shares), str(Stablecoin(lot.cost)), "", "", RULE)


def _forms(year: int, found: Sequence[Payment], home: str) -> Iterable[tuple[object, ...]]:
    """A row for each recipient abroad, rate and document, as Form 1042-S has one for each rate of tax."""
    groups: dict[tuple[Any, ...], list[Payment]] = {}
    for one in found:
        if one.country != home and one.is_income:
            groups.setdefault((*one.who, one.country, one.bps, one.document, one.coin), []).append(one)
    for (_, investor, account, country, bps, document, coin), rows in sorted(groups.items()):
        gross, upstream, here, _, _ = _money(rows)
        # 04: exempt under a treaty; 00: the tax was taken at the rate that is told.
        exemption = "04" if bps == 0 else "00"
        withheld = str(Stablecoin(sum(one.upstream + one.here for one in rows)))
        taxes = (year, form.INCOME_CODE, gross, form.CHAPTER, exemption, f"{bps // 100:02d}.{bps % 100:02d}")
        whose = (investor or account, account, country or form.UNKNOWN_COUNTRY, document, coin)
        yield (*taxes, here, upstream, withheld, *whose)


def cell(value: object) -> str:
    """A cell as a spreadsheet shows it and never computes: what begins a formula and is no number has a ' before it."""
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(HOSTILE) and not NUMBER.fullmatch(text) else text


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table as CSV: UTF-8, lines end in a line feed."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([cell(value) for value in row] for row in rows)
