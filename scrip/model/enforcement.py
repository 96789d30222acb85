"""What is done to an account without its holder, whatever the state of account, stock and fleet (law 7)."""

from __future__ import annotations

from scrip.errors import Refusal
from scrip.instructions.enforcement import (
    CloseCase,
    ForcedBurn,
    ForcedTransfer,
    Freeze,
    Lock,
    OpenCase,
    ReleaseLocks,
    SetFrozenTokens,
)
from scrip.ledger.handlers import Handlers
from scrip.model.laws import lockups
from scrip.model.laws.arithmetic import U40_MAX, U128_MAX
from scrip.model.reasons import check_reason
from scrip.model.state import State, Token
from scrip.model.state.token import check_nonzero, check_receiver

HANDLERS: Handlers[State, None] = Handlers("the model")


@HANDLERS.of(OpenCase)
def open_case(state: State, order: OpenCase) -> None:
    """Open a case on an account. Refuses, in order: reason and document, already open."""
    token = state.token(order.stock)
    check_reason("case", order.reason, order.document)
    if token.account(order.account).case:
        raise Refusal("case: already open", order.account)
    token.enrol(order.account).case = True


@HANDLERS.of(CloseCase)
def close_case(state: State, order: CloseCase) -> None:
    """Close an account's case. Refuses: none open."""
    token = state.token(order.stock)
    _check_case(token, order.account)
    token.writable(order.account).case = False


@HANDLERS.of(Freeze)
def freeze(state: State, order: Freeze) -> None:
    """Freeze a whole account or free it; again is accepted. Refuses, in order: reason and document, keys: used."""
    token = state.token(order.stock)
    _check_reason(token, order)
    account = token.enrol(order.account)
    account.frozen = order.frozen
    account.thawed &= not order.frozen
    token.keys.consume(order.key)


@HANDLERS.of(SetFrozenTokens)
def set_frozen_tokens(state: State, order: SetFrozenTokens) -> None:
    """Freeze part of a balance.

    Refuses, in order: none open (without reason, document and key), reason and document, keys: used,
    ERC20InsufficientBalance (where the chain binds nothing ahead).
    """
    token, amount = state.token(order.stock), state.raw(order.amount)
    _check_forced(token, order, order.account)
    _check_bound(state, order, amount + lockups.locked(token.account(order.account).lockups, state.now))
    token.enrol(order.account).frozen_tokens = amount
    token.keys.consume(order.key)


@HANDLERS.of(ForcedTransfer)
def forced_transfer(state: State, order: ForcedTransfer) -> None:
    """Take units from an account and give them to another; what it digs into is unfrozen.

    Refuses, in order: none open (without reason, document and key), reason and document, keys: used,
    ERC20InvalidReceiver, ERC7943CannotTransfer (to itself), ERC7943CannotReceive, ERC20InsufficientBalance.
    """
    token, amount = state.token(order.stock), state.raw(order.amount)
    _check_forced(token, order, order.sender)
    check_receiver(order.to)
    if order.sender == order.to:
        raise Refusal("ERC7943CannotTransfer", order.to)
    if not token.may_hold(order.to, state.now):
        raise Refusal("ERC7943CannotReceive", order.to)
    token.check_balance(order.sender, amount)
    token.dig(order.sender, amount, state.now)
    token.enrol(order.to)
    token.move(order.sender, order.to, amount)
    token.keys.consume(order.key)


@HANDLERS.of(ForcedBurn)
def forced_burn(state: State, order: ForcedBurn) -> None:
    """Destroy units of an account.

    Refuses, in order: reason and document, keys: used, zero amount, ERC20InsufficientBalance.
    """
    token, amount = state.token(order.stock), state.raw(order.amount)
    _check_reason(token, order)
    check_nonzero(amount)
    token.check_balance(order.account, amount)
    token.dig(order.account, amount, state.now)
    token.destroy(order.account, amount)
    token.keys.consume(order.key)


@HANDLERS.of(Lock)
def lock(state: State, order: Lock) -> None:
    """Lock units up until a date.

    Refuses, in order: reason and document, keys: used, bad amount, bad date, ERC20InsufficientBalance (where the chain
    binds nothing ahead).
    """
    token, amount = state.token(order.stock), state.raw(order.amount)
    _check_reason(token, order)
    if not 0 < amount <= U128_MAX:
        raise Refusal("lockup: bad amount", str(amount))
    if not state.now < order.until <= U40_MAX:
        raise Refusal("lockup: bad date", str(order.until))
    was = token.account(order.account)
    _check_bound(state, order, amount + was.frozen_tokens + lockups.locked(was.lockups, state.now))
    holder = token.enrol(order.account)
    holder.lockups = lockups.added(holder.lockups, lockups.Tranche(order.until, amount), state.now)
    token.keys.consume(order.key)


@HANDLERS.of(ReleaseLocks)
def release_locks(state: State, order: ReleaseLocks) -> None:
    """End all lock-ups of an account. Refuses, in order: reason and document, keys: used, none."""
    token = state.token(order.stock)
    _check_reason(token, order)
    if not lockups.running(token.account(order.account).lockups, state.now):
        raise Refusal("lockup: none", order.account)
    token.writable(order.account).lockups = ()
    token.keys.consume(order.key)


def _check_bound(state: State, order: SetFrozenTokens | Lock, bound: int) -> None:
    """Refuses more than the account has, where the chain keeps what is bound apart: ERC20InsufficientBalance."""
    if not state.traits.binds_ahead:
        state.token(order.stock).check_balance(order.account, bound)


def _check_case(token: Token, account: str) -> None:
    if not token.account(account).case:
        raise Refusal("case: none open", account)


def _check_forced(token: Token, order: SetFrozenTokens | ForcedTransfer, account: str) -> None:
    """Refuses, in order: none open, for the standard's own form, which gives no reason; else as `_check_reason`."""
    if order.reason == 0 and not order.document and not order.key:
        _check_case(token, account)
        return
    _check_reason(token, order)


def _check_reason(
    token: Token, order: Freeze | SetFrozenTokens | ForcedTransfer | ForcedBurn | Lock | ReleaseLocks
) -> None:
    """Refuses, in order: reason and document, keys: used."""
    check_reason("case", order.reason, order.document)
    token.keys.check(order.key)
