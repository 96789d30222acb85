# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title entry_gate
@license AGPL-3.0-only
@notice Whether a SubscriptionVault takes new requests. What waits in it, was filled or was called back does not ask.
"""

from ..interfaces import ISubscriptionVault
from ..shared import roles

uses: roles

# @notice whether new requests are refused
closed: public(bool)


@external
def close():
    """
    @notice Refuses new requests; fills, refunds and claims go on. PAUSER only.
    @dev Error: "roles: not authorised".
    """
    roles._check(roles.PAUSER)
    self._set(True)


@external
def open():
    """
    @notice Takes requests again. UNPAUSER only: whoever can stop it is not who starts it.
    @dev Error: "roles: not authorised".
    """
    roles._check(roles.UNPAUSER)
    self._set(False)


@internal
def _set(closed: bool):
    self.closed = closed
    log ISubscriptionVault.Closed(closed=closed, by=msg.sender)
