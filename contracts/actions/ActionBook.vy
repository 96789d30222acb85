# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title ActionBook
@custom:contract-name ActionBook
@license AGPL-3.0-only
@notice Typed records of every corporate action that moves no multiplier, by its ISO 15022 code: DVCA DVOP CAPD CHAN SOFF
        MRGR TEND RHTS DLST LIQU MEET. One is announced with its terms, amended, takes effect at its second, or once a
        root of it is posted to be paid; it is cancelled until then, and completed afterwards. From the market's ex to
        the record the stock is not minted: such a unit would be paid what no share behind it is.
@dev An id is CorporateActions.actionId of the stock, the code and the issuer's reference, the same on every chain. Who is
     paid what is the DividendDistributor's. announceCash, amendCash, cancelCash and cash say the same of DVCA alone.
     Parts: book_terms (which terms a code takes), book_records (how they are kept).
@custom:security Callers: announce, amend, complete ACTIONS; cancel ACTIONS and the admin; beginPaying the distributor;
                 setDistributor and setEscheat the admin (the timelock). It holds nothing.
@custom:kill cancel() until the effect, or until a root is posted. Revoking ACTIONS in Roles stops the desk at once.
"""

from ..interfaces import IActionBook
from ..interfaces import IComplianceRegistry
from ..interfaces import ICorporateActions
from ..interfaces import IStockToken
from ..shared import multiplier_math as mm
from ..shared import refusals
from ..shared import roles
from . import book_records as records
from . import book_terms

implements: IActionBook

initializes: records
initializes: roles

exports: (
    records.action,
    records.actionAt,
    records.actionCount,
    records.timesOf,
    roles.accessControl,
)


interface IActions:
    def registry() -> address: view


# @dev CorporateActions' kind of notice of an announced dividend
ANNOUNCE_NOTICE: constant(uint256) = 1
# @dev how long after its pay date what is paid out may be fetched, at least: what a state may ask for unclaimed property
DEFAULT_ESCHEAT: constant(uint256) = 3 * 365 * 86400
MIN_ESCHEAT: constant(uint256) = 365 * 86400
MAX_ESCHEAT: constant(uint256) = 30 * 365 * 86400


ACTIONS: immutable(ICorporateActions)
REGISTRY: immutable(IComplianceRegistry)

# @notice how long after pay and record what is paid out may be fetched at least, seconds
escheat: public(uint256)
# @notice the DividendDistributor; the zero address for none
distributor: public(address)


@deploy
def __init__(access_control: address, actions: address):
    """
    @dev Errors: "roles: zero address", "book: bad actions" (no code, or of another role table).
    @param access_control the role table.
    @param actions the CorporateActions, which knows the stocks, the notices and when a stock is minted.
    """
    roles.__init__(access_control)
    refusals._demand(roles._is_ours(actions), "book: bad actions")
    ACTIONS = ICorporateActions(actions)
    REGISTRY = IComplianceRegistry(staticcall IActions(actions).registry())
    self._set_escheat(DEFAULT_ESCHEAT)


# --- the desk --------------------------------------------------------------------------------------------------------


@external
def announce(
    token: address,
    code: String[4],
    reference: bytes32,
    terms: IActionBook.ActionTerms,
    change: IActionBook.Change,
) -> bytes32:
    """
    @notice Records an action and its terms. ACTIONS only. From the market's ex to the record, where it has them, the
            stock is not minted.
    @dev Errors, in order: "roles: not authorised", "book: unknown code", "book: unknown stock", "book: already announced"
         (a cancelled one's id stays used), "book: bad terms", "actions: bad terms" (ex is no date), "book: expiry too
         early", "book: unknown other", "book: notice too short", "actions: not the book", "actions: too many announced".
    @param token the stock.
    @param code DVCA DVOP CAPD CHAN SOFF MRGR TEND RHTS DLST LIQU or MEET.
    @param reference the issuer's own, once per stock and code.
    @param terms see IActionBook. The record is from exAt to 30 days after it; pay from 30 days before exAt (a deferred
           ex) to 120 days after the record, and no earlier than the deadline, which is no earlier than the record. The
           first of record, deadline and pay that the code has is a dividend's notice ahead.
    @param change what CHAN says the stock is called; empty for every other code.
    @return bytes32 The id: CorporateActions.actionId.
    """
    return self._announce(token, book_terms._kind(code), reference, terms, change)


@external
def amend(id: bytes32, terms: IActionBook.ActionTerms, change: IActionBook.Change):
    """
    @notice Puts other terms in the place of an announced action's. ACTIONS only. Once the record has come, ex, exAt,
            recordAt and coin stay; once the deadline has, what was chosen between stays too: deadline, gross, currency,
            num, den, most, and a price or another stock that was named.
    @dev Errors, in order: "roles: not authorised", "book: not announced", "book: bad terms", "actions: bad terms", "book:
         expiry too early", "book: unknown other", "book: record has come", "book: deadline has come", "book: notice too
         short" (another first instant), "book: too many amendments".
    @param id the action's.
    @param terms all of them, as announce.
    @param change as announce.
    """
    self._amend(id, terms, change)


@external
def cancel(id: bytes32, reason: uint16, document: bytes32):
    """
    @notice Ends an announced action before its effect; what is paid out until a root is posted. ACTIONS or the admin. Its
            id stays used.
    @dev Errors, in order: "roles: not authorised", "book: reason and document" (either is missing), "book: not announced".
    @param id the action's.
    @param reason the issuer's code.
    @param document hash of the document that says why.
    """
    self._cancel(id, reason, document)


@external
def complete(id: bytes32, document: bytes32):
    """
    @notice Closes the record of an action that is carried out: nothing more follows from it. ACTIONS only.
    @dev Errors, in order: "roles: not authorised", "book: not effective" (nor already completed), "book: still open"
         (what is paid out, before its expiry).
    @param id the action's.
    @param document hash of the document that says how; zero for none.
    """
    roles._check(roles.ACTIONS)
    head: uint256 = records._records[id].head
    times: uint256 = records._records[id].times
    refusals._demand(records._status(head, times) == records.EFFECTIVE, "book: not effective")
    if book_terms._is_paid(records._kind(head)):
        refusals._demand(records._expiry(times) <= block.timestamp, "book: still open")
    records._set_status(id, head, records.COMPLETED)
    log IActionBook.ActionCompleted(id=id, token=records._token(head), document=document)


@external
def beginPaying(id: bytes32) -> (address, address, uint256, uint256, uint256):
    """
    @notice Takes note that a root was posted of what is paid out or delivered (DVCA DVOP CAPD LIQU SOFF MRGR RHTS): from
            here on nothing is amended or cancelled. The distributor only; again for each further root.
    @dev Errors, in order: "book: not the distributor", "book: not announced" (unknown, cancelled, completed, or of a code
         without roots), "book: record to come" (or it has none), "book: deadline to come" (an election's; rights are given before
         theirs), "book: burned for" (a merger of a stock whose end is set).
    @param id the action's.
    @return (the stock, the coin, zero while it has no rate, pay, expiry, the record instant).
    """
    assert msg.sender == self.distributor, "book: not the distributor"
    head: uint256 = records._records[id].head
    times: uint256 = records._records[id].times
    kind: uint256 = records._kind(head)
    status: uint256 = records._status(head, times)
    stands: bool = status == records.ANNOUNCED or status == records.EFFECTIVE
    refusals._demand(stands and (book_terms.ROOTED >> kind) & 1 == 1, "book: not announced")
    record_at: uint256 = records._record_at(times)
    # What has no record is not paid by a root: a merger's, and a last payment of a liquidation, units are burned for.
    refusals._demand(record_at != 0 and record_at <= block.timestamp, "book: record to come")
    is_over: bool = kind == book_terms.RHTS or records._deadline(times) < block.timestamp
    refusals._demand(is_over, "book: deadline to come")
    token: address = records._token(head)
    # A merger is paid once: by a root, or, where an end of the stock stands, by burning its units.
    if kind == book_terms.MRGR:
        refusals._demand(staticcall IStockToken(token).mintsEnd() == 0, "book: burned for")
    if status == records.ANNOUNCED:
        records._set_status(id, head, records.EFFECTIVE)
        ex_at: uint256 = records._ex_at(times)
        if ex_at != 0 and ex_at < record_at:
            # It is open by now; what is forgotten costs later mints no question.
            extcall ACTIONS.setShut(token, ex_at, record_at, False)
        log IActionBook.ActionPaying(id=id, token=token)
    coin: address = records._coin(id) if records._has_rate(id, times) else empty(address)
    return token, coin, records._pay(times), records._expiry(times), record_at


# --- cash dividends --------------------------------------------------------------------------------------------------


@external
def announceCash(token: address, reference: bytes32, terms: IActionBook.Terms) -> bytes32:
    """
    @notice Announces a cash dividend, as announce with DVCA does. ACTIONS only.
    @dev Errors: as announce.
    @param token the stock.
    @param reference the issuer's own, once per stock.
    @param terms see IActionBook.
    @return bytes32 The id.
    """
    return self._announce(token, book_terms.DVCA, reference, self._cash_terms(terms), empty(IActionBook.Change))


@external
def amendCash(id: bytes32, terms: IActionBook.Terms):
    """
    @notice Puts other terms in the place of an announced cash dividend's, as amend does. ACTIONS only.
    @dev Errors: as amend; "book: bad terms" for an action of a code that takes others.
    @param id the dividend's.
    @param terms all of them, as announceCash.
    """
    self._amend(id, self._cash_terms(terms), empty(IActionBook.Change))


@external
def cancelCash(id: bytes32, reason: uint16, document: bytes32):
    """
    @notice Ends an announced cash dividend, as cancel does. ACTIONS or the admin.
    @dev Errors: as cancel.
    @param id the dividend's.
    @param reason the issuer's code.
    @param document hash of the document that says why.
    """
    self._cancel(id, reason, document)


@external
@view
def cash(id: bytes32) -> IActionBook.Cash:
    """
    @notice What is recorded of a cash dividend.
    @param id its id; an unknown one, and one of another code, reads as zeros.
    """
    found: IActionBook.Recorded = records._recorded(id)
    if found.code != "DVCA":
        return empty(IActionBook.Cash)
    return IActionBook.Cash(
        token=found.token,
        status=found.status,
        announcedAt=found.announcedAt,
        amended=found.amended,
        terms=IActionBook.Terms(
            ex=found.terms.ex,
            exAt=found.terms.exAt,
            recordAt=found.terms.recordAt,
            pay=found.terms.pay,
            expiry=found.terms.expiry,
            gross=found.terms.gross,
            fee=found.terms.fee,
            currency=found.terms.currency,
            coin=found.terms.coin,
            rate=found.terms.rate,
            source=found.terms.source,
        ),
    )


# --- settings --------------------------------------------------------------------------------------------------------


@external
def setDistributor(distributor: address):
    """
    @notice Names the DividendDistributor, once. Admin only.
    @dev Errors: "roles: not authorised", "book: distributor is set", "book: bad distributor" (no code, or of another role
         table).
    @param distributor the contract.
    """
    roles._check(roles.ADMIN)
    refusals._demand(self.distributor == empty(address), "book: distributor is set")
    refusals._demand(roles._is_ours(distributor), "book: bad distributor")
    self.distributor = distributor
    log IActionBook.DistributorSet(distributor=distributor)


@external
def setEscheat(duration: uint256):
    """
    @notice Sets how long what is paid out may be fetched at least. Admin only. What is announced keeps its expiry.
    @dev Errors: "roles: not authorised", "book: bad escheat" (below a year, above 30).
    @param duration seconds after pay and record.
    """
    roles._check(roles.ADMIN)
    refusals._demand(duration >= MIN_ESCHEAT and duration <= MAX_ESCHEAT, "book: bad escheat")
    self._set_escheat(duration)


@external
@view
def actions() -> address:
    """
    @notice The CorporateActions, which shuts mints on this contract's word.
    """
    return ACTIONS.address


# --- parts -----------------------------------------------------------------------------------------------------------


@internal
def _announce(
    token: address,
    kind: uint256,
    reference: bytes32,
    terms: IActionBook.ActionTerms,
    change: IActionBook.Change,
) -> bytes32:
    roles._check(roles.ACTIONS)
    assert kind != 0, "book: unknown code"
    assert staticcall REGISTRY.tokenNumber(token) != 0, "book: unknown stock"
    stock: IStockToken = IStockToken(token)
    code: String[4] = book_terms._code(kind)
    id: bytes32 = staticcall ACTIONS.actionId(staticcall stock.isin(), staticcall stock.series(), code, reference)
    assert records._records[id].head == 0, "book: already announced"
    hash_: bytes32 = self._change_hash(kind, change)
    given: IActionBook.ActionTerms = self._checked(kind, token, terms)
    self._check_notice(self._first(given))
    records._append(token, id)
    records._write(id, token, kind, given, hash_, block.timestamp, 0)
    self._shut(token, given.exAt, given.recordAt, True)
    log IActionBook.ActionRecorded(
        id=id, token=token, code=code, reference=reference, announcer=msg.sender, terms=given
    )
    self._tell(id, token, hash_, change)
    return id


@internal
def _amend(id: bytes32, terms: IActionBook.ActionTerms, change: IActionBook.Change):
    roles._check(roles.ACTIONS)
    head: uint256 = records._records[id].head
    times: uint256 = records._records[id].times
    refusals._demand(records._status(head, times) == records.ANNOUNCED, "book: not announced")
    token: address = records._token(head)
    kind: uint256 = records._kind(head)
    hash_: bytes32 = self._change_hash(kind, change)
    given: IActionBook.ActionTerms = self._checked(kind, token, terms)
    was: IActionBook.ActionTerms = records._terms(id, head, times)
    if was.recordAt != 0 and was.recordAt <= block.timestamp:
        kept: bool = given.ex == was.ex and given.exAt == was.exAt and given.recordAt == was.recordAt
        refusals._demand(kept and given.coin == was.coin, "book: record has come")
    if was.deadline != 0 and was.deadline < block.timestamp:
        kept: bool = given.deadline == was.deadline and given.num == was.num and given.den == was.den
        kept = kept and given.most == was.most and given.gross == was.gross and given.currency == was.currency
        kept = kept and (was.other == empty(address) or given.other == was.other)
        refusals._demand(kept and (was.price == 0 or given.price == was.price), "book: deadline has come")
    if self._first(given) != self._first(was):
        self._check_notice(self._first(given))
    amended: uint256 = ((head >> 200) & records.MAX_AMENDED) + 1
    refusals._demand(amended <= records.MAX_AMENDED, "book: too many amendments")
    if given.exAt != was.exAt or given.recordAt != was.recordAt:
        self._shut(token, was.exAt, was.recordAt, False)
        self._shut(token, given.exAt, given.recordAt, True)
    records._write(id, token, kind, given, hash_, (head >> 160) & mm.MAX_U40, amended)
    log IActionBook.ActionAmended(id=id, token=token, amended=amended, terms=given)
    self._tell(id, token, hash_, change)


@internal
def _cancel(id: bytes32, reason: uint16, document: bytes32):
    if not roles._has(roles.ACTIONS, msg.sender):
        roles._check(roles.ADMIN)
    refusals._demand(reason != 0 and document != empty(bytes32), "book: reason and document")
    head: uint256 = records._records[id].head
    times: uint256 = records._records[id].times
    refusals._demand(records._status(head, times) == records.ANNOUNCED, "book: not announced")
    token: address = records._token(head)
    records._set_status(id, head, records.CANCELLED)
    self._shut(token, records._ex_at(times), records._record_at(times), False)
    log IActionBook.ActionWithdrawn(
        id=id, token=token, canceller=msg.sender, reason=reason, document=document
    )


@internal
@view
def _checked(kind: uint256, token: address, terms: IActionBook.ActionTerms) -> IActionBook.ActionTerms:
    """
    @dev The terms with exAt filled in. Errors, in order: "book: bad terms", "actions: bad terms", "book: expiry too
         early", "book: unknown other".
    """
    given: IActionBook.ActionTerms = book_terms._checked(kind, terms, self.escheat)
    if given.other != empty(address):
        known: bool = given.other != token and staticcall REGISTRY.tokenNumber(given.other) != 0
        assert known, "book: unknown other"
    return given


@internal
@pure
def _change_hash(kind: uint256, change: IActionBook.Change) -> bytes32:
    """
    @dev Errors: "book: bad terms" (a CHAN that changes nothing, another code that does).
    """
    is_empty: bool = change.name == "" and change.ticker == "" and change.isin == ""
    assert is_empty != (kind == book_terms.CHAN), "book: bad terms"
    if is_empty:
        return empty(bytes32)
    assert change.isin == "" or len(change.isin) == 12, "book: bad terms"
    return keccak256(abi_encode(change.name, change.ticker, change.isin))


@internal
def _tell(id: bytes32, token: address, hash_: bytes32, change: IActionBook.Change):
    if hash_ != empty(bytes32):
        log IActionBook.ChangeRecorded(id=id, token=token, name=change.name, ticker=change.ticker, isin=change.isin)


@internal
@pure
def _first(terms: IActionBook.ActionTerms) -> uint256:
    """
    @return uint256 The first instant at which anything follows for holders: the record, else the deadline, else the effect.
    """
    if terms.recordAt != 0:
        return terms.recordAt
    if terms.deadline != 0:
        return terms.deadline
    return terms.pay


@internal
@view
def _check_notice(instant: uint256):
    notice: uint256 = staticcall ACTIONS.noticeOf(ANNOUNCE_NOTICE)
    assert block.timestamp + notice <= instant, "book: notice too short"


@internal
@pure
def _cash_terms(terms: IActionBook.Terms) -> IActionBook.ActionTerms:
    return IActionBook.ActionTerms(
        ex=terms.ex,
        exAt=terms.exAt,
        recordAt=terms.recordAt,
        deadline=0,
        pay=terms.pay,
        expiry=terms.expiry,
        gross=terms.gross,
        fee=terms.fee,
        currency=terms.currency,
        coin=terms.coin,
        rate=terms.rate,
        source=terms.source,
        num=0,
        den=0,
        other=empty(address),
        price=0,
        most=0,
        document=empty(bytes32),
    )


@internal
def _set_escheat(duration: uint256):
    self.escheat = duration
    log IActionBook.EscheatSet(duration=duration)


@internal
def _shut(token: address, ex_at: uint256, record_at: uint256, shut: bool):
    """
    @dev Where the record is the ex instant itself, or there is no ex, nothing lies between them; what is past its record
         is open already.
    """
    if ex_at != 0 and ex_at < record_at and block.timestamp < record_at:
        extcall ACTIONS.setShut(token, ex_at, record_at, shut)
