# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title signatures
@license AGPL-3.0-only
@notice "Did this account sign this digest?" for plain keys, for EIP-7702 accounts, which hold code and still sign with
        their key, and for ERC-1271 contracts such as a Safe.
@dev snekmate's own check asks only ERC-1271 once an account has code, which locks an EIP-7702 account out.
"""

from snekmate.utils import signature_checker

# @dev half of secp256k1's order: a larger s is the same signature's twin (EIP-2)
_MAX_S: constant(uint256) = 57896044618658097711785492504343953926418782139537452191302581570759080747168


@internal
@view
def _is_valid(signer: address, digest: bytes32, signature: Bytes[65]) -> bool:
    """
    @notice Whether `signature` is `signer`'s over `digest`. Never reverts for what it is given.
    @param signer the account; the zero address never signs.
    @param digest the 32-byte EIP-712 digest.
    @param signature r ‖ s ‖ v, 65 bytes.
    """
    if signer == empty(address) or len(signature) != 65:
        return False
    r: uint256 = extract32(signature, 0, output_type=uint256)
    s: uint256 = extract32(signature, 32, output_type=uint256)
    v: uint256 = convert(slice(signature, 64, 1), uint256)
    if s <= _MAX_S and ecrecover(digest, v, r, s) == signer:
        return True
    if not signer.is_contract:
        return False
    return signature_checker._is_valid_ERC1271_signature_now(signer, digest, signature)
