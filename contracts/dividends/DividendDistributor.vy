# pragma version ==0.4.3
# pragma nonreentrancy off
# @license AGPL-3.0-only
"""
@title DividendDistributor
@custom:contract-name DividendDistributor
@license AGPL-3.0-only
@notice Pays cash dividends out of a Merkle-sum root over the register: posted for an action of the ActionBook and pinned to a
        block, funded by exactly the sum of what is paid, then fetched by proof or pushed in blocks of 128. What is
        withheld goes to the tax account apart.
        Who may call: ACTIONS posts, voids what is not funded, and sweeps after the expiry; anyone funds, remits, pushes and
        fetches for an account, to which alone the coins go; PAUSER stops one distribution, UNPAUSER resumes it; the
        timelock (ADMIN) recalls one that is stopped and names the accounts.
        How to stop it: stop(). What nobody has funded pays nobody.
@dev A leaf is paid once, to its account or to the registry's successor of it. Whoever is blocked waits; of a payee
     whom the coin refuses the amount is parked and can be tried again. A leaf that is not pushable, a pool's, which anyone
     could empty of what it is sent, is fetched by the account itself or its successor.
@custom:kill stop(), and the timelock's recall() for a root that was wrong.
@custom:security Each distribution pays out of its own funding and no other's. Every word is written before anything is
                 called, and no function of it can be entered while another runs. Its code is not upgradeable.
"""

from ethereum.ercs import IERC20

from ..interfaces import IActionBook
from ..interfaces import IComplianceRegistry
from ..interfaces import IDividendDistributor
from ..shared import roles
from . import merkle_sum
from . import payouts

implements: IDividendDistributor

initializes: roles

exports: roles.accessControl


# @dev status
POSTED: constant(uint256) = 1
FUNDED: constant(uint256) = 2
ENDED: constant(uint256) = 3
VOIDED: constant(uint256) = 4

# @dev terms   0..159 coin | 160..167 depth | 168..207 pay | 208..247 expiry | 248..250 status | 254 remitted | 255 stopped
_DEPTH_SHIFT: constant(uint256) = 160
_PAY_SHIFT: constant(uint256) = 168
_EXPIRY_SHIFT: constant(uint256) = 208
_STATUS_SHIFT: constant(uint256) = 248
_STATUS_MASK: constant(uint256) = 7 << 248
_REMITTED: constant(uint256) = 1 << 254
_STOPPED: constant(uint256) = 1 << 255
_U8: constant(uint256) = 2**8 - 1
_U40: constant(uint256) = 2**40 - 1
_U128: constant(uint256) = 2**128 - 1
_U160: constant(uint256) = 2**160 - 1
# @dev blocks whose hash a chain remembers
_REMEMBERED: constant(uint256) = 256


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


struct Parked:
    account: address
    net: uint256


REGISTRY: immutable(IComplianceRegistry)
# @notice the ActionBook, whose cash dividends are paid
BOOK: public(immutable(IActionBook))

# @notice where coins go that are swept or recalled
treasury: public(address)
# @notice where what is withheld goes
tax: public(address)
# @notice how many roots were posted for an action, voided ones too
parts: public(HashMap[bytes32, uint256])
_ids: HashMap[bytes32, HashMap[uint256, bytes32]]
_records: HashMap[bytes32, Record]
# @dev _word of a distribution and an index → a bit for each of 256 leaves that is paid or parked
_claimed: HashMap[uint256, uint256]
_parked: HashMap[bytes32, HashMap[uint256, Parked]]


@deploy
def __init__(access_control: address, registry: address, book: address, treasury: address, tax: address):
    """
    @dev Errors: "roles: zero address", "dividend: bad registry", "dividend: bad book" (no code, or of another role table),
         "dividend: bad account".
    @param access_control the role table.
    @param registry the ComplianceRegistry.
    @param book the ActionBook.
    @param treasury where coins go that are swept.
    @param tax where what is withheld goes.
    """
    roles.__init__(access_control)
    assert roles._is_ours(registry), "dividend: bad registry"
    assert roles._is_ours(book), "dividend: bad book"
    REGISTRY = IComplianceRegistry(registry)
    BOOK = IActionBook(book)
    self._set_accounts(treasury, tax)


# --- the desk --------------------------------------------------------------------------------------------------------


@external
@nonreentrant
def post(action: bytes32, part: uint256, root: IDividendDistributor.Root, id: bytes32):
    """
    @notice Posts a root for a cash dividend whose record has come. ACTIONS only. It pays nobody before it is funded.
    @dev Errors, in order: "roles: not authorised", "book: not announced", "book: record to come", "book: no rate",
         "dividend: another part" (a root was posted already, or is missing), "dividend: bad root" (depth below 7 or above
         32, nothing to pay, more than 128 bits, more net and withheld than gross), "dividend: bad block" (not before this
         one; its hash is another), "dividend: bound elsewhere" (id is that of another chain, stock, action, block or sum).
    @param action the dividend's id in the ActionBook.
    @param part how many roots were posted for it before: a relief that comes later is a further root.
    @param root see IDividendDistributor; the block is final, the last one before the record instant.
    @param id what the root is bound to, as whoever made it says: distributionId.
    """
    roles._check(roles.ACTIONS)
    token: address = empty(address)
    coin: address = empty(address)
    pay: uint256 = 0
    expiry: uint256 = 0
    record_at: uint256 = 0
    token, coin, pay, expiry, record_at = extcall BOOK.beginPaying(action)
    assert part == self.parts[action], "dividend: another part"
    depth: uint256 = root.depth
    assert merkle_sum.PUSHED_DEPTH <= depth and depth <= merkle_sum.MAX_DEPTH, "dividend: bad root"
    assert root.net != 0 and max(root.gross, max(root.net, root.withheld)) <= _U128, "dividend: bad root"
    assert root.net + root.withheld <= root.gross, "dividend: bad root"
    assert root.blockNumber < block.number, "dividend: bad block"
    # Older ones a chain does not remember: whoever verifies the root does.
    if block.number - root.blockNumber <= _REMEMBERED:
        assert blockhash(root.blockNumber) == root.blockHash, "dividend: bad block"
    bound: bytes32 = merkle_sum._bound(
        token, action, root.blockNumber, root.blockHash, depth, root.hash, root.net
    )
    assert bound == id, "dividend: bound elsewhere"
    assert self._records[id].terms == 0, "dividend: posted"
    treasury: address = self.treasury
    tax: address = self.tax
    self._records[id] = Record(
        root=root.hash,
        terms=convert(coin, uint256)
        | (depth << _DEPTH_SHIFT)
        | (max(pay, record_at) << _PAY_SHIFT)
        | (expiry << _EXPIRY_SHIFT)
        | (POSTED << _STATUS_SHIFT),
        sums=root.net | (root.net << 128),
        token=token,
        action=action,
        amounts=root.gross | (root.withheld << 128),
        treasury=treasury,
        tax=tax,
    )
    self._ids[action][part] = id
    self.parts[action] = part + 1
    log IDividendDistributor.RootPosted(
        id=id, action=action, token=token, coin=coin, root=root, part=part, treasury=treasury, tax=tax
    )


@external
@nonreentrant
def voidRoot(id: bytes32, reason: uint16, document: bytes32):
    """
    @notice Ends a root that nobody has funded. ACTIONS or the admin.
    @dev Errors, in order: "roles: not authorised", "dividend: reason and document", "dividend: not posted" (unknown, funded,
         over).
    @param id the distribution.
    @param reason the issuer's code.
    @param document hash of the document that says why.
    """
    if not roles._has(roles.ACTIONS, msg.sender):
        roles._check(roles.ADMIN)
    assert reason != 0 and document != empty(bytes32), "dividend: reason and document"
    terms: uint256 = self._records[id].terms
    assert self._status(terms) == POSTED, "dividend: not posted"
    self._set_status(id, terms, VOIDED)
    log IDividendDistributor.RootVoided(id=id, reason=reason, document=document)


@external
@nonreentrant
def fund(id: bytes32, amount: uint256):
    """
    @notice Brings in what a root pays, all at once. Anyone who has approved this contract.
    @dev Errors, in order: "dividend: not posted", "dividend: sum differs" (from the root's), the coin's, "dividend: payment
         failed", "dividend: payment not exact".
    @param id the distribution.
    @param amount base units: the root's sum.
    """
    terms: uint256 = self._records[id].terms
    assert self._status(terms) == POSTED, "dividend: not posted"
    assert amount == self._records[id].sums >> 128, "dividend: sum differs"
    self._set_status(id, terms, FUNDED)
    payouts._bring(self._coin(terms), msg.sender, self, amount)
    log IDividendDistributor.DividendFunded(id=id, funder=msg.sender, amount=amount)


@external
@nonreentrant
def remit(id: bytes32):
    """
    @notice Pays what is withheld to the tax account, all at once, out of the caller's. Anyone who has approved this contract.
    @dev Errors, in order: "dividend: not funded", "dividend: remitted" (or nothing is withheld), the coin's, "dividend:
         payment failed", "dividend: payment not exact".
    @param id the distribution.
    """
    terms: uint256 = self._records[id].terms
    status: uint256 = self._status(terms)
    assert status == FUNDED or status == ENDED, "dividend: not funded"
    amount: uint256 = self._records[id].amounts >> 128
    assert terms & _REMITTED == 0 and amount != 0, "dividend: remitted"
    self._records[id].terms = terms | _REMITTED
    tax: address = self._records[id].tax
    payouts._bring(self._coin(terms), msg.sender, tax, amount)
    log IDividendDistributor.WithheldRemitted(id=id, payer=msg.sender, tax=tax, amount=amount)


# --- paying ----------------------------------------------------------------------------------------------------------


@external
@nonreentrant
def claim(
    id: bytes32,
    place: uint256,
    account: address,
    amounts: uint256,
    net: uint256,
    proof: DynArray[IDividendDistributor.Node, merkle_sum.MAX_DEPTH],
) -> bool:
    """
    @notice Pays one leaf to its account, or to its successor. Anyone, for a leaf that is pushable; else the account or its
            successor. Where the coin refuses the payee the amount is parked.
    @dev Errors, in order: "dividend: not funded", "dividend: stopped", "dividend: before pay", "dividend: bad index",
         "dividend: bad proof" (of another length, another leaf, another tree), "dividend: bad sum", "dividend: claimed" (or
         nothing is due), "dividend: held" (blocked, and without a successor who is not), "dividend: not the account",
         "dividend: payment not exact".
    @param id the distribution.
    @param place the leaf's first word: its index, bit 255 set where it is pushable.
    @param account whose leaf.
    @param amounts gross << 128 | withheld.
    @param net base units.
    @param proof the siblings, from the leaf up.
    @return whether it was paid, and not parked.
    """
    terms: uint256 = self._payable(id)
    index: uint256 = place & ~merkle_sum.TOP
    depth: uint256 = (terms >> _DEPTH_SHIFT) & _U8
    assert index >> depth == 0, "dividend: bad index"
    assert len(proof) == depth, "dividend: bad proof"
    sums: uint256 = self._records[id].sums
    # As merkle_sum._root, here because a call of a function with a proof copies it: 500 gas.
    node: bytes32 = keccak256(abi_encode(place, account, amounts, net))
    total: uint256 = net
    seen: uint256 = net
    path: uint256 = index
    for sibling: IDividendDistributor.Node in proof:
        if path & 1 == 0:
            node = keccak256(abi_encode(node, total, sibling.hash, sibling.sum | merkle_sum.TOP))
        else:
            node = keccak256(abi_encode(sibling.hash, sibling.sum, node, total | merkle_sum.TOP))
        seen |= sibling.sum
        total = unsafe_add(total, sibling.sum)
        path >>= 1
    assert seen >> merkle_sum.SUM_BITS == 0, "dividend: bad sum"
    assert node == self._records[id].root and total == sums >> 128, "dividend: bad proof"
    at: uint256 = self._word(id, index)
    word: uint256 = self._claimed[at]
    bit: uint256 = 1 << (index & 255)
    assert word & bit == 0 and net != 0, "dividend: claimed"
    payee: address = self._payee(account)
    assert payee != empty(address), "dividend: held"
    own: bool = place & merkle_sum.TOP != 0 or msg.sender == account or msg.sender == payee
    assert own, "dividend: not the account"
    self._claimed[at] = word | bit
    self._records[id].sums = unsafe_sub(sums, net)
    if payouts._send(self._coin(terms), payee, net):
        log IDividendDistributor.DividendPaid(id=id, account=account, payee=payee, index=index, net=net)
        return True
    self._records[id].sums = sums
    self._park(id, account, payee, index, net)
    return False


@external
@nonreentrant
def push(
    id: bytes32,
    first: uint256,
    entries: DynArray[IDividendDistributor.Entry, merkle_sum.PUSHED],
    proof: DynArray[IDividendDistributor.Node, merkle_sum.MAX_BLOCKS_DEPTH],
) -> uint256:
    """
    @notice Pays a whole block of 128 places by one proof. Anyone. A leaf that is not pushable, is paid already or is held by a
            block is passed over; where the coin refuses a payee the amount is parked.
    @dev Errors, in order: "dividend: not funded", "dividend: stopped", "dividend: before pay", "dividend: bad index",
         "dividend: bad proof", "dividend: bad sum", "dividend: payment not exact".
    @param id the distribution.
    @param first the block's first place, a multiple of 128.
    @param entries its leaves in their order, all of them; fewer than 128 where the tree ends.
    @param proof the block's siblings, from below.
    @return how many were paid.
    """
    terms: uint256 = self._payable(id)
    depth: uint256 = (terms >> _DEPTH_SHIFT) & _U8
    assert first >> depth == 0 and first % merkle_sum.PUSHED == 0, "dividend: bad index"
    assert len(entries) != 0 and len(proof) == depth - merkle_sum.PUSHED_DEPTH, "dividend: bad proof"
    sums: uint256 = self._records[id].sums
    node: bytes32 = empty(bytes32)
    total: uint256 = 0
    node, total = merkle_sum._block(first, entries)
    node, total = merkle_sum._root(node, total, first >> merkle_sum.PUSHED_DEPTH, proof)
    assert node == self._records[id].root and total == sums >> 128, "dividend: bad proof"
    payees: DynArray[address, merkle_sum.PUSHED] = []
    at: uint256 = self._word(id, first)
    word: uint256 = self._claimed[at]
    bit: uint256 = 1 << (first & 255)
    due: uint256 = 0
    for entry: IDividendDistributor.Entry in entries:
        payee: address = empty(address)
        net: uint256 = entry.net & ~merkle_sum.TOP
        if entry.net != net and word & bit == 0 and net != 0:
            payee = self._payee(entry.account)
            if payee != empty(address):
                word |= bit
                due += net
        payees.append(payee)
        bit <<= 1
    self._claimed[at] = word
    self._records[id].sums = sums - due
    coin: address = self._coin(terms)
    before: uint256 = staticcall IERC20(coin).balanceOf(self)
    paid: uint256 = 0
    count: uint256 = 0
    index: uint256 = first
    for entry: IDividendDistributor.Entry in entries:
        payee: address = payees[index - first]
        if payee != empty(address):
            net: uint256 = entry.net & ~merkle_sum.TOP
            if payouts._try(coin, payee, net):
                paid += net
                count += 1
                log IDividendDistributor.DividendPaid(
                    id=id, account=entry.account, payee=payee, index=index, net=net
                )
            else:
                self._park(id, entry.account, payee, index, net)
        index += 1
    payouts._check_left(coin, before, paid)
    if paid != due:
        self._records[id].sums = sums - paid
    return count


@external
@nonreentrant
def payParked(id: bytes32, index: uint256) -> bool:
    """
    @notice Tries again to pay what the coin refused, to the account or to its successor. Anyone.
    @dev Errors, in order: "dividend: not funded", "dividend: stopped", "dividend: before pay", "dividend: nothing parked",
         "dividend: held", "dividend: payment not exact".
    @param id the distribution.
    @param index the leaf's.
    @return whether the coin took it this time.
    """
    terms: uint256 = self._payable(id)
    parked: Parked = self._parked[id][index]
    assert parked.net != 0, "dividend: nothing parked"
    payee: address = self._payee(parked.account)
    assert payee != empty(address), "dividend: held"
    sums: uint256 = self._records[id].sums
    self._parked[id][index] = empty(Parked)
    self._records[id].sums = sums - parked.net
    if payouts._send(self._coin(terms), payee, parked.net):
        log IDividendDistributor.ParkedPaid(
            id=id, account=parked.account, payee=payee, index=index, net=parked.net
        )
        return True
    self._parked[id][index] = parked
    self._records[id].sums = sums
    return False


# --- the end, and officers -------------------------------------------------------------------------------------------


@external
@nonreentrant
def sweep(id: bytes32):
    """
    @notice Sends the treasury what nobody has fetched, once the expiry has come, parked amounts too: from here on a holder asks
            the issuer, or the state. ACTIONS only. Until then claims are good however late.
    @dev Errors, in order: "roles: not authorised", "dividend: not funded", "dividend: stopped", "dividend: not expired",
         "dividend: payment failed", "dividend: payment not exact".
    @param id the distribution.
    """
    roles._check(roles.ACTIONS)
    terms: uint256 = self._records[id].terms
    assert self._status(terms) == FUNDED, "dividend: not funded"
    assert terms & _STOPPED == 0, "dividend: stopped"
    assert (terms >> _EXPIRY_SHIFT) & _U40 <= block.timestamp, "dividend: not expired"
    treasury: address = self._records[id].treasury
    amount: uint256 = self._end(id, terms, treasury)
    log IDividendDistributor.DividendSwept(id=id, treasury=treasury, amount=amount)


@external
@nonreentrant
def stop(id: bytes32):
    """
    @notice Stops the payments of one distribution. PAUSER only.
    @dev Errors: "roles: not authorised", "dividend: not posted" (unknown, over).
    @param id the distribution.
    """
    roles._check(roles.PAUSER)
    terms: uint256 = self._records[id].terms
    status: uint256 = self._status(terms)
    assert status == POSTED or status == FUNDED, "dividend: not posted"
    self._records[id].terms = terms | _STOPPED
    log IDividendDistributor.DividendStopped(id=id, stopped=True)


@external
@nonreentrant
def resume(id: bytes32):
    """
    @notice Lets the payments of a stopped distribution go on. UNPAUSER only.
    @dev Errors: "roles: not authorised", "dividend: not stopped".
    @param id the distribution.
    """
    roles._check(roles.UNPAUSER)
    terms: uint256 = self._records[id].terms
    assert terms & _STOPPED != 0, "dividend: not stopped"
    self._records[id].terms = terms & ~_STOPPED
    log IDividendDistributor.DividendStopped(id=id, stopped=False)


@external
@nonreentrant
def recall(id: bytes32, reason: uint16, document: bytes32):
    """
    @notice Sends the treasury what is not paid of a distribution that is stopped: its root was wrong. Admin only.
    @dev Errors, in order: "roles: not authorised", "dividend: reason and document", "dividend: not funded", "dividend: not
         stopped", "dividend: payment failed", "dividend: payment not exact".
    @param id the distribution.
    @param reason the issuer's code.
    @param document hash of the document that says why.
    """
    roles._check(roles.ADMIN)
    assert reason != 0 and document != empty(bytes32), "dividend: reason and document"
    terms: uint256 = self._records[id].terms
    assert self._status(terms) == FUNDED, "dividend: not funded"
    assert terms & _STOPPED != 0, "dividend: not stopped"
    treasury: address = self._records[id].treasury
    amount: uint256 = self._end(id, terms & ~_STOPPED, treasury)
    log IDividendDistributor.DividendRecalled(
        id=id, treasury=treasury, amount=amount, reason=reason, document=document
    )


@external
def setAccounts(treasury: address, tax: address):
    """
    @notice Names who receives what is swept, and what is withheld, of roots that are posted from now on. Admin only.
    @dev Errors: "roles: not authorised", "dividend: bad account" (zero, or this contract).
    @param treasury where coins go that are swept or recalled.
    @param tax where what is withheld goes.
    """
    roles._check(roles.ADMIN)
    self._set_accounts(treasury, tax)


# --- what is recorded ------------------------------------------------------------------------------------------------


@external
@view
def distribution(id: bytes32) -> IDividendDistributor.Distribution:
    """
    @notice All that is recorded of a distribution; an unknown one reads as zeros.
    @param id its id.
    """
    record: Record = self._records[id]
    return IDividendDistributor.Distribution(
        action=record.action,
        token=record.token,
        coin=self._coin(record.terms),
        status=self._status(record.terms),
        stopped=record.terms & _STOPPED != 0,
        remitted=record.terms & _REMITTED != 0,
        root=record.root,
        depth=(record.terms >> _DEPTH_SHIFT) & _U8,
        pay=(record.terms >> _PAY_SHIFT) & _U40,
        expiry=(record.terms >> _EXPIRY_SHIFT) & _U40,
        net=record.sums >> 128,
        unpaid=record.sums & _U128,
        gross=record.amounts & _U128,
        withheld=record.amounts >> 128,
        treasury=record.treasury,
        tax=record.tax,
    )


@external
@view
def distributionId(
    token: address,
    action: bytes32,
    blockNumber: uint256,
    blockHash: bytes32,
    depth: uint256,
    root: bytes32,
    net: uint256,
) -> bytes32:
    """
    @notice What a root is posted under on this chain.
    """
    return merkle_sum._bound(token, action, blockNumber, blockHash, depth, root, net)


@external
@view
def partAt(action: bytes32, i: uint256) -> bytes32:
    """
    @notice The i-th root of an action, from 0; zero where there is none.
    """
    return self._ids[action][i]


@external
@view
def isClaimed(id: bytes32, index: uint256) -> bool:
    """
    @notice Whether the leaf at a place is paid or parked.
    """
    return (self._claimed[self._word(id, index)] >> (index & 255)) & 1 == 1


@external
@view
def parkedOf(id: bytes32, index: uint256) -> (address, uint256):
    """
    @notice Whose amount is parked that the coin refused, and how much; zeros where none is.
    """
    return self._parked[id][index].account, self._parked[id][index].net


# --- parts -----------------------------------------------------------------------------------------------------------


@internal
@view
def _payable(id: bytes32) -> uint256:
    """
    @dev The terms of a distribution that pays now. Errors, in order: "dividend: not funded", "dividend: stopped",
         "dividend: before pay".
    """
    terms: uint256 = self._records[id].terms
    assert self._status(terms) == FUNDED, "dividend: not funded"
    assert terms & _STOPPED == 0, "dividend: stopped"
    assert (terms >> _PAY_SHIFT) & _U40 <= block.timestamp, "dividend: before pay"
    return terms


@internal
@pure
def _word(id: bytes32, index: uint256) -> uint256:
    """
    @dev Which word of bits has a leaf's: an id is a hash, so no two distributions' words are ever the same.
    """
    return unsafe_add(convert(id, uint256), index >> 8)


@internal
@view
def _payee(account: address) -> address:
    """
    @dev Who is paid for an account: itself, or its last successor; the zero address while a block holds it. A wallet that
         was recovered is blocked for ever, so that of one which is free no successor need be asked.
    """
    if not staticcall REGISTRY.isBlocked(account):
        return account
    heir: address = staticcall REGISTRY.successorOf(account)
    if heir == account or heir == empty(address) or staticcall REGISTRY.isBlocked(heir):
        return empty(address)
    return heir


@internal
def _park(id: bytes32, account: address, payee: address, index: uint256, net: uint256):
    self._parked[id][index] = Parked(account=account, net=net)
    log IDividendDistributor.DividendParked(id=id, account=account, payee=payee, index=index, net=net)


@internal
def _end(id: bytes32, terms: uint256, treasury: address) -> uint256:
    sums: uint256 = self._records[id].sums
    amount: uint256 = sums & _U128
    self._records[id].sums = sums - amount
    self._set_status(id, terms, ENDED)
    if amount != 0:
        assert payouts._send(self._coin(terms), treasury, amount), "dividend: payment failed"
    return amount


@internal
def _set_status(id: bytes32, terms: uint256, status: uint256):
    self._records[id].terms = (terms & ~_STATUS_MASK) | (status << _STATUS_SHIFT)


@internal
@pure
def _status(terms: uint256) -> uint256:
    return (terms >> _STATUS_SHIFT) & 7


@internal
@pure
def _coin(terms: uint256) -> address:
    return convert(terms & _U160, address)


@internal
def _set_accounts(treasury: address, tax: address):
    assert treasury not in [empty(address), self] and tax not in [empty(address), self], "dividend: bad account"
    self.treasury = treasury
    self.tax = tax
    log IDividendDistributor.AccountsSet(treasury=treasury, tax=tax)
