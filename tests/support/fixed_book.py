"""Code in the place of the ActionBook's that says of every action the same: one code, record and deadline."""

from __future__ import annotations

from eth_abi import encode

TIMES = ["address", "string", "uint256", "uint256", "uint256"]
HEAD = "3660041460115760e0601c5f3960e05ff35b602060fc5f3960205ff3"
"""Return the 32 bytes at 0xfc where four were sent (accessControl), else the 224 at 0x1c, behind this."""


def fixed_book(
    token: str, record_at: int, deadline: int, roles: str = "0x" + "00" * 20, code: str = "MEET", status: int = 1
) -> str:
    """Runtime code as 0x-prefixed hex: any action is answered as `timesOf` of an announced one, a meeting's or another."""
    times = encode(TIMES, [token, code, status, record_at, deadline])
    return "0x" + HEAD + times.hex() + encode(["address"], [roles]).hex()


def creation(runtime: str) -> bytes:
    """What creates a contract of some code."""
    code = bytes.fromhex(runtime[2:])
    return bytes.fromhex(f"61{len(code):04x}80600a5f395ff3") + code
