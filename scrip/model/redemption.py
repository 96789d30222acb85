"""Requests to redeem: the way out that never shuts (law 8).

Asking is refused only by a block, a freeze, a frozen part, a lock-up, a pause or a halt; a filled claim is held only by
a block or a freeze. What waits is raw units, the requester's across splits and reinvested dividends until they are
filled: nothing here looks at the multiplier but a strike, which serves while it is what it was.
"""

from __future__ import annotations

from scrip import parameters
from scrip.errors import InputError, Refusal
from scrip.instructions.base import TREASURY, check_count
from scrip.instructions.redemption import (
    MAX_FILLED,
    ApproveAccount,
    CallBack,
    DeliverInKind,
    FetchAll,
    FetchMoney,
    FetchUnits,
    FillRequests,
    RequestInKind,
    RequestRedemption,
    ResumeMints,
    ReturnUnits,
    SetOperator,
    SetReference,
    SkimVault,
    Strike,
    SuspendMints,
    VoidStrike,
)
from scrip.ledger.handlers import Handlers
from scrip.model.laws.arithmetic import U128_MAX
from scrip.model.reasons import check_reason
from scrip.model.state import State, Token
from scrip.model.state.redemption import UNIT, Queue, Struck, Vault
from scrip.model.state.subscriptions import Entry
from scrip.model.state.token import check_nonzero
from scrip.units import Stablecoin

HANDLERS: Handlers[State, None] = Handlers("the model")


# --- asking ----------------------------------------------------------------------------------------------------------


@HANDLERS.of(RequestRedemption)
def request(state: State, order: RequestRedemption) -> None:
    """Take units in.

    Refuses, in order: not the owner, other investor (the controller's), other kind waits, too much, halted, paused,
    zero amount, ERC7943CannotSend, ERC20InsufficientBalance, ERC7943InsufficientUnfrozenBalance.
    """
    _ask(state, order, "")


@HANDLERS.of(RequestInKind)
def request_in_kind(state: State, order: RequestInKind) -> None:
    """The same for the shares themselves. Refuses, in order: not in kind, no delivery, then as a request."""
    if not vault_of(state, order.stock, order.asset).in_kind:
        raise Refusal("vault: not in kind")
    if not order.delivery:
        raise Refusal("vault: no delivery")
    _ask(state, order, order.delivery)


def _ask(state: State, order: RequestRedemption | RequestInKind, delivery: str) -> None:
    vault, token, amount = vault_of(state, order.stock, order.asset), state.token(order.stock), state.raw(order.amount)
    owner, controller = order.owner, order.controller or order.owner
    if not vault.may_act(order.by or owner, owner):
        raise Refusal("vault: not the owner", order.by)
    joined = (owner, controller) in vault.approved and (controller, owner) in vault.operators
    if not (controller == owner or joined or are_kin(state, owner, controller)):
        raise Refusal("vault: other investor", controller)
    waiting = vault.waiting_of(controller)
    if waiting.units and bool(waiting.delivery) != bool(delivery):
        raise Refusal("vault: other kind waits", controller)
    if amount > U128_MAX - max(waiting.units, vault.requested):
        raise Refusal("vault: too much")
    token.check_live()
    check_nonzero(amount)
    if not token.may_leave(owner):
        raise Refusal("ERC7943CannotSend", owner)
    token.check_debit(owner, amount, state.now)
    token.enrol(owner)
    token.move(owner, vault.account, amount)
    vault.ask(controller, amount, state.now, delivery)


@HANDLERS.of(CallBack)
def call_back(state: State, order: CallBack) -> None:
    """Let what waits wait no more. Refuses, in order: no successor, not the controller, nothing waits."""
    vault = vault_of(state, order.stock, order.asset)
    heir_of(state, vault, order.controller, order.by)
    if not vault.waiting_of(order.controller).units:
        raise Refusal("vault: nothing waits", order.controller)
    vault.call_back(order.controller)
    end_suspension(state, state.token(order.stock), vault)


@HANDLERS.of(FetchUnits)
def fetch_units(state: State, order: FetchUnits) -> None:
    """Hand out what was called back.

    Refuses, in order: no successor, not the controller, other investor (the receiver's), held, nothing was cancelled,
    halted, paused, ERC7943CannotReceive.
    """
    vault, token = vault_of(state, order.stock, order.asset), state.token(order.stock)
    heir = heir_of(state, vault, order.controller, order.by)
    receiver = order.receiver or order.controller
    check_receiver(state, vault, token, heir, receiver)
    units = vault.called_back.get(order.controller, 0)
    if not units:
        raise Refusal("vault: nothing was cancelled", order.controller)
    token.check_live()
    del vault.called_back[order.controller]
    token.enrol(receiver)
    token.move(vault.account, receiver, units)


@HANDLERS.of(SetOperator)
def set_operator(state: State, order: SetOperator) -> None:
    """Let an account act for another, or no longer."""
    pairs = _queue(state, order).operators
    (pairs.add if order.approved else pairs.discard)((order.account, order.operator))


# --- the desk --------------------------------------------------------------------------------------------------------


@HANDLERS.of(Strike)
def strike(state: State, order: Strike) -> None:
    """Strike a price. Refuses, in order: keys: used, bad price, bad expiry, price outside band."""
    vault, price, now = _queue(state, order), state.coins(order.price), state.now
    if not order.name:
        raise InputError("names no strike", field="name")
    vault.keys.check(order.name)
    if not 0 < price <= U128_MAX:
        raise Refusal("vault: bad price", str(Stablecoin(price)))
    if not now < order.expiry <= now + parameters.MAX_STRIKE.value:
        raise Refusal("vault: bad expiry", f"{order.expiry - now} s ahead")
    reference, since = vault.reference_now(now)
    if abs(price - reference) * parameters.BPS > reference * vault.terms.band_bps:
        detail = f"{Stablecoin(price)} against {Stablecoin(reference)}, band {vault.terms.band_bps} bps"
        raise Refusal("vault: price outside band", detail)
    vault.keys.consume(order.name)
    if since != vault.reference_at:
        vault.before = vault.reference
    vault.reference, vault.reference_at, vault.last = reference, since, price
    generation = state.token(order.stock).multiplier.settled(now).generation
    vault.strikes[order.name] = Struck(price, now, order.expiry, generation)


@HANDLERS.of(VoidStrike)
def void_strike(state: State, order: VoidStrike) -> None:
    """Let a strike serve no more, nor become a reference. Refuses: no strike."""
    vault = _queue(state, order)
    struck = struck_of(vault, order.name)
    if struck.price == vault.reference and struck.at < vault.reference_at:
        # The day began with it: it goes on with the one before.
        vault.reference = vault.before
    if struck.price == vault.last:
        vault.last = vault.reference
    del vault.strikes[order.name]


@HANDLERS.of(SetReference)
def set_reference(state: State, order: SetReference) -> None:
    """Hold prices to another reference. Refuses: bad price."""
    vault, price = _queue(state, order), state.coins(order.price)
    if not 0 < price <= U128_MAX:
        raise Refusal("vault: bad price", str(Stablecoin(price)))
    vault.reference, vault.reference_at, vault.before, vault.last = price, state.now, price, price


@HANDLERS.of(SkimVault)
def skim(state: State, order: SkimVault) -> None:
    """Send the treasury what waits for nobody."""
    vault, market = _queue(state, order), state.market
    stray = max(0, market.coins_of(vault.account) - vault.kept)
    market.coins[vault.account] = market.coins_of(vault.account) - stray
    market.coins[TREASURY] = market.coins_of(TREASURY) + stray


@HANDLERS.of(FillRequests)
def fill(state: State, order: FillRequests) -> None:
    """Fill each request whole: burn the units, bring the money in from the treasury.

    Refuses, in order: no strike, strike expired, multiplier changed, too much; where anything is filled also halted,
    paused, stablecoin: insufficient; InputError for too many.
    """
    check_count("controllers", order.controllers, MAX_FILLED)
    vault, token, market = vault_of(state, order.stock, order.asset), state.token(order.stock), state.market
    struck = struck_of(vault, order.name)
    if state.now >= struck.expiry:
        raise Refusal("vault: strike expired", f"{state.now - struck.expiry} s ago")
    if token.multiplier.settled(state.now).generation != struck.generation:
        raise Refusal("vault: multiplier changed")
    filled = {
        one: vault.waiting_of(one).units for one in order.controllers if _fillable(state, token, vault, struck, one)
    }
    coins = {one: units * struck.price // UNIT for one, units in filled.items()}
    burnt, due = sum(filled.values()), sum(coins.values())
    if vault.owed + due > U128_MAX:
        raise Refusal("vault: too much")
    if not burnt:
        return
    token.check_live()
    if market.coins_of(TREASURY) < due:
        held = market.coins_of(TREASURY)
        raise Refusal("stablecoin: insufficient", f"{TREASURY} has {Stablecoin(held)} of {Stablecoin(due)}")
    for controller in filled:
        vault.fill(controller, coins[controller])
    token.destroy(vault.account, burnt)
    market.coins[TREASURY] = market.coins_of(TREASURY) - due
    market.coins[vault.account] = market.coins_of(vault.account) + due
    end_suspension(state, token, vault)


def _fillable(state: State, token: Token, vault: Vault, struck: Struck, controller: str) -> bool:
    found = vault.waiting_of(controller)
    # Whoever asks in the strike's own second may have seen it.
    asked = found.units > 0 and found.since < struck.at and not found.delivery
    return asked and may_leave(state, token, controller)


@HANDLERS.of(DeliverInKind)
def deliver_in_kind(state: State, order: DeliverInKind) -> None:
    """Burn what was asked for in kind, on the custodian's receipt.

    Refuses, in order: no receipt, keys: used, other delivery, other amount, held, halted, paused.
    """
    vault, token, amount = vault_of(state, order.stock, order.asset), state.token(order.stock), state.raw(order.amount)
    found = vault.waiting_of(order.controller)
    if not order.receipt:
        raise Refusal("vault: no receipt")
    vault.keys.check(order.key)
    if not order.delivery or order.delivery != found.delivery:
        raise Refusal("vault: other delivery", order.delivery)
    if amount != found.units:
        raise Refusal("vault: other amount", f"{token.shown(amount)} of {token.shown(found.units)}")
    if not may_leave(state, token, order.controller):
        raise Refusal("vault: held", order.controller)
    token.check_live()
    vault.keys.consume(order.key)
    del vault.waiting[order.controller]
    token.destroy(vault.account, amount)
    end_suspension(state, token, vault)


# --- fetching the money ----------------------------------------------------------------------------------------------


@HANDLERS.of(FetchMoney)
def fetch_money(state: State, order: FetchMoney) -> None:
    """Pay a claim, or a part of it; the last unit takes what rounding left.

    Refuses, in order: no successor, not the controller, other investor (the receiver's), held, more than claimable.
    """
    vault, amount = vault_of(state, order.stock, order.asset), state.raw(order.amount)
    heir = heir_of(state, vault, order.controller, order.by)
    receiver = order.receiver or order.controller
    check_receiver(state, vault, state.token(order.stock), heir, receiver)
    claim = vault.claim_of(order.controller)
    if not 0 < amount <= claim.units:
        token = state.token(order.stock)
        raise Refusal("vault: more than claimable", f"{token.shown(amount)} of {token.shown(claim.units)}")
    coins = claim.coins if amount == claim.units else claim.coins * amount // claim.units
    _pay(state, vault, order.controller, receiver, amount, coins)


@HANDLERS.of(FetchAll)
def fetch_all(state: State, order: FetchAll) -> None:
    """Pay each controller its whole claim, to itself or its successor; nobody is refused, only passed over.

    InputError for too many.
    """
    check_count("controllers", order.controllers, MAX_FILLED)
    vault, token = vault_of(state, order.stock, order.asset), state.token(order.stock)
    for controller in order.controllers:
        claim, heir = vault.claim_of(controller), state.investors.successor_of(controller)
        if heir and (claim.units or claim.coins) and vault.may_act(order.by, heir) and token.may_leave(heir):
            _pay(state, vault, controller, heir, claim.units, claim.coins)


def _pay(state: State, vault: Vault, controller: str, receiver: str, units: int, coins: int) -> None:
    market = state.market
    vault.pay(controller, units, coins)
    market.coins[vault.account] = market.coins_of(vault.account) - coins
    market.coins[receiver] = market.coins_of(receiver) + coins


# --- waiting too long, and officers ----------------------------------------------------------------------------------


@HANDLERS.of(SuspendMints)
def suspend(state: State, order: SuspendMints) -> None:
    """Stop new mints of the stock. Refuses: not overdue."""
    vault, token = vault_of(state, order.stock, order.asset), state.token(order.stock)
    if not is_overdue(state, token, vault, order.controller):
        raise Refusal("vault: not overdue", order.controller)
    vault.suspended_for = order.controller
    token.mints_suspended = True


@HANDLERS.of(ResumeMints)
def resume(state: State, order: ResumeMints) -> None:
    """Let mints go on. Refuses: still overdue."""
    vault, token = vault_of(state, order.stock, order.asset), state.token(order.stock)
    if is_overdue(state, token, vault, vault.suspended_for):
        raise Refusal("vault: still overdue", vault.suspended_for)
    end_suspension(state, token, vault)


@HANDLERS.of(ReturnUnits)
def return_units(state: State, order: ReturnUnits) -> None:
    """Hand a controller's units back by force, to its successor where it has one.

    Refuses, in order: reason and document, keys: used, nothing waits.
    """
    vault, token = vault_of(state, order.stock, order.asset), state.token(order.stock)
    check_reason("case", order.reason, order.document)
    vault.keys.check(order.key)
    controller = order.controller
    units = vault.waiting_of(controller).units + vault.called_back.get(controller, 0)
    if not units:
        raise Refusal("vault: nothing waits", controller)
    vault.keys.consume(order.key)
    vault.call_back(controller)
    del vault.called_back[controller]
    to = state.investors.successor_of(controller) or controller
    token.enrol(to)
    token.move(vault.account, to, units)
    end_suspension(state, token, vault)


@HANDLERS.of(ApproveAccount)
def approve_account(state: State, order: ApproveAccount) -> None:
    """Let an owner name another investor's account, or no longer."""
    pairs = _queue(state, order).approved
    (pairs.add if order.approved else pairs.discard)((order.owner, order.account))


# --- questions -------------------------------------------------------------------------------------------------------


def is_overdue(state: State, token: Token, vault: Vault, controller: str) -> bool:
    """Whether the controller's request waits so long that mints can be stopped for it."""
    found = vault.waiting_of(controller)
    late = found.units >= vault.terms.minimum and state.now >= found.since + vault.terms.patience
    return late and may_leave(state, token, controller)


def vault_of(state: State, stock: str, asset: str) -> Vault:
    """InputError where nothing could be asked: an unknown stock, or one without a vault for the asset."""
    state.token(stock)
    found = state.stocks[stock].vaults.get(asset)
    if found is None:
        raise InputError(f"has no vault that pays {asset}", field="stock", value=stock)
    return found


def _queue(state: State, order: SetOperator | ApproveAccount | Strike | VoidStrike | SetReference | SkimVault) -> Queue:
    """The vault of an order that either kind takes."""
    return entry_of(state, order.stock, order.asset) if order.entry else vault_of(state, order.stock, order.asset)


def entry_of(state: State, stock: str, asset: str) -> Entry:
    """The vault into which investors pay; InputError where nothing could be asked."""
    state.token(stock)
    found = state.stocks[stock].entries.get(asset)
    if found is None:
        raise InputError(f"has no vault that takes {asset}", field="stock", value=stock)
    return found


def struck_of(vault: Queue, name: str) -> Struck:
    """A strike by its name. Refuses: no strike."""
    if name not in vault.strikes:
        raise Refusal("vault: no strike", name)
    return vault.strikes[name]


def heir_of(state: State, vault: Queue, controller: str, by: str) -> str:
    """The controller, or its last successor, whose call or whose operator's call this is.

    Refuses, in order: no successor, not the controller.
    """
    heir = state.investors.successor_of(controller)
    if not heir:
        raise Refusal("vault: no successor", controller)
    if not vault.may_act(by or controller, heir):
        raise Refusal("vault: not the controller", by or controller)
    return heir


def are_kin(state: State, account: str, other: str) -> bool:
    """Whether two accounts are one investor's."""
    investor = state.investors.investor_of(account)
    return investor is not None and state.investors.investor_of(other) == investor


def check_receiver(state: State, vault: Queue, token: Token, heir: str, receiver: str) -> None:
    """Refuses, in order: other investor (the receiver's), held."""
    if receiver != heir and not ((heir, receiver) in vault.approved or are_kin(state, heir, receiver)):
        raise Refusal("vault: other investor", receiver)
    for account in (receiver, heir):
        if not account or not token.may_leave(account):
            raise Refusal("vault: held", account)


def may_leave(state: State, token: Token, controller: str) -> bool:
    """Whether neither a block nor a freeze holds the controller, or, where it was recovered, its successor."""
    heir = state.investors.successor_of(controller)
    return any(one and token.may_leave(one) for one in (controller, heir))


def end_suspension(state: State, token: Token, vault: Vault) -> None:
    """Let mints go on where the request for which this vault stopped them waits too long no more."""
    if vault.suspended_for and not is_overdue(state, token, vault, vault.suspended_for):
        vault.suspended_for = ""
        token.mints_suspended = False
