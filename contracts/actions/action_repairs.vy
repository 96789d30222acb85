# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title action_repairs
@license AGPL-3.0-only
@notice What only the timelock does to a multiplier: correct a wrong dividend index, and fold a pair that has grown too
        long. Each is recorded as an action of its own, with its reason and document in the event.
"""

from ..interfaces import ICorporateActions
from ..interfaces import IStockToken
from ..shared import multiplier_math as mm
from ..shared import refusals
from ..shared import roles
from . import action_policy as policy
from . import action_records as records
from . import action_slot as slots
from . import index_history as indices

uses: indices
uses: policy
uses: roles
uses: slots


@external
def correct(
    token: address, reference: bytes32, index: uint256, effectiveAt: uint256, reason: uint16, document: bytes32
) -> bytes32:
    """
    @notice Schedules another dividend index after a mistake, lower or higher, outside the bounds. Admin only; recorded
            as an action of its own with code CORR, alone in the slot, cancellable by ACTIONS. Open receivables are
            forgotten.
    @dev Errors: "roles: not authorised", "actions: reason and document", "actions: unknown stock",
         "actions: effective in the past",
         "actions: bad terms", "actions: notice too short" (24 h at least), "actions: slot taken", "actions: no effect",
         "actions: pair does not fit", "actions: already announced".
    @param token the stock.
    @param reference the issuer's own.
    @param index the right dividend index, a wad.
    @param effectiveAt UTC seconds.
    @param reason the issuer's code.
    @param document hash of the document that says why.
    @return bytes32 The id.
    """
    roles._check(roles.ADMIN)
    slots._check_reason(reason, document)
    slots._check_stock(token)
    refusals._demand(effectiveAt > block.timestamp, "actions: effective in the past")
    refusals._demand(effectiveAt <= mm.MAX_U40, "actions: bad terms")
    refusals._demand(policy._heard(policy.CORRECTION_NOTICE, effectiveAt), "actions: notice too short")
    before: slots.Factors = slots._free_slot(token)
    refusals._demand(index != before.index, "actions: no effect")
    mm._require_fit(index, before.num, before.den)
    id: bytes32 = slots._record(token, records.CORR, reference, effectiveAt, slots.Factors(index=index, num=0, den=0))
    indices._set_pending(token, effectiveAt, index)
    extcall slots.FEED.dropReceivables(token)
    extcall IStockToken(token).scheduleMultiplier(index, before.num, before.den, effectiveAt)
    log ICorporateActions.IndexCorrected(
        id=id,
        token=token,
        reference=reference,
        oldIndex=before.index,
        newIndex=index,
        effectiveAt=effectiveAt,
        reason=reason,
        document=document,
    )
    return id


@external
def fold(
    token: address, reference: bytes32, index: uint256, num: uint256, den: uint256, reason: uint16, document: bytes32
) -> bytes32:
    """
    @notice Writes the same multiplier as a smaller pair, when the next split would no longer fit. Admin only; recorded
            with code FOLD. It takes effect in the next second: there is nothing that a holder could see. The
            feed opens a step of ratio 1, to be confirmed; open receivables are forgotten.
    @dev Errors: "roles: not authorised", "actions: reason and document", "actions: unknown stock",
         "actions: slot taken", "actions: bad terms" (not
         smaller, not reduced, or zero), "actions: pair does not fit", "actions: not the same multiplier",
         "reserve: basis unconfirmed", "actions: too many folds", "actions: already announced".
    @param token the stock.
    @param reference the issuer's own.
    @param index the dividend index that goes with the smaller pair, a wad.
    @param num numerator, not above the present one.
    @param den denominator, not above the present one.
    @param reason the issuer's code.
    @param document hash of the document that says why.
    @return bytes32 The id.
    """
    roles._check(roles.ADMIN)
    slots._check_reason(reason, document)
    slots._check_stock(token)
    before: slots.Factors = slots._free_slot(token)
    refusals._demand(num != 0 and den != 0, "actions: bad terms")
    refusals._demand(num <= before.num and den <= before.den, "actions: bad terms")
    refusals._demand(num != before.num or den != before.den, "actions: bad terms")
    refusals._demand(mm._gcd(num, den) == 1, "actions: bad terms")
    mm._require_fit(index, num, den)
    multiplier: uint256 = before.index * before.num // before.den
    refusals._demand(index * num // den == multiplier, "actions: not the same multiplier")
    after: slots.Factors = slots.Factors(index=index, num=num, den=den)
    effective_at: uint256 = block.timestamp + 1
    id: bytes32 = slots._record(token, records.FOLD, reference, effective_at, after)
    indices._fold(token, effective_at, before.index, index)
    extcall slots.FEED.setStep(token, num, den, effective_at, True)
    extcall slots.FEED.dropReceivables(token)
    extcall IStockToken(token).scheduleMultiplier(index, num, den, effective_at)
    log ICorporateActions.PairFolded(
        id=id,
        token=token,
        reference=reference,
        oldIndex=before.index,
        oldNum=before.num,
        oldDen=before.den,
        index=index,
        num=num,
        den=den,
        reason=reason,
        document=document,
    )
    return id
