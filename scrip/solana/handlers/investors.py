"""The register of investors and their wallets. What a change takes away is frozen in its own transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from solders.instruction import Instruction as Call
from solders.pubkey import Pubkey

from scrip import instructions as ins
from scrip.errors import Refusal
from scrip.ledger import Receipt
from scrip.model.state.investors import Investor
from scrip.parameters import MAX_COUNTRY
from scrip.solana.addresses import SYSTEM, document_hash, investor_id
from scrip.solana.handlers.clearance import ROOM
from scrip.solana.handlers.table import APPLIED, CALLS, Context, lacks, send_signed

Order = ins.Onboard | ins.LinkWallet | ins.UnlinkWallet | ins.Renew | ins.SetProfile | ins.Block | ins.Unblock

lacks(ins.BlockWallet, reason="a wallet without an investor is blocked there by the sanctions list alone")


@CALLS.of(ins.Onboard)
def onboard(context: Context, order: ins.Onboard) -> list[Call]:
    """Put a new investor with a first wallet on the register."""
    _check_expiry(order.expiry)
    args = (order.country, _class_of(context, order.investor_class), order.expiry)
    return [_call(context, "onboard_investor", order, order.wallet, *args)]


@CALLS.of(ins.LinkWallet)
def link_wallet(context: Context, order: ins.LinkWallet) -> list[Call]:
    """Give a known investor one more wallet."""
    return [_call(context, "link_wallet", order, order.wallet)]


@CALLS.of(ins.UnlinkWallet)
def unlink_wallet(context: Context, order: ins.UnlinkWallet) -> list[Call]:
    """Take a wallet from its investor."""
    return [_call(context, "unlink_wallet", order, order.wallet, order.reason, list(document_hash(order.document)))]


@CALLS.of(ins.Renew)
def renew(context: Context, order: ins.Renew) -> list[Call]:
    """Set a new expiry of an investor's clearance."""
    _check_expiry(order.expiry)
    return [_call(context, "renew_investor", order, "", order.expiry)]


@CALLS.of(ins.SetProfile)
def set_profile(context: Context, order: ins.SetProfile) -> list[Call]:
    """Set an investor's country and class; the expiry stays."""
    if not 0 < order.country <= MAX_COUNTRY.value:
        # The program takes any number of two bytes.
        raise Refusal("registry: bad country", str(order.country))
    class_of = _class_of(context, order.investor_class)
    return [_call(context, "set_investor", order, "", order.country, class_of, _expiry_of(context, order.investor))]


@CALLS.of(ins.Block)
def block(context: Context, order: ins.Block) -> list[Call]:
    """Block an investor with all wallets, and freeze as many accounts as there is room for."""
    wallets = context.investors.touched(order)
    # A block concerns no wallet: the one that the page is about takes no more room.
    named = next((wallet for _, wallet, _ in context.investors.thawed(wallets)), "")
    call = _call(context, "block_investor", order, named, order.reason, list(document_hash(order.document)))
    pages = context.investors.first_pages(call, wallets, context.address(order.by))
    return [call, *pages]


@CALLS.of(ins.Unblock)
def unblock(context: Context, order: ins.Unblock) -> list[Call]:
    """End an investor's block."""
    return [_call(context, "unblock_investor", order, "", order.reason, list(document_hash(order.document)))]


@CALLS.of(ins.UnblockWallet)
def unblock_wallet(context: Context, order: ins.UnblockWallet) -> list[Call]:
    """End the block of a wallet that belongs to no investor."""
    at, key, wallet = context.program.at, context.key(order.key), context.address(order.wallet)
    accounts = {"holder": wallet, "wallet": at.wallet(wallet), "used_key": at.key(key)}
    accounts["investor"] = at.investor(bytes(32))
    args = (list(key), list(bytes(32)), order.reason, list(document_hash(order.document)))
    return [context.signed("unblock_wallet", order.by, *args, accounts=accounts)]


APPLIED.of(ins.UnblockWallet)(send_signed)


@APPLIED.of(
    *(ins.Onboard, ins.LinkWallet, ins.UnlinkWallet, ins.Renew, ins.SetProfile, ins.Block, ins.Unblock),
)
def apply_change(context: Context, order: ins.KeyedInstruction) -> Receipt:
    """Change the register, and freeze what the transaction had no room to name."""
    wallets = context.investors.touched(order)
    calls, fits = CALLS(context, order), getattr(context.chain, "fits", None)
    if fits and not fits(calls, context.chain.payer.pubkey()):
        # Another pays here than who gives the order, and signs, too: the page is sent by itself.
        calls = calls[:1]
    named = {meta.pubkey for call in calls for meta in call.accounts}
    more = any(at not in named for _, _, at in context.investors.thawed(wallets))
    done = context.send(calls, [order.by])
    if more:
        context.investors.crank_all(wallets)
    return done


def _call(context: Context, name: str, order: Order, wallet: str, *args: object) -> Call:
    at, identity, key = context.program.at, investor_id(order.investor), context.key(order.key)
    accounts = {
        "signer": context.address(order.by),
        "investor": at.investor(identity),
        "holder": context.address(wallet),
        "wallet": at.wallet(context.address(wallet)),
        "used_key": at.key(key),
    }
    # A block's accounts stand in a page behind it.
    groups = [] if name == "block_investor" else context.investors.groups(context.investors.touched(order))
    rest = [meta for group in groups[:ROOM] for meta in group]
    return context.program.build(name, list(key), list(identity), *args, accounts=accounts, rest=rest)


def _class_of(context: Context, investor_class: ins.InvestorClass) -> object:
    return getattr(context.program.type["InvestorClass"], investor_class.capitalize())()


def _expiry_of(context: Context, investor: str) -> int:
    """The expiry on record; of an unknown investor any, for the program refuses it."""
    record = context.record(context.program.at.investor(investor_id(investor)), "Investor")
    return 1 if record is None else int(record.expiry)


def _check_expiry(expiry: int) -> None:
    if not -(2**63) <= expiry < 2**63:
        raise Refusal("registry: bad expiry", str(expiry))


# --- read back -------------------------------------------------------------------------------------------------------


def read_investors(
    context: Context, investors: Iterable[str], wallets: Iterable[Pubkey], name_of: Callable[[Pubkey], str]
) -> dict[str, Investor]:
    """Read the named investors, and those whose any of the wallets are. `name_of` says what a wallet is called."""
    at = context.program.at
    names = {at.investor(investor_id(name)): name for name in investors}
    for record in context.records([at.wallet(address) for address in wallets], "Wallet"):
        if record is not None and record.investor != SYSTEM:
            names.setdefault(record.investor, unnamed(record.investor))
    places = sorted(names, key=bytes)
    records = zip(places, context.records(places, "Investor"), strict=True)
    return {names[place]: _investor(context, place, record, name_of) for place, record in records if record is not None}


def unnamed(place: Pubkey) -> str:
    """What an investor is called of whom only the record's address is known."""
    return f"investor {place}"


def _investor(context: Context, place: Pubkey, record: Any, name_of: Callable[[Pubkey], str]) -> Investor:
    wallets = sorted(name_of(holder) for holder in context.investors.holders_of(place))
    return Investor(record.country, type(record.class_).__name__.lower(), record.expiry, record.blocked, wallets)


def blocked_strangers(context: Context, wallets: Mapping[Pubkey, str]) -> list[str]:
    """The names of those wallets that are blocked and belong to no investor."""
    records = context.records([context.program.at.wallet(one) for one in wallets], "Wallet")
    pairs = zip(wallets.values(), records, strict=True)
    return [name for name, record in pairs if record is not None and record.investor == SYSTEM]
