"""What an enforcer does to an account without its holder: a freeze of all of it or a part, and units taken from it.

What is frozen in part, or locked, is in the wallet's vault, which no signature opens: see the program's `Locked`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from solders.instruction import AccountMeta
from solders.instruction import Instruction as Call
from solders.pubkey import Pubkey

from scrip import instructions as ins
from scrip.errors import Refusal
from scrip.ledger import Receipt
from scrip.model.laws.lockups import Lockups, Tranche
from scrip.model.state.accounts import Account
from scrip.solana.addresses import document_hash, token_account
from scrip.solana.encoding import tokens
from scrip.solana.encoding.program import Listing
from scrip.solana.encoding.values import raw
from scrip.solana.handlers.clearance import NO_KEY, Investors
from scrip.solana.handlers.client import Client
from scrip.solana.handlers.table import APPLIED, CALLS, Context, lacks

lacks(ins.OpenCase, ins.CloseCase, reason="each forced instruction has a reason and a document of its own")


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
    # What the account lacks is taken out of the vault, where there is one.
    bound = context.bound(listing, wallet) is not None
    rest = [AccountMeta(at, False, True) for at in context.vault_of(listing, wallet).values()] if bound else []
    signer = {"signer": context.address(order.by)}
    return context.program.build(name, *args, accounts=signer | accounts, listing=listing, rest=rest)


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


# --- what is bound ---------------------------------------------------------------------------------------------------


@CALLS.of(ins.SetFrozenTokens)
def freeze_tokens(context: Context, order: ins.SetFrozenTokens) -> list[Call]:
    """Move what is to be frozen between a wallet's canonical account, which stands, and its vault."""
    return [_binding(context, "freeze_tokens", order, raw(order.amount))]


@CALLS.of(ins.Lock)
def lock(context: Context, order: ins.Lock) -> list[Call]:
    """Move what is to be locked from a wallet's canonical account, which stands, to its vault."""
    return [_binding(context, "lock", order, raw(order.amount), order.until)]


@CALLS.of(ins.ReleaseLocks)
def release_locks(context: Context, order: ins.ReleaseLocks) -> list[Call]:
    """Move what is locked from a wallet's vault to its canonical account, which stands."""
    return [_binding(context, "release_locks", order)]


def _binding(
    context: Context, name: str, order: ins.SetFrozenTokens | ins.Lock | ins.ReleaseLocks, *terms: int
) -> Call:
    listing, key, wallet = context.listing(order.stock), context.key(order.key), context.address(order.account)
    units = context.units(listing, order.account)
    accounts = context.investors.nobody(units) | {
        "holder": wallet,
        "token_account": units,
        "used_key": context.program.at.key(key),
        **context.vault_of(listing, wallet),
    }
    args = (list(key), *terms, order.reason, list(document_hash(order.document)))
    return context.signed(name, order.by, *args, accounts=accounts, listing=listing)


@APPLIED.of(ins.SetFrozenTokens, ins.Lock, ins.ReleaseLocks)
def apply_binding(context: Context, order: ins.SetFrozenTokens | ins.Lock | ins.ReleaseLocks) -> Receipt:
    """Open the wallet's account, as anyone may, then move the units."""
    if order.by == ins.ISSUER and (order.reason == 0 or not order.document):
        standards = isinstance(order, ins.SetFrozenTokens) and not (order.reason or order.document or order.key)
        raise Refusal("case: none open" if standards else "case: reason and document")
    context.investors.open(context.listing(order.stock), order.account)
    return context.send(CALLS(context, order), [order.by])


def release_ended(context: Client, stock: str, account: str) -> Call:
    """The call that gives a wallet what its lock-ups that have ended bound. Whoever sends it may."""
    listing, wallet = context.listing(stock), context.address(account)
    accounts = Investors(context).control(listing, account, "", NO_KEY)
    rest = [AccountMeta(at, False, True) for at in context.vault_of(listing, wallet).values()]
    return context.program.build("release_ended", accounts=accounts, listing=listing, rest=rest)


# --- read back -------------------------------------------------------------------------------------------------------


def read_accounts(context: Context, listing: Listing, named: Mapping[Pubkey, str]) -> dict[str, Account]:
    """What wallets hold, in canonical accounts and in vaults. Frozen is what an enforcer holds: a lapsed clearance
    freezes nothing here. Lock-ups that have ended are there until somebody releases them."""
    at = context.program.at
    units = tokens.holdings(context.chain, [token_account(one, listing.mint) for one in named])
    issuer = context.record(at.issuer, "Issuer")
    strict = issuer is not None and issuer.settings.strict_list
    holds = context.records([at.hold(listing.stock, one) for one in named], "Hold")
    bound = context.records([at.locked(listing.stock, one) for one in named], "Locked")
    return {
        name: Account(
            (held.amount if held else 0) + total_of(kept),
            frozen=hold is not None,
            frozen_tokens=kept.frozen if kept else 0,
            lockups=tranches_of(kept),
            thawed=strict and held is not None and not held.frozen,
        )
        for name, held, hold, kept in zip(named.values(), units, holds, bound, strict=True)
    }


def tranches_of(bound: Any) -> Lockups:
    """The lock-ups that a record holds, those that have ended too; none where there is no record."""
    return tuple(Tranche(one.until, one.amount) for one in (bound.tranches if bound else ()) if one.amount)


def total_of(bound: Any) -> int:
    """Raw units that a record binds."""
    return sum((one.amount for one in tranches_of(bound)), bound.frozen if bound else 0)
