"""The contracts' Merkle-sum tree against the shared vectors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support.contract_calls import Handle, Refused
from support.issuance_world import deploy_stub

from scrip.model.laws import merkle_sum as law

VECTORS = json.loads((Path(__file__).resolve().parents[2] / "vectors" / "merkle_sum.json").read_text())


@pytest.fixture(scope="module")
def harness() -> Handle:
    return deploy_stub("MerkleHarness")


def _word(value: Any) -> int:
    return int(value, 16) if isinstance(value, str) and value.startswith("0x") else int(value)


def _leaf(row: dict[str, Any]) -> tuple[int, int, int, int]:
    place = _word(row["index"]) | (law.TOP if row["pushable"] else 0)
    return place, _word(row["account"]), _word(row["gross"]) << 128 | _word(row["withheld"]), _word(row["net"])


def test_leaves(harness: Handle) -> None:
    for row in VECTORS["leaf"]:
        assert harness.leaf(*_leaf(row)).hex() == row["hash"][2:], row


def test_proofs(harness: Handle) -> None:
    """Of those that are refused the contract asks length and index apart: the rest it refuses, or ends elsewhere."""
    looked_at = 0
    for row in VECTORS["proof"]:
        index = _word(row["index"])
        amounts = (_word(row["gross"]), _word(row["withheld"]), _word(row["net"]))
        sums = [_word(one) for one in row["sums"]]
        if row["refused"] in ("index", "length") or not all(0 <= one < 2**256 for one in (*amounts[:1], *sums)):
            continue
        if amounts[0] >= 2**128 or amounts[1] >= 2**128:
            continue
        place, account, packed, net = _leaf(row)
        proof = [(bytes.fromhex(one[2:]), total) for one, total in zip(row["hashes"], sums, strict=True)]
        looked_at += 1
        try:
            hash_, total = harness.root(harness.leaf(place, account, packed, net), net, index, proof)
        except Refused as error:
            refused = error.name
        else:
            ends_there = (hash_, total) == (bytes.fromhex(row["root"][2:]), _word(row["root_sum"]))
            refused = "" if ends_there else "dividend: bad proof"
        assert bool(refused) == bool(row["refused"]), row["case"]
    assert looked_at > 20


def test_blocks(harness: Handle) -> None:
    """The vectors' blocks, without the leaves of another kind of chain, which has other addresses."""
    for row in VECTORS["block"]:
        first, entries, leaves = _word(row["first"]), [], list[law.Leaf]()
        for account, *amounts, pushable in row["leaves"]:
            if _word(account) >> 160:
                continue
            gross, withheld, net = map(_word, amounts)
            word = bytes.fromhex(account[2:])
            leaves.append(law.Leaf(first + len(leaves), word, gross, withheld, net, pushable))
            flag = law.TOP if pushable else 0
            entries.append(("0x" + word[12:].hex(), gross << 128 | withheld, net | flag))
        top = law.block_root(leaves, first)
        assert tuple(harness.block_of(first, entries)) == (top.hash, top.sum)


def test_blocks_in_their_tree(harness: Handle) -> None:
    for row in VECTORS["block"]:
        proof = [(bytes.fromhex(one[2:]), _word(total)) for one, total in zip(row["hashes"], row["sums"], strict=True)]
        block = bytes.fromhex(row["hash"][2:]), _word(row["sum"]), _word(row["first"]) // 128
        assert tuple(harness.root(*block, proof)) == (bytes.fromhex(row["root"][2:]), _word(row["root_sum"]))
