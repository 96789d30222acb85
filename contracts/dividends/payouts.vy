# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title payouts
@license AGPL-3.0-only
@notice Coins as they are: those that answer true, false or nothing, refuse a payee, keep a fee, or take more than they were
        told. What counts is what the balance says.
"""

from ethereum.ercs import IERC20

from ..shared import coins

# @dev gas that one payment of a block may take, so little that a block of payees who take it all fits into a transaction, and
#      what must be left for it and for what follows
ALONE_GAS: constant(uint256) = 110_000
LEAST_GAS: constant(uint256) = 130_000


@internal
def _bring(coin: address, payer: address, receiver: address, amount: uint256):
    """
    @dev Has exactly `amount` arrive. Errors: the coin's, "dividend: payment failed", "dividend: payment not exact".
    @param coin the coin.
    @param payer who has approved this contract.
    @param receiver whose balance must grow by it.
    @param amount base units.
    """
    asset: IERC20 = IERC20(coin)
    before: uint256 = staticcall asset.balanceOf(receiver)
    done: bool = extcall asset.transferFrom(payer, receiver, amount, default_return_value=True)
    assert done, "dividend: payment failed"
    assert staticcall asset.balanceOf(receiver) == before + amount, "dividend: payment not exact"


@internal
def _send(coin: address, receiver: address, amount: uint256) -> bool:
    """
    @dev Whether the coin takes a payment to the receiver; a refusal is no error here. Error: "dividend: payment not exact"
         (more or less left than was said: it would be another's).
    """
    before: uint256 = staticcall IERC20(coin).balanceOf(self)
    paid: bool = coins._pays(coin, receiver, amount)
    left: uint256 = unsafe_sub(before, amount) if paid else before
    assert staticcall IERC20(coin).balanceOf(self) == left, "dividend: payment not exact"
    return paid


@internal
def _alone(coin: address, receiver: address, amount: uint256) -> bool:
    """
    @dev Whether payAlone went through. It is called from outside, and with gas of its own: a payee that the coin tells of its
         payment can spend no more than that, and undo its own payment alone. Error: "dividend: too little gas" (with less,
         whoever pushes could make a good payment fail).
    """
    assert msg.gas >= LEAST_GAS, "dividend: too little gas"
    return raw_call(
        self,
        abi_encode(coin, receiver, amount, method_id=method_id("payAlone(address,address,uint256)")),
        gas=ALONE_GAS,
        revert_on_failure=False,
    )
