# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title StubSigner
@license AGPL-3.0-only
@notice An ERC-1271 account that accepts one signature, or behaves badly.
"""

# @dev 0 checks, 1 reverts, 2 answers another word, 3 answers too much, 4 answers nothing
mode: public(uint256)
_accepted: bytes32


@external
def set(mode: uint256, accepted: bytes32):
    self.mode = mode
    self._accepted = accepted


@external
@view
@raw_return
def isValidSignature(digest: bytes32, signature: Bytes[65]) -> Bytes[64]:
    magic: bytes32 = 0x1626ba7e00000000000000000000000000000000000000000000000000000000
    if self.mode == 1:
        raise "signer: no"
    if self.mode == 2:
        return abi_encode(digest)
    if self.mode == 3:
        return abi_encode(magic, magic)
    if self.mode == 4:
        return b""
    if keccak256(signature) != self._accepted:
        return abi_encode(empty(bytes32))
    return abi_encode(magic)
