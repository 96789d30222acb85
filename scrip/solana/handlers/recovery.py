"""Lost wallets: a fresh one takes the place of an investor's, with all that it has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from solders.instruction import AccountMeta
from solders.instruction import Instruction as Call
from solders.pubkey import Pubkey

from scrip import instructions as ins
from scrip.instructions.base import check_count
from scrip.instructions.recovery import MAX_RECOVERED
from scrip.ledger import Receipt
from scrip.solana.addresses import SYSTEM, document_hash, investor_id, token_account
from scrip.solana.encoding import tokens
from scrip.solana.encoding.program import Listing
from scrip.solana.handlers.clearance import NO_KEY, reads
from scrip.solana.handlers.client import Client
from scrip.solana.handlers.enforcement import total_of
from scrip.solana.handlers.table import APPLIED, CALLS, Context

ROOM = 2
"""Stocks that go with a recovery in its own transaction; its size allows no more. `recover_in` fetches the rest."""


@CALLS.of(ins.RecoverWallet)
def recover_wallet(context: Context, order: ins.RecoverWallet) -> list[Call]:
    """Put a fresh wallet in a lost one's place, with what that has in the first stocks, where both have accounts."""
    check_count("stocks", order.stocks, MAX_RECOVERED)
    key, old, new = context.key(order.key), context.address(order.old), context.address(order.new)
    accounts = {
        **_pair(context, old, new),
        "investor": context.program.at.investor(investor_id(order.investor)),
        "used_key": context.program.at.key(key),
        "signer": context.address(order.by),
    }
    rest = groups(context, old, new, order.stocks[:ROOM])
    args = (list(key), order.reason, list(document_hash(order.document)))
    return [context.program.build("recover_wallet", *args, accounts=accounts, rest=rest)]


@CALLS.of(ins.RecoverIn)
def recover_in(context: Context, order: ins.RecoverIn) -> list[Call]:
    """Fetch what a recovered wallet has in one stock, for its successor and each that followed; one a transaction."""
    old = context.address(order.old)
    return fetching_for(context, order, chain_of(context, old) or [(old, old)])


def fetching_for(context: Context, order: ins.RecoverIn, line: Sequence[tuple[Pubkey, Pubkey]]) -> list[Call]:
    """The calls of `recover_in` for a line of successors, each pair of who lost and who follows."""
    check_count("stocks", order.stocks, MAX_RECOVERED)
    by = context.address(order.by) if order.by else context.chain.payer.pubkey()
    calls = [fetching(context, one, heir, groups(context, one, heir, order.stocks), by) for one, heir in line]
    for stock in order.stocks:
        bound = False
        for one, heir in line:
            # What one link of the line is given goes on to the next.
            bound |= stock in context.stocks and has_bound(context, context.listing(stock), one)
            if bound:
                calls.append(_bound(context, one, heir, context.listing(stock), by))
    return calls


@APPLIED.of(ins.RecoverWallet)
def apply_recovery(context: Context, order: ins.RecoverWallet) -> Receipt:
    """Open the successor's accounts, as anyone may; recover; freeze and fetch what the transaction had no room for."""
    order = replace(order, stocks=_strangers_first(context, order.stocks))
    if order.new:
        _open(context, order.stocks, order.old, context.address(order.new))
    done = context.send(CALLS(context, order), [order.by])
    # A blocked investor's new wallet is no more open than its others.
    context.investors.crank_all([order.old, order.new])
    bound = [one for one in order.stocks[:ROOM] if has_bound(context, context.listing(one), context.address(order.old))]
    for stock in (*bound, *order.stocks[ROOM:]):
        context.send(CALLS(context, ins.RecoverIn(order.old, (stock,))), [])
    return done


@APPLIED.of(ins.RecoverIn)
def apply_recover_in(context: Context, order: ins.RecoverIn) -> Receipt:
    """Open the successors' accounts, as anyone may, and fetch, one stock after the other."""
    chain, done = chain_of(context, context.address(order.old)), Receipt()
    for stock in _strangers_first(context, order.stocks) or ("",):
        where = (stock,) if stock else ()
        for old, heir in chain:
            _open(context, where, str(old), heir)
        done = context.send(CALLS(context, ins.RecoverIn(order.old, where, order.by)), [order.by] if order.by else [])
    return done


def fetching(context: Context, old: Pubkey, new: Pubkey, rest: Sequence[AccountMeta], by: Pubkey) -> Call:
    """The instruction by which a successor is given what stands in these groups."""
    mark = context.program.at.key(NO_KEY)
    accounts = {**_pair(context, old, new), "investor": SYSTEM, "used_key": mark, "signer": by}
    return context.program.build("recover_in", accounts=accounts, rest=rest)


def has_bound(context: Client, listing: Listing, wallet: Pubkey) -> bool:
    """Whether any of a wallet's units are bound."""
    return total_of(context.bound(listing, wallet)) > 0


def _bound(context: Context, old: Pubkey, new: Pubkey, listing: Listing, by: Pubkey) -> Call:
    """The instruction by which a successor is given what is bound of the lost wallet's units, as it was."""
    mark = context.program.at.key(NO_KEY)
    accounts = {**_pair(context, old, new), "investor": SYSTEM, "used_key": mark, "signer": by}
    written = (listing.mint, *context.vault_of(listing, old).values(), *context.vault_of(listing, new).values())
    rest = [reads(listing.stock), *(AccountMeta(one, False, True) for one in written)]
    return context.program.build("recover_locks", accounts=accounts, rest=rest)


def groups(context: Context, old: Pubkey, new: Pubkey, stocks: Iterable[str]) -> list[AccountMeta]:
    """What the program wants named of each stock in which the lost wallet has a token account or a hold."""
    at, found = context.program.at, []
    for stock in stocks:
        if stock not in context.stocks:
            found.append(reads(SYSTEM))  # the program says that it is none
            continue
        listing = context.listing(stock)
        units = token_account(old, listing.mint)
        hold = at.hold(listing.stock, old)
        if tokens.holding_at(context.chain, units) is None and context.record(hold, "Hold") is None:
            continue
        written = (listing.mint, hold, at.hold(listing.stock, new))
        found += [reads(listing.stock), *(AccountMeta(one, False, True) for one in written)]
        found += [AccountMeta(units, False, True), AccountMeta(token_account(new, listing.mint), False, True)]
    return found


def _pair(context: Context, old: Pubkey, new: Pubkey) -> dict[str, Pubkey]:
    at = context.program.at
    return {"old": old, "old_wallet": at.wallet(old), "new": new, "new_wallet": at.wallet(new)}


def _strangers_first(context: Context, stocks: Iterable[str]) -> tuple[str, ...]:
    """The stocks, those first that are none: what is refused for them is refused before anything is sent."""
    return tuple(sorted(stocks, key=lambda stock: stock in context.stocks))


def _open(context: Context, stocks: Iterable[str], old: str, new: Pubkey) -> None:
    """The successor's token accounts, in the stocks in which the lost wallet has one."""
    for stock in stocks:
        if stock in context.stocks and context.holding(context.listing(stock), old) is not None:
            context.investors.open(context.listing(stock), str(new))


# --- read back -------------------------------------------------------------------------------------------------------


def successors(context: Client, wallets: Sequence[Pubkey]) -> list[tuple[Pubkey, Pubkey] | None]:
    """The successor of each wallet and the record of the investor whose both are, in order; None of what was not
    recovered."""
    records = context.records([context.program.at.wallet(one) for one in wallets], "Wallet")
    return [(one.successor, one.investor) if one is not None and one.successor else None for one in records]


def chain_of(context: Client, old: Pubkey) -> list[tuple[Pubkey, Pubkey]]:
    """Each recovered wallet of a chain, from `old` on, with its successor."""
    found: list[tuple[Pubkey, Pubkey]] = []
    (heir,) = successors(context, [old])
    while heir is not None:
        found.append((old, heir[0]))
        old = heir[0]
        (heir,) = successors(context, [old])
    return found
