"""Cash dividends: what is announced, and what is paid of a root. Every coin is somebody's at every step.

What is funded is with a payee, parked for one whom the coin refused, unclaimed, or back with the treasury; what is
withheld is the tax account's. The sum of the root is the sum of its leaves, so no distribution pays out another's
coins. A chain refuses beside that what only it can know: another block, a root bound to another chain, stock, action.

The tree is imported where it is used: the model works where nothing else is installed, and it alone needs a library.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from scrip import parameters
from scrip.errors import InputError, Refusal
from scrip.instructions.base import check_count
from scrip.instructions.dividends import (
    AmendCash,
    AnnounceCash,
    CancelCash,
    CashTerms,
    ClaimDividend,
    DividendLeaf,
    FundDividend,
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
from scrip.model.reasons import check_reason
from scrip.model.state import Cash, Distribution, Dividends, State, Stock, midnight
from scrip.units import Stablecoin, format_wad

if TYPE_CHECKING:
    from scrip.model.laws import merkle_sum

HANDLERS: Handlers[State, None] = Handlers("the model")

EX_WINDOW = parameters.EX_WINDOW.value
EX_INSTANT = parameters.EX_INSTANT.value
MAX_PAY_DELAY = parameters.MAX_PAY_DELAY.value
MAX_ANNOUNCED = parameters.MAX_ANNOUNCED.value
PUSHED = 1 << parameters.PUSHED_DEPTH.value


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
    """Refuses, in order: not announced, record to come, no rate, another part, bad root, posted (and not voided)."""
    from scrip.model.laws import merkle_sum

    dividends, stock, root = _dividends(state), state.stocks.get(order.stock), order.root
    found = stock.actions.cash.get(order.reference) if stock is not None else None
    if stock is None or found is None or found.status in ("CANCELLED", "COMPLETED"):
        raise Refusal("book: not announced", f"{order.stock} {order.reference}")
    terms = found.terms
    if state.now < terms.record_at:
        raise Refusal("book: record to come", f"in {terms.record_at - state.now} s")
    if terms.rate == 0:
        raise Refusal("book: no rate", terms.currency)
    parts = dividends.parts.get((order.stock, order.reference), 0)
    if order.part != parts:
        raise Refusal("dividend: another part", f"{order.part}, and {parts} were posted")
    net, gross, withheld = (state.coins(one) for one in (root.net, root.gross, root.withheld))
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
        pay=max(terms.pay, terms.record_at),
        # A part that is posted late is open as long as any.
        expiry=max(terms.expiry, state.now + dividends.escheat),
        treasury=dividends.treasury,
        tax=dividends.tax,
        unpaid=net,
        stopped=before is not None and before.stopped,
    )
    dividends.parts[order.stock, order.reference] = parts + 1
    stock.actions.cash[order.reference] = replace(found, status="PAYING")


@HANDLERS.of(VoidRoot)
def void(state: State, order: VoidRoot) -> None:
    """Refuses, in order: reason and document, not posted."""
    check_reason("dividend", order.reason, order.document)
    _posted(state, order.distribution).status = "VOIDED"


@HANDLERS.of(FundDividend)
def fund(state: State, order: FundDividend) -> None:
    """Refuses, in order: not posted, sum differs, stablecoin: insufficient."""
    found, amount = _posted(state, order.distribution), state.coins(order.amount)
    if amount != found.root.sum:
        raise Refusal("dividend: sum differs", f"{order.amount}, and the root pays {Stablecoin(found.root.sum)}")
    _move(state, order.by, _dividends(state).account, amount)
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
    leaf, proof = _leaf(state, order.index, order.leaf), _nodes(order.proof)
    _check_proof(merkle_sum.fault(found.root, leaf, proof))
    if order.index in found.claimed or not leaf.net:
        raise Refusal("dividend: claimed", str(order.index))
    payee = payee_of(state, account)
    if not payee:
        raise Refusal("dividend: held", account)
    if not leaf.pushable and (order.by or account) not in (account, payee):
        raise Refusal("dividend: not the account", order.by)
    _pay(state, found, payee, leaf)


@HANDLERS.of(PushDividend)
def push(state: State, order: PushDividend) -> None:
    """Refuses, in order: not funded, stopped, before pay, bad index, bad proof, bad sum.

    InputError for too many leaves.
    """
    from scrip.model.laws import merkle_sum

    check_count("leaves", order.leaves, PUSHED)
    found = _payable(state, order.distribution)
    leaves = [_leaf(state, order.first + place, one) for place, one in enumerate(order.leaves)]
    _check_proof(merkle_sum.block_fault(found.root, leaves, order.first, _nodes(order.proof)))
    for leaf, one in zip(leaves, order.leaves, strict=True):
        payee = payee_of(state, one.account)
        if leaf.pushable and leaf.net and leaf.index not in found.claimed and payee:
            _pay(state, found, payee, leaf)


@HANDLERS.of(PayParked)
def pay_parked(state: State, order: PayParked) -> None:
    """Refuses, in order: not funded, stopped, before pay, nothing parked, held, not the account.

    A coin of the model refuses nobody.
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
    del found.parked[order.index]
    found.unpaid -= net
    _move(state, _dividends(state).account, payee, net)


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
    found.stopped = False
    _end(state, found)


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


def _leaf(state: State, index: int, leaf: DividendLeaf) -> merkle_sum.Leaf:
    from scrip.model.laws import merkle_sum

    gross, withheld, net = (state.coins(one) for one in (leaf.gross, leaf.withheld, leaf.net))
    return merkle_sum.Leaf(index, state.account_word(leaf.account), gross, withheld, net, leaf.pushable)


def _nodes(proof: Sequence[ProofNode]) -> list[merkle_sum.Node]:
    from scrip.model.laws import merkle_sum

    return [merkle_sum.Node(word(one.hash, "proof"), one.sum) for one in proof]


def _check_proof(fault: merkle_sum.Fault) -> None:
    if fault:
        name = {"index": "dividend: bad index", "amount": "dividend: bad sum"}.get(fault, "dividend: bad proof")
        raise Refusal(name, fault)


def _pay(state: State, found: Distribution, payee: str, leaf: merkle_sum.Leaf) -> None:
    found.claimed.add(leaf.index)
    found.unpaid -= leaf.net
    _move(state, _dividends(state).account, payee, leaf.net)


def _end(state: State, found: Distribution) -> None:
    _move(state, _dividends(state).account, found.treasury, found.unpaid)
    found.unpaid = 0
    found.status = "ENDED"


def _move(state: State, payer: str, payee: str, amount: int) -> None:
    market = state.market
    if market.coins_of(payer) < amount:
        raise Refusal("stablecoin: insufficient", f"{payer} has {Stablecoin(market.coins_of(payer))}")
    market.coins[payer] = market.coins_of(payer) - amount
    market.coins[payee] = market.coins_of(payee) + amount
