"""Who was ever given a role, from the events of an access control contract since it was deployed."""

from __future__ import annotations

from dataclasses import dataclass

from eth_utils import keccak

from scrip.evm.rpc.logs import LogSource, in_spans

GRANTED = keccak(text="RoleGranted(bytes32,address,address)")
REVOKED = keccak(text="RoleRevoked(bytes32,address,address)")
ADMIN_CHANGED = keccak(text="RoleAdminChanged(bytes32,bytes32,bytes32)")


@dataclass(frozen=True, slots=True)
class RoleHistory:
    """What the events say: every pair of role and account that was ever granted, who holds now, whose admins moved.

    `creator` is the account that the first event made the administrator: the deployer.
    """

    pairs: frozenset[tuple[bytes, str]]
    holders: frozenset[tuple[bytes, str]]
    moved: frozenset[bytes]
    creator: str


def read_history(node: LogSource, address: str, first: int, last: int) -> RoleHistory:
    """The history of a contract between two blocks; the errors of the node."""
    pairs: set[tuple[bytes, str]] = set()
    holders: set[tuple[bytes, str]] = set()
    moved: set[bytes] = set()
    creator = ""
    topics = ["0x" + topic.hex() for topic in (GRANTED, REVOKED, ADMIN_CHANGED)]
    for event in in_spans(node, address, [topics], first, last):
        kind, *words = (bytes.fromhex(str(topic).removeprefix("0x")) for topic in event["topics"])
        role = words[0]
        if kind == ADMIN_CHANGED:
            moved.add(role)
            continue
        pair = role, "0x" + words[1][-20:].hex()
        pairs.add(pair)
        if kind == GRANTED:
            holders.add(pair)
            creator = creator or "0x" + words[2][-20:].hex()
        else:
            holders.discard(pair)
    return RoleHistory(frozenset(pairs), frozenset(holders), frozenset(moved), creator)
