"""Code in the place of the ActionBook's that says of every action the same: one code, record and deadline."""

from __future__ import annotations

from eth_abi import encode

TIMES = ["address", "string", "uint256", "uint256", "uint256"]
HEAD = "3660041460115760e0601c5f3960e05ff35b602060fc5f3960205ff3"
"""Return the 32 bytes at 0xfc where four were sent (accessControl), else the 224 at 0x1c, behind this."""


TOLD = (
    "3660041460235736604014602e57"
    "60e0605a5f395f5460405260015460805260e05ff3"
    "5b6020603a5f3960205ff3"
    "5b5f355f5560203560015500"
)
"""As HEAD, of code whose data are the role table and then the answer: 64 bytes that were sent are kept as status and
deadline of every answer from then on."""


def fixed_book(token: str, record_at: int, deadline: int, roles: str = "0x" + "00" * 20, code: str = "MEET") -> str:
    """Runtime code as 0x-prefixed hex: any action is answered as `timesOf` of one, an announced meeting."""
    times = encode(TIMES, [token, code, 1, record_at, deadline])
    return "0x" + HEAD + times.hex() + encode(["address"], [roles]).hex()


def told_book(token: str, record_at: int, roles: str, code: str) -> str:
    """Runtime code as 0x-prefixed hex of a book that is told status and deadline: see `telling`."""
    times = encode(TIMES, [token, code, 0, record_at, 0])
    return "0x" + TOLD + encode(["address"], [roles]).hex() + times.hex()


def telling(status: int, deadline: int) -> bytes:
    """What such a book is sent."""
    return encode(["uint256", "uint256"], [status, deadline])


def creation(runtime: str) -> bytes:
    """What creates a contract of some code."""
    code = bytes.fromhex(runtime[2:])
    return bytes.fromhex(f"61{len(code):04x}80600a5f395ff3") + code
