# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title UnrulyCoin
@license AGPL-3.0-only
@notice A stablecoin that keeps books of its own and misbehaves as it is told: towards an account, in what it answers, in what it
        keeps back, and by calling back while it moves.
"""

decimals: public(uint8)
balanceOf: public(HashMap[address, uint256])
allowance: public(HashMap[address, HashMap[address, uint256]])
# @dev neither pays nor is paid
blacklisted: public(HashMap[address, bool])
# @dev 0 answers True, 1 answers False and moves nothing, 2 answers nothing, 3 keeps a hundredth of what arrives, 4 takes a
#      hundredth more of the payer, 5 answers True and moves nothing
mode: public(uint256)
# @dev what a payee does once it is told of its payment: 1 spends all gas, 2 sends one base unit back
hooks: public(HashMap[address, uint256])
_target: address
_data: Bytes[2048]
_succeeded: bool
_burnt: bytes32
_answer: Bytes[256]


@deploy
def __init__(decimals: uint8):
    self.decimals = decimals


@external
def mint(to: address, amount: uint256):
    self.balanceOf[to] += amount


@external
def approve(spender: address, amount: uint256) -> bool:
    self.allowance[msg.sender][spender] = amount
    return True


@external
def set_mode(mode: uint256):
    self.mode = mode


@external
def blacklist(account: address, listed: bool):
    self.blacklisted[account] = listed


@external
def set_hook(payee: address, hook: uint256):
    self.hooks[payee] = hook


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
def transfer(to: address, amount: uint256) -> Bytes[32]:
    return self._move(msg.sender, to, amount)


@external
@raw_return
def transferFrom(owner: address, to: address, amount: uint256) -> Bytes[32]:
    assert self.allowance[owner][msg.sender] >= amount, "coin: allowance"
    self.allowance[owner][msg.sender] -= amount
    return self._move(owner, to, amount)


@internal
def _move(owner: address, to: address, amount: uint256) -> Bytes[32]:
    assert not (self.blacklisted[owner] or self.blacklisted[to]), "coin: blacklisted"
    assert self.balanceOf[owner] >= amount, "coin: insufficient"
    if self._target != empty(address):
        self._succeeded, self._answer = raw_call(
            self._target, self._data, max_outsize=256, revert_on_failure=False
        )
    if self.mode == 1:
        return abi_encode(False)
    if self.mode != 5:
        self.balanceOf[owner] -= amount + (amount // 100 if self.mode == 4 else 0)
        self.balanceOf[to] += amount - (amount // 100 if self.mode == 3 else 0)
    hook: uint256 = self.hooks[to]
    if hook == 1:
        for i: uint256 in range(2**64):
            self._burnt = keccak256(abi_encode(self._burnt))
    if hook == 2:
        self.balanceOf[to] -= 1
        self.balanceOf[owner] += 1
    if self.mode == 2:
        return b""
    return abi_encode(True)
