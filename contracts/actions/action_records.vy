# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title action_records
@license AGPL-3.0-only
@notice One typed record for each corporate action, kept for ever, and the list of each stock's.

            head    0..159 token | 160..199 announcedAt | 200..239 effectiveAt | 240..247 status | 248..255 kind
            terms   0..63 num | 64..127 den, or 0..127 a dividend's gross | 128..159 ex, YYYYMMDD | 160..199 pay
                    200..223 effectiveAt − exAt | 224..247 buy − effectiveAt, seconds
            strike  0..127 price | 128..255 what is withheld of a dividend, or the index that a correction or a fold writes

        Money is in wads of currency per share. A dividend has no pair, and nothing else has money.
"""

from ..interfaces import ICorporateActions
from ..interfaces import IStockToken
from ..shared import multiplier_math as mm
from ..shared import refusals
from . import undecided_actions as undecided

uses: undecided

# @dev status; a scheduled action whose second has come reads as effective
UNKNOWN: constant(uint256) = 0
ANNOUNCED: constant(uint256) = 1
SCHEDULED: constant(uint256) = 2
CANCELLED: constant(uint256) = 3
EFFECTIVE: constant(uint256) = 4

# @dev kinds, by ISO 15022 code; CORR and FOLD are the issuer's own
SPLF: constant(uint256) = 1
SPLR: constant(uint256) = 2
DRIP: constant(uint256) = 3
CORR: constant(uint256) = 4
FOLD: constant(uint256) = 5
DVSE: constant(uint256) = 6
_KINDS: constant(uint256) = 6
_CODES: constant(String[24]) = "SPLFSPLRDRIPCORRFOLDDVSE"

_U160: constant(uint256) = 2**160 - 1
_U32: constant(uint256) = 2**32 - 1
_U24: constant(uint256) = 2**24 - 1
_U8: constant(uint256) = 2**8 - 1
_LEAD_SHIFT: constant(uint256) = 200
_WAIT_SHIFT: constant(uint256) = 224
_STATUS_MASK: constant(uint256) = 255 << 240


struct Record:
    head: uint256
    terms: uint256
    strike: uint256


_records: HashMap[bytes32, Record]
# @dev without an end: whoever announces cannot fill it
_ids: HashMap[address, HashMap[uint256, bytes32]]


@external
@view
def action(id: bytes32) -> ICorporateActions.Action:
    """
    @notice All that is recorded of an action.
    @param id its id; an unknown one reads as zeros.
    @return Action Money in wads of currency per share, times in UTC seconds, ex as YYYYMMDD.
    """
    record: Record = self._records[id]
    status: uint256 = self._status(record.head)
    if status == SCHEDULED and block.timestamp >= self._effective_at(record.head):
        status = EFFECTIVE
    kind: uint256 = self._kind(record.head)
    pair: uint256 = record.terms & mm.MAX_U128
    index: uint256 = record.strike >> 128
    gross: uint256 = 0
    withheld: uint256 = 0
    net: uint256 = 0
    if kind == DRIP:
        gross = pair
        pair = 0
        withheld = index
        index = 0
        if record.strike != 0:
            net = gross - withheld
    pay: uint256 = 0
    buy: uint256 = 0
    pay, buy = self._payment(id)
    return ICorporateActions.Action(
        token=self._token(record.head),
        code=self._code(kind),
        status=status,
        announcedAt=(record.head >> 160) & mm.MAX_U40,
        ex=(record.terms >> 128) & _U32,
        exAt=self._ex_at(id),
        pay=pay,
        buy=buy,
        effectiveAt=self._effective_at(record.head),
        num=pair & mm.MAX_U64,
        den=pair >> 64,
        gross=gross,
        withheld=withheld,
        net=net,
        price=record.strike & mm.MAX_U128,
        index=index,
    )


@external
@view
def actionCount(token: address) -> uint256:
    """
    @notice How many actions of a stock were ever recorded.
    @param token the stock.
    """
    return undecided._count(token)


@external
@view
def actionAt(token: address, i: uint256) -> bytes32:
    """
    @notice The id of a stock's i-th action, from 0, oldest first.
    @dev Errors: "actions: no such action".
    @param token the stock.
    @param i its place.
    """
    refusals._demand(i < undecided._count(token), "actions: no such action")
    return self._ids[token][i]


@external
@pure
def actionId(isin: String[12], series: uint256, code: String[4], reference: bytes32) -> bytes32:
    """
    @notice keccak256 of 56 bytes: the ISIN's 12, the series' 8, its highest byte first, the code's 4, the reference's 32.
            The same on every chain that has the stock.
    @param isin the stock's ISIN at birth; one that it came to carry later is in no id.
    @param series which stock of that ISIN it is, below 2**64.
    @param code ISO 15022 code, or CORR or FOLD.
    @param reference the issuer's own.
    """
    return self._hash(isin, series, code, reference)


@internal
@view
def _id(token: address, code: String[4], reference: bytes32) -> bytes32:
    """
    @dev A stock's ISIN at birth and its series are one stock's alone, and so is what is made of them.
    """
    stock: IStockToken = IStockToken(token)
    return self._hash(staticcall stock.isin(), staticcall stock.series(), code, reference)


@internal
@pure
def _hash(isin: String[12], series: uint256, code: String[4], reference: bytes32) -> bytes32:
    place: bytes8 = convert(convert(series, uint64), bytes8)
    return keccak256(concat(convert(isin, Bytes[12]), place, convert(code, Bytes[4]), reference))


@internal
@pure
def _code_kind(code: String[4]) -> uint256:
    """
    @return uint256 The kind of an ISO code that can be announced, 0 for any other.
    """
    for kind: uint256 in range(1, _KINDS + 1):
        if kind != CORR and kind != FOLD and self._code(kind) == code:
            return kind
    return 0


@internal
@pure
def _code(kind: uint256) -> String[4]:
    if kind == 0:
        return ""
    return slice(_CODES, 4 * (kind - 1), 4)


@internal
def _create(id: bytes32, token: address, kind: uint256, status: uint256, effective_at: uint256, terms: uint256):
    """
    @dev Errors: "actions: already announced".
    """
    assert self._records[id].head == 0, "actions: already announced"
    self._records[id].head = (
        convert(token, uint256)
        | (block.timestamp << 160)
        | (effective_at << 200)
        | (status << 240)
        | (kind << 248)
    )
    self._records[id].terms = terms
    self._ids[token][undecided._count_one(token)] = id


@internal
@pure
def _pack_terms(
    num: uint256, den: uint256, ex: uint256, ex_at: uint256, pay: uint256, buy: uint256, effective_at: uint256
) -> uint256:
    """
    @dev The caller has checked the widths and the order of the instants.
    """
    word: uint256 = num | (den << 64) | (ex << 128) | (pay << 160) | ((effective_at - ex_at) << _LEAD_SHIFT)
    if pay != 0:
        word |= (buy - effective_at) << _WAIT_SHIFT
    return word


@internal
def _set_status(id: bytes32, head: uint256, status: uint256):
    self._records[id].head = (head & ~_STATUS_MASK) | (status << 240)


@internal
def _set_strike(id: bytes32, price: uint256, beside: uint256):
    """
    @param beside what is withheld of a dividend; the index of a correction or a fold.
    """
    self._records[id].strike = price | (beside << 128)


@internal
@pure
def _token(head: uint256) -> address:
    return convert(head & _U160, address)


@internal
@pure
def _effective_at(head: uint256) -> uint256:
    return (head >> 200) & mm.MAX_U40


@internal
@pure
def _status(head: uint256) -> uint256:
    return (head >> 240) & _U8


@internal
@pure
def _kind(head: uint256) -> uint256:
    return head >> 248


@internal
@view
def _split_terms(id: bytes32) -> (uint256, uint256):
    """
    @return (new shares, old shares).
    """
    terms: uint256 = self._records[id].terms
    return terms & mm.MAX_U64, (terms >> 64) & mm.MAX_U64


@internal
@view
def _ex_at(id: bytes32) -> uint256:
    """
    @return uint256 The market's ex instant, UTC seconds.
    """
    return self._effective_at(self._records[id].head) - ((self._records[id].terms >> _LEAD_SHIFT) & _U24)


@internal
@view
def _payment(id: bytes32) -> (uint256, uint256):
    """
    @return (UTC second of a dividend's cash, the one by which its shares are bought); zeros for anything else.
    """
    terms: uint256 = self._records[id].terms
    pay: uint256 = (terms >> 160) & mm.MAX_U40
    if pay == 0:
        return 0, 0
    return pay, self._effective_at(self._records[id].head) + (terms >> _WAIT_SHIFT)


@internal
@view
def _dividend_terms(id: bytes32) -> (uint256, uint256):
    """
    @return (price, net) of a scheduled dividend.
    """
    strike: uint256 = self._records[id].strike
    return strike & mm.MAX_U128, (self._records[id].terms & mm.MAX_U128) - (strike >> 128)
