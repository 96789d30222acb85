# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title token_lockups
@license AGPL-3.0-only
@notice Lock-ups as ENFORCER sets them and anyone reads them. Like every forced action they carry a reason code, the hash of
        a document and a key, and work whatever the state of the account, the stock or the fleet.
"""

from ..shared import roles
from . import account_word as aw
from . import clearance
from . import lockups
from . import reasons
from . import token_storage as s

uses: s
uses: reasons
uses: lockups
uses: roles
uses: clearance


@external
@view
def lockedTokens(account: address) -> uint256:
    """
    @notice Raw units locked up now; may exceed the balance.
    """
    if s.words[account] & aw.LOCKED == 0:
        return 0
    return lockups._locked(account)


@external
@view
def lockupsOf(account: address) -> (uint256[4], uint256[4]):
    """
    @notice The account's lock-ups that have not ended: raw units, and the UTC seconds at which each ends, by date.
    """
    amounts: uint256[4] = empty(uint256[4])
    untils: uint256[4] = empty(uint256[4])
    tranches: DynArray[uint256, 4] = lockups._tranches(account)
    i: uint256 = 0
    for tranche: uint256 in tranches:
        amounts[i] = tranche & lockups.AMOUNT_MASK
        untils[i] = tranche >> lockups.UNTIL_SHIFT
        i += 1
    return amounts, untils


@external
@view
def availableBalance(account: address) -> uint256:
    """
    @notice Raw units that are neither frozen nor locked up. Whether the account may send at all is canSend's to say.
    """
    return clearance._available(account, s.words[account])


@external
def lock(account: address, amount: uint256, until: uint256, reason: uint16, document: bytes32, key: bytes32):
    """
    @notice Locks raw units up until a date, on top of what is locked and of what is frozen. ENFORCER only. Locked units
            are neither sent nor redeemed. With four lock-ups running, two are merged, to the later date.
    @dev Errors, in order: "roles: not authorised", "case: reason and document", "keys: empty", "keys: used",
         "lockup: bad amount", "lockup: bad date".
    @param amount raw units, 1..2**128-1; may exceed the balance.
    @param until UTC seconds, in the future, below 2**40.
    """
    roles._check(roles.ENFORCER)
    reasons._new(account, reason, document, key)
    assert amount != 0 and amount <= lockups.AMOUNT_MASK, "lockup: bad amount"
    assert block.timestamp < until and until <= lockups.UNTIL_MASK, "lockup: bad date"
    clearance._enlist(account)
    lockups._add(account, amount, until)


@external
def releaseLocks(account: address, reason: uint16, document: bytes32, key: bytes32):
    """
    @notice Ends all the account's lock-ups. ENFORCER only. To change one, end all and lock anew.
    @dev Errors, in order: "roles: not authorised", "case: reason and document", "keys: empty", "keys: used",
         "lockup: none".
    """
    roles._check(roles.ENFORCER)
    reasons._new(account, reason, document, key)
    assert len(lockups._tranches(account)) != 0, "lockup: none"
    lockups._store(account, [])
