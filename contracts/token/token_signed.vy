# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title token_signed
@license AGPL-3.0-only
@notice The signed calls in the form that takes the signature in one piece, of up to 1024 bytes: what contracts that sign
        (ERC-1271), such as a Safe, need. They do what the forms with v, r, s do, in the same order.
"""

from ..shared import signatures
from . import token_authorization
from . import token_permit

uses: token_authorization
uses: token_permit


@external
def permit(
    owner: address,
    spender: address,
    amount: uint256,
    deadline: uint256,
    signature: Bytes[signatures.MAX_LENGTH],
):
    """
    @notice As token_permit.permit.
    """
    token_permit._permit(owner, spender, amount, deadline, signature)


@external
def transferWithAuthorization(
    sender: address,
    to: address,
    amount: uint256,
    validAfter: uint256,
    validBefore: uint256,
    nonce: bytes32,
    signature: Bytes[signatures.MAX_LENGTH],
):
    """
    @notice As token_authorization.transferWithAuthorization.
    """
    token_authorization._transfer(
        token_authorization.TRANSFER_WITH_AUTHORIZATION_TYPEHASH,
        sender,
        to,
        amount,
        validAfter,
        validBefore,
        nonce,
        signature,
    )


@external
def receiveWithAuthorization(
    sender: address,
    to: address,
    amount: uint256,
    validAfter: uint256,
    validBefore: uint256,
    nonce: bytes32,
    signature: Bytes[signatures.MAX_LENGTH],
):
    """
    @notice As token_authorization.receiveWithAuthorization.
    """
    token_authorization._receive(sender, to, amount, validAfter, validBefore, nonce, signature)


@external
def cancelAuthorization(authorizer: address, nonce: bytes32, signature: Bytes[signatures.MAX_LENGTH]):
    """
    @notice As token_authorization.cancelAuthorization.
    """
    token_authorization._cancel(authorizer, nonce, signature)
