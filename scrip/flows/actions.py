"""Corporate actions: announced, scheduled and cancelled by ACTIONS; corrected and folded by the timelock."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from datetime import date
from fractions import Fraction

from scrip import instructions as ins
from scrip.action_codes import ACTION_CODES, BOOK_CODES, CODES
from scrip.chains.evm import evm_only
from scrip.chains.network import Network
from scrip.errors import InputError, Refusal
from scrip.evm.chain import Call
from scrip.evm.handlers.actions import as_kept, recorded_names, recorded_of
from scrip.evm.views import EvmViews
from scrip.flows.action_links import renaming, standing_on
from scrip.flows.ends import follow_after, open_with
from scrip.inputs.sessions import opening
from scrip.instructions.subjects import subjects_of
from scrip.labels import STABLECOIN
from scrip.ledger.states import ActionState
from scrip.manifest.model import AnyManifest
from scrip.model import ModelLedger
from scrip.model.state.book import Recorded, RecordStatus, filled
from scrip.model.state.days import midnight
from scrip.plan import Change, Plan
from scrip.plan.draft import Draft, Reason
from scrip.preview import moment
from scrip.units import EVM_DECIMALS, NO_WAD, Wad, format_fixed, format_wad

Order = ins.Announce | ins.Schedule | ins.Cancel
RecordOrder = ins.AnnounceRecord | ins.AmendRecord | ins.CancelRecord | ins.CompleteRecord


def show(network: Network, stock: str, code: str, reference: str) -> ActionState:
    """Show an action as the chain keeps it; of status "unknown" when it has none."""
    return network.views().ledger.action(stock, code, reference)


def demand_known(network: Network, stock: str, code: str, reference: str) -> None:
    """InputError for an action that was never announced, of whatever code."""
    if code in BOOK_CODES:
        Book(network, stock).demand(code, reference)
    elif not show(network, stock, code, reference).known:
        raise InputError(f"is no {code} that was announced for {stock}", field="reference", value=reference)


def check_terms(order: Order) -> None:
    """InputError for an order whose terms are not those that its code of action takes. No chain is asked."""
    if isinstance(order, ins.Cancel):
        return
    codes, struck = ACTION_CODES.values(), isinstance(order, ins.Schedule)
    known = dict.fromkeys(name for one in codes for name in (one.struck if struck else one.announced))
    code = ACTION_CODES[order.code]
    taken = code.struck if struck else code.announced
    unset = {one.name: one.default for one in fields(order)}
    wrong = [name for name in known if (getattr(order, name) != unset[name]) != (name in taken)]
    if not wrong:
        return
    others = [name for name in known if name not in taken]
    wanted = [" and ".join(map(_option, taken))] if taken else []
    unwanted = [f"no {' or '.join(map(_option, others))}"] if others else []
    value, takes = getattr(order, wrong[0]), f"{order.code} takes {', and '.join(wanted + unwanted)}"
    shown = format_wad(value) if wrong[0] in ("gross", "price") else moment(value) if wrong[0] == "pay" else value
    raise InputError(f"is {shown}, and {takes}", field=_option(wrong[0]))


def _option(term: str) -> str:
    """What a command calls a term of an action."""
    return {"num": "new", "den": "old"}.get(term, term)


def announce(
    network: Network, order: ins.Announce, sender: str = "", twin: bool = False, expected: Wad = NO_WAD
) -> Plan:
    """Record an action with its terms. One that stands with these terms is left alone.

    The model plays it on the network's own factors and bounds first: Refusal for what could never be scheduled there, a
    dividend at the price that is `expected`, where that is said.

    Where the order names no ex instant it is the opening of the ex date's session, by the stock's exchange calendar.
    InputError for other terms; for an ex date on which the stock's exchange has no session; for an effect before that
    session opens, or so soon that it could not be scheduled any more; and, unless it is a `twin` on purpose, for what
    looks like an action that stands under another reference.
    """
    views = network.views()
    opens = _opens(network, order)
    order = replace(order, ex_at=order.ex_at or opens)
    draft = Draft(views, "action announce", _named(order), natural=True)
    found = views.ledger.action(order.stock, order.code, order.reference)
    if not found.known:
        _check_dates(order, opens, views.notice(order.code), views.now())
        if not twin:
            check_twin(order, views.ledger.actions(order.stock))
        prices = check_followed(network.model(subjects_of([order])), network.manifest, order, expected)
        draft.changes += prices
        draft.order(f"announce {_named(order)}", order, sender)
        draft.changes += [Change(f"{_named(order)} {what}", "none", value) for what, value in _told(order)]
        return draft.plan()
    instants = (order.effective_at, _number(order.ex), order.ex_at, order.pay, order.bought)
    wished = (*instants, order.num, order.den, order.gross)
    stands = (found.effective_at, found.ex, found.ex_at, found.pay, found.buy, found.num, found.den, found.gross)
    if wished != stands:
        raise InputError(f"is {found.status} with other terms", field="reference", value=order.reference)
    if found.status == "cancelled":
        raise InputError("was cancelled: announce it under another", field="reference", value=order.reference)
    return draft.nothing(f"{_named(order)} is {found.status}")


def check_twin(order: ins.Announce, known: Iterable[ActionState], network: str = "") -> None:
    """InputError where an action that is to be announced looks like one of those `known`, under another reference.

    That is one of its code with its ex date or its second, or, while that one is not in effect yet, with its terms:
    both together would split or pay twice. `network` is where they are known, if there are several.
    """
    for one in known:
        if (one.code, one.reference) == (order.code, order.reference) or one.code != order.code:
            continue
        same_day = one.ex == _number(order.ex) or one.effective_at == order.effective_at
        if (one.open and (same_day or _terms(one) == _terms(order))) or (one.counts and same_day):
            where = f" on {network}" if network else ""
            reason = f"looks like {one.code} {one.reference}, which is {one.status}{where}"
            reason += ": if both are to be carried out, say --twin"
            raise InputError(reason, field="reference", value=order.reference)


def check_followed(
    model: ModelLedger, manifest: AnyManifest, order: ins.Announce, expected: Wad = NO_WAD
) -> list[Change]:
    """Refusal for an action that a network could not follow, naming it, the bound, and what to do.

    A dividend's bounds depend on its price, which is known later: the answer says the least at which it can be struck.
    `expected` is what it will be, where somebody says so. InputError where that is no price at which it can be struck.
    """
    if expected and order.code in ACTION_CODES and "price" not in ACTION_CODES[order.code].struck:
        raise InputError(f"is of no {order.code}, which has none", field="price", value=format_wad(expected))
    try:
        found = model.outlook(order)
    except Refusal as refusal:
        detail = f"{manifest.network} could not follow {_named(order)}: {refusal.detail}. {_way_out(manifest)}"
        raise Refusal(refusal.name, detail) from None
    if not found.most:
        return []
    if expected and not found.least <= expected <= found.most:
        side, end = ("least", found.least) if expected < found.least else ("most", found.most)
        reason = f"would be refused on {manifest.network}: {_named(order)} takes {format_wad(end)} at {side}"
        raise InputError(f"{reason}. {_way_out(manifest)}", field="price", value=format_wad(expected))
    return [Change(f"{_named(order)} can be struck at", "", f"at least {format_wad(found.least)}")]


def _way_out(manifest: AnyManifest) -> str:
    """What to do about a bound that forbids an action on a network."""
    apart = ", on each network of the stock with --alone" if manifest.spans else ""
    way = "Give it other terms, or cancel what is open before it; `action fold` shortens a pair, `action correct` sets"
    return f"{way} an index past the bounds (both the timelock's{apart})"


def _told(order: ins.Announce) -> Iterator[tuple[str, str]]:
    """What an announcement says, for who is to sign it: in shares, money and dates."""
    if order.num:
        yield "ratio", f"{order.num} new for {order.den} old"
    if order.gross:
        yield "gross", f"{format_wad(order.gross)} a share"
    yield "ex date", f"{order.ex.isoformat()}, from {moment(order.ex_at)}"
    yield "effect", moment(order.effective_at)
    if order.pay:
        yield "pay date", moment(order.pay)
        yield "shares bought by", moment(order.bought)


def readable(action: ActionState) -> dict[str, str]:
    """What a chain keeps of an action, in shares, money and dates, by the name of the field; of those that hold any."""
    day = f"{action.ex // 10_000:04}-{action.ex // 100 % 100:02}-{action.ex % 100:02}"
    found = {"ex": day} if action.ex else {}
    instants = {"ex_at": action.ex_at, "pay": action.pay, "buy": action.buy, "effective_at": action.effective_at}
    money = {"gross": action.gross, "withheld": action.withheld, "net": action.net, "price": action.price}
    found |= {name: moment(value) for name, value in instants.items() if value}
    found |= {name: f"{format_wad(value)} a share" for name, value in money.items() if value}
    return found | ({"num": f"{action.num} new for {action.den} old"} if action.num else {})


def _terms(action: ActionState | ins.Announce) -> tuple[Fraction, int]:
    return Fraction(action.num, action.den or 1), action.gross


def _number(day: date) -> int:
    """YYYYMMDD, as the chains keep it."""
    return day.year * 10_000 + day.month * 100 + day.day


def _check_dates(order: ins.Announce, opens: int, notice: int, now: int) -> None:
    """InputError for an effect before the ex date's session `opens` or its ex instant, or too soon to be scheduled."""
    first = max(opens, order.ex_at)
    if order.effective_at < first:
        reason = f"is before the exchange opens on the ex date, at {moment(first)}"
        reason += ": until then shares trade with what it gives"
        raise InputError(reason, field="effective", value=moment(order.effective_at))
    if order.effective_at - now < notice:
        left = max(order.effective_at - now, 0)
        reason = f"is in {left:,} s, and {order.code} takes {notice:,} s of notice: it could not be scheduled any more"
        raise InputError(reason, field="effective", value=moment(order.effective_at))


def schedule(network: Network, order: ins.Schedule, sender: str = "") -> Plan:
    """Put an announced action into its stock's slot, a dividend at its price."""
    views = network.views()
    draft = Draft(views, "action schedule", _named(order), natural=True)
    found = views.ledger.action(order.stock, order.code, order.reference)
    if found.counts:
        if found.price != order.price:
            asked = format_wad(order.price) if order.price else "none"
            raise InputError(f"is {found.status} at the price {format_wad(found.price)}", field="price", value=asked)
        return draft.nothing(f"{_named(order)} is {found.status}")
    if found.status != "announced":
        raise InputError(f"is {found.status}", field="reference", value=order.reference)
    draft.order(f"schedule {_named(order)}", order, sender)
    return draft.plan()


def cancel(network: Network, order: ins.Cancel, sender: str = "") -> Plan:
    """Withdraw an action, strictly before its second."""
    views = network.views()
    draft = Draft(views, "action cancel", _named(order), natural=True)
    found = views.ledger.action(order.stock, order.code, order.reference)
    if found.status == "cancelled":
        return draft.nothing(f"{_named(order)} is cancelled")
    if not found.open:
        raise InputError(f"is {found.status}", field="reference", value=order.reference)
    draft.order(f"cancel {_named(order)}", order, sender)
    return draft.plan()


def plan_of(network: Network, order: Order, sender: str = "", twin: bool = False, expected: Wad = NO_WAD) -> Plan:
    """The plan of an announcement, a schedule or a cancellation, whichever an order is.

    `twin` and `expected` are of an announcement.
    """
    match order:
        case ins.Announce():
            return announce(network, order, sender, twin, expected)
        case ins.Schedule():
            return schedule(network, order, sender)
        case ins.Cancel():
            return cancel(network, order, sender)


def _opens(network: Network, order: ins.Announce) -> int:
    """UTC second at which the ex date's session opens; its midnight for a stock that the manifest does not have."""
    manifest = network.manifest
    if order.stock not in manifest.stocks:
        return midnight(order.ex)
    return opening(manifest.calendar_of(order.stock), order.ex)


def _named(order: Order | RecordOrder) -> str:
    return f"{order.stock} {order.code} {order.reference}"


# --- what moves no multiplier, on Ethereum-family chains --------------------------------------------------------------


def record(network: Network, order: RecordOrder, sender: str = "") -> Plan:
    """The plan of an order about the book, whichever it is. InputError where the network has none.

    What is announced on these terms, amended to them, cancelled or completed is left alone.
    """
    book = Book(network, order.stock)
    match order:
        case ins.AnnounceRecord():
            return _announce_record(book, order, sender)
        case ins.AmendRecord():
            return _amend_record(book, order, sender)
        case ins.CancelRecord():
            return _end_record(book, order, sender, "CANCELLED", "cancel")
        case ins.CompleteRecord():
            return _end_record(book, order, sender, "COMPLETED", "complete")


class Book:
    """What a network's ActionBook has of a stock. InputError where the network has no book."""

    def __init__(self, network: Network, stock: str) -> None:
        self.views: EvmViews = evm_only(network).views()
        self.stock = stock
        suite = self.views.ledger.suite
        if suite.book is None:
            reason = "is missing in the manifest, or not deployed: only what moves the multiplier is announced here"
            raise InputError(reason, field="dividends")
        self.contract = suite.book
        self.token = self.views.ledger.token(stock)

    def name(self, address: str) -> str:
        """What a stock or a stablecoin is called; the first stablecoin by its label."""
        ledger = self.views.ledger
        stocks = {one.token.address: name for name, one in ledger.stocks.items()}
        if address == ledger.suite.stablecoin.address:
            return STABLECOIN
        return stocks.get(address) or self.views.network.chain.name(address)

    def find(self, code: str, reference: str) -> Recorded | None:
        """What is recorded under a code and a reference; None for nothing."""
        identity = self.views.ledger.action_id(self.stock, code, reference)
        answer = self.views.network.chain.call(self.contract, "action", identity)
        return recorded_of(answer, reference, self.name) if answer[1] else None

    def demand(self, code: str, reference: str) -> Recorded:
        """The same; InputError for nothing."""
        found = self.find(code, reference)
        if found is None:
            raise InputError(f"is no {code} that was announced for {self.stock}", field="reference", value=reference)
        return found

    def every(self) -> list[Recorded]:
        """Everything that is recorded of the stock, cash dividends too, oldest first."""
        chain, ledger = self.views.network.chain, self.views.ledger
        names = recorded_names(chain, self.contract, self.token, ledger.since)
        count = chain.call(self.contract, "actionCount", self.token.address)
        ids = chain.call_many([Call(self.contract, "actionAt", (self.token.address, i)) for i in range(count)])
        answers = chain.call_many([Call(self.contract, "action", (one,)) for one in ids])
        return [
            recorded_of(answer, names.get(bytes(one), ("", "0x" + bytes(one).hex()))[1], self.name)
            for one, answer in zip(ids, answers, strict=True)
        ]


def _announce_record(book: Book, order: ins.AnnounceRecord, sender: str) -> Plan:
    draft = Draft(book.views, "action announce", _named(order), natural=True)
    known = book.find(order.code, order.reference)
    if known is not None:
        if as_kept(filled(order.terms)) != known.terms:
            reason = "was announced on other terms: `action amend`, or give another reference"
            raise InputError(reason, field="reference", value=order.reference)
        if known.status == "CANCELLED":
            raise InputError("was cancelled: announce it under another", field="reference", value=order.reference)
        if known.status == "ANNOUNCED":
            open_with(draft, order, sender)
        found = f"{_named(order)} is {known.status_at(book.views.now()).lower()}"
        return draft.plan() if draft.steps else draft.nothing(found)
    draft.order(f"announce {_named(order)}", order, sender, draft.fresh("announce"))
    open_with(draft, order, sender)
    draft.changes += [Change(f"{_named(order)} {what}", "none", value) for what, value in told_record(order.terms)]
    if lacking := CODES[order.code].lacks:
        draft.changes.append(Change(f"{_named(order)} is recorded, and nothing more", "", lacking))
    return draft.plan()


def _amend_record(book: Book, order: ins.AmendRecord, sender: str) -> Plan:
    known = book.demand(order.code, order.reference)
    wanted = filled(order.terms)
    digest = hashlib.sha256(repr(wanted).encode()).hexdigest()[:16]
    draft = Draft(book.views, "action amend", f"{_named(order)} {digest}", natural=True)
    told = f"{order.stock}'s end is at {moment(wanted.pay)}"
    if as_kept(wanted) == known.terms:
        if known.status == "ANNOUNCED":
            follow_after(draft, order, told, sender, wanted.pay)
        return draft.plan() if draft.steps else draft.nothing(f"{_named(order)} has these terms")
    draft.order(f"amend {_named(order)}", order, sender, draft.fresh("amend"))
    follow_after(draft, order, told, sender, wanted.pay)
    was, now = dict(told_record(known.terms)), dict(told_record(wanted))
    draft.changes += [
        Change(f"{_named(order)} {what}", was.get(what, "none"), now.get(what, "none"))
        for what in dict.fromkeys([*was, *now])
        if was.get(what) != now.get(what)
    ]
    return draft.plan()


def _end_record(
    book: Book, order: ins.CancelRecord | ins.CompleteRecord, sender: str, status: RecordStatus, verb: str
) -> Plan:
    known = book.demand(order.code, order.reference)
    draft = Draft(book.views, f"action {verb}", _named(order), natural=True)
    now = known.status_at(book.views.now())
    goes_on = f"{order.stock} goes on: what ends it is cancelled"
    if now == status:
        if isinstance(order, ins.CancelRecord):
            follow_after(draft, order, goes_on, sender)
        return draft.plan() if draft.steps else draft.nothing(f"{_named(order)} is {status.lower()}")
    draft.order(f"{verb} {_named(order)}", order, sender, draft.fresh(verb))
    draft.changes.append(Change(_named(order), now.lower(), status.lower()))
    if isinstance(order, ins.CancelRecord):
        links = standing_on(book.views, order.stock, order.code, order.reference)
        draft.changes += [Change(str(one), one.stands, "void") for one in links if one.ends]
        follow_after(draft, order, goes_on, sender)
    elif order.code == "CHAN":
        left = renaming(book.views, order.stock, order.reference, known.terms.name)
        draft.changes += [Change(f"{order.stock} {what}", was, then) for what, was, then in left]
    return draft.plan()


def told_record(terms: ins.RecordTerms) -> Iterator[tuple[str, str]]:
    """What a recorded action says, in shares, money and dates; what it does not say is left out."""
    if terms.ex is not None:
        yield "ex date", f"{terms.ex.isoformat()}, from {moment(terms.ex_at)}"
    for what, at in (("record", terms.record_at), ("deadline", terms.deadline), ("pay", terms.pay)):
        if at:
            yield what, moment(at)
    if terms.expiry:
        yield "until", moment(terms.expiry)
    for what, amount in (("gross", terms.gross), ("fee", terms.fee), ("price", terms.price)):
        if amount:
            yield what, f"{terms.currency} {format_wad(amount)} a share"
    if terms.asset:
        rate = f"{format_wad(terms.rate)} for 1 {terms.currency}" if terms.rate else "at a rate that is not known yet"
        yield "paid in", f"{terms.asset}, {rate}"
    if terms.num:
        yield "ratio", f"{terms.num} new for {terms.den} old" + (f", of {terms.other}" if terms.other else "")
    if terms.most:
        yield "at most", f"{format_fixed(terms.most, EVM_DECIMALS)} units"
    for what, text in (
        ("name", terms.name),
        ("ticker", terms.ticker),
        ("ISIN", terms.isin),
        ("document", terms.document),
    ):
        if text:
            yield what, text


# --- the timelock's --------------------------------------------------------------------------------------------------


def correct(network: Network, stock: str, index: Wad, effective_at: int, reason: Reason) -> Plan:
    """Schedule another dividend index after a mistake: the timelock's, recorded as an action of its own."""
    now, then = (format_wad(one) for one in (network.views().ledger.multiplier(stock).index, index))
    change = Change(f"{stock}'s dividend index", now, f"{then} from {moment(effective_at)}")
    order = ins.Correct(stock, reason.reference, index, effective_at, reason.code, reason.document)
    return _repair(network, "correct", f"correct {stock}'s dividend index to {then}", order, change)


def fold(network: Network, stock: str, index: Wad, num: int, den: int, reason: Reason) -> Plan:
    """Give a pair that has grown too long a shorter form: the timelock's, recorded as an action of its own."""
    before = network.views().ledger.multiplier(stock)
    change = Change(f"{stock}'s pair", _pair(before.index, before.num, before.den), _pair(index, num, den))
    order = ins.Fold(stock, reason.reference, index, num, den, reason.code, reason.document)
    return _repair(network, "fold", f"fold {stock}'s pair to {_pair(index, num, den)}", order, change)


def _pair(index: Wad, num: int, den: int) -> str:
    return f"index {format_wad(index)}, factor {num}:{den}"


def _repair(network: Network, function: str, title: str, order: ins.Correct | ins.Fold, change: Change) -> Plan:
    if not order.reference:
        raise InputError("is missing: the action is recorded under it", field="reference")
    draft = Draft(network.views(), f"action {function}", order.reference, natural=True)
    draft.order(title, order)
    draft.changes.append(change)
    return draft.plan()


def resync(network: Network, stock: str, sender: str = "") -> Plan:
    """Make a stock's mint show the multiplier that the program keeps (UNPAUSER), where it shows another.

    InputError on an Ethereum-family chain, where a token shows what it keeps and nothing else.
    """
    draft = Draft(network.views(), "action resync", stock, natural=True)
    steps = draft.views.resynced(stock, draft.sender("UNPAUSER", sender))
    if not steps:
        return draft.nothing(f"{stock}'s mint shows its multiplier")
    draft.steps += steps
    draft.changes.append(Change(f"{stock}'s mint", "shows another multiplier", "shows its own"))
    return draft.plan()
