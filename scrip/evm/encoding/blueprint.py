"""ERC-5202 blueprints: a contract's creation code, kept on the chain for a factory to run."""

from __future__ import annotations

BLUEPRINT_PREFIX = bytes.fromhex("fe7100")
"""What a blueprint's code begins with (ERC-5202, version 0, no data)."""


def blueprint_initcode(initcode: bytes) -> bytes:
    """Code that deploys an ERC-5202 blueprint of `initcode`."""
    body = BLUEPRINT_PREFIX + initcode
    # PUSH2 length, RETURNDATASIZE, DUP2, PUSH1 10, RETURNDATASIZE, CODECOPY, RETURN: the ERC's own preamble.
    return bytes.fromhex("61") + len(body).to_bytes(2, "big") + bytes.fromhex("3d81600a3d39f3") + body
