# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title reserve_book
@license AGPL-3.0-only
@notice How a stock's reserve is judged: two words, which every mint reads, and their bit maps.

            config  0..159 oracle | 160..191 maxAge, seconds | 192..205 marginBps | 206..211 the oracle's decimals
                    212..255 what reserve_receivables keeps at hand there
            basis   0..63 num | 64..127 den | 128..255 ceiling, shares with 18 decimals
"""

from ..shared import multiplier_math as mm

_U160: constant(uint256) = 2**160 - 1
_U32: constant(uint256) = 2**32 - 1
_U14: constant(uint256) = 2**14 - 1
_U6: constant(uint256) = 2**6 - 1
_AGE_SHIFT: constant(uint256) = 160
_MARGIN_SHIFT: constant(uint256) = 192
_DECIMALS_SHIFT: constant(uint256) = 206
# @dev the part of the config word that configure() writes
SETTINGS_MASK: constant(uint256) = 2**212 - 1

MAX_AGE: constant(uint256) = _U32
MAX_DECIMALS: constant(uint256) = 36


struct Book:
    config: uint256
    basis: uint256


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
        (self.books[token].config & ~SETTINGS_MASK)
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
