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
     proof: none after `prove`, else the ABI's encoding of a leaf and its siblings, from below:

         (uint256 index | pushable << 255, address account, uint256 raw units, (bytes32 hash, uint256 sum)[])

     The leaf is the tree's that only counts (scrip.holders): gross and net are both the raw units, and nothing is withheld.
     An account that a block holds does not vote; one that has lapsed does. Of a recovered account the registry's
     successor votes, in the same place: never both. A meeting that the book cancels makes its votes void: nothing is tallied,
     reported or confirmed of it; whoever still votes there loses the gas alone, for a vote asks the book nothing.
@custom:kill voidVote(). Revoking ACTIONS in Roles stops the desk at once.
@custom:security It asks views alone: of the book when a vote is opened, of the registry, and of contracts that sign. Its code is
                 not upgradeable.
"""

from snekmate.utils import eip712_domain_separator as domain

from ..interfaces import IBallot
from ..interfaces import IComplianceRegistry
from ..shared import heirs
from ..shared import merkle_sum
from ..shared import record_roots
from ..shared import roles
from ..shared import signatures
from . import governor_views
from . import vote_book as book

implements: IBallot

initializes: roles
initializes: domain
initializes: book

exports: (
    book.BOOK,
    book.castOf,
    book.hasVoted,
    book.isCounted,
    book.nextNonce,
    book.nonces,
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
    governor_views.CLOCK_MODE,
    governor_views.COUNTING_MODE,
    governor_views.clock,
    governor_views.name,
    governor_views.version,
    roles.accessControl,
)


# @dev OpenZeppelin's, so that a wallet's signature is the same
BALLOT_TYPEHASH: public(constant(bytes32)) = keccak256(
    "Ballot(uint256 proposalId,uint8 support,address voter,uint256 nonce)"
)
EXTENDED_BALLOT_TYPEHASH: public(constant(bytes32)) = keccak256(
    "ExtendedBallot(uint256 proposalId,uint8 support,address voter,uint256 nonce,string reason,bytes params)"
)
_CODE: constant(String[4]) = "MEET"
# @dev the book's status of an action that was announced, or is being carried out
_ANNOUNCED: constant(uint256) = 1
_RUNNING: constant(uint256) = 2
# @dev the highest support of a vote of all units, and that of one in parts
_ABSTAIN: constant(uint8) = 2
_FRACTIONAL: constant(uint8) = 255
# @dev bytes of three amounts, of the longest proof, of both; characters of a text
_AMOUNTS: constant(uint256) = 48
_MAX_PROOF: constant(uint256) = 2208
_MAX_PARAMS: constant(uint256) = 2256
_MAX_TEXT: constant(uint256) = 256

# @dev whose units, how many; and of a vote in parts against, and for << 128 | abstain
struct Claim:
    account: address
    weight: uint256
    against: uint256
    others: uint256


REGISTRY: immutable(IComplianceRegistry)


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
    book.__init__(action_book)
    REGISTRY = IComplianceRegistry(registry)


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
    token, code, status, record_at, last = staticcall book.BOOK.timesOf(meeting)
    assert status == _ANNOUNCED or status == _RUNNING, "book: not announced"
    assert code == _CODE, "voting: not a meeting"
    assert record_at <= block.timestamp, "book: record to come"
    assert part == book.parts[meeting], "voting: another part"
    if part != 0:
        before: uint256 = book.records[book.ids[meeting][part - 1]].gate
        assert book._status(before) == book.VOIDED, "voting: opened"
    assert record_roots._is_tree(root.depth, root.sum, merkle_sum.SUM_BITS), "voting: bad root"
    assert record_roots._is_block(root.blockNumber, root.blockHash), "voting: bad block"
    bound: bytes32 = merkle_sum._bound(
        token, meeting, root.blockNumber, root.blockHash, root.depth, root.hash, root.sum
    )
    assert bound == id, "voting: bound elsewhere"
    assert terms.multiplier != 0 and terms.multiplier <= book.U96, "voting: bad terms"
    assert block.timestamp <= terms.deadline and terms.deadline <= last, "voting: bad terms"
    assert terms.resolutions != 0 and terms.resolutions <= book.MAX_RESOLUTIONS, "voting: bad terms"
    assert terms.agenda != empty(bytes32) and last <= book.U40, "voting: bad terms"
    vote: uint256 = self._vote_id(bound, part, terms)
    book.records[vote] = book.Record(
        gate=record_roots._top(root.hash, root.sum)
        | (terms.deadline << book.DEADLINE_SHIFT)
        | (root.depth << book.DEPTH_SHIFT)
        | (terms.resolutions << book.RESOLUTIONS_SHIFT)
        | (book.OPENED << book.STATUS_SHIFT),
        root=root.hash,
        counted=root.sum | (record_at << 128),
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
    gate: uint256 = self._standing(vote)
    first: uint256 = book._vote(vote)
    assert book.records[first].reports == 0, "voting: reported"
    book.records[first].gate = (gate & ~book.STATUS_MASK) | (book.VOIDED << book.STATUS_SHIFT)
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
    @dev Errors, in order: "roles: not authorised", "voting: unknown proposal", "voting: voided" (of a meeting that was
         cancelled, too), "voting: not over", "voting: bad report" (no document, not one entry for each resolution,
         more than 128 bits), "voting: mirrored" (more than was instructed).
    @param vote any proposal of it.
    @param casts of each resolution, in their order: shares as wads.
    @param document hash of the custodian's own report.
    @param uri where that is read.
    """
    roles._check(roles.ACTIONS)
    gate: uint256 = self._standing(vote)
    first: uint256 = book._vote(vote)
    assert book._deadline(gate) < block.timestamp, "voting: not over"
    assert document != empty(bytes32), "voting: bad report"
    assert len(casts) == book._resolutions(gate), "voting: bad report"
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
    @dev Errors, in order: "voting: unknown proposal", "voting: voided", "voting: over", those of a bad proof.
    @param vote any proposal of it.
    @param proof as in params.
    """
    assert len(proof) != 0, "voting: bad proof"
    claim: Claim = self._claim(empty(address), vote, _ABSTAIN, proof)
    first: uint256 = book._vote(vote)
    book.weights[first][claim.account] = claim.weight
    log IBallot.WeightProven(vote=first, account=claim.account, weight=claim.weight)


@external
def castVote(proposalId: uint256, support: uint8) -> uint256:
    """
    @notice Votes with all units that were proven. The account itself.
    @dev Errors: those of _cast.
    @param proposalId the vote plus the resolution's number, from 0.
    @param support 0 against, 1 for, 2 abstain.
    @return The raw units that now vote.
    """
    return self._cast(msg.sender, proposalId, support, "", self._claim(msg.sender, proposalId, support, b""))


@external
def castVoteWithReason(proposalId: uint256, support: uint8, reason: String[_MAX_TEXT]) -> uint256:
    """
    @notice As castVote, with a reason, which is logged.
    """
    return self._cast(msg.sender, proposalId, support, reason, self._claim(msg.sender, proposalId, support, b""))


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
    return self._cast(msg.sender, proposalId, support, reason, self._claim(msg.sender, proposalId, support, params))


@external
def castVoteWithProof(
    proposalId: uint256,
    support: uint8,
    place: uint256,
    account: address,
    weight: uint256,
    proof: DynArray[IBallot.Node, merkle_sum.MAX_DEPTH],
) -> uint256:
    """
    @notice As castVoteWithReasonAndParams with a proof and no reason: cheaper, and a signing device shows what it says. The
            account itself, or its successor.
    @dev Errors: "voting: unknown proposal", "voting: voided", "voting: over", "voting: bad support", those of a bad proof,
         those of _cast.
    @param place the leaf's first word: its index, bit 255 set where it is pushable.
    @param account whose leaf.
    @param weight its raw units.
    @param proof the siblings, from the leaf up.
    @return The raw units that now vote.
    """
    gate: uint256 = book._castable(proposalId)
    assert support <= _ABSTAIN, "voting: bad support"
    depth: uint256 = book._depth(gate)
    assert len(proof) == depth, "voting: bad proof"
    path: uint256 = place & ~merkle_sum.TOP
    assert path >> depth == 0, "voting: bad index"
    # As in _claim, here because a call of a function with a proof copies it: 1,000 gas.
    node: bytes32 = keccak256(abi_encode(place, account, weight << 128, weight))
    total: uint256 = weight
    seen: uint256 = weight
    for sibling: IBallot.Node in proof:
        if path & 1 == 0:
            node = keccak256(abi_encode(node, total, sibling.hash, sibling.sum | merkle_sum.TOP))
        else:
            node = keccak256(abi_encode(sibling.hash, sibling.sum, node, total | merkle_sum.TOP))
        seen |= sibling.sum
        total = unsafe_add(total, sibling.sum)
        path >>= 1
    assert seen >> merkle_sum.SUM_BITS == 0, "voting: bad sum"
    assert record_roots._top(node, total) == gate & record_roots.U200, "voting: bad proof"
    claim: Claim = Claim(account=account, weight=weight, against=0, others=0)
    return self._cast(msg.sender, proposalId, support, "", claim)


@external
def castVoteBySig(
    proposalId: uint256, support: uint8, voter: address, signature: Bytes[signatures.MAX_LENGTH]
) -> uint256:
    """
    @notice As castVote, for whoever signed it. Anyone.
    @dev Errors, in order: those of _claim, "voting: bad signature", those of _cast.
    @param voter who signed: a key, an account with a delegated code (EIP-7702), or a contract (ERC-1271).
    @param signature over OpenZeppelin's Ballot with nextNonce(proposalId, voter).
    """
    claim: Claim = self._claim(voter, proposalId, support, b"")
    nonce: uint256 = book._next_nonce(proposalId, voter)
    self._check_signed(
        voter, keccak256(abi_encode(BALLOT_TYPEHASH, proposalId, support, voter, nonce)), signature
    )
    return self._cast(voter, proposalId, support, "", claim)


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
    @dev Errors, in order: those of _claim, "voting: bad signature", those of _cast.
    @param voter who signed: the account, or its successor.
    @param signature over OpenZeppelin's ExtendedBallot with nextNonce of the proposal and of the account that the proof shows,
           the voter itself without one.
    """
    claim: Claim = self._claim(voter, proposalId, support, params)
    nonce: uint256 = book._next_nonce(proposalId, claim.account)
    self._check_signed(
        voter,
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
    return self._cast(voter, proposalId, support, reason, claim)


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
        votes=book._votes(book._voted(proposalId, account)),
        document=book.records[book._vote(proposalId)].report,
    )


# --- what wallets ask ------------------------------------------------------------------------------------------------


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
    @dev The gate of a vote that is not void. Errors: "voting: unknown proposal", "voting: voided".
    """
    gate: uint256 = book._known(vote)
    assert not book._is_void(vote), "voting: voided"
    return gate


@internal
@view
def _check_signed(voter: address, content: bytes32, signature: Bytes[signatures.MAX_LENGTH]):
    """
    @dev Error: "voting: bad signature" (another's, of a number that was used up, of another contract or chain).
    """
    digest: bytes32 = domain._hash_typed_data_v4(content)
    assert signatures._is_valid(voter, digest, signature), "voting: bad signature"


@internal
def _cast(
    voter: address, proposal: uint256, support: uint8, reason: String[_MAX_TEXT], claim: Claim
) -> uint256:
    """
    @dev Errors, in order: those of _claim, "voting: no weight" (no units: nothing was proven), "voting: held" (blocked, and
         without a successor who is not), "voting: not the account", "voting: over weight" (the parts are more than the units).
    """
    account: address = claim.account
    weight: uint256 = claim.weight
    assert weight != 0, "voting: no weight"
    entitled: address = heirs._entitled(REGISTRY, account)
    assert entitled != empty(address), "voting: held"
    assert voter == entitled, "voting: not the account"
    if support != _FRACTIONAL:
        book._put(proposal, account, weight | (convert(support, uint256) << 128), 0)
        log IBallot.VoteCast(voter=account, proposalId=proposal, support=support, weight=weight, reason=reason)
    else:
        against: uint256 = claim.against
        in_favour: uint256 = claim.others >> 128
        abstain: uint256 = claim.others & book.U128
        used: uint256 = against + in_favour + abstain
        assert used <= weight, "voting: over weight"
        book._put(proposal, account, against | book.IN_PARTS, in_favour | (abstain << 128))
        log IBallot.VoteCastWithParams(
            voter=account,
            proposalId=proposal,
            support=support,
            weight=used,
            reason=reason,
            params=concat(slice(convert(against << 128, bytes32), 0, 16), convert(claim.others, bytes32)),
        )
        weight = used
    if voter != account:
        log IBallot.VotedInPlace(proposalId=proposal, account=account, successor=voter)
    return weight


@internal
@view
def _claim(voter: address, proposal: uint256, support: uint8, params: Bytes[_MAX_PARAMS]) -> Claim:
    """
    @dev Whose units vote, how many, and the parts of a vote in parts. Errors, in order: "voting: unknown proposal", "voting:
         voided", "voting: over", "voting: bad support", "voting: bad proof" (no amounts), no name (what is no proof's
         encoding), "voting: bad proof" (of another length), "voting: bad index", "voting: bad sum", "voting: bad proof"
         (another leaf, another tree).
    """
    gate: uint256 = book._castable(proposal)
    claim: Claim = Claim(account=voter, weight=0, against=0, others=0)
    place: uint256 = 0
    proof: DynArray[IBallot.Node, merkle_sum.MAX_DEPTH] = []
    if support == _FRACTIONAL:
        assert _AMOUNTS <= len(params), "voting: bad proof"
        claim.against = extract32(params, 0, output_type=uint256) >> 128
        claim.others = extract32(params, 16, output_type=uint256)
        if len(params) == _AMOUNTS:
            claim.weight = book.weights[book._vote(proposal)][voter]
            return claim
        place, claim.account, claim.weight, proof = abi_decode(
            slice(params, _AMOUNTS, len(params) - _AMOUNTS),
            (uint256, address, uint256, DynArray[IBallot.Node, merkle_sum.MAX_DEPTH]),
        )
    else:
        assert support <= _ABSTAIN, "voting: bad support"
        if len(params) == 0:
            claim.weight = book.weights[book._vote(proposal)][voter]
            return claim
        place, claim.account, claim.weight, proof = abi_decode(
            params, (uint256, address, uint256, DynArray[IBallot.Node, merkle_sum.MAX_DEPTH])
        )
    depth: uint256 = book._depth(gate)
    assert len(proof) == depth, "voting: bad proof"
    path: uint256 = place & ~merkle_sum.TOP
    assert path >> depth == 0, "voting: bad index"
    weight: uint256 = claim.weight
    node: bytes32 = keccak256(abi_encode(place, claim.account, weight << 128, weight))
    total: uint256 = weight
    seen: uint256 = weight
    for sibling: IBallot.Node in proof:
        if path & 1 == 0:
            node = keccak256(abi_encode(node, total, sibling.hash, sibling.sum | merkle_sum.TOP))
        else:
            node = keccak256(abi_encode(sibling.hash, sibling.sum, node, total | merkle_sum.TOP))
        seen |= sibling.sum
        total = unsafe_add(total, sibling.sum)
        path >>= 1
    assert seen >> merkle_sum.SUM_BITS == 0, "voting: bad sum"
    assert record_roots._top(node, total) == gate & record_roots.U200, "voting: bad proof"
    return claim
