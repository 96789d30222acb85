"""Subscriptions: coins that wait to be invested, are called back in full until they are, and become units by a mint.

Paying in and every unit are for who may hold the stock now; a refund is held only by a block or a freeze. A fill is a
mint like any other: the reserve's law (5) refuses it, and then nothing moves.
"""

from __future__ import annotations

from scrip.errors import Refusal
from scrip.instructions.base import TREASURY, check_count
from scrip.instructions.redemption import MAX_FILLED
from scrip.instructions.subscriptions import (
    CallBackCoins,
    CloseEntry,
    FetchEntered,
    FetchRefund,
    FetchSubscribed,
    FillSubscriptions,
    OpenEntry,
    RequestSubscription,
    ReturnSubscribed,
    SendBack,
)
from scrip.ledger.handlers import Handlers
from scrip.model.laws.arithmetic import U128_MAX
from scrip.model.market import check_mint
from scrip.model.reasons import check_reason
from scrip.model.redemption import are_kin, check_receiver, entry_of, heir_of, may_leave, struck_of
from scrip.model.state import Market, State, Token
from scrip.model.state.redemption import UNIT, Struck
from scrip.model.state.subscriptions import Entry
from scrip.model.state.token import check_delivery, takes
from scrip.units import Stablecoin

HANDLERS: Handlers[State, None] = Handlers("the model")


# --- asking ----------------------------------------------------------------------------------------------------------


@HANDLERS.of(RequestSubscription)
def request(state: State, order: RequestSubscription) -> None:
    """Take coins in.

    Refuses, in order: not the owner, other investor (the controller's), closed, token: mints ended, below minimum,
    not cleared, too much, stablecoin: insufficient.
    """
    entry, token, amount = (
        entry_of(state, order.stock, order.asset),
        state.token(order.stock),
        state.coins(order.amount),
    )
    owner, controller = order.owner, order.controller or order.owner
    if not entry.may_act(order.by or owner, owner):
        raise Refusal("vault: not the owner", order.by)
    joined = (owner, controller) in entry.approved and (controller, owner) in entry.operators
    if not (controller == owner or joined or are_kin(state, owner, controller)):
        raise Refusal("vault: other investor", controller)
    if entry.closed:
        raise Refusal("vault: closed")
    if token.has_ended(state.now):
        raise Refusal("token: mints ended", f"the end came at {token.mints_end}")
    if amount < entry.terms.minimum:
        raise Refusal("vault: below minimum", f"{Stablecoin(amount)} of {Stablecoin(entry.terms.minimum)}")
    for one in (controller, owner):
        if not token.may_hold(one, state.now):
            raise Refusal("vault: not cleared", one)
    if amount > U128_MAX - max(entry.waiting_of(controller).units, entry.requested):
        raise Refusal("vault: too much")
    held = state.market.coins_of(owner)
    if held < amount:
        raise Refusal("stablecoin: insufficient", f"{owner} has {Stablecoin(held)} of {Stablecoin(amount)}")
    if state.investors.investor_of(controller) is None:
        # Of an address that the stock never met a sanctions oracle that falls silent would hold the refund.
        token.enrol(controller)
    _transfer(state.market, owner, entry.account, amount)
    entry.ask(controller, amount, state.now)


@HANDLERS.of(CallBackCoins)
def call_back(state: State, order: CallBackCoins) -> None:
    """Let what waits wait no more. Refuses, in order: no successor, not the controller, nothing waits."""
    entry = entry_of(state, order.stock, order.asset)
    heir_of(state, entry, order.controller, order.by)
    if not entry.waiting_of(order.controller).units:
        raise Refusal("vault: nothing waits", order.controller)
    entry.call_back(order.controller)


@HANDLERS.of(FetchRefund)
def fetch_refund(state: State, order: FetchRefund) -> None:
    """Pay out what was called back, in full.

    Refuses, in order: no successor, not the controller, other investor (the receiver's), held, nothing was cancelled.
    """
    entry, token = entry_of(state, order.stock, order.asset), state.token(order.stock)
    heir = heir_of(state, entry, order.controller, order.by)
    receiver = order.receiver or order.controller
    check_receiver(state, entry, token, heir, receiver)
    if not entry.called_back.get(order.controller):
        raise Refusal("vault: nothing was cancelled", order.controller)
    _transfer(state.market, entry.account, receiver, entry.called_back.pop(order.controller))


@HANDLERS.of(SendBack)
def send_back(state: State, order: SendBack) -> None:
    """Call back for others what waits: the desk at any time, anyone what waits too long. InputError for too many."""
    check_count("controllers", order.controllers, MAX_FILLED)
    entry = entry_of(state, order.stock, order.asset)
    declines = order.by in state.config.holding("QUOTE_SIGNER")
    for controller in order.controllers:
        found = entry.waiting_of(controller)
        if found.units and (declines or state.now >= found.since + entry.terms.patience):
            entry.call_back(controller)


# --- the desk --------------------------------------------------------------------------------------------------------


@HANDLERS.of(FillSubscriptions)
def fill(state: State, order: FillSubscriptions) -> None:
    """Fill each request whole: make the units, pay the treasury.

    Refuses, in order: no strike, strike expired, multiplier changed, too much; where anything is filled also as a mint.
    InputError for too many.
    """
    check_count("controllers", order.controllers, MAX_FILLED)
    entry, token = entry_of(state, order.stock, order.asset), state.token(order.stock)
    struck = struck_of(entry, order.name)
    if state.now >= struck.expiry:
        raise Refusal("vault: strike expired", f"{state.now - struck.expiry} s ago")
    if token.multiplier.settled(state.now).generation != struck.generation:
        raise Refusal("vault: multiplier changed")
    coins = {
        one: entry.waiting_of(one).units for one in order.controllers if _fillable(state, token, entry, struck, one)
    }
    units = {one: amount * UNIT // struck.price for one, amount in coins.items()}
    made = sum(units.values())
    if entry.owed + made > U128_MAX:
        raise Refusal("vault: too much")
    if not made:
        return
    check_mint(state.stocks[order.stock], entry.account, made, state.now, itself=True)
    for controller in coins:
        entry.fill(controller, units[controller])
    token.create(entry.account, made)
    _transfer(state.market, entry.account, TREASURY, sum(coins.values()))


def _fillable(state: State, token: Token, entry: Entry, struck: Struck, controller: str) -> bool:
    found = entry.waiting_of(controller)
    # Whoever asks in the strike's own second may have seen it, and too little for a unit waits.
    if found.units * UNIT < struck.price or found.since >= struck.at:
        return False
    heir = state.investors.successor_of(controller)
    return any(one and token.may_hold(one, state.now) for one in (controller, heir))


# --- fetching --------------------------------------------------------------------------------------------------------


@HANDLERS.of(FetchSubscribed)
def fetch_units(state: State, order: FetchSubscribed) -> None:
    """Hand out a claim's units, or a part of them; the coins that they stand for are rounded up.

    Refuses, in order: no successor, not the controller, other investor (the receiver's), held, more than claimable,
    halted, paused, ERC7943CannotReceive, then as the holder limits.
    """
    entry, token, amount = entry_of(state, order.stock, order.asset), state.token(order.stock), state.raw(order.amount)
    heir = heir_of(state, entry, order.controller, order.by)
    receiver = order.receiver or order.controller
    check_receiver(state, entry, token, heir, receiver)
    claim = entry.claim_of(order.controller)
    if not 0 < amount <= claim.units:
        raise Refusal("vault: more than claimable", f"{token.shown(amount)} of {token.shown(claim.units)}")
    check_delivery(token, entry.account, receiver, amount, state.now)
    coins = claim.coins if amount == claim.units else -(-claim.coins * amount // claim.units)
    _deliver(token, entry, order.controller, receiver, amount, coins)


@HANDLERS.of(FetchEntered)
def fetch_all(state: State, order: FetchEntered) -> None:
    """Hand each controller all its units and pay it all its refund, itself or its successor; nobody is refused.

    InputError for too many.
    """
    check_count("controllers", order.controllers, MAX_FILLED)
    entry, token = entry_of(state, order.stock, order.asset), state.token(order.stock)
    for controller in order.controllers:
        heir = state.investors.successor_of(controller)
        if not (heir and entry.may_act(order.by, heir) and may_leave(state, token, heir)):
            continue
        claim = entry.claim_of(controller)
        if claim.units and takes(token, entry.account, heir, claim.units, state.now):
            _deliver(token, entry, controller, heir, claim.units, claim.coins)
        _transfer(state.market, entry.account, heir, entry.called_back.pop(controller, 0))


def _deliver(token: Token, entry: Entry, controller: str, receiver: str, units: int, coins: int) -> None:
    entry.pay(controller, units, coins)
    token.deliver(entry.account, receiver, units)


# --- officers --------------------------------------------------------------------------------------------------------


@HANDLERS.of(CloseEntry, OpenEntry)
def set_closed(state: State, order: CloseEntry | OpenEntry) -> None:
    """Take no new requests, or take them again. Doing it again is accepted."""
    entry_of(state, order.stock, order.asset).closed = isinstance(order, CloseEntry)


@HANDLERS.of(ReturnSubscribed)
def return_units(state: State, order: ReturnSubscribed) -> None:
    """Hand a controller's units over by force, to its successor where it has one.

    Refuses, in order: reason and document, keys: used, nothing waits.
    """
    entry, token, controller = entry_of(state, order.stock, order.asset), state.token(order.stock), order.controller
    check_reason("case", order.reason, order.document)
    entry.keys.check(order.key)
    claim = entry.claim_of(controller)
    if not claim.units:
        raise Refusal("vault: nothing waits", controller)
    entry.keys.consume(order.key)
    _deliver(token, entry, controller, state.investors.successor_of(controller) or controller, claim.units, claim.coins)


def _transfer(market: Market, payer: str, payee: str, amount: int) -> None:
    if amount:
        market.coins[payer] = market.coins_of(payer) - amount
        market.coins[payee] = market.coins_of(payee) + amount
