"""Cash dividends: announced with their terms, computed from a register and posted, funded, pushed, claimed, swept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scrip import instructions as ins
from scrip.chains.evm import evm_only
from scrip.chains.network import Network
from scrip.dividends import claims
from scrip.dividends import files as folders
from scrip.dividends.claims import Deal
from scrip.dividends.entitlements import Holder, entitlements, further, joined
from scrip.dividends.treaty import Relief, TreatyTable, demand_manifests, of_manifest, read_reliefs, read_table
from scrip.errors import Drift, InputError
from scrip.evm.chain import Call, Contract, ask_all
from scrip.evm.encoding.values import document_hash
from scrip.evm.handlers.actions import multiplier_at
from scrip.evm.handlers.dividends import ENDED, FUNDED, POSTED, VOIDED, known_cash, paid_leaves, read_claimed
from scrip.evm.views import EvmViews
from scrip.flows import market_claims
from scrip.flows.dividend_desk import DividendDesk, Shown, leaf_at, rate_source, terms_facts, told_terms
from scrip.flows.register import demand_register
from scrip.holders import files as register_files
from scrip.holders.instant import record_instant
from scrip.manifest.countries import country_code
from scrip.model.laws import cash as law
from scrip.model.state.dividends import CASH_CODE, Cash
from scrip.parameters import PUSHED_DEPTH
from scrip.plan import Change, Plan
from scrip.plan.draft import Draft, Reason
from scrip.preview import moment
from scrip.units import EVM_DECIMALS, STABLECOIN_DECIMALS, Stablecoin, format_wad

PUSHED = 1 << PUSHED_DEPTH.value
SPARE = 86_400
"""Seconds that an expiry leaves beyond the shortest one, where none is named."""


# --- the book --------------------------------------------------------------------------------------------------------


def terms(network: Network, stock: str, given: ins.CashTerms, symbol: str = "") -> ins.CashTerms:
    """Terms with what follows from others filled in: the record, the opening of the ex session; the coin; the expiry,
    a day more than the shortest.
    """
    desk = DividendDesk(network, stock)
    record = given.record_at or record_instant(network.manifest.calendar_of(stock), given.ex)
    shortest = max(given.pay, record) + int(desk.views.network.chain.call(desk.book, "escheat"))
    return replace(given, record_at=record, expiry=given.expiry or shortest + SPARE, asset=desk.asset(symbol))


def announce(
    network: Network, stock: str, reference: str, given: ins.CashTerms, sender: str = "", symbol: str = ""
) -> Plan:
    """Announce a cash dividend; nothing where it was announced on these terms. InputError where on others."""
    desk, wanted = DividendDesk(network, stock), terms(network, stock, given, symbol)
    draft = Draft(desk.views, "dividend announce", f"{stock} {reference}", natural=True)
    known = desk.find(reference)
    if known is not None:
        if known.status == "CANCELLED":
            raise InputError("was cancelled: give another reference", field="reference", value=reference)
        if not _alike(known, wanted):
            reason = "was announced on other terms: amend it, or give another reference"
            raise InputError(reason, field="reference", value=reference)
        return draft.nothing(f"{stock} {reference} was announced, on these terms")
    draft.order(
        _title(stock, reference, wanted), ins.AnnounceCash(stock, reference, wanted), sender, draft.fresh("announce")
    )
    draft.changes.append(Change(f"{stock} {reference}", "unknown", told_terms(wanted)))
    draft.changes.append(Change(f"new {stock}", "minted", f"not from the ex to {moment(wanted.record_at)}"))
    return draft.plan()


def amend(
    network: Network, stock: str, reference: str, given: ins.CashTerms, sender: str = "", symbol: str = ""
) -> Plan:
    """Put other terms in the place of an announced dividend's, until a root is posted."""
    desk, wanted = DividendDesk(network, stock), terms(network, stock, given, symbol)
    draft = Draft(desk.views, "dividend amend", f"{stock} {reference} {told_terms(wanted)}", natural=True)
    known = desk.demand(reference)
    if _alike(known, wanted) and known.status != "CANCELLED":
        return draft.nothing(f"{stock} {reference} has these terms")
    _demand_open(known, "amended")
    draft.order(_title(stock, reference, wanted), ins.AmendCash(stock, reference, wanted), sender, draft.fresh("amend"))
    draft.changes.append(Change(f"{stock} {reference}", told_terms(known.terms), told_terms(wanted)))
    return draft.plan()


def cancel(network: Network, stock: str, reference: str, why: Reason) -> Plan:
    """End an announced cash dividend, until a root is posted."""
    desk = DividendDesk(network, stock)
    draft = Draft(desk.views, "dividend cancel", f"{stock} {reference}", natural=True)
    known = desk.demand(reference)
    if known.status == "CANCELLED":
        return draft.nothing(f"{stock} {reference} is cancelled")
    _demand_open(known, "cancelled")
    order = ins.CancelCash(stock, reference, why.code, why.document)
    draft.order(f"{stock} {reference} is not paid", order, why.sender, draft.fresh("cancel"))
    draft.changes.append(Change(f"{stock} {reference}", "announced", "cancelled"))
    return draft.plan()


def _demand_open(known: Cash, what: str) -> None:
    """InputError for a dividend that was cancelled, or of which a root was posted, and what to do."""
    if known.status == "CANCELLED":
        raise InputError("is cancelled: announce another", field="reference", value=known.reference)
    if known.status == "PAYING":
        told = f"has a root that was posted, and is no longer {what}: stop what it pays, `dividend stop`"
        raise InputError(told, field="reference", value=known.reference)


def _alike(known: Cash, wanted: ins.CashTerms) -> bool:
    """A chain keeps the hash of a source alone, and the ex instant that a command leaves open."""
    source = "0x" + document_hash(wanted.source).hex() if wanted.source else ""
    return known.terms == replace(wanted, source=source, ex_at=wanted.ex_at or known.terms.ex_at)


def _title(stock: str, reference: str, wanted: ins.CashTerms) -> str:
    return f"{stock} {reference} pays {format_wad(wanted.gross)} {wanted.currency} a share in cash, ex {wanted.ex}"


# --- the root --------------------------------------------------------------------------------------------------------


TOLD = (
    *(("gross", "gross"), ("upstream", "withheld upstream"), ("here", "withheld here")),
    ("fee", "the depositary's fee"),
)
"""What a plan tells of a root's totals, and as what."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a dividend is computed from: a register's folder, where it is written to, the table of rates and the
    documents that were shown; `after` are the folders of the parts that were posted before, where a relief came later;
    `claims` a file of market claims that it pays beside (scrip.dividends.claims); `source` where the rate was read: a
    chain keeps its hash alone.
    """

    register: Path
    out: Path
    treaty: Path | None = None
    reliefs: Path | None = None
    after: tuple[Path, ...] = ()
    claims: Path | None = None
    source: str = ""


def root(network: Network, stock: str, reference: str, sheet: Sheet, sender: str = "") -> Plan:
    """Compute who is paid what at the record, write it into a folder, and post its root: once.

    InputError where the register is of another stock, chain or record, the source is another, or `after` does not name
    the folder of each root that was posted already, once; Drift where a file is not what it was, the record's block may
    still change, or the root was posted with other figures.
    """
    desk = DividendDesk(network, stock)
    draft = Draft(desk.views, "dividend root", f"{stock} {reference}", natural=True)
    known = desk.demand(reference)
    if known.status == "CANCELLED" or not known.terms.rate:
        reason = "is cancelled" if known.status == "CANCELLED" else "has no rate yet: amend it"
        raise InputError(reason, field="reference", value=reference)
    posted = desk.parts(reference)
    standing = {one: found for one in posted if (found := desk.distribution(one) or {}).get("status") != VOIDED}
    before = _demand_posted(sheet.after, standing)
    # What a recalled part had not paid went back, and is still to be paid.
    recalled = {one: desk.fetched(one) for one in standing if desk.is_recalled(one)}
    written, said = _computed(desk, known, reference, sheet, before, recalled)
    draft.same += said
    for one in recalled:
        if (kept := standing[one])["withheld"] and not kept["remitted"]:
            told = f"{Stablecoin(kept['withheld'])} that it withheld is NOT remitted: `dividend fund` with its folder"
            draft.same.append(f"{one} was recalled, and {told}")
    bound, totals = written.bound, written.summary["totals"]
    if bound in standing:
        _demand_figures(standing[bound], written)
        gone = ", and was recalled: a part --after it pays what it has not" if bound in recalled else ""
        return draft.nothing(f"the root of {written.folder} is posted, as {bound}{gone}")
    if len(standing) != len(sheet.after):
        reason = f"{len(standing)} roots are posted: name the folder of each with --after for what comes later"
        raise InputError(reason, field="after", value=len(sheet.after))
    subject = written.summary["subject"]
    order = ins.PostRoot(
        stock,
        reference,
        len(posted),
        ins.RootTerms(
            hash="0x" + written.root.hash.hex(),
            net=Stablecoin(written.root.sum),
            gross=Stablecoin(int(totals["gross"])),
            withheld=Stablecoin(int(totals["here"])),
            depth=written.root.depth,
            block=subject["block"],
            block_hash=subject["block_hash"],
        ),
        bound,
    )
    count, money = written.summary["rows"]["dividend"], Stablecoin(written.root.sum)
    title = f"{count:,} accounts are due {money} of {stock} {reference}"
    draft.order(title, order, sender, draft.fresh(f"post {len(posted)}"))
    for name, what in TOLD:
        draft.changes.append(Change(what, "", str(Stablecoin(int(totals[name])))))
    draft.changes.append(Change("left by rounding", "", str(Stablecoin(int(totals["remainder"])))))
    return draft.plan()


def _demand_posted(after: Sequence[Path], standing: Iterable[str]) -> list[folders.Verified]:
    """The folders, verified, in the order in which they were posted; InputError where one is of no root that was posted
    for it, or is named twice.
    """
    order = list(standing)
    left, parts = set(order), []
    for folder in after:
        part = folders.verify(folder)
        if part.bound not in left:
            reason = "is named twice, or its root is not posted for this dividend"
            raise InputError(reason, field="after", value=folder)
        left.remove(part.bound)
        parts.append(part)
    return sorted(parts, key=lambda one: order.index(one.bound))


def _demand_figures(found: Mapping[str, Any], written: register_files.Written) -> None:
    """Drift where a root was posted with another gross, or more or less withheld, than its folder says.

    Its id does not bind them, and what is withheld is remitted as it was posted.
    """
    totals = written.summary["totals"]
    for name, said in (("gross", int(totals["gross"])), ("withheld", int(totals["here"]))):
        if found[name] != said:
            told = f"was posted with {Stablecoin(found[name])} {name}, and its files say {Stablecoin(said)}"
            raise Drift(f"the root of {written.folder} {told}: void it, and post it again")


def _computed(
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
    table, shown = _rates(desk.network, sheet)
    seen = network.at(at.number).chain
    multiplier = multiplier_at(seen, desk.token, known.terms.record_at)
    counted = law.Counted(multiplier, EVM_DECIMALS, STABLECOIN_DECIMALS)
    holders = _with_countries(seen, desk.views.ledger.suite.registry, [one for one, _ in rows])
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
    inputs = [one for one in (sheet.treaty, sheet.reliefs, sheet.claims, *before) if one]
    action = desk.views.ledger.action_id(desk.stock, CASH_CODE, reference)
    head = {"stock": desk.stock, "reference": reference, "multiplier": counted.multiplier}
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


def _owed(
    desk: DividendDesk, reference: str, sheet: Sheet, parts: Sequence[folders.Verified]
) -> tuple[list[Deal], list[str]]:
    """The market claims of a sheet that no part before has, and what is to be said of those that it has not.

    Drift for a claim that neither the chain nor the desk's notes know.
    """
    posted = {one.deal.key for part in parts for one in folders.claimed(part.folder)}
    given = claims.read(sheet.claims) if sheet.claims else []
    terms = desk.demand(reference).terms
    window, seen = claims.Window(terms.ex_at, terms.record_at), market_claims.find(desk.network, desk.stock, reference)
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


# --- money -----------------------------------------------------------------------------------------------------------


def fund(network: Network, stock: str, reference: str, folder: Path, sender: str = "") -> Plan:
    """Bring in exactly what a posted root pays, and remit what is withheld; what is done already is left.

    Drift where the root was posted with other figures than its folder's.
    """
    desk = DividendDesk(network, stock)
    written, found = desk.posted(reference, folder)
    identity = written.bound
    draft = Draft(desk.views, "dividend fund", f"{stock} {identity}", natural=True)
    _demand_figures(found, written)
    by = sender or network.manifest.settlement.treasury  # type: ignore[union-attr]
    if found["status"] == POSTED:
        order = ins.FundDividend(identity, Stablecoin(found["net"]), by)
        draft.add(
            desk.views.step(
                draft.fresh("fund"), f"{by} funds {stock} {reference} with {Stablecoin(found['net'])}", [order]
            )
        )
        draft.changes.append(Change(f"{stock} {reference}", "posted", f"funded with {Stablecoin(found['net'])}"))
        if owed := written.summary.get(folders.CLAIMS):
            due = Stablecoin(int(owed["net"]) + int(owed["here"]))
            told = f"{due} of {owed['count']} of them, which no custodian's dividend covers: the issuer's own"
            draft.changes.append(Change("market claims, with their tax", "", told))
    if found["withheld"] and not found["remitted"] and found["status"] in (POSTED, FUNDED, ENDED):
        remitted = Stablecoin(found["withheld"])
        title = f"{by} remits {remitted} that is withheld to {desk.name(found['tax'])}"
        draft.add(desk.views.step(draft.fresh("remit"), title, [ins.RemitWithheld(identity, by)]))
        draft.changes.append(Change("withheld, remitted", "0", str(remitted)))
    return (
        draft.plan() if draft.steps else draft.nothing(f"{stock} {reference} is funded, and what is withheld remitted")
    )


def push(network: Network, stock: str, reference: str, folder: Path, sender: str = "") -> Plan:
    """Pay every block of 128 leaves in which anybody can be paid that may be without asking."""
    desk = DividendDesk(network, stock)
    written = desk.payable(reference, folder)
    identity, names, tree = written.bound, written.names, written.tree
    draft = Draft(desk.views, "dividend push", f"{stock} {identity}", natural=True)
    places = [place for place in folders.pushable(tree) if tree.leaves.leaf(place).net]
    done = read_claimed(desk.views.network.chain, desk.distributor, identity, places)
    left = [place for place in places if place not in done]
    held = desk.held([names[place] for place in left])
    draft.same += [f"{one} is blocked: its cash waits" for one in sorted(held)]
    blocks: dict[int, list[int]] = {}
    for place in left:
        if names[place] not in held:
            blocks.setdefault(place // PUSHED * PUSHED, []).append(place)
    by = sender or draft.sender("ACTIONS")
    for first, mine in sorted(blocks.items()):
        last = min(first + PUSHED, len(names))
        leaves = tuple(leaf_at(names, tree, place) for place in range(first, last))
        proof = ins.proof_nodes(tree.proof(first)[PUSHED_DEPTH.value :])
        money = Stablecoin(sum(tree.leaves.leaf(place).net for place in mine))
        title = f"{len(mine)} accounts of {stock} {reference} are paid {money}, from place {first} on"
        draft.add(
            desk.views.step(draft.fresh(f"push {first}"), title, [ins.PushDividend(identity, first, leaves, proof, by)])
        )
    return _planned(draft, f"nobody of {stock} {reference} is left to be paid without asking")


def claim(
    network: Network, stock: str, reference: str, folder: Path, accounts: Sequence[str], sender: str = ""
) -> Plan:
    """Pay these accounts by their proofs, or try again where the coin refused. `sender` sends, or each for itself.

    InputError for an account that has no leaf or is due nothing, one that a block holds, and one whose cash goes out on
    its own word alone where another sends.
    """
    desk = DividendDesk(network, stock)
    written = desk.payable(reference, folder)
    identity, tree = written.bound, written.tree
    draft = Draft(desk.views, "dividend claim", f"{stock} {identity}", natural=True)
    known = {name: place for place, name in enumerate(written.names)}
    addresses = {one: desk.views.address(one).lower() for one in accounts}
    for account, address in addresses.items():
        if address not in known:
            raise InputError("has no leaf in this dividend", field="account", value=account)
    places = {account: known[address] for account, address in addresses.items()}
    paid = paid_leaves(desk.views.network.chain, desk.distributor, identity, desk.views.ledger.since)
    # One account may have been given by its name and by its address.
    for place, account in {place: account for account, place in places.items()}.items():
        money, by = Stablecoin(tree.leaves.leaf(place).net), sender or account
        if place in paid and not paid[place].parked:
            draft.same.append(f"{account} was paid {money}")
            continue
        desk.demand_payable(account, tree.leaves.leaf(place), by)
        draft.add(desk.paying(draft, reference, written, place, account, by, is_parked=place in paid))
    return _planned(draft, "all of these are paid")


def sweep(network: Network, stock: str, reference: str, sender: str = "") -> Plan:
    """Send the treasury what nobody has fetched of every part whose expiry has come."""
    desk = DividendDesk(network, stock)
    draft = Draft(desk.views, "dividend sweep", f"{stock} {reference}", natural=True)
    desk.demand(reference)
    now, stopped = desk.views.now(), list[int]()
    for place, identity in desk.numbered(reference):
        found = desk.distribution(identity) or {}
        if found.get("status") != FUNDED:
            continue
        if now < found["expiry"]:
            draft.same.append(f"part {place} can be fetched until {moment(found['expiry'])}")
            continue
        if found["stopped"]:
            stopped.append(place)
            continue
        money, to = Stablecoin(found["unpaid"]), desk.name(found["treasury"])
        draft.order(
            f"{money} that nobody fetched goes to {to}",
            ins.SweepDividend(identity),
            sender,
            draft.fresh(f"sweep {place}"),
        )
    if stopped and not draft.steps:
        named = f"part {', '.join(map(str, stopped))}"
        told = f"has {named} stopped, which is not swept: `dividend resume` first, or the timelock recalls it"
        raise InputError(told, field="reference", value=reference)
    draft.same += [f"part {place} is stopped, and not swept: `dividend resume` first" for place in stopped]
    return _planned(draft, f"nothing of {stock} {reference} can be swept now")


def stop(network: Network, stock: str, reference: str, *, resume: bool = False, sender: str = "") -> Plan:
    """Stop what is paid of a dividend, every part that is not over, or let it go on."""
    desk = DividendDesk(network, stock)
    draft = Draft(desk.views, f"dividend {'resume' if resume else 'stop'}", natural=True)
    desk.demand(reference)
    for place, identity in desk.numbered(reference):
        found = desk.distribution(identity) or {}
        if found.get("status") in (POSTED, FUNDED) and found["stopped"] == resume:
            order = ins.ResumeDividend(identity) if resume else ins.StopDividend(identity)
            title = f"part {place} of {stock} {reference} {'is paid again' if resume else 'pays nobody'}"
            draft.order(title, order, sender, f"part {place}")
    return _planned(draft, f"{stock} {reference} is so already")


# --- views -----------------------------------------------------------------------------------------------------------


def show(network: Network, stock: str, reference: str = "") -> list[Shown]:
    """A stock's cash dividends, the oldest first, or the one that is named; InputError where there is none of it."""
    desk = DividendDesk(network, stock)
    if reference:
        desk.demand(reference)
        wanted = [desk.views.ledger.action_id(stock, CASH_CODE, reference)]
    else:
        wanted = known_cash(desk.views.network.chain, desk.book, desk.token)
    return list(desk.shown(wanted, reference))


def _planned(draft: Draft[EvmViews], nothing: str) -> Plan:
    """The plan; one of no steps says why beside that there is `nothing` to do."""
    return draft.plan() if draft.steps else Plan(draft.name, draft.reference, (), same=(*draft.same, nothing))
