# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title no_entry
@license AGPL-3.0-only
@notice What ERC-4626, 7540 and 7887 ask of every vault and a vault that is a way out alone answers with one answer: nobody
        enters, nobody is told beforehand what a request will come to, and what is called back is there at once.
"""


@external
@pure
def maxDeposit(receiver: address) -> uint256:
    """
    @notice 0: nobody enters here. Shares are minted by the primary market.
    """
    return 0


@external
@pure
def maxMint(receiver: address) -> uint256:
    """
    @notice 0: nobody enters here.
    """
    return 0


@external
def deposit(assets: uint256, receiver: address) -> uint256:
    """
    @notice Always refused: "vault: no subscriptions".
    """
    raise "vault: no subscriptions"


@external
def mint(shares: uint256, receiver: address) -> uint256:
    """
    @notice Always refused: "vault: no subscriptions".
    """
    raise "vault: no subscriptions"


@external
@pure
def previewDeposit(assets: uint256) -> uint256:
    """
    @notice Always refused, as a deposit would be: "vault: no subscriptions".
    """
    raise "vault: no subscriptions"


@external
@pure
def previewMint(shares: uint256) -> uint256:
    """
    @notice Always refused, as a mint would be: "vault: no subscriptions".
    """
    raise "vault: no subscriptions"


@external
@pure
def previewRedeem(shares: uint256) -> uint256:
    """
    @notice Always refused, as ERC-7540 wants: "vault: asynchronous".
    """
    raise "vault: asynchronous"


@external
@pure
def previewWithdraw(assets: uint256) -> uint256:
    """
    @notice Always refused, as ERC-7540 wants: "vault: asynchronous".
    """
    raise "vault: asynchronous"


@external
@pure
def pendingCancelRedeemRequest(requestId: uint256, controller: address) -> bool:
    """
    @notice Never: what is called back can be fetched at once.
    """
    return False
