# pragma version ==0.4.3
# pragma nonreentrancy off
# @license AGPL-3.0-only
"""
@title OfferEscrow
@custom:contract-name OfferEscrow
@license AGPL-3.0-only
@notice Choices by escrowed units, of actions of the ActionBook: a tender offer, whose units are paid in coin and prorated above
        its most; a rights issue, whose rights are used with the price of new units; a merger, whose units are paid in cash or
        in another stock as the holder chooses. Until the deadline a holder puts units in and takes them out again. What is
        due is brought in whole before anybody is paid: coins by whoever funds, new units by a mint that asks the reserve. A
        holder fetches what is due; an offer that nobody funds in time, or that is cancelled, gives everything back.
        Who may call: holders, for themselves, by transaction or by a signature that anybody hands in, their operators and
        successors; ACTIONS opens, cancels, mints and sweeps; anyone funds a tender offer, settles, collects, and cancels what
        the book cancelled; PAUSER stops new choices, UNPAUSER resumes them; ENFORCER seizes what a position holds.
        How to stop it: stop() for new choices, cancel() before the funding; the stock's pause and the fleet's halt for units.
@dev Price and ratio are those of the book when the offer is opened: an amendment changes no offer, and a dividend that is
     reinvested while units wait is theirs. Of a rights issue the rights are a stock of their own, the `other` of its terms.
     Effects come before calls, so that putting units in needs no lock; what calls a coin has one.
@custom:kill Revoking VAULT from this contract in Roles: no unit enters or leaves it but by ENFORCER's forcedTransfer. Revoking
             MINTER: no new unit is made. Coins that are due are fetched all the same.
@custom:security It holds VAULT, by which it takes units of who chooses, and MINTER, by which it makes the new units of rights issues
                 and mergers; it calls `burn` never. Each offer pays out of its own coins and no other's. Its code is not
                 upgradeable.
"""

from snekmate.utils import eip712_domain_separator as domain

from ..interfaces import IActionBook
from ..interfaces import IComplianceRegistry
from ..interfaces import IOfferEscrow
from ..interfaces import IStockToken
from ..shared import heirs
from ..shared import keys
from ..shared import roles
from ..shared import signatures
from . import offer_book as book
from . import offer_coins
from . import offer_outcomes as outcomes

implements: IOfferEscrow

initializes: roles
initializes: keys
initializes: domain
initializes: book
initializes: outcomes[book := book]

exports: (
    book.offerOf,
    book.partAt,
    book.parts,
    book.choiceOf,
    domain.eip712Domain,
    keys.keyUsed,
    roles.accessControl,
    outcomes.TERMS,
    outcomes.collect,
    outcomes.dueOf,
    outcomes.need,
    outcomes.settle,
)


CHOICE_TYPEHASH: public(constant(bytes32)) = keccak256(
    "Choice(address owner,uint256 offer,uint256 units,uint256 more,uint256 nonce,uint256 expiry)"
)
# @dev the book's status of an action that is cancelled
_WITHDRAWN: constant(uint256) = 3

REGISTRY: immutable(IComplianceRegistry)
# @notice the ActionBook, whose offers are taken
BOOK: public(immutable(IActionBook))

# @notice the number of an account's next signed choice
nextNonce: public(HashMap[address, uint256])
# @notice whether an account withdraws and fetches for another
isOperator: public(HashMap[address, HashMap[address, bool]])


@deploy
def __init__(access_control: address, registry: address, offer_terms: address):
    """
    @dev Errors: "roles: zero address", "offer: bad registry", "offer: bad terms" (no code, or of another role table).
    @param access_control the role table.
    @param registry the ComplianceRegistry.
    @param offer_terms the OfferTerms, over the ActionBook.
    """
    roles.__init__(access_control)
    domain.__init__("Scrip OfferEscrow", "1")
    assert roles._is_ours(registry), "offer: bad registry"
    assert roles._is_ours(offer_terms), "offer: bad terms"
    REGISTRY = IComplianceRegistry(registry)
    outcomes.__init__(offer_terms)
    BOOK = IActionBook(staticcall outcomes.TERMS.BOOK())


# --- the desk --------------------------------------------------------------------------------------------------------


@external
def open(action: bytes32, part: uint256, terms: IOfferEscrow.Terms) -> uint256:
    """
    @notice Opens the offer of an announced action, on the terms that the book has now. ACTIONS only. An action has one offer:
            another is opened once the one before is cancelled or has lapsed.
    @dev Errors, in order: "roles: not authorised", those of OfferTerms.agreed, "offer: another part", "offer: opened" (the one
         before stands).
    @param action its id in the ActionBook.
    @param part how many offers were opened of it before.
    @param terms see IOfferEscrow.
    @return The offer's number.
    """
    roles._check(roles.ACTIONS)
    found: IOfferEscrow.Agreed = staticcall outcomes.TERMS.agreed(action, terms)
    assert part == book.parts[action], "offer: another part"
    if part != 0:
        before: uint256 = book._status(book.records[book.partAt[action][part - 1]].coin)
        assert before == book.CANCELLED or before == book.LAPSED, "offer: opened"
    hash_: uint256 = convert(keccak256(abi_encode(chain.id, self, action, part)), uint256)
    offer: uint256 = (hash_ & book.HASH_MASK) | (found.kind << book.KIND_SHIFT) | found.deadline
    book.gates[offer] = convert(found.token, uint256)
    book.records[offer] = book.Record(
        action=action,
        coin=found.coin,
        taker=convert(terms.taker, uint256) | (found.most << 160),
        treasury=convert(terms.treasury, uint256),
        given=convert(found.given, uint256) | (block.timestamp << 160),
        price=found.price,
        ratio=found.ratio,
        sums=0,
        units=0,
    )
    book.partAt[action][part] = offer
    book.parts[action] = part + 1
    log IOfferEscrow.OfferOpened(offer=offer, action=action, token=found.token, agreed=found, terms=terms, part=part)
    return offer


@external
def setStopped(offer: uint256, stopped: bool):
    """
    @notice Takes no new choices, or takes them again; whoever chose withdraws and fetches as before. PAUSER stops, UNPAUSER
            resumes.
    @dev Errors: "roles: not authorised", "offer: not open".
    """
    if stopped:
        roles._check(roles.PAUSER)
    else:
        roles._check(roles.UNPAUSER)
    self._check_open(offer)
    gate: uint256 = book.gates[offer] & ~book.SHUT
    book.gates[offer] = gate | book.SHUT if stopped else gate
    log IOfferEscrow.OfferStopped(offer=offer, stopped=stopped, by=msg.sender)


@external
def cancel(offer: uint256, reason: uint16, document: bytes32):
    """
    @notice Ends an offer that is not funded: everybody fetches what it put in. ACTIONS or the admin; anyone, where the book has
            cancelled its action.
    @dev Errors, in order: "offer: not open", "roles: not authorised", "offer: reason and document".
    @param offer its number.
    @param reason the issuer's code.
    @param document hash of the document that says why.
    """
    self._check_open(offer)
    if not self._is_withdrawn(offer) and not roles._has(roles.ACTIONS, msg.sender):
        roles._check(roles.ADMIN)
    assert reason != 0 and document != empty(bytes32), "offer: reason and document"
    book.gates[offer] |= book.SHUT
    self._set_status(offer, book.CANCELLED)
    log IOfferEscrow.OfferCancelled(offer=offer, canceller=msg.sender, reason=reason, document=document)


@external
@nonreentrant
def fund(offer: uint256, amount: uint256):
    """
    @notice Brings in all that the choices come to, at once, after the deadline and no later than ten days after pay: coins
            from the caller, who has approved this contract, and new units by a mint. From here on it is carried out. A tender
            offer's anyone; a rights issue's and a merger's ACTIONS, since units are made.
    @dev Errors, in order: "offer: not open" (unknown, funded, cancelled, lapsed), "offer: not over" (until the deadline),
         "roles: not authorised", "offer: withdrawn" (the book cancelled its action), "offer: sum differs" (from need), the
         coin's, "offer: payment failed", "offer: payment not exact", the stock's (mint) and the reserve's.
    @param offer its number.
    @param amount base units: what need() says.
    """
    self._check_open(offer)
    assert offer & book.U40 < block.timestamp, "offer: not over"
    if book._kind(offer) != book.TEND:
        roles._check(roles.ACTIONS)
    assert not self._is_withdrawn(offer), "offer: withdrawn"
    record: book.Record = book._read(offer)
    price: uint256 = 0
    ratio: uint256 = 0
    due: uint256 = 0
    minted: uint256 = 0
    price, ratio = outcomes._final(offer, record)
    due, minted = book._needs(offer, record, price, ratio)
    assert amount == due, "offer: sum differs"
    self._set_status(offer, book.FUNDED)
    book.records[offer].price = record.price | (price << 128)
    book.records[offer].ratio = record.ratio | (ratio << 128)
    book.records[offer].sums = record.sums + due
    book.records[offer].units = minted << 128
    offer_coins._bring(convert(record.coin & book.U160, address), msg.sender, due)
    if minted != 0:
        extcall IStockToken(convert(record.given & book.U160, address)).mint(self, minted)
    log IOfferEscrow.OfferFunded(
        offer=offer, funder=msg.sender, amount=due, minted=minted, price=price, ratio=ratio
    )


@external
@nonreentrant
def sweep(offer: uint256):
    """
    @notice Pays the coins that nobody fetched until the expiry to the treasury. ACTIONS only. Units that are due stay due.
    @dev Errors, in order: "roles: not authorised", "offer: not funded", "offer: before expiry", "offer: coin refused",
         "offer: payment not exact".
    @param offer its number.
    """
    roles._check(roles.ACTIONS)
    record: book.Record = book._read(offer)
    assert book._status(record.coin) == book.FUNDED, "offer: not funded"
    assert (record.coin >> 200) & book.U40 <= block.timestamp, "offer: before expiry"
    amount: uint256 = (record.sums & book.U128) + (record.sums >> 128)
    treasury: address = convert(record.treasury & book.U160, address)
    self._set_status(offer, book.SWEPT)
    book.records[offer].sums = 0
    outcomes._pay(record, treasury, amount)
    log IOfferEscrow.OfferSwept(offer=offer, treasury=treasury, coins=amount, units=record.units >> 128)


# --- who chooses -----------------------------------------------------------------------------------------------------


@external
def tender(offer: uint256, units: uint256):
    """
    @notice Puts the caller's units into a tender offer. Again adds to it. No allowance is looked at, and a lapsed clearance
            does not matter.
    @dev Errors, in order: "offer: other kind", "offer: unknown", "offer: over", "offer: stopped" (or cancelled), "offer: too
         much", the stock's (escrow).
    @param offer its number.
    @param units raw units.
    """
    assert book._kind(offer) == book.TEND, "offer: other kind"
    self._tender(offer, msg.sender, units)


@external
@nonreentrant
def choose(offer: uint256, units: uint256, more: uint256):
    """
    @notice Puts the caller's units into an offer of any kind. Again adds to it.
    @dev Errors, in order: "offer: unknown", "offer: over", "offer: stopped", "offer: too much", "offer: nothing", "offer: bad
         choice" (more than a tender offer's units; more than rights where the issue has none left over, or without a right;
         a side that a merger does not have), the stock's (escrow), the coin's, "offer: payment failed", "offer: payment not exact".
    @param offer its number.
    @param units of a tender offer the units; of a rights issue the rights that are used, of which each is paid for, from
           an allowance of this contract; of a merger the units that are to be paid in cash.
    @param more of a rights issue what is asked for beyond the rights, in the same units, and paid for in advance; of a merger the
           units that are to become units of the other stock.
    """
    self._choose(offer, msg.sender, units, more)


@external
@nonreentrant
def chooseBySig(
    offer: uint256,
    units: uint256,
    more: uint256,
    owner: address,
    expiry: uint256,
    signature: Bytes[signatures.MAX_LENGTH],
):
    """
    @notice As choose, for who signed it: an account with a key, or a contract by ERC-1271. Anyone hands it in.
    @dev Errors, in order: "offer: signature expired", "offer: bad signature" (another's, an old one, of another contract or
         chain), those of choose.
    @param owner whose units, and whose coins.
    @param expiry the last second in which the signature serves, UTC.
    @param signature of CHOICE_TYPEHASH's fields, with nextNonce(owner).
    """
    assert block.timestamp <= expiry, "offer: signature expired"
    nonce: uint256 = self.nextNonce[owner]
    self.nextNonce[owner] = nonce + 1
    content: bytes32 = keccak256(abi_encode(CHOICE_TYPEHASH, owner, offer, units, more, nonce, expiry))
    digest: bytes32 = domain._hash_typed_data_v4(content)
    assert signatures._is_valid(owner, digest, signature), "offer: bad signature"
    self._choose(offer, owner, units, more)


@external
@nonreentrant
def withdraw(offer: uint256, account: address):
    """
    @notice Takes all that an account put in out again, until the deadline, to it or its successor. The account, its operator,
            its successor or that one's. While an offer is stopped too.
    @dev Errors, in order: "offer: held", "offer: not the account", "offer: not open", "offer: over", "offer: nothing", the stock's
         (release), "offer: coin refused", "offer: payment not exact".
    @param offer its number.
    @param account whose position.
    """
    payee: address = self._heard(account)
    self._check_open(offer)
    assert block.timestamp <= offer & book.U40, "offer: over"
    word: uint256 = book.positions[offer][account]
    assert word != 0, "offer: nothing"
    record: book.Record = book._read(offer)
    units: uint256 = 0
    coins: uint256 = 0
    units, coins = book._returned(offer, word, record)
    book.positions[offer][account] = 0
    self._reduce(offer, word & book.U96, word >> 96)
    book.records[offer].sums = record.sums - coins
    outcomes._release(offer, payee, units, False)
    outcomes._pay(record, payee, coins)
    log IOfferEscrow.Withdrawn(offer=offer, account=account, to=payee, units=units, coins=coins)


@external
@nonreentrant
def claim(offer: uint256, account: address) -> bool:
    """
    @notice Hands an account, or its successor, all that is due to it: from pay on of an offer that was funded; at once of one
            that is cancelled or has lapsed, which gives everything back. The account, its operator, its successor or that
            one's. New units of who may not hold them now, and coins that the coin refuses to pay, stay due.
    @dev Errors, in order: "offer: held", "offer: not the account", "offer: nothing", "offer: not funded", "offer: before pay",
         the stock's (release, deliver), "offer: payment not exact".
    @param offer its number.
    @param account whose position.
    @return Whether all of it was handed out.
    """
    payee: address = self._heard(account)
    word: uint256 = 0
    is_given: bool = False
    word, is_given = outcomes._end(offer, account)
    record: book.Record = book._read(offer)
    assert not is_given or (record.coin >> 160) & book.U40 <= block.timestamp, "offer: before pay"
    given: IStockToken = IStockToken(convert(record.given & book.U160, address))
    is_given = is_given and book._kind(offer) != book.TEND
    units: uint256 = word & book.U96
    coins: uint256 = (word >> 96) & book.U96
    parked: uint256 = 0
    if is_given and units != 0 and not staticcall given.canReceive(payee):
        parked = units
        units = 0
    book.positions[offer][account] = book.SETTLED | parked if parked != 0 else 0
    book.records[offer].sums = record.sums - coins
    if not is_given:
        outcomes._release(offer, payee, units, False)
    elif units != 0:
        book.records[offer].units = record.units - (units << 128)
        extcall given.deliver(payee, units)
    if not offer_coins._send(convert(record.coin & book.U160, address), payee, coins):
        book.positions[offer][account] = book.SETTLED | parked | (coins << 96)
        book.records[offer].sums += coins
        coins = 0
        parked = 1
    log IOfferEscrow.Claimed(offer=offer, account=account, payee=payee, units=units, coins=coins)
    return parked == 0


@external
def setOperator(operator: address, approved: bool):
    """
    @notice Lets an account withdraw and fetch for the caller, or no longer: a keeper, for example. What it fetches goes to the
            caller.
    """
    self.isOperator[msg.sender][operator] = approved
    log IOfferEscrow.OperatorSet(account=msg.sender, operator=operator, approved=approved)


# --- officers --------------------------------------------------------------------------------------------------------


@external
@nonreentrant
def enforce(
    offer: uint256,
    account: address,
    to: address,
    amount: uint256,
    reason: uint16,
    document: bytes32,
    key: bytes32,
):
    """
    @notice Seizes what an account has in an offer, for `to`, whatever the state of account, stock, fleet and offer. ENFORCER only.
            While it is open: `amount` raw units of what was put in, first choices first; of a rights issue all of it, with what
            was paid. After: all that is due, units and coins.
    @dev Errors, in order: "roles: not authorised", "offer: reason and document", "keys: empty", "keys: used", "offer: more than is
         there" (than was put in; of a rights issue another amount than all rights; of what is due another than 0), "offer:
         nothing", the stock's (release), "offer: coin refused" (by `to`), "offer: payment not exact".
    @param offer its number.
    @param account whose position.
    @param to who receives it.
    @param amount raw units; 0 once it is no longer open.
    @param reason the issuer's code.
    @param document hash of the order.
    @param key serves once.
    """
    roles._check(roles.ENFORCER)
    assert reason != 0 and document != empty(bytes32), "offer: reason and document"
    keys._consume(key)
    word: uint256 = book.positions[offer][account]
    record: book.Record = book._read(offer)
    status: uint256 = book._status(record.coin)
    units: uint256 = amount
    coins: uint256 = 0
    is_given: bool = False
    if status == book.OPEN and word != 0:
        first: uint256 = word & book.U96
        less: uint256 = min(first, amount)
        also: uint256 = amount - less
        if book._kind(offer) == book.RHTS:
            # The rights and what was asked for beyond them were paid for together.
            assert amount == first, "offer: more than is there"
            also = word >> 96
            units, coins = book._returned(offer, word, record)
        assert amount != 0 and also <= word >> 96, "offer: more than is there"
        book.positions[offer][account] = word - less - (also << 96)
        self._reduce(offer, less, also)
    else:
        assert amount == 0, "offer: more than is there"
        word, is_given = outcomes._end(offer, account)
        is_given = is_given and book._kind(offer) != book.TEND
        units = word & book.U96
        coins = (word >> 96) & book.U96
        book.positions[offer][account] = 0
    book.records[offer].sums -= coins
    if not is_given:
        outcomes._release(offer, to, units, True)
    elif units != 0:
        book.records[offer].units -= units << 128
        extcall IStockToken(convert(record.given & book.U160, address)).release(to, units, True)
    outcomes._pay(record, to, coins)
    log IOfferEscrow.Enforced(
        offer=offer, account=account, to=to, units=units, coins=coins, reason=reason, document=document
    )


# --- parts -----------------------------------------------------------------------------------------------------------


@internal
def _tender(offer: uint256, owner: address, units: uint256):
    """
    @dev The path of which most is made: two words are written beside the stock's own.
    """
    gate: uint256 = self._enter(offer, units)
    book.gates[offer] = gate + (units << 160)
    # The units of all are fewer than the word has room for.
    book.positions[offer][owner] = unsafe_add(book.positions[offer][owner], units)
    log IOfferEscrow.Tendered(offer=offer, account=owner, units=units)
    extcall IStockToken(convert(gate & book.U160, address)).escrow(owner, units)


@internal
@view
def _enter(offer: uint256, units: uint256) -> uint256:
    """
    @dev The gate of an offer that takes choices. Errors, in order: "offer: unknown", "offer: over", "offer: stopped", "offer: too
         much".
    """
    gate: uint256 = book.gates[offer]
    assert gate != 0, "offer: unknown"
    assert block.timestamp <= offer & book.U40, "offer: over"
    assert gate < book.SHUT, "offer: stopped"
    assert units <= unsafe_sub(book.MAX_UNITS, gate >> 160), "offer: too much"
    return gate


@internal
def _choose(offer: uint256, owner: address, units: uint256, more: uint256):
    kind: uint256 = book._kind(offer)
    if kind == book.TEND:
        assert more == 0, "offer: bad choice"
        self._tender(offer, owner, units)
        return
    gate: uint256 = self._enter(offer, units)
    record: book.Record = book._read(offer)
    assert more <= book.MAX_UNITS - (record.treasury >> 160), "offer: too much"
    assert units | more != 0, "offer: nothing"
    word: uint256 = book.positions[offer][owner]
    after: uint256 = word + units + (more << 96)
    escrowed: uint256 = units
    due: uint256 = 0
    if kind == book.RHTS:
        assert more == 0 or (record.taker >> 160 != 0 and after & book.U96 != 0), "offer: bad choice"
        price: uint256 = record.price & book.U128
        due = book._cost((after & book.U96) + (after >> 96), price, record.coin)
        due -= book._cost((word & book.U96) + (word >> 96), price, record.coin)
    else:
        assert units == 0 or record.price & book.U128 != 0, "offer: bad choice"
        assert more == 0 or record.ratio & book.U128 != 0, "offer: bad choice"
        escrowed += more
    book.gates[offer] = gate + (units << 160)
    book.positions[offer][owner] = after
    if more != 0:
        book.records[offer].treasury = record.treasury + (more << 160)
    book.records[offer].sums = record.sums + due
    log IOfferEscrow.Chosen(offer=offer, account=owner, units=units, more=more, paid=due)
    if escrowed != 0:
        extcall IStockToken(convert(gate & book.U160, address)).escrow(owner, escrowed)
    offer_coins._bring(convert(record.coin & book.U160, address), owner, due)


@internal
def _reduce(offer: uint256, units: uint256, more: uint256):
    book.gates[offer] -= units << 160
    if more != 0:
        book.records[offer].treasury -= more << 160


@internal
@view
def _heard(account: address) -> address:
    """
    @dev Who is handed what an account has: itself or its successor, whose call or whose operator's call this is. Errors:
         "offer: held" (blocked, and without a successor who is not), "offer: not the account".
    """
    payee: address = heirs._entitled(REGISTRY, account)
    assert payee != empty(address), "offer: held"
    assert msg.sender == payee or self.isOperator[payee][msg.sender], "offer: not the account"
    return payee


@internal
@view
def _check_open(offer: uint256):
    """
    @dev Error: "offer: not open".
    """
    assert book._status(book.records[offer].coin) == book.OPEN, "offer: not open"


@internal
@view
def _is_withdrawn(offer: uint256) -> bool:
    """
    @dev Whether the book has cancelled the action.
    """
    return (staticcall BOOK.timesOf(book.records[offer].action))[2] == _WITHDRAWN


@internal
def _set_status(offer: uint256, status: uint256):
    book.records[offer].coin = (book.records[offer].coin & (2**248 - 1)) | (status << 248)
