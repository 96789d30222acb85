# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title no_exit
@license AGPL-3.0-only
@notice What ERC-4626, 7540 and 7887 ask of every vault and a vault that is a way in alone answers with one answer: nobody
        leaves by it, nobody is told beforehand what a request will come to, and what is called back is there at once.
"""


@external
@pure
def maxRedeem(owner: address) -> uint256:
    """
    @notice 0: nobody leaves here. Units are redeemed on quotes, or by a RequestVault.
    """
    return 0


@external
@pure
def maxWithdraw(owner: address) -> uint256:
    """
    @notice 0: nobody leaves here.
    """
    return 0


@external
def redeem(shares: uint256, receiver: address, controller: address) -> uint256:
    """
    @notice Always refused: "vault: no redemptions".
    """
    raise "vault: no redemptions"


@external
def withdraw(assets: uint256, receiver: address, controller: address) -> uint256:
    """
    @notice Always refused: "vault: no redemptions".
    """
    raise "vault: no redemptions"


@external
@pure
def previewRedeem(shares: uint256) -> uint256:
    """
    @notice Always refused, as a redemption would be: "vault: no redemptions".
    """
    raise "vault: no redemptions"


@external
@pure
def previewWithdraw(assets: uint256) -> uint256:
    """
    @notice Always refused, as a withdrawal would be: "vault: no redemptions".
    """
    raise "vault: no redemptions"


@external
@pure
def previewDeposit(assets: uint256) -> uint256:
    """
    @notice Always refused, as ERC-7540 wants: "vault: asynchronous".
    """
    raise "vault: asynchronous"


@external
@pure
def previewMint(shares: uint256) -> uint256:
    """
    @notice Always refused, as ERC-7540 wants: "vault: asynchronous".
    """
    raise "vault: asynchronous"


@external
@pure
def pendingCancelDepositRequest(requestId: uint256, controller: address) -> bool:
    """
    @notice Never: what is called back can be fetched at once.
    """
    return False


@external
@pure
def totalAssets() -> uint256:
    """
    @notice 0: what waits here is its subscribers', and what was invested is in the issuer's treasury.
    """
    return 0
