"""What an enforcer does to an account without its holder: a freeze of the whole of it, and units taken from it."""

from __future__ import annotations

from collections.abc import Mapping

from solders.instruction import Instruction as Call
from solders.pubkey import Pubkey

from scrip import instructions as ins
from scrip.errors import Refusal
from scrip.ledger import Receipt
from scrip.model.state.accounts import Account
from scrip.solana.addresses import document_hash, token_account
from scrip.solana.encoding import tokens
from scrip.solana.encoding.program import Listing
from scrip.solana.encoding.values import raw
from scrip.solana.handlers.table import APPLIED, CALLS, Context, lacks

lacks(ins.OpenCase, ins.CloseCase, reason="each forced instruction has a reason and a document of its own")
lacks(ins.Lock, ins.ReleaseLocks, reason="the program keeps no lock-ups")


@CALLS.of(ins.Freeze)
def freeze(context: Context, order: ins.Freeze) -> list[Call]:
    """Hold a wallet, whatever accounts it has, or free it for anyone to thaw."""
    listing, key = context.listing(order.stock), context.key(order.key)
    wallet = context.address(order.account)
    accounts = {
        "holder": wallet,
        "hold": context.program.at.hold(listing.stock, wallet),
        "token_account": context.units(listing, order.account),
        "used_key": context.program.at.key(key),
    }
    accounts |= context.investors.nobody(accounts["token_account"])
    name = "hold_account" if order.frozen else "release_account"
    args = (list(key), order.reason, list(document_hash(order.document)))
    return [context.signed(name, order.by, *args, accounts=accounts, listing=listing)]


@APPLIED.of(ins.Freeze)
def apply_freeze(context: Context, order: ins.Freeze) -> Receipt:
    """Hold the wallet or end that, and thaw its account, if it has one, where that may be thawed."""
    if order.by == ins.ISSUER and (order.reason == 0 or not order.document):
        raise Refusal("case: reason and document")
    listing = context.listing(order.stock)
    done = context.send(CALLS(context, order), [order.by])
    if context.holding(listing, order.account) is not None:
        context.investors.prepare(listing, order.account)
    return done


@CALLS.of(ins.ForcedTransfer)
def seize(context: Context, order: ins.ForcedTransfer) -> list[Call]:
    """Take units of a wallet's canonical account for another's, which stands."""
    listing, target = context.listing(order.stock), context.address(order.to)
    given = {
        "to": target,
        "wallet": context.program.at.wallet(target),
        "investor": context.investors.record_of(target),
        "to_hold": context.program.at.hold(listing.stock, target),
        "to_account": context.units(listing, order.to),
    }
    return [_taking(context, "seize", listing, order.sender, order, given)]


@CALLS.of(ins.ForcedBurn)
def forced_burn(context: Context, order: ins.ForcedBurn) -> list[Call]:
    """Destroy units of a wallet's canonical account."""
    listing = context.listing(order.stock)
    given = context.investors.nobody(context.units(listing, order.account))
    return [_taking(context, "forced_burn", listing, order.account, order, given)]


def _taking(
    context: Context,
    name: str,
    listing: Listing,
    holder: str,
    order: ins.ForcedTransfer | ins.ForcedBurn,
    given: Mapping[str, Pubkey],
) -> Call:
    key, wallet = context.key(order.key), context.address(holder)
    accounts = {
        "holder": wallet,
        "hold": context.program.at.hold(listing.stock, wallet),
        "token_account": context.units(listing, holder),
        "used_key": context.program.at.key(key),
        **given,
    }
    args = (list(key), raw(order.amount), order.reason, list(document_hash(order.document)))
    return context.signed(name, order.by, *args, accounts=accounts, listing=listing)


@APPLIED.of(ins.ForcedTransfer, ins.ForcedBurn)
def apply_taking(context: Context, order: ins.ForcedTransfer | ins.ForcedBurn) -> Receipt:
    """Open the accounts, as anyone may, then take the units."""
    holder, to = (order.sender, order.to) if isinstance(order, ins.ForcedTransfer) else (order.account, "")
    if order.by == ins.ISSUER and (order.reason == 0 or not order.document):
        standards = order.reason == 0 and not order.document and not order.key and to
        raise Refusal("case: none open" if standards else "case: reason and document")
    listing = context.listing(order.stock)
    if isinstance(order, ins.ForcedTransfer) and not to:
        # Nobody can own an account at the zero address here, so no transaction can name it.
        raise Refusal("ERC20InvalidReceiver" if order.by == ins.ISSUER else "roles: not authorised")
    for party in {holder, to} - {""}:
        context.investors.open(listing, party)
    return context.send(CALLS(context, order), [order.by])


CALLS.lacks(ins.SetFrozenTokens, reason="an account is frozen as a whole")


@APPLIED.of(ins.SetFrozenTokens)
def refuse_partial_freeze(_context: Context, order: ins.SetFrozenTokens) -> Receipt:
    """Refuse to freeze part of a balance, as the model of such a chain does."""
    raise Refusal("roles: not authorised" if order.by != ins.ISSUER else "token: no partial freeze")


# --- read back -------------------------------------------------------------------------------------------------------


def read_accounts(context: Context, listing: Listing, named: Mapping[Pubkey, str]) -> dict[str, Account]:
    """What canonical accounts hold. Frozen is what an enforcer holds: a lapsed clearance freezes nothing here."""
    units = tokens.holdings(context.chain, [token_account(one, listing.mint) for one in named])
    holds = context.records([context.program.at.hold(listing.stock, one) for one in named], "Hold")
    return {
        name: Account(held.amount if held else 0, frozen=hold is not None)
        for name, held, hold in zip(named.values(), units, holds, strict=True)
    }
