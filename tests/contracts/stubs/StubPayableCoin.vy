# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title StubPayableCoin
@license AGPL-3.0-only
@notice A stablecoin that takes a payer's signatures unseen, moves what its mode says, and may call back meanwhile.
"""

# @dev 0 moves all of it, 1 keeps a base unit of what it takes on authorization, 2 keeps one of what is passed on,
#      3 takes nothing on authorization, 4 brings a base unit more, 5 answers False to who passes it on, 6 blacklists payers
mode: public(uint256)
balanceOf: public(HashMap[address, uint256])
decimals: public(constant(uint8)) = 6
_target: address
_data: Bytes[4096]
_succeeded: bool
_answer: Bytes[256]


@external
def set_mode(mode: uint256):
    self.mode = mode


@external
def give(to: address, amount: uint256):
    self.balanceOf[to] += amount


@external
def set_callback(target: address, data: Bytes[4096]):
    self._target = target
    self._data = data


@external
@view
def callback_result() -> (bool, Bytes[256]):
    return self._succeeded, self._answer


@external
def receiveWithAuthorization(
    sender: address,
    to: address,
    amount: uint256,
    validAfter: uint256,
    validBefore: uint256,
    nonce: bytes32,
    v: uint8,
    r: bytes32,
    s: bytes32,
):
    assert self.mode != 6, "coin: blacklisted"
    self._call_back()
    if self.mode == 3:
        return
    self.balanceOf[sender] -= amount
    if self.mode == 1:
        self.balanceOf[to] += amount - 1
    elif self.mode == 4:
        self.balanceOf[to] += amount + 1
    else:
        self.balanceOf[to] += amount


@external
def permit(
    owner: address, spender: address, amount: uint256, deadline: uint256, v: uint8, r: bytes32, s: bytes32
):
    self._call_back()


@external
def transferFrom(owner: address, to: address, amount: uint256) -> bool:
    self.balanceOf[owner] -= amount
    self.balanceOf[to] += amount
    return True


@external
def transfer(to: address, amount: uint256) -> bool:
    self.balanceOf[msg.sender] -= amount
    self.balanceOf[to] += amount - 1 if self.mode == 2 else amount
    return self.mode != 5


@internal
def _call_back():
    if self._target != empty(address):
        self._succeeded, self._answer = raw_call(
            self._target, self._data, max_outsize=256, revert_on_failure=False
        )
