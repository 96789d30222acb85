# pragma version ==0.4.3
# pragma nonreentrancy off
# @license AGPL-3.0-only
"""
@title DividendDistributor
@custom:contract-name DividendDistributor
@license AGPL-3.0-only
@notice Pays what corporate actions give out of a Merkle-sum root over the register: cash (DVCA DVOP CAPD LIQU MRGR), or
        units of a stock (SOFF MRGR RHTS DVOP), each by roots of its own. A root is posted for an action of the ActionBook and
        pinned to a block, funded by exactly the sum of what is paid, then fetched by proof or pushed in blocks of 128.
        Units are made by the stock's own mint, which asks the reserve. What is withheld goes to the tax account apart.
        Who may call: ACTIONS posts, voids what is not funded, and sweeps after the expiry; ISSUER has units made; anyone
        funds in coins, remits, pushes and fetches for an account, to which alone it goes; PAUSER stops one distribution, UNPAUSER resumes it; the
        timelock (ADMIN) recalls one that is stopped and names the accounts.
        How to stop it: stop(). What nobody has funded pays nobody.
@dev A leaf is paid once, to its account or to the registry's successor of it. Whoever is blocked waits; of a payee
     whom the coin, or the stock, refuses the amount is parked and can be tried again. A leaf that is not pushable, a pool's, which anyone
     could empty of what it is sent, is fetched by the account itself or its successor.
     It holds MINTER and VAULT where it delivers units, and calls of what they allow `mint` to itself, in fundUnits alone, and
     `deliver`, never `burn`, `escrow` or `release`.
@custom:kill stop(); revoking MINTER from this contract in Roles, or VAULT: no unit is made, or leaves, here again; and the timelock's recall() for a root that was wrong.
@custom:security Each distribution pays out of its own funding and no other's. Every word is written before anything is
                 called, and no function of it can be entered while another runs. Its code is not upgradeable.
"""


from ..interfaces import IActionBook
from ..interfaces import IComplianceRegistry
from ..interfaces import IDividendDistributor
from ..interfaces import IStockToken
from ..shared import heirs
from ..shared import merkle_sum
from ..shared import roles
from . import distribution_book as records
from . import payouts

implements: IDividendDistributor

initializes: roles
initializes: records

exports: (
    records.distribution,
    records.isClaimed,
    records.parkedOf,
    records.partAt,
    records.parts,
    roles.accessControl,
)


# @dev blocks whose hash a chain remembers
_REMEMBERED: constant(uint256) = 256

REGISTRY: immutable(IComplianceRegistry)
# @notice the ActionBook, whose actions are paid
BOOK: public(immutable(IActionBook))

# @notice where coins go that are swept or recalled
treasury: public(address)
# @notice where what is withheld goes
tax: public(address)


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
    @notice Posts a root of what an action pays in coins (DVCA DVOP CAPD LIQU MRGR), once its record has come. ACTIONS only. It pays nobody before it is funded. Its
            expiry is the dividend's, and no sooner than the book's escheat() from now.
    @dev Errors, in order: "roles: not authorised", "book: not announced", "book: record to come", "book: deadline to come",
         "book: no rate", "dividend: another part" (a root was posted already, or is missing), "dividend: bad root" (depth below 7 or above
         32, nothing to pay, more than 128 bits, more net and withheld than gross), "dividend: bad block" (not before this
         one; its hash is another), "dividend: bound elsewhere" (id is that of another chain, stock, action, block or sum),
         "dividend: posted" (and not voided; one that was stopped and voided stays stopped).
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
    assert coin != empty(address), "book: no rate"
    self._post(action, part, root, id, token, coin, pay, expiry, record_at, 0)


@external
@nonreentrant
def postUnits(action: bytes32, part: uint256, root: IDividendDistributor.Root, id: bytes32):
    """
    @notice Posts a root of what an action gives in units of a stock: of the other's (SOFF MRGR RHTS), or more of its own to
            who chose them (DVOP). ACTIONS only. As post, with raw units for base units; nothing is withheld of units.
    @dev Errors, in order: "roles: not authorised", "book: not announced", "book: record to come", "book: deadline to come",
         "dividend: no units" (the action gives none, or names no stock that they are of), "dividend: bad root" (gross or
         withheld differ from net and nothing), then as post.
    """
    roles._check(roles.ACTIONS)
    token: address = empty(address)
    coin: address = empty(address)
    pay: uint256 = 0
    expiry: uint256 = 0
    record_at: uint256 = 0
    token, coin, pay, expiry, record_at = extcall BOOK.beginPaying(action)
    found: IActionBook.Recorded = staticcall BOOK.action(action)
    stock: address = found.terms.other
    if found.code == "DVOP" and (found.terms.num != 0 or found.terms.price != 0):
        stock = token
    assert stock != empty(address), "dividend: no units"
    assert root.gross == root.net and root.withheld == 0, "dividend: bad root"
    self._post(action, part, root, id, token, stock, pay, expiry, record_at, records.IN_UNITS)


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
    terms: uint256 = records.records[id].terms
    assert records._status(terms) == records.POSTED, "dividend: not posted"
    records._set_status(id, terms, records.VOIDED)
    log IDividendDistributor.RootVoided(id=id, reason=reason, document=document)


@external
@nonreentrant
def fund(id: bytes32, amount: uint256):
    """
    @notice Brings in what a root pays, all at once. Anyone who has approved this contract.
    @dev Errors, in order: "dividend: not posted", "dividend: other leg" (it pays in units), "dividend: sum differs" (from the root's), the coin's, "dividend: payment
         failed", "dividend: payment not exact".
    @param id the distribution.
    @param amount base units: the root's sum.
    """
    terms: uint256 = records.records[id].terms
    assert records._status(terms) == records.POSTED, "dividend: not posted"
    assert terms & records.IN_UNITS == 0, "dividend: other leg"
    assert amount == records.records[id].sums >> 128, "dividend: sum differs"
    records._set_status(id, terms, records.FUNDED)
    payouts._bring(records._coin(terms), msg.sender, self, amount)
    log IDividendDistributor.DividendFunded(id=id, funder=msg.sender, amount=amount)


@external
@nonreentrant
def fundUnits(id: bytes32, amount: uint256):
    """
    @notice Has the units made that a root gives, all at once, by the stock's own mint, to this contract: the reserve has to
            cover them. ISSUER only, who is not ACTIONS on a public network: no one hand both posts and makes.
    @dev Errors, in order: "roles: not authorised", "dividend: not posted", "dividend: other leg" (it pays in coins),
         "dividend: sum differs" (from the root's), the stock's (mint) and the reserve's.
    @param id the distribution.
    @param amount raw units of the stock: the root's sum.
    """
    roles._check(roles.ISSUER)
    terms: uint256 = records.records[id].terms
    assert records._status(terms) == records.POSTED, "dividend: not posted"
    assert terms & records.IN_UNITS != 0, "dividend: other leg"
    assert amount == records.records[id].sums >> 128, "dividend: sum differs"
    records._set_status(id, terms, records.FUNDED)
    extcall IStockToken(records._coin(terms)).mint(self, amount)
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
    terms: uint256 = records.records[id].terms
    status: uint256 = records._status(terms)
    assert status == records.FUNDED or status == records.ENDED, "dividend: not funded"
    amount: uint256 = records.records[id].amounts >> 128
    assert terms & records.REMITTED == 0 and amount != 0, "dividend: remitted"
    records.records[id].terms = terms | records.REMITTED
    tax: address = records.records[id].tax
    payouts._bring(records._coin(terms), msg.sender, tax, amount)
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
    terms: uint256 = records._payable(id)
    index: uint256 = place & ~merkle_sum.TOP
    depth: uint256 = (terms >> records.DEPTH_SHIFT) & records.U8
    assert index >> depth == 0, "dividend: bad index"
    assert len(proof) == depth, "dividend: bad proof"
    sums: uint256 = records.records[id].sums
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
    assert node == records.records[id].root and total == sums >> 128, "dividend: bad proof"
    at: uint256 = records._word(id, index)
    word: uint256 = records.claimed[at]
    bit: uint256 = 1 << (index & 255)
    assert word & bit == 0 and net != 0, "dividend: claimed"
    payee: address = heirs._entitled(REGISTRY, account)
    assert payee != empty(address), "dividend: held"
    own: bool = place & merkle_sum.TOP != 0 or msg.sender == account or msg.sender == payee
    assert own, "dividend: not the account"
    records.claimed[at] = word | bit
    records.records[id].sums = unsafe_sub(sums, net)
    if payouts._send(records._coin(terms), payee, net, terms & records.IN_UNITS != 0):
        log IDividendDistributor.DividendPaid(id=id, account=account, payee=payee, index=index, net=net)
        return True
    records.records[id].sums = sums
    self._park(id, account, payee, index, net, place & merkle_sum.TOP)
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
            block is passed over; what the coin refuses, or does not pay exactly with 110000 gas, is parked.
    @dev Errors, in order: "dividend: not funded", "dividend: stopped", "dividend: before pay", "dividend: bad index",
         "dividend: bad proof", "dividend: bad sum", "dividend: too little gas" (130000 before each payment,
         430000 before each delivery).
    @param id the distribution.
    @param first the block's first place, a multiple of 128.
    @param entries its leaves in their order, all of them; fewer than 128 where the tree ends.
    @param proof the block's siblings, from below.
    @return how many were paid.
    """
    terms: uint256 = records._payable(id)
    depth: uint256 = (terms >> records.DEPTH_SHIFT) & records.U8
    assert first >> depth == 0 and first % merkle_sum.PUSHED == 0, "dividend: bad index"
    assert len(entries) != 0 and len(proof) == depth - merkle_sum.PUSHED_DEPTH, "dividend: bad proof"
    sums: uint256 = records.records[id].sums
    node: bytes32 = empty(bytes32)
    total: uint256 = 0
    node, total = merkle_sum._block(first, entries)
    node, total = merkle_sum._root(node, total, first >> merkle_sum.PUSHED_DEPTH, proof)
    assert node == records.records[id].root and total == sums >> 128, "dividend: bad proof"
    payees: DynArray[address, merkle_sum.PUSHED] = []
    at: uint256 = records._word(id, first)
    word: uint256 = records.claimed[at]
    bit: uint256 = 1 << (first & 255)
    due: uint256 = 0
    for entry: IDividendDistributor.Entry in entries:
        payee: address = empty(address)
        net: uint256 = entry.net & ~merkle_sum.TOP
        if entry.net != net and word & bit == 0 and net != 0:
            payee = heirs._entitled(REGISTRY, entry.account)
            if payee != empty(address):
                word |= bit
                due += net
        payees.append(payee)
        bit <<= 1
    records.claimed[at] = word
    records.records[id].sums = sums - due
    paid: uint256 = 0
    count: uint256 = 0
    index: uint256 = first
    for entry: IDividendDistributor.Entry in entries:
        payee: address = payees[index - first]
        if payee != empty(address):
            net: uint256 = entry.net & ~merkle_sum.TOP
            if payouts._alone(records._coin(terms), payee, net, terms & records.IN_UNITS != 0):
                paid += net
                count += 1
                log IDividendDistributor.DividendPaid(
                    id=id, account=entry.account, payee=payee, index=index, net=net
                )
            else:
                self._park(id, entry.account, payee, index, net, merkle_sum.TOP)
        index += 1
    if paid != due:
        records.records[id].sums = sums - paid
    return count


@external
def payAlone(coin: address, receiver: address, amount: uint256):
    """
    @notice Pays one leaf of a block, so that what goes wrong with it is undone alone. This contract only, within push.
    @dev Errors: "dividend: not the distributor", "dividend: coin refused", "dividend: payment not exact".
    """
    assert msg.sender == self, "dividend: not the distributor"
    assert payouts._send(coin, receiver, amount, False), "dividend: coin refused"


@external
@nonreentrant
def payParked(id: bytes32, index: uint256) -> bool:
    """
    @notice Tries again to pay what the coin refused, to the account or to its successor. Anyone, of a leaf that is pushable;
            else the account or its successor.
    @dev Errors, in order: "dividend: not funded", "dividend: stopped", "dividend: before pay", "dividend: nothing parked",
         "dividend: held", "dividend: not the account", "dividend: payment not exact".
    @param id the distribution.
    @param index the leaf's.
    @return whether the coin took it this time.
    """
    terms: uint256 = records._payable(id)
    parked: records.Parked = records.parked[id][index]
    assert parked.amount != 0, "dividend: nothing parked"
    payee: address = heirs._entitled(REGISTRY, parked.account)
    assert payee != empty(address), "dividend: held"
    # A pool whom the coin refused once could be sent it unasked later, and be emptied of it by anyone.
    asked: bool = msg.sender == parked.account or msg.sender == payee
    assert asked or parked.amount >> 128 != 0, "dividend: not the account"
    net: uint256 = parked.amount & records.U128
    sums: uint256 = records.records[id].sums
    records.parked[id][index] = empty(records.Parked)
    records.records[id].sums = sums - net
    if payouts._send(records._coin(terms), payee, net, terms & records.IN_UNITS != 0):
        log IDividendDistributor.ParkedPaid(id=id, account=parked.account, payee=payee, index=index, net=net)
        return True
    records.parked[id][index] = parked
    records.records[id].sums = sums
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
    terms: uint256 = records.records[id].terms
    assert records._status(terms) == records.FUNDED, "dividend: not funded"
    assert terms & records.STOPPED == 0, "dividend: stopped"
    assert (terms >> records.EXPIRY_SHIFT) & records.U40 <= block.timestamp, "dividend: not expired"
    treasury: address = records.records[id].treasury
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
    terms: uint256 = records.records[id].terms
    status: uint256 = records._status(terms)
    assert status == records.POSTED or status == records.FUNDED, "dividend: not posted"
    records.records[id].terms = terms | records.STOPPED
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
    terms: uint256 = records.records[id].terms
    assert terms & records.STOPPED != 0, "dividend: not stopped"
    records.records[id].terms = terms & ~records.STOPPED
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
    terms: uint256 = records.records[id].terms
    assert records._status(terms) == records.FUNDED, "dividend: not funded"
    assert terms & records.STOPPED != 0, "dividend: not stopped"
    treasury: address = records.records[id].treasury
    amount: uint256 = self._end(id, terms & ~records.STOPPED, treasury)
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


# --- parts -----------------------------------------------------------------------------------------------------------


@internal
def _post(
    action: bytes32,
    part: uint256,
    root: IDividendDistributor.Root,
    id: bytes32,
    token: address,
    coin: address,
    pay: uint256,
    expiry: uint256,
    record_at: uint256,
    in_units: uint256,
):
    """
    @dev Records a root. Errors, in order: as post from "dividend: another part" on.
    @param coin what is paid, a coin or a stock.
    @param in_units records.IN_UNITS where it is a stock, else 0.
    """
    assert part == records.parts[action], "dividend: another part"
    depth: uint256 = root.depth
    assert merkle_sum.PUSHED_DEPTH <= depth and depth <= merkle_sum.MAX_DEPTH, "dividend: bad root"
    assert root.net != 0 and max(root.gross, max(root.net, root.withheld)) <= records.U128, "dividend: bad root"
    assert root.net + root.withheld <= root.gross, "dividend: bad root"
    assert root.blockNumber < block.number, "dividend: bad block"
    # Older ones a chain does not remember: whoever verifies the root does.
    if block.number - root.blockNumber <= _REMEMBERED:
        assert blockhash(root.blockNumber) == root.blockHash, "dividend: bad block"
    bound: bytes32 = merkle_sum._bound(
        token, action, root.blockNumber, root.blockHash, depth, root.hash, root.net
    )
    assert bound == id, "dividend: bound elsewhere"
    before: uint256 = records.records[id].terms
    # One that was voided paid nobody. Its id, which does not bind gross and withheld, would else be lost to a slip.
    assert before == 0 or records._status(before) == records.VOIDED, "dividend: posted"
    # A part that is posted late, for a document that came late, is open as long as any: or it could be swept at once.
    until: uint256 = max(expiry, block.timestamp + staticcall BOOK.escheat())
    treasury: address = self.treasury
    tax: address = self.tax
    records.records[id] = records.Record(
        root=root.hash,
        terms=convert(coin, uint256)
        | (depth << records.DEPTH_SHIFT)
        | (max(pay, record_at) << records.PAY_SHIFT)
        | (until << records.EXPIRY_SHIFT)
        | (records.POSTED << records.STATUS_SHIFT)
        | (before & records.STOPPED)
        | in_units,
        sums=root.net | (root.net << 128),
        token=token,
        action=action,
        amounts=root.gross | (root.withheld << 128),
        treasury=treasury,
        tax=tax,
    )
    records.ids[action][part] = id
    records.parts[action] = part + 1
    log IDividendDistributor.RootPosted(
        id=id, action=action, token=token, coin=coin, root=root, part=part, treasury=treasury, tax=tax
    )


@internal
def _park(id: bytes32, account: address, payee: address, index: uint256, net: uint256, pushable: uint256):
    records.parked[id][index] = records.Parked(account=account, amount=net | pushable)
    log IDividendDistributor.DividendParked(id=id, account=account, payee=payee, index=index, net=net)


@internal
def _end(id: bytes32, terms: uint256, treasury: address) -> uint256:
    sums: uint256 = records.records[id].sums
    amount: uint256 = sums & records.U128
    records.records[id].sums = sums - amount
    records._set_status(id, terms, records.ENDED)
    if amount != 0:
        assert payouts._send(records._coin(terms), treasury, amount, terms & records.IN_UNITS != 0), "dividend: payment failed"
    return amount


@internal
def _set_accounts(treasury: address, tax: address):
    assert treasury not in [empty(address), self] and tax not in [empty(address), self], "dividend: bad account"
    self.treasury = treasury
    self.tax = tax
    log IDividendDistributor.AccountsSet(treasury=treasury, tax=tax)
