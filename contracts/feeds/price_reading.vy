# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title price_reading
@license AGPL-3.0-only
@notice What a stock's sources say now, judged: the price of raw units, or the first reason why there is none. A source is
        not trusted to behave: it may fail, spend its gas, answer too few bytes, zero, the past or the future.
@dev Raw price = share price × the stock's own uiMultiplier, in one division, rounded down. Over a split or a reinvested
     dividend it does not jump, so it is what prices are compared by: a source that switches before or after the stock does
     is far off the price that was agreed last.
"""

from ..interfaces import ISharePriceFeed
from ..interfaces import IStockToken
from ..shared import multiplier_math as mm
from ..shared import roles
from . import calendar_sessions as calendar
from . import price_book as book

uses: book
uses: calendar
uses: roles

_LATEST: constant(Bytes[4]) = method_id("latestRoundData()")
_DECIMALS: constant(Bytes[4]) = method_id("decimals()")
# @dev gas for each call of a source
_GAS: constant(uint256) = 500_000
# @dev seconds before a change takes effect in which nobody trades
LEAD: constant(uint256) = 60
MAX_GRACE: constant(uint256) = 86_400

# @dev why there is no price, in the order in which it is found out. From SEQUENCER on there is one, but too old, or too
#      early, to trade at
GOOD: constant(uint256) = 0
NOT_CONFIGURED: constant(uint256) = 1
FAILED: constant(uint256) = 2
DECIMALS_CHANGED: constant(uint256) = 3
BAD: constant(uint256) = 4
FUTURE: constant(uint256) = 5
SECOND_FAILED: constant(uint256) = 6
DIFFERS: constant(uint256) = 7
IN_WINDOW: constant(uint256) = 8
JUMPED: constant(uint256) = 9
SEQUENCER: constant(uint256) = 10
NO_SESSIONS: constant(uint256) = 11
STALE: constant(uint256) = 12

# @dev an uptime feed of the chain's sequencer, and above it the seconds after its return in which nothing is priced
_uptime: uint256
_GRACE_SHIFT: constant(uint256) = 160


# @dev a price with 18 decimals, as of when, or why not
struct Reading:
    status: uint256
    price: uint256
    as_of: uint256


# @dev the multiplier now, how many changes there were, and when the next takes effect, 0 for none
struct Multiplier:
    value: uint256
    generation: uint256
    pending_at: uint256


@external
@view
def sequencer() -> (address, uint256):
    """
    @notice (the uptime feed of this chain's sequencer, or zero; seconds after its return in which nothing is priced).
    """
    return book._address(self._uptime), self._uptime >> _GRACE_SHIFT


@external
def setSequencer(sequencer: address, grace: uint256):
    """
    @notice Names the uptime feed of this chain's sequencer: its answer is 0 while the sequencer works. Admin only.
    @dev Errors: "roles: not authorised", "feeds: bad config" (it does not answer, or a grace of more than a day).
    @param sequencer an AggregatorV3; zero for a chain that has no sequencer.
    @param grace seconds after its return in which nothing is priced.
    """
    roles._check(roles.ADMIN)
    assert grace <= MAX_GRACE, "feeds: bad config"
    if sequencer != empty(address):
        assert self._latest(sequencer)[0], "feeds: bad config"
    self._uptime = convert(sequencer, uint256) | (grace << _GRACE_SHIFT)
    log ISharePriceFeed.SequencerSet(sequencer=sequencer, grace=grace)


@internal
@view
def _latest(source: address) -> (bool, int256, uint256, uint256, bool):
    """
    @return (whether it answered, the answer, startedAt, updatedAt, whether the answer is of the round that it names).
    """
    ok: bool = False
    data: Bytes[160] = b""
    ok, data = raw_call(source, _LATEST, max_outsize=160, gas=_GAS, is_static_call=True, revert_on_failure=False)
    if not ok or len(data) != 160:
        return False, 0, 0, 0, False
    return (
        True,
        extract32(data, 32, output_type=int256),
        extract32(data, 64, output_type=uint256),
        extract32(data, 96, output_type=uint256),
        extract32(data, 128, output_type=uint256) >= extract32(data, 0, output_type=uint256),
    )


@internal
@view
def _decimals(source: address) -> (bool, uint256):
    """
    @return (whether it answered, the decimals of its answers).
    """
    ok: bool = False
    data: Bytes[32] = b""
    ok, data = raw_call(source, _DECIMALS, max_outsize=32, gas=_GAS, is_static_call=True, revert_on_failure=False)
    if not ok or len(data) != 32:
        return False, 0
    return True, extract32(data, 0, output_type=uint256)


@internal
@view
def _multiplier(token: address) -> Multiplier:
    terms: (uint256, uint256, uint256, uint256, uint256, uint256, uint256) = staticcall IStockToken(
        token
    ).multiplierTerms()
    return Multiplier(
        value=terms[0] * terms[1] // terms[2],
        generation=staticcall IStockToken(token).multiplierGeneration(),
        pending_at=terms[6],
    )


@internal
@view
def _read(source: address, decimals: uint256, multiplier: uint256) -> Reading:
    """
    @notice What one source says, whatever its age.
    @param source the source.
    @param decimals its decimals when it was configured.
    @param multiplier what its answer is multiplied by: the stock's, or 1e18 where it is of raw units.
    """
    ok: bool = False
    same: bool = False
    own: bool = False
    answer: int256 = 0
    started: uint256 = 0
    as_of: uint256 = 0
    now: uint256 = 0
    ok, answer, started, as_of, own = self._latest(source)
    same, now = self._decimals(source)
    if not ok or not same:
        return Reading(status=FAILED, price=0, as_of=0)
    if now != decimals:
        return Reading(status=DECIMALS_CHANGED, price=0, as_of=0)
    # A round that carries the answer of an older one is no answer.
    if answer <= 0 or answer > convert(mm.MAX_U128, int256) or as_of == 0 or not own:
        return Reading(status=BAD, price=0, as_of=0)
    if as_of > block.timestamp:
        return Reading(status=FUTURE, price=0, as_of=0)
    price: uint256 = convert(answer, uint256) * multiplier // 10 ** decimals
    if price == 0 or price > book.MAX_PRICE:
        return Reading(status=BAD, price=0, as_of=0)
    return Reading(status=GOOD, price=price, as_of=as_of)


@internal
@view
def _evaluate(token: address, m: Multiplier, closing: bool) -> Reading:
    """
    @notice What a stock's sources say now, and whether it is a price.
    @param token the stock, configured.
    @param m its multiplier.
    @param closing whether the price is to end a window: then neither that, nor the band, is a reason against it.
    """
    terms: uint256[2] = book.terms[token]
    multiplier: uint256 = m.value
    if terms[0] & book.RAW != 0:
        multiplier = mm.WAD
    found: Reading = self._read(book._address(terms[0]), book._decimals(terms[0]), multiplier)
    if found.status != GOOD:
        return found
    oldest: uint256 = found.as_of
    second: address = book._address(terms[1])
    if second != empty(address):
        multiplier = m.value
        if terms[0] & book.SECOND_RAW != 0:
            multiplier = mm.WAD
        other: Reading = self._read(second, book._decimals(terms[1]), multiplier)
        if other.status != GOOD:
            return Reading(status=SECOND_FAILED, price=0, as_of=0)
        if self._differs(found.price, other.price, book._deviation(terms[0])):
            return Reading(status=DIFFERS, price=0, as_of=0)
        oldest = min(oldest, other.as_of)
    kept: uint256 = book._price(book.kept[token])
    if self._near(m.pending_at):
        return Reading(status=IN_WINDOW, price=0, as_of=0)
    if not closing and kept != 0:
        if m.generation != book._settled(book.seen[token]):
            return Reading(status=IN_WINDOW, price=0, as_of=0)
        # The source may have switched already: before a change it is believed near the last price only.
        if m.pending_at != 0 and self._differs(found.price, kept, book._band(terms[0])):
            return Reading(status=JUMPED, price=0, as_of=0)
    found.status = self._age(terms, oldest)
    return found


@internal
@view
def _age(terms: uint256[2], as_of: uint256) -> uint256:
    """
    @dev Whether an answer is recent enough to trade at: at most maxAge old while the exchange trades, else as of maxAge
         before its last close or later.
    """
    if not self._is_up():
        return SEQUENCER
    own: uint256 = book._calendar(terms[1])
    if not calendar._is_loaded(own, block.timestamp):
        return NO_SESSIONS
    since: uint256 = block.timestamp
    if not calendar._is_open(own, since):
        closed: uint256 = calendar._last_close(own, since)
        if closed != 0:
            since = closed
    if as_of + book._max_age(terms[0]) < since:
        return STALE
    return GOOD


@internal
@view
def _is_up() -> bool:
    """
    @dev Whether the sequencer works, and has for longer than the grace.
    """
    uptime: uint256 = self._uptime
    if uptime == 0:
        return True
    latest: (bool, int256, uint256, uint256, bool) = self._latest(book._address(uptime))
    if not latest[0] or latest[1] != 0 or latest[2] == 0 or latest[2] > block.timestamp:
        return False
    return block.timestamp - latest[2] > uptime >> _GRACE_SHIFT


@internal
@view
def _near(pending_at: uint256) -> bool:
    return pending_at != 0 and block.timestamp + LEAD >= pending_at


@internal
@pure
def _differs(one: uint256, other: uint256, bps: uint256) -> bool:
    """
    @dev Whether one price is more than so many basis points of the other away from it.
    """
    apart: uint256 = max(one, other) - min(one, other)
    return apart * mm.BPS > bps * other


@internal
@pure
def _demand(status: uint256):
    """
    @dev The refusal that a status is.
    """
    assert status != FAILED, "feeds: source failed"
    assert status != DECIMALS_CHANGED, "feeds: decimals changed"
    assert status != BAD, "feeds: bad answer"
    assert status != FUTURE, "feeds: future answer"
    assert status != SECOND_FAILED, "feeds: second source failed"
    assert status != DIFFERS, "feeds: sources differ"
    assert status != IN_WINDOW, "feeds: window"
    assert status != JUMPED, "feeds: outside the band"
    assert status != SEQUENCER, "feeds: sequencer down"
    assert status != NO_SESSIONS, "feeds: no sessions"
    assert status == GOOD, "feeds: stale answer"
