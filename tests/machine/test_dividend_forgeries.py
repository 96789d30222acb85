"""Forged claims and pushes of a cash dividend: refused by the model and by the contract, by one name, and then the
honest one is paid.

The tree is twenty levels deep, of which the block of 128 that somebody stands in is built, and the rest is given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
from machine.test_dividends_agree import DAY, KEEPER, SHARED, STOCK, Paying, leaf_at, prepared, tree_of
from machine.twins import DONE

from scrip import instructions as ins
from scrip.instructions.base import TREASURY
from scrip.model.laws import merkle_sum
from scrip.model.state.dividends import CASH_CODE
from scrip.units import Stablecoin

NETS = (700, 200, 85, 1, 33, 50)
ABOVE = tuple(merkle_sum.Node(merkle_sum.keccak(b"level %d" % level), 10 + level) for level in range(7, 20))
BAD, INDEX, SUM = "dividend: bad proof", "dividend: bad index", "dividend: bad sum"
MOST = 2**128 - 1


@dataclass(frozen=True)
class Posted:
    """A distribution that pays, its tree's block, and the story that it stands in."""

    story: Paying
    id: str
    proof: tuple[ins.ProofNode, ...]

    def claim(self, place: int = 0, **changes: Any) -> str:
        """What model and contract both answer to a claim of a place by its account, something about it changed."""
        given = {"distribution": self.id, "index": place, "leaf": leaf_at(tree_of(NETS), place), "proof": self.proof}
        return self.story.twins.apply(ins.ClaimDividend(**given | changes))

    def push(self, **changes: Any) -> str:
        """The same of a push of the whole block."""
        leaves = tuple(leaf_at(tree_of(NETS), place) for place in range(len(SHARED)))
        given = {"distribution": self.id, "first": 0, "leaves": leaves, "proof": self.proof[7:], "by": KEEPER}
        return self.story.twins.apply(ins.PushDividend(**given | changes))


@pytest.fixture
def posted() -> Posted:
    """Funded, and past its pay date."""
    story = Paying()
    proof = (*tree_of(NETS).proof(0), *ABOVE)
    node = merkle_sum.leaf_node(tree_of(NETS).leaves.leaf(0))
    for sibling in proof:
        node = merkle_sum.parent(node, sibling)
    root = merkle_sum.Root(node.hash, node.sum, len(proof))
    [reference] = story.references[1:]
    story.advance(4 * DAY)
    binding = merkle_sum.Binding(
        merkle_sum.word(story.chain.chain_id()),
        bytes.fromhex(prepared().ledger.token(STOCK).address[2:]).rjust(32, b"\0"),
        prepared().ledger.action_id(STOCK, CASH_CODE, reference),
        1,
        bytes(32),
    )
    id = "0x" + merkle_sum.bound(root, binding).hex()
    net = Stablecoin(root.sum)
    terms = ins.RootTerms("0x" + root.hash.hex(), net, net, Stablecoin(0), root.depth, 1, "0x" + "00" * 32)
    story.twins.must(ins.PostRoot(STOCK, reference, 0, terms, id))
    for off in (1, -1):
        short = ins.FundDividend(id, Stablecoin(root.sum + off), TREASURY)
        assert story.twins.apply(short) == "dividend: sum differs"
    story.twins.must(ins.FundDividend(id, net, TREASURY))
    story.advance(30 * DAY)
    return Posted(story, id, ins.proof_nodes(proof))


def changed(proof: tuple[ins.ProofNode, ...], level: int, **to: Any) -> tuple[ins.ProofNode, ...]:
    """A proof with another sibling at a level."""
    return (*proof[:level], replace(proof[level], **to), *proof[level + 1 :])


def forged(posted: Posted) -> Mapping[str, tuple[dict[str, Any], str]]:
    """What is changed about an honest claim of the first place, and the name of the refusal."""
    proof, leaf = posted.proof, leaf_at(tree_of(NETS), 0)
    nothing = ins.ProofNode("0x" + "00" * 32, 0)
    other = next(id for id in posted.story.trees if id != posted.id)
    return {
        "net + 1": ({"leaf": replace(leaf, net=Stablecoin(NETS[0] + 1))}, BAD),
        "net of 129 bits": ({"leaf": replace(leaf, net=Stablecoin(NETS[0] + 2**128))}, SUM),
        "a sibling's sum + 1": ({"proof": changed(proof, 0, sum=proof[0].sum + 1)}, BAD),
        "an upper sibling's sum + 1": ({"proof": changed(proof, 19, sum=proof[19].sum + 1)}, BAD),
        "a sibling's sum of 129 bits": ({"proof": changed(proof, 0, sum=2**128)}, SUM),
        "sums that grow out of 128 bits": ({"proof": changed(proof, 19, sum=MOST)}, BAD),
        "index + 2^20": ({"index": 2**20}, INDEX),
        "another index": ({"index": 1}, BAD),
        "padded": ({"proof": (*proof, nothing)}, BAD),
        "padded at the leaf": ({"proof": (nothing, *proof)}, BAD),
        "shorter": ({"proof": proof[:-1]}, BAD),
        "shorter from below": ({"proof": proof[1:]}, BAD),
        "none": ({"proof": ()}, BAD),
        "replayed for another": ({"leaf": leaf_at(tree_of(NETS), 1), "index": 1}, BAD),
        "replayed in another distribution": ({"distribution": other}, BAD),
        "of a distribution that is bound elsewhere": ({"distribution": "0x" + "ab" * 32}, "dividend: not funded"),
    }


def test_a_forged_claim_is_refused_by_model_and_contract_alike(posted: Posted) -> None:
    for what, (changes, error) in forged(posted).items():
        assert posted.claim(**changes) == error, what
    assert posted.claim() == DONE
    assert posted.claim() == "dividend: claimed"


def test_a_forged_push_is_refused_by_model_and_contract_alike(posted: Posted) -> None:
    above, leaves = posted.proof[7:], tuple(leaf_at(tree_of(NETS), place) for place in range(len(SHARED)))
    raised = replace(leaves[1], net=Stablecoin(NETS[1] + 1))
    huge = replace(leaves[1], net=Stablecoin(2**128))
    for what, changes, error in (
        ("net + 1", {"leaves": (leaves[0], raised, *leaves[2:])}, BAD),
        ("net of 129 bits", {"leaves": (leaves[0], huge, *leaves[2:])}, SUM),
        ("nets that grow out of 128 bits", {"leaves": (*[replace(one, net=Stablecoin(MOST)) for one in leaves],)}, SUM),
        ("a leaf fewer", {"leaves": leaves[:-1]}, BAD),
        ("a sibling's sum + 1", {"proof": changed(above, 0, sum=above[0].sum + 1)}, BAD),
        ("a sibling's sum of 129 bits", {"proof": changed(above, 0, sum=2**128)}, SUM),
        ("sums that grow out of 128 bits", {"proof": changed(above, 12, sum=MOST)}, BAD),
        ("padded", {"proof": (*above, ins.ProofNode("0x" + "00" * 32, 0))}, BAD),
        ("shorter", {"proof": above[:-1]}, BAD),
        ("index + 2^20", {"first": 2**20}, INDEX),
        ("another block", {"first": 128}, BAD),
        ("no block", {"first": 64}, INDEX),
    ):
        assert posted.push(**changes) == error, what
    assert posted.push() == DONE
    assert posted.story.book.distributions[posted.id].unpaid == sum(one.sum for one in ABOVE) + NETS[5]
