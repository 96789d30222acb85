# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title token_authorization
@license AGPL-3.0-only
@notice ERC-3009: transfers that the holder signs and anyone, or only the payee, submits. Nonces are the holder's own
        32 bytes, in any order. An authorization moves what a transfer by the holder would move, and nothing else: who
        may send and receive, what is frozen and locked, a pause and a halt count as they do there.
@dev The forms with v, r, s are here; those with the signature in one piece, which a Safe needs, in token_signed.
"""

from ..interfaces import IStockToken
from ..shared import signatures
from . import token_permit
from . import token_storage as s
from . import transfers

uses: s
uses: transfers
uses: token_permit

TRANSFER_WITH_AUTHORIZATION_TYPEHASH: public(constant(bytes32)) = keccak256(
    # One line, as EIP-712 hashes it.
    "TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
)
RECEIVE_WITH_AUTHORIZATION_TYPEHASH: public(constant(bytes32)) = keccak256(
    "ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
)
CANCEL_AUTHORIZATION_TYPEHASH: public(constant(bytes32)) = keccak256(
    "CancelAuthorization(address authorizer,bytes32 nonce)"
)


@external
@view
def authorizationState(authorizer: address, nonce: bytes32) -> bool:
    """
    @notice Whether the nonce is used or cancelled.
    """
    return s.authorizations[authorizer][nonce]


@external
def transferWithAuthorization(
    sender: address,
    to: address,
    amount: uint256,
    validAfter: uint256,
    validBefore: uint256,
    nonce: bytes32,
    v: uint8,
    r: bytes32,
    s_: bytes32,
):
    """
    @notice Moves `amount` raw units from `sender`, who signed that, to `to`. Anyone may submit it.
    @dev Errors, in order: "token: halted", "token: paused", "auth: not yet valid" (now ≤ validAfter), "auth: expired"
         (now ≥ validBefore), "auth: used", "auth: bad signature", then as transfer.
    """
    signature: Bytes[65] = concat(r, s_, convert(v, bytes1))
    self._transfer(
        TRANSFER_WITH_AUTHORIZATION_TYPEHASH, sender, to, amount, validAfter, validBefore, nonce, signature
    )


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
    s_: bytes32,
):
    """
    @notice As transferWithAuthorization, but only the payee may submit it: a contract that books what it receives cannot
            be overtaken by someone who submits the same signature to the stock.
    @dev Errors: "auth: not the payee", then as transferWithAuthorization.
    """
    signature: Bytes[65] = concat(r, s_, convert(v, bytes1))
    self._receive(sender, to, amount, validAfter, validBefore, nonce, signature)


@external
def cancelAuthorization(authorizer: address, nonce: bytes32, v: uint8, r: bytes32, s_: bytes32):
    """
    @notice Spends a nonce, so that no authorization that carries it is carried out. Anyone may submit it. Works in a pause.
    @dev Errors, in order: "token: halted", "auth: used", "auth: bad signature".
    """
    self._cancel(authorizer, nonce, concat(r, s_, convert(v, bytes1)))


@internal
def _receive(
    sender: address,
    to: address,
    amount: uint256,
    valid_after: uint256,
    valid_before: uint256,
    nonce: bytes32,
    signature: Bytes[signatures.MAX_LENGTH],
):
    assert to == msg.sender, "auth: not the payee"
    self._transfer(
        RECEIVE_WITH_AUTHORIZATION_TYPEHASH, sender, to, amount, valid_after, valid_before, nonce, signature
    )


@internal
def _transfer(
    typehash: bytes32,
    sender: address,
    to: address,
    amount: uint256,
    valid_after: uint256,
    valid_before: uint256,
    nonce: bytes32,
    signature: Bytes[signatures.MAX_LENGTH],
):
    config: uint256 = transfers._live()
    assert valid_after < block.timestamp, "auth: not yet valid"
    assert block.timestamp < valid_before, "auth: expired"
    struct_hash: bytes32 = keccak256(
        abi_encode(typehash, sender, to, amount, valid_after, valid_before, nonce)
    )
    self._spend(sender, nonce, struct_hash, signature)
    log IStockToken.AuthorizationUsed(authorizer=sender, nonce=nonce)
    transfers._transfer(sender, to, amount, config)


@internal
def _cancel(authorizer: address, nonce: bytes32, signature: Bytes[signatures.MAX_LENGTH]):
    transfers._check_not_halted()
    struct_hash: bytes32 = keccak256(abi_encode(CANCEL_AUTHORIZATION_TYPEHASH, authorizer, nonce))
    self._spend(authorizer, nonce, struct_hash, signature)
    log IStockToken.AuthorizationCanceled(authorizer=authorizer, nonce=nonce)


@internal
def _spend(authorizer: address, nonce: bytes32, struct_hash: bytes32, signature: Bytes[signatures.MAX_LENGTH]):
    assert not s.authorizations[authorizer][nonce], "auth: used"
    digest: bytes32 = token_permit._digest(struct_hash)
    assert signatures._is_valid(authorizer, digest, signature), "auth: bad signature"
    s.authorizations[authorizer][nonce] = True
