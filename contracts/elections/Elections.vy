# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title Elections
@custom:contract-name Elections
@license AGPL-3.0-only
@notice Holders choose between cash and stock, where a corporate action by record leaves it to them: by the register at its
        record, until its deadline, as often as they like, whole or in parts. Units of who says nothing are the default's.
        What each leaf said, and the sums of it, stand here; whoever delivers is held to both.
        Who may call: ACTIONS opens an election and voids it (or the timelock) until it is paid; an account chooses for its
        own leaf, or its successor for it, by transaction or by signature; anyone hands in a signature, and lets an election
        follow its action's deadline or its end.
        How to stop it: voidElection(), or cancel() in the ActionBook. It holds nothing and moves nothing.
@dev Of the book's codes DVOP alone has options and a record: what is exchanged for units is chosen with the units, in
     escrow. The leaf is the tree's that only counts (scrip.holders): gross and net are both the raw units, and nothing is
     withheld. An account that a block holds does not choose; one that has lapsed does. Of a recovered account the registry's
     successor chooses, in the same place: never both.
     A choice does not ask the book, which costs more than its sum: an election that is to end earlier or later follows by
     follow(), and `state` says what the book says now.
@custom:kill voidElection(). Revoking ACTIONS in Roles stops the desk at once.
@custom:security It asks views alone: of the book, of the registry, and of contracts that sign. Its code is not upgradeable.
"""

from snekmate.utils import eip712_domain_separator as domain

from ..interfaces import IActionBook
from ..interfaces import IComplianceRegistry
from ..interfaces import IElections
from ..shared import heirs
from ..shared import merkle_sum
from ..shared import record_roots
from ..shared import roles
from ..shared import signatures
from . import election_book as book

implements: IElections

initializes: roles
initializes: domain
initializes: book

exports: (
    book.chosen,
    book.election,
    book.nextNonce,
    book.partAt,
    book.parts,
    book.totals,
    domain.eip712Domain,
    roles.accessControl,
)


ELECTION_TYPEHASH: public(constant(bytes32)) = keccak256(
    "Election(bytes32 election,uint256 index,address account,uint256 cash,uint256 secu,address signer,uint256 nonce)"
)
_CODE: constant(String[4]) = "DVOP"
# @dev the book's status of an action that was announced, and that was cancelled
_ANNOUNCED: constant(uint256) = 1
_CANCELLED: constant(uint256) = 3
# @dev characters of a text
_MAX_TEXT: constant(uint256) = 256
# @dev where an election stands
_OPEN: constant(uint8) = 1
_VOID: constant(uint8) = 2
_OVER: constant(uint8) = 3


# @dev what the book says of an action
struct Times:
    token: address
    code: String[4]
    status: uint256
    recordAt: uint256
    deadline: uint256


REGISTRY: immutable(IComplianceRegistry)
# @notice the ActionBook, whose actions leave a choice
BOOK: public(immutable(IActionBook))


@deploy
def __init__(access_control: address, registry: address, action_book: address):
    """
    @dev Errors: "roles: zero address", "elections: bad registry", "elections: bad book" (no code, or of another role table).
    @param access_control the role table.
    @param registry the ComplianceRegistry.
    @param action_book the ActionBook.
    """
    roles.__init__(access_control)
    domain.__init__("Scrip Elections", "1")
    assert roles._is_ours(registry), "elections: bad registry"
    assert roles._is_ours(action_book), "elections: bad book"
    REGISTRY = IComplianceRegistry(registry)
    BOOK = IActionBook(action_book)


# --- the desk --------------------------------------------------------------------------------------------------------


@external
def open(
    action: bytes32, part: uint256, root: IElections.Root, dflt: String[4], uri: String[_MAX_TEXT], id: bytes32
) -> bytes32:
    """
    @notice Opens an election on an announced action whose record has come, until the action's deadline. ACTIONS only. An
            action has one election: another is opened once the one before is voided.
    @dev Errors, in order: "roles: not authorised", "book: not announced", "elections: no options" (of its code), "book:
         record to come", "elections: over" (the deadline is past), "elections: another part", "elections: opened" (the one
         before stands), "elections: bad root" (depth below 7 or above 32, no units, more than 112 bits), "elections: bad
         block" (not before this one; its hash is another), "elections: bound elsewhere" (id is that of another chain,
         stock, action, block or sum), "elections: bad default".
    @param action its id in the ActionBook.
    @param part how many elections were opened for it before.
    @param root see IElections; the block is final, the last one before the record instant.
    @param dflt CASH or SECU: what who says nothing gets.
    @param uri where the terms are read.
    @param id what the root is bound to, as whoever made it says: rootId.
    @return The election: electionId of `id`, `part` and `dflt`.
    """
    roles._check(roles.ACTIONS)
    times: Times = self._times(action)
    assert times.status == _ANNOUNCED, "book: not announced"
    assert times.code == _CODE, "elections: no options"
    assert times.recordAt <= block.timestamp, "book: record to come"
    assert block.timestamp <= times.deadline, "elections: over"
    assert part == book.parts[action], "elections: another part"
    if part != 0:
        before: uint256 = book.records[book.ids[action][part - 1]].gate
        assert book._status(before) == book.VOIDED, "elections: opened"
    assert record_roots._is_tree(root.depth, root.sum, book.UNITS_BITS), "elections: bad root"
    assert record_roots._is_block(root.blockNumber, root.blockHash), "elections: bad block"
    bound: bytes32 = merkle_sum._bound(
        times.token, action, root.blockNumber, root.blockHash, root.depth, root.hash, root.sum
    )
    assert bound == id, "elections: bound elsewhere"
    option: uint256 = self._option(dflt)
    election: bytes32 = self._id(bound, part, option)
    book.records[election] = book.Record(
        gate=record_roots._top(root.hash, root.sum)
        | (times.deadline << book.DEADLINE_SHIFT)
        | (root.depth << book.DEPTH_SHIFT)
        | (option << book.DEFAULT_SHIFT)
        | (book.OPENED << book.STATUS_SHIFT),
        root=root.hash,
        counted=root.sum | (times.recordAt << 128),
        action=action,
    )
    book.ids[action][part] = election
    book.parts[action] = part + 1
    log IElections.ElectionOpened(
        election=election,
        action=action,
        token=times.token,
        root=root,
        dflt=dflt,
        deadline=times.deadline,
        part=part,
        uri=uri,
    )
    return election


@external
def voidElection(election: bytes32, reason: uint16, document: bytes32):
    """
    @notice Ends an election of which nothing is paid: its root was wrong. ACTIONS or the admin. Another may be opened, in
            which nobody has chosen.
    @dev Errors, in order: "roles: not authorised", "elections: reason and document", "elections: unknown", "elections:
         voided", "elections: paid" (a root of its action was posted).
    @param election its id.
    @param reason the issuer's code.
    @param document hash of the document that says why.
    """
    if not roles._has(roles.ACTIONS, msg.sender):
        roles._check(roles.ADMIN)
    assert reason != 0 and document != empty(bytes32), "elections: reason and document"
    gate: uint256 = book._standing(election)
    status: uint256 = self._times(book.records[election].action).status
    assert status == _ANNOUNCED or status == _CANCELLED, "elections: paid"
    book._void(election, gate)
    log IElections.ElectionVoided(election=election, reason=reason, document=document)


@external
def follow(election: bytes32):
    """
    @notice Takes the action's deadline where that was amended, and voids the election where the action is cancelled. Anyone.
    @dev Errors, in order: "elections: unknown", "elections: voided", "elections: nothing new".
    @param election its id.
    """
    gate: uint256 = book._standing(election)
    times: Times = self._times(book.records[election].action)
    if times.status == _CANCELLED:
        book._void(election, gate)
        log IElections.ElectionVoided(election=election, reason=0, document=empty(bytes32))
        return
    assert times.deadline != book._deadline(gate), "elections: nothing new"
    book.records[election].gate = (gate & ~book.DEADLINE_MASK) | (times.deadline << book.DEADLINE_SHIFT)
    log IElections.DeadlineFollowed(election=election, deadline=times.deadline)


# --- holders ---------------------------------------------------------------------------------------------------------


@external
def elect(
    election: bytes32,
    leaf: IElections.Leaf,
    choice: IElections.Choice,
    proof: DynArray[IElections.Node, merkle_sum.MAX_DEPTH],
):
    """
    @notice Chooses for a leaf's units, in the place of what it said before. The account itself, or its successor. Two
            amounts of 0 take a choice back: the default has all.
    @dev Errors: those of _elect.
    @param election its id.
    @param leaf see IElections.
    @param choice raw units by option, together no more than the leaf's.
    @param proof the siblings, from the leaf up.
    """
    self._elect(msg.sender, election, leaf, choice, proof)


@external
def electBySig(
    election: bytes32,
    leaf: IElections.Leaf,
    choice: IElections.Choice,
    signer: address,
    proof: DynArray[IElections.Node, merkle_sum.MAX_DEPTH],
    signature: Bytes[signatures.MAX_LENGTH],
):
    """
    @notice As elect, for whoever signed it. Anyone.
    @dev Errors: "elections: bad signature" (another's, an old one, of another contract or chain), those of _elect.
    @param signer who signed: the account, or its successor; a key, an account with a delegated code (EIP-7702), or a
           contract (ERC-1271).
    @param signature over an Election with the leaf's nextNonce.
    """
    index: uint256 = leaf.place & ~merkle_sum.TOP
    digest: bytes32 = domain._hash_typed_data_v4(
        keccak256(
            abi_encode(
                ELECTION_TYPEHASH,
                election,
                index,
                leaf.account,
                choice.cash,
                choice.secu,
                signer,
                book._nonce(election, index),
            )
        )
    )
    assert signatures._is_valid(signer, digest, signature), "elections: bad signature"
    self._elect(signer, election, leaf, choice, proof)


# --- what wallets ask ------------------------------------------------------------------------------------------------


@external
@view
def state(election: bytes32) -> uint8:
    """
    @notice Where an election stands: 0 unknown, 1 open, 2 void (voided, or its action is cancelled), 3 over. It is open until
            its own deadline and the action's as it is now are both past.
    """
    gate: uint256 = book.records[election].gate
    if gate == 0:
        return 0
    times: Times = self._times(book.records[election].action)
    if book._status(gate) == book.VOIDED or times.status == _CANCELLED:
        return _VOID
    return _OPEN if block.timestamp <= max(book._deadline(gate), times.deadline) else _OVER


@external
@view
def rootId(
    token: address,
    action: bytes32,
    blockNumber: uint256,
    blockHash: bytes32,
    depth: uint256,
    root: bytes32,
    sum: uint256,
) -> bytes32:
    """
    @notice What a root is bound to on this chain, as DividendDistributor.distributionId is.
    """
    return merkle_sum._bound(token, action, blockNumber, blockHash, depth, root, sum)


@external
@view
def electionId(id: bytes32, part: uint256, dflt: String[4]) -> bytes32:
    """
    @notice The election that is opened on a root's id: bound to its default, so that who signs a choice signs that, too.
    @dev Errors: "elections: bad default".
    """
    return self._id(id, part, self._option(dflt))


# --- parts -----------------------------------------------------------------------------------------------------------


@internal
@view
def _times(action: bytes32) -> Times:
    times: Times = empty(Times)
    times.token, times.code, times.status, times.recordAt, times.deadline = staticcall BOOK.timesOf(action)
    return times


@internal
@pure
def _option(dflt: String[4]) -> uint256:
    """
    @dev Errors: "elections: bad default".
    """
    if dflt == "CASH":
        return book.CASH
    assert dflt == "SECU", "elections: bad default"
    return book.SECU


@internal
@pure
def _id(bound: bytes32, part: uint256, option: uint256) -> bytes32:
    return keccak256(abi_encode(bound, part, option))


@internal
def _elect(
    by: address,
    election: bytes32,
    leaf: IElections.Leaf,
    choice: IElections.Choice,
    proof: DynArray[IElections.Node, merkle_sum.MAX_DEPTH],
):
    """
    @dev Errors, in order: "elections: unknown", "elections: voided", "elections: over", "elections: bad proof" (of another
         length), "elections: bad index", "elections: bad sum", "elections: bad proof" (another leaf, another tree),
         "elections: over units", "elections: held" (blocked, and without a successor who is not), "elections: not the
         account".
    """
    gate: uint256 = book._open(election)
    depth: uint256 = book._depth(gate)
    assert len(proof) == depth, "elections: bad proof"
    index: uint256 = leaf.place & ~merkle_sum.TOP
    assert index >> depth == 0, "elections: bad index"
    node: bytes32 = keccak256(abi_encode(leaf.place, leaf.account, leaf.units << 128, leaf.units))
    total: uint256 = leaf.units
    seen: uint256 = leaf.units
    path: uint256 = index
    for sibling: IElections.Node in proof:
        if path & 1 == 0:
            node = keccak256(abi_encode(node, total, sibling.hash, sibling.sum | merkle_sum.TOP))
        else:
            node = keccak256(abi_encode(sibling.hash, sibling.sum, node, total | merkle_sum.TOP))
        seen |= sibling.sum
        total = unsafe_add(total, sibling.sum)
        path >>= 1
    assert seen >> merkle_sum.SUM_BITS == 0, "elections: bad sum"
    assert record_roots._top(node, total) == gate & record_roots.U200, "elections: bad proof"
    assert choice.cash <= leaf.units and choice.secu <= leaf.units - choice.cash, "elections: over units"
    entitled: address = heirs._entitled(REGISTRY, leaf.account)
    assert entitled != empty(address), "elections: held"
    assert by == entitled, "elections: not the account"
    nonce: uint256 = book._put(election, index, choice.cash, choice.secu)
    log IElections.Elected(
        election=election, account=leaf.account, by=by, index=index, choice=choice, nonce=nonce
    )
