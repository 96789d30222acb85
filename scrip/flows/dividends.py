"""What holders are paid and given: cash dividends announced, roots computed and posted, funded, pushed, claimed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from scrip import instructions as ins
from scrip.action_codes import Leg
from scrip.chains.network import Network
from scrip.dividends import files as folders
from scrip.errors import Drift, InputError
from scrip.evm.dividends import DELIVERING
from scrip.evm.encoding.values import document_hash
from scrip.evm.handlers.dividends import ENDED, FUNDED, POSTED, VOIDED, paid_leaves, read_claimed
from scrip.evm.labels import role
from scrip.evm.views import EvmViews
from scrip.flows.dividend_desk import COINS, DividendDesk, Kind, Shown, leaf_at, told_terms
from scrip.flows.dividend_sheets import Sheet, computed, computed_units
from scrip.holders import files as register_files
from scrip.holders.instant import record_instant
from scrip.model.state.dividends import CASH_CODE, Cash
from scrip.parameters import PUSHED_DEPTH
from scrip.plan import Change, Plan
from scrip.plan.draft import Draft, Reason
from scrip.preview import moment
from scrip.units import EVM_DECIMALS, RawUnits, Stablecoin, format_wad

__all__ = [
    *("Sheet", "amend", "announce", "cancel", "claim", "fund", "push", "root", "show", "stop", "sweep", "terms"),
]
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


def root(network: Network, stock: str, reference: str, sheet: Sheet, sender: str = "", code: str = CASH_CODE) -> Plan:
    """Compute who is paid or given what at the record, write it into a folder, and post its root: once.

    InputError where the register is of another stock, chain or record, the source is another, or `after` does not name
    the folder of each root that was posted already, once; Drift where a file is not what it was, the record's block may
    still change, or the root was posted with other figures.
    """
    desk = DividendDesk(network, stock, code)
    leg: Leg = "units" if sheet.in_units else "cash"
    named = desk.titled(reference) + (" units" if sheet.in_units else "")
    draft = Draft(desk.views, "dividend root", named, natural=True)
    known = desk.demand(reference)
    _demand_leg(desk, known, leg)
    posted = desk.parts(reference)
    standing = {
        one: found
        for one in posted
        if (found := desk.distribution(one) or {}).get("status") != VOIDED and found["in_units"] == sheet.in_units
    }
    before = _demand_posted(sheet.after, standing)
    # What a recalled part had not paid went back, and is still to be paid.
    recalled = {one: desk.fetched(one) for one in standing if desk.is_recalled(one)}
    compute = computed_units if sheet.in_units else computed
    written, said = compute(desk, known, reference, sheet, before, recalled)
    kind = Kind(written.summary["terms"]["units"]) if sheet.in_units else COINS
    draft.same += said
    for one in recalled:
        if (kept := standing[one])["withheld"] and not kept["remitted"]:
            told = f"{Stablecoin(kept['withheld'])} that it withheld is NOT remitted: `dividend fund` with its folder"
            draft.same.append(f"{one} was recalled, and {told}")
    bound, totals = written.bound, written.summary["totals"]
    if bound in standing:
        _demand_figures(standing[bound], written, kind)
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
            net=kind.of(written.root.sum),
            gross=kind.of(int(totals["gross"])),
            withheld=kind.of(int(totals["here"])),
            depth=written.root.depth,
            block=subject["block"],
            block_hash=subject["block_hash"],
        ),
        bound,
        code,
        sheet.in_units,
    )
    count, money = written.summary["rows"]["dividend"], kind.told(written.root.sum)
    title = f"{count:,} accounts are due {money} of {desk.titled(reference)}"
    draft.order(title, order, sender, draft.fresh(f"post {len(posted)}"))
    for name, what in TOLD if not kind.units else TOLD[:1]:
        draft.changes.append(Change(what, "", kind.told(int(totals[name]))))
    draft.changes.append(Change("left by rounding", "", kind.told(int(totals["remainder"]))))
    return draft.plan()


def _demand_leg(desk: DividendDesk, known: Cash, leg: Leg) -> None:
    """InputError where an action is cancelled, or gives nothing of this kind, or has no rate for cash."""
    if leg not in desk.legs:
        given = " and ".join(desk.legs)
        told = f"gives no {leg}, but {given}" + (": --in-stock" if leg == "cash" else "")
        raise InputError(told, field="code", value=desk.code)
    terms = known.terms
    if not terms.record_at:
        raise InputError("has no record: units are burned for it", field="reference", value=known.reference)
    reason = ""
    if known.status in ("CANCELLED", "COMPLETED"):
        reason = f"is {known.status.lower()}"
    elif leg == "cash" and not terms.gross:
        reason = "pays no cash: --in-stock"
    elif leg == "cash" and not terms.rate:
        reason = "has no rate yet: amend it"
    if reason:
        raise InputError(reason, field="reference", value=known.reference)


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


def _demand_figures(found: Mapping[str, Any], written: register_files.Written, kind: Kind = COINS) -> None:
    """Drift where a root was posted with another gross, or more or less withheld, than its folder says.

    Its id does not bind them, and what is withheld is remitted as it was posted.
    """
    totals = written.summary["totals"]
    for name, said in (("gross", int(totals["gross"])), ("withheld", int(totals["here"]))):
        if found[name] != said:
            told = f"was posted with {kind.told(found[name])} {name}, and its files say {kind.told(said)}"
            raise Drift(f"the root of {written.folder} {told}: void it, and post it again")


# --- money -----------------------------------------------------------------------------------------------------------


def fund(network: Network, stock: str, reference: str, folder: Path, sender: str = "", code: str = CASH_CODE) -> Plan:
    """Bring in exactly what a posted root pays, and remit what is withheld; what is done already is left.

    Drift where the root was posted with other figures than its folder's.
    """
    desk = DividendDesk(network, stock, code)
    written, found = desk.posted(reference, folder)
    identity = written.bound
    draft = Draft(desk.views, "dividend fund", f"{stock} {identity}", natural=True)
    kind = desk.kind(found)
    _demand_figures(found, written, kind)
    if kind.units:
        return _made(desk, draft, reference, identity, found, sender)
    by = sender or network.manifest.settlement.treasury  # type: ignore[union-attr]
    if found["status"] == POSTED:
        order = ins.FundDividend(identity, Stablecoin(found["net"]), by)
        draft.add(
            desk.views.step(
                draft.fresh("fund"), f"{by} funds {desk.titled(reference)} with {Stablecoin(found['net'])}", [order]
            )
        )
        draft.changes.append(Change(f"{desk.titled(reference)}", "posted", f"funded with {Stablecoin(found['net'])}"))
        if owed := written.summary.get(folders.CLAIMS):
            due = Stablecoin(int(owed["net"]) + int(owed["here"]))
            told = f"{due} of {owed['count']} of them, which no custodian's dividend covers: the issuer's own"
            draft.changes.append(Change("market claims, with their tax", "", told))
    if found["withheld"] and not found["remitted"] and found["status"] in (POSTED, FUNDED, ENDED):
        remitted = Stablecoin(found["withheld"])
        title = f"{by} remits {remitted} that is withheld to {desk.name(found['tax'])}"
        draft.add(desk.views.step(draft.fresh("remit"), title, [ins.RemitWithheld(identity, by)]))
        draft.changes.append(Change("withheld, remitted", "0", str(remitted)))
    told = f"{desk.titled(reference)} is funded, and what is withheld remitted"
    return draft.plan() if draft.steps else draft.nothing(told)


def _made(
    desk: DividendDesk,
    draft: Draft[EvmViews],
    reference: str,
    identity: str,
    found: Mapping[str, Any],
    sender: str,
) -> Plan:
    """Have the units made that a root gives (ISSUER); the reserve has to cover them."""
    kind, chain, suite = desk.kind(found), desk.views.network.chain, desk.views.ledger.suite
    if found["status"] != POSTED:
        return draft.nothing(f"the units of {desk.titled(reference)} are made")
    for name in DELIVERING:
        if not chain.call(suite.roles, "hasRole", role(name), desk.distributor.address):
            told = f"has no {name}, without which it delivers nothing: dividends.in_stock in the manifest, and deploy"
            raise InputError(told, field="distributor", value=desk.distributor.address)
    net = kind.told(found["net"])
    order = ins.FundUnits(identity, RawUnits(found["net"], EVM_DECIMALS))
    draft.order(
        f"{net} of {desk.titled(reference)} are made, under the reserve check", order, sender, draft.fresh("fund")
    )
    draft.changes.append(Change(desk.titled(reference), "posted", f"funded with {net}"))
    return draft.plan()


def push(network: Network, stock: str, reference: str, folder: Path, sender: str = "", code: str = CASH_CODE) -> Plan:
    """Pay every block of 128 leaves in which anybody can be paid that may be without asking."""
    desk = DividendDesk(network, stock, code)
    written, kept = desk.payable(reference, folder)
    identity, names, tree, kind = written.bound, written.names, written.tree, desk.kind(kept)
    draft = Draft(desk.views, "dividend push", f"{stock} {identity}", natural=True)
    places = [place for place in folders.pushable(tree) if tree.leaves.leaf(place).net]
    done = read_claimed(desk.views.network.chain, desk.distributor, identity, places)
    left = [place for place in places if place not in done]
    held = desk.held([names[place] for place in left])
    draft.same += [f"{one} is blocked: its {kind.noun} wait{'' if kind.units else 's'}" for one in sorted(held)]
    if kind.units:
        shut = desk.shut_out(kind.units, [names[place] for place in left if names[place] not in held])
        draft.same += [f"{one} may not hold {kind.units} now: its units are parked" for one in sorted(shut)]
    blocks: dict[int, list[int]] = {}
    for place in left:
        if names[place] not in held:
            blocks.setdefault(place // PUSHED * PUSHED, []).append(place)
    by = sender or draft.sender("ACTIONS")
    for first, mine in sorted(blocks.items()):
        last = min(first + PUSHED, len(names))
        leaves = tuple(leaf_at(names, tree, place, kind) for place in range(first, last))
        proof = ins.proof_nodes(tree.proof(first)[PUSHED_DEPTH.value :])
        money = kind.told(sum(tree.leaves.leaf(place).net for place in mine))
        done_to = "given" if kind.units else "paid"
        title = f"{len(mine)} accounts of {desk.titled(reference)} are {done_to} {money}, from place {first} on"
        draft.add(
            desk.views.step(draft.fresh(f"push {first}"), title, [ins.PushDividend(identity, first, leaves, proof, by)])
        )
    return _planned(draft, f"nobody of {desk.titled(reference)} is left to be paid without asking")


def claim(
    network: Network,
    stock: str,
    reference: str,
    folder: Path,
    accounts: Sequence[str],
    sender: str = "",
    code: str = CASH_CODE,
) -> Plan:
    """Pay these accounts by their proofs, or try again where the coin refused. `sender` sends, or each for itself.

    InputError for an account that has no leaf or is due nothing, one that a block holds, and one whose cash goes out on
    its own word alone where another sends.
    """
    desk = DividendDesk(network, stock, code)
    written, kept = desk.payable(reference, folder)
    identity, tree, kind = written.bound, written.tree, desk.kind(kept)
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
        money, by = kind.told(tree.leaves.leaf(place).net), sender or account
        if place in paid and not paid[place].parked:
            draft.same.append(f"{account} was {'given' if kind.units else 'paid'} {money}")
            continue
        desk.demand_payable(account, tree.leaves.leaf(place), by)
        draft.add(desk.paying(draft, reference, written, place, account, by, is_parked=place in paid, kind=kind))
    return _planned(draft, "all of these are paid")


def sweep(network: Network, stock: str, reference: str, sender: str = "", code: str = CASH_CODE) -> Plan:
    """Send the treasury what nobody has fetched of every part whose expiry has come."""
    desk = DividendDesk(network, stock, code)
    draft = Draft(desk.views, "dividend sweep", desk.titled(reference), natural=True)
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
        money, to = desk.kind(found).told(found["unpaid"]), desk.name(found["treasury"])
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
    return _planned(draft, f"nothing of {desk.titled(reference)} can be swept now")


def stop(
    network: Network,
    stock: str,
    reference: str,
    *,
    resume: bool = False,
    sender: str = "",
    code: str = CASH_CODE,
) -> Plan:
    """Stop what is paid of a dividend, every part that is not over, or let it go on."""
    desk = DividendDesk(network, stock, code)
    draft = Draft(desk.views, f"dividend {'resume' if resume else 'stop'}", natural=True)
    desk.demand(reference)
    for place, identity in desk.numbered(reference):
        found = desk.distribution(identity) or {}
        if found.get("status") in (POSTED, FUNDED) and found["stopped"] == resume:
            order = ins.ResumeDividend(identity) if resume else ins.StopDividend(identity)
            title = f"part {place} of {desk.titled(reference)} {'is paid again' if resume else 'pays nobody'}"
            draft.order(title, order, sender, f"part {place}")
    return _planned(draft, f"{desk.titled(reference)} is so already")


# --- views -----------------------------------------------------------------------------------------------------------


def show(network: Network, stock: str, reference: str = "", code: str = CASH_CODE) -> list[Shown]:
    """A stock's actions of a code, the oldest first, or the one that is named; InputError where there is none of it."""
    desk = DividendDesk(network, stock, code)
    if reference:
        desk.demand(reference)
    return list(desk.shown(reference))


def _planned(draft: Draft[EvmViews], nothing: str) -> Plan:
    """The plan; one of no steps says why beside that there is `nothing` to do."""
    return draft.plan() if draft.steps else Plan(draft.name, draft.reference, (), same=(*draft.same, nothing))
