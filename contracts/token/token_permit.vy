# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title token_permit
@license AGPL-3.0-only
@notice ERC-2612 and ERC-5267. The EIP-712 domain is the stock's name at creation, for ever: a later change of name voids
        no signature. Signers are plain keys, EIP-7702 accounts and ERC-1271 contracts.
"""

from ..shared import signatures
from . import erc_errors
from . import token_storage as s
from . import transfers

uses: s
uses: transfers

_VERSION: constant(String[1]) = "1"
_VERSION_HASH: constant(bytes32) = keccak256("1")
_DOMAIN_TYPEHASH: constant(bytes32) = keccak256(
    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
)
_PERMIT_TYPEHASH: constant(bytes32) = keccak256(
    "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
)


@external
@view
def nonces(owner: address) -> uint256:
    """
    @notice The nonce that the owner's next permit must carry.
    """
    return s.nonces[owner]


@external
@view
def DOMAIN_SEPARATOR() -> bytes32:
    """
    @notice EIP-712 domain separator on this chain.
    """
    return self._separator()


@external
@view
def eip712Domain() -> (
    bytes1, String[64], String[1], uint256, address, bytes32, DynArray[uint256, 32]
):
    """
    @notice ERC-5267: the domain's fields (0x0f: name, version, chain, contract), no salt, no extensions.
    """
    return (0x0f, s.name, _VERSION, chain.id, self, empty(bytes32), [])


@external
def permit(
    owner: address, spender: address, amount: uint256, deadline: uint256, v: uint8, r: bytes32, s_: bytes32
):
    """
    @notice Sets an allowance by the owner's signature. Anyone may submit it. Longer signatures, as of a Safe, have a form
            of their own: permit(owner, spender, amount, deadline, signature).
    @dev Errors: ERC2612ExpiredSignature (now > deadline), ERC2612InvalidSigner, "token: halted", ERC20InvalidSpender.
    @param amount raw units.
    @param deadline UTC seconds, the last one at which it is accepted (ERC-2612).
    """
    self._permit(owner, spender, amount, deadline, concat(r, s_, convert(v, bytes1)))


@internal
def _permit(
    owner: address, spender: address, amount: uint256, deadline: uint256, signature: Bytes[signatures.MAX_LENGTH]
):
    if deadline < block.timestamp:
        erc_errors._expired_signature(deadline)
    nonce: uint256 = s.nonces[owner]
    digest: bytes32 = self._digest(
        keccak256(abi_encode(_PERMIT_TYPEHASH, owner, spender, amount, nonce, deadline))
    )
    if not signatures._is_valid(owner, digest, signature):
        erc_errors._invalid_signer(signatures._recovered(digest, signature), owner)
    s.nonces[owner] = nonce + 1
    transfers._approve(owner, spender, amount)


@internal
@view
def _separator() -> bytes32:
    return keccak256(abi_encode(_DOMAIN_TYPEHASH, keccak256(s.name), _VERSION_HASH, chain.id, self))


@internal
@view
def _digest(struct_hash: bytes32) -> bytes32:
    return keccak256(concat(b"\x19\x01", self._separator(), struct_hash))
