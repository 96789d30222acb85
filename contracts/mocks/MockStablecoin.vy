# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title MockStablecoin
@license AGPL-3.0-only
@notice A stablecoin with six decimals for tests and demonstrations. Anyone may mint any amount: it is worth nothing.
@dev It takes signatures as the ones that it stands for do: ERC-2612 and ERC-3009, of keys.
"""

from ethereum.ercs import IERC20
from ethereum.ercs import IERC20Detailed
from snekmate.utils import eip712_domain_separator as domain

from ..interfaces import ISignedStablecoin
from ..interfaces import IStablecoin
from ..shared import signatures

implements: IERC20
implements: IERC20Detailed
implements: ISignedStablecoin
implements: IStablecoin

initializes: domain

exports: domain.eip712Domain


name: public(constant(String[32])) = "Mock Stablecoin"
symbol: public(constant(String[8])) = "mUSD"
decimals: public(constant(uint8)) = 6
version: public(constant(String[1])) = "1"
_PERMIT_TYPEHASH: constant(bytes32) = keccak256(
    "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
)
_RECEIVE_TYPEHASH: constant(bytes32) = keccak256(
    # One line, as EIP-712 hashes it.
    "ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
)

totalSupply: public(uint256)
balanceOf: public(HashMap[address, uint256])
allowance: public(HashMap[address, HashMap[address, uint256]])
nonces: public(HashMap[address, uint256])
authorizationState: public(HashMap[address, HashMap[bytes32, bool]])


@deploy
def __init__():
    domain.__init__("Mock Stablecoin", "1")


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


@external
def permit(
    owner: address, spender: address, amount: uint256, deadline: uint256, v: uint8, r: bytes32, s: bytes32
):
    """
    @notice ERC-2612: sets an allowance that the owner has signed. Anyone may submit it.
    @dev Errors, in order: "stablecoin: expired", "stablecoin: bad signature".
    @param owner who signed.
    @param spender who may move it.
    @param amount base units; replaces the earlier allowance.
    @param deadline the last second (UTC) in which it is good.
    @param v of the signature. @param r of the signature. @param s of the signature.
    """
    assert block.timestamp <= deadline, "stablecoin: expired"
    nonce: uint256 = self.nonces[owner]
    self._check_signed(
        owner, keccak256(abi_encode(_PERMIT_TYPEHASH, owner, spender, amount, nonce, deadline)), v, r, s
    )
    self.nonces[owner] = nonce + 1
    self.allowance[owner][spender] = amount
    log IERC20.Approval(owner=owner, spender=spender, value=amount)


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
    """
    @notice ERC-3009: moves what its owner authorized the caller to receive.
    @dev Errors, in order: "stablecoin: not the payee", "stablecoin: not now", "stablecoin: used", "stablecoin: bad
         signature", "stablecoin: insufficient".
    @param sender who signed. @param to the caller. @param amount base units.
    @param validAfter good after this second (UTC). @param validBefore good before this one.
    @param nonce any 32 bytes, of which the owner uses each once.
    @param v of the signature. @param r of the signature. @param s of the signature.
    """
    assert to == msg.sender, "stablecoin: not the payee"
    assert validAfter < block.timestamp and block.timestamp < validBefore, "stablecoin: not now"
    assert not self.authorizationState[sender][nonce], "stablecoin: used"
    self._check_signed(
        sender,
        keccak256(abi_encode(_RECEIVE_TYPEHASH, sender, to, amount, validAfter, validBefore, nonce)),
        v,
        r,
        s,
    )
    self.authorizationState[sender][nonce] = True
    self._move(sender, to, amount)


@external
@view
def DOMAIN_SEPARATOR() -> bytes32:
    """
    @notice The EIP-712 domain of what it takes signed.
    """
    return domain._domain_separator_v4()


@internal
@view
def _check_signed(owner: address, hashed: bytes32, v: uint8, r: bytes32, s: bytes32):
    """
    @dev "stablecoin: bad signature" for what is not the owner's key's.
    """
    key: address = signatures._recovered(
        domain._hash_typed_data_v4(hashed), concat(r, s, convert(v, bytes1))
    )
    assert owner != empty(address) and key == owner, "stablecoin: bad signature"


@internal
def _move(owner: address, to: address, amount: uint256):
    assert amount <= self.balanceOf[owner], "stablecoin: insufficient"
    self.balanceOf[owner] -= amount
    self.balanceOf[to] += amount
    log IERC20.Transfer(sender=owner, receiver=to, value=amount)
