# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title payments
@license AGPL-3.0-only
@notice Stablecoins as they are: those that answer true, false or nothing, refuse a payee, keep a fee, or take more than they
        were told. What counts is what the balance says.
"""

from ethereum.ercs import IERC20

from ..shared import coins

# @dev gas that one payment of a batch may take, and what must be left for it and for what follows
ALONE_GAS: constant(uint256) = 300_000
LEAST_GAS: constant(uint256) = 340_000


@internal
def _collect(asset: address, payer: address, due: uint256):
    """
    @dev Brings money in. Errors: the stablecoin's, "vault: payment failed", "vault: payment short".
    @param asset the stablecoin.
    @param payer who has approved this vault.
    @param due base units, all of which arrive.
    """
    coin: IERC20 = IERC20(asset)
    before: uint256 = staticcall coin.balanceOf(self)
    done: bool = extcall coin.transferFrom(payer, self, due, default_return_value=True)
    assert done, "vault: payment failed"
    assert staticcall coin.balanceOf(self) >= before + due, "vault: payment short"


@internal
def _send(asset: address, receiver: address, assets: uint256) -> bool:
    """
    @dev Whether the stablecoin takes a payment to the receiver; a refusal is no error here. Error: "vault: payment short"
         (more or less left this vault than was said: it would be another's claim).
    """
    if assets == 0:
        return True
    before: uint256 = staticcall IERC20(asset).balanceOf(self)
    paid: bool = coins._pays(asset, receiver, assets)
    left: uint256 = unsafe_sub(before, assets) if paid else before
    assert staticcall IERC20(asset).balanceOf(self) == left, "vault: payment short"
    return paid


@internal
def _alone(call: Bytes[68]) -> bool:
    """
    @dev Whether a function of this vault that pays one of many went through. It is called from outside, and with gas of its own:
         a payee that the stablecoin tells of its payment can spend no more than that, and undo its own payment alone. Error:
         "vault: too little gas" (with less, whoever sends the batch could make a good payment fail).
    @param call the function of this vault, and what it takes.
    """
    assert msg.gas >= LEAST_GAS, "vault: too little gas"
    return raw_call(self, call, gas=ALONE_GAS, revert_on_failure=False)
