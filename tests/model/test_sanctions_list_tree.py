"""The tree over a sanctions list: another library makes the same one, and a gap says of an address what a set says."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrip.errors import InputError
from scrip.model.laws.sanctions_list import GREATEST, LEAST, Gap, ListTree

HERE = Path(__file__).resolve().parent
WORDS = st.integers(1, 2**256 - 2).map(lambda number: number.to_bytes(32))


def told_by_openzeppelin(lists: list[list[bytes]]) -> list[dict]:
    """What StandardMerkleTree makes of lists."""
    asked = json.dumps([[f"0x{one.hex()}" for one in listed] for listed in lists])
    command = ["node", str(HERE / "standard_tree.mjs")]
    done = subprocess.run(command, input=asked, capture_output=True, text=True, check=True, timeout=60)
    return json.loads(done.stdout)


def test_the_tree_is_a_standard_one() -> None:
    """Roots and paths of lists of 0 to 40 addresses, and the committed vectors' roots, by a library of others."""
    lists = [[(number * 7919 + size).to_bytes(32) for number in range(1, size + 1)] for size in range(41)]
    vectors = json.loads((HERE.parents[1] / "tests/vectors/sanctions.json").read_text(encoding="utf-8"))["tree"]
    lists += [[bytes.fromhex(one[2:]) for one in each["listed"]] for each in vectors]
    for listed, told in zip(lists, told_by_openzeppelin(lists), strict=True):
        tree = ListTree(listed)
        assert f"0x{tree.root.hex()}" == told["root"]
        for low, high, path in told["gaps"]:
            gap = tree.gap(bytes.fromhex(low[2:])) if low != "0x" + "00" * 32 else tree.gap((1).to_bytes(32))
            assert (f"0x{gap.low.hex()}", f"0x{gap.high.hex()}") == (low, high)
            assert [f"0x{one.hex()}" for one in gap.path] == path
    assert [f"0x{ListTree(listed).root.hex()}" for listed in lists[-len(vectors) :]] == [one["root"] for one in vectors]


@given(st.sets(WORDS, max_size=30), WORDS, st.randoms())
def test_a_gap_says_what_the_set_says(listed: set[bytes], address: bytes, draw: object) -> None:
    words = list(listed)
    draw.shuffle(words)  # type: ignore[attr-defined]
    tree = ListTree(words)
    for one in (*listed, address):
        gap = tree.gap(one)
        assert gap.root() == tree.root
        assert gap.answers(one)
        assert gap.lists(one) == (one in listed) == (one in tree)
    # No gap of the tree says anything else of an address than its own does.
    for low in (LEAST.replace(b"\0" * 32, (1).to_bytes(32)), *listed):
        gap = tree.gap(low)
        assert not gap.answers(address) or gap.lists(address) == (address in listed)


@given(st.sets(WORDS, min_size=1, max_size=12), WORDS, st.data())
def test_no_other_gap_has_the_root(listed: set[bytes], other: bytes, data: st.DataObject) -> None:
    """An end moved, and a sibling changed, left out or put in: another root."""
    tree = ListTree(listed)
    gap = tree.gap(data.draw(st.sampled_from(sorted(listed))))
    forged = [Gap(gap.low, other, gap.path), Gap(other, gap.high, gap.path), Gap(gap.low, gap.high, (*gap.path, other))]
    for number in range(len(gap.path)):
        rest = gap.path[:number], gap.path[number + 1 :]
        forged += [Gap(gap.low, gap.high, rest[0] + rest[1]), Gap(gap.low, gap.high, (*rest[0], other, *rest[1]))]
    for one in forged:
        assert one == gap or one.root() != tree.root
    # What a node is the hash of is no leaf: two siblings do not pass as two ends.
    if len(gap.path) > 1:
        assert Gap(gap.path[0], gap.path[1], gap.path[2:]).root() != tree.root


@pytest.mark.parametrize("wrong", [LEAST, GREATEST, b"\1" * 31, b"\1" * 33, b""])
def test_what_cannot_be_listed(wrong: bytes) -> None:
    with pytest.raises(InputError, match="cannot be listed"):
        ListTree([b"\2" * 32, wrong])


def test_nobody_is_listed_twice() -> None:
    with pytest.raises(InputError, match="is listed twice"):
        ListTree([b"\2" * 32, b"\3" * 32, b"\2" * 32])
    assert not Gap(LEAST, GREATEST).answers(LEAST)
    assert not Gap(LEAST, GREATEST).answers(GREATEST)
    assert Gap(LEAST, GREATEST).root() == ListTree([]).root
