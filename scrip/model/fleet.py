"""The instructions about the fleet and about one stock as a whole: its issue, halts and pauses."""

from __future__ import annotations

from scrip import parameters
from scrip.errors import InputError, Refusal
from scrip.instructions.fleet import CreateStock, Halt, Pause, Unhalt, Unpause
from scrip.ledger.handlers import Handlers
from scrip.model.state import Feed, State, Stock, Token

HANDLERS: Handlers[State, None] = Handlers("the model")

ISIN_LENGTH = parameters.ISIN_LENGTH.value
SERIES = parameters.SERIES


@HANDLERS.of(CreateStock)
def create_stock(state: State, order: CreateStock) -> None:
    """Issue the token of a stock. Refuses, in order: isin taken, bad isin, bad series.

    InputError for a symbol that another stock has.
    """
    if any(stock.token.isin == order.isin for stock in state.stocks.values()):
        raise Refusal("factory: isin taken", order.isin)
    if len(order.isin) != ISIN_LENGTH:
        raise Refusal("factory: bad isin", order.isin)
    if order.series not in SERIES:
        raise Refusal("token: bad series", str(order.series))
    if order.stock in state.stocks:
        raise InputError("names another stock already", field="stock", value=order.stock)
    token = Token(
        name=order.name,
        isin=order.isin,
        policy=order.policy,
        decimals=state.traits.decimals,
        fleet=state.fleet,
        investors=state.investors,
        feed=Feed(state.config.oracle_decimals),
        ticker=order.stock,
    )
    state.stocks[order.stock] = Stock(token)


@HANDLERS.of(Halt, Unhalt)
def set_halted(state: State, order: Halt | Unhalt) -> None:
    """Halt all stocks or end the halt. Refuses: halted / not halted, where nothing would change."""
    halted = isinstance(order, Halt)
    if state.fleet.halted == halted:
        raise Refusal("beacon: halted" if halted else "beacon: not halted")
    state.fleet.halted = halted


@HANDLERS.of(Pause, Unpause)
def set_paused(state: State, order: Pause | Unpause) -> None:
    """Pause one stock or end the pause. Refuses, in order: halted, paused / not paused.

    Where a halt does not stop transfers a stock is paused in it, too.
    """
    token, paused = state.token(order.stock), isinstance(order, Pause)
    if state.fleet.halted and not (paused and not state.traits.halt_stops_transfers):
        raise Refusal("token: halted")
    if token.paused == paused:
        raise Refusal("token: paused" if paused else "token: not paused")
    token.paused = paused
