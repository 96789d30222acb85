"""Vectors of the sanctions list: what its oracle signs, and what a gap of its tree says of an address.

The program answers the same cases from code of its own. The roots are those of a StandardMerkleTree of
@openzeppelin/merkle-tree, which a test asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256

from quote_vectors import I64_MAX, PROGRAM, U64_MAX
from solders.pubkey import Pubkey

from scrip.model.laws.sanctions_list import GREATEST, LEAST, Gap, ListTree
from scrip.solana.encoding.messages import SignedList

Case = dict[str, object]
COUNTS = (0, 1, 2, 3, 7, 8, 33)
"""Sizes of the lists: none, one, a full tree, and those beside it."""


def generate() -> dict[str, object]:
    """The contents of sanctions.json."""
    return {"schema": 1, "tree": [*_trees()], "gap": [*_gaps()], "list": [*_lists()]}


def _word(name: str) -> bytes:
    """32 bytes that stand for something of this name."""
    return sha256(f"scrip sanctions vector {name}".encode()).digest()


def listed(count: int) -> list[bytes]:
    """The addresses of the list of this many."""
    return [_word(f"listed {number}") for number in range(count)]


def _trees() -> Iterator[Case]:
    for count in COUNTS:
        tree = ListTree(listed(count))
        yield {"listed": [_hex(one) for one in tree.words], "root": _hex(tree.root)}


def _gaps() -> Iterator[Case]:
    """Of every tree the listed addresses and others, at both ends and beside one; then gaps that say nothing."""
    for count in COUNTS:
        tree = ListTree(listed(count))
        beside = [_next(one, step) for one in tree.words[:2] for step in (-1, 1)]
        asked = [*tree.words[:3], *beside, _word("absent"), _next(LEAST, 1), _next(GREATEST, -1), LEAST, GREATEST]
        for address in asked:
            if address == GREATEST:
                gap = tree.gap(_next(GREATEST, -1))
            else:
                gap = tree.gap(address)
            yield _case(tree, address, gap.low, gap.high, gap.path)
    tree = ListTree(listed(8))
    first, absent = tree.gap(tree.words[0]), _word("absent")
    other = tree.gap(absent)
    yield _case(tree, tree.words[0], other.low, other.high, other.path)
    yield _case(tree, absent, other.high, other.low, other.path)
    yield _case(tree, absent, other.low, other.high, other.path[:-1])
    yield _case(tree, absent, other.low, other.high, (*other.path, other.path[0]))
    yield _case(tree, absent, other.low, other.high, other.path[::-1])
    yield _case(tree, absent, other.low, GREATEST, other.path)
    yield _case(tree, absent, first.low, first.high, other.path)


def _case(tree: ListTree, address: bytes, low: bytes, high: bytes, path: tuple[bytes, ...]) -> Case:
    gap = Gap(low, high, path)
    told = gap.answers(address) and gap.root() == tree.root
    said = ("listed" if gap.lists(address) else "clean") if told else "none"
    return {
        "root": _hex(tree.root),
        "address": _hex(address),
        "low": _hex(low),
        "high": _hex(high),
        "path": [_hex(one) for one in path],
        "computed": _hex(gap.root()),
        "answer": said,
    }


def _lists() -> Iterator[Case]:
    """A list, and one with each of its terms changed: no two may be one message."""
    terms = SignedList(_word("root"), 7, 1_000_000_000, 1_000_086_400)
    place = {"genesis": _word("genesis"), "program": PROGRAM, "issuer": Pubkey.from_bytes(_word("issuer"))}
    changed = (
        {},
        {"root": _word("another root")},
        {"serial": U64_MAX},
        {"issued": 0},
        {"expiry": I64_MAX},
    )
    for change in changed:
        yield _signed(replace(terms, **change), place)  # type: ignore[arg-type]
    for name in ("genesis", "issuer"):
        other = _word(f"another {name}")
        yield _signed(terms, place | {name: other if name == "genesis" else Pubkey.from_bytes(other)})


def _signed(terms: SignedList, place: dict[str, object]) -> Case:
    digest = terms.digest(place["genesis"], place["program"], place["issuer"])  # type: ignore[arg-type]
    named = {name: _hex(bytes(one)) for name, one in place.items()}  # type: ignore[call-overload]
    numbers = {"serial": terms.serial, "issued": terms.issued, "expiry": terms.expiry}
    return named | {"root": _hex(terms.root), **numbers, "digest": _hex(digest)}


def _next(word: bytes, step: int) -> bytes:
    return (int.from_bytes(word) + step).to_bytes(32)


def _hex(word: bytes) -> str:
    return f"0x{word.hex()}"
