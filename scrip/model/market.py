"""The primary market: instant mint and redeem on the issuer's quotes (law 6), its pause, and the stablecoin."""

from __future__ import annotations

from scrip.errors import InputError, Refusal
from scrip.instructions.base import TREASURY, Side
from scrip.instructions.market import FundStablecoin, Mint, PauseMarket, Redeem, UnpauseMarket
from scrip.ledger.handlers import Handlers
from scrip.model.laws.arithmetic import U128_MAX
from scrip.model.state import Market, State, Stock, Token
from scrip.model.state.receivables import marked
from scrip.model.state.token import check_nonzero, check_receiver
from scrip.units import Stablecoin

HANDLERS: Handlers[State, None] = Handlers("the model")


@HANDLERS.of(Mint)
def mint(state: State, order: Mint) -> None:
    """Refuses, in order: as a quote (`_check_quote`), the stablecoin, the token's mint (`check_mint`)."""
    stock = _check_quote(state, order, "mint")
    _check_coins(state.market, order.account, order.settlement.value)
    token, amount = stock.token, order.amount.value
    check_mint(stock, order.account, amount, state.now)
    token.feed.receivables = marked(token.feed.receivables, token.supply_shares(), state.now)
    token.supply += amount
    token.enrol(order.account).balance += amount
    _settle(state.market, order.account, TREASURY, order)


@HANDLERS.of(Redeem)
def redeem(state: State, order: Redeem) -> None:
    """Refuses, in order: as a quote (`_check_quote`), the token's burn (`check_burn`), the stablecoin."""
    token = _check_quote(state, order, "redeem").token
    amount = order.amount.value
    check_burn(token, order.account, amount, state.now)
    _check_coins(state.market, TREASURY, order.settlement.value)
    token.enrol(order.account)
    token.destroy(order.account, amount)
    _settle(state.market, TREASURY, order.account, order)


@HANDLERS.of(PauseMarket, UnpauseMarket)
def set_paused(state: State, order: PauseMarket | UnpauseMarket) -> None:
    """Stop or open the primary market. Doing it again is accepted."""
    state.market.paused = isinstance(order, PauseMarket)


@HANDLERS.of(FundStablecoin)
def fund(state: State, order: FundStablecoin) -> None:
    """Give stablecoin out of nothing."""
    _credit(state.market, order.account, state.coins(order.amount))


# --- a quote ---------------------------------------------------------------------------------------------------------


def _check_quote(state: State, order: Mint | Redeem, side: Side) -> Stock:
    """The stock. Refuses, in order: paused, wrong side, not your quote, quote expired, asset not listed,
    unknown stock, multiplier changed, quote used, not a quote signer, bad signature."""
    state.raw(order.amount)
    state.coins(order.settlement)
    if not order.account:
        raise InputError("nobody signs for the zero address", field="account")
    quote, now = order.quote, state.now
    if state.market.paused:
        raise Refusal("market: paused")
    if (quote.side or side) != side:
        raise Refusal("market: wrong side")
    if (order.by or order.account) != order.account:
        raise Refusal("market: not your quote", order.by)
    if now >= quote.expiry:
        raise Refusal("market: quote expired", f"{now - quote.expiry} s ago")
    if quote.asset not in state.config.assets:
        raise Refusal("market: asset not listed", quote.asset)
    stock = state.stocks.get(order.stock)
    if stock is None:
        raise Refusal("market: unknown stock", order.stock)
    generation = stock.token.multiplier.settled(now).generation
    if quote.generation != generation:
        raise Refusal("market: multiplier changed", f"quoted at generation {quote.generation}, now {generation}")
    if quote.id in state.market.used:
        raise Refusal("market: quote used", quote.id)
    if quote.signer not in state.config.holding("QUOTE_SIGNER"):
        raise Refusal("market: not a quote signer", quote.signer)
    if quote.forged:
        raise Refusal("market: bad signature", quote.id)
    return stock


def _settle(market: Market, payer: str, payee: str, order: Mint | Redeem) -> None:
    market.coins[payer] = market.coins_of(payer) - order.settlement.value
    _credit(market, payee, order.settlement.value)
    market.used.add(order.quote.id)


def _credit(market: Market, account: str, amount: int) -> None:
    market.coins[account] = market.coins_of(account) + amount


def _check_coins(market: Market, payer: str, amount: int) -> None:
    """Refuses what an account cannot pay: insufficient."""
    coins = market.coins_of(payer)
    if coins < amount:
        raise Refusal("stablecoin: insufficient", f"{payer} has {Stablecoin(coins)} of {Stablecoin(amount)}")


# --- the token's part ------------------------------------------------------------------------------------------------


def check_mint(stock: Stock, to: str, amount: int, now: int) -> None:
    """Refuses, in order: halted, paused, mints suspended, zero amount, ERC20InvalidReceiver, ERC7943CannotReceive,
    supply too large, then as the holder limits and as the feed's check of the supply after the mint (law 5)."""
    token = stock.token
    token.check_live()
    if token.mints_suspended:
        raise Refusal("token: mints suspended")
    check_nonzero(amount)
    check_receiver(to)
    if not token.may_hold(to, now):
        raise Refusal("ERC7943CannotReceive", to)
    if token.supply + amount > U128_MAX:
        raise Refusal("token: supply too large")
    token.holders.check("", to, amount)
    terms = token.multiplier.settled(now)
    supply, ex = token.supply_shares(amount), stock.actions.shut_since(now)
    token.feed.check(token.supply_shares(), supply, terms.reserve_index, terms.current.split, ex, now)


def check_burn(token: Token, account: str, amount: int, now: int) -> None:
    """Refuses, in order: halted, paused, zero amount, ERC7943CannotSend, ERC20InsufficientBalance,
    ERC7943InsufficientUnfrozenBalance."""
    token.check_live()
    check_nonzero(amount)
    if not token.may_leave(account):
        raise Refusal("ERC7943CannotSend", account)
    token.check_debit(account, amount, now)
