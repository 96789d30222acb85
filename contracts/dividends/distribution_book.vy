# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title distribution_book
@license AGPL-3.0-only
@notice What was posted, funded and paid: a record for each distribution, the roots of each action in their order, a bit for
        each leaf that is paid or parked, and whose the parked amounts are.
"""

from ..interfaces import IDividendDistributor

# @dev status
POSTED: constant(uint256) = 1
FUNDED: constant(uint256) = 2
ENDED: constant(uint256) = 3
VOIDED: constant(uint256) = 4

# @dev terms   0..159 coin | 160..167 depth | 168..207 pay | 208..247 expiry | 248..250 status
#              253 pays in units of a stock, which stands in the coin's place | 254 remitted | 255 stopped
DEPTH_SHIFT: constant(uint256) = 160
PAY_SHIFT: constant(uint256) = 168
EXPIRY_SHIFT: constant(uint256) = 208
STATUS_SHIFT: constant(uint256) = 248
_STATUS_MASK: constant(uint256) = 7 << 248
IN_UNITS: constant(uint256) = 1 << 253
REMITTED: constant(uint256) = 1 << 254
STOPPED: constant(uint256) = 1 << 255
U8: constant(uint256) = 2**8 - 1
U40: constant(uint256) = 2**40 - 1
U128: constant(uint256) = 2**128 - 1
U160: constant(uint256) = 2**160 - 1


# @dev sums   0..127 what is not paid yet | 128..255 the root's net      amounts   0..127 gross | 128..255 withheld
struct Record:
    root: bytes32
    terms: uint256
    sums: uint256
    token: address
    action: bytes32
    amounts: uint256
    treasury: address
    tax: address


# @dev amount   0..127 net | 255 others than the account may have it paid, as its leaf says
struct Parked:
    account: address
    amount: uint256


# @notice how many roots were posted for an action, voided ones too
parts: public(HashMap[bytes32, uint256])
ids: HashMap[bytes32, HashMap[uint256, bytes32]]
records: HashMap[bytes32, Record]
# @dev _word of a distribution and an index → a bit for each of 256 leaves that is paid or parked
claimed: HashMap[uint256, uint256]
parked: HashMap[bytes32, HashMap[uint256, Parked]]


# --- what is recorded ------------------------------------------------------------------------------------------------


@external
@view
def distribution(id: bytes32) -> IDividendDistributor.Distribution:
    """
    @notice All that is recorded of a distribution; an unknown one reads as zeros.
    @param id its id.
    """
    record: Record = self.records[id]
    return IDividendDistributor.Distribution(
        action=record.action,
        token=record.token,
        coin=self._coin(record.terms),
        status=self._status(record.terms),
        stopped=record.terms & STOPPED != 0,
        remitted=record.terms & REMITTED != 0,
        root=record.root,
        depth=(record.terms >> DEPTH_SHIFT) & U8,
        pay=(record.terms >> PAY_SHIFT) & U40,
        expiry=(record.terms >> EXPIRY_SHIFT) & U40,
        net=record.sums >> 128,
        unpaid=record.sums & U128,
        gross=record.amounts & U128,
        withheld=record.amounts >> 128,
        treasury=record.treasury,
        tax=record.tax,
        inUnits=record.terms & IN_UNITS != 0,
    )


@external
@view
def partAt(action: bytes32, i: uint256) -> bytes32:
    """
    @notice The i-th root of an action, from 0; zero where there is none.
    """
    return self.ids[action][i]


@external
@view
def isClaimed(id: bytes32, index: uint256) -> bool:
    """
    @notice Whether the leaf at a place is paid or parked.
    """
    return (self.claimed[self._word(id, index)] >> (index & 255)) & 1 == 1


@external
@view
def parkedOf(id: bytes32, index: uint256) -> (address, uint256, bool):
    """
    @notice Whose amount is parked that the coin refused, how much, and whether others than the account may have it paid;
            zeros where none is.
    """
    parked: Parked = self.parked[id][index]
    return parked.account, parked.amount & U128, parked.amount >> 128 != 0


# --- parts -----------------------------------------------------------------------------------------------------------


@internal
@view
def _payable(id: bytes32) -> uint256:
    """
    @dev The terms of a distribution that pays now. Errors, in order: "dividend: not funded", "dividend: stopped",
         "dividend: before pay".
    """
    terms: uint256 = self.records[id].terms
    assert self._status(terms) == FUNDED, "dividend: not funded"
    assert terms & STOPPED == 0, "dividend: stopped"
    assert (terms >> PAY_SHIFT) & U40 <= block.timestamp, "dividend: before pay"
    return terms


@internal
@pure
def _word(id: bytes32, index: uint256) -> uint256:
    """
    @dev Which word of bits has a leaf's: an id is a hash, so no two distributions' words are ever the same.
    """
    return unsafe_add(convert(id, uint256), index >> 8)


@internal
def _set_status(id: bytes32, terms: uint256, status: uint256):
    self.records[id].terms = (terms & ~_STATUS_MASK) | (status << STATUS_SHIFT)


@internal
@pure
def _status(terms: uint256) -> uint256:
    return (terms >> STATUS_SHIFT) & 7


@internal
@pure
def _coin(terms: uint256) -> address:
    return convert(terms & U160, address)
