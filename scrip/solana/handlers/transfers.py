"""Transfers: the token program's own, between accounts that were opened and thawed before."""

from __future__ import annotations

from solders.instruction import Instruction as Call
from solders.pubkey import Pubkey

from scrip import instructions as ins
from scrip.errors import Refusal
from scrip.ledger import Receipt
from scrip.solana.chain import Failed
from scrip.solana.encoding import tokens
from scrip.solana.encoding.program import Listing
from scrip.solana.encoding.values import raw
from scrip.solana.errors import TOKEN_NAMES
from scrip.solana.handlers import enforcement
from scrip.solana.handlers.client import receipt
from scrip.solana.handlers.table import APPLIED, CALLS, Context, lacks
from scrip.units import SOLANA_DECIMALS, RawUnits

lacks(
    ins.Approve,
    ins.TransferFrom,
    reason="a token account has one delegate, which the token program's own instruction names",
)


@CALLS.of(ins.Transfer)
def transfer(context: Context, order: ins.Transfer) -> list[Call]:
    """Move units by the token program, between two accounts that stand."""
    listing, amount = context.listing(order.stock), raw(order.amount)
    source, target = context.units(listing, order.sender), context.units(listing, order.to)
    return [tokens.transfer(source, listing.mint, target, context.address(order.sender), amount, SOLANA_DECIMALS)]


@APPLIED.of(ins.Transfer)
def apply_transfer(context: Context, order: ins.Transfer) -> Receipt:
    """Open and thaw both accounts as anyone may, then let the sender's wallet transfer."""
    listing, amount = context.listing(order.stock), raw(order.amount)
    paused = tokens.is_paused(context.mint_data(listing))
    if not order.to or not order.sender:
        # Nobody can own an account at the zero address here, so no transaction can name it.
        raise Refusal("token: paused" if paused else "ERC20InvalidReceiver")
    for party in (order.sender, order.to):
        context.investors.prepare(listing, party, crank=context.prompt)
    try:
        return receipt(context.chain.send(transfer(context, order), [context.keys.signer(order.sender)]))
    except Failed as failed:
        source, target = context.units(listing, order.sender), context.units(listing, order.to)
        raise _refusal(context, listing, source, target, amount, failed) from None


def _refusal(
    context: Context, listing: Listing, source: Pubkey, target: Pubkey, amount: int, failed: Failed
) -> Exception:
    """Why the token program said no, in the order in which other chains ask.

    Its own order differs, and one number stands for both sides of a freeze.
    """
    said = TOKEN_NAMES.get(failed.custom or 0, failed.error)
    sender, receiver = tokens.holdings(context.chain, [source, target])
    if tokens.is_paused(context.mint_data(listing)):
        return Refusal("token: paused", said)
    if sender is None or sender.frozen:
        return Refusal("ERC7943CannotSend", said)
    if receiver is None or receiver.frozen:
        return Refusal("ERC7943CannotReceive", said)
    if sender.amount < amount <= read_units(context, listing, sender.owner, sender.amount):
        return Refusal("ERC7943InsufficientUnfrozenBalance", said)
    if sender.amount < amount:
        return Refusal("ERC20InsufficientBalance", f"{sender.amount} of {amount}")
    return failed


# --- read back -------------------------------------------------------------------------------------------------------


def read_balance(context: Context, stock: str, account: str) -> RawUnits:
    """Raw units of an account's canonical token account, and what of its units is bound."""
    listing = context.listing(stock)
    held = context.holding(listing, account)
    units = read_units(context, listing, context.address(account), held.amount if held else 0)
    return RawUnits(units, SOLANA_DECIMALS)


def read_units(context: Context, listing: Listing, wallet: Pubkey, free: int) -> int:
    """Raw units of a wallet that has `free` of them in its token account: with those in its vault."""
    return free + enforcement.total_of(context.bound(listing, wallet))


def may_hold(context: Context, stock: str, account: str) -> bool:
    """Whether the account could send and receive now, once anybody has thawed or frozen it as anybody may."""
    listing = context.listing(stock)
    if tokens.is_paused(context.mint_data(listing)):
        return False
    context.investors.prepare(listing, account, crank=context.prompt)
    held = context.holding(listing, account)
    return held is not None and not held.frozen
