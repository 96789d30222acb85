"""Counterparts of the registry that exist for tests only, in Vyper: an oracle of any honesty, a contract that signs."""

from __future__ import annotations

from functools import cache
from typing import Any

import boa
from support.contract_calls import Handle

HONEST, REVERTS, BURNS, SHORT, EMPTY, GARBAGE, LIES, REENTERS, LONG = range(9)
SILENT_MODES = (REVERTS, BURNS, SHORT, EMPTY, GARBAGE, REENTERS)

ORACLE = """
# pragma version ==0.4.3

listed: public(HashMap[address, bool])
mode: uint256
target: address

@external
def set_listed(account: address, listed: bool):
    self.listed[account] = listed

@external
def set_mode(mode: uint256):
    self.mode = mode

@external
def set_target(target: address):
    self.target = target

@external
@raw_return
def isSanctioned(account: address) -> Bytes[64]:
    assert self.mode != 1, "oracle: no"
    if self.mode == 2:
        burnt: uint256 = 0
        for i: uint256 in range(1_000_000):
            burnt += i
        return concat(convert(burnt, bytes32), b"")
    if self.mode == 3:
        return b"\\x00\\x00\\x00\\x00"
    if self.mode == 4:
        return b""
    if self.mode == 5:
        return concat(convert(2, bytes32), b"")
    if self.mode == 7:
        raw_call(self.target, concat(method_id("cancelAttestation(uint256)"), convert(7, bytes32)))
    answer: uint256 = 0
    if self.listed[account] or self.mode == 6:
        answer = 1
    if self.mode == 8:
        return concat(convert(answer, bytes32), convert(1, bytes32))
    return concat(convert(answer, bytes32), b"")
"""

# A KYC provider that is a contract: it signs by saying so, and may try to call somebody while it is asked.
PROVIDER = """
# pragma version ==0.4.3

approved: bytes32
target: address
data: Bytes[2048]

@external
def approve_digest(digest: bytes32):
    self.approved = digest

@external
def call_when_asked(target: address, data: Bytes[2048]):
    self.target = target
    self.data = data

@external
def isValidSignature(digest: bytes32, signature: Bytes[1024]) -> bytes32:
    if self.target != empty(address):
        raw_call(self.target, self.data)
    if digest == self.approved:
        return 0x1626ba7e00000000000000000000000000000000000000000000000000000000
    return empty(bytes32)
"""

_SOURCES = {"oracle": ORACLE, "provider": PROVIDER}


@cache
def _compiled(name: str) -> Any:
    return boa.loads_partial(_SOURCES[name], name=f"stub {name}")


def deploy_stub(name: str) -> Handle:
    """A new instance of one of this module's contracts."""
    contract = _compiled(name).deploy()
    return Handle(contract.address, contract.abi)
