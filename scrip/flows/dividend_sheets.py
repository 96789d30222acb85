"""What a root is computed from, and who is paid or given what by it: a register, the terms, and what holders chose."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scrip.action_codes import BOOK_CODES
from scrip.chains.evm import evm_only
from scrip.chains.network import Network
from scrip.dividends import claims, deliveries
from scrip.dividends import files as folders
from scrip.dividends.claims import Deal
from scrip.dividends.deliveries import CASH, STOCK
from scrip.dividends.entitlements import Holder, entitlements, further, joined
from scrip.dividends.treaty import Relief, TreatyTable, demand_manifests, of_manifest, read_reliefs, read_table
from scrip.elections import results
from scrip.errors import Drift, InputError
from scrip.evm.chain import Call, Contract, ask_all
from scrip.evm.handlers.actions import multiplier_at
from scrip.flows import market_claims
from scrip.flows.dividend_desk import DividendDesk, rate_source, terms_facts
from scrip.flows.elections import demand_results
from scrip.flows.register import demand_register
from scrip.holders import files as registers
from scrip.manifest.countries import country_code
from scrip.model.laws import cash as law
from scrip.model.laws.elections import Option
from scrip.model.state.dividends import CASH_CODE, Cash
from scrip.units import EVM_DECIMALS, STABLECOIN_DECIMALS

OPTION = "DVOP"
"""The code of a choice between cash and stock."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a dividend is computed from: a register's folder, where it is written to, the table of rates and the
    documents that were shown; `after` are the folders of the parts that were posted before, where a relief came later;
    `claims` a file of market claims that it pays beside (scrip.dividends.claims); `source` where the rate was read: a
    chain keeps its hash alone. `in_units` is whether the root gives units; `elections` the folder of what holders chose
    between cash and stock, which has to be of the `default` and the cap `most` where these are named. `is_income` is
    whether tax is withheld of the cash, None for what the code says.
    """

    register: Path
    out: Path
    treaty: Path | None = None
    reliefs: Path | None = None
    after: tuple[Path, ...] = ()
    claims: Path | None = None
    source: str = ""
    in_units: bool = False
    elections: Path | None = None
    default: str = ""
    most: int = 0
    is_income: bool | None = None


def computed(
    desk: DividendDesk,
    known: Cash,
    reference: str,
    sheet: Sheet,
    parts: Sequence[folders.Verified],
    recalled: Mapping[str, Collection[int]],
) -> tuple[folders.Verified, list[str]]:
    """A dividend's folder, written or found the same, and what is to be said of it.

    `parts` are those that were posted before, and `recalled` the places that were paid of each of them of which the
    rest was taken back.
    """
    rows = folders.holders_of(sheet.register)
    network = evm_only(desk.network)
    at = demand_register(network, desk.stock, sheet.register, known.terms.record_at)
    is_income = BOOK_CODES[desk.code].is_income if sheet.is_income is None else sheet.is_income
    table, shown = _rates(desk.network, sheet) if is_income else _untaxed(sheet)
    seen = network.at(at.number).chain
    multiplier = multiplier_at(seen, desk.token, known.terms.record_at)
    counted = law.Counted(multiplier, EVM_DECIMALS, STABLECOIN_DECIMALS)
    holders = _with_countries(seen, desk.views.ledger.suite.registry, [one for one, _ in rows])
    holders = _choosing(desk, reference, sheet, holders, CASH)
    per_share = law.PerShare(known.terms.gross, known.terms.fee, known.terms.rate)
    # Where the payer pays before the ex, holders are paid from the record on: a document has to be good then.
    pay = datetime.fromtimestamp(max(known.terms.pay, known.terms.record_at), UTC).date()
    found = entitlements(holders, per_share, counted, table, shown, pay)
    owed, about = _owed(desk, reference, sheet, parts)
    shares = (per_share, counted, table, shown, pay)
    posted = [one.deal for part in parts for one in folders.claimed(part.folder)]
    settled = entitlements(market_claims.holders(network, posted, holders), *shares)
    if parts:
        found = further(folders.had(parts, recalled), joined(found, settled.rows))
    claimants = entitlements(market_claims.holders(network, owed, holders), *shares).rows
    found = joined(found, claimants)
    dealers = [one.holder for one in (*settled.rows, *claimants)]
    nobody = sorted(set(shown) - {one.investor for one in (*holders, *dealers)})
    before = [one.folder / folders.SUMMARY for one in parts]
    inputs = [one for one in (sheet.treaty, sheet.reliefs, sheet.claims, *_files(sheet), *before) if one]
    action = desk.action(reference)
    head = {"stock": desk.stock, "reference": reference, "multiplier": counted.multiplier}
    if desk.code != CASH_CODE:
        head |= {"code": desk.code, "is_income": is_income}
    kinds: dict[str, str] = {one.account: market_claims.kind_of(one) for one in dealers}
    kinds |= {one.account: kind for one, kind in rows}
    saying = {**head, **terms_facts(known.terms), "source": rate_source(known.terms.source, sheet.source)}
    if recalled and parts:
        saying["recalled"] = {part.bound: sorted(recalled[part.bound]) for part in parts if part.bound in recalled}
    payer = desk.network.manifest.settlement.treasury  # type: ignore[union-attr]
    pairs = list(zip(owed, claimants, strict=True))
    given = (sheet.out, sheet.register, action, found, kinds, inputs, saying, pairs, payer)
    written = folders.write(*given, len(parts))
    said = [*about, f"{sheet.out}: {written.summary['rows']['dividend']:,} rows, digest {written.digest}"]
    return written, said + [f"investor {one} has shown a document, and holds nothing at the record" for one in nobody]


def computed_units(
    desk: DividendDesk,
    known: Cash,
    reference: str,
    sheet: Sheet,
    parts: Sequence[folders.Verified],
    recalled: Mapping[str, Collection[int]],
) -> tuple[folders.Verified, list[str]]:
    """The folder of what a root gives in units, written or found the same, and what is to be said of it; as computed.

    Every floor is in scrip.model.laws.deliveries. InputError where the action names no stock of the issuer's.
    """
    recorded = desk.demand_recorded(reference)
    terms, other = recorded.terms, recorded.terms.other or (desk.stock if desk.code == OPTION else "")
    if not other:
        raise InputError("names no stock of the issuer's: amend it before its record", field="other", value=reference)
    if sheet.claims or sheet.treaty or sheet.reliefs:
        raise InputError("goes with cash: nothing is withheld of units", field="in-stock", value=reference)
    rows = folders.holders_of(sheet.register)
    network = evm_only(desk.network)
    at = demand_register(network, desk.stock, sheet.register, known.terms.record_at)
    seen = network.at(at.number).chain
    tokens = [desk.token, desk.views.ledger.token(other)]
    multiplier, other_multiplier = (multiplier_at(seen, one, known.terms.record_at) for one in tokens)
    ratio = deliveries.ratio_of(desk.code, terms, multiplier, other_multiplier)
    holders = _choosing(desk, reference, sheet, [one for one, _ in rows], STOCK)
    found = deliveries.given(holders, ratio)
    if parts:
        had = {account: due.gross for account, due in folders.had(parts, recalled).items()}
        found = deliveries.further(had, found)
    numbers = {"num": ratio.num, "den": ratio.den, "multiplier": multiplier, "other_multiplier": other_multiplier}
    saying = {"stock": desk.stock, "reference": reference, "code": desk.code, "units": other, **numbers}
    saying |= {"record_at": known.terms.record_at, "pay": known.terms.pay, "price": terms.price}
    saying |= {"currency": terms.currency}
    if recalled and parts:
        saying["recalled"] = {part.bound: sorted(recalled[part.bound]) for part in parts if part.bound in recalled}
    inputs = [*_files(sheet), *(one.folder / folders.SUMMARY for one in parts)]
    kinds: dict[str, str] = {one.account: kind for one, kind in rows}
    given = (sheet.out, sheet.register, desk.action(reference), found, kinds, inputs, saying)
    written = folders.write(*given, part=len(parts))
    return written, [f"{sheet.out}: {written.summary['rows']['dividend']:,} rows, digest {written.digest}"]


def _files(sheet: Sheet) -> list[Path]:
    """The files of what holders chose."""
    return [sheet.elections / name for name in (results.CSV, results.SUMMARY)] if sheet.elections else []


def _choosing(
    desk: DividendDesk, reference: str, sheet: Sheet, holders: Sequence[Holder], option: Option
) -> list[Holder]:
    """The holders with the units for which they chose this option; all of them where nothing is chosen between.

    InputError where a choice is without its results, or results are of no choice; Drift where the network holds
    elections and these results are not what each leaf said there.
    """
    if (sheet.elections is None) == (desk.code == OPTION):
        told = (
            "is the folder of what holders chose: `election results`" if desk.code == OPTION else f"goes with {OPTION}"
        )
        raise InputError(told, field="elections", value=sheet.elections or "")
    if sheet.elections is None:
        return list(holders)
    of = registers.read_summary(sheet.register)["subject"]
    if desk.views.ledger.suite.elections is None:
        # What was chosen elsewhere is the desk's word.
        found = results.read(sheet.elections)
    else:
        found = demand_results(desk.network, desk.stock, reference, sheet.register, sheet.elections)
    deliveries.demand_terms(found, sheet.default, sheet.most)
    subject = {"stock": desk.stock, "code": desk.code, "reference": reference, "chain_id": of["chain_id"]}
    subject |= {"action": "0x" + desk.action(reference).hex(), "token": desk.token.address}
    subject |= {"register": registers.read_summary(sheet.register)["digest"]}
    return deliveries.chosen(holders, found, option, subject)


def _untaxed(sheet: Sheet) -> tuple[TreatyTable, dict[str, Relief]]:
    """No tax: what is paid gives back what a holding cost. InputError where rates are given all the same."""
    if sheet.treaty or sheet.reliefs:
        raise InputError("is of income, and this is none: --income where it is taxed so", field="treaty")
    return TreatyTable(schema=1, source="US", statutory_bps=0), {}


def _owed(
    desk: DividendDesk, reference: str, sheet: Sheet, parts: Sequence[folders.Verified]
) -> tuple[list[Deal], list[str]]:
    """The market claims of a sheet that no part before has, and what is to be said of those that it has not.

    Drift for a claim that neither the chain nor the desk's notes know.
    """
    posted = {one.deal.key for part in parts for one in folders.claimed(part.folder)}
    given = claims.read(sheet.claims) if sheet.claims else []
    terms = desk.demand(reference).terms
    window = claims.Window(terms.ex_at, terms.record_at)
    seen = market_claims.find(desk.network, desk.stock, reference, code=desk.code)
    for one in given:
        if not seen.has(one, window):
            raise Drift(f"{sheet.claims}: {one.account} has no such market claim, by {one.by} {one.name}")
    known = posted | {one.key for one in given}
    left = [one for one in seen.claims if one.key not in known]
    open_ = [one for one in seen.undecided if one.deal.key not in known]
    said = []
    if left or open_ or seen.waits:
        counted = f"{len(left)} market claims, and {len(open_) + len(seen.waits)} that are not decided"
        said.append(f"NOT in this root: {counted}: `dividend claims` shows them")
    return [one for one in given if one.key not in posted], said


def _rates(network: Network, sheet: Sheet) -> tuple[TreatyTable, dict[str, Relief]]:
    """The rates of a file, which has the manifest's own; without one the manifest's, which ask for no document."""
    manifest = network.manifest
    reliefs = read_reliefs(sheet.reliefs) if sheet.reliefs else {}
    if sheet.treaty is None:
        if sheet.reliefs:
            raise InputError("goes with a table of rates: --treaty", field="reliefs", value=sheet.reliefs)
        return of_manifest(manifest.withholding, manifest.corporate_actions.withholding_bps), {}
    table = read_table(sheet.treaty)
    demand_manifests(table, manifest.withholding)
    return table, reliefs


def _with_countries(chain: Any, registry: Contract, holders: Sequence[Holder]) -> list[Holder]:
    """The holders with what the registry said of their countries at the record."""
    numbers = sorted({one.investor for one in holders if one.investor.isdigit()})
    records = ask_all(chain, [Call(registry, "investorRecord", (int(one),)) for one in numbers])
    countries = {one: country_code(found[2]) for one, found in zip(numbers, records, strict=True) if found[0]}
    return [replace(one, country=countries.get(one.investor, "")) for one in holders]
