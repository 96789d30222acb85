# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title election_book
@license AGPL-3.0-only
@notice What was opened and chosen: a record for each election, those of each action in their order, what each leaf said, and
        the sum of it.
@dev A choice stands under the leaf's index, for a tree has one leaf at a place: all choices come to no more than the root's
     sum. Every change of a leaf's takes its next number, signed or not, so that a signature which was not handed in is worth
     nothing once anything was said after it.
"""

from ..interfaces import IElections
from ..shared import record_roots

# @dev status
OPENED: constant(uint256) = 1
VOIDED: constant(uint256) = 2

# @dev options, by number
CASH: constant(uint256) = 0
SECU: constant(uint256) = 1

U40: constant(uint256) = 2**40 - 1
# @dev bits of each option's units, so that two of them and a number stand in one word
UNITS_BITS: constant(uint256) = 112
U112: constant(uint256) = 2**112 - 1
CHANGES_SHIFT: constant(uint256) = 224
_U224: constant(uint256) = 2**224 - 1
_ONE_CHANGE: constant(uint256) = 2**224

# @dev gate   0..199 of record_roots._top | 200..239 deadline | 240..245 depth | 246 default | 253..254 status
DEADLINE_SHIFT: constant(uint256) = 200
DEPTH_SHIFT: constant(uint256) = 240
DEFAULT_SHIFT: constant(uint256) = 246
STATUS_SHIFT: constant(uint256) = 253
STATUS_MASK: constant(uint256) = 3 << 253
DEADLINE_MASK: constant(uint256) = (2**40 - 1) << 200
_U6: constant(uint256) = 2**6 - 1


# @dev gate is all that a choice asks; counted   0..127 the root's sum | 128..167 recordAt
struct Record:
    gate: uint256
    root: bytes32
    counted: uint256
    action: bytes32


# @notice how many elections were opened for an action, voided ones too
parts: public(HashMap[bytes32, uint256])
ids: HashMap[bytes32, HashMap[uint256, bytes32]]
records: HashMap[bytes32, Record]
# @dev election → index → what the leaf said   0..111 CASH | 112..223 SECU | 224..255 changes
said: HashMap[bytes32, HashMap[uint256, uint256]]
# @dev election → the sum of what all leaves said   0..111 CASH | 112..223 SECU
sums: HashMap[bytes32, uint256]


# --- what is recorded ------------------------------------------------------------------------------------------------


@external
@view
def election(id: bytes32) -> IElections.Election:
    """
    @notice All that is recorded of an election; an unknown one reads as zeros. Its deadline is the action's as it was when
            the election was opened, or followed it last.
    """
    record: Record = self.records[id]
    status: uint256 = self._status(record.gate)
    return IElections.Election(
        action=record.action,
        status=status,
        recordAt=record.counted >> 128,
        deadline=self._deadline(record.gate),
        dflt=self._code(self._default(record.gate)) if status != 0 else "",
        root=record.root,
        sum=record.counted & U112,
        depth=self._depth(record.gate),
    )


@external
@view
def partAt(action: bytes32, i: uint256) -> bytes32:
    """
    @notice The i-th election of an action, from 0; zero where there is none.
    """
    return self.ids[action][i]


@external
@view
def chosen(election: bytes32, index: uint256) -> IElections.Choice:
    """
    @notice What a leaf said, raw units by option; what they leave of its units is the default's.
    @param election its id.
    @param index the leaf's place in the tree.
    """
    return self._split(self.said[election][index])


@external
@view
def nextNonce(election: bytes32, index: uint256) -> uint256:
    """
    @notice The number that the next signature about a leaf has. Every change of the leaf's takes one, signed or not.
    """
    return self._nonce(election, index)


@external
@view
def totals(election: bytes32) -> IElections.Choice:
    """
    @notice All raw units of the register by option, with the default's filled in, before anything is prorated.
    """
    record: Record = self.records[election]
    total: IElections.Choice = self._split(self.sums[election])
    rest: uint256 = (record.counted & U112) - total.cash - total.secu
    if self._default(record.gate) == CASH:
        total.cash += rest
    else:
        total.secu += rest
    return total


# --- parts -----------------------------------------------------------------------------------------------------------


@internal
@pure
def _code(option: uint256) -> String[4]:
    return "CASH" if option == CASH else "SECU"


@internal
@pure
def _split(packed: uint256) -> IElections.Choice:
    return IElections.Choice(cash=packed & U112, secu=(packed >> UNITS_BITS) & U112)


@internal
@pure
def _deadline(gate: uint256) -> uint256:
    return (gate >> DEADLINE_SHIFT) & U40


@internal
@pure
def _depth(gate: uint256) -> uint256:
    return (gate >> DEPTH_SHIFT) & _U6


@internal
@pure
def _default(gate: uint256) -> uint256:
    return (gate >> DEFAULT_SHIFT) & 1


@internal
@pure
def _status(gate: uint256) -> uint256:
    return gate >> STATUS_SHIFT


@internal
@view
def _standing(election: bytes32) -> uint256:
    """
    @dev The gate of an election that is not voided. Errors: "elections: unknown", "elections: voided".
    """
    gate: uint256 = self.records[election].gate
    assert gate != 0, "elections: unknown"
    assert self._status(gate) == OPENED, "elections: voided"
    return gate


@internal
@view
def _open(election: bytes32) -> uint256:
    """
    @dev The gate of an election that takes choices now. Errors, in order: "elections: unknown", "elections: voided",
         "elections: over".
    """
    gate: uint256 = self._standing(election)
    assert block.timestamp <= self._deadline(gate), "elections: over"
    return gate


@internal
def _void(election: bytes32, gate: uint256):
    self.records[election].gate = (gate & ~STATUS_MASK) | (VOIDED << STATUS_SHIFT)


@internal
@view
def _nonce(election: bytes32, index: uint256) -> uint256:
    return self.said[election][index] >> CHANGES_SHIFT


@internal
def _put(election: bytes32, index: uint256, cash: uint256, secu: uint256) -> uint256:
    """
    @dev A leaf's choice in the place of the one before; the number that this change takes. No half of a sum borrows or
         overflows: a leaf is counted once, with no more than its units, and all leaves come to the root's sum, of 112 bits.
         2**32 changes of one leaf do not fit into years of full blocks.
    """
    was: uint256 = self.said[election][index]
    now: uint256 = cash | (secu << UNITS_BITS)
    before: uint256 = was & _U224
    self.said[election][index] = now | unsafe_add(was & ~_U224, _ONE_CHANGE)
    if before != now:
        self.sums[election] = unsafe_add(unsafe_sub(self.sums[election], before), now)
    return was >> CHANGES_SHIFT
