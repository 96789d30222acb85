# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title payouts
@license AGPL-3.0-only
@notice Coins as they are: those that answer true, false or nothing, refuse a payee, keep a fee, or take more than they were
        told. What counts is what the balance says.
"""

from ethereum.ercs import IERC20


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
def _try(coin: address, receiver: address, amount: uint256) -> bool:
    """
    @dev Whether the coin says that it paid. Whoever asks looks at the balance afterwards.
    """
    success: bool = False
    answer: Bytes[32] = b""
    success, answer = raw_call(
        coin,
        abi_encode(receiver, amount, method_id=method_id("transfer(address,uint256)")),
        max_outsize=32,
        revert_on_failure=False,
    )
    return success and (len(answer) == 0 or (len(answer) == 32 and convert(answer, uint256) == 1))


@internal
def _send(coin: address, receiver: address, amount: uint256) -> bool:
    """
    @dev Whether the coin takes a payment to the receiver; a refusal is no error here. Error: "dividend: payment not exact"
         (more or less left than was said: it would be another's).
    """
    before: uint256 = staticcall IERC20(coin).balanceOf(self)
    paid: bool = self._try(coin, receiver, amount)
    self._check_left(coin, before, amount if paid else 0)
    return paid


@internal
@view
def _check_left(coin: address, before: uint256, paid: uint256):
    assert staticcall IERC20(coin).balanceOf(self) == unsafe_sub(before, paid), "dividend: payment not exact"
