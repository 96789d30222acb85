"""Corporate actions, and the multiplier that they move."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from solders.instruction import Instruction as Call
from solders.pubkey import Pubkey

from scrip import instructions as ins
from scrip.action_codes import CORRECTION, FOLD
from scrip.errors import Refusal
from scrip.instructions.subjects import reference_text
from scrip.ledger import ActionState, ActionStatus, MultiplierState, Receipt
from scrip.model.laws.multiplier import Multiplier, Terms
from scrip.model.state.actions import Action, Actions, Status
from scrip.model.state.config import Rules
from scrip.model.state.days import day_of
from scrip.solana.addresses import code_word, document_hash, reference_word
from scrip.solana.encoding.program import Listing, multiplier_state
from scrip.solana.handlers.client import Client
from scrip.solana.handlers.table import APPLIED, CALLS, Context, lacks, send_signed
from scrip.units import Wad

STOCK_OF_ACTION = 9
"""Where an action's record names its stock; other accounts of the stock's have it there, too."""
STATUS: dict[str, ActionStatus] = {"Announced": "announced", "Scheduled": "scheduled", "Cancelled": "cancelled"}
"""An action's status, by the name that the program has for it."""
MODEL_STATUS: dict[str, Status] = {"Announced": "ANNOUNCED", "Scheduled": "SCHEDULED", "Cancelled": "CANCELLED"}

Order = ins.Announce | ins.Schedule | ins.Cancel
Repair = ins.Correct | ins.Fold


lacks(
    *(ins.AnnounceRecord, ins.AmendRecord, ins.CancelRecord, ins.CompleteRecord),
    reason="the program records what moves the multiplier and no other corporate action",
)


@CALLS.of(ins.Announce)
def announce(context: Context, order: ins.Announce) -> list[Call]:
    """Record an action's terms under its code and reference."""
    return [_call(context, "announce_action", order, terms(order))]


@CALLS.of(ins.Schedule)
def schedule(context: Context, order: ins.Schedule) -> list[Call]:
    """Put an announced action into its stock's slot."""
    return [_call(context, "schedule_action", order, order.price)]


@CALLS.of(ins.Cancel)
def cancel(context: Context, order: ins.Cancel) -> list[Call]:
    """Withdraw an action."""
    return [_call(context, "cancel_action", order, order.reason, list(document_hash(order.document)))]


@CALLS.of(ins.Correct)
def correct(context: Context, order: ins.Correct) -> list[Call]:
    """Schedule another dividend index."""
    if not (0 <= order.index < 2**128 and order.effective_at < 2**63):
        raise Refusal("actions: bad terms", f"index {order.index} or effective {order.effective_at} does not fit")
    return [_repair(context, "correct_index", CORRECTION, order, order.index, order.effective_at)]


@CALLS.of(ins.Fold)
def fold(context: Context, order: ins.Fold) -> list[Call]:
    """Write the same multiplier as a smaller pair."""
    bits = {"index": (order.index, 128), "num": (order.num, 64), "den": (order.den, 64)}
    for name, (value, most) in bits.items():
        if not 0 <= value < 2**most:
            raise Refusal("actions: bad terms", f"{name} {value} does not fit {most} bits")
    return [_repair(context, "fold_pair", FOLD, order, order.index, order.num, order.den)]


def _repair(context: Context, name: str, code: str, order: Repair, *args: int) -> Call:
    listing, reference = context.listing(order.stock), reference_word(order.reference)
    accounts = {"action": context.program.at.action(listing.stock, code, reference)}
    why = order.reason, list(document_hash(order.document))
    return context.signed(name, order.by, list(reference), *args, *why, accounts=accounts, listing=listing)


def _call(context: Context, name: str, order: Order, *args: object) -> Call:
    listing, reference = context.listing(order.stock), reference_word(order.reference)
    accounts = {"action": context.program.at.action(listing.stock, order.code, reference)}
    head = (list(code_word(order.code)), list(reference))
    return context.signed(name, order.by, *head, *args, accounts=accounts, listing=listing)


def terms(order: ins.Announce) -> Mapping[str, int]:
    """The terms as the program takes them; what does not fit its integers is refused as it would be elsewhere."""
    instants = {"ex_at": order.ex_at, "pay": order.pay, "buy": order.buy, "effective": order.effective_at}
    bits = {"new": (order.num, 64), "old": (order.den, 64), "gross": (order.gross, 128)}
    for name, (value, most) in (bits | {name: (value, 63) for name, value in instants.items()}).items():
        if value >= 2**most:
            raise Refusal("actions: bad terms", f"{name} {value} does not fit {most} bits")
    return {
        "ex": order.ex.year * 10_000 + order.ex.month * 100 + order.ex.day,
        "ex_at": order.ex_at,
        "pay": order.pay,
        "buy": order.buy,
        "effective_at": order.effective_at,
        "num": order.num,
        "den": order.den,
        "gross": order.gross,
    }


# An unknown stock has no accounts that a transaction could name, so its refusals are made here.


@APPLIED.of(ins.Announce)
def apply_announce(context: Context, order: ins.Announce) -> Receipt:
    """Announce an action, or refuse an unknown stock."""
    return _applied(context, order, "actions: unknown stock")


@APPLIED.of(ins.Schedule)
def apply_schedule(context: Context, order: ins.Schedule) -> Receipt:
    """Schedule an action, or refuse an unknown stock."""
    return _applied(context, order, "actions: not announced")


@APPLIED.of(ins.Cancel)
def apply_cancel(context: Context, order: ins.Cancel) -> Receipt:
    """Cancel an action, or refuse an unknown stock."""
    blank = order.reason == 0 or not order.document
    return _applied(context, order, "actions: reason and document" if blank else "actions: not cancellable")


@APPLIED.of(ins.Correct, ins.Fold)
def apply_repair(context: Context, order: Repair) -> Receipt:
    """Correct an index or fold a pair, or refuse an unknown stock."""
    blank = order.reason == 0 or not order.document
    return _applied(context, order, "actions: reason and document" if blank else "actions: unknown stock")


def _applied(context: Context, order: Order | Repair, unknown: str) -> Receipt:
    if order.stock in context.stocks:
        return send_signed(context, order)
    if order.by != ins.ISSUER:
        raise Refusal("roles: not authorised", order.by)
    raise Refusal(unknown, order.stock)


# --- read back -------------------------------------------------------------------------------------------------------


def read_multiplier(client: Client, stock: str) -> MultiplierState:
    """A stock's multiplier as the program's view shows it now."""
    return multiplier_state(client.view("multiplier", stock))


def read_action(client: Client, stock: str, code: str, reference: str) -> ActionState:
    """An action by what names it; of status "unknown" where it was never announced."""
    listing = client.listing(stock)
    record = client.record(client.program.at.action(listing.stock, code, reference_word(reference)), "Action")
    return ActionState(b"", stock, code, reference) if record is None else _shown(client, record, stock, reference)


def announced_actions(client: Client, stock: str) -> Iterator[ActionState]:
    """Every action that was ever announced for a stock, by its account: the program closes none."""
    for _, record in records_of(client, client.listing(stock)):
        yield _shown(client, record, stock, reference_text(bytes(record.reference)))


def records_of(client: Client, listing: Listing) -> list[tuple[Pubkey, Any]]:
    """Account and record of every action that was ever announced for a stock, by account."""
    program = client.program
    found = client.chain.owned(program.id, STOCK_OF_ACTION, bytes(listing.stock))
    mine = [(address, data) for address, data in found if data.startswith(program.discriminator("Action"))]
    return [(address, program.decode(data)) for address, data in sorted(mine, key=lambda one: bytes(one[0]))]


def _shown(client: Client, record: Any, stock: str, reference: str) -> ActionState:
    status = STATUS[type(record.status).__name__]
    if status == "scheduled" and client.now() >= record.effective_at:
        status = "effective"
    return ActionState(
        id=bytes(record.id),
        stock=stock,
        code=bytes(record.code).rstrip(b"\0").decode("ascii", "replace"),
        reference=reference,
        status=status,
        ex=record.ex,
        ex_at=record.ex_at,
        pay=record.pay,
        buy=record.buy,
        effective_at=record.effective_at,
        num=record.num,
        den=record.den,
        gross=Wad(record.gross),
        withheld=Wad(record.withheld),
        net=Wad(record.net),
        price=Wad(record.price),
        index=Wad(record.index),
    )


# --- as the model keeps them -----------------------------------------------------------------------------------------


def rules_of(settings: Any) -> Rules:
    """The notices and the withholding of the issuer, from its decoded settings."""
    return Rules(
        settings.split_notice,
        settings.dividend_announce,
        settings.dividend_strike,
        settings.withholding_bps,
        settings.grace,
        strict_list=settings.strict_list,
    )


def multiplier_of(stored: Any, calendar: Any) -> Multiplier:
    """The multiplier as a stock stores it: an activated change that nobody folded is the model's to settle."""
    rises = tuple((rise.effective_at, Wad(rise.index)) for rise in calendar.rises)
    return Multiplier(
        current=_terms(stored.current),
        pending=_terms(stored.next),
        effective_at=stored.effective_at,
        generation=stored.generation,
        history=((0, Wad(calendar.base)), *rises),
    )


def _terms(factors: Any) -> Terms:
    return Terms(Wad(factors.index), factors.num, factors.den)


def action_of(record: Any, name_of: Callable[[bytes], str]) -> Action:
    """An action from its decoded record. `name_of` gives the reference by which somebody asks about it."""
    return Action(
        code=bytes(record.code).decode("ascii", "replace"),
        reference=name_of(bytes(record.reference)),
        # A correction and a fold have none of the market's.
        ex=day_of(record.ex) if record.ex else datetime.fromtimestamp(record.effective_at, UTC).date(),
        effective_at=record.effective_at,
        num=record.num,
        den=record.den,
        gross=Wad(record.gross),
        pay=record.pay,
        ex_at=record.ex_at,
        buy=record.buy,
        status=MODEL_STATUS[type(record.status).__name__],
        price=Wad(record.price),
        withheld=Wad(record.withheld),
        net=Wad(record.net),
    )


def read_into(records: Mapping[Pubkey, Action], parts: list[Pubkey], into: Actions) -> None:
    """Fill in a stock's records and slot. `records` are its actions by account, `parts` what fills its slot."""
    into.records = {one.id: one for one in records.values()}
    into.parts = [records[part].id for part in parts]
