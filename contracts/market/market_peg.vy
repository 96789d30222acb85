# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title market_peg
@license AGPL-3.0-only
@notice Whether a stablecoin is worth about a dollar, as a peg feed says: the guard of a coin, and what its feed says now.
@dev Anybody pokes; the instant until which the answer is good is kept in the coin's own word, which every quote reads
     anyway. One word a coin here: feed 160 | band 16 | age 32. A feed is not trusted to behave: one that fails, spends its
     gas, or answers too few bytes, zero, the past or the future says that the coin is off its peg.
"""

from ..interfaces import IPrimaryMarket
from ..shared import refusals
from ..shared import roles

uses: roles

_LATEST: constant(Bytes[4]) = method_id("latestRoundData()")
_DECIMALS: constant(Bytes[4]) = method_id("decimals()")
# @dev gas for each call of a feed, and what poke must have left for both and for what follows
_GAS: constant(uint256) = 200_000
_LEAST_GAS: constant(uint256) = 460_000
_BPS: constant(uint256) = 10_000
# @dev most basis points of a band, most seconds of an answer's age, most decimals of an answer
MAX_BAND: constant(uint256) = 1_000
MAX_AGE: constant(uint256) = 604_800
MAX_DECIMALS: constant(uint256) = 36
_MOST_ANSWER: constant(uint256) = 2**128 - 1
_BAND_SHIFT: constant(uint256) = 160
_AGE_SHIFT: constant(uint256) = 176
_U16: constant(uint256) = 2**16 - 1
_ADDRESS_MASK: constant(uint256) = 2**160 - 1
# @dev in place of an instant in the word of a coin that has no guard: it never passes
ALWAYS: constant(uint256) = 2**88 - 1

# @dev 0 of a coin that has no guard
_terms: HashMap[address, uint256]


@internal
def _set_peg(asset: address, feed: address, band: uint256, age: uint256) -> uint256:
    """
    @dev Until when the coin is good from now on: never before a poke, or for ever without a guard. Errors, in order:
         "roles: not authorised", "market: bad peg", "market: would loosen" (for PAUSER, who may make the band narrower and
         the age shorter, and nothing else).
    """
    is_admin: bool = roles._has(roles.ADMIN, msg.sender)
    if not is_admin:
        roles._check(roles.PAUSER)
    refusals._demand(asset != empty(address) and band <= MAX_BAND and age <= MAX_AGE, "market: bad peg")
    refusals._demand((feed == empty(address)) == (age == 0) and (feed != empty(address) or band == 0), "market: bad peg")
    refusals._demand(feed == empty(address) or feed.is_contract, "market: bad peg")
    if not is_admin:
        word: uint256 = self._terms[asset]
        is_same: bool = word != 0 and self._feed(word) == feed
        refusals._demand(is_same and band <= self._band(word) and age <= word >> _AGE_SHIFT, "market: would loosen")
    self._terms[asset] = (age << _AGE_SHIFT) | (band << _BAND_SHIFT) | convert(feed, uint256)
    log IPrimaryMarket.PegSet(asset=asset, feed=feed, bandBps=band, maxAge=age)
    return self._at_first(asset)


@internal
@view
def _at_first(asset: address) -> uint256:
    """
    @dev Until when a coin is good that nobody has poked for.
    """
    return ALWAYS if self._terms[asset] == 0 else 0


@internal
@view
def _decimals(target: address) -> uint256:
    """
    @dev The decimals that a feed or a coin counts in; max_value where it does not say.
    """
    ok: bool = False
    said: Bytes[32] = b""
    ok, said = raw_call(target, _DECIMALS, max_outsize=32, gas=_GAS, is_static_call=True, revert_on_failure=False)
    return convert(said, uint256) if ok and len(said) == 32 else max_value(uint256)


@internal
def _poke(asset: address, counts: bool) -> uint256:
    """
    @dev Until when the coin is good by what its feed says now, 0 where it is not; and where it does not count as it did.
         Errors: "market: no peg" (the coin has no guard), "market: too little gas" (with less, a caller could make a good
         feed fail).
    """
    word: uint256 = self._terms[asset]
    refusals._demand(word != 0, "market: no peg")
    refusals._demand(msg.gas >= _LEAST_GAS, "market: too little gas")
    until: uint256 = self._judged(self._feed(word), self._band(word), word >> _AGE_SHIFT) if counts else 0
    log IPrimaryMarket.PegPoked(asset=asset, until=until)
    return until


@internal
@view
def _judged(feed: address, band: uint256, age: uint256) -> uint256:
    # A band of 0 is shut by hand: the feed has no say.
    if band == 0:
        return 0
    ok: bool = False
    data: Bytes[160] = b""
    ok, data = raw_call(feed, _LATEST, max_outsize=160, gas=_GAS, is_static_call=True, revert_on_failure=False)
    if not ok or len(data) != 160:
        return 0
    decimals: uint256 = self._decimals(feed)
    answer: int256 = extract32(data, 32, output_type=int256)
    as_of: uint256 = extract32(data, 96, output_type=uint256)
    # A round that carries the answer of an older one is no answer.
    if extract32(data, 128, output_type=uint256) < extract32(data, 0, output_type=uint256):
        return 0
    if decimals > MAX_DECIMALS or answer <= 0 or answer > convert(_MOST_ANSWER, int256):
        return 0
    if as_of > block.timestamp or as_of + age < block.timestamp:
        return 0
    dollar: uint256 = 10**decimals
    price: uint256 = convert(answer, uint256)
    apart: uint256 = max(price, dollar) - min(price, dollar)
    if apart * _BPS > dollar * band:
        return 0
    return as_of + age


@internal
@view
def _told(asset: address, until: uint256) -> (address, uint256, uint256, uint256):
    """
    @dev feed, band, age and `until` of a coin that has a guard, else zeros.
    """
    word: uint256 = self._terms[asset]
    if word == 0:
        return (empty(address), 0, 0, 0)
    return (self._feed(word), self._band(word), word >> _AGE_SHIFT, until)


@internal
@pure
def _feed(word: uint256) -> address:
    return convert(word & _ADDRESS_MASK, address)


@internal
@pure
def _band(word: uint256) -> uint256:
    return (word >> _BAND_SHIFT) & _U16
