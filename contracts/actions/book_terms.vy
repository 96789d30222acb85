# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title book_terms
@license AGPL-3.0-only
@notice Which terms a corporate action of each code is announced with, and whether they make sense, before anything is
        stored.
@dev Stateless. A field that a code has no use for must be zero: terms of another code are the commonest slip.
"""

from ..interfaces import IActionBook
from ..shared import multiplier_math as mm
from . import action_terms

# @dev kinds, by ISO 15022 code; 0 is none
DVCA: constant(uint256) = 1
DVOP: constant(uint256) = 2
CAPD: constant(uint256) = 3
CHAN: constant(uint256) = 4
SOFF: constant(uint256) = 5
MRGR: constant(uint256) = 6
TEND: constant(uint256) = 7
RHTS: constant(uint256) = 8
DLST: constant(uint256) = 9
LIQU: constant(uint256) = 10
MEET: constant(uint256) = 11
KINDS: constant(uint256) = 11
# @dev those of which the distributor pays or delivers by a root, a bit each: DVCA DVOP CAPD SOFF MRGR RHTS LIQU
ROOTED: constant(uint256) = 2**1 + 2**2 + 2**3 + 2**5 + 2**6 + 2**8 + 2**10
_CODES: constant(String[44]) = "DVCADVOPCAPDCHANSOFFMRGRTENDRHTSDLSTLIQUMEET"

# @dev the fields of IActionBook.ActionTerms, a bit each, in their order; exAt is filled in before they are looked at
_EX: constant(uint256) = 2**0 + 2**1
_RECORD: constant(uint256) = 2**2
_DEADLINE: constant(uint256) = 2**3
_PAY: constant(uint256) = 2**4
_EXPIRY: constant(uint256) = 2**5
_GROSS: constant(uint256) = 2**6
_FEE: constant(uint256) = 2**7
_CURRENCY: constant(uint256) = 2**8
_COIN: constant(uint256) = 2**9
_RATE: constant(uint256) = 2**10 + 2**11
_RATIO: constant(uint256) = 2**12 + 2**13
_OTHER: constant(uint256) = 2**14
_PRICE: constant(uint256) = 2**15
_MOST: constant(uint256) = 2**16
_DOCUMENT: constant(uint256) = 2**17
_CASH: constant(uint256) = _EX + _RECORD + _PAY + _EXPIRY + _GROSS + _CURRENCY + _COIN


@internal
@pure
def _kind(code: String[4]) -> uint256:
    """
    @return uint256 The kind of a code that the book records, 0 for any other.
    """
    for kind: uint256 in range(1, KINDS + 1):
        if self._code(kind) == code:
            return kind
    return 0


@internal
@pure
def _code(kind: uint256) -> String[4]:
    if kind == 0:
        return ""
    return slice(_CODES, 4 * (kind - 1), 4)


@internal
@pure
def _is_paid(kind: uint256) -> bool:
    """
    @return bool Whether the distributor pays it out by a root, as against what takes effect at its second.
    """
    return kind == DVCA or kind == DVOP or kind == CAPD or kind == LIQU


@internal
@view
def _checked(kind: uint256, terms: IActionBook.ActionTerms, escheat: uint256) -> IActionBook.ActionTerms:
    """
    @dev Errors, in order: "book: bad terms", "actions: bad terms" (ex is no date), "book: expiry too early".
    @param kind 1..11.
    @param terms as given.
    @param escheat how long after pay and record what is paid out may be fetched at least, seconds.
    @return ActionTerms The terms with exAt filled in.
    """
    given: IActionBook.ActionTerms = terms
    assert given.ex <= 2**32 - 1, "book: bad terms"
    if given.ex != 0:
        midnight: uint256 = action_terms._midnight(given.ex)
        if given.exAt == 0:
            given.exAt = midnight
        assert given.exAt <= mm.MAX_U40, "book: bad terms"
        near: uint256 = action_terms.EX_INSTANT
        assert midnight <= given.exAt + near and given.exAt <= midnight + near, "book: bad terms"
    assert given.ex != 0 or given.exAt == 0, "book: bad terms"
    fields: uint256 = self._fields(given)
    needed: uint256 = 0
    more: uint256 = 0
    needed, more = self._taken(kind)
    assert fields & needed == needed and fields & ~(needed | more | _DOCUMENT) == 0, "book: bad terms"
    self._check_times(given)
    self._check_amounts(kind, given)
    if self._is_paid(kind):
        assert given.expiry >= max(given.pay, given.recordAt) + escheat, "book: expiry too early"
    elif given.expiry != 0:
        first: uint256 = given.pay + escheat
        if kind == RHTS:
            # A right that nobody uses is worth nothing after its time.
            first = given.deadline
        assert given.expiry >= first, "book: expiry too early"
    return given


@internal
@pure
def _taken(kind: uint256) -> (uint256, uint256):
    """
    @return (the fields that a kind needs, those that it may have beside them and a document).
    """
    if kind == DVCA or kind == CAPD:
        return _CASH, _FEE + _RATE
    if kind == DVOP:
        return _CASH + _DEADLINE, _FEE + _RATE + _RATIO + _PRICE + _MOST
    if kind == SOFF:
        return _EX + _RECORD + _PAY + _RATIO, _OTHER
    if kind == MRGR:
        # With a record it is paid and delivered by roots.
        return _PAY, _RECORD + _DEADLINE + _EXPIRY + _GROSS + _CURRENCY + _COIN + _RATE + _RATIO + _OTHER
    if kind == TEND:
        return _DEADLINE + _PAY + _CURRENCY + _PRICE, _COIN + _RATE + _MOST
    if kind == RHTS:
        needed: uint256 = _EX + _RECORD + _DEADLINE + _PAY + _EXPIRY + _CURRENCY + _RATIO + _PRICE
        return needed, _COIN + _RATE + _OTHER
    if kind == LIQU:
        # Without a record it is the last payment, which each unit is burned for.
        return _PAY + _EXPIRY + _CURRENCY + _COIN + _PRICE, _EX + _RECORD + _RATE
    if kind == MEET:
        return _RECORD + _DEADLINE + _PAY + _DOCUMENT, 0
    # CHAN says the rest in words; who is delisted may be bought out.
    return _PAY, _EXPIRY + _CURRENCY + _COIN + _RATE + _PRICE if kind == DLST else 0


@internal
@pure
def _check_times(given: IActionBook.ActionTerms):
    """
    @dev Errors: "book: bad terms".
    """
    latest: uint256 = max(max(given.recordAt, given.deadline), max(given.pay, given.expiry))
    assert latest <= mm.MAX_U40, "book: bad terms"
    if given.ex != 0:
        window: uint256 = action_terms.EX_WINDOW
        assert given.exAt <= given.recordAt and given.recordAt <= given.exAt + window, "book: bad terms"
        # Of a deferred ex the cash is there before it.
        assert given.exAt <= given.pay + window, "book: bad terms"
    if given.recordAt != 0:
        assert given.pay <= given.recordAt + action_terms.MAX_PAY_DELAY, "book: bad terms"
    if given.deadline != 0:
        # Who may choose is known before the choice ends, and the choice before it is carried out.
        assert given.recordAt <= given.deadline and given.deadline <= given.pay, "book: bad terms"


@internal
@view
def _check_amounts(kind: uint256, given: IActionBook.ActionTerms):
    """
    @dev Errors: "book: bad terms".
    """
    good: bool = given.gross <= mm.MAX_U96 and given.price <= mm.MAX_U128 and given.most <= mm.MAX_U96
    good = good and (given.fee == 0 or given.fee < given.gross)
    good = good and (len(given.currency) == 0 or len(given.currency) == 3)
    good = good and (given.currency != "") == (given.gross != 0 or given.price != 0)
    good = good and (given.coin == empty(address) or (given.currency != "" and given.coin.is_contract))
    good = good and given.rate <= mm.MAX_U128 and (given.rate == 0) == (given.source == empty(bytes32))
    good = good and (given.rate == 0 or given.coin != empty(address))
    good = good and (given.num == 0) == (given.den == 0)
    good = good and given.num <= mm.MAX_U64 and given.den <= mm.MAX_U64
    assert good and (given.other == empty(address) or given.num != 0), "book: bad terms"
    if kind == MRGR:
        # In cash, in stock, or both.
        assert given.gross != 0 or given.num != 0, "book: bad terms"


@internal
@pure
def _fields(given: IActionBook.ActionTerms) -> uint256:
    """
    @return uint256 Which fields are not zero, a bit each.
    """
    fields: uint256 = convert(given.ex != 0, uint256) | (convert(given.exAt != 0, uint256) << 1)
    fields |= (convert(given.recordAt != 0, uint256) << 2) | (convert(given.deadline != 0, uint256) << 3)
    fields |= (convert(given.pay != 0, uint256) << 4) | (convert(given.expiry != 0, uint256) << 5)
    fields |= (convert(given.gross != 0, uint256) << 6) | (convert(given.fee != 0, uint256) << 7)
    fields |= (convert(given.currency != "", uint256) << 8) | (convert(given.coin != empty(address), uint256) << 9)
    fields |= (convert(given.rate != 0, uint256) << 10) | (convert(given.source != empty(bytes32), uint256) << 11)
    fields |= (convert(given.num != 0, uint256) << 12) | (convert(given.den != 0, uint256) << 13)
    fields |= (convert(given.other != empty(address), uint256) << 14) | (convert(given.price != 0, uint256) << 15)
    fields |= convert(given.most != 0, uint256) << 16
    return fields | (convert(given.document != empty(bytes32), uint256) << 17)
