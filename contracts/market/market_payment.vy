# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title market_payment
@license AGPL-3.0-only
@notice How settlement moves: under an allowance; under one that the payer signs for the occasion (ERC-2612); or by an
        authorization of this very payment (ERC-3009).
@dev What arrives is read from the receiver's balance, so that a stablecoin which keeps a fee, or does nothing, is refused.
     Nothing stays here: an authorization can name no payee but the contract that hands it in, so what it brings is
     passed on at once, all of it. Both signatures end with the quote, and are of its settlement and fee, to the unit.
"""

from ethereum.ercs import IERC20

from ..interfaces import ISignedStablecoin
from ..shared import refusals

# @dev ways of a payment, as mintPaid takes them
ALLOWANCE: constant(uint8) = 0
PERMIT: constant(uint8) = 1
AUTHORIZATION: constant(uint8) = 2
_PERMIT: constant(Bytes[4]) = method_id("permit(address,address,uint256,uint256,uint8,bytes32,bytes32)")


@internal
def _move(asset: address, sender: address, to: address, amount: uint256):
    """
    @dev transferFrom for tokens that answer true, false or nothing, of which all arrives. A revert of the token bubbles
         up. A payment to oneself moves nothing, so that nothing of it can be kept back.
    """
    before: uint256 = staticcall IERC20(asset).balanceOf(to)
    done: bool = extcall IERC20(asset).transferFrom(sender, to, amount, default_return_value=True)
    if not done:
        refusals._refuse("market: payment failed")
    if sender != to and staticcall IERC20(asset).balanceOf(to) < before + amount:
        refusals._refuse("market: payment short")


@internal
def _permit(asset: address, payer: address, amount: uint256, until: uint256, v: uint8, r: bytes32, s: bytes32):
    """
    @dev Hands the payer's permit in. Somebody may have handed it in before: then it fails, and the allowance stands all the
         same. Errors: "market: permit failed", where neither is so.
    """
    done: bool = raw_call(
        asset, abi_encode(payer, self, amount, until, v, r, s, method_id=_PERMIT), revert_on_failure=False
    )
    refusals._demand(done or staticcall IERC20(asset).allowance(payer, self) >= amount, "market: permit failed")


@internal
def _receive(
    asset: address,
    payer: address,
    to: address,
    amount: uint256,
    until: uint256,
    nonce: bytes32,
    v: uint8,
    r: bytes32,
    s: bytes32,
):
    """
    @dev Takes what the payer authorizes this contract to receive, and passes all that arrives on. Errors: the
         stablecoin's, "market: payment short", "market: payment failed".
    """
    held: uint256 = self._balance(asset, self)
    extcall ISignedStablecoin(asset).receiveWithAuthorization(payer, self, amount, 0, until, nonce, v, r, s)
    # Less than was held is an underflow: nothing of what others left here is passed on.
    arrived: uint256 = self._balance(asset, self) - held
    before: uint256 = self._balance(asset, to)
    done: bool = extcall IERC20(asset).transfer(to, arrived, default_return_value=True)
    refusals._demand(done, "market: payment failed")
    refusals._demand(arrived >= amount and self._balance(asset, to) >= before + amount, "market: payment short")


@internal
@view
def _balance(asset: address, account: address) -> uint256:
    return staticcall IERC20(asset).balanceOf(account)
