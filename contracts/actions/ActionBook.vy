# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title ActionBook
@custom:contract-name ActionBook
@license AGPL-3.0-only
@notice Typed records of what is paid out to holders and moves no multiplier: cash dividends (ISO 15022 code DVCA). One is
        announced with its terms, amended while nothing was posted to be paid, and cancelled until then. From the market's
        ex to the record the stock is not minted: such a unit would be paid what no share behind it is.
@dev An id is CorporateActions.actionId of the stock, DVCA and the issuer's reference, the same on every chain. Who is paid
     what is the DividendDistributor's.
@custom:security Callers: announceCash, amendCash ACTIONS; cancelCash ACTIONS and the admin; beginPaying the distributor;
                 setDistributor and setEscheat the admin (the timelock). It holds nothing.
@custom:kill cancelCash() until a root is posted. Revoking ACTIONS in Roles stops the desk at once.
"""

from ..interfaces import IActionBook
from ..interfaces import IComplianceRegistry
from ..interfaces import ICorporateActions
from ..interfaces import IStockToken
from ..shared import multiplier_math as mm
from ..shared import roles
from . import action_terms

implements: IActionBook

initializes: roles

exports: roles.accessControl


interface IActions:
    def registry() -> address: view


# @dev status
ANNOUNCED: constant(uint256) = 1
PAYING: constant(uint256) = 2
CANCELLED: constant(uint256) = 3

CODE: constant(String[4]) = "DVCA"
# @dev CorporateActions' kind of notice of an announced dividend
ANNOUNCE_NOTICE: constant(uint256) = 1
# @dev how long after its pay date a dividend may be fetched, at least: what a state may ask for unclaimed property
DEFAULT_ESCHEAT: constant(uint256) = 3 * 365 * 86400
MIN_ESCHEAT: constant(uint256) = 365 * 86400
MAX_ESCHEAT: constant(uint256) = 30 * 365 * 86400
MAX_AMENDED: constant(uint256) = 2**16 - 1


# @dev times   0..31 ex | 32..71 exAt | 72..111 recordAt | 112..151 pay | 152..191 expiry | 192..231 announcedAt
#              232..247 amended | 248..255 status
#      money   0..127 gross | 128..255 fee
struct Record:
    token: address
    times: uint256
    money: uint256
    currency: String[3]
    coin: address
    rate: uint256
    source: bytes32


ACTIONS: immutable(ICorporateActions)
REGISTRY: immutable(IComplianceRegistry)

# @notice how long after pay and record a dividend may be fetched at least, seconds
escheat: public(uint256)
# @notice the DividendDistributor; the zero address for none
distributor: public(address)

_records: HashMap[bytes32, Record]
_ids: HashMap[address, HashMap[uint256, bytes32]]
# @notice how many cash dividends of a stock were ever announced
cashCount: public(HashMap[address, uint256])


@deploy
def __init__(access_control: address, actions: address):
    """
    @dev Errors: "roles: zero address", "book: bad actions" (no code, or of another role table).
    @param access_control the role table.
    @param actions the CorporateActions, which knows the stocks, the notices and when a stock is minted.
    """
    roles.__init__(access_control)
    assert roles._is_ours(actions), "book: bad actions"
    ACTIONS = ICorporateActions(actions)
    REGISTRY = IComplianceRegistry(staticcall IActions(actions).registry())
    self._set_escheat(DEFAULT_ESCHEAT)


# --- the desk --------------------------------------------------------------------------------------------------------


@external
def announceCash(token: address, reference: bytes32, terms: IActionBook.Terms) -> bytes32:
    """
    @notice Announces a cash dividend. ACTIONS only. From the market's ex to the record the stock is not minted.
    @dev Errors, in order: "roles: not authorised", "book: unknown stock", "book: already announced" (a cancelled one's id
         stays used), "book: bad terms", "actions: bad terms" (ex is no date), "book: expiry too early", "book: notice too
         short", "actions: not the book", "actions: too many announced".
    @param token the stock.
    @param reference the issuer's own, once per stock.
    @param terms see IActionBook; exAt 0 is the UTC midnight of ex. The record is from exAt to 30 days after it, pay from
           30 days before exAt (a deferred ex) to 120 days after the record.
    @return bytes32 The id: CorporateActions.actionId.
    """
    roles._check(roles.ACTIONS)
    assert staticcall REGISTRY.tokenNumber(token) != 0, "book: unknown stock"
    stock: IStockToken = IStockToken(token)
    id: bytes32 = staticcall ACTIONS.actionId(staticcall stock.isin(), staticcall stock.series(), CODE, reference)
    assert self._records[id].times == 0, "book: already announced"
    given: IActionBook.Terms = self._checked(terms)
    self._check_notice(given.recordAt)
    self._write(id, token, given, block.timestamp, 0)
    count: uint256 = self.cashCount[token]
    self._ids[token][count] = id
    self.cashCount[token] = count + 1
    self._shut(token, given.exAt, given.recordAt, True)
    log IActionBook.CashAnnounced(id=id, token=token, reference=reference, announcer=msg.sender, terms=given)
    return id


@external
def amendCash(id: bytes32, terms: IActionBook.Terms):
    """
    @notice Puts other terms in the place of an announced dividend's, until a root is posted. ACTIONS only. Once the record
            has come, ex, exAt, recordAt and coin stay.
    @dev Errors, in order: "roles: not authorised", "book: not announced", "book: bad terms", "actions: bad terms", "book:
         expiry too early", "book: record has come", "book: notice too short" (another record), "book: too many amendments".
    @param id the dividend's.
    @param terms all of them, as announceCash.
    """
    roles._check(roles.ACTIONS)
    times: uint256 = self._records[id].times
    assert times >> 248 == ANNOUNCED, "book: not announced"
    token: address = self._records[id].token
    given: IActionBook.Terms = self._checked(terms)
    ex_at: uint256 = (times >> 32) & mm.MAX_U40
    record_at: uint256 = (times >> 72) & mm.MAX_U40
    if record_at <= block.timestamp:
        kept: bool = given.ex == times & (2**32 - 1) and given.exAt == ex_at and given.recordAt == record_at
        assert kept and given.coin == self._records[id].coin, "book: record has come"
    elif given.recordAt != record_at:
        self._check_notice(given.recordAt)
    amended: uint256 = ((times >> 232) & MAX_AMENDED) + 1
    assert amended <= MAX_AMENDED, "book: too many amendments"
    if given.exAt != ex_at or given.recordAt != record_at:
        self._shut(token, ex_at, record_at, False)
        self._shut(token, given.exAt, given.recordAt, True)
    self._write(id, token, given, (times >> 192) & mm.MAX_U40, amended)
    log IActionBook.CashAmended(id=id, token=token, amended=amended, terms=given)


@external
def cancelCash(id: bytes32, reason: uint16, document: bytes32):
    """
    @notice Ends an announced dividend, until a root is posted. ACTIONS or the admin. Its id stays used.
    @dev Errors, in order: "roles: not authorised", "book: reason and document" (either is missing), "book: not announced".
    @param id the dividend's.
    @param reason the issuer's code.
    @param document hash of the document that says why.
    """
    if not roles._has(roles.ACTIONS, msg.sender):
        roles._check(roles.ADMIN)
    assert reason != 0 and document != empty(bytes32), "book: reason and document"
    times: uint256 = self._records[id].times
    assert times >> 248 == ANNOUNCED, "book: not announced"
    token: address = self._records[id].token
    self._set_status(id, times, CANCELLED)
    self._shut(token, (times >> 32) & mm.MAX_U40, (times >> 72) & mm.MAX_U40, False)
    log IActionBook.CashCancelled(
        id=id, token=token, canceller=msg.sender, reason=reason, document=document
    )


@external
def beginPaying(id: bytes32) -> (address, address, uint256, uint256, uint256):
    """
    @notice Takes note that a root was posted: from here on nothing is amended or cancelled. The distributor only; again
            for each further root.
    @dev Errors, in order: "book: not the distributor", "book: not announced" (unknown, cancelled), "book: record to come",
         "book: no rate".
    @param id the dividend's.
    @return (the stock, the coin, pay, expiry, the record instant).
    """
    assert msg.sender == self.distributor, "book: not the distributor"
    times: uint256 = self._records[id].times
    status: uint256 = times >> 248
    assert status == ANNOUNCED or status == PAYING, "book: not announced"
    record_at: uint256 = (times >> 72) & mm.MAX_U40
    assert record_at <= block.timestamp, "book: record to come"
    assert self._records[id].rate != 0, "book: no rate"
    token: address = self._records[id].token
    if status == ANNOUNCED:
        self._set_status(id, times, PAYING)
        ex_at: uint256 = (times >> 32) & mm.MAX_U40
        if ex_at < record_at:
            # It is open by now; what is forgotten costs later mints no question.
            extcall ACTIONS.setShut(token, ex_at, record_at, False)
        log IActionBook.CashPaying(id=id, token=token)
    pay: uint256 = (times >> 112) & mm.MAX_U40
    return token, self._records[id].coin, pay, (times >> 152) & mm.MAX_U40, record_at


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
    assert self.distributor == empty(address), "book: distributor is set"
    assert roles._is_ours(distributor), "book: bad distributor"
    self.distributor = distributor
    log IActionBook.DistributorSet(distributor=distributor)


@external
def setEscheat(duration: uint256):
    """
    @notice Sets how long a dividend may be fetched at least. Admin only. What is announced keeps its expiry.
    @dev Errors: "roles: not authorised", "book: bad escheat" (below a year, above 30).
    @param duration seconds after pay and record.
    """
    roles._check(roles.ADMIN)
    assert duration >= MIN_ESCHEAT and duration <= MAX_ESCHEAT, "book: bad escheat"
    self._set_escheat(duration)


# --- what is recorded ------------------------------------------------------------------------------------------------


@external
@view
def cash(id: bytes32) -> IActionBook.Cash:
    """
    @notice All that is recorded of a cash dividend.
    @param id its id; an unknown one reads as zeros.
    """
    record: Record = self._records[id]
    return IActionBook.Cash(
        token=record.token,
        status=record.times >> 248,
        announcedAt=(record.times >> 192) & mm.MAX_U40,
        amended=(record.times >> 232) & MAX_AMENDED,
        terms=IActionBook.Terms(
            ex=record.times & (2**32 - 1),
            exAt=(record.times >> 32) & mm.MAX_U40,
            recordAt=(record.times >> 72) & mm.MAX_U40,
            pay=(record.times >> 112) & mm.MAX_U40,
            expiry=(record.times >> 152) & mm.MAX_U40,
            gross=record.money & mm.MAX_U128,
            fee=record.money >> 128,
            currency=record.currency,
            coin=record.coin,
            rate=record.rate,
            source=record.source,
        ),
    )


@external
@view
def timesOf(id: bytes32) -> (address, String[4], uint256, uint256, uint256):
    """
    @notice What a vote and an election go by.
    @param id the action's; an unknown one reads as zeros and no code.
    @return (the stock, the ISO 15022 code, the status: 0 unknown, 1 announced, 2 being paid, 3 cancelled, 4 completed; the
            record instant, UTC seconds; the last second of an election, 0 for none).
    """
    times: uint256 = self._records[id].times
    code: String[4] = ""
    if times != 0:
        code = CODE
    return self._records[id].token, code, times >> 248, (times >> 72) & mm.MAX_U40, 0


@external
@view
def cashAt(token: address, i: uint256) -> bytes32:
    """
    @notice The id of a stock's i-th cash dividend, from 0, oldest first.
    @dev Errors: "book: no such dividend".
    @param token the stock.
    @param i its place.
    """
    assert i < self.cashCount[token], "book: no such dividend"
    return self._ids[token][i]


@external
@view
def actions() -> address:
    """
    @notice The CorporateActions, which shuts mints on this contract's word.
    """
    return ACTIONS.address


# --- parts -----------------------------------------------------------------------------------------------------------


@internal
@view
def _checked(terms: IActionBook.Terms) -> IActionBook.Terms:
    """
    @dev The terms with exAt filled in. Errors, in order: "book: bad terms", "actions: bad terms", "book: expiry too early".
    """
    given: IActionBook.Terms = terms
    assert given.ex <= 2**32 - 1, "book: bad terms"
    midnight: uint256 = action_terms._midnight(given.ex)
    if given.exAt == 0:
        given.exAt = midnight
    assert max(max(given.exAt, given.recordAt), max(given.pay, given.expiry)) <= mm.MAX_U40, "book: bad terms"
    near: uint256 = action_terms.EX_INSTANT
    assert midnight <= given.exAt + near and given.exAt <= midnight + near, "book: bad terms"
    window: uint256 = action_terms.EX_WINDOW
    assert given.exAt <= given.recordAt and given.recordAt <= given.exAt + window, "book: bad terms"
    assert given.pay != 0 and given.exAt <= given.pay + window, "book: bad terms"
    assert given.pay <= given.recordAt + action_terms.MAX_PAY_DELAY, "book: bad terms"
    assert given.gross != 0 and given.gross <= mm.MAX_U128 and given.fee < given.gross, "book: bad terms"
    assert len(given.currency) == 3 and given.coin.is_contract, "book: bad terms"
    assert given.rate <= mm.MAX_U128 and (given.rate == 0) == (given.source == empty(bytes32)), "book: bad terms"
    assert given.expiry >= max(given.pay, given.recordAt) + self.escheat, "book: expiry too early"
    return given


@internal
@view
def _check_notice(record_at: uint256):
    notice: uint256 = staticcall ACTIONS.noticeOf(ANNOUNCE_NOTICE)
    assert block.timestamp + notice <= record_at, "book: notice too short"


@internal
def _write(id: bytes32, token: address, given: IActionBook.Terms, announced_at: uint256, amended: uint256):
    self._records[id] = Record(
        token=token,
        times=given.ex
        | (given.exAt << 32)
        | (given.recordAt << 72)
        | (given.pay << 112)
        | (given.expiry << 152)
        | (announced_at << 192)
        | (amended << 232)
        | (ANNOUNCED << 248),
        money=given.gross | (given.fee << 128),
        currency=given.currency,
        coin=given.coin,
        rate=given.rate,
        source=given.source,
    )


@internal
def _set_status(id: bytes32, times: uint256, status: uint256):
    self._records[id].times = (times & (2**248 - 1)) | (status << 248)


@internal
def _set_escheat(duration: uint256):
    self.escheat = duration
    log IActionBook.EscheatSet(duration=duration)


@internal
def _shut(token: address, ex_at: uint256, record_at: uint256, shut: bool):
    """
    @dev Where the record is the ex instant itself nothing lies between them; what is past its record is open already.
    """
    if ex_at < record_at and block.timestamp < record_at:
        extcall ACTIONS.setShut(token, ex_at, record_at, shut)
