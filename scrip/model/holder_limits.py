"""The instructions about who may hold an ALLOWLIST stock, how many may, and how much one of them."""

from __future__ import annotations

from scrip import parameters
from scrip.errors import Refusal
from scrip.holder_limits import HolderLimits
from scrip.instructions.holder_limits import RemoveHolderLimits, SeedHolders, SetHolderLimits, SetStockRules
from scrip.ledger.handlers import Handlers
from scrip.model.laws.arithmetic import U128_MAX
from scrip.model.state import State, Token
from scrip.roles import ADMIN

HANDLERS: Handlers[State, None] = Handlers("the model")

MAX_CAPPED = parameters.MAX_COUNTED_STOCKS.value
"""How many stocks can have their holders counted, for a wallet that is linked visits them all."""


@HANDLERS.of(SetStockRules)
def set_rules(state: State, order: SetStockRules) -> None:
    """Say who may hold a stock.

    Refuses, in order: not a stock, not an allowlist, bad classes, would loosen (but for ADMIN), nothing changes.
    """
    token = _token(state, order.stock)
    _check_allowlist(token)
    if not order.rules.classes:
        raise Refusal("rules: bad classes")
    if not _may_loosen(state, order.by) and not order.rules <= token.rules:
        raise Refusal("rules: would loosen")
    if order.rules == token.rules:
        raise Refusal("rules: nothing changes")
    token.rules = order.rules


@HANDLERS.of(SetHolderLimits)
def set_limits(state: State, order: SetHolderLimits) -> None:
    """Limit how many may hold a stock, and how much each.

    Refuses, in order: not a stock, not an allowlist, bad limits; where counting begins not paused (with a supply), too
    many stocks; else would loosen (but for ADMIN).
    """
    token, limits = _token(state, order.stock), order.limits
    state.raw(limits.maximum)
    state.raw(limits.minimum)
    _check_allowlist(token)
    if not _fits(limits):
        raise Refusal("holders: bad limits")
    if token.holders.limits is None:
        if token.supply:
            _check_paused(token)
        if sum(stock.token.holders.limits is not None for stock in state.stocks.values()) >= MAX_CAPPED:
            raise Refusal("holders: too many stocks")
        token.holders.begin(token.supply)
    elif not _may_loosen(state, order.by) and not limits <= token.holders.limits:
        raise Refusal("rules: would loosen")
    token.holders.limits = limits


@HANDLERS.of(RemoveHolderLimits)
def remove_limits(state: State, order: RemoveHolderLimits) -> None:
    """End a stock's limits and the counting of its holders. Refuses, in order: not a stock, not counted."""
    token = _token(state, order.stock)
    _check_counted(token)
    token.holders.limits, token.holders.seeding = None, False


@HANDLERS.of(SeedHolders)
def seed(state: State, order: SeedHolders) -> None:
    """Count accounts that held a stock before its limits.

    Refuses, in order: not a stock, not counted, not seeding, not paused.
    """
    token = _token(state, order.stock)
    _check_counted(token)
    if not token.holders.seeding:
        raise Refusal("holders: not seeding")
    _check_paused(token)
    token.holders.seed(order.accounts)


def _token(state: State, stock: str) -> Token:
    found = state.stocks.get(stock)
    if found is None:
        raise Refusal("registry: not a stock", stock)
    return found.token


def _may_loosen(state: State, by: str) -> bool:
    return by in state.config.holding(ADMIN)


def _fits(limits: HolderLimits) -> bool:
    fits = (
        limits.most in parameters.HOLDERS
        and limits.maximum.value in parameters.MAX_HOLDING
        and limits.minimum.value <= U128_MAX
    )
    return fits and bool(limits) and limits.is_possible


def _check_allowlist(token: Token) -> None:
    if token.policy != "ALLOWLIST":
        raise Refusal("rules: not an allowlist")


def _check_counted(token: Token) -> None:
    if token.holders.limits is None:
        raise Refusal("holders: not counted")


def _check_paused(token: Token) -> None:
    if not token.paused:
        raise Refusal("holders: not paused")
