# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title price_book
@license AGPL-3.0-only
@notice What the SharePriceFeed keeps of a stock: how its price is judged, the price agreed last, and which change of its
        multiplier that price is of.
"""

MAX_DECIMALS: constant(uint256) = 18
MAX_AGE: constant(uint256) = 2**24 - 1
MAX_BAND: constant(uint256) = 5_000
MAX_DEVIATION: constant(uint256) = 2_000
MAX_PRICE: constant(uint256) = 2**104 - 1

_U160: constant(uint256) = 2**160 - 1
_U40: constant(uint256) = 2**40 - 1
_U24: constant(uint256) = 2**24 - 1
_U16: constant(uint256) = 2**16 - 1
_U8: constant(uint256) = 2**8 - 1
# @dev both words of the terms: an address, and above it the decimals of its answers
_DECIMALS_SHIFT: constant(uint256) = 160
# @dev the first word
_AGE_SHIFT: constant(uint256) = 168
_BAND_SHIFT: constant(uint256) = 192
_DEVIATION_SHIFT: constant(uint256) = 208
RAW: constant(uint256) = 2**224
SECOND_RAW: constant(uint256) = 2**225
# @dev the second word
_CALENDAR_SHIFT: constant(uint256) = 168
# @dev a kept price: 104 bits of it, then these
_AS_OF_SHIFT: constant(uint256) = 104
_UNTIL_SHIFT: constant(uint256) = 144
_KEPT_AGE_SHIFT: constant(uint256) = 184
_KEPT_CALENDAR_SHIFT: constant(uint256) = 208
# @dev a change of the multiplier took effect, and no answer since was agreed
WINDOW: constant(uint256) = 2**248
SUSPENDED: constant(uint256) = 2**249
# @dev what ends the price is a change that is scheduled
ENDS_IN_WINDOW: constant(uint256) = 2**250
# @dev of what was seen of the multiplier: the generation of the price, that which opened the window, and since when
_SEEN_SHIFT: constant(uint256) = 24
_SINCE_SHIFT: constant(uint256) = 48

# @dev two words a stock; the first is 0 before it is configured
terms: HashMap[address, uint256[2]]
kept: HashMap[address, uint256]
seen: HashMap[address, uint256]


@internal
@pure
def _address(word: uint256) -> address:
    return convert(word & _U160, address)


@internal
@pure
def _decimals(word: uint256) -> uint256:
    return (word >> _DECIMALS_SHIFT) & _U8


@internal
@pure
def _max_age(first: uint256) -> uint256:
    return (first >> _AGE_SHIFT) & _U24


@internal
@pure
def _band(first: uint256) -> uint256:
    return (first >> _BAND_SHIFT) & _U16


@internal
@pure
def _deviation(first: uint256) -> uint256:
    return (first >> _DEVIATION_SHIFT) & _U16


@internal
@pure
def _calendar(second: uint256) -> uint256:
    return (second >> _CALENDAR_SHIFT) & _U40


@internal
@pure
def _price(word: uint256) -> uint256:
    return word & MAX_PRICE


@internal
@pure
def _as_of(word: uint256) -> uint256:
    return (word >> _AS_OF_SHIFT) & _U40


@internal
@pure
def _until(word: uint256) -> uint256:
    return (word >> _UNTIL_SHIFT) & _U40


@internal
@pure
def _kept_age(word: uint256) -> uint256:
    return (word >> _KEPT_AGE_SHIFT) & _U24


@internal
@pure
def _kept_calendar(word: uint256) -> uint256:
    return (word >> _KEPT_CALENDAR_SHIFT) & _U40


@internal
@pure
def _settled(word: uint256) -> uint256:
    return word & _U24


@internal
@pure
def _opened(word: uint256) -> uint256:
    return (word >> _SEEN_SHIFT) & _U24


@internal
@pure
def _since(word: uint256) -> uint256:
    return (word >> _SINCE_SHIFT) & _U40


@internal
def _write_terms(
    token: address,
    source: address,
    decimals: uint256,
    flags: uint256,
    second: address,
    second_decimals: uint256,
    calendar: uint256,
):
    """
    @dev All but the three bounds, which _write_bounds adds.
    """
    self.terms[token] = [
        convert(source, uint256) | (decimals << _DECIMALS_SHIFT) | flags,
        convert(second, uint256) | (second_decimals << _DECIMALS_SHIFT) | (calendar << _CALENDAR_SHIFT),
    ]


@internal
def _write_bounds(token: address, max_age: uint256, band: uint256, deviation: uint256):
    """
    @dev The price that is kept was judged by other bounds: nobody trades at it until the next poke.
    """
    first: uint256 = self.terms[token][0]
    first &= ~((_U24 << _AGE_SHIFT) | (_U16 << _BAND_SHIFT) | (_U16 << _DEVIATION_SHIFT))
    first |= (max_age << _AGE_SHIFT) | (band << _BAND_SHIFT) | (deviation << _DEVIATION_SHIFT)
    self.terms[token][0] = first
    self.kept[token] &= ~((_U40 << _UNTIL_SHIFT) | ENDS_IN_WINDOW)


@internal
def _keep(token: address, price: uint256, as_of: uint256, until: uint256, in_window: bool, generation: uint256):
    """
    @dev What is agreed. It ends a window.
    """
    terms: uint256[2] = self.terms[token]
    word: uint256 = price | (as_of << _AS_OF_SHIFT) | (until << _UNTIL_SHIFT)
    word |= self._max_age(terms[0]) << _KEPT_AGE_SHIFT
    word |= self._calendar(terms[1]) << _KEPT_CALENDAR_SHIFT
    if in_window:
        word |= ENDS_IN_WINDOW
    self.kept[token] = word
    self.seen[token] = generation | (generation << _SEEN_SHIFT)


@internal
def _open_window(token: address, generation: uint256):
    """
    @dev The price stays for whoever holds it, and nobody trades at it.
    """
    self.kept[token] |= WINDOW
    self.seen[token] = (
        self._settled(self.seen[token]) | (generation << _SEEN_SHIFT) | (block.timestamp << _SINCE_SHIFT)
    )
