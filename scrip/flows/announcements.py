"""What a file announces, of any code: the order that it is, what it does to holders, and its plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from scrip import instructions as ins
from scrip.action_codes import ACTION_CODES, CODES
from scrip.chains.network import Network
from scrip.errors import InputError, Refusal
from scrip.flows import actions, dividends
from scrip.flows.offers import theoretical
from scrip.holders import files as register_files
from scrip.holders import limbs
from scrip.holders.instant import record_instant
from scrip.holders.movements import columns_of
from scrip.labels import asset_of
from scrip.manifest.action_file import ActionFile, Amount, Ratio
from scrip.model.laws import arithmetic as law
from scrip.model.laws.multiplier import Terms
from scrip.plan import Change, Plan
from scrip.units import NO_WAD, RawUnits, Wad, as_fraction, format_fixed, format_wad

SHOWN = 10
"""Holders whose position a plan shows: the largest."""
PLACES = 6
"""Decimals of shares and of money that a plan shows, rounded down."""


NO_RATIO, NO_AMOUNT = Ratio(), Amount()


@dataclass(frozen=True, slots=True)
class Told:
    """What an action is, as far as holders feel it, by the file's names: of an order, or of what a chain keeps."""

    stock: str
    CAEV: str
    NEWO: Ratio = NO_RATIO
    GRSS: Amount = NO_AMOUNT
    CHAR: Wad = NO_WAD
    OFFR: Amount = NO_AMOUNT
    other: str = ""


Felt = ActionFile | Told
Announcement = ins.Announce | ins.AnnounceCash | ins.AnnounceRecord


@dataclass(frozen=True, slots=True)
class Holding:
    """What an account holds."""

    account: str
    units: RawUnits


# --- the order -------------------------------------------------------------------------------------------------------


def order_of(file: ActionFile) -> ins.Announce:
    """The order of a file whose code moves the multiplier; InputError for any other code."""
    if file.CAEV not in ACTION_CODES:
        raise InputError("moves no multiplier", field="CAEV", value=file.CAEV)
    if file.XDTE is None:
        raise InputError("is missing", field="XDTE")
    terms = (file.XDTE, file.EFFD, file.NEWO.new, file.NEWO.old, file.GRSS.value)
    return ins.Announce(file.stock, file.CAEV, file.CORP, *terms, file.PAYD, file.ex_at, file.buy)


def record_of(network: Network, file: ActionFile) -> ins.AnnounceRecord:
    """The order of a file that the book records, with what follows from others filled in: the ex instant and the
    record, the opening of the ex day's session; the expiry of what is paid out, a day more than the shortest; the coin.
    """
    return ins.AnnounceRecord(file.stock, file.CAEV, file.CORP, record_terms(network, file))


def record_terms(network: Network, file: ActionFile) -> ins.RecordTerms:
    """The terms of the same."""
    kind, manifest = CODES[file.CAEV], network.manifest
    amount = file.GRSS if file.GRSS.value else file.OFFR
    if file.GRSS.value and file.OFFR.value and file.GRSS.currency != file.OFFR.currency:
        raise InputError(f"is not in {file.GRSS.currency}, as GRSS is", field="OFFR", value=file.OFFR.currency)
    opening = record_instant(manifest.calendar_of(file.stock), file.XDTE) if file.XDTE else 0
    pay = file.PAYD or file.EFFD or file.MEET
    record = file.RDTE or opening
    paid = getattr(kind, "paid", False)
    expiry = file.EXPI or (max(pay, record) + _escheat(network, file.stock) + dividends.SPARE if paid else 0)
    has_coin = paid or bool(file.asset or file.rate)
    rate, source = _rate(file, amount.currency) if has_coin else (NO_WAD, "")
    return ins.RecordTerms(
        pay=pay,
        ex=file.XDTE,
        ex_at=file.ex_at or opening,
        record_at=record if file.XDTE or file.RDTE else 0,
        deadline=file.MKDT,
        expiry=expiry,
        gross=file.GRSS.value,
        fee=file.CHAR,
        currency=amount.currency,
        asset=asset_of(manifest.settlement.assets, file.asset) if has_coin else "",
        rate=rate,
        source=source,
        num=file.NEWO.new,
        den=file.NEWO.old,
        other=file.other,
        price=file.OFFR.value,
        most=int(file.QTSO),
        document=file.document,
        name=file.name,
        ticker=file.ticker,
        isin=file.isin,
    )


def cash_terms(file: ActionFile) -> ins.CashTerms:
    """The terms of a file of a cash dividend; what it leaves out is filled in by `dividends`."""
    if file.XDTE is None:
        raise InputError("is missing", field="XDTE")
    rate, source = _rate(file, file.GRSS.currency)
    return ins.CashTerms(
        ex=file.XDTE,
        record_at=file.RDTE,
        pay=file.PAYD,
        expiry=file.EXPI,
        gross=file.GRSS.value,
        ex_at=file.ex_at,
        fee=file.CHAR,
        currency=file.GRSS.currency,
        rate=rate,
        source=source,
    )


def _rate(file: ActionFile, currency: str) -> tuple[Wad, str]:
    if file.rate:
        return file.rate, file.source
    return (ins.AT_PAR, "par") if currency == "USD" else (NO_WAD, "")


def _escheat(network: Network, stock: str) -> int:
    book = actions.Book(network, stock)
    return int(book.views.network.chain.call(book.contract, "escheat"))


# --- the plan --------------------------------------------------------------------------------------------------------


def announce(
    network: Network,
    file: ActionFile,
    sender: str = "",
    *,
    twin: bool = False,
    expected: Wad = NO_WAD,
    register: Path | None = None,
) -> Plan:
    """Announce what a file says, of whatever code, and show what it does to the largest holders.

    `expected` is the price that a reinvested dividend should be struck at; of a rights issue that of a share with its
    right. The holders are those of a `register`
    folder, or the accounts that the manifest names. InputError for what the network's kind of chain, or its manifest,
    has not.
    """
    if file.stock not in network.manifest.stocks:
        raise InputError("is no stock of the manifest", field="stock", value=file.stock)
    if file.CAEV in ACTION_CODES:
        plan = actions.announce(network, order_of(file), sender, twin, expected)
    elif file.CAEV == "DVCA":
        plan = dividends.announce(network, file.stock, file.CORP, cash_terms(file), sender, file.asset)
    else:
        plan = actions.record(network, record_of(network, file), sender)
    return _felt(network, plan, file, expected, register)


def plan_of(
    network: Network, order: actions.Order, sender: str = "", twin: bool = False, expected: Wad = NO_WAD
) -> Plan:
    """The plan of an announcement, a schedule or a cancellation, with what it does to the largest holders.

    What is scheduled is what the chain keeps of it, at the price of the order.
    """
    plan = actions.plan_of(network, order, sender, twin, expected)
    if isinstance(order, ins.Announce):
        told = Told(order.stock, order.code, Ratio(order.num, order.den), Amount("", order.gross))
        return _felt(network, plan, told, expected)
    if isinstance(order, ins.Schedule) and plan.steps:
        kept = actions.show(network, order.stock, order.code, order.reference)
        told = Told(order.stock, order.code, Ratio(kept.num, kept.den), Amount("", kept.gross))
        return _felt(network, plan, told, order.price)
    return plan


def announce_cash(
    network: Network, stock: str, reference: str, terms: ins.CashTerms, sender: str = "", asset: str = ""
) -> Plan:
    """The plan of a cash dividend's announcement, with what it gives the largest holders."""
    plan = dividends.announce(network, stock, reference, terms, sender, asset)
    return _felt(network, plan, Told(stock, "DVCA", Ratio(), Amount(terms.currency, terms.gross), terms.fee))


def _felt(network: Network, plan: Plan, told: Felt, price: Wad = NO_WAD, register: Path | None = None) -> Plan:
    """A plan and what it does to holders; as it is where there is nothing to do."""
    if not plan.steps:
        return plan
    return replace(plan, changes=(*plan.changes, *effects(network, told, price, register)))


def amend(network: Network, file: ActionFile, sender: str = "") -> Plan:
    """Put a file's terms in the place of those that were announced under its code and reference."""
    if file.CAEV in ACTION_CODES:
        reason = "is not amended: cancel it, and announce it under another reference"
        raise InputError(reason, field="CAEV", value=file.CAEV)
    if file.CAEV == "DVCA":
        plan = dividends.amend(network, file.stock, file.CORP, cash_terms(file), sender, file.asset)
    else:
        order = ins.AmendRecord(file.stock, file.CAEV, file.CORP, record_terms(network, file))
        plan = actions.record(network, order, sender)
    return _felt(network, plan, file)


# --- what it does to holders -----------------------------------------------------------------------------------------


def effects(network: Network, file: Felt, expected: Wad = NO_WAD, register: Path | None = None) -> list[Change]:
    """What an action does: to the factors, to the largest holders' units, shares and cash, and to the coverage."""
    ledger = network.views().ledger
    shown = ledger.multiplier(file.stock)
    before = Terms(shown.index, shown.num, shown.den)
    bps = network.manifest.corporate_actions.withholding_bps
    net = law.net_dividend(file.GRSS.value, bps) if _is_struck(file) else NO_WAD
    after = factors_after(file, before, expected, net)
    found = []
    if file.CAEV in ACTION_CODES:
        unknown = f"known once it is struck: {format_wad(net)} net a share is reinvested; say --expect"
        told = unknown if after is None else _told(after)
        found.append(Change(f"{file.stock} index and split factor", _told(before), told))
    if file.CAEV == "RHTS" and expected:
        pair = (as_fraction(file.OFFR.value), file.NEWO.new, file.NEWO.old)
        for name, told in theoretical(as_fraction(expected), *pair):
            found.append(Change(f"{file.stock} {name}", f"{format_wad(expected)} with it", told))
    for one in largest(network, file.stock, register):
        units = f"{format_fixed(one.units.value, one.units.decimals)} units"
        now, then = _shares(one.units, before), _shares(one.units, after or before)
        given = gives(file, now)
        result = f"{units} = {_short(then)} shares" + (f", and {given}" if given else "")
        found.append(Change(f"{file.stock} of {one.account}", f"{units} = {_short(now)} shares", result))
    return found + list(_coverage(network, file, before, after))


def factors_after(file: Felt, before: Terms, price: Wad, net: Wad) -> Terms | None:
    """The factors after an action; None for a reinvested dividend whose price nobody has said."""
    if _is_struck(file):
        return before.with_dividend(price, net) if price else None
    if file.CAEV in ACTION_CODES:
        return before.with_split(file.NEWO.new, file.NEWO.old)
    return before


def gives(file: Felt, shares: Fraction) -> str:
    """What an action gives the holder of so many shares, before taxes; "" for nothing beside what a unit shows."""
    stock = file.other or "the other stock"
    ratio = Fraction(file.NEWO.new, file.NEWO.old or 1)
    cash = shares * (as_fraction(file.GRSS.value) - as_fraction(file.CHAR))
    paid = f"{file.GRSS.currency} {_short(cash)} gross"
    price = as_fraction(file.OFFR.value)
    offered = f"{file.OFFR.currency} {_short(shares * price)}"
    match file.CAEV:
        case "DVCA" | "CAPD":
            return paid
        case "DVOP":
            if file.NEWO.new:
                return f"{paid}, or {_short(shares * ratio)} shares more if they choose them"
            return f"{paid}, or the shares that it buys if they choose them"
        case "SOFF":
            return f"{_short(shares * ratio)} shares of {stock}"
        case "MRGR":
            stocks = f"{_short(shares * ratio)} shares of {stock}" if file.NEWO.new else ""
            return " and ".join(filter(None, (paid if file.GRSS.value else "", stocks))) + ", and the units end"
        case "TEND":
            return f"{offered} if they tender all and nothing is prorated"
        case "RHTS":
            return (
                f"{_short(shares * ratio)} new shares if they pay {file.OFFR.currency} {_short(shares * ratio * price)}"
            )
        case "LIQU":
            return offered
        case "MEET":
            return f"{_short(shares)} votes at one a share"
    return ""


def largest(network: Network, stock: str, register: Path | None) -> list[Holding]:
    """The largest holders of a stock: of a register's folder, or of the accounts that the manifest names."""
    found = _registered(network, stock, register) if register else _known(network, stock)
    return sorted((one for one in found if one.units.value), key=lambda one: (-one.units.value, one.account))[:SHOWN]


def _registered(network: Network, stock: str, folder: Path) -> Iterable[Holding]:
    """Everybody of a register's folder; InputError where it is of another stock or network, Drift where it changed."""
    summary = register_files.read_summary(folder)
    register_files.demand_hashes(folder, summary)
    subject = summary["subject"]
    wanted = {"network": network.manifest.network, "isin": network.manifest.stocks[stock].identity}
    for name, value in wanted.items():
        if subject.get(name) != value:
            raise InputError(f"is of another {name} than {value}", field="register", value=subject.get(name))
    table = register_files.read_table(folder / f"{register_files.HOLDERS}.parquet")
    names: Sequence[str] = table.column("account").to_pylist()
    amounts = limbs.integers(columns_of(table, "units"))
    return [Holding(name, RawUnits(units, subject["decimals"])) for name, units in zip(names, amounts, strict=True)]


def _known(network: Network, stock: str) -> Iterable[Holding]:
    ledger = network.views().ledger
    return [Holding(name, ledger.balance(stock, name)) for name in sorted(network.manifest.accounts)]


def _coverage(network: Network, file: Felt, before: Terms, after: Terms | None) -> Iterable[Change]:
    if after is None:
        return
    try:
        found = network.views().ledger.coverage(file.stock)
    except Refusal:
        return
    grown = Fraction(after.index * after.num * before.den, before.index * before.num * after.den)
    owed, there = Fraction(found.required, 10**18), Fraction(found.attested, 10**18)
    now = f"{_short(there)} shares there, {_short(owed)} owed"
    if _is_struck(file):
        bought = owed * grown - owed
        then = f"{_short(there)} and {_short(bought)} receivable until they are bought, {_short(owed * grown)} owed"
    elif grown != 1:
        then = f"{_short(there * grown)} shares to be shown by the custodian, {_short(owed * grown)} owed"
    else:
        then = now
    yield Change(f"{file.stock} coverage", now, then)


def _is_struck(file: Felt) -> bool:
    """Whether it is a dividend that is reinvested at a price."""
    return file.CAEV in ACTION_CODES and bool(ACTION_CODES[file.CAEV].struck)


def _shares(units: RawUnits, terms: Terms) -> Fraction:
    return Fraction(law.ui_amount(units.value, terms.ui_multiplier), 10**units.decimals)


def _told(terms: Terms) -> str:
    return f"index {format_wad(terms.index)}, factor {terms.num}:{terms.den}"


def _short(value: Fraction) -> str:
    """A number with at most PLACES decimals, rounded down."""
    scaled = int(value * 10**PLACES)
    return format_fixed(scaled, PLACES)
