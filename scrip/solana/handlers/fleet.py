"""One stock as a whole: created, paused."""

from __future__ import annotations

from typing import Any

from solders.instruction import Instruction as Call

from scrip import instructions as ins
from scrip import parameters
from scrip.errors import InputError, Refusal
from scrip.ledger import Receipt
from scrip.solana.encoding import places, tokens
from scrip.solana.encoding.program import Listing
from scrip.solana.handlers.table import APPLIED, CALLS, Context, send_signed

ISIN_LENGTH = parameters.ISIN_LENGTH.value


@CALLS.of(ins.CreateStock)
def create_stock(context: Context, order: ins.CreateStock) -> list[Call]:
    """Make a stock's mint, and the accounts that the program keeps beside it."""
    kind = context.program.type["Policy"]
    args = {
        "isin": list(order.isin.encode()[:ISIN_LENGTH].ljust(ISIN_LENGTH)),
        "series": order.series,
        "policy": {"ALLOWLIST": kind.Allowlist, "BLOCKLIST": kind.Blocklist}[order.policy](),
        "default_frozen": order.default_frozen,
        "name": order.name,
        "symbol": order.stock,
        "uri": order.uri,
        "arm_hook": True,
    }
    return [context.signed("create_stock", order.by, args, listing=_place(context, order))]


@APPLIED.of(ins.CreateStock)
def apply_create_stock(context: Context, order: ins.CreateStock) -> Receipt:
    """Create the stock, and know it by its name from then on."""
    if order.by == ins.ISSUER and len(order.isin) != ISIN_LENGTH:
        raise Refusal("factory: bad isin", order.isin)
    listing = _place(context, order)
    exists = places.stands(context.chain, listing.mint, tokens.STOCK)
    if order.stock in context.stocks and not exists:
        raise InputError("names another stock already", field="stock", value=order.stock)
    done = context.send(CALLS(context, order), [order.by])
    context.stocks[order.stock] = listing
    return done


def _place(context: Context, order: ins.CreateStock) -> Listing:
    return context.program.listing(order.isin[:ISIN_LENGTH].ljust(ISIN_LENGTH), order.series)


@CALLS.of(ins.Halt)
def halt(context: Context, order: ins.Halt) -> list[Call]:
    """Halt all stocks: the program mints, redeems, thaws and resumes nothing. Transfers stop as each mint is paused."""
    return [context.signed("halt", order.by)]


@CALLS.of(ins.Unhalt)
def unhalt(context: Context, order: ins.Unhalt) -> list[Call]:
    """End a halt."""
    return [context.signed("unhalt", order.by)]


@CALLS.of(ins.Pause)
def pause(context: Context, order: ins.Pause) -> list[Call]:
    """Stop one stock."""
    return [context.signed("pause", order.by, listing=context.listing(order.stock))]


@CALLS.of(ins.Unpause)
def unpause(context: Context, order: ins.Unpause) -> list[Call]:
    """Leave the pause of one stock."""
    return [context.signed("resume", order.by, listing=context.listing(order.stock))]


APPLIED.of(ins.Halt, ins.Unhalt, ins.Pause, ins.Unpause)(send_signed)


# --- read back -------------------------------------------------------------------------------------------------------


def starts_frozen(context: Context, listing: Listing) -> bool:
    """Whether a stock's new token accounts are frozen until somebody thaws them."""
    return bool(context.demanded(listing.stock, "Stock").default_frozen)


def policy_of(stored: Any) -> ins.Policy:
    """The policy in a stock's decoded account: who may hold it."""
    return "ALLOWLIST" if type(stored.policy).__name__ == "Allowlist" else "BLOCKLIST"
