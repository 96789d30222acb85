"""The instructions about corporate actions: bounds, notices, and the one slot that actions of a stock share (law 4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import gcd

from scrip import parameters
from scrip.action_codes import ACTION_CODES, BOOK_CODES, CORRECTION, FOLD
from scrip.errors import InputError, Refusal
from scrip.instructions.actions import (
    AmendRecord,
    Announce,
    AnnounceRecord,
    Cancel,
    CancelRecord,
    CompleteRecord,
    Correct,
    Fold,
    RecordTerms,
    Schedule,
)
from scrip.ledger.handlers import Handlers
from scrip.model.laws import arithmetic as law
from scrip.model.laws.multiplier import Multiplier, Terms
from scrip.model.reasons import check_reason
from scrip.model.state import CODES, MAX_PARTS, Action, ActionId, Due, Recorded, State, Stock, midnight
from scrip.model.state.book import CHOSEN_BETWEEN, filled, first_instant, wrong_terms
from scrip.model.state.config import Rules
from scrip.model.state.dividends import CASH_CODE
from scrip.model.state.receivables import derived
from scrip.units import NO_WAD, WAD, Wad, format_wad

HANDLERS: Handlers[State, None] = Handlers("the model")

EX_WINDOW = parameters.EX_WINDOW.value
EX_INSTANT = parameters.EX_INSTANT.value
MAX_PAY_DELAY = parameters.MAX_PAY_DELAY.value
MAX_ANNOUNCED = parameters.MAX_ANNOUNCED.value
MAX_SHOWN = format_wad(Wad(law.U96_MAX))


@HANDLERS.of(Announce)
def announce(state: State, order: Announce) -> None:
    """Refuses, in order: unknown stock, unknown code, effective in the past, bad terms, split bound, notice too short,
    already announced, too many announced."""
    stock = state.stocks.get(order.stock)
    if stock is None:
        raise Refusal("actions: unknown stock", order.stock)
    action = _announced(order)
    if action.code not in state.traits.action_codes:
        raise Refusal("actions: unknown code", f"{action.code}, of {', '.join(state.traits.action_codes)}")
    if action.effective_at <= state.now:
        raise Refusal("actions: effective in the past", f"{state.now - action.effective_at} s ago")
    if wrong := _wrong_terms(action, state.config.rules.receivable_grace):
        raise Refusal("actions: bad terms", wrong)
    if not action.is_dividend and not law.split_step_ok(action.num, action.den):
        most = parameters.MAX_SPLIT.value
        raise Refusal("actions: split bound", f"{action.num}:{action.den}, and one step is 1:{most} to {most}:1")
    if ACTION_CODES[action.code].notice == "dividend":
        _check_notice(action, state.config.rules.dividend_announcement, state.now)
    if action.id in stock.actions.records:
        raise Refusal("actions: already announced", " ".join(action.id))
    if stock.actions.undecided_or_awaiting(state.now) >= MAX_ANNOUNCED:
        raise Refusal("actions: too many announced", f"{MAX_ANNOUNCED} are undecided, or have a record to come")
    stock.actions.records[action.id] = action


def _announced(order: Announce) -> Action:
    """The record of an announcement, with the instants that an order may leave to what they follow from."""
    return Action(
        code=order.code,
        reference=order.reference,
        ex=order.ex,
        effective_at=order.effective_at,
        num=order.num,
        den=order.den,
        gross=order.gross,
        pay=order.pay,
        ex_at=order.ex_at or midnight(order.ex),
        buy=order.bought,
    )


@HANDLERS.of(Schedule)
def schedule(state: State, order: Schedule) -> None:
    """Refuses, in order: not announced, notice too short, bad terms, step bound, slot taken, no effect, pair does not
    fit, rate bound, receivables full, basis unconfirmed (a split, while the one before is), splits too
    close (where an aggregator answers)."""
    stock, rules, now = state.stocks.get(order.stock), state.config.rules, state.now
    action = stock.actions.records.get((order.code, order.reference)) if stock is not None else None
    if stock is None or action is None or action.status != "ANNOUNCED":
        raise Refusal("actions: not announced", f"{order.stock} {order.code} {order.reference}")
    _check_notice(action, rules.schedule_notice(action.code), now)
    if action.is_dividend:
        action = _struck(action, order.price, rules.withholding_bps)
    elif order.price != 0:
        raise Refusal("actions: bad terms", "a split has no price")
    multiplier = stock.token.multiplier.settled(now)
    parts = stock.actions.parts if multiplier.effective_at else []
    alone = any(not action.joins(stock.actions.records[part]) for part in parts if part in stock.actions.records)
    if multiplier.effective_at not in (0, action.effective_at) or len(parts) >= MAX_PARTS or alone:
        raise Refusal("actions: slot taken", f"until {_at(multiplier.effective_at)}")
    before = multiplier.pending
    after = _applied(action, before)
    if action.is_dividend and after.index == before.index:
        raise Refusal("actions: no effect")
    _check_fit(after)
    if action.is_dividend and not law.rate_ok(after.index, multiplier.index_at(max(action.effective_at - law.YEAR, 0))):
        raise Refusal("actions: rate bound")
    joined = [*(stock.actions.records[part] for part in parts), action]
    _fill(stock, joined, action.effective_at, rules.receivable_grace, now)
    stock.actions.records[action.id] = replace(action, status="SCHEDULED")


@HANDLERS.of(Cancel)
def cancel(state: State, order: Cancel) -> None:
    """Refuses, in order: reason and document, not cancellable, pair does not fit. Other parts of the slot stay
    pending. What was only announced can be cancelled after its second too: until then nothing is minted, and where an
    aggregator answers, whose books may have followed a split, nothing before somebody names a ceiling."""
    check_reason("actions", order.reason, order.document)
    stock, now = state.stocks.get(order.stock), state.now
    action = stock.actions.records.get((order.code, order.reference)) if stock is not None else None
    if stock is None or action is None or not _cancellable(action, now):
        raise Refusal("actions: not cancellable", f"{order.stock} {order.code} {order.reference}")
    if action.status == "SCHEDULED":
        stays = [stock.actions.records[part] for part in stock.actions.parts if part != action.id]
        _fill(stock, stays, action.effective_at, state.config.rules.receivable_grace, now, action.id)
    elif not action.is_dividend and action.ex_at <= now:
        stock.token.feed.stop()
    stock.actions.records[action.id] = replace(action, status="CANCELLED")


def _cancellable(action: Action, now: int) -> bool:
    pending = action.status == "SCHEDULED" and now < action.effective_at
    return action.status == "ANNOUNCED" or (pending and action.code != FOLD)


# --- the timelock's own ----------------------------------------------------------------------------------------------


@HANDLERS.of(Correct)
def correct(state: State, order: Correct) -> None:
    """Refuses, in order: reason and document, unknown stock, effective in the past, bad terms, notice too short, slot
    taken, no effect, pair does not fit, already announced."""
    stock, before = _repaired(state, order)
    at, now, notice = order.effective_at, state.now, state.config.rules.correction_notice
    if at <= now:
        raise Refusal("actions: effective in the past", f"{now - at} s ago")
    if at > law.U40_MAX:
        raise Refusal("actions: bad terms", f"effective {at} is after {law.U40_MAX}")
    if at - now < notice:
        raise Refusal("actions: notice too short", f"{_at(at)} is in {at - now} s, and {notice} s is the notice")
    _check_free(before)
    if order.index == before.current.index:
        raise Refusal("actions: no effect", f"the index is {format_wad(order.index)}")
    after = replace(before.current, index=order.index)
    _check_fit(after)
    _record(stock, CORRECTION, order.reference, at, 0, 0)
    stock.token.feed.drop_receivables()
    stock.token.multiplier = before.scheduled(after, at)


@HANDLERS.of(Fold)
def fold(state: State, order: Fold) -> None:
    """Refuses, in order: reason and document, unknown stock, slot taken, bad terms (not smaller, not reduced, or zero),
    pair does not fit, not the same multiplier, already announced, basis unconfirmed."""
    stock, before = _repaired(state, order)
    _check_free(before)
    now, num, den = before.current, order.num, order.den
    smaller = 0 < num <= now.num and 0 < den <= now.den and (num, den) != now.split
    if not smaller or gcd(num, den) != 1:
        raise Refusal("actions: bad terms", f"{num}:{den} is no smaller, reduced {now.num}:{now.den}")
    after = Terms(order.index, num, den)
    _check_fit(after)
    if after.ui_multiplier != now.ui_multiplier:
        same = f"{format_wad(after.ui_multiplier)} is not {format_wad(now.ui_multiplier)}"
        raise Refusal("actions: not the same multiplier", same)
    if (FOLD, order.reference) in stock.actions.records:
        raise Refusal("actions: already announced", f"{FOLD} {order.reference}")
    stock.token.feed.fold(after.split, state.now + 1, state.now)
    _record(stock, FOLD, order.reference, state.now + 1, num, den)
    stock.token.feed.drop_receivables()
    stock.token.multiplier = before.folded(after, state.now + 1)


def _repaired(state: State, order: Correct | Fold) -> tuple[Stock, Multiplier]:
    """The stock of a repair and its multiplier, settled. Refuses, in order: reason and document, unknown stock."""
    check_reason("actions", order.reason, order.document)
    stock = state.stocks.get(order.stock)
    if stock is None:
        raise Refusal("actions: unknown stock", order.stock)
    return stock, stock.token.multiplier.settled(state.now)


def _check_free(multiplier: Multiplier) -> None:
    if multiplier.effective_at:
        raise Refusal("actions: slot taken", f"until {_at(multiplier.effective_at)}")


def _record(stock: Stock, code: str, reference: str, at: int, num: int, den: int) -> None:
    """Keep a repair as an action, scheduled and alone in the slot. Refuses: already announced."""
    if (code, reference) in stock.actions.records:
        raise Refusal("actions: already announced", f"{code} {reference}")
    day = datetime.fromtimestamp(min(at, parameters.LATEST_TIME.value), UTC).date()
    action = Action(code, reference, day, at, num, den, NO_WAD, 0, at, 0, "SCHEDULED")
    stock.actions.records[action.id] = action
    stock.actions.parts = [action.id]


# --- what moves no multiplier ----------------------------------------------------------------------------------------


@HANDLERS.of(AnnounceRecord)
def record(state: State, order: AnnounceRecord) -> None:
    """Refuses, in order: unknown stock, already announced, bad terms, expiry too early, unknown other, notice too
    short, too many announced."""
    _escheat(state)
    stock = state.stocks.get(order.stock)
    if stock is None:
        raise Refusal("book: unknown stock", order.stock)
    if (order.code, order.reference) in stock.actions.book:
        raise Refusal("book: already announced", f"{order.code} {order.reference}")
    terms = _checked(state, order)
    _check_heard(state, terms)
    _check_room(state, stock, terms)
    stock.actions.book[order.code, order.reference] = Recorded(order.code, order.reference, terms)


@HANDLERS.of(AmendRecord)
def amend_record(state: State, order: AmendRecord) -> None:
    """Refuses, in order: not announced, bad terms, expiry too early, unknown other, record has come, deadline has come,
    notice too short, too many amendments, too many announced."""
    stock, found = _open_record(state, order)
    terms, was, now = _checked(state, order), found.terms, state.now
    counted = (was.ex, was.ex_at, was.record_at, was.asset)
    if 0 < was.record_at <= now and (terms.ex, terms.ex_at, terms.record_at, terms.asset) != counted:
        raise Refusal("book: record has come", f"{now - was.record_at} s ago")
    if 0 < was.deadline < now:
        kept = all(getattr(terms, name) == getattr(was, name) for name in CHOSEN_BETWEEN)
        if not kept or was.price not in (0, terms.price) or was.other not in ("", terms.other):
            raise Refusal("book: deadline has come", f"{now - was.deadline} s ago")
    if first_instant(terms) != first_instant(was):
        _check_heard(state, terms)
    if found.amended >= parameters.MAX_AMENDED.value:
        raise Refusal("book: too many amendments", str(found.amended))
    if (terms.ex_at, terms.record_at) != (was.ex_at, was.record_at):
        _check_room(state, stock, terms, found)
    stock.actions.book[found.code, found.reference] = replace(found, terms=terms, amended=found.amended + 1)


@HANDLERS.of(CancelRecord)
def cancel_record(state: State, order: CancelRecord) -> None:
    """Refuses, in order: reason and document, not announced."""
    _escheat(state)
    check_reason("book", order.reason, order.document)
    stock, found = _open_record(state, order)
    stock.actions.book[found.code, found.reference] = replace(found, status="CANCELLED")


@HANDLERS.of(CompleteRecord)
def complete_record(state: State, order: CompleteRecord) -> None:
    """Refuses, in order: not effective, still open."""
    _escheat(state)
    name, now = f"{order.stock} {order.code} {order.reference}", state.now
    stock = state.stocks.get(order.stock)
    if stock is None:
        raise Refusal("book: not effective", name)
    if order.code == CASH_CODE:
        cash = stock.actions.cash.get(order.reference)
        if cash is None or cash.status != "PAYING":
            raise Refusal("book: not effective", name)
        _check_over(cash.terms.expiry, now)
        stock.actions.cash[order.reference] = replace(cash, status="COMPLETED")
        return
    found = stock.actions.book.get((order.code, order.reference))
    if found is None or found.status_at(now) != "EFFECTIVE":
        raise Refusal("book: not effective", name)
    if found.is_paid:
        _check_over(found.terms.expiry, now)
    stock.actions.book[found.code, found.reference] = replace(found, status="COMPLETED")


def _check_over(expiry: int, now: int) -> None:
    if now < expiry:
        raise Refusal("book: still open", f"it can be fetched for {expiry - now} s more")


def _escheat(state: State) -> int:
    """How long what is paid out can be fetched at least. InputError where there is no book."""
    if state.dividends is None:
        raise InputError("has no book: nothing here records such actions", field="dividends")
    return state.dividends.escheat


def _open_record(state: State, order: AmendRecord | CancelRecord) -> tuple[Stock, Recorded]:
    _escheat(state)
    stock = state.stocks.get(order.stock)
    found = stock.actions.book.get((order.code, order.reference)) if stock is not None else None
    if stock is None or found is None or found.status_at(state.now) != "ANNOUNCED":
        raise Refusal("book: not announced", f"{order.stock} {order.code} {order.reference}")
    return stock, found


def _checked(state: State, order: AnnounceRecord | AmendRecord) -> RecordTerms:
    """The terms with ex_at filled in. Refuses, in order: bad terms, expiry too early, unknown other."""
    given, escheat = filled(order.terms), _escheat(state)
    if wrong := wrong_terms(order.code, given, tuple(sorted(state.config.assets))):
        raise Refusal("book: bad terms", wrong)
    first = 0
    if BOOK_CODES[order.code].paid:
        first = max(given.pay, given.record_at) + escheat
    elif given.expiry:
        # A right that nobody uses is worth nothing after its time.
        first = given.deadline if order.code == "RHTS" else given.pay + escheat
    if given.expiry < first:
        raise Refusal("book: expiry too early", f"expiry {_at(given.expiry)} is before {_at(first)}")
    if given.other and (given.other == order.stock or given.other not in state.stocks):
        raise Refusal("book: unknown other", given.other)
    return given


def _check_heard(state: State, terms: RecordTerms) -> None:
    notice, first = state.config.rules.dividend_announcement, first_instant(terms)
    if first - state.now < notice:
        raise Refusal("book: notice too short", f"{_at(first)} is in {first - state.now} s of {notice}")


def _check_room(state: State, stock: Stock, terms: RecordTerms, but: Recorded | None = None) -> None:
    """A chain remembers so many actions between whose ex and record something lies, their record yet to come."""
    counts = terms.ex_at < terms.record_at and terms.ex_at > 0 and state.now < terms.record_at
    if counts and stock.actions.undecided_or_awaiting(state.now, but) >= MAX_ANNOUNCED:
        raise Refusal("actions: too many announced", f"{MAX_ANNOUNCED} are undecided, or have a record to come")


# --- what is yet to be announced -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outlook:
    """Between which prices a dividend that is yet to be announced could be struck; both 0 for a split, which has none.

    Wads of currency per share, both ends included.
    """

    least: Wad = NO_WAD
    most: Wad = NO_WAD


def outlook(state: State, order: Announce) -> Outlook:
    """Play an action that is yet to be announced on its stock's own factors and bounds, up to its schedule.

    Splits that are announced and can still be scheduled are played with it, in the order of their effect; of a dividend
    that is announced nobody knows the price, so it counts as none. What time mends alone, such as another change in the
    slot, is not looked at, nor what the announcement itself would be refused for.

    Refuses, in order: unknown code (one that this chain has not), splits too close (a split, where an aggregator
    answers), pair does not fit, calendar full (where no more rises are remembered), no effect, rate bound, step bound.
    """
    stock, now, rules = state.stocks.get(order.stock), state.now, state.config.rules
    action = _announced(order)
    if action.code in CODES and action.code not in state.traits.action_codes:
        raise Refusal("actions: unknown code", f"{action.code} is not among {', '.join(state.traits.action_codes)}")
    if stock is None or action.code not in CODES or _wrong_terms(action, state.config.rules.receivable_grace):
        return Outlook()
    splits_to_come = (one for one in stock.actions.undecided if not one.is_dividend)
    undecided = (one for one in splits_to_come if one.effective_at - now >= rules.schedule_notice(one.code))
    splits = sorted((*undecided, *(() if action.is_dividend else (action,))), key=lambda one: one.effective_at)
    terms = stock.token.multiplier.settled(now).pending
    if not action.is_dividend:
        _check_apart(stock, splits, rules)
        _played(splits, terms)
        return Outlook()
    terms = _played([one for one in splits if one.effective_at <= action.effective_at], terms)
    return _prices(state, stock, action, terms, [one for one in splits if one.effective_at > action.effective_at])


def _check_apart(stock: Stock, splits: Sequence[Action], rules: Rules) -> None:
    """Refuses: splits too close, of two that an aggregator's books could not tell apart, however late one is scheduled.

    `splits` are those to come, by their effect.
    """
    feed = stock.token.feed
    if feed.config is None or not feed.config.is_blind:
        return
    last = feed.split_at if feed.step is None or feed.step.fold else feed.step.effective_at
    for one in splits:
        since, apart = one.effective_at - rules.schedule_notice(one.code) - last, parameters.BLIND_SPLITS_APART.value
        if 0 < last < one.effective_at and since < apart:
            detail = f"{one.code} {one.reference} could be scheduled {since} s of {apart} after the split before it"
            raise Refusal("reserve: splits too close", detail)
        last = max(last, one.effective_at)


def _played(splits: Sequence[Action], terms: Terms) -> Terms:
    """The factors after these splits. Refuses: pair does not fit, naming the first with which it does not."""
    for one in splits:
        after = _applied(one, terms)
        if not after.fits:
            detail = f"{one.code} {one.reference} makes {after.num}:{after.den} of {terms.num}:{terms.den}"
            raise Refusal("actions: pair does not fit", f"{detail}, {_too_long(after)}")
        terms = after
    return terms


def _too_long(terms: Terms) -> str:
    """By what factors miss what every chain stores."""
    if max(terms.num, terms.den) > law.U64_MAX:
        return f"where a term is {law.U64_MAX} at most"
    shown = format_wad(terms.ui_multiplier)
    return f"an index of {format_wad(terms.index)} and a multiplier of {shown}, each above 0 and {MAX_SHOWN} at most"


def _prices(state: State, stock: Stock, action: Action, before: Terms, splits: Sequence[Action]) -> Outlook:
    """Between which prices a dividend could be struck: the greatest that still raises the index, the least that no
    bound refuses. `before` are the factors that it meets, `splits` those to come after it.
    """
    multiplier = stock.token.multiplier.settled(state.now)
    year_ago = max(action.effective_at - law.YEAR, 0)
    _check_rises(state, multiplier, year_ago, action.effective_at)
    net = law.net_dividend(action.gross, state.config.rules.withholding_bps)

    def strike(price: Wad) -> None:
        after = before.with_dividend(price, net)
        _check_fit(after)
        if not law.rate_ok(after.index, multiplier.index_at(year_ago)):
            was = format_wad(multiplier.index_at(year_ago))
            bound = f"at most by half above the {was} of a year before"
            raise Refusal("actions: rate bound", f"the index, {format_wad(before.index)}, rises {bound}")
        if not law.dividend_step_ok(price, net):
            raise Refusal("actions: step bound", f"{net} at {price}")
        _played(splits, after)

    # floor(index × (P + net) ÷ P) is above the index exactly while index × net ≥ P.
    most = Wad(min(before.index * net, law.U128_MAX))
    if most == 0:
        raise Refusal("actions: no effect", "nothing of it is left to reinvest")
    strike(most)
    # The dearer the share the lower the index: what a price may not raise, none below it may.
    low, high = 0, int(most)
    while high - low > 1:
        middle = (low + high) // 2
        try:
            strike(Wad(middle))
        except Refusal:
            low = middle
        else:
            high = middle
    return Outlook(Wad(high), most)


def _check_rises(state: State, multiplier: Multiplier, year_ago: int, effective_at: int) -> None:
    """Refuses: calendar full, where a chain remembers so many changes of the index within a year and no more."""
    most, last, count = state.traits.rises, WAD, 0
    for at, index in multiplier.history:
        count += at > year_ago and index != last
        last = index
    if multiplier.effective_at not in (0, effective_at):
        count += multiplier.pending.index != multiplier.current.index
    if 0 < most <= count:
        raise Refusal("actions: calendar full", f"it rose {count} times within a year, {most} are remembered")


# --- an action's terms -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of action: what is `wrong` with the terms that were announced, and the factors once it is `applied`."""

    wrong: Callable[[Action], str]
    applied: Callable[[Action, Terms], Terms]


def _wrong_ratio(action: Action, rises: bool) -> str:
    if action.gross or action.pay or action.buy:
        return "a split takes no gross, pay nor buy"
    for name, value in (("new", action.num), ("old", action.den)):
        if not 0 < value <= law.U64_MAX:
            return f"{name} is {value}, and each of new and old is between 1 and {law.U64_MAX}"
    if (action.num > action.den) != rises or action.num == action.den:
        return f"new {action.num} for old {action.den} is not {'more' if rises else 'less'}, as {action.code} is"
    return ""


def _wrong_cash(action: Action) -> str:
    # Of a deferred ex (FINRA 11140(b)(2)) the cash is there before it: what it buys is not bought before the effect.
    first = max(action.ex_at - EX_WINDOW, 1)
    latest = min(action.effective_at + MAX_PAY_DELAY, law.U40_MAX)
    if action.num or action.den:
        return "a dividend takes no new nor old shares"
    if not 0 < action.gross <= law.U128_MAX:
        return f"gross {format_wad(action.gross)} is not more than 0, within 128 bits"
    if not first <= action.pay <= latest:
        return f"pay {_at(action.pay)} is not between {_at(first)}, a month before the ex, and {_at(latest)}"
    if action.buy < action.effective_at:
        return f"buy {_at(action.buy)} is before the effect, {_at(action.effective_at)}"
    return ""


def _split(action: Action, terms: Terms) -> Terms:
    return terms.with_split(action.num, action.den)


def _dividend(action: Action, terms: Terms) -> Terms:
    return terms.with_dividend(action.price, action.net)


KINDS: Mapping[str, Kind] = {
    "SPLF": Kind(lambda action: _wrong_ratio(action, rises=True), _split),
    "SPLR": Kind(lambda action: _wrong_ratio(action, rises=False), _split),
    "DRIP": Kind(_wrong_cash, _dividend),
    "DVSE": Kind(lambda action: _wrong_ratio(action, rises=True), _split),
}
"""What each code of an action means, of those that `parameters` lists."""


def _wrong_terms(action: Action, grace: int) -> str:
    """What is wrong with an action's terms: field, value and limit; "" for nothing."""
    day, last = midnight(action.ex), min(action.ex_at + EX_WINDOW, law.U40_MAX)
    if abs(action.ex_at - day) > EX_INSTANT:
        return f"ex_at {_at(action.ex_at)} is more than {EX_INSTANT} s from the ex date's midnight, {_at(day)}"
    if not action.ex_at <= action.effective_at <= last:
        return f"effective {_at(action.effective_at)} is not between ex_at, {_at(action.ex_at)}, and {_at(last)}"
    if action.buy > action.paid_from + grace:
        return f"buy {_at(action.buy)} is more than the grace, {grace} s, after {_at(action.paid_from)}"
    return KINDS[action.code].wrong(action)


def _at(instant: int) -> str:
    """A UTC second as people read it."""
    if not 0 <= instant <= parameters.LATEST_TIME.value:
        return str(instant)
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _applied(action: Action, terms: Terms) -> Terms:
    """The factors after this action."""
    return KINDS[action.code].applied(action, terms)


def _check_notice(action: Action, notice: int, now: int) -> None:
    if action.effective_at - now < notice:
        left = f"effective {_at(action.effective_at)} is in {action.effective_at - now} s"
        raise Refusal("actions: notice too short", f"{left}, and {notice} s is the notice")


def _struck(action: Action, price: Wad, withholding_bps: int) -> Action:
    """Strike a dividend at a price. Refuses, in order: bad terms, step bound."""
    if not 0 < price <= law.U128_MAX:
        raise Refusal("actions: bad terms", "a dividend is struck at a price")
    struck = replace(
        action,
        price=price,
        withheld=law.withheld(action.gross, withholding_bps),
        net=law.net_dividend(action.gross, withholding_bps),
    )
    if not law.dividend_step_ok(price, struck.net):
        most = f"{parameters.MAX_DIVIDEND_STEP.value} of 10,000 parts of the price"
        raise Refusal("actions: step bound", f"{format_wad(struck.net)} net at {format_wad(price)}, at most {most}")
    return struck


# --- the slot --------------------------------------------------------------------------------------------------------


def _check_fit(terms: Terms) -> None:
    if not terms.fits:
        raise Refusal("actions: pair does not fit", f"{terms.num}:{terms.den}, {_too_long(terms)}")


def _fill(
    stock: Stock, parts: Sequence[Action], effective_at: int, grace: int, now: int, cancelled: ActionId | None = None
) -> None:
    """Make `parts`, in their order, what the slot holds, and derive anew whatever follows from it: the factors, the
    split that the reserve is to show, and what each dividend will buy: on the index in force alone, for what two buy
    together is there once both are bought, and either may be the later one.

    Refuses, in order: pair does not fit, receivables full, basis unconfirmed, splits too close, mints ended.
    """
    token, actions = stock.token, stock.actions
    multiplier = token.multiplier.settled(now)
    terms, dues, index = multiplier.current, [], multiplier.current.index
    for part in parts:
        terms = _applied(part, terms)
        _check_fit(terms)
        if part.is_dividend:
            alone = Wad(law.next_index(index, part.price, part.net) - index)
            dues.append(Due(part.id, alone, part.buy, part.paid_from + grace))
    receivables = derived(token.feed.receivables, dues, cancelled, token.supply_shares(), index, now)
    token.check_change(effective_at if parts else 0, terms.split, now)
    if terms.split != multiplier.pending.split:
        token.feed.schedule(terms.split, effective_at, token.supply_shares(), multiplier.reserve_index, now)
    token.feed.receivables = receivables
    if dues or any(part.code == "DVSE" for part in parts):  # shares bought before it is delivered have no part in it
        token.feed.doubt()
    actions.parts = [part.id for part in parts]
    token.multiplier = multiplier.scheduled(terms, effective_at) if parts else multiplier.cancelled()
