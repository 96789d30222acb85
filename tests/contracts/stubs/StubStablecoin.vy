# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title StubStablecoin
@license AGPL-3.0-only
@notice A stablecoin that misbehaves in the way it is told to, and that may call back while it moves.
"""

# @dev 0 answers True, 1 answers False, 2 answers nothing, 3 reverts without data, 4 reverts with its own words,
#      5 keeps a base unit of what it moves, 6 answers True and moves nothing, 7 pays a base unit more
mode: public(uint256)
# @dev what it has moved to an account; those who pay are never asked what they have
balanceOf: public(HashMap[address, uint256])
# @dev as it would have them
decimals: public(constant(uint8)) = 6
# @dev what anybody has let anybody take, as it says; it moves coins whatever that is
_allowed: uint256
_target: address
_data: Bytes[2048]
_succeeded: bool
_answer: Bytes[256]


@external
def set_mode(mode: uint256):
    self.mode = mode


@external
def set_allowed(amount: uint256):
    self._allowed = amount


@external
@view
def allowance(owner: address, spender: address) -> uint256:
    return self._allowed


@external
def set_callback(target: address, data: Bytes[2048]):
    self._target = target
    self._data = data


@external
@view
def callback_result() -> (bool, Bytes[256]):
    return self._succeeded, self._answer


@external
@raw_return
def transferFrom(owner: address, to: address, amount: uint256) -> Bytes[32]:
    if self._target != empty(address):
        self._succeeded, self._answer = raw_call(
            self._target, self._data, max_outsize=256, revert_on_failure=False
        )
    self._bring(to, amount)
    if self.mode == 1:
        return abi_encode(False)
    if self.mode == 2:
        return b""
    if self.mode == 3:
        raw_revert(b"")
    if self.mode == 4:
        raise "coin: blacklisted"
    return abi_encode(True)


@internal
def _bring(to: address, amount: uint256):
    """
    @dev What its mode lets arrive.
    """
    if self.mode == 5:
        self.balanceOf[to] += amount - 1
    elif self.mode == 7:
        self.balanceOf[to] += amount + 1
    elif self.mode != 6:
        self.balanceOf[to] += amount
