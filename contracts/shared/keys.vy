# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title keys
@license AGPL-3.0-only
@notice An operation that carries a key is carried out once: whoever sends it again, after a crash or by mistake, is
        refused. The key is the caller's: a hash of the operation's own reference.
"""

event KeyUsed:
    key: indexed(bytes32)


_used: HashMap[bytes32, bool]
_reserved: uint256[7]


@external
@view
def keyUsed(key: bytes32) -> bool:
    """
    @notice Whether the operation with this key has been carried out.
    @param key the operation's key.
    """
    return self._used[key]


@internal
def _consume(key: bytes32):
    """
    @dev Errors: "keys: empty", "keys: used".
    @param key the operation's key, not zero.
    """
    assert key != empty(bytes32), "keys: empty"
    assert not self._used[key], "keys: used"
    self._used[key] = True
    log KeyUsed(key=key)
