# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title signatures
@license AGPL-3.0-only
@notice "Did this account sign this digest?" for plain keys, for EIP-7702 accounts, which hold code and still sign with
        their key, and for ERC-1271 contracts such as a Safe, whose signatures are as long as it has signers.
@dev snekmate's own check asks only ERC-1271 once an account has code, which locks an EIP-7702 account out, and takes no
     more than 65 bytes.
"""

# @dev a Safe's 65 bytes an owner: 15 owners, or fewer with contracts among them
MAX_LENGTH: constant(uint256) = 1024
# @dev half of secp256k1's order: a larger s is the same signature's twin (EIP-2)
_MAX_S: constant(uint256) = 57896044618658097711785492504343953926418782139537452191302581570759080747168
# @dev what ERC-1271 answers for a valid signature, as the word that comes back
_VALID: constant(bytes32) = 0x1626ba7e00000000000000000000000000000000000000000000000000000000


@internal
@pure
def _recovered(digest: bytes32, signature: Bytes[MAX_LENGTH]) -> address:
    """
    @return address The key whose signature over `digest` this is; zero where it is no key's.
    """
    if len(signature) != 65:
        return empty(address)
    return self._key_of(
        digest,
        extract32(signature, 0, output_type=uint256),
        extract32(signature, 32, output_type=uint256),
        extract32(signature, 33, output_type=uint256) & 255,
    )


@internal
@pure
def _key_of(digest: bytes32, r: uint256, s: uint256, v: uint256) -> address:
    """
    @return address The key that signed `digest` so; zero where none did.
    """
    if s > _MAX_S:
        return empty(address)
    return ecrecover(digest, v, r, s)


@internal
@view
def _is_valid(signer: address, digest: bytes32, signature: Bytes[MAX_LENGTH]) -> bool:
    """
    @notice Whether `signature` is `signer`'s over `digest`. Never reverts for what it is given.
    @param signer the account; the zero address never signs.
    @param digest the 32-byte EIP-712 digest.
    @param signature r ‖ s ‖ v of a key, 65 bytes; or whatever the contract reads, none included.
    """
    if signer == empty(address):
        return False
    # Not _recovered: a copy of 1024 bytes of memory is dear, and every trade runs this.
    if len(signature) == 65:
        r: uint256 = extract32(signature, 0, output_type=uint256)
        s: uint256 = extract32(signature, 32, output_type=uint256)
        if self._key_of(digest, r, s, extract32(signature, 33, output_type=uint256) & 255) == signer:
            return True
    if not signer.is_contract:
        return False
    success: bool = False
    answer: Bytes[32] = b""
    success, answer = raw_call(
        signer,
        abi_encode(digest, signature, method_id=method_id("isValidSignature(bytes32,bytes)")),
        max_outsize=32,
        is_static_call=True,
        revert_on_failure=False,
    )
    return success and len(answer) == 32 and convert(answer, bytes32) == _VALID
