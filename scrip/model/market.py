"""The primary market: instant mint and redeem on the issuer's quotes (law 6), its pause, and the stablecoin."""

from __future__ import annotations

from scrip.errors import InputError, Refusal
from scrip.instructions.base import TREASURY, Side
from scrip.instructions.market import (
    DESK_BITS,
    FundStablecoin,
    Mint,
    PauseMarket,
    PokePeg,
    QuoteTerms,
    Redeem,
    RevokeQuote,
    RevokeQuotes,
    SetCustodian,
    SetMarketBand,
    SetMarketLimit,
    SetPeg,
    SetQuoteTerms,
    UnpauseMarket,
    WithdrawTreasury,
    next_epoch,
)
from scrip.labels import STABLECOIN
from scrip.ledger.handlers import Handlers
from scrip.market_limits import CAP_BITS, SCOPES, Level, MarketLimits, cents_of, holds_tighter
from scrip.model.laws import bands, buckets, outlets, pegs
from scrip.model.laws.arithmetic import U128_MAX
from scrip.model.laws.fees import fee_of
from scrip.model.state import Market, State, Stock, Token
from scrip.model.state.market import LimitKey, Outlet, Peg, trader
from scrip.model.state.receivables import marked
from scrip.model.state.token import check_nonzero, check_receiver
from scrip.parameters import MAX_FEE, PEG_BAND, PEG_MAX_AGE, TRADE_BAND
from scrip.roles import ADMIN
from scrip.units import Stablecoin

HANDLERS: Handlers[State, None] = Handlers("the model")


@HANDLERS.of(Mint)
def mint(state: State, order: Mint) -> None:
    """Refuses, in order: as a quote (`_check_quote`), as a payer's (`_check_payer`), the stablecoin, the token's mint
    (`check_mint`)."""
    stock = _check_quote(state, order, "mint")
    _check_payer(state, stock.token, order)
    _check_coins(state.market, order.payer, order.settlement.value + _fee(order))
    token, amount = stock.token, order.amount.value
    check_mint(stock, order.account, amount, state.now)
    token.feed.receivables = marked(token.feed.receivables, token.supply_shares(), state.now)
    token.supply += amount
    token.enrol(order.account).balance += amount
    token.let_in(order.account)
    _settle(state, order.payer, TREASURY, order)


@HANDLERS.of(Redeem)
def redeem(state: State, order: Redeem) -> None:
    """Refuses, in order: as a quote (`_check_quote`), the token's burn (`check_burn`), the stablecoin."""
    token = _check_quote(state, order, "redeem").token
    amount = order.amount.value
    check_burn(token, order.account, amount, state.now)
    _check_coins(state.market, TREASURY, order.settlement.value - _fee(order))
    token.enrol(order.account)
    token.destroy(order.account, amount)
    _settle(state, TREASURY, order.account, order)


@HANDLERS.of(PauseMarket, UnpauseMarket)
def set_paused(state: State, order: PauseMarket | UnpauseMarket) -> None:
    """Stop or open the primary market. Doing it again is accepted."""
    state.market.paused = isinstance(order, PauseMarket)


@HANDLERS.of(RevokeQuote)
def revoke_quote(state: State, order: RevokeQuote) -> None:
    """Refuses, in order: not your quotes, quote used (or revoked before)."""
    _check_signs_for(state, order)
    quote = (order.signer, order.nonce)
    if quote in state.market.nonces:
        raise Refusal("market: quote used", f"number {order.nonce} of {order.signer}")
    state.market.nonces.add(quote)


@HANDLERS.of(RevokeQuotes)
def revoke_quotes(state: State, order: RevokeQuotes) -> None:
    """Refuses: not your quotes."""
    _check_signs_for(state, order)
    epochs = state.market.epochs
    epochs[order.signer] = next_epoch(epochs.get(order.signer, 0), order.desk)


def _check_signs_for(state: State, order: RevokeQuote | RevokeQuotes) -> None:
    if order.by != order.signer and order.by not in state.config.holding(ADMIN):
        raise Refusal("market: not your quotes", f"{order.by} revokes {order.signer}'s")


@HANDLERS.of(SetMarketLimit)
def set_limit(state: State, order: SetMarketLimit) -> None:
    """Limit what is minted and redeemed. What was traded before goes on counting.

    Refuses, in order: bad scope, bad limits, would loosen (but for ADMIN).
    """
    if (order.scope == "stock") != bool(order.stock):
        raise Refusal("limits: bad scope")
    if order.stock:
        state.token(order.stock)
    if not order.limits.is_possible:
        raise Refusal("limits: bad limits")
    market, key = state.market, (order.scope, order.stock)
    found = market.limits.get(key, MarketLimits())
    if order.by not in state.config.holding(ADMIN) and not order.limits <= found:
        raise Refusal("limits: would loosen")
    market.limits[key] = order.limits
    if order.scope != "investor":
        # What drained so far drained at the old caps.
        level = buckets.level_at(market.levels.get(key, Level(since=state.now)), found, state.now)
        market.levels[key] = buckets.level_at(level, order.limits, state.now)


@HANDLERS.of(SetMarketBand)
def set_band(state: State, order: SetMarketBand) -> None:
    """Bound the price of a stock's quotes. Refuses, in order: bad band, would loosen (but for ADMIN)."""
    state.token(order.stock)
    if order.band_bps and order.band_bps not in TRADE_BAND:
        raise Refusal("market: bad band", f"{order.band_bps} bps")
    bound = state.market.bands.get(order.stock, 0)
    if order.by not in state.config.holding(ADMIN) and not 0 < order.band_bps <= bound:
        raise Refusal("market: would loosen", f"{bound} bps")
    state.market.bands[order.stock] = order.band_bps


@HANDLERS.of(SetPeg)
def set_peg(state: State, order: SetPeg) -> None:
    """Guard a settlement coin. Refuses, in order: bad peg, would loosen (but for ADMIN)."""
    guarded = order.band_bps in PEG_BAND and order.max_age in PEG_MAX_AGE
    if not order.asset or not (guarded if order.feed else order.band_bps == order.max_age == 0):
        raise Refusal("market: bad peg", f"{order.band_bps} bps, {order.max_age} s")
    pegged, found = state.market.pegs, state.market.pegs.get(order.asset)
    if order.by not in state.config.holding(ADMIN):
        same = found is not None and order.feed == found.feed
        if found is None or not same or order.band_bps > found.band_bps or order.max_age > found.max_age:
            raise Refusal("market: would loosen", order.asset)
    if order.feed:
        pegged[order.asset] = Peg(order.feed, order.band_bps, order.max_age)
    else:
        pegged.pop(order.asset, None)


@HANDLERS.of(PokePeg)
def poke_peg(state: State, order: PokePeg) -> None:
    """Keep until when a coin's peg is good. Refuses, in order: asset not listed, no peg."""
    if order.asset not in state.config.assets:
        raise Refusal("market: asset not listed", order.asset)
    peg = state.market.pegs.get(order.asset)
    if peg is None:
        raise Refusal("market: no peg", order.asset)
    source = state.prices.sources.get(peg.feed)
    said = None if source is None or source.fails or source.carried else source
    peg.until = 0
    if said is not None:
        answer = (said.answer, said.decimals, said.updated_at)
        peg.until = pegs.good_until(*answer, peg.band_bps, peg.max_age, state.now)


@HANDLERS.of(SetQuoteTerms)
def set_terms(state: State, order: SetQuoteTerms) -> None:
    """Bound the fee, and say from when on two keys sign. Refuses, in order: bad terms, would loosen (but for ADMIN)."""
    if order.max_fee_bps not in MAX_FEE or not 0 <= order.second_from < 1 << CAP_BITS:
        raise Refusal("limits: bad terms", f"{order.max_fee_bps} bps, {order.second_from} cents")
    wanted, found = (order.max_fee_bps, order.second_from), (state.market.max_fee_bps, state.market.second_from)
    if order.by not in state.config.holding(ADMIN) and not holds_tighter(wanted, found):
        raise Refusal("limits: would loosen")
    state.market.max_fee_bps, state.market.second_from = wanted


@HANDLERS.of(SetCustodian)
def set_custodian(state: State, order: SetCustodian) -> None:
    """Name where an asset leaves to. Refuses, in order: asset not listed, ERC20InvalidReceiver (the treasury)."""
    if order.asset not in state.config.assets:
        raise Refusal("market: asset not listed", order.asset)
    if order.account == TREASURY:
        raise Refusal("ERC20InvalidReceiver", order.account)
    daily, found = state.coins(order.daily), state.market.outlets.get(order.asset)
    level = outlets.level_at(found.level, found.daily, found.since, state.now) if found else 0
    state.market.outlets[order.asset] = Outlet(order.account, daily, level, state.now)


@HANDLERS.of(WithdrawTreasury)
def withdraw(state: State, order: WithdrawTreasury) -> None:
    """Pay out of the treasury to the custodian.

    Refuses, in order: halted, zero amount, asset not listed (one that was, can be), no custodian, withdrawal limit,
    insufficient.
    """
    if state.fleet.halted:
        raise Refusal("token: halted")
    amount, outlet = state.coins(order.amount), state.market.outlets.get(order.asset)
    check_nonzero(amount)
    if outlet is None:
        listed = order.asset in state.config.assets
        raise Refusal("market: no custodian" if listed else "market: asset not listed", order.asset)
    level = outlets.filled(outlet.level, outlet.daily, outlet.since, amount, state.now)
    if level is None:
        raise Refusal("market: withdrawal limit", f"{Stablecoin(outlet.daily)} a day")
    if order.asset == STABLECOIN:
        _check_coins(state.market, TREASURY, amount)
        state.market.coins[TREASURY] -= amount
        _credit(state.market, outlet.account, amount)
    outlet.level, outlet.since = level, state.now


@HANDLERS.of(FundStablecoin)
def fund(state: State, order: FundStablecoin) -> None:
    """Give stablecoin out of nothing."""
    _credit(state.market, order.account, state.coins(order.amount))


# --- a quote ---------------------------------------------------------------------------------------------------------


def _check_quote(state: State, order: Mint | Redeem, side: Side) -> Stock:
    """The stock. Refuses, in order: paused, wrong side, not your quote, quote expired, asset not listed, off peg,
    unknown stock, multiplier changed, as used or revoked (`_check_unused`), not a quote signer, bad signature,
    no second signature, fee over the cap, then as the price (`_check_price`) and the limits (`_filled`)."""
    state.raw(order.amount)
    state.coins(order.settlement)
    if not order.account:
        raise InputError("nobody signs for the zero address", field="account")
    quote, now = order.quote, state.now
    if state.market.paused:
        raise Refusal("market: paused")
    if (quote.side or side) != side:
        raise Refusal("market: wrong side")
    payer = order.payer if isinstance(order, Mint) else order.account
    if (order.by or order.account) not in (order.account, payer):
        raise Refusal("market: not your quote", order.by)
    if now >= quote.expiry:
        raise Refusal("market: quote expired", f"{now - quote.expiry} s ago")
    if quote.asset not in state.config.assets:
        raise Refusal("market: asset not listed", quote.asset)
    peg = state.market.pegs.get(quote.asset)
    if peg is not None and now > peg.until:
        raise Refusal("market: off peg", quote.asset)
    stock = state.stocks.get(order.stock)
    if stock is None:
        raise Refusal("market: unknown stock", order.stock)
    generation = stock.token.multiplier.settled(now).generation
    if quote.generation != generation:
        raise Refusal("market: multiplier changed", f"quoted at generation {quote.generation}, now {generation}")
    _check_unused(state, quote)
    if quote.signer not in state.config.holding("QUOTE_SIGNER"):
        raise Refusal("market: not a quote signer", quote.signer)
    if quote.forged:
        raise Refusal("market: bad signature", quote.id)
    _check_second(state, order)
    if quote.fee_bps > state.market.max_fee_bps:
        raise Refusal("market: fee over the cap", f"{quote.fee_bps} bps, of at most {state.market.max_fee_bps}")
    _check_price(state, order)
    _filled(state, order)
    return stock


def _check_payer(state: State, token: Token, order: Mint) -> None:
    """Refuses, where another than the account pays, in order: payer not cleared (it could not hold the stock), no
    consent. An allowance is no consent: who had a signer's key would name anyone that has given one."""
    if order.payer == order.account:
        return
    if not token.may_hold(order.payer, state.now):
        raise Refusal("market: payer not cleared", order.payer)
    if order.payer not in (order.by, order.consent) and order.way != "authorization":
        raise Refusal("market: no consent", order.payer)


def _check_second(state: State, order: Mint | Redeem) -> None:
    """Refuses, where two must sign: no second signature, of another signer and another desk.

    Two do from a settlement on; and always where no price bounds the stock, for then it does not say what is traded.
    """
    market, quote = state.market, order.quote
    bound = market.bands.get(order.stock, 0)
    if not market.second_from or (bound and cents_of(order.settlement) < market.second_from):
        return
    epoch = market.epochs.get(quote.second, 0)
    desk = epoch % (1 << DESK_BITS)
    good = quote.second != quote.signer and quote.second in state.config.holding("QUOTE_SIGNER")
    if not good or quote.second_epoch != epoch or (desk and desk == quote.epoch % (1 << DESK_BITS)):
        raise Refusal("market: no second signature", quote.id)


def _fee(order: Mint | Redeem) -> int:
    return fee_of(order.settlement.value, order.quote.fee_bps)


def _check_price(state: State, order: Mint | Redeem) -> None:
    """Refuses, where a stock has a band, in order: as `Prices.strict`, closed, outside the band."""
    band = state.market.bands.get(order.stock, 0)
    if not band:
        return
    price, _, trades = state.prices.strict(order.stock, state.now)
    if not trades:
        raise Refusal("market: closed", order.stock)
    settlement = order.settlement
    if not bands.is_within(order.amount.value, settlement.value, settlement.decimals, price, band):
        raise Refusal("market: outside the band", f"{band} bps")


def _filled(state: State, order: Mint | Redeem) -> dict[LimitKey, Level]:
    """The levels with an order. Refuses, in order: issuer limit, stock limit, investor limit."""
    market, made = state.market, dict[LimitKey, Level]()
    investor = trader(state.investors, order.account)
    for scope, subject in zip(SCOPES, ("", order.stock, investor), strict=True):
        limits = market.limits.get((scope, subject if scope == "stock" else ""), MarketLimits())
        if limits:
            before = market.levels.get((scope, subject), Level(since=state.now))
            level = buckets.filled(before, limits, cents_of(order.settlement), isinstance(order, Mint), state.now)
            if level is None:
                raise Refusal(f"market: {scope} limit", subject)
            made[scope, subject] = level
    return made


def _check_unused(state: State, quote: QuoteTerms) -> None:
    """Refuses, in order: quote revoked (with all of its epoch), quote used (or revoked alone)."""
    market = state.market
    if not state.traits.numbered_quotes:
        if quote.id in market.used:
            raise Refusal("market: quote used", quote.id)
        return
    if quote.epoch != market.epochs.get(quote.signer, 0):
        raise Refusal("market: quote revoked", f"every quote of {quote.signer} that was signed before")
    if (quote.signer, quote.nonce) in market.nonces:
        raise Refusal("market: quote used", quote.id)


def _settle(state: State, payer: str, payee: str, order: Mint | Redeem) -> None:
    market, quote = state.market, order.quote
    market.levels.update(_filled(state, order))
    paid = order.settlement.value + (_fee(order) if isinstance(order, Mint) else -_fee(order))
    market.coins[payer] = market.coins_of(payer) - paid
    _credit(market, payee, paid)
    if state.traits.numbered_quotes:
        market.nonces.add((quote.signer, quote.nonce))
    else:
        market.used.add(quote.id)


def _credit(market: Market, account: str, amount: int) -> None:
    market.coins[account] = market.coins_of(account) + amount


def _check_coins(market: Market, payer: str, amount: int) -> None:
    """Refuses what an account cannot pay: insufficient."""
    coins = market.coins_of(payer)
    if coins < amount:
        raise Refusal("stablecoin: insufficient", f"{payer} has {Stablecoin(coins)} of {Stablecoin(amount)}")


# --- the token's part ------------------------------------------------------------------------------------------------


def check_mint(stock: Stock, to: str, amount: int, now: int, itself: bool = False) -> None:
    """Refuses, in order: halted, paused, mints ended, mints suspended, zero amount, ERC20InvalidReceiver,
    ERC7943CannotReceive, as a strict sanctions list, supply too large, then as the holder limits and as the feed's
    check of the supply after the mint (law 5).

    A vault mints for `itself`, and hands the units to cleared accounts alone: nobody asks for its own clearance.
    """
    token = stock.token
    token.check_live()
    if token.has_ended(now):
        raise Refusal("token: mints ended")
    if token.mints_suspended:
        raise Refusal("token: mints suspended")
    check_nonzero(amount)
    check_receiver(to)
    if not itself:
        if not token.may_hold(to, now) or not token.is_let_in(to, now):
            raise Refusal("ERC7943CannotReceive", to)
        token.investors.sanctions_list.check_shown(to, now)
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
