# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title action_policy
@license AGPL-3.0-only
@notice The issuer's settings for corporate actions, in one storage word: notices by kind, the grace of receivables, and
        the one withholding rate. Every notice has a floor in code, so that no setting takes holders by surprise.
"""

from ..interfaces import ICorporateActions
from ..shared import multiplier_math as mm
from ..shared import refusals
from ..shared import roles

uses: roles

# @dev kinds of notice: a split's, between schedule and effect
SPLIT_NOTICE: constant(uint256) = 0
# @dev a dividend's, between announcement and effect
ANNOUNCE_NOTICE: constant(uint256) = 1
# @dev a dividend's, between schedule (the price is struck) and effect
STRIKE_NOTICE: constant(uint256) = 2
# @dev a correction's, between its transaction and effect
CORRECTION_NOTICE: constant(uint256) = 3

_FLOORS: constant(uint256[4]) = [3600, 3600, 600, 86400]
_DEFAULTS: constant(uint256[4]) = [86400, 86400, 3600, 86400]
_MAX_NOTICE: constant(uint256) = 30 * 86400
_DEFAULT_GRACE: constant(uint256) = 5 * 86400
_MAX_GRACE: constant(uint256) = 30 * 86400

# @dev eight fields of 32 bits: 0..3 the notices, 4 the grace, 5 the withholding rate
GRACE: constant(uint256) = 4
WITHHOLDING: constant(uint256) = 5
_FIELD: constant(uint256) = 2**32 - 1

_policy: uint256


@deploy
def __init__():
    """
    @notice Defaults: splits 24 h; dividends announced 24 h and struck 1 h ahead; corrections 24 h; grace 5 days; rate
            0.
    """
    for kind: uint256 in range(4):
        self._set(kind, _DEFAULTS[kind])
    self._set(GRACE, _DEFAULT_GRACE)


@external
def setNotice(kind: uint256, duration: uint256):
    """
    @notice Sets the notice of a kind. Admin only. What is scheduled already keeps its second.
    @dev Errors: "roles: not authorised", "actions: bad notice" (unknown kind, under its floor, over 30 days).
    @param kind 0 split, 1 dividend announced, 2 dividend struck, 3 correction.
    @param duration seconds; floors 1 h, 1 h, 10 min, 24 h.
    """
    roles._check(roles.ADMIN)
    refusals._demand(kind < 4 and duration <= _MAX_NOTICE, "actions: bad notice")
    refusals._demand(duration >= _FLOORS[kind], "actions: bad notice")
    self._set(kind, duration)
    log ICorporateActions.NoticeSet(kind=kind, duration=duration)


@external
def setWithholding(bps: uint256):
    """
    @notice Sets the tax rate of dividends that are scheduled from now on. Admin only.
    @dev Errors: "roles: not authorised", "actions: bad rate" (above 10000).
    @param bps basis points of the gross dividend.
    """
    roles._check(roles.ADMIN)
    refusals._demand(bps <= mm.BPS, "actions: bad rate")
    self._set(WITHHOLDING, bps)
    log ICorporateActions.WithholdingSet(bps=bps)


@external
def setGrace(duration: uint256):
    """
    @notice Sets how long after pay date and effect a dividend counts as receivable. Admin only. What is recorded stays.
    @dev Errors: "roles: not authorised", "actions: bad grace" (above 30 days).
    @param duration seconds.
    """
    roles._check(roles.ADMIN)
    refusals._demand(duration <= _MAX_GRACE, "actions: bad grace")
    self._set(GRACE, duration)
    log ICorporateActions.GraceSet(duration=duration)


@external
@view
def noticeOf(kind: uint256) -> uint256:
    """
    @notice Notice of a kind, seconds; 0 for an unknown kind.
    @param kind 0 split, 1 dividend announced, 2 dividend struck, 3 correction.
    """
    if kind >= 4:
        return 0
    return self._get(kind)


@external
@view
def withholdingBps() -> uint256:
    """
    @notice The issuer's withholding rate, basis points of the gross dividend.
    """
    return self._get(WITHHOLDING)


@external
@view
def grace() -> uint256:
    """
    @notice Seconds after the pay date for which a dividend counts as receivable.
    """
    return self._get(GRACE)


@internal
@view
def _get(field: uint256) -> uint256:
    return (self._policy >> (32 * field)) & _FIELD


@internal
def _set(field: uint256, setting: uint256):
    self._policy = (self._policy & ~(_FIELD << (32 * field))) | (setting << (32 * field))


@internal
@view
def _heard(kind: uint256, effective_at: uint256) -> bool:
    """
    @notice Whether an effect at this second leaves the notice from now; exactly the notice is enough.
    @param kind 0 split, 1 dividend announced, 2 dividend struck, 3 correction.
    @param effective_at UTC seconds, below 2**40.
    """
    return block.timestamp + self._get(kind) <= effective_at
