"""What holders are paid and given by roots. Every coin, and every unit, is somebody's at every step.

What is funded is with a payee, parked for one whom coin or stock refused, unclaimed, or back with the treasury; units
are funded by a mint like any other, which the reserve's law (5) may refuse. What is withheld is the tax account's. The
sum of the root is the sum of its leaves, so no distribution pays out another's coins or units. A chain refuses beside
that what only it can know: another block, a root bound to another chain, stock, action.

The tree is imported where it is used: the model works where nothing else is installed, and it alone needs a library.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scrip import parameters
from scrip.action_codes import BOOK_CODES
from scrip.errors import InputError, Refusal
from scrip.instructions.actions import RecordTerms
from scrip.instructions.base import check_count
from scrip.instructions.dividends import (
    AmendCash,
    AnnounceCash,
    CancelCash,
    CashTerms,
    ClaimDividend,
    DividendLeaf,
    FundDividend,
    FundUnits,
    PayParked,
    PostRoot,
    ProofNode,
    PushDividend,
    RecallDividend,
    RemitWithheld,
    ResumeDividend,
    StopDividend,
    SweepDividend,
    VoidRoot,
    word,
)
from scrip.ledger.handlers import Handlers
from scrip.model.laws import arithmetic as law
from scrip.model.market import check_mint
from scrip.model.reasons import check_reason
from scrip.model.state import Cash, Distribution, Dividends, State, Stock, midnight
from scrip.model.state.dividends import CASH_CODE
from scrip.model.state.token import takes
from scrip.units import Stablecoin, format_wad

if TYPE_CHECKING:
    from scrip.model.laws import merkle_sum

HANDLERS: Handlers[State, None] = Handlers("the model")

EX_WINDOW = parameters.EX_WINDOW.value
EX_INSTANT = parameters.EX_INSTANT.value
MAX_PAY_DELAY = parameters.MAX_PAY_DELAY.value
MAX_ANNOUNCED = parameters.MAX_ANNOUNCED.value
PUSHED = 1 << parameters.PUSHED_DEPTH.value
OPTION_CODE, RIGHTS_CODE, MERGER_CODE = "DVOP", "RHTS", "MRGR"
"""What is given as holders chose, of the stock itself; what is given before the deadline, for it is chosen with; and
what is paid by a root, or by burning units where an end of the stock is set."""


# --- the book --------------------------------------------------------------------------------------------------------


@HANDLERS.of(AnnounceCash)
def announce(state: State, order: AnnounceCash) -> None:
    """Refuses, in order: unknown stock, already announced, bad terms, expiry too early, notice too short, too many
    announced."""
    dividends, stock = _dividends(state), state.stocks.get(order.stock)
    if stock is None:
        raise Refusal("book: unknown stock", order.stock)
    if order.reference in stock.actions.cash:
        raise Refusal("book: already announced", order.reference)
    terms = _checked(state, dividends, order.terms)
    _check_notice(state, terms)
    _check_room(state, stock, terms)
    stock.actions.cash[order.reference] = Cash(order.reference, terms)


@HANDLERS.of(AmendCash)
def amend(state: State, order: AmendCash) -> None:
    """Refuses, in order: not announced, bad terms, expiry too early, record has come, notice too short, too many
    amendments, too many announced."""
    dividends, (stock, found) = _dividends(state), _announced(state, order.stock, order.reference)
    terms, was = _checked(state, dividends, order.terms), found.terms
    if was.record_at <= state.now:
        if (terms.ex, terms.ex_at, terms.record_at, terms.asset) != (was.ex, was.ex_at, was.record_at, was.asset):
            raise Refusal("book: record has come", f"{state.now - was.record_at} s ago")
    elif terms.record_at != was.record_at:
        _check_notice(state, terms)
    if found.amended >= parameters.MAX_AMENDED.value:
        raise Refusal("book: too many amendments", str(found.amended))
    if (terms.ex_at, terms.record_at) != (was.ex_at, was.record_at):
        _check_room(state, stock, terms, found)
    stock.actions.cash[order.reference] = replace(found, terms=terms, amended=found.amended + 1)


@HANDLERS.of(CancelCash)
def cancel(state: State, order: CancelCash) -> None:
    """Refuses, in order: reason and document, not announced."""
    _dividends(state)
    check_reason("book", order.reason, order.document)
    stock, found = _announced(state, order.stock, order.reference)
    stock.actions.cash[order.reference] = replace(found, status="CANCELLED")


def _announced(state: State, name: str, reference: str) -> tuple[Stock, Cash]:
    stock = state.stocks.get(name)
    found = stock.actions.cash.get(reference) if stock is not None else None
    if stock is None or found is None or found.status != "ANNOUNCED":
        raise Refusal("book: not announced", f"{name} {reference}")
    return stock, found


def _check_notice(state: State, terms: CashTerms) -> None:
    notice = state.config.rules.dividend_announcement
    if terms.record_at - state.now < notice:
        raise Refusal("book: notice too short", f"the record is in {terms.record_at - state.now} s of {notice}")


def _check_room(state: State, stock: Stock, terms: CashTerms, but: Cash | None = None) -> None:
    """A chain remembers so many dividends between whose ex and record something lies, their record yet to come."""

    counts = terms.ex_at < terms.record_at and state.now < terms.record_at
    if counts and stock.actions.undecided_or_awaiting(state.now, but) >= MAX_ANNOUNCED:
        raise Refusal("actions: too many announced", f"{MAX_ANNOUNCED} are undecided, or have a record to come")


def _checked(state: State, dividends: Dividends, terms: CashTerms) -> CashTerms:
    """The terms with ex_at filled in. Refuses, in order: bad terms, expiry too early."""
    given = replace(terms, ex_at=terms.ex_at or midnight(terms.ex))
    if wrong := _wrong(state, given):
        raise Refusal("book: bad terms", wrong)
    first = max(given.pay, given.record_at) + dividends.escheat
    if given.expiry < first:
        raise Refusal("book: expiry too early", f"{given.expiry}, and {dividends.escheat} s after pay is {first}")
    return given


def _wrong(state: State, given: CashTerms) -> str:
    """What is wrong with the terms: field, value and limit; "" for nothing."""
    for name in ("ex_at", "record_at", "pay", "expiry"):
        if not 0 < getattr(given, name) <= law.U40_MAX:
            return f"{name} {getattr(given, name)} is not between 1 and {law.U40_MAX}"
    if abs(given.ex_at - midnight(given.ex)) > EX_INSTANT:
        return f"ex_at {given.ex_at} is more than {EX_INSTANT} s from the ex date's midnight"
    if not given.ex_at <= given.record_at <= given.ex_at + EX_WINDOW:
        return f"record_at {given.record_at} is not between ex_at, {given.ex_at}, and {EX_WINDOW} s after it"
    # Of a deferred ex the cash is there before it.
    if not given.ex_at - EX_WINDOW <= given.pay <= given.record_at + MAX_PAY_DELAY:
        return f"pay {given.pay} is not from {EX_WINDOW} s before ex_at to {MAX_PAY_DELAY} s after the record"
    if not 0 < given.gross <= law.U96_MAX:
        return f"gross {format_wad(given.gross)} is not more than 0, within 96 bits"
    if not 0 <= given.fee < given.gross:
        return f"fee {format_wad(given.fee)} is not less than gross, {format_wad(given.gross)}"
    if len(given.currency) != 3 or given.asset not in state.config.assets:
        return f"currency {given.currency} has not 3 letters, or {given.asset} is no coin"
    if not 0 <= given.rate <= law.U128_MAX or (given.rate == 0) != (given.source == ""):
        return "a rate and its source come together"
    return ""


# --- roots and money -------------------------------------------------------------------------------------------------


@HANDLERS.of(PostRoot)
def post(state: State, order: PostRoot) -> None:
    """Refuses, in order: not announced, record to come, deadline to come, no rate or no units, bad root (units that are
    withheld), another part, bad root, posted (and not voided)."""
    from scrip.model.laws import merkle_sum

    dividends, root, key = _dividends(state), order.root, (order.stock, order.code, order.reference)
    given = _rooted(state, order)
    if order.in_units and not given.units:
        raise Refusal("dividend: no units", " ".join(key))
    if not order.in_units and not given.has_rate:
        raise Refusal("book: no rate", " ".join(key))
    units = given.units if order.in_units else ""
    net, gross, withheld = (state.paid(one, units) for one in (root.net, root.gross, root.withheld))
    if units and (gross != net or withheld):
        raise Refusal("dividend: bad root", f"{root.gross} for {root.net}, {root.withheld} withheld")
    parts = dividends.parts.get(key, 0)
    if order.part != parts:
        raise Refusal("dividend: another part", f"{order.part}, and {parts} were posted")
    fits = net > 0 and max(net, gross, withheld) <= law.U128_MAX and net + withheld <= gross
    if not (fits and parameters.PUSHED_DEPTH.value <= root.depth <= parameters.MAX_TREE_DEPTH.value):
        raise Refusal("dividend: bad root", f"net {root.net}, withheld {root.withheld}, gross {root.gross}")
    before = dividends.distributions.get(order.distribution)
    if before is not None and before.status != "VOIDED":
        raise Refusal("dividend: posted", order.distribution)
    dividends.distributions[order.distribution] = Distribution(
        stock=order.stock,
        reference=order.reference,
        root=merkle_sum.Root(word(root.hash, "hash"), net, root.depth),
        gross=gross,
        withheld=withheld,
        pay=max(given.pay, given.record_at),
        # A part that is posted late is open as long as any.
        expiry=max(given.expiry, state.now + dividends.escheat),
        treasury=dividends.treasury,
        tax=dividends.tax,
        unpaid=net,
        code=order.code,
        units=units,
        stopped=before is not None and before.stopped,
    )
    dividends.parts[key] = parts + 1
    _begin_paying(state, order)


@dataclass(frozen=True, slots=True)
class Rooted:
    """What an announced action says of its roots: instants, whether its cash has a rate, and whose units it gives, ""
    for none."""

    record_at: int
    pay: int
    expiry: int
    has_rate: bool
    units: str


def _rooted(state: State, order: PostRoot) -> Rooted:
    """Refuses, in order: not announced, record to come, deadline to come, burned for."""
    stock, code = state.stocks.get(order.stock), order.code
    if code == CASH_CODE:
        cash = stock.actions.cash.get(order.reference) if stock is not None else None
        is_open = cash is not None and cash.status in ("ANNOUNCED", "PAYING")
        terms: CashTerms | RecordTerms | None = cash.terms if cash is not None else None
    else:
        found = stock.actions.book.get((code, order.reference)) if stock is not None else None
        is_open = found is not None and found.status_at(state.now) in ("ANNOUNCED", "EFFECTIVE")
        terms = found.terms if found is not None else None
    if terms is None or not is_open or not BOOK_CODES[code].legs:
        raise Refusal("book: not announced", f"{order.stock} {code} {order.reference}")
    record_at = terms.record_at
    # What has no record is not paid by a root: units are burned for it.
    if not record_at or state.now < record_at:
        raise Refusal("book: record to come", f"in {record_at - state.now} s" if record_at else "it has none")
    if isinstance(terms, CashTerms):
        return Rooted(record_at, terms.pay, terms.expiry, bool(terms.rate), "")
    if code != RIGHTS_CODE and state.now <= terms.deadline:
        raise Refusal("book: deadline to come", f"in {terms.deadline - state.now} s")
    if code == MERGER_CODE and state.token(order.stock).mints_end:
        raise Refusal("book: burned for", f"{order.stock} ends: its units are redeemed")
    chosen = code == OPTION_CODE and (terms.num or terms.price)
    return Rooted(record_at, terms.pay, terms.expiry, bool(terms.rate), order.stock if chosen else terms.other)


def _begin_paying(state: State, order: PostRoot) -> None:
    """From its first root on an action is neither amended nor cancelled."""
    actions = state.stocks[order.stock].actions
    if order.code == CASH_CODE:
        actions.cash[order.reference] = replace(actions.cash[order.reference], status="PAYING")
        return
    key = order.code, order.reference
    actions.book[key] = replace(actions.book[key], status="EFFECTIVE")


@HANDLERS.of(VoidRoot)
def void(state: State, order: VoidRoot) -> None:
    """Refuses, in order: reason and document, not posted."""
    check_reason("dividend", order.reason, order.document)
    _posted(state, order.distribution).status = "VOIDED"


@HANDLERS.of(FundDividend)
def fund(state: State, order: FundDividend) -> None:
    """Refuses, in order: not posted, other leg (it gives units), sum differs, stablecoin: insufficient."""
    found, amount = _posted(state, order.distribution), state.coins(order.amount)
    if found.units:
        raise Refusal("dividend: other leg", found.units)
    if amount != found.root.sum:
        raise Refusal("dividend: sum differs", f"{order.amount}, and the root pays {Stablecoin(found.root.sum)}")
    _move(state, order.by, _dividends(state).account, amount)
    found.status = "FUNDED"


@HANDLERS.of(FundUnits)
def fund_units(state: State, order: FundUnits) -> None:
    """Refuses, in order: not posted, other leg (it pays coins), sum differs, then as a mint."""
    found, amount, account = _posted(state, order.distribution), state.raw(order.amount), _dividends(state).account
    if not found.units:
        raise Refusal("dividend: other leg", order.distribution)
    if amount != found.root.sum:
        raise Refusal("dividend: sum differs", f"{order.amount}, and the root gives {found.root.sum} raw units")
    check_mint(state.stocks[found.units], account, amount, state.now, itself=True)
    state.token(found.units).create(account, amount)
    found.status = "FUNDED"


@HANDLERS.of(RemitWithheld)
def remit(state: State, order: RemitWithheld) -> None:
    """Refuses, in order: not funded, remitted (or nothing is withheld), stablecoin: insufficient."""
    found = _dividends(state).distributions.get(order.distribution)
    if found is None or found.status not in ("FUNDED", "ENDED"):
        raise Refusal("dividend: not funded", order.distribution)
    if found.remitted or not found.withheld:
        raise Refusal("dividend: remitted", str(Stablecoin(found.withheld)))
    _move(state, order.by, found.tax, found.withheld)
    found.remitted = True


# --- paying ----------------------------------------------------------------------------------------------------------


@HANDLERS.of(ClaimDividend)
def claim(state: State, order: ClaimDividend) -> None:
    """Refuses, in order: not funded, stopped, before pay, bad index, bad proof, bad sum, claimed, held, not the
    account."""
    from scrip.model.laws import merkle_sum

    found, account = _payable(state, order.distribution), order.leaf.account
    leaf, proof = _leaf(state, found, order.index, order.leaf), _nodes(order.proof)
    _check_proof(merkle_sum.fault(found.root, leaf, proof))
    if order.index in found.claimed or not leaf.net:
        raise Refusal("dividend: claimed", str(order.index))
    payee = payee_of(state, account)
    if not payee:
        raise Refusal("dividend: held", account)
    if not leaf.pushable and (order.by or account) not in (account, payee):
        raise Refusal("dividend: not the account", order.by)
    _pay(state, found, account, payee, leaf)


@HANDLERS.of(PushDividend)
def push(state: State, order: PushDividend) -> None:
    """Refuses, in order: not funded, stopped, before pay, bad index, bad proof, bad sum.

    InputError for too many leaves.
    """
    from scrip.model.laws import merkle_sum

    check_count("leaves", order.leaves, PUSHED)
    found = _payable(state, order.distribution)
    leaves = [_leaf(state, found, order.first + place, one) for place, one in enumerate(order.leaves)]
    _check_proof(merkle_sum.block_fault(found.root, leaves, order.first, _nodes(order.proof)))
    for leaf, one in zip(leaves, order.leaves, strict=True):
        payee = payee_of(state, one.account)
        if leaf.pushable and leaf.net and leaf.index not in found.claimed and payee:
            _pay(state, found, one.account, payee, leaf)


@HANDLERS.of(PayParked)
def pay_parked(state: State, order: PayParked) -> None:
    """Refuses, in order: not funded, stopped, before pay, nothing parked, held, not the account.

    A coin of the model refuses nobody; a stock may refuse again, and then it stays parked.
    """
    found = _payable(state, order.distribution)
    account, net, pushable = found.parked.get(order.index, ("", 0, True))
    if not net:
        raise Refusal("dividend: nothing parked", str(order.index))
    payee = payee_of(state, account)
    if not payee:
        raise Refusal("dividend: held", account)
    if not pushable and order.by not in (account, payee):
        raise Refusal("dividend: not the account", order.by)
    if not _gives(state, found, payee, net):
        return
    del found.parked[order.index]
    found.unpaid -= net


def payee_of(state: State, account: str) -> str:
    """Who is paid for an account: itself, or its successor; "" while a block holds it."""
    if not state.investors.is_blocked(account):
        return account
    heir = state.investors.successor_of(account)
    return "" if heir in ("", account) or state.investors.is_blocked(heir) else heir


# --- the end, and officers -------------------------------------------------------------------------------------------


@HANDLERS.of(SweepDividend)
def sweep(state: State, order: SweepDividend) -> None:
    """Refuses, in order: not funded, stopped, not expired."""
    found = _funded(state, order.distribution)
    if found.stopped:
        raise Refusal("dividend: stopped", order.distribution)
    if state.now < found.expiry:
        raise Refusal("dividend: not expired", f"in {found.expiry - state.now} s")
    _end(state, found)


@HANDLERS.of(StopDividend)
def stop(state: State, order: StopDividend) -> None:
    """Refuses: not posted (unknown, over)."""
    found = _dividends(state).distributions.get(order.distribution)
    if found is None or found.status not in ("POSTED", "FUNDED"):
        raise Refusal("dividend: not posted", order.distribution)
    found.stopped = True


@HANDLERS.of(ResumeDividend)
def resume(state: State, order: ResumeDividend) -> None:
    """Refuses: not stopped."""
    found = _dividends(state).distributions.get(order.distribution)
    if found is None or not found.stopped:
        raise Refusal("dividend: not stopped", order.distribution)
    found.stopped = False


@HANDLERS.of(RecallDividend)
def recall(state: State, order: RecallDividend) -> None:
    """Refuses, in order: reason and document, not funded, not stopped."""
    check_reason("dividend", order.reason, order.document)
    found = _funded(state, order.distribution)
    if not found.stopped:
        raise Refusal("dividend: not stopped", order.distribution)
    _end(state, found)
    found.stopped = False


# --- parts -----------------------------------------------------------------------------------------------------------


def _dividends(state: State) -> Dividends:
    """InputError where nothing could be asked."""
    if state.dividends is None:
        raise InputError("has no distributor: nothing here pays cash dividends", field="dividends")
    return state.dividends


def _posted(state: State, distribution: str) -> Distribution:
    found = _dividends(state).distributions.get(distribution)
    if found is None or found.status != "POSTED":
        raise Refusal("dividend: not posted", distribution)
    return found


def _funded(state: State, distribution: str) -> Distribution:
    found = _dividends(state).distributions.get(distribution)
    if found is None or found.status != "FUNDED":
        raise Refusal("dividend: not funded", distribution)
    return found


def _payable(state: State, distribution: str) -> Distribution:
    found = _funded(state, distribution)
    if found.stopped:
        raise Refusal("dividend: stopped", distribution)
    if state.now < found.pay:
        raise Refusal("dividend: before pay", f"in {found.pay - state.now} s")
    return found


def _leaf(state: State, found: Distribution, index: int, leaf: DividendLeaf) -> merkle_sum.Leaf:
    from scrip.model.laws import merkle_sum

    gross, withheld, net = (state.paid(one, found.units) for one in (leaf.gross, leaf.withheld, leaf.net))
    return merkle_sum.Leaf(index, state.account_word(leaf.account), gross, withheld, net, leaf.pushable)


def _nodes(proof: Sequence[ProofNode]) -> list[merkle_sum.Node]:
    from scrip.model.laws import merkle_sum

    return [merkle_sum.Node(word(one.hash, "proof"), one.sum) for one in proof]


def _check_proof(fault: merkle_sum.Fault) -> None:
    if fault:
        name = {"index": "dividend: bad index", "amount": "dividend: bad sum"}.get(fault, "dividend: bad proof")
        raise Refusal(name, fault)


def _pay(state: State, found: Distribution, account: str, payee: str, leaf: merkle_sum.Leaf) -> None:
    found.claimed.add(leaf.index)
    if _gives(state, found, payee, leaf.net):
        found.unpaid -= leaf.net
    else:
        found.parked[leaf.index] = account, leaf.net, leaf.pushable


def _gives(state: State, found: Distribution, payee: str, amount: int) -> bool:
    """Hand over coins or units; whether the stock let them go. A coin of the model refuses nobody."""
    account = _dividends(state).account
    if not found.units:
        _move(state, account, payee, amount)
        return True
    token = state.token(found.units)
    if not takes(token, account, payee, amount, state.now):
        return False
    token.deliver(account, payee, amount)
    return True


def _end(state: State, found: Distribution) -> None:
    """Refuses: payment failed, by a stock that the treasury may not hold now."""
    if found.unpaid and not _gives(state, found, found.treasury, found.unpaid):
        raise Refusal("dividend: payment failed", f"{found.treasury} may not hold {found.units} now")
    found.unpaid = 0
    found.status = "ENDED"


def _move(state: State, payer: str, payee: str, amount: int) -> None:
    market = state.market
    if market.coins_of(payer) < amount:
        raise Refusal("stablecoin: insufficient", f"{payer} has {Stablecoin(market.coins_of(payer))}")
    market.coins[payer] = market.coins_of(payer) - amount
    market.coins[payee] = market.coins_of(payee) + amount
