# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title reserve_book
@license AGPL-3.0-only
@notice How a stock's reserve is judged, and the words' bit maps. A mint reads the first two words; the third too where
        the source is attested, and the others only while a split is scheduled or unconfirmed.

            config    0..159 oracle, zero where ATTESTOR signs | 160..191 maxAge, seconds | 192..205 marginBps
                      206..211 the oracle's decimals | 212..253 what reserve_receivables keeps at hand there
                      254 whether a step is open | 255 whether the ceilings are stated in the basis after it
            ceilings  0..127 this chain's own | 128..255 all other chains' together, shares with 18 decimals
            said      0..127 shares attested, 18 decimals | 128..167 as of, UTC seconds | 168..207 split counter
                      208..255 nonce
            basis     0..63 num | 64..127 den | 128..167 split counter | 168..207 effectiveAt of the open step
                      208 whether that is a fold | 209..248 effect of the last confirmed split, UTC seconds
                      249 whether the open step is in doubt: an aggregator's answers count as the smaller reading alone
                      250 whether all four numbers are short: then 0..31 num | 32..63 den | 64..95 num | 96..127 den,
                      the latter two of the basis after the open step, and `step` says nothing
            step      0..63 num | 64..127 den of the basis after the open step, where they are not short
"""

from ..interfaces import IReserveFeed
from ..shared import multiplier_math as mm
from ..shared import refusals

_U160: constant(uint256) = 2**160 - 1
_U32: constant(uint256) = 2**32 - 1
_U14: constant(uint256) = 2**14 - 1
_U6: constant(uint256) = 2**6 - 1
_AGE_SHIFT: constant(uint256) = 160
_MARGIN_SHIFT: constant(uint256) = 192
_DECIMALS_SHIFT: constant(uint256) = 206
_COUNTER_SHIFT: constant(uint256) = 128
_STEP_AT_SHIFT: constant(uint256) = 168
_FOLD_FLAG: constant(uint256) = 2**208
_SPLIT_AT_SHIFT: constant(uint256) = 209
_DOUBT_FLAG: constant(uint256) = 2**249
_SHORT_FLAG: constant(uint256) = 2**250
_AS_OF_SHIFT: constant(uint256) = 128
_SAID_COUNTER_SHIFT: constant(uint256) = 168
_NONCE_SHIFT: constant(uint256) = 208
# @dev the part of the config word that configure() writes
SETTINGS_MASK: constant(uint256) = 2**212 - 1
STEP_OPEN: constant(uint256) = 2**254
CEILINGS_AHEAD: constant(uint256) = 2**255

MAX_AGE: constant(uint256) = _U32
MAX_DECIMALS: constant(uint256) = 36
# @dev basis points that may come off an oracle's answers: what is wrong by more is misread around a split
BLIND_MARGIN: constant(uint256) = 200


struct Book:
    config: uint256
    ceilings: uint256
    said: uint256
    basis: uint256
    step: uint256


# @dev the confirmed basis, and the step that is open: its second (0: none), whether it is a fold or in doubt, and the
#      pair after it; the second of the last confirmed step that was no fold
struct Basis:
    num: uint256
    den: uint256
    counter: uint256
    step_at: uint256
    fold: bool
    doubt: bool
    next_num: uint256
    next_den: uint256
    split_at: uint256


# @dev what ATTESTOR said last: shares with 18 decimals, UTC second, split counter; and the nonce of the next paper
struct Said:
    shares: uint256
    as_of: uint256
    counter: uint256
    nonce: uint256


books: HashMap[address, Book]


# --- config ----------------------------------------------------------------------------------------------------------


@internal
@pure
def _oracle(config: uint256) -> address:
    """
    @return address The oracle; zero where ATTESTOR signs.
    """
    return convert(config & _U160, address)


@internal
@pure
def _decimals(config: uint256) -> uint256:
    """
    @return uint256 Decimals of the oracle's answers when it was configured.
    """
    return (config >> _DECIMALS_SHIFT) & _U6


@internal
@pure
def _max_age(config: uint256) -> uint256:
    """
    @return uint256 Seconds after which an answer is stale; 0 where the stock is not configured.
    """
    return (config >> _AGE_SHIFT) & _U32


@internal
@pure
def _margin(config: uint256) -> uint256:
    """
    @return uint256 Basis points taken off each answer.
    """
    return (config >> _MARGIN_SHIFT) & _U14


@internal
def _write_settings(token: address, oracle: address, decimals: uint256, max_age: uint256, margin: uint256):
    """
    @dev The caller has checked the bounds; receivables and steps stay.
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
    return self._max_age(self.books[token].config) != 0


@internal
@view
def _check_configured(token: address):
    """
    @dev Errors: "reserve: not configured".
    """
    refusals._demand(self._configured(token), "reserve: not configured")


@internal
@view
def _attested(config: uint256) -> bool:
    """
    @return bool Whether ATTESTOR's signature is what a configured stock's reserve is read from; so of one that is not
                 configured, for no oracle answers for it.
    """
    return config & _U160 == 0


# --- basis -----------------------------------------------------------------------------------------------------------


@internal
@view
def _basis(token: address) -> Basis:
    """
    @dev A stock that was never heard of reads as 1/1, counter 0.
    """
    word: uint256 = self.books[token].basis
    if word == 0:
        return Basis(num=1, den=1, counter=0, step_at=0, fold=False, doubt=False, next_num=0, next_den=0, split_at=0)
    step_at: uint256 = (word >> _STEP_AT_SHIFT) & mm.MAX_U40
    pair: uint256 = word & mm.MAX_U128
    step: uint256 = 0
    if word & _SHORT_FLAG != 0:
        step = self._long(pair >> 64)
        pair = self._long(pair & mm.MAX_U64)
    elif step_at != 0:
        step = self.books[token].step
    return Basis(
        num=pair & mm.MAX_U64,
        den=pair >> 64,
        counter=(word >> _COUNTER_SHIFT) & mm.MAX_U40,
        step_at=step_at,
        fold=word & _FOLD_FLAG != 0,
        doubt=word & _DOUBT_FLAG != 0,
        next_num=step & mm.MAX_U64,
        next_den=step >> 64,
        split_at=(word >> _SPLIT_AT_SHIFT) & mm.MAX_U40,
    )


@internal
def _write_basis(token: address, basis: Basis):
    """
    @dev Keeps the config word's flags: of an open step, and of ceilings that are stated ahead of one.
    """
    config: uint256 = self.books[token].config & ~STEP_OPEN
    pair: uint256 = basis.num | (basis.den << 64)
    if basis.step_at == 0:
        config &= ~CEILINGS_AHEAD
    else:
        config |= STEP_OPEN
        if max(max(basis.num, basis.den), max(basis.next_num, basis.next_den)) <= _U32:
            # Of nearly every split: no word of its own.
            pair = basis.num | (basis.den << 32) | (basis.next_num << 64) | (basis.next_den << 96) | _SHORT_FLAG
        else:
            self.books[token].step = basis.next_num | (basis.next_den << 64)
    word: uint256 = (
        pair
        | (basis.counter << _COUNTER_SHIFT)
        | (basis.step_at << _STEP_AT_SHIFT)
        | (basis.split_at << _SPLIT_AT_SHIFT)
    )
    if basis.fold:
        word |= _FOLD_FLAG
    if basis.doubt:
        word |= _DOUBT_FLAG
    self.books[token].basis = word
    self.books[token].config = config


@internal
@pure
def _long(pair: uint256) -> uint256:
    """
    @param pair two short numbers.
    @return uint256 The same two, in 64 bits each.
    """
    return (pair & _U32) | ((pair >> 32) << 64)


@internal
def _doubt(token: address):
    """
    @notice Puts an open step in doubt where an oracle answers: what is owed no longer tells its two readings apart. A
            fold's are one, and an attestation says which of the two it is.
    """
    config: uint256 = self.books[token].config
    word: uint256 = self.books[token].basis
    if config & STEP_OPEN != 0 and word & _FOLD_FLAG == 0:
        if self._attested(config):
            self.books[token].basis = word & ~_DOUBT_FLAG
        elif word & _DOUBT_FLAG == 0:
            self.books[token].basis = word | _DOUBT_FLAG
            log IReserveFeed.BasisDoubted(token=token)


# --- ceilings --------------------------------------------------------------------------------------------------------


@internal
def _write_ceilings(token: address, own: uint256, others: uint256, ahead: bool):
    """
    @param ahead whether they are stated in the basis after the open step.
    """
    self.books[token].ceilings = own | (others << 128)
    config: uint256 = self.books[token].config & ~CEILINGS_AHEAD
    if ahead:
        config |= CEILINGS_AHEAD
    self.books[token].config = config


@internal
@view
def _stated(token: address) -> uint256:
    """
    @return uint256 The split counter of the basis that the ceilings are stated in.
    """
    counter: uint256 = self._basis(token).counter
    if self.books[token].config & CEILINGS_AHEAD != 0:
        counter += 1
    return counter


# --- papers ----------------------------------------------------------------------------------------------------------


@internal
@view
def _said(token: address) -> Said:
    word: uint256 = self.books[token].said
    return Said(
        shares=word & mm.MAX_U128,
        as_of=(word >> _AS_OF_SHIFT) & mm.MAX_U40,
        counter=(word >> _SAID_COUNTER_SHIFT) & mm.MAX_U40,
        nonce=word >> _NONCE_SHIFT,
    )


@internal
def _write_said(token: address, said: Said):
    self.books[token].said = (
        said.shares
        | (said.as_of << _AS_OF_SHIFT)
        | (said.counter << _SAID_COUNTER_SHIFT)
        | (said.nonce << _NONCE_SHIFT)
    )


@internal
def _void_papers(token: address):
    """
    @notice Makes every paper that was signed before unusable.
    @dev The nonce does not wrap: the shift would drop what is above 48 bits after 2**48 changes.
    """
    said: Said = self._said(token)
    said.nonce += 1
    self._write_said(token, said)
