# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title coins
@license AGPL-3.0-only
@notice Stablecoins as they are: those that answer true, false or nothing, refuse a payee, or take more than they were told.
        What counts is what the balance says.
"""

@internal
def _pays(coin: address, receiver: address, amount: uint256) -> bool:
    """
    @dev Whether the coin says that it pays. A refusal is no error. Whoever asks looks at the balance afterwards.
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
