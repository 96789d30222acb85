"""What holders do with what they have, and the instructions about it."""

from __future__ import annotations

from scrip.errors import Refusal
from scrip.instructions.transfers import Approve, Transfer, TransferFrom
from scrip.ledger.handlers import Handlers
from scrip.model.laws.arithmetic import U256_MAX
from scrip.model.state import State, Token
from scrip.model.state.token import check_receiver

HANDLERS: Handlers[State, None] = Handlers("the model")

UNLIMITED = U256_MAX
"""An allowance that is not counted down."""


@HANDLERS.of(Transfer)
def transfer(state: State, order: Transfer) -> None:
    """Move units of a holder.

    Refuses, in order: halted, paused, ERC20InvalidReceiver, ERC7943CannotSend, ERC7943CannotReceive,
    ERC20InsufficientBalance, ERC7943InsufficientUnfrozenBalance, then as the holder limits.
    """
    token, amount = state.token(order.stock), state.raw(order.amount)
    token.check_live()
    _check(token, order.sender, order.to, amount, state.now)
    _move(token, order.sender, order.to, amount)


@HANDLERS.of(TransferFrom)
def transfer_from(state: State, order: TransferFrom) -> None:
    """Move units by a spender's allowance.

    Refuses as `transfer`, with ERC7943CannotSend (the spender), ERC20InsufficientAllowance and ERC20InvalidSender after
    paused.
    """
    token, amount = state.token(order.stock), state.raw(order.amount)
    token.check_live()
    if token.is_stopped(order.spender):
        raise Refusal("ERC7943CannotSend", order.spender)
    pair = order.sender, order.spender
    allowed = token.allowances.get(pair, 0)
    if allowed < amount:
        raise Refusal("ERC20InsufficientAllowance", f"{order.spender} may move {token.shown(allowed)}")
    if not order.sender:
        raise Refusal("ERC20InvalidSender")
    _check(token, order.sender, order.to, amount, state.now)
    if allowed != UNLIMITED:
        token.allowances[pair] = allowed - amount
    if token.account(order.spender).asked:
        token.enrol(order.spender)
    _move(token, order.sender, order.to, amount)


@HANDLERS.of(Approve)
def approve(state: State, order: Approve) -> None:
    """Grant an allowance, in a pause too: a holder can revoke. Refuses, in order: halted, ERC20InvalidSpender."""
    token, amount = state.token(order.stock), state.raw(order.amount)
    if token.fleet.halted:
        raise Refusal("token: halted")
    if not order.spender:
        raise Refusal("ERC20InvalidSpender")
    token.allowances[order.owner, order.spender] = amount


def _check(token: Token, sender: str, to: str, amount: int, now: int) -> None:
    check_receiver(to)
    if not token.may_hold(sender, now) or not token.is_let_in(sender, now):
        raise Refusal("ERC7943CannotSend", sender)
    if not token.may_hold(to, now) or not token.is_let_in(to, now):
        raise Refusal("ERC7943CannotReceive", to)
    token.check_debit(sender, amount, now)
    token.holders.check(sender, to, amount)


def _move(token: Token, sender: str, to: str, amount: int) -> None:
    """Move a holder's units; a transfer of nothing enrols nobody."""
    for party in (sender, to):
        token.let_in(party)
        if amount:
            token.enrol(party)
    token.move(sender, to, amount)
