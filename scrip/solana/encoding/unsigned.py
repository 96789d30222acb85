"""A transaction that nobody has signed yet, as wallets are given one."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence

from solders.hash import Hash
from solders.instruction import Instruction
from solders.message import Message
from solders.pubkey import Pubkey
from solders.signature import Signature
from solders.transaction import VersionedTransaction


def unsigned(calls: Sequence[Instruction], payer: Pubkey, blockhash: Hash) -> str:
    """The transaction of these instructions in base64, with empty signatures: of the legacy form, which all read."""
    message = Message.new_with_blockhash(list(calls), payer, blockhash)
    blank = [Signature.default()] * message.header.num_required_signatures
    return b64encode(bytes(VersionedTransaction.populate(message, blank))).decode()
