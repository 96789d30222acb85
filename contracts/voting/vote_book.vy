# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title vote_book
@license AGPL-3.0-only
@notice What was opened, voted and reported: a record for each vote, the votes of each meeting in their order, what each account
        voted on each resolution, and the sum of it.
@dev A proposal's number is the vote's, a hash whose last byte is 0, plus the resolution's, from 0: so a resolution's vote is
     found without a lookup. What an account voted stands under the account, so that one which stood twice in a tree has one
     vote all the same. Beside it stands how often it voted, which is the number that a signed vote has to name: so a vote of
     any kind uses up what was signed before it, at no cost of its own.
     A meeting that the book calls cancelled makes its votes void without a transaction.
"""

from ..interfaces import IActionBook
from ..interfaces import IBallot
from ..shared import multiplier_math as mm

# @dev status
OPENED: constant(uint256) = 1
VOIDED: constant(uint256) = 2

# @dev how many proposals a vote has room for, and how many resolutions it may have
ROOM: constant(uint256) = 256
MAX_RESOLUTIONS: constant(uint256) = 64

U40: constant(uint256) = 2**40 - 1
U96: constant(uint256) = 2**96 - 1
U128: constant(uint256) = 2**128 - 1
U160: constant(uint256) = 2**160 - 1

# @dev gate   0..199 of record_roots._top | 200..239 deadline | 240..245 depth | 246..252 resolutions | 253..254 status
DEADLINE_SHIFT: constant(uint256) = 200
DEPTH_SHIFT: constant(uint256) = 240
RESOLUTIONS_SHIFT: constant(uint256) = 246
STATUS_SHIFT: constant(uint256) = 253
_U6: constant(uint256) = 2**6 - 1
_U7: constant(uint256) = 2**7 - 1
STATUS_MASK: constant(uint256) = 3 << 253

# @dev what a vote of all units says, and that one is in parts
IN_FAVOUR: constant(uint256) = 1
ABSTENTION: constant(uint256) = 2
IN_PARTS: constant(uint256) = 1 << 255
# @dev of what an account voted, how often it did
_TIMES_SHIFT: constant(uint256) = 130
_ONCE: constant(uint256) = 1 << 130
_TIMES: constant(uint256) = (2**64 - 1) << 130
# @dev the book's status of an action that was cancelled
_CANCELLED: constant(uint256) = 3

# @dev OpenZeppelin's ProposalState
_ACTIVE: constant(uint8) = 1
_CANCELED: constant(uint8) = 2
_QUEUED: constant(uint8) = 5
_EXECUTED: constant(uint8) = 7


# @dev gate is all that a vote asks; counted   0..127 the root's sum | 128..167 recordAt
#      stock   0..159 token | 160..255 multiplier
struct Record:
    gate: uint256
    root: bytes32
    counted: uint256
    stock: uint256
    meeting: bytes32
    agenda: bytes32
    reports: uint256
    report: bytes32


# @dev sides   0..127 against | 128..255 for
struct Split:
    sides: uint256
    abstain: uint256


# @notice the ActionBook, whose meetings are voted on
BOOK: public(immutable(IActionBook))

# @notice how many votes were opened for a meeting, voided ones too
parts: public(HashMap[bytes32, uint256])
ids: HashMap[bytes32, HashMap[uint256, uint256]]
records: HashMap[uint256, Record]
# @dev what an account voted, raw units
#      first   0..127 all of them | 128..129 the choice, OpenZeppelin's support; or, with bit 255, 0..127 against;
#              130..193 how often it voted
#      more    with that bit alone: 0..127 for | 128..255 abstain
struct Cast:
    first: uint256
    more: uint256


# @dev vote → account → raw units that it has proven
weights: HashMap[uint256, HashMap[address, uint256]]
# @dev proposal → account → what it voted; the sums of all accounts; what the custodian cast, shares as wads
votes: HashMap[uint256, HashMap[address, Cast]]
totals: HashMap[uint256, Split]
casts: HashMap[uint256, Split]


@deploy
def __init__(action_book: address):
    """
    @param action_book the ActionBook, which the deploying contract has looked at.
    """
    BOOK = IActionBook(action_book)


# --- what is recorded ------------------------------------------------------------------------------------------------


@external
@view
def poll(vote: uint256) -> IBallot.Poll:
    """
    @notice All that is recorded of a vote; an unknown one reads as zeros.
    @param vote any proposal of it.
    """
    record: Record = self.records[self._vote(vote)]
    return IBallot.Poll(
        token=convert(record.stock & U160, address),
        meeting=record.meeting,
        status=self._status(record.gate),
        recordAt=record.counted >> 128,
        deadline=self._deadline(record.gate),
        resolutions=self._resolutions(record.gate),
        multiplier=record.stock >> 160,
        root=record.root,
        sum=record.counted & U128,
        depth=self._depth(record.gate),
        agenda=record.agenda,
        reports=record.reports,
        report=record.report,
    )


@external
@view
def partAt(meeting: bytes32, i: uint256) -> uint256:
    """
    @notice The i-th vote of a meeting, from 0; zero where there is none.
    """
    return self.ids[meeting][i]


@external
@view
def nextNonce(proposalId: uint256, account: address) -> uint256:
    """
    @notice The number that a signed vote with the account's units has to name now: how often it voted on this resolution, in
            whatever way. So a vote uses up every one that was signed before it, and signed votes on several resolutions
            can be handed in in any order.
    @param proposalId the resolution's.
    @param account whose units; its successor signs with the number of the same account.
    """
    return self._next_nonce(proposalId, account)


@external
@pure
def nonces(owner: address) -> uint256:
    """
    @notice OpenZeppelin's, for wallets that know no other: 0, the number of a first vote on any resolution. `nextNonce` has
            that of another.
    """
    return 0


@external
@view
def hasVoted(proposalId: uint256, account: address) -> bool:
    """
    @notice Whether the account has votes in the proposal; one that took them back has none.
    """
    return self._used(proposalId, account) != 0


@external
@view
def usedVotes(proposalId: uint256, account: address) -> uint256:
    """
    @notice How many raw units the account votes with in the proposal, of all choices.
    """
    return self._used(proposalId, account)


@external
@view
def votesOf(proposalId: uint256, account: address) -> IBallot.Votes:
    """
    @notice How the account votes in the proposal, raw units by choice.
    """
    return self._votes(self._voted(proposalId, account))


@external
@view
def weightOf(vote: uint256, account: address) -> uint256:
    """
    @notice The raw units that the account can vote with and no proof; 0 before `prove`.
    """
    return self.weights[self._vote(vote)][account]


@external
@view
def proposalVotes(proposalId: uint256) -> (uint256, uint256, uint256):
    """
    @notice All votes of the proposal, raw units.
    @return (against, for, abstain).
    """
    total: Split = self.totals[proposalId]
    return total.sides & U128, total.sides >> 128, total.abstain


@external
@view
def proposalSnapshot(proposalId: uint256) -> uint256:
    """
    @notice The record instant at which units were counted, UTC seconds; 0 of what is unknown.
    """
    return self.records[self._vote(proposalId)].counted >> 128


@external
@view
def proposalDeadline(proposalId: uint256) -> uint256:
    """
    @notice The last second in which a vote counts, UTC seconds; 0 of what is unknown.
    """
    return self._deadline(self.records[self._vote(proposalId)].gate)


@external
@view
def state(proposalId: uint256) -> uint8:
    """
    @notice Where the proposal stands, in OpenZeppelin's numbers: 1 active, 2 voided, or of a meeting that was cancelled, 5 over
            and to be cast by the custodian, 7 the custodian's votes are reported. Whether a resolution was carried is the meeting's to say.
    @dev Errors: "voting: unknown proposal".
    """
    vote: uint256 = self._vote(proposalId)
    gate: uint256 = self._known(proposalId)
    if self._is_void(vote):
        return _CANCELED
    if block.timestamp <= self._deadline(gate):
        return _ACTIVE
    return _EXECUTED if self.records[vote].reports != 0 else _QUEUED


@external
@view
def tally(proposalId: uint256) -> IBallot.Votes:
    """
    @notice What the custodian is to cast: the votes in shares as wads, the sum of each choice converted once, by the multiplier
            of the record instant, and floored.
    @dev Errors: "voting: voided", of a meeting that was cancelled, too.
    """
    assert not self._is_void(proposalId), "voting: voided"
    return self._tally(proposalId)


@external
@view
def castOf(proposalId: uint256) -> IBallot.Votes:
    """
    @notice What the custodian cast by the last report, shares as wads; zeros before it.
    """
    return self._votes(self.casts[proposalId])


@external
@view
def isCounted(proposalId: uint256, account: address) -> bool:
    """
    @notice Whether the account's votes are in what the custodian cast: by the report less than one share is left out of each
            choice that it took. False before a report, of who has not voted, and of what is void.
    """
    return self._is_counted(proposalId, account)


# --- parts -----------------------------------------------------------------------------------------------------------


@internal
@pure
def _vote(proposal: uint256) -> uint256:
    """
    @dev The vote whose resolution a proposal is.
    """
    return proposal - proposal % ROOM


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
def _resolutions(gate: uint256) -> uint256:
    return (gate >> RESOLUTIONS_SHIFT) & _U7


@internal
@pure
def _status(gate: uint256) -> uint256:
    return gate >> STATUS_SHIFT


@internal
@view
def _known(proposal: uint256) -> uint256:
    """
    @dev The gate of a proposal's vote. Errors: "voting: unknown proposal".
    """
    gate: uint256 = self.records[self._vote(proposal)].gate
    assert proposal % ROOM < self._resolutions(gate), "voting: unknown proposal"
    return gate


@internal
@view
def _is_void(proposal: uint256) -> bool:
    """
    @dev Whether a proposal's vote is voided, or its meeting cancelled.
    """
    vote: uint256 = self._vote(proposal)
    if self._status(self.records[vote].gate) == VOIDED:
        return True
    token: address = empty(address)
    code: String[4] = ""
    status: uint256 = 0
    record_at: uint256 = 0
    last: uint256 = 0
    token, code, status, record_at, last = staticcall BOOK.timesOf(self.records[vote].meeting)
    return status == _CANCELLED


@internal
@view
def _castable(proposal: uint256) -> uint256:
    """
    @dev The gate of a proposal that takes votes now. Errors, in order: "voting: unknown proposal", "voting: voided",
         "voting: over".
    """
    gate: uint256 = self._known(proposal)
    assert self._status(gate) == OPENED, "voting: voided"
    assert block.timestamp <= self._deadline(gate), "voting: over"
    return gate


@internal
def _put(proposal: uint256, account: address, first: uint256, more: uint256):
    """
    @dev An account's votes in the place of those before. No half of a sum overflows: an account is counted once, with no more
         than a leaf of its own, and all leaves come to the root's sum, which has 128 bits.
    """
    kept: uint256 = self.votes[proposal][account].first
    was: uint256 = kept & ~_TIMES
    had: uint256 = 0
    if was >= IN_PARTS:
        had = self.votes[proposal][account].more
    if had != more:
        self.votes[proposal][account].more = more
    self.votes[proposal][account].first = first | (unsafe_add(kept, _ONCE) & _TIMES)
    sides: uint256 = self._sides(was, had)
    now: uint256 = self._sides(first, more)
    if sides != now:
        self.totals[proposal].sides = unsafe_add(unsafe_sub(self.totals[proposal].sides, sides), now)
    sides = self._abstained(was, had)
    now = self._abstained(first, more)
    if sides != now:
        self.totals[proposal].abstain = self.totals[proposal].abstain - sides + now


@internal
@pure
def _sides(first: uint256, more: uint256) -> uint256:
    """
    @dev Of what an account voted, against in the lower and for in the upper half.
    """
    if first >= IN_PARTS:
        return (first & U128) | (more << 128)
    if first >> 128 == 0:
        return first
    return first << 128 if first >> 128 == IN_FAVOUR else 0


@internal
@pure
def _abstained(first: uint256, more: uint256) -> uint256:
    if first >= IN_PARTS:
        return more >> 128
    return first & U128 if first >> 128 == ABSTENTION else 0


@internal
@view
def _voted(proposal: uint256, account: address) -> Split:
    cast: Cast = self.votes[proposal][account]
    first: uint256 = cast.first & ~_TIMES
    return Split(sides=self._sides(first, cast.more), abstain=self._abstained(first, cast.more))


@internal
@view
def _next_nonce(proposal: uint256, account: address) -> uint256:
    return (self.votes[proposal][account].first & _TIMES) >> _TIMES_SHIFT


@internal
@view
def _used(proposal: uint256, account: address) -> uint256:
    split: Split = self._voted(proposal, account)
    return (split.sides & U128) + (split.sides >> 128) + split.abstain


@internal
@pure
def _votes(split: Split) -> IBallot.Votes:
    return IBallot.Votes(against=split.sides & U128, inFavour=split.sides >> 128, abstain=split.abstain)


@internal
@view
def _tally(proposal: uint256) -> IBallot.Votes:
    multiplier: uint256 = self.records[self._vote(proposal)].stock >> 160
    total: IBallot.Votes = self._votes(self.totals[proposal])
    return IBallot.Votes(
        against=total.against * multiplier // mm.WAD,
        inFavour=total.inFavour * multiplier // mm.WAD,
        abstain=total.abstain * multiplier // mm.WAD,
    )


@internal
@view
def _is_counted(proposal: uint256, account: address) -> bool:
    if self._used(proposal, account) == 0 or self.records[self._vote(proposal)].reports == 0:
        return False
    if self._is_void(proposal):
        return False
    mine: IBallot.Votes = self._votes(self._voted(proposal, account))
    due: IBallot.Votes = self._tally(proposal)
    done: IBallot.Votes = self._votes(self.casts[proposal])
    if mine.against != 0 and due.against >= done.against + mm.WAD:
        return False
    if mine.inFavour != 0 and due.inFavour >= done.inFavour + mm.WAD:
        return False
    return mine.abstain == 0 or due.abstain < done.abstain + mm.WAD
