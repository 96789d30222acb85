# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title MockStablecoin
@license AGPL-3.0-only
@notice A stablecoin with six decimals for tests and demonstrations. Anyone may mint any amount: it is worth nothing.
"""

from ethereum.ercs import IERC20
from ethereum.ercs import IERC20Detailed

from ..interfaces import IStablecoin

implements: IERC20
implements: IERC20Detailed
implements: IStablecoin


name: public(constant(String[32])) = "Mock Stablecoin"
symbol: public(constant(String[8])) = "mUSD"
decimals: public(constant(uint8)) = 6

totalSupply: public(uint256)
balanceOf: public(HashMap[address, uint256])
allowance: public(HashMap[address, HashMap[address, uint256]])


@external
def mint(to: address, amount: uint256):
    """
    @notice Creates `amount` out of nothing. Anyone.
    @param to who receives it.
    @param amount base units, six decimals.
    """
    self.totalSupply += amount
    self.balanceOf[to] += amount
    log IERC20.Transfer(sender=empty(address), receiver=to, value=amount)


@external
def approve(spender: address, amount: uint256) -> bool:
    """
    @notice Lets `spender` move up to `amount` of the caller's; 2**256-1 is without limit.
    @param spender who may.
    @param amount base units; replaces the earlier allowance.
    """
    self.allowance[msg.sender][spender] = amount
    log IERC20.Approval(owner=msg.sender, spender=spender, value=amount)
    return True


@external
def transfer(to: address, amount: uint256) -> bool:
    """
    @notice Moves the caller's own.
    @dev Errors: "stablecoin: insufficient".
    @param to who receives it.
    @param amount base units.
    """
    self._move(msg.sender, to, amount)
    return True


@external
def transferFrom(owner: address, to: address, amount: uint256) -> bool:
    """
    @notice Moves an owner's under the caller's allowance.
    @dev Errors: "stablecoin: allowance", "stablecoin: insufficient".
    @param owner whose it is.
    @param to who receives it.
    @param amount base units.
    """
    allowed: uint256 = self.allowance[owner][msg.sender]
    assert amount <= allowed, "stablecoin: allowance"
    if allowed != max_value(uint256):
        self.allowance[owner][msg.sender] = allowed - amount
    self._move(owner, to, amount)
    return True


@internal
def _move(owner: address, to: address, amount: uint256):
    assert amount <= self.balanceOf[owner], "stablecoin: insufficient"
    self.balanceOf[owner] -= amount
    self.balanceOf[to] += amount
    log IERC20.Transfer(sender=owner, receiver=to, value=amount)
