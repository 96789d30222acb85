# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title in_kind
@license AGPL-3.0-only
@notice Whether a RequestVault takes requests for the shares themselves, and how each is to be delivered: the hash of the document
        that the holder gave. The custodian's receipt ends such a request, and no money does.
"""

from ..interfaces import IRequestVault
from ..shared import roles
from . import request_book

uses: roles
uses: request_book

# @notice whether requests in kind are taken
inKind: public(bool)
# @dev what was given last, of a request that may be gone
_deliveries: HashMap[address, bytes32]


@external
def setInKind(taken: bool):
    """
    @notice Takes requests in kind, or no longer; those that wait go on. The timelock only.
    @dev Error: "roles: not authorised".
    """
    roles._check(roles.ADMIN)
    self.inKind = taken
    log IRequestVault.InKindSet(taken=taken)


@external
@view
def deliveryOf(controller: address) -> bytes32:
    """
    @notice Hash of the document by which what waits is to be delivered; zero where it waits for money, or nothing does.
    """
    return self._delivery_of(controller)


@internal
@view
def _delivery_of(controller: address) -> bytes32:
    return self._deliveries[controller] if request_book._is_in_kind(controller) else empty(bytes32)


@internal
def _order(controller: address, delivery: bytes32):
    """
    @dev Errors: "vault: not in kind", "vault: no delivery".
    """
    assert self.inKind, "vault: not in kind"
    assert delivery != empty(bytes32), "vault: no delivery"
    self._deliveries[controller] = delivery
