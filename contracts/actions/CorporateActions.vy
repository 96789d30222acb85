# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title CorporateActions
@custom:contract-name CorporateActions
@license AGPL-3.0-only
@notice The one contract that changes a stock's multiplier. An action is announced with its terms, scheduled once it is
        certain (a dividend: once its price is struck), takes effect at its second with no transaction, and can be
        cancelled strictly before. Each is a typed record by ISO 15022 code: SPLF, SPLR, DVSE (a dividend in the stock's
        own shares: a split by its law, a dividend by its notices) and DRIP.
@dev A stock has one slot. Up to four actions of the same second share it, each with its own notice; their effects are
     applied in the order scheduled, and cancelling one re-applies the rest. The bounds: a dividend raises the index by
     25 % at most, all of them by 50 % within 365 days, a split is between 1:100 and 100:1.
     Parts: action_records, action_policy (settings), action_terms, action_slot, action_repairs (correct, fold),
     undecided_actions, index_history, multiplier_math.
@custom:security Callers: announce, schedule ACTIONS; cancel ACTIONS and the admin; setShut the ActionBook; setBook,
                 correct, fold and the settings admin (the timelock).
@custom:kill cancel() before the effect. Revoking ACTIONS in Roles stops the desk at once; what is scheduled still takes
             effect unless the admin cancels it.
"""

from ..interfaces import ICorporateActions
from ..shared import multiplier_math as mm
from ..shared import refusals
from ..shared import roles
from . import action_policy as policy
from . import action_records as records
from . import action_repairs as repairs
from . import action_slot as slots
from . import action_terms
from . import index_history as indices
from . import undecided_actions as undecided

implements: ICorporateActions

initializes: roles
initializes: policy[roles := roles]
initializes: records[undecided := undecided]
initializes: indices
initializes: undecided
initializes: slots[records := records, roles := roles, indices := indices]
initializes: repairs[indices := indices, policy := policy, roles := roles, slots := slots]

exports: (
    indices.indexAt,
    policy.grace,
    policy.noticeOf,
    policy.setGrace,
    policy.setNotice,
    policy.setWithholding,
    policy.withholdingBps,
    records.action,
    records.actionAt,
    records.actionCount,
    records.actionId,
    repairs.correct,
    repairs.fold,
    roles.accessControl,
    slots.feed,
    slots.pendingParts,
    slots.registry,
    undecided.announced,
    undecided.isShut,
)


# @dev the window of the bound on the index's rise, and the bound as a fraction
YEAR: constant(uint256) = 365 * 86400
RATE_NUM: constant(uint256) = 3
RATE_DEN: constant(uint256) = 2

# @notice the ActionBook, which says between which instants a cash dividend shuts mints; the zero address for none
book: public(address)


@deploy
def __init__(access: address, registry: address, feed: address):
    """
    @dev Errors: "roles: zero address", "actions: bad registry", "actions: bad feed" (no code, or of another role table).
    @param access the Roles contract.
    @param registry the ComplianceRegistry, which knows the stocks.
    @param feed the ReserveFeed, which counts dividends that are yet to be reinvested.
    """
    roles.__init__(access)
    policy.__init__()
    slots.__init__(registry, feed)


# --- cash dividends --------------------------------------------------------------------------------------------------


@external
def setBook(book: address):
    """
    @notice Names the ActionBook, once. Admin only.
    @dev Errors: "roles: not authorised", "actions: book is set", "actions: bad book" (no code, or of another role
         table).
    @param book the contract.
    """
    roles._check(roles.ADMIN)
    refusals._demand(self.book == empty(address), "actions: book is set")
    refusals._demand(roles._is_ours(book), "actions: bad book")
    self.book = book
    log ICorporateActions.BookSet(book=book)


@external
def setShut(token: address, exAt: uint256, recordAt: uint256, shut: bool):
    """
    @notice Refuses a stock's mints from a cash dividend's ex to its record, or no longer. The ActionBook only.
    @dev Errors: "actions: not the book", "actions: too many announced".
    @param token the stock.
    @param exAt the market's ex instant, UTC seconds.
    @param recordAt the record instant, UTC seconds: from this one on it is minted.
    @param shut whether that is so.
    """
    assert msg.sender == self.book, "actions: not the book"
    entry: uint256 = undecided._between(exAt, recordAt)
    earliest: uint256 = undecided._change(token, entry if shut else 0, 0 if shut else entry)
    extcall slots.FEED.setEx(token, earliest, False)


# --- the desk --------------------------------------------------------------------------------------------------------


@external
def announce(
    token: address,
    code: String[4],
    reference: bytes32,
    ex: uint256,
    exAt: uint256,
    pay: uint256,
    buy: uint256,
    effectiveAt: uint256,
    num: uint256,
    den: uint256,
    gross: uint256,
) -> bytes32:
    """
    @notice Records an action and its terms; the multiplier does not move. ACTIONS only. From the market's ex instant
            until it is scheduled or cancelled the stock is not minted.
    @dev Errors, in order: "roles: not authorised", "actions: unknown stock", "actions: unknown code",
         "actions: effective in the past", "actions: bad terms", "actions: split bound", "actions: notice too short" (a
         dividend, DVSE too), "actions: already announced" (a cancelled action's id stays used), "actions: too many
         announced" (sixteen are neither scheduled nor cancelled, or await the record of what the book records).
    @param token the stock.
    @param code SPLF, SPLR, DVSE or DRIP.
    @param reference the issuer's own, once per stock and code.
    @param ex the market's date, YYYYMMDD.
    @param exAt the ex instant, the opening of that date's session, UTC seconds, within a day of the date's UTC midnight;
           0 for that midnight.
    @param pay UTC second of the dividend's cash, from 30 days before exAt (a deferred ex, FINRA 11140(b)(2)) to 120 days
           after effectiveAt; 0 for a split.
    @param buy UTC second by which the shares that it buys are there, from effectiveAt to the end of the grace; 0 for
           the later of `pay` and effectiveAt, and for a split.
    @param effectiveAt the token's own instant, UTC seconds, from exAt to 30 days after it.
    @param num new shares of a split; 0 for a dividend.
    @param den old shares of a split; 0 for a dividend.
    @param gross dividend per share of the split basis in force at effectiveAt, a wad of currency; 0 for a split.
    @return bytes32 The id: see actionId.
    """
    roles._check(roles.ACTIONS)
    slots._check_stock(token)
    kind: uint256 = records._code_kind(code)
    assert kind != 0, "actions: unknown code"
    assert effectiveAt > block.timestamp, "actions: effective in the past"
    ex_at: uint256 = exAt
    if ex_at == 0:
        ex_at = action_terms._midnight(ex)
    bought: uint256 = buy
    if bought == 0 and pay != 0:
        bought = max(pay, effectiveAt)
    grace: uint256 = policy._get(policy.GRACE)
    action_terms._check(kind, ex, ex_at, pay, bought, effectiveAt, num, den, gross, grace)
    if kind == records.DRIP or kind == records.DVSE:
        assert policy._heard(policy.ANNOUNCE_NOTICE, effectiveAt), "actions: notice too short"
    id: bytes32 = records._id(token, code, reference)
    terms: uint256 = records._pack_terms(num, den, ex, ex_at, pay, bought, effectiveAt)
    # Either is zero: a dividend has no pair, and a split no money.
    records._create(id, token, kind, records.ANNOUNCED, effectiveAt, terms | gross)
    extcall slots.FEED.setEx(token, undecided._change(token, undecided._undecided(ex_at, kind == records.DRIP), 0), False)
    log ICorporateActions.ActionAnnounced(
        id=id,
        token=token,
        code=code,
        reference=reference,
        announcer=msg.sender,
        ex=ex,
        exAt=ex_at,
        pay=pay,
        buy=bought,
        effectiveAt=effectiveAt,
        num=num,
        den=den,
        gross=gross,
    )
    return id


@external
def schedule(id: bytes32, price: uint256):
    """
    @notice Puts an announced action into its stock's slot. ACTIONS only.
    @dev Errors, in order: "roles: not authorised", "actions: not announced", "actions: notice too short",
         "actions: bad terms", "actions: step bound", "actions: slot taken" (something of another second, a correction
         or a fold, or four parts), "actions: no effect", "actions: pair does not fit", "actions: rate bound" (the admin
         may go beyond by a correction), "reserve: basis unconfirmed" and "reserve: splits too close" (a split), "reserve:
         receivables full".
    @param id the action.
    @param price of a reinvested share, ex-dividend, in the split basis at effectiveAt, a wad of currency; 0 for a
           split.
    """
    roles._check(roles.ACTIONS)
    head: uint256 = records._records[id].head
    assert records._status(head) == records.ANNOUNCED, "actions: not announced"
    token: address = records._token(head)
    effective_at: uint256 = records._effective_at(head)
    kind: uint256 = records._kind(head)
    is_dividend: bool = kind == records.DRIP
    notice: uint256 = policy.SPLIT_NOTICE
    if is_dividend or kind == records.DVSE:
        notice = policy.STRIKE_NOTICE
    assert policy._heard(notice, effective_at), "actions: notice too short"
    assert (price != 0) == is_dividend and price <= mm.MAX_U128, "actions: bad terms"
    withheld: uint256 = 0
    net: uint256 = 0
    if is_dividend:
        gross: uint256 = records._records[id].terms & mm.MAX_U128
        withheld = mm._withheld(gross, policy._get(policy.WITHHOLDING))
        net = gross - withheld
        assert mm.DIVIDEND_PART * net <= price, "actions: step bound"
        records._set_strike(id, price, withheld)

    slot: slots.Slot = slots._slot(token)
    parts: DynArray[bytes32, slots.MAX_PARTS] = slots._joined(token, id, effective_at, slot.effective_at)
    after: slots.Factors = slots._apply(id, is_dividend, slot.later)
    self._check_bounds(token, is_dividend, slot.later, after, effective_at)

    records._set_status(id, head, records.SCHEDULED)
    extcall slots.FEED.setEx(token, undecided._change(token, 0, undecided._undecided(records._ex_at(id), is_dividend)), False)
    slots._fill(token, parts, effective_at, slot.now, policy._get(policy.GRACE), empty(bytes32))
    log ICorporateActions.ActionScheduled(
        id=id,
        token=token,
        effectiveAt=effective_at,
        price=price,
        withheld=withheld,
        net=net,
        index=after.index,
        num=after.num,
        den=after.den,
    )


@external
def cancel(id: bytes32, reason: uint16, document: bytes32):
    """
    @notice Ends an action: a scheduled one strictly before its second, and others of the same second stay scheduled; one
            that was only announced at any time. ACTIONS or the admin. Works in a pause and in a halt.
    @dev Errors, in order: "roles: not authorised", "actions: reason and document" (either is missing),
         "actions: not cancellable" (a fold among them: the reserve's step and the bound on the index have followed it),
         "actions: pair does not fit" (what would stay in the slot).
    @param id the action.
    @param reason the issuer's code.
    @param document hash of the document that says why.
    """
    if not roles._has(roles.ACTIONS, msg.sender):
        roles._check(roles.ADMIN)
    slots._check_reason(reason, document)
    head: uint256 = records._records[id].head
    status: uint256 = records._status(head)
    token: address = records._token(head)
    effective_at: uint256 = records._effective_at(head)
    announced: bool = status == records.ANNOUNCED
    if not announced:
        refusals._demand(status == records.SCHEDULED and records._kind(head) != records.FOLD, "actions: not cancellable")
        refusals._demand(block.timestamp < effective_at, "actions: not cancellable")
    records._set_status(id, head, records.CANCELLED)
    if announced:
        is_dividend: bool = records._kind(head) == records.DRIP
        ex_at: uint256 = records._ex_at(id)
        # From its ex on nothing was minted for its sake; an oracle's books may have followed a split by now.
        withdrawn: bool = not is_dividend and ex_at <= block.timestamp
        extcall slots.FEED.setEx(token, undecided._change(token, 0, undecided._undecided(ex_at, is_dividend)), withdrawn)
    else:
        now: slots.Factors = slots._slot(token).now
        slots._fill(token, slots._without(token, id), effective_at, now, policy._get(policy.GRACE), id)
    log ICorporateActions.ActionCancelled(
        id=id, token=token, canceller=msg.sender, reason=reason, document=document
    )


@internal
@view
def _check_bounds(
    token: address, is_dividend: bool, before: slots.Factors, after: slots.Factors, effective_at: uint256
):
    """
    @dev Errors, in order: "actions: no effect", "actions: pair does not fit", "actions: rate bound".
    """
    if is_dividend:
        assert after.index != before.index, "actions: no effect"
    mm._require_fit(after.index, after.num, after.den)
    if is_dividend:
        year_ago: uint256 = indices._index_at(token, effective_at - min(effective_at, YEAR))
        assert after.index * RATE_DEN <= year_ago * RATE_NUM, "actions: rate bound"
