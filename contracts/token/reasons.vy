# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title reasons
@license AGPL-3.0-only
@notice What a forced action rests on: a reason code, the hash of a document, and a key that is used once.
"""

from ..interfaces import IStockToken
from ..shared import keys

uses: keys


@internal
@pure
def _check(reason: uint16, document: bytes32):
    """
    @dev Error: "case: reason and document".
    """
    assert reason != 0 and document != empty(bytes32), "case: reason and document"


@internal
def _new(account: address, reason: uint16, document: bytes32, key: bytes32):
    """
    @dev Takes the reason of one forced action on `account`, with its document and key. Errors: "case: reason and document", "keys: empty", "keys: used".
    """
    self._check(reason, document)
    keys._consume(key)
    log IStockToken.Enforced(account=account, key=key, reason=reason, document=document)
