"""Addresses as a manifest writes them."""

from __future__ import annotations

import re

from eth_utils.address import is_checksum_address
from solders.pubkey import Pubkey

_EVM = re.compile(r"0x[0-9a-fA-F]{40}")
_HASH = re.compile(r"0x[0-9a-fA-F]{64}")


def wrong_address(text: str, kind: str) -> str:
    """What is wrong with an address of a chain of this kind ("evm", "solana"); "" for nothing."""
    if kind == "solana":
        if not is_pubkey(text):
            return "is no address: 32 bytes in base58"
        return "is the zero address" if Pubkey.from_string(text) == Pubkey.default() else ""
    if not _EVM.fullmatch(text):
        return "is no address: 0x and 40 hexadecimal digits"
    if int(text, 16) == 0:
        return "is the zero address"
    digits = text[2:]
    if digits not in (digits.lower(), digits.upper()) and not is_checksum_address(text):
        return "has a wrong checksum (EIP-55): a digit or its case is mistyped"
    return ""


def wrong_genesis(text: str, kind: str) -> str:
    """What is wrong with the hash of a first block on a chain of this kind ("evm", "solana"); "" for nothing."""
    if kind == "solana":
        return "" if is_pubkey(text) else "is no hash: 32 bytes in base58"
    return "" if _HASH.fullmatch(text) else "is no hash: 0x and 64 hexadecimal digits"


def is_pubkey(text: str) -> bool:
    """Whether it is 32 bytes in base58."""
    try:
        Pubkey.from_string(text)
    except ValueError:
        return False
    return True
