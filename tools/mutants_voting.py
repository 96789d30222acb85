"""What is planted in votes at meetings (see mutants.py), each found by the tests that it names."""

from __future__ import annotations

from mutants_planted import Mutant, place

CASTS, DESK, SIGNED = ((f"tests/contracts/voting/test_voting_{name}.py",) for name in ("casts", "desk", "signatures"))
MACHINE = ("tests/machine/test_voting_agree.py",)


def vote(name: str, stem: str, before: str, after: str, tests: tuple[str, ...]) -> Mutant:
    """A fault of the Ballot or its module."""
    return Mutant(f"vote: {name}", place(stem), before, after, tests=tests)


VOTES = (
    vote(
        "a second vote is added to the first",
        "vote_book",
        "unsafe_add(unsafe_sub(self.totals[proposal].sides, sides), now)\n",
        "unsafe_add(self.totals[proposal].sides, now)\n",
        CASTS,
    ),
    vote(
        "votes count after the deadline",
        "vote_book",
        '    assert block.timestamp <= self._deadline(gate), "voting: over"\n',
        "",
        CASTS,
    ),
    vote(
        "the sum under a root is not held",
        "record_roots",
        "    return convert(keccak256(abi_encode(root, sum)), uint256) & U200\n",
        "    return convert(keccak256(abi_encode(root, empty(uint256))), uint256) & U200\n",
        DESK,
    ),
    vote(
        "a tally is rounded up",
        "vote_book",
        "        inFavour=total.inFavour * multiplier // mm.WAD,\n",
        "        inFavour=(total.inFavour * multiplier + mm.WAD - 1) // mm.WAD,\n",
        DESK,
    ),
    vote(
        "anyone votes with anybody's leaf",
        "Ballot",
        '    assert voter == entitled, "voting: not the account"\n',
        "",
        CASTS,
    ),
    vote(
        "a blocked successor votes",
        "heirs",
        "    if heir == account or heir == empty(address) or staticcall registry.isBlocked(heir):\n",
        "    if heir == account or heir == empty(address):\n",
        CASTS,
    ),
    vote(
        "parts come to more than the units",
        "Ballot",
        '        assert used <= weight, "voting: over weight"\n',
        "",
        CASTS,
    ),
    vote(
        "a root of another chain, stock or meeting is taken",
        "Ballot",
        '    assert bound == id, "voting: bound elsewhere"\n',
        "",
        DESK,
    ),
    vote(
        "a meeting has two votes",
        "Ballot",
        '        assert book._status(before) == book.VOIDED, "voting: opened"\n',
        "        assert before != 0\n",
        DESK,
    ),
    vote(
        "abstentions are mirrored",
        "Ballot",
        '        assert within and cast.abstain <= due.abstain, "voting: mirrored"\n',
        '        assert within, "voting: mirrored"\n',
        DESK,
    ),
    vote(
        "a vote leaves what was signed before it good",
        "vote_book",
        "first | (unsafe_add(kept, _ONCE) & _TIMES)\n",
        "first | (kept & _TIMES)\n",
        SIGNED,
    ),
    vote(
        "a cancelled meeting's votes are tallied",
        "vote_book",
        "    return status == _CANCELLED\n",
        "    return False\n",
        DESK,
    ),
    vote(
        "a signature names no account's number",
        "Ballot",
        "book._next_nonce(proposalId, claim.account)\n",
        "0\n",
        SIGNED,
    ),
    Mutant(
        "vote: the model keeps what was voted before",
        "scrip/model/voting.py",
        "poll.totals.get(resolution, Votes()) - before + now\n",
        "poll.totals.get(resolution, Votes()) + now\n",
        tests=MACHINE,
    ),
)
