# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title payouts
@license AGPL-3.0-only
@notice Coins as they are: those that answer true, false or nothing, refuse a payee, keep a fee, or take more than they were
        told. What counts is what the balance says. And units of the issuer's own stocks, which hand over all or refuse.
"""

from ethereum.ercs import IERC20

from ..shared import coins

# @dev gas that one payment of a block may take, so little that a block of payees who take it all fits into a transaction, and
#      what must be left for it and for what follows
ALONE_GAS: constant(uint256) = 110_000
LEAST_GAS: constant(uint256) = 130_000
# @dev the same of a delivery of units: a stock may have to ask registry, sanctions oracle and holder limits
UNITS_GAS: constant(uint256) = 400_000
LEAST_UNITS_GAS: constant(uint256) = 430_000


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
def _send(coin: address, receiver: address, amount: uint256, in_units: bool) -> bool:
    """
    @dev Whether the coin, or the stock where it is units, takes a payment to the receiver; a refusal is no error here. Error: "dividend: payment not exact"
         (more or less left than was said: it would be another's).
    """
    if in_units:
        return self._hand_over(coin, receiver, amount)
    before: uint256 = staticcall IERC20(coin).balanceOf(self)
    paid: bool = coins._pays(coin, receiver, amount)
    left: uint256 = unsafe_sub(before, amount) if paid else before
    assert staticcall IERC20(coin).balanceOf(self) == left, "dividend: payment not exact"
    return paid


@internal
def _hand_over(stock: address, receiver: address, amount: uint256) -> bool:
    """
    @dev Whether the stock delivers units that are held here: to who is cleared for it, admitted by its rules and within
         its holder limits. It is one of the issuer's own, calls no receiver and moves all or nothing. Error: "dividend:
         too little gas" (with less, whoever asks could make a good delivery fail).
    """
    assert msg.gas >= LEAST_UNITS_GAS, "dividend: too little gas"
    return raw_call(
        stock,
        abi_encode(receiver, amount, method_id=method_id("deliver(address,uint256)")),
        gas=UNITS_GAS,
        revert_on_failure=False,
    )


@internal
def _alone(coin: address, receiver: address, amount: uint256, in_units: bool) -> bool:
    """
    @dev Whether payAlone went through, or the delivery where it is units. It is called from outside, and with gas of its own: a payee that the coin tells of its
         payment can spend no more than that, and undo its own payment alone. Error: "dividend: too little gas" (with less,
         whoever pushes could make a good payment fail).
    """
    if in_units:
        return self._hand_over(coin, receiver, amount)
    assert msg.gas >= LEAST_GAS, "dividend: too little gas"
    return raw_call(
        self,
        abi_encode(coin, receiver, amount, method_id=method_id("payAlone(address,address,uint256)")),
        gas=ALONE_GAS,
        revert_on_failure=False,
    )
