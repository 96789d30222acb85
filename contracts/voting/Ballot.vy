# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title Ballot
@custom:contract-name Ballot
@license AGPL-3.0-only
@notice Pass-through voting: holders say by the register at a meeting's record instant how the custodian is to vote their
        shares, and it reports what it cast. A holder votes with its raw units, which a proof of the register's Merkle-sum
        tree shows; it may vote again until the deadline, and the last vote counts. Nobody's units are voted but by
        instruction. Functions that wallets of OpenZeppelin's Governor know have its names.
        Who may call: ACTIONS opens a vote, voids it (or the timelock) while nothing is reported, reports, and publishes
        documents; an account votes for its own leaf, or its successor for it, by transaction or by signature; anyone proves a
        weight, hands in a signature, and asks for a confirmation.
        How to stop it: voidVote(). It holds nothing and moves nothing.
@dev `params` is votes ‖ proof. votes: 48 bytes where support is 255, against, for and abstain as 16 bytes each, else none.
     proof: none after `prove`, else three words and two for each sibling, from the leaf up:

         index | pushable << 255 ‖ account ‖ raw units ‖ (hash ‖ sum) …

     The leaf is the tree's that only counts (scrip.holders): gross and net are both the raw units, and nothing is withheld.
     An account that a block holds does not vote; one that has lapsed does. Of a recovered account the registry's
     successor votes, in the same place: never both.
@custom:kill voidVote(). Revoking ACTIONS in Roles stops the desk at once.
@custom:security It asks views alone: of the book when a vote is opened, of the registry, and of contracts that sign. Its code is
                 not upgradeable.
"""

from snekmate.utils import eip712_domain_separator as domain

from ..interfaces import IBallot
from ..interfaces import IComplianceRegistry
from ..shared import merkle_sum
from ..shared import roles
from ..shared import signatures
from . import vote_book as book

implements: IBallot

initializes: roles
initializes: domain
initializes: book

exports: (
    book.castOf,
    book.hasVoted,
    book.isCounted,
    book.partAt,
    book.parts,
    book.poll,
    book.proposalDeadline,
    book.proposalSnapshot,
    book.proposalVotes,
    book.state,
    book.tally,
    book.usedVotes,
    book.votesOf,
    book.weightOf,
    domain.eip712Domain,
    roles.accessControl,
)


interface IBook:
    def timesOf(id: bytes32) -> (address, String[4], uint256, uint256, uint256): view


# @dev OpenZeppelin's, so that a wallet's signature is the same
BALLOT_TYPEHASH: public(constant(bytes32)) = keccak256(
    "Ballot(uint256 proposalId,uint8 support,address voter,uint256 nonce)"
)
EXTENDED_BALLOT_TYPEHASH: public(constant(bytes32)) = keccak256(
    "ExtendedBallot(uint256 proposalId,uint8 support,address voter,uint256 nonce,string reason,bytes params)"
)
# @notice ERC-6372: instants are UTC seconds
CLOCK_MODE: public(constant(String[14])) = "mode=timestamp"
# @notice how votes are counted, as OpenZeppelin's Governor says it; there is no quorum here
COUNTING_MODE: public(constant(String[46])) = "support=bravo,fractional&params=fractional"

_CODE: constant(String[4]) = "MEET"
# @dev the book's status of an action that was announced, or is being carried out
_ANNOUNCED: constant(uint256) = 1
_RUNNING: constant(uint256) = 2
# @dev support
_AGAINST: constant(uint8) = 0
_FOR: constant(uint8) = 1
_ABSTAIN: constant(uint8) = 2
_FRACTIONAL: constant(uint8) = 255
# @dev bytes of the three amounts of a fractional vote, of a proof's leaf, and of each sibling
_AMOUNTS: constant(uint256) = 48
_LEAF: constant(uint256) = 96
_NODE: constant(uint256) = 64
_MAX_PROOF: constant(uint256) = 2144
_MAX_PARAMS: constant(uint256) = 2192
# @dev blocks whose hash a chain remembers
_REMEMBERED: constant(uint256) = 256
_MAX_TEXT: constant(uint256) = 256

REGISTRY: immutable(IComplianceRegistry)
# @notice the ActionBook, whose meetings are voted on
BOOK: public(immutable(address))

# @notice the next number of an account's signed votes
nonces: public(HashMap[address, uint256])


@deploy
def __init__(access_control: address, registry: address, action_book: address):
    """
    @dev Errors: "roles: zero address", "voting: bad registry", "voting: bad book" (no code, or of another role table).
    @param access_control the role table.
    @param registry the ComplianceRegistry.
    @param action_book the ActionBook.
    """
    roles.__init__(access_control)
    domain.__init__("Scrip Ballot", "1")
    assert roles._is_ours(registry), "voting: bad registry"
    assert roles._is_ours(action_book), "voting: bad book"
    REGISTRY = IComplianceRegistry(registry)
    BOOK = action_book


# --- the desk --------------------------------------------------------------------------------------------------------


@external
def open(
    meeting: bytes32, part: uint256, root: IBallot.Root, terms: IBallot.Terms, uri: String[_MAX_TEXT], id: bytes32
) -> uint256:
    """
    @notice Opens a vote on a meeting whose record has come. ACTIONS only. A meeting has one vote: another is opened once the one
            before is voided.
    @dev Errors, in order: "roles: not authorised", "book: not announced", "voting: not a meeting", "book: record to come",
         "voting: another part", "voting: opened" (the one before stands), "voting: bad root" (depth below 7 or above 32, no
         units, more than 128 bits), "voting: bad block" (not before this one; its hash is another), "voting: bound
         elsewhere" (id is that of another chain, stock, meeting, block or sum), "voting: bad terms".
    @param meeting its id in the ActionBook.
    @param part how many votes were opened for it before.
    @param root see IBallot; the block is final, the last one before the record instant.
    @param terms see IBallot; the deadline is to come and not after the meeting's, 1 to 64 resolutions.
    @param uri where the agenda is read.
    @param id what the root is bound to, as whoever made it says: rootId.
    @return The vote: the proposal of its first resolution, those of the others being the numbers after it.
    """
    roles._check(roles.ACTIONS)
    token: address = empty(address)
    code: String[4] = ""
    status: uint256 = 0
    record_at: uint256 = 0
    last: uint256 = 0
    token, code, status, record_at, last = staticcall IBook(BOOK).timesOf(meeting)
    assert status == _ANNOUNCED or status == _RUNNING, "book: not announced"
    assert code == _CODE, "voting: not a meeting"
    assert record_at <= block.timestamp, "book: record to come"
    assert part == book.parts[meeting], "voting: another part"
    if part != 0:
        before: uint256 = book.records[book.ids[meeting][part - 1]].terms
        assert (before >> book.STATUS_SHIFT) & book.U8 == book.VOIDED, "voting: opened"
    depth: uint256 = root.depth
    assert merkle_sum.PUSHED_DEPTH <= depth and depth <= merkle_sum.MAX_DEPTH, "voting: bad root"
    assert root.sum != 0 and root.sum <= book.U128, "voting: bad root"
    assert root.blockNumber < block.number, "voting: bad block"
    # Older ones a chain does not remember: whoever verifies the root does.
    if block.number - root.blockNumber <= _REMEMBERED:
        assert blockhash(root.blockNumber) == root.blockHash, "voting: bad block"
    bound: bytes32 = merkle_sum._bound(
        token, meeting, root.blockNumber, root.blockHash, depth, root.hash, root.sum
    )
    assert bound == id, "voting: bound elsewhere"
    assert terms.multiplier != 0 and terms.multiplier <= book.U96, "voting: bad terms"
    assert block.timestamp <= terms.deadline and terms.deadline <= last, "voting: bad terms"
    assert terms.resolutions != 0 and terms.resolutions <= book.MAX_RESOLUTIONS, "voting: bad terms"
    assert terms.agenda != empty(bytes32) and last <= book.U40, "voting: bad terms"
    vote: uint256 = self._vote_id(bound, part, terms)
    book.records[vote] = book.Record(
        terms=root.sum
        | (terms.deadline << book.DEADLINE_SHIFT)
        | (record_at << book.RECORD_SHIFT)
        | (depth << book.DEPTH_SHIFT)
        | (terms.resolutions << book.RESOLUTIONS_SHIFT)
        | (book.OPENED << book.STATUS_SHIFT),
        root=root.hash,
        stock=convert(token, uint256) | (terms.multiplier << 160),
        meeting=meeting,
        agenda=terms.agenda,
        reports=0,
        report=empty(bytes32),
    )
    book.ids[meeting][part] = vote
    book.parts[meeting] = part + 1
    log IBallot.VoteOpened(vote=vote, meeting=meeting, token=token, root=root, terms=terms, part=part, uri=uri)
    return vote


@external
def voidVote(vote: uint256, reason: uint16, document: bytes32):
    """
    @notice Ends a vote of which nothing is reported: its root or its agenda was wrong. ACTIONS or the admin.
    @dev Errors, in order: "roles: not authorised", "voting: reason and document", "voting: unknown proposal", "voting:
         voided", "voting: reported".
    @param vote any proposal of it.
    @param reason the issuer's code.
    @param document hash of the document that says why.
    """
    if not roles._has(roles.ACTIONS, msg.sender):
        roles._check(roles.ADMIN)
    assert reason != 0 and document != empty(bytes32), "voting: reason and document"
    terms: uint256 = self._standing(vote)
    first: uint256 = book._vote(vote)
    assert book.records[first].reports == 0, "voting: reported"
    book.records[first].terms = (terms & ~(book.U8 << book.STATUS_SHIFT)) | (
        book.VOIDED << book.STATUS_SHIFT
    )
    log IBallot.VoteVoided(vote=first, reason=reason, document=document)


@external
def report(
    vote: uint256,
    casts: DynArray[IBallot.Votes, book.MAX_RESOLUTIONS],
    document: bytes32,
    uri: String[_MAX_TEXT],
):
    """
    @notice Records what the custodian cast, once the deadline is past. ACTIONS only. A later report takes the place of an earlier
            one, whose event stays.
    @dev Errors, in order: "roles: not authorised", "voting: unknown proposal", "voting: voided", "voting: not over", "voting:
         bad report" (no document, not one entry for each resolution, more than 128 bits), "voting: mirrored" (more than was
         instructed).
    @param vote any proposal of it.
    @param casts of each resolution, in their order: shares as wads.
    @param document hash of the custodian's own report.
    @param uri where that is read.
    """
    roles._check(roles.ACTIONS)
    terms: uint256 = self._standing(vote)
    first: uint256 = book._vote(vote)
    assert (terms >> book.DEADLINE_SHIFT) & book.U40 < block.timestamp, "voting: not over"
    assert document != empty(bytes32), "voting: bad report"
    assert len(casts) == (terms >> book.RESOLUTIONS_SHIFT) & book.U8, "voting: bad report"
    proposal: uint256 = first
    for cast: IBallot.Votes in casts:
        due: IBallot.Votes = book._tally(proposal)
        assert max(cast.against, max(cast.inFavour, cast.abstain)) <= book.U128, "voting: bad report"
        within: bool = cast.against <= due.against and cast.inFavour <= due.inFavour
        assert within and cast.abstain <= due.abstain, "voting: mirrored"
        book.casts[proposal] = book.Split(sides=cast.against | (cast.inFavour << 128), abstain=cast.abstain)
        log IBallot.VotesReported(proposalId=proposal, cast=cast)
        proposal += 1
    book.records[first].reports += 1
    book.records[first].report = document
    log IBallot.ReportPublished(vote=first, document=document, uri=uri, reporter=msg.sender)


@external
def publish(token: address, subject: bytes32, document: bytes32, uri: String[_MAX_TEXT]):
    """
    @notice Puts a notice or a disclosure document on record. ACTIONS only.
    @dev Errors, in order: "roles: not authorised", "voting: unknown stock", "voting: no document" (no hash, or no address).
    @param token the stock.
    @param subject what it is about: an action's id, or another word.
    @param document its hash.
    @param uri where it is read.
    """
    roles._check(roles.ACTIONS)
    assert staticcall REGISTRY.tokenNumber(token) != 0, "voting: unknown stock"
    assert document != empty(bytes32) and len(uri) != 0, "voting: no document"
    log IBallot.DocumentPublished(token=token, subject=subject, document=document, uri=uri, publisher=msg.sender)


# --- holders ---------------------------------------------------------------------------------------------------------


@external
def prove(vote: uint256, proof: Bytes[_MAX_PROOF]):
    """
    @notice Shows an account's units by a proof, once for all resolutions: from here on it votes without one, as wallets of
            OpenZeppelin's Governor do. Anyone.
    @dev Errors, in order: "voting: unknown proposal", "voting: voided", "voting: over", those of _weight.
    @param vote any proposal of it.
    @param proof as in params.
    """
    terms: uint256 = book._castable(vote)
    first: uint256 = book._vote(vote)
    account: address = empty(address)
    weight: uint256 = 0
    account, weight = self._weight(first, terms, proof, 0)
    book.weights[first][account] = weight
    log IBallot.WeightProven(vote=first, account=account, weight=weight)


@external
def castVote(proposalId: uint256, support: uint8) -> uint256:
    """
    @notice Votes with all units that were proven. The account itself.
    @dev Errors: those of _cast.
    @param proposalId the vote plus the resolution's number, from 0.
    @param support 0 against, 1 for, 2 abstain.
    @return The raw units that now vote.
    """
    return self._cast(msg.sender, proposalId, support, "", b"")


@external
def castVoteWithReason(proposalId: uint256, support: uint8, reason: String[_MAX_TEXT]) -> uint256:
    """
    @notice As castVote, with a reason, which is logged.
    """
    return self._cast(msg.sender, proposalId, support, reason, b"")


@external
def castVoteWithReasonAndParams(
    proposalId: uint256, support: uint8, reason: String[_MAX_TEXT], params: Bytes[_MAX_PARAMS]
) -> uint256:
    """
    @notice Votes with the units that the proof in `params` shows, or that were proven; in parts where support is 255. The
            account itself, or its successor with its proof. Three amounts of 0 take an earlier vote back.
    @dev Errors: those of _cast.
    @param params votes ‖ proof, see this contract's notes.
    @return The raw units that now vote.
    """
    return self._cast(msg.sender, proposalId, support, reason, params)


@external
def castVoteBySig(
    proposalId: uint256, support: uint8, voter: address, signature: Bytes[signatures.MAX_LENGTH]
) -> uint256:
    """
    @notice As castVote, for whoever signed it. Anyone.
    @dev Errors: "voting: bad signature", those of _cast.
    @param voter who signed: a key, an account with a delegated code (EIP-7702), or a contract (ERC-1271).
    @param signature over OpenZeppelin's Ballot with the voter's next nonce.
    """
    nonce: uint256 = self.nonces[voter]
    self._check_signed(
        voter,
        nonce,
        keccak256(abi_encode(BALLOT_TYPEHASH, proposalId, support, voter, nonce)),
        signature,
    )
    return self._cast(voter, proposalId, support, "", b"")


@external
def castVoteWithReasonAndParamsBySig(
    proposalId: uint256,
    support: uint8,
    voter: address,
    reason: String[_MAX_TEXT],
    params: Bytes[_MAX_PARAMS],
    signature: Bytes[signatures.MAX_LENGTH],
) -> uint256:
    """
    @notice As castVoteWithReasonAndParams, for whoever signed it. Anyone.
    @dev Errors: "voting: bad signature", those of _cast.
    @param voter who signed: the account, or its successor.
    @param signature over OpenZeppelin's ExtendedBallot with the voter's next nonce.
    """
    nonce: uint256 = self.nonces[voter]
    self._check_signed(
        voter,
        nonce,
        keccak256(
            abi_encode(
                EXTENDED_BALLOT_TYPEHASH,
                proposalId,
                support,
                voter,
                nonce,
                keccak256(reason),
                keccak256(params),
            )
        ),
        signature,
    )
    return self._cast(voter, proposalId, support, reason, params)


@external
def confirm(proposalId: uint256, account: address):
    """
    @notice Logs that the account's votes are in what the custodian cast. Anyone, for any account.
    @dev Errors: "voting: not counted".
    @param proposalId the resolution's.
    @param account whose units.
    """
    assert book._is_counted(proposalId, account), "voting: not counted"
    log IBallot.VoteConfirmed(
        account=account,
        proposalId=proposalId,
        votes=book._votes(book.votes[proposalId][account]),
        document=book.records[book._vote(proposalId)].report,
    )


# --- what wallets ask ------------------------------------------------------------------------------------------------


@external
@view
def clock() -> uint256:
    """
    @notice ERC-6372: now, UTC seconds.
    """
    return block.timestamp


@external
@pure
def name() -> String[12]:
    """
    @notice The EIP-712 domain's name, as OpenZeppelin's Governor tells its own.
    """
    return "Scrip Ballot"


@external
@pure
def version() -> String[1]:
    """
    @notice The EIP-712 domain's version.
    """
    return "1"


@external
@view
def rootId(
    token: address,
    meeting: bytes32,
    blockNumber: uint256,
    blockHash: bytes32,
    depth: uint256,
    root: bytes32,
    sum: uint256,
) -> bytes32:
    """
    @notice What a root is bound to on this chain, as DividendDistributor.distributionId is.
    """
    return merkle_sum._bound(token, meeting, blockNumber, blockHash, depth, root, sum)


@external
@view
def voteId(id: bytes32, part: uint256, terms: IBallot.Terms) -> uint256:
    """
    @notice The vote that is opened on a root's id: bound to its terms, so that who signs a ballot signs them, too.
    """
    return self._vote_id(id, part, terms)


# --- parts -----------------------------------------------------------------------------------------------------------


@internal
@pure
def _vote_id(id: bytes32, part: uint256, terms: IBallot.Terms) -> uint256:
    return book._vote(convert(keccak256(abi_encode(id, part, terms)), uint256))


@internal
@view
def _standing(vote: uint256) -> uint256:
    """
    @dev The terms of a vote that is not voided. Errors: "voting: unknown proposal", "voting: voided".
    """
    terms: uint256 = book._known(vote)
    assert (terms >> book.STATUS_SHIFT) & book.U8 == book.OPENED, "voting: voided"
    return terms


@internal
def _check_signed(voter: address, nonce: uint256, content: bytes32, signature: Bytes[signatures.MAX_LENGTH]):
    """
    @dev Takes the voter's nonce. Error: "voting: bad signature" (another's, an old one, of another contract or chain).
    """
    self.nonces[voter] = nonce + 1
    digest: bytes32 = domain._hash_typed_data_v4(content)
    assert signatures._is_valid(voter, digest, signature), "voting: bad signature"


@internal
def _cast(
    voter: address, proposal: uint256, support: uint8, reason: String[_MAX_TEXT], params: Bytes[_MAX_PARAMS]
) -> uint256:
    """
    @dev Errors, in order: "voting: unknown proposal", "voting: voided", "voting: over", "voting: bad support", those of
         _weight, "voting: no weight" (no units: nothing was proven), "voting: held" (blocked, and without a successor who
         is not), "voting: not the account", "voting: over weight" (the parts are more than the units).
    """
    terms: uint256 = book._castable(proposal)
    fractional: bool = support == _FRACTIONAL
    assert fractional or support <= _ABSTAIN, "voting: bad support"
    start: uint256 = 0
    if fractional:
        start = _AMOUNTS
        assert _AMOUNTS <= len(params), "voting: bad proof"
    account: address = voter
    weight: uint256 = 0
    if len(params) == start:
        weight = book.weights[book._vote(proposal)][voter]
    else:
        account, weight = self._weight(book._vote(proposal), terms, params, start)
    assert weight != 0, "voting: no weight"
    entitled: address = self._entitled(account)
    assert entitled != empty(address), "voting: held"
    assert voter == entitled, "voting: not the account"
    sides: uint256 = 0
    abstain: uint256 = 0
    used: uint256 = weight
    if fractional:
        amounts: uint256 = extract32(params, 0, output_type=uint256)
        # against stands first there, and in the lower half here
        sides = (amounts << 128) | (amounts >> 128)
        abstain = extract32(params, 16, output_type=uint256) & book.U128
        used = (amounts >> 128) + (amounts & book.U128) + abstain
        assert used <= weight, "voting: over weight"
    elif support == _ABSTAIN:
        abstain = weight
    elif support == _FOR:
        sides = weight << 128
    else:
        sides = weight
    book._put(proposal, account, sides, abstain)
    if fractional:
        log IBallot.VoteCastWithParams(
            voter=account,
            proposalId=proposal,
            support=support,
            weight=used,
            reason=reason,
            params=slice(params, 0, _AMOUNTS),
        )
    else:
        log IBallot.VoteCast(voter=account, proposalId=proposal, support=support, weight=used, reason=reason)
    if voter != account:
        log IBallot.VotedInPlace(proposalId=proposal, account=account, successor=voter)
    return used


@internal
@view
def _weight(
    vote: uint256, terms: uint256, params: Bytes[_MAX_PARAMS], start: uint256
) -> (address, uint256):
    """
    @dev Whose leaf a proof is of, and its raw units. Errors, in order: "voting: bad proof" (of another length), "voting: bad
         index", "voting: bad account" (more than an address), "voting: bad proof" (another leaf, another tree), "voting: bad
         sum".
    @param start where in params the proof begins.
    """
    depth: uint256 = (terms >> book.DEPTH_SHIFT) & book.U8
    assert len(params) == start + _LEAF + depth * _NODE, "voting: bad proof"
    place: uint256 = extract32(params, start, output_type=uint256)
    account: uint256 = extract32(params, start + 32, output_type=uint256)
    weight: uint256 = extract32(params, start + 64, output_type=uint256)
    path: uint256 = place & ~merkle_sum.TOP
    assert path >> depth == 0, "voting: bad index"
    assert account >> 160 == 0, "voting: bad account"
    node: bytes32 = keccak256(abi_encode(place, account, weight << 128, weight))
    total: uint256 = weight
    seen: uint256 = weight
    at: uint256 = start + _LEAF
    for _: uint256 in range(depth, bound=merkle_sum.MAX_DEPTH):
        hash: bytes32 = extract32(params, at)
        sum: uint256 = extract32(params, at + 32, output_type=uint256)
        if path & 1 == 0:
            node = keccak256(abi_encode(node, total, hash, sum | merkle_sum.TOP))
        else:
            node = keccak256(abi_encode(hash, sum, node, total | merkle_sum.TOP))
        seen |= sum
        total = unsafe_add(total, sum)
        path >>= 1
        at += _NODE
    assert seen >> merkle_sum.SUM_BITS == 0, "voting: bad sum"
    assert node == book.records[vote].root and total == terms & book.U128, "voting: bad proof"
    return convert(account, address), weight


@internal
@view
def _entitled(account: address) -> address:
    """
    @dev Who votes for an account: itself, or its last successor; the zero address while a block holds it. A wallet that was
         recovered is blocked for ever, so that of one which is free no successor need be asked.
    """
    if not staticcall REGISTRY.isBlocked(account):
        return account
    heir: address = staticcall REGISTRY.successorOf(account)
    if heir == account or heir == empty(address) or staticcall REGISTRY.isBlocked(heir):
        return empty(address)
    return heir
