# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title deposit_views
@license AGPL-3.0-only
@notice What a SubscriptionVault's book says of each controller, by the names that ERC-7540 and ERC-7887 have for it: coins that
        wait, that are filled, that were called back, and the units that the filled ones came to.
"""

from ..redemption import request_book

uses: request_book


@external
@view
def pendingDepositRequest(requestId: uint256, controller: address) -> uint256:
    """
    @notice Base units that wait. Never reverts.
    """
    return request_book._pending(controller)[0] if requestId == 0 else 0


@external
@view
def claimableDepositRequest(requestId: uint256, controller: address) -> uint256:
    """
    @notice Base units that are filled and whose units are not fetched. Never reverts.
    """
    return request_book._claimable(controller)[0] if requestId == 0 else 0


@external
@view
def claimableCancelDepositRequest(requestId: uint256, controller: address) -> uint256:
    """
    @notice Base units that were called back and not fetched. Never reverts.
    """
    return request_book._cancelled[controller] if requestId == 0 else 0


@external
@view
def claimableShares(controller: address) -> uint256:
    """
    @notice Raw units that the controller's filled coins came to and that are not fetched; those that a block, a freeze or a lapse
            holds too.
    """
    return request_book._claimable(controller)[1]


@external
@view
def totalClaimable() -> uint256:
    """
    @notice Raw units that are owed to claims; as many are here.
    """
    return request_book._owed()
