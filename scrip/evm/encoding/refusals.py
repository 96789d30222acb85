"""Why a call was refused: revert data as the vocabulary that the model and every chain share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from eth_abi.exceptions import DecodingError
from eth_utils import keccak

from scrip.errors import Refusal
from scrip.evm.encoding.words import decode
from scrip.inputs.reading.text import foreign

CUSTOM_ERRORS: Mapping[str, tuple[str, ...]] = {
    "ERC20InsufficientBalance(address,uint256,uint256)": ("sender", "balance", "needed"),
    "ERC20InsufficientAllowance(address,uint256,uint256)": ("spender", "allowance", "needed"),
    "ERC20InvalidSender(address)": ("sender",),
    "ERC20InvalidReceiver(address)": ("receiver",),
    "ERC20InvalidSpender(address)": ("spender",),
    "ERC7943CannotSend(address)": ("account",),
    "ERC7943CannotReceive(address)": ("account",),
    "ERC7943CannotTransfer(address,address,uint256)": ("from", "to", "amount"),
    "ERC7943InsufficientUnfrozenBalance(address,uint256,uint256)": ("account", "amount", "unfrozen"),
    "ERC2612ExpiredSignature(uint256)": ("deadline",),
    "ERC2612InvalidSigner(address,address)": ("signer", "owner"),
}
"""The standards' errors (ERC-6093, ERC-7943, ERC-2612), and what each calls its arguments."""
SAFE_REASONS = {
    "GS010": "the Safe's transaction was given too little gas",
    "GS013": "a call of the Safe's transaction failed",
    "GS020": "fewer signatures than the Safe's threshold",
    "GS021": "a contract's signature points into the signatures before it",
    "GS022": "a contract's signature has no length",
    "GS023": "a contract's signature is cut short",
    "GS024": "a contract refused its signature",
    "GS025": "an owner did not approve the hash",
    "GS026": "a signature is no owner's of this transaction, or stands twice or out of order",
    "GS030": "only owners approve a hash",
    "GS031": "only the Safe itself may call this",
    "GS201": "a threshold above the number of owners",
    "GS202": "a threshold of nothing",
    "GS203": "an address that cannot be an owner",
    "GS204": "an owner twice",
}
"""What the codes stand for by which a Safe refuses."""
ERROR_STRING = keccak(text="Error(string)")[:4]
PANIC = keccak(text="Panic(uint256)")[:4]
SILENT = "reverted without a reason"
"""Vyper's own checks (overflow, bounds, a call to no contract) revert with no data: in a refusal that is a bug."""


def _parse(signature: str) -> tuple[str, tuple[str, ...]]:
    name, _, types = signature.rstrip(")").partition("(")
    return name, tuple(types.split(","))


_BY_SELECTOR = {keccak(text=signature)[:4]: (*_parse(signature), labels) for signature, labels in CUSTOM_ERRORS.items()}


def error_entries(code: bytes) -> list[dict[str, Any]]:
    """The ABI entries of the standards' errors whose selectors stand in a contract's code: Vyper lists none."""
    return [
        {
            "type": "error",
            "name": error,
            "inputs": [{"name": name, "type": kind} for name, kind in zip(names, types, strict=True)],
        }
        for signature, names in CUSTOM_ERRORS.items()
        for error, types in [_parse(signature)]
        if _pushed(keccak(text=signature)[:4]) in code
    ]


def _pushed(selector: bytes) -> bytes:
    """How code names a selector: a push of its bytes, without leading zeros (PUSH1 is 0x60)."""
    plain = selector.lstrip(b"\0")
    return bytes([0x5F + len(plain)]) + plain


def refusal(data: bytes, name_of: Callable[[str], str]) -> Refusal:
    """The refusal that revert data stands for. `name_of` turns an address into the name people know it by."""
    selector, body = bytes(data[:4]), bytes(data[4:])
    try:
        if selector == ERROR_STRING:
            reason = foreign(decode(("string",), body)[0])
            return Refusal(reason, SAFE_REASONS.get(reason, ""))
        if selector == PANIC:
            return Refusal(f"Panic({decode(('uint256',), body)[0]:#x})")
        if selector in _BY_SELECTOR:
            name, types, labels = _BY_SELECTOR[selector]
            values = [
                name_of(value) if kind == "address" else str(value)
                for kind, value in zip(types, decode(types, body), strict=True)
            ]
            # One value needs no name; of several nobody could tell which is which.
            several = len(values) > 1
            shown = [f"{label} {value}" if several else value for label, value in zip(labels, values, strict=True)]
            return Refusal(name, ", ".join(shown))
    except DecodingError:
        pass
    return Refusal(SILENT if not data else "unknown error", f"0x{bytes(data).hex()}" if data else "")
