# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title offer_coins
@license AGPL-3.0-only
@notice Coins of an offer as they are: those that answer true, false or nothing, refuse a payee, keep a fee, or take more than
        they were told. What counts is what the balance says.
"""

from ethereum.ercs import IERC20

from ..shared import coins


@internal
def _bring(coin: address, payer: address, amount: uint256):
    """
    @dev Has exactly `amount` arrive here. Errors: the coin's, "offer: payment failed", "offer: payment not exact".
    @param coin the coin.
    @param payer who has approved this contract.
    @param amount base units.
    """
    if amount == 0:
        return
    asset: IERC20 = IERC20(coin)
    before: uint256 = staticcall asset.balanceOf(self)
    done: bool = extcall asset.transferFrom(payer, self, amount, default_return_value=True)
    assert done, "offer: payment failed"
    assert staticcall asset.balanceOf(self) == before + amount, "offer: payment not exact"


@internal
def _send(coin: address, receiver: address, amount: uint256) -> bool:
    """
    @dev Whether the coin takes a payment to the receiver; a refusal is no error here. Error: "offer: payment not exact" (more
         or less left than was said: it would be another's).
    """
    if amount == 0:
        return True
    before: uint256 = staticcall IERC20(coin).balanceOf(self)
    paid: bool = coins._pays(coin, receiver, amount)
    left: uint256 = unsafe_sub(before, amount) if paid else before
    assert staticcall IERC20(coin).balanceOf(self) == left, "offer: payment not exact"
    return paid
