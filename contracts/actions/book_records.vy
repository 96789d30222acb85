# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title book_records
@license AGPL-3.0-only
@notice One typed record for each corporate action that moves no multiplier, kept for ever, and the list of each stock's.
        A word that holds nothing is not written.

            head    0..159 token | 160..199 announcedAt | 200..215 amended | 216..223 status | 224..231 kind
                    232..255 the currency's three letters
            times   0..31 ex, YYYYMMDD | 32..71 exAt | 72..111 recordAt | 112..151 pay | 152..191 expiry
                    192..231 deadline | 232 at par: the rate is 1 and its source is PAR, neither is stored
            more, each word written where it holds anything:
            money   0..159 coin | 160..255 gross, a wad of currency per share
            rate    0..127 rate, a wad | 128..255 fee, a wad of currency per share
            ratio   0..63 num | 64..127 den | 128..255 price, a wad of currency per share
            other   0..159 the other stock | 160..255 most, raw units
            and whole words: the rate's source, the notice, and the hash of what CHAN says
"""

from ..interfaces import IActionBook
from ..shared import multiplier_math as mm
from ..shared import refusals
from . import book_terms

# @dev status; what takes effect at its second, `pay` or the record, the later, reads as effective from then on
ANNOUNCED: constant(uint256) = 1
EFFECTIVE: constant(uint256) = 2
CANCELLED: constant(uint256) = 3
COMPLETED: constant(uint256) = 4

MAX_AMENDED: constant(uint256) = 2**16 - 1
# @dev the source of a rate of one coin for one unit of currency, as the issuer's package names it
PAR: constant(bytes32) = keccak256("par")
# @dev places among `more`
_MORE: constant(uint256) = 7
_MONEY: constant(uint256) = 0
_RATE: constant(uint256) = 1
_SOURCE: constant(uint256) = 2
_RATIO: constant(uint256) = 3
_OTHER: constant(uint256) = 4
_DOCUMENT: constant(uint256) = 5
_CHANGE: constant(uint256) = 6
_U160: constant(uint256) = 2**160 - 1
_U32: constant(uint256) = 2**32 - 1
_U8: constant(uint256) = 2**8 - 1
_AMENDED_SHIFT: constant(uint256) = 200
_STATUS_SHIFT: constant(uint256) = 216
_KIND_SHIFT: constant(uint256) = 224
_CURRENCY_SHIFT: constant(uint256) = 232
_AT_PAR: constant(uint256) = 2**232


struct Record:
    head: uint256
    times: uint256
    more: uint256[_MORE]


_records: HashMap[bytes32, Record]
# @dev without an end: whoever announces cannot fill it
_ids: HashMap[address, HashMap[uint256, bytes32]]
# @notice how many actions of a stock the book ever recorded
actionCount: public(HashMap[address, uint256])


@external
@view
def action(id: bytes32) -> IActionBook.Recorded:
    """
    @notice All that is recorded of an action.
    @param id its id; an unknown one reads as zeros and no code.
    """
    return self._recorded(id)


@external
@view
def timesOf(id: bytes32) -> (address, String[4], uint256, uint256, uint256):
    """
    @notice What a vote and an election go by.
    @param id the action's; an unknown one reads as zeros and no code.
    @return (the stock, the ISO 15022 code, the status as in IActionBook, the record instant, UTC seconds; the last second
            of an election, 0 for none).
    """
    head: uint256 = self._records[id].head
    times: uint256 = self._records[id].times
    code: String[4] = book_terms._code(self._kind(head))
    return self._token(head), code, self._status(head, times), self._record_at(times), self._deadline(times)


@external
@view
def actionAt(token: address, i: uint256) -> bytes32:
    """
    @notice The id of a stock's i-th action in the book, from 0, oldest first.
    @dev Errors: "book: no such action".
    @param token the stock.
    @param i its place.
    """
    refusals._demand(i < self.actionCount[token], "book: no such action")
    return self._ids[token][i]


@internal
@view
def _recorded(id: bytes32) -> IActionBook.Recorded:
    head: uint256 = self._records[id].head
    times: uint256 = self._records[id].times
    kind: uint256 = self._kind(head)
    return IActionBook.Recorded(
        token=self._token(head),
        code=book_terms._code(kind),
        status=self._status(head, times),
        announcedAt=(head >> 160) & mm.MAX_U40,
        amended=(head >> _AMENDED_SHIFT) & MAX_AMENDED,
        change=convert(self._records[id].more[_CHANGE], bytes32),
        terms=self._terms(id, head, times),
    )


@internal
@view
def _terms(id: bytes32, head: uint256, times: uint256) -> IActionBook.ActionTerms:
    more: uint256[_MORE] = self._records[id].more
    source: bytes32 = convert(more[_SOURCE], bytes32)
    paid_at: uint256 = more[_RATE] & mm.MAX_U128
    if times & _AT_PAR != 0:
        paid_at = mm.WAD
        source = PAR
    return IActionBook.ActionTerms(
        ex=times & _U32,
        exAt=self._ex_at(times),
        recordAt=self._record_at(times),
        deadline=self._deadline(times),
        pay=self._pay(times),
        expiry=self._expiry(times),
        gross=more[_MONEY] >> 160,
        fee=more[_RATE] >> 128,
        currency=self._currency(head),
        coin=convert(more[_MONEY] & _U160, address),
        rate=paid_at,
        source=source,
        num=more[_RATIO] & mm.MAX_U64,
        den=(more[_RATIO] >> 64) & mm.MAX_U64,
        other=convert(more[_OTHER] & _U160, address),
        price=more[_RATIO] >> 128,
        most=more[_OTHER] >> 160,
        document=convert(more[_DOCUMENT], bytes32),
    )


@internal
def _append(token: address, id: bytes32):
    count: uint256 = self.actionCount[token]
    self._ids[token][count] = id
    self.actionCount[token] = count + 1


@internal
def _write(
    id: bytes32,
    token: address,
    kind: uint256,
    given: IActionBook.ActionTerms,
    change: bytes32,
    announced_at: uint256,
    amended: uint256,
):
    """
    @notice Records an action as announced, in place of what was recorded of it.
    @dev The caller has checked the widths.
    """
    at_par: bool = given.rate == mm.WAD and given.source == PAR
    letters: uint256 = convert(convert(given.currency, Bytes[3]), uint256)
    self._records[id].head = (
        convert(token, uint256)
        | (announced_at << 160)
        | (amended << _AMENDED_SHIFT)
        | (ANNOUNCED << _STATUS_SHIFT)
        | (kind << _KIND_SHIFT)
        | (letters << _CURRENCY_SHIFT)
    )
    times: uint256 = given.ex | (given.exAt << 32) | (given.recordAt << 72) | (given.pay << 112)
    times |= (given.expiry << 152) | (given.deadline << 192)
    more: uint256[_MORE] = empty(uint256[_MORE])
    more[_MONEY] = convert(given.coin, uint256) | (given.gross << 160)
    more[_RATE] = given.fee << 128
    if at_par:
        times |= _AT_PAR
    else:
        more[_RATE] |= given.rate
        more[_SOURCE] = convert(given.source, uint256)
    more[_RATIO] = given.num | (given.den << 64) | (given.price << 128)
    more[_OTHER] = convert(given.other, uint256) | (given.most << 160)
    more[_DOCUMENT] = convert(given.document, uint256)
    more[_CHANGE] = convert(change, uint256)
    self._records[id].times = times
    for i: uint256 in range(_MORE):
        # Of a new record a word that holds nothing costs nothing.
        if amended != 0 or more[i] != 0:
            self._records[id].more[i] = more[i]


@internal
def _set_status(id: bytes32, head: uint256, status: uint256):
    self._records[id].head = (head & ~(_U8 << _STATUS_SHIFT)) | (status << _STATUS_SHIFT)


@internal
@view
def _coin(id: bytes32) -> address:
    return convert(self._records[id].more[_MONEY] & _U160, address)


@internal
@view
def _has_rate(id: bytes32, times: uint256) -> bool:
    return times & _AT_PAR != 0 or self._records[id].more[_RATE] & mm.MAX_U128 != 0


@internal
@view
def _status(head: uint256, times: uint256) -> uint256:
    status: uint256 = (head >> _STATUS_SHIFT) & _U8
    # What a root pays has a record; a last payment of a liquidation has none.
    if status == ANNOUNCED and not (book_terms._is_paid(self._kind(head)) and self._record_at(times) != 0):
        # Of a deferred ex what it gives is there before the record: who gets it can still be put right until then.
        if max(self._pay(times), self._record_at(times)) <= block.timestamp:
            return EFFECTIVE
    return status


@internal
@pure
def _token(head: uint256) -> address:
    return convert(head & _U160, address)


@internal
@pure
def _kind(head: uint256) -> uint256:
    return (head >> _KIND_SHIFT) & _U8


@internal
@pure
def _currency(head: uint256) -> String[3]:
    if head >> _CURRENCY_SHIFT == 0:
        return ""
    return convert(slice(convert((head >> _CURRENCY_SHIFT) << _CURRENCY_SHIFT, bytes32), 0, 3), String[3])


@internal
@pure
def _ex_at(times: uint256) -> uint256:
    return (times >> 32) & mm.MAX_U40


@internal
@pure
def _record_at(times: uint256) -> uint256:
    return (times >> 72) & mm.MAX_U40


@internal
@pure
def _pay(times: uint256) -> uint256:
    return (times >> 112) & mm.MAX_U40


@internal
@pure
def _expiry(times: uint256) -> uint256:
    return (times >> 152) & mm.MAX_U40


@internal
@pure
def _deadline(times: uint256) -> uint256:
    return (times >> 192) & mm.MAX_U40
