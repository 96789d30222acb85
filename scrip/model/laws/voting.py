"""How votes are named and counted: exact integers, one floor a choice.

    vote    H(bound, part, multiplier, deadline, resolutions, agenda) with its last byte 0
    tally   floor(sum of raw units × multiplier ÷ 10^18), of each choice once, the multiplier of the record instant

A vote's proposals are its number plus the resolution's place, so there is room for 256, of which 64 are used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scrip.model.laws import arithmetic as law
from scrip.units import ShareWad, Wad

ROOM = 256
"""Proposals that a vote's number leaves room for."""


@dataclass(frozen=True, slots=True)
class Votes:
    """Votes by choice: raw units where holders vote, shares of 10^-18 where they are tallied and cast."""

    against: int = 0
    in_favour: int = 0
    abstain: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.against + self.in_favour + self.abstain

    def __add__(self, other: Votes) -> Votes:
        return Votes(self.against + other.against, self.in_favour + other.in_favour, self.abstain + other.abstain)

    def __sub__(self, other: Votes) -> Votes:
        return Votes(self.against - other.against, self.in_favour - other.in_favour, self.abstain - other.abstain)

    @property
    def choices(self) -> tuple[int, int, int]:
        """Against, for, abstain."""
        return self.against, self.in_favour, self.abstain


def vote_id(bound: bytes, part: int, multiplier: Wad, deadline: int, resolutions: int, agenda: bytes) -> int:
    """The number of a vote, by what its root is bound to and its terms; `agenda` is the document's hash."""
    # The model works where nothing else is installed: a hash alone needs a library.
    from scrip.model.laws.merkle_sum import keccak, word

    words = b"".join(map(word, (part, multiplier, deadline, resolutions)))
    found = int.from_bytes(keccak(bound + words + agenda), "big")
    return found - found % ROOM


def proof_words(index: int, pushable: bool, units: int, siblings: Sequence[tuple[bytes, int]]) -> tuple[bytes, bytes]:
    """A leaf's proof as contracts take it, but for the account's word: what stands before it, and what after it.

    It is the ABI's encoding of (uint256 place, address account, uint256 units, (bytes32 hash, uint256 sum)[]).
    """
    from scrip.model.laws.merkle_sum import TOP, word

    head = word(units) + word(4 * 32) + word(len(siblings))
    return word(index | (TOP if pushable else 0)), head + b"".join(hash_ + word(total) for hash_, total in siblings)


def tally(votes: Votes, multiplier: Wad, decimals: int) -> Votes:
    """The shares that a sum of raw units stands for, each choice converted and floored once."""

    def converted(units: int) -> int:
        return ShareWad(law.ui_amount(units, multiplier) * 10 ** (18 - decimals))

    return Votes(*map(converted, votes.choices))


def is_counted(mine: Votes, due: Votes, cast: Votes, share: int = 10**18) -> bool:
    """Whether a holder's votes are in what was cast: less than one share is left out of each choice that it took."""
    sides = zip(mine.choices, due.choices, cast.choices, strict=True)
    return mine.total != 0 and all(not units or owed < done + share for units, owed, done in sides)
