"""The instructions about the backing of a stock: how it is judged, the oracle's rounds, and the split basis (law 5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from scrip import parameters
from scrip.errors import Refusal
from scrip.instructions.reserve import AttestReserve, ConfigureReserve, ConfirmBasis, SetBasis, SetCeiling
from scrip.ledger.handlers import Handlers
from scrip.model.laws import arithmetic as law
from scrip.model.state import Feed, FeedConfig, ScheduledSplit, Split, State, Stock
from scrip.units import ShareWad

HANDLERS: Handlers[State, None] = Handlers("the model")

MAX_SPLITS_BACK = parameters.MAX_SPLITS_BACK.value
GREATEST_CEILING = ShareWad(law.U128_MAX)


@HANDLERS.of(ConfigureReserve)
def configure(state: State, order: ConfigureReserve) -> None:
    """Say how a stock's reserve is judged; the first call adopts the token's own split factor as the basis.

    Refuses, in order: unknown stock, bad config.
    """
    if order.stock not in state.stocks:
        raise Refusal("reserve: unknown stock", order.stock)
    token = state.stocks[order.stock].token
    config = FeedConfig(order.max_age, order.margin_bps, order.ceiling.to_wad())
    _check_config(config)
    if token.feed.config is None:
        token.feed.basis = token.multiplier.settled(state.now).current.split
    token.feed.config = config


@HANDLERS.of(SetCeiling)
def set_ceiling(state: State, order: SetCeiling) -> None:
    """Set the most that this chain may issue. Refuses, in order: not configured, bad config."""
    feed, ceiling = _stock(state, order.stock).token.feed, order.ceiling.to_wad()
    config = replace(feed.configured(), ceiling=ceiling)
    _check_config(config)
    feed.config = config


@HANDLERS.of(SetBasis)
def set_basis(state: State, order: SetBasis) -> None:
    """Adopt the token's split factor as the basis, on ADMIN's word. Refuses: not configured."""
    token = _stock(state, order.stock).token
    _adopt(token.feed, token.multiplier.settled(state.now).current.split)


@HANDLERS.of(AttestReserve)
def attest(state: State, order: AttestReserve) -> None:
    """Publish the oracle's next round; InputError for an unknown stock."""
    at = state.now if order.updated_at is None else order.updated_at
    state.token(order.stock).feed.publish(order.shares.to_fixed(state.config.oracle_decimals), at)


@HANDLERS.of(ConfirmBasis)
def confirm_basis(state: State, order: ConfirmBasis) -> None:
    """Adopt the token's split factor because the rounds before and after show it. None lets `choose_rounds` pick.

    Refuses, in order: not configured, basis is current, no path to basis, wrong old round, wrong new round, future
    answer, bad answer, outside the band.
    """
    stock, now = _stock(state, order.stock), state.now
    feed, split = stock.token.feed, stock.token.multiplier.settled(now).current.split
    feed.configured()
    if feed.basis == split:
        raise Refusal("reserve: basis is current")
    first, last = _unconfirmed(feed.basis, stock.actions.splits, split, now)
    chosen = choose_rounds([entry.updated_at for entry in feed.rounds], first)
    old_number = chosen[0] if order.old_round is None else order.old_round
    new_number = chosen[1] if order.new_round is None else order.new_round
    old, after = feed.round(old_number), feed.round(old_number + 1)
    if old is None or after is None or not old.updated_at < first <= after.updated_at:
        raise Refusal("reserve: wrong old round", str(old_number))
    new = feed.round(new_number)
    if new is None or new_number <= old_number or new.updated_at < last:
        raise Refusal("reserve: wrong new round", str(new_number))
    if new.updated_at > now:
        raise Refusal("reserve: future answer")
    if not old.usable or not new.usable:
        raise Refusal("reserve: bad answer")
    if not law.basis_confirmed(old.answer, new.answer, *_ratio(split, feed.basis)):
        raise Refusal("reserve: outside the band", f"from {old.answer} to {new.answer}")
    _adopt(feed, split)


def choose_rounds(updated_ats: Sequence[int], first: int) -> tuple[int, int]:
    """The rounds, numbered from 1, that show a basis change whose first split took effect at `first`.

    The old one is the latest round from before `first` whose successor is not; the new one is the latest of all.
    (0, latest) when there is no such old round: a feed refuses that as "reserve: wrong old round".
    """
    for number in range(len(updated_ats) - 1, 0, -1):
        if updated_ats[number - 1] < first <= updated_ats[number]:
            return number, len(updated_ats)
    return 0, len(updated_ats)


def _stock(state: State, stock: str) -> Stock:
    found = state.stocks.get(stock)
    if found is None:
        raise Refusal("reserve: not configured", stock)
    return found


def _check_config(config: FeedConfig) -> None:
    ages, margins, ceilings = parameters.RESERVE_MAX_AGE, parameters.RESERVE_MARGIN, parameters.RESERVE_CEILING
    if not (config.max_age in ages and config.margin_bps in margins and config.ceiling in ceilings):
        raise Refusal("reserve: bad config", str(config))


def _unconfirmed(basis: Split, splits: Sequence[ScheduledSplit], split: Split, now: int) -> tuple[int, int]:
    """effectiveAt of the first and of the last unconfirmed split: from the token's factor, undo until the basis."""
    effective = [entry for entry in splits[-MAX_SPLITS_BACK:] if entry.effective_at <= now]
    factor = split
    for entry in reversed(effective):
        factor = law.next_split(*factor, entry.den, entry.num)
        if factor == basis:
            return entry.effective_at, effective[-1].effective_at
    raise Refusal("reserve: no path to basis", f"from {split} to {basis}")


def _adopt(feed: Feed, split: Split) -> None:
    """Count in the basis `split` from now on; the ceiling follows."""
    config = feed.configured()
    scaled = law.scaled_ceiling(config.ceiling, *_ratio(split, feed.basis))
    feed.config = replace(config, ceiling=min(scaled, GREATEST_CEILING))
    feed.basis = split


def _ratio(split: Split, basis: Split) -> Split:
    """The change from `basis` to `split`, in lowest terms."""
    return law.reduce(split[0] * basis[1], split[1] * basis[0])
