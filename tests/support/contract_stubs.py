"""Counterparts of a stock that exist for tests only, in Vyper: each is the least that shows one behaviour."""

from __future__ import annotations

from functools import cache
from typing import Any

import boa
from support.contract_calls import Handle

# Answers yes up to a ceiling, and can be told to accept one question only.
FEED = """
# pragma version ==0.4.3
ceiling: public(uint256)
answer: public(bool)
accessControl: public(address)
actions: public(address)
expected: uint256[5]

@deploy
def __init__(access: address, actions: address):
    self.accessControl = access
    self.actions = actions
    self.ceiling = max_value(uint256)
    self.answer = True

@external
def set_ceiling(ceiling: uint256):
    self.ceiling = ceiling

@external
def set_answer(answer: bool):
    self.answer = answer

@external
def expect(question: uint256[5]):
    self.expected = question

@external
def check(before: uint256, supply: uint256, index: uint256, num: uint256, den: uint256) -> bool:
    assert supply <= self.ceiling, "reserve: insufficient"
    question: uint256[5] = [before, supply, index, num, den]
    if self.expected[1] != 0:
        for i: uint256 in range(5):
            assert question[i] == self.expected[i], "stub: another question"
    return self.answer
"""

# The address that schedules multipliers: it answers what a beacon asks, and calls as any account does.
ACTIONS = """
# pragma version ==0.4.3
accessControl: public(address)
feed: public(address)
registry: public(address)

@deploy
def __init__(access: address, feed: address, registry: address):
    self.accessControl = access
    self.feed = feed
    self.registry = registry
"""

# A contract account: passes on any call.
CALLER = """
# pragma version ==0.4.3

@external
@payable
def call(target: address, data: Bytes[2048]) -> Bytes[512]:
    return raw_call(target, data, max_outsize=512, value=msg.value)
"""

# An ERC-1271 account that answers as it is told to.
WALLET = """
# pragma version ==0.4.3
mode: uint256  # 0 the right answer for the approved digest, 1 a wrong word, 2 a revert, 3 four bytes, 4 nothing
approved: bytes32

@external
def approve_digest(digest: bytes32, mode: uint256):
    self.approved = digest
    self.mode = mode

@external
@view
@raw_return
def isValidSignature(digest: bytes32, signature: Bytes[65]) -> Bytes[32]:
    assert self.mode != 2, "wallet: no"
    answer: bytes32 = empty(bytes32)
    if digest == self.approved:
        answer = 0x1626ba7e00000000000000000000000000000000000000000000000000000000
    if self.mode == 1:
        answer = 0xffffffff00000000000000000000000000000000000000000000000000000000
    if self.mode == 3:
        return slice(concat(answer, b""), 0, 4)
    if self.mode == 4:
        return b""
    return concat(answer, b"")
"""

# Two of three keys sign, each 65 bytes, one after the other, by ascending address: a Safe in little.
MULTISIG = """
# pragma version ==0.4.3
owners: address[3]

@deploy
def __init__(owners: address[3]):
    self.owners = owners

@external
@view
def isValidSignature(digest: bytes32, signature: Bytes[1024]) -> bytes4:
    assert len(signature) == 130, "multisig: length"
    last: address = empty(address)
    for i: uint256 in range(2):
        r: uint256 = extract32(signature, 65 * i, output_type=uint256)
        s: uint256 = extract32(signature, 65 * i + 32, output_type=uint256)
        v: uint256 = convert(slice(signature, 65 * i + 64, 1), uint256)
        signer: address = ecrecover(digest, v, r, s)
        assert signer in self.owners, "multisig: stranger"
        assert convert(last, uint256) < convert(signer, uint256), "multisig: order"
        last = signer
    return 0x1626ba7e
"""

# A registry that hands out any word, and may push one about another account while it is asked.
REGISTRY = """
# pragma version ==0.4.3

interface Stock:
    def sync(account: address, record: uint256): nonpayable

interface Beacon:
    def implementation() -> address: view

answers: HashMap[address, uint256]
victim: address
when_asked_about: address
pushed: uint256

accessControl: public(address)
beacon: public(address)
implementation: public(address)

@deploy
def __init__(roles: address):
    self.accessControl = roles

@external
def setBeacon(beacon: address):
    self.beacon = beacon
    self.implementation = staticcall Beacon(beacon).implementation()

@external
def setImplementation(implementation: address):
    self.implementation = implementation

@external
def registerToken(token: address) -> uint256:
    return 1

@external
def answer(account: address, record: uint256):
    self.answers[account] = record

@external
def push_when_asked(account: address, victim: address, record: uint256):
    self.when_asked_about = account
    self.victim = victim
    self.pushed = record

@external
def push(stock: address, account: address, record: uint256):
    extcall Stock(stock).sync(account, record)

@external
@view
def record(account: address) -> uint256:
    return self.answers[account]

@external
def enrol(account: address) -> uint256:
    if account == self.when_asked_about:
        extcall Stock(msg.sender).sync(self.victim, self.pushed)
    return self.answers[account]
"""

_SOURCES = {
    "actions": ACTIONS,
    "caller": CALLER,
    "feed": FEED,
    "multisig": MULTISIG,
    "registry": REGISTRY,
    "wallet": WALLET,
}


@cache
def _compiled(name: str) -> Any:
    return boa.loads_partial(_SOURCES[name], name=f"stub {name}")


def deploy_stub(name: str, *arguments: Any, at: str | None = None) -> Handle:
    """A new instance of one of this module's contracts, `at` an address where one is given."""
    plain = [getattr(argument, "address", argument) for argument in arguments]
    contract = _compiled(name).deploy(*plain, override_address=at)
    return Handle(contract.address, contract.abi)
