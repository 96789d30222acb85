"""Code in the place of the ActionBook's that says of every action the same: a meeting of this record and deadline."""

from __future__ import annotations

from eth_abi import encode

TIMES = ["address", "string", "uint256", "uint256", "uint256"]
HEAD = "60e0600a5f3960e05ff3"
"""Copy the 224 bytes that stand behind these ten, and return them."""


def fixed_book(token: str, record_at: int, deadline: int) -> str:
    """Runtime code as 0x-prefixed hex: any call is answered as `timesOf` of an announced meeting of the token."""
    return "0x" + HEAD + encode(TIMES, [token, "MEET", 1, record_at, deadline]).hex()
