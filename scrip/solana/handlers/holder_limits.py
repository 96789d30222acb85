"""Who may hold a stock, how many may, and how much of it one account is minted.

A holder is an investor with a seat, which it takes when an account of its is thawed, venues apart. A transfer between
thawed accounts is the token program's own: no limit is asked.
"""

from __future__ import annotations

from typing import Any

from solders.instruction import AccountMeta
from solders.instruction import Instruction as Call

from scrip import instructions as ins
from scrip.errors import InputError, Refusal
from scrip.holder_limits import Countries, HolderLimits, InvestorClass, StockRules
from scrip.ledger import Receipt
from scrip.solana.addresses import SYSTEM, investor_id, token_account
from scrip.solana.encoding.values import raw
from scrip.solana.handlers.table import APPLIED, CALLS, Context, send_signed
from scrip.units import SOLANA_DECIMALS, RawUnits

CLASSES: tuple[InvestorClass, ...] = ("retail", "professional", "institutional", "venue")
"""Classes in the order of their bits."""
COUNTRY_BYTES = 128


@CALLS.of(ins.SetStockRules)
def set_rules(context: Context, order: ins.SetStockRules) -> list[Call]:
    """Say which investors may hold a stock."""
    return [context.signed("set_rules", order.by, encoded(order.rules), listing=context.listing(order.stock))]


@CALLS.of(ins.SetHolderLimits)
def set_limits(context: Context, order: ins.SetHolderLimits) -> list[Call]:
    """Limit a stock's holders. InputError for a minimum, which no transfer is held to."""
    limits = order.limits
    if limits.minimum:
        why = "is kept by nothing on Solana: transfers are the token program's own"
        raise InputError(why, field="minimum", value=limits.minimum)
    if not limits:
        raise Refusal("holders: bad limits")
    args = {"most": min(limits.most, 2**32 - 1), "maximum": raw(limits.maximum.to_decimals(SOLANA_DECIMALS))}
    return [context.signed("set_limits", order.by, args, listing=context.listing(order.stock))]


@CALLS.of(ins.RemoveHolderLimits)
def remove_limits(context: Context, order: ins.RemoveHolderLimits) -> list[Call]:
    """End a stock's limits; the seats that are taken stay on record."""
    args = {"most": 0, "maximum": 0}
    return [context.signed("set_limits", order.by, args, listing=context.listing(order.stock))]


@CALLS.of(ins.SeedHolders)
def seed(context: Context, order: ins.SeedHolders) -> list[Call]:
    """Freeze accounts that were thawed before the limits, and thaw them again, which gives each a seat."""
    listing = context.listing(order.stock)
    names = ("freeze", "thaw")
    return [context.investors.crank_call(name, listing, one) for one in order.accounts for name in names]


@APPLIED.of(ins.SetStockRules, ins.SetHolderLimits, ins.RemoveHolderLimits)
def apply_setting(context: Context, order: ins.SetStockRules | ins.SetHolderLimits | ins.RemoveHolderLimits) -> Receipt:
    """Send the order as it is; what is no stock is refused here."""
    _check(context, order.stock)
    return send_signed(context, order)


@APPLIED.of(ins.SeedHolders)
def apply_seed(context: Context, order: ins.SeedHolders) -> Receipt:
    """Give each account that has none a seat, one transaction an account."""
    _check(context, order.stock)
    for one in order.accounts:
        context.investors.attempt("freeze", context.listing(order.stock), one)
        context.investors.prepare(context.listing(order.stock), one)
    return Receipt()


def _check(context: Context, stock: str) -> None:
    if stock not in context.stocks:
        raise Refusal("registry: not a stock", stock)


def freeing(context: Context, stock: str, investor: str, by: str, key: str) -> Call:
    """The instruction that takes the seat of an investor who holds nothing of a stock, and freezes its accounts."""
    at, listing, word = context.program.at, context.listing(stock), context.key(key)
    record, identity = at.investor(investor_id(investor)), investor_id(investor)
    rest = [AccountMeta(listing.stock, False, True), AccountMeta(listing.mint, False, False)]
    for wallet in sorted(context.investors.holders_of(record), key=bytes):
        units = token_account(wallet, listing.mint)
        rest += [AccountMeta(at.wallet(wallet), False, False), AccountMeta(units, False, True)]
    accounts = {
        "signer": context.address(by),
        "investor": record,
        "holder": SYSTEM,
        "wallet": at.wallet(SYSTEM),
        "used_key": at.key(word),
    }
    return context.program.build("free_seat", list(word), list(identity), accounts=accounts, rest=rest)


# --- read back -------------------------------------------------------------------------------------------------------


def encoded(rules: StockRules) -> dict[str, object]:
    """Rules as the program's instruction takes them."""
    classes = sum(1 << place for place, name in enumerate(CLASSES) if name in rules.classes)
    return {"classes": classes, "countries": list(rules.countries.bits.to_bytes(COUNTRY_BYTES, "little"))}


def rules_of(stock: Any) -> StockRules:
    """The rules in a stock's record."""
    classes = frozenset(name for place, name in enumerate(CLASSES) if stock.rules.classes >> place & 1)
    return StockRules(classes, Countries(int.from_bytes(bytes(stock.rules.countries), "little")))


def limits_of(stock: Any) -> HolderLimits:
    """The limits in a stock's record; none of anything where there are none."""
    return HolderLimits(
        stock.limits.most, RawUnits(stock.limits.maximum, SOLANA_DECIMALS), RawUnits(0, SOLANA_DECIMALS)
    )


def here(limits: HolderLimits) -> HolderLimits:
    """Limits with amounts as the program has them."""
    maximum, minimum = (one.to_decimals(SOLANA_DECIMALS) for one in (limits.maximum, limits.minimum))
    return HolderLimits(limits.most, maximum, minimum)


def is_seated(context: Context, stock: str, investor: str) -> bool:
    """Whether an investor has a seat in a stock."""
    record = context.record(context.program.at.investor(investor_id(investor)), "Investor")
    seat = int.from_bytes(bytes(context.listing(stock).stock)[:8], "little")
    return record is not None and seat in record.seats
