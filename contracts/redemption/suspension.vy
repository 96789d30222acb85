# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title suspension
@license AGPL-3.0-only
@notice Stops a stock's mints while a request to redeem waits too long, for one controller at a time, and lets them go on.
"""

from ..interfaces import IRequestVault
from ..interfaces import IStockToken
from . import parties
from . import request_book
from . import vault_terms

uses: parties
uses: request_book
uses: vault_terms

# @notice the controller for whose request mints are suspended; the zero address for nobody's
suspendedFor: public(address)


@external
@nonreentrant
def suspend(controller: address):
    """
    @notice Stops new mints of the stock until this controller's request is filled. Anyone, while the request is neither
            blocked nor frozen, no smaller than the minimum and older than the patience. Again, if another vault of the
            stock has had mints begin.
    @dev Error: "vault: not overdue".
    @param controller whose request waits too long.
    """
    assert self._is_overdue(controller), "vault: not overdue"
    self.suspendedFor = controller
    extcall IStockToken(parties.share).setSuspended(True)
    log IRequestVault.SuspendedFor(controller=controller)


@external
@nonreentrant
def resume():
    """
    @notice Lets mints go on once the request for which they were stopped waits no more. Anyone; a fill does it by itself.
    @dev Error: "vault: still overdue". Where nothing is suspended nothing happens.
    """
    assert not self._is_overdue(self.suspendedFor), "vault: still overdue"
    self._end()


@external
@view
def isOverdue(controller: address) -> bool:
    """
    @notice Whether the controller's request waits so long that mints can be suspended for it.
    """
    return self._is_overdue(controller)


@internal
@view
def _is_overdue(controller: address) -> bool:
    shares: uint256 = 0
    since: uint256 = 0
    shares, since = request_book._pending(controller)
    if shares < vault_terms.minimum or block.timestamp < since + vault_terms.patience:
        return False
    return parties._heir(controller)[1]


@internal
def _end():
    """
    @dev Lets mints go on where the request for which this vault stopped them waits too long no more.
    """
    controller: address = self.suspendedFor
    if controller != empty(address) and not self._is_overdue(controller):
        self.suspendedFor = empty(address)
        extcall IStockToken(parties.share).setSuspended(False)
        log IRequestVault.SuspensionEnded(controller=controller)
