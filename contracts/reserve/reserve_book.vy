# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title reserve_book
@license AGPL-3.0-only
@notice All that the ReserveFeed stores, and its bit maps. A mint reads two words, and one more for each receivable that
        may still be open.

            config  0..159 oracle | 160..191 maxAge, seconds | 192..205 marginBps | 206..211 the oracle's decimals
                    212..214 count of receivables | 215..247 the last second but one at which any of them counts
            basis   0..63 num | 64..127 den | 128..255 ceiling, shares with 18 decimals
            open    0..127 supply | 128..221 delta of the index, a wad | 222..255 until, UTC seconds
"""

from ..shared import multiplier_math as mm

_U160: constant(uint256) = 2**160 - 1
_U32: constant(uint256) = 2**32 - 1
_U14: constant(uint256) = 2**14 - 1
_U6: constant(uint256) = 2**6 - 1
_U3: constant(uint256) = 2**3 - 1
_U94: constant(uint256) = 2**94 - 1
_AGE_SHIFT: constant(uint256) = 160
_MARGIN_SHIFT: constant(uint256) = 192
_DECIMALS_SHIFT: constant(uint256) = 206
_COUNT_SHIFT: constant(uint256) = 212
_UNTIL_SHIFT: constant(uint256) = 215
# @dev the part of the config word that configure() writes
_SETTINGS_MASK: constant(uint256) = 2**212 - 1

MAX_AGE: constant(uint256) = _U32
MAX_DECIMALS: constant(uint256) = 36
# @dev the year 2242: an `until` beyond it counts as this second
MAX_UNTIL: constant(uint256) = 2**33 - 1
MAX_RECEIVABLES: constant(uint256) = 4


struct Book:
    config: uint256
    basis: uint256
    open: uint256[4]
    ids: bytes32[4]


books: HashMap[address, Book]


# --- config ----------------------------------------------------------------------------------------------------------


@internal
@view
def _settings(config: uint256) -> (address, uint256, uint256, uint256):
    """
    @param config a config word.
    @return (oracle, its decimals, maxAge in seconds, marginBps).
    """
    return (
        convert(config & _U160, address),
        (config >> _DECIMALS_SHIFT) & _U6,
        (config >> _AGE_SHIFT) & _U32,
        (config >> _MARGIN_SHIFT) & _U14,
    )


@internal
def _write_settings(token: address, oracle: address, decimals: uint256, max_age: uint256, margin: uint256):
    """
    @dev The caller has checked the bounds; receivables stay.
    """
    self.books[token].config = (
        (self.books[token].config & ~_SETTINGS_MASK)
        | convert(oracle, uint256)
        | (max_age << _AGE_SHIFT)
        | (margin << _MARGIN_SHIFT)
        | (decimals << _DECIMALS_SHIFT)
    )


@internal
@view
def _configured(token: address) -> bool:
    return self.books[token].config & _U160 != 0


# --- basis and ceiling -----------------------------------------------------------------------------------------------


@internal
@pure
def _basis(word: uint256) -> (uint256, uint256, uint256):
    """
    @param word a basis word; zero reads as the fraction 1/1.
    @return (num, den, ceiling).
    """
    if word == 0:
        return 1, 1, 0
    return word & mm.MAX_U64, (word >> 64) & mm.MAX_U64, word >> 128


@internal
def _write_basis(token: address, num: uint256, den: uint256, ceiling: uint256):
    self.books[token].basis = num | (den << 64) | (ceiling << 128)


# --- receivables -----------------------------------------------------------------------------------------------------


@internal
@view
def _receivable(token: address, config: uint256, supply: uint256, num: uint256, den: uint256) -> uint256:
    """
    @notice Shares with 18 decimals that scheduled dividends will still buy for `supply`, rounded down.
    @param token the stock.
    @param config its config word, which the caller has read.
    @param supply raw units, below 2**128.
    @param num numerator of the basis.
    @param den denominator of the basis.
    """
    if block.timestamp >= config >> _UNTIL_SHIFT:
        return 0
    total: uint256 = 0
    for i: uint256 in range((config >> _COUNT_SHIFT) & _U3, bound=MAX_RECEIVABLES):
        word: uint256 = self.books[token].open[i]
        if block.timestamp < word >> 222:
            # The rise per unit is at most a quarter of the multiplier; the cap only keeps the product in range.
            per_unit: uint256 = min(((word >> 128) & _U94) * num // den, mm.MAX_U96)
            total += min(supply, word & mm.MAX_U128) * per_unit // mm.WAD
    return total


@internal
def _add_receivable(token: address, id: bytes32, delta: uint256, supply: uint256, until: uint256):
    """
    @dev A fifth drops the earliest added, which only makes mints harder. Values that do not fit are cut the same way.
    """
    config: uint256 = self.books[token].config
    count: uint256 = (config >> _COUNT_SHIFT) & _U3
    if count == MAX_RECEIVABLES:
        self._shift(token, 0, count)
        count -= 1
    last: uint256 = min(until, MAX_UNTIL)
    self.books[token].open[count] = min(supply, mm.MAX_U128) | (min(delta, _U94) << 128) | (last << 222)
    self.books[token].ids[count] = id
    last = max(last, config >> _UNTIL_SHIFT)
    self._write_count(token, config, count + 1, last)


@internal
def _remove_receivable(token: address, id: bytes32) -> bool:
    """
    @dev Whether there was one. It may have been dropped for newer ones, so its absence is no error.
    """
    config: uint256 = self.books[token].config
    count: uint256 = (config >> _COUNT_SHIFT) & _U3
    for i: uint256 in range(count, bound=MAX_RECEIVABLES):
        if self.books[token].ids[i] == id:
            self._shift(token, i, count)
            # `until` stays as it is: it only tells when there is nothing left to look at.
            self._write_count(token, config, count - 1, config >> _UNTIL_SHIFT)
            return True
    return False


@internal
def _drop_receivables(token: address):
    self._write_count(token, self.books[token].config, 0, 0)


@internal
def _shift(token: address, start: uint256, count: uint256):
    """
    @dev Closes the gap at `start`.
    """
    for i: uint256 in range(1, MAX_RECEIVABLES):
        if start < i and i < count:
            self.books[token].open[i - 1] = self.books[token].open[i]
            self.books[token].ids[i - 1] = self.books[token].ids[i]


@internal
def _write_count(token: address, config: uint256, count: uint256, until: uint256):
    self.books[token].config = (config & _SETTINGS_MASK) | (count << _COUNT_SHIFT) | (until << _UNTIL_SHIFT)
