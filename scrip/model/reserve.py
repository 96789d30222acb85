"""Instructions about the backing of a stock: how it is judged, what its source says, ceilings, the basis (law 5)."""

from __future__ import annotations

from scrip import parameters
from scrip.errors import Refusal
from scrip.instructions.reserve import AttestReserve, ConfigureReserve, ConfirmBasis, SetBasis, SetCeiling
from scrip.ledger.handlers import Handlers
from scrip.model.laws import arithmetic as law
from scrip.model.state import FeedConfig, State, Stock
from scrip.model.state.reserve import Answer, Ceilings
from scrip.units import ShareWad

HANDLERS: Handlers[State, None] = Handlers("the model")


@HANDLERS.of(ConfigureReserve)
def configure(state: State, order: ConfigureReserve) -> None:
    """Refuses, in order: unknown stock, bad config, wrong basis. An unconfigured stock's basis is the token's own."""
    if order.stock not in state.stocks:
        raise Refusal("reserve: unknown stock", order.stock)
    feed = state.stocks[order.stock].token.feed
    config = FeedConfig(order.max_age, order.margin_bps, order.source or state.traits.source)
    margins = parameters.BLIND_MARGIN if config.is_blind else parameters.RESERVE_MARGIN
    if config.max_age not in parameters.RESERVE_MAX_AGE or config.margin_bps not in margins:
        raise Refusal("reserve: bad config", str(config))
    _demand_ceilings(order.ceiling.to_wad(), order.others.to_wad())
    present = feed.present(state.now)
    basis = order.basis or present
    if feed.config is None and present != feed.basis:
        if basis != present:
            raise Refusal("reserve: wrong basis", f"the token counts in {present}")
        feed.adopt()
    feed.demand_known(basis)
    was_blind = feed.config is not None and feed.config.is_blind
    feed.config = config
    if not (was_blind and config.is_blind):
        feed.doubt()
    feed.ceilings = Ceilings(order.ceiling.to_wad(), order.others.to_wad(), basis.counter)
    feed.nonce += 1


@HANDLERS.of(SetCeiling)
def set_ceiling(state: State, order: SetCeiling) -> None:
    """Refuses, in order: not configured, bad config, wrong basis."""
    feed = _stock(state, order.stock).token.feed
    feed.configured()
    basis = order.basis or feed.present(state.now)
    own = order.ceiling.to_wad()
    others = feed.standing(basis).others if order.others is None else order.others.to_wad()
    _demand_ceilings(own, others)
    feed.demand_known(basis)
    feed.ceilings = Ceilings(own, others, basis.counter)
    feed.nonce += 1


@HANDLERS.of(SetBasis)
def set_basis(state: State, order: SetBasis) -> None:
    """Refuses, in order: not configured, wrong basis (it is none that the feed knows, or is not in effect), basis is
    current."""
    feed = _stock(state, order.stock).token.feed
    feed.configured()
    present = feed.present(state.now)
    if (order.basis or present) != present:
        raise Refusal("reserve: wrong basis", f"the token counts in {present}")
    if present == feed.basis:
        raise Refusal("reserve: basis is current")
    feed.adopt()


@HANDLERS.of(AttestReserve)
def attest(state: State, order: AttestReserve) -> None:
    """Let the stock's source answer; InputError for an unknown stock.

    A paper of ATTESTOR's refuses, in order: not configured, wrong nonce, paper expired, wrong basis, bad config, future
    answer, not newer.
    """
    feed, now = state.token(order.stock).feed, state.now
    at = now if order.updated_at is None else order.updated_at
    source = feed.config.source if feed.config is not None else state.traits.source
    if source == "aggregator":
        feed.publish(order.shares.to_fixed(state.config.oracle_decimals), at)
        return
    feed.configured()
    if order.nonce not in (None, feed.nonce):
        raise Refusal("reserve: wrong nonce", f"{order.nonce} is not {feed.nonce}")
    if order.expiry is not None and now > order.expiry:
        raise Refusal("reserve: paper expired", f"{now - order.expiry} s ago")
    basis = order.basis or feed.present(now)
    feed.demand_known(basis)
    standing = feed.ceilings_in(basis.counter)
    own = standing.own if order.ceiling is None else order.ceiling.to_wad()
    others = standing.others if order.others is None else order.others.to_wad()
    _demand_ceilings(own, others)
    if order.shares.to_wad() > law.U128_MAX:
        raise Refusal("reserve: bad config", str(order.shares))
    if at > now:
        raise Refusal("reserve: future answer")
    if feed.said is not None and at <= feed.said.as_of:
        raise Refusal("reserve: not newer", f"as of {feed.said.as_of - at} s before the last one")
    feed.said = Answer(order.shares.to_wad(), at, basis.counter)
    feed.ceilings = Ceilings(own, others, basis.counter)
    feed.nonce += 1


@HANDLERS.of(ConfirmBasis)
def confirm_basis(state: State, order: ConfirmBasis) -> None:
    """Refuses as `Feed.confirm`."""
    token = _stock(state, order.stock).token
    terms = token.multiplier.settled(state.now)
    token.feed.confirm(token.supply_shares(), terms.reserve_index, terms.current.split, state.now)


def _stock(state: State, stock: str) -> Stock:
    found = state.stocks.get(stock)
    if found is None:
        raise Refusal("reserve: not configured", stock)
    return found


def _demand_ceilings(*ceilings: ShareWad) -> None:
    """Refuses: bad config."""
    if not all(ceiling in parameters.RESERVE_CEILING for ceiling in ceilings):
        raise Refusal("reserve: bad config", str(ceilings))
