# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title deposit_limits
@license AGPL-3.0-only
@notice How much of its claim a SubscriptionVault would hand a controller now: all of it, or nothing while the stock refuses any.
"""

from ..redemption import parties
from ..redemption import request_book

uses: parties
uses: request_book


@external
@view
def maxDeposit(controller: address) -> uint256:
    """
    @notice Base units that deposit takes now for the controller itself; 0 while the stock would refuse it any of its units.
            Never reverts.
    """
    return request_book._claimable(controller)[0] if self._can_fetch(controller) else 0


@external
@view
def maxMint(controller: address) -> uint256:
    """
    @notice Raw units that mint hands out now to the controller itself; 0 while the stock would refuse it any of them. Never
            reverts.
    """
    return request_book._claimable(controller)[1] if self._can_fetch(controller) else 0


@internal
@view
def _can_fetch(controller: address) -> bool:
    """
    @dev Whether the stock would hand all its units to the controller, or, where it was recovered, to its successor: no pause,
         halt, block, freeze, lapse or holder limit refuses it. False where nobody answers.
    """
    registry: address = parties.REGISTRY.address
    word: uint256 = 0
    answered: bool = False
    answered, word = self._told(registry, abi_encode(controller, method_id=method_id("successorOf(address)")))
    if not answered:
        return False
    heir: address = convert(word, address)
    # Who may move nothing to itself may receive.
    question: Bytes[132] = abi_encode(heir, heir, empty(uint256), method_id=method_id("canTransfer(address,address,uint256)"))
    answered, word = self._told(parties.share, question)
    if not answered or word != 1:
        return False
    units: uint256 = request_book._claimable(controller)[1]
    question = abi_encode(
        parties.share, self, heir, units, method_id=method_id("restriction(address,address,address,uint256)")
    )
    answered, word = self._told(registry, question)
    return answered and word == 0


@internal
@view
def _told(target: address, question: Bytes[132]) -> (bool, uint256):
    """
    @dev (whether it answers with one word, the word).
    """
    success: bool = False
    answer: Bytes[32] = b""
    success, answer = raw_call(
        target, question, max_outsize=32, is_static_call=True, revert_on_failure=False
    )
    if not success or len(answer) != 32:
        return (False, 0)
    return (True, convert(answer, uint256))
