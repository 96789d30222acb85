"""Attestations were numbered by their signer and had to rise: one with the number 2^64 - 1 was the last that a stock
ever took. And none said in which split basis it counted, so that its reader guessed."""

import pytest
from support.backing_stories import ATTESTED, FIRST, Backing

from scrip import instructions as ins
from scrip.units import Shares

THREE = ins.Basis(3, 1, 1)


@pytest.mark.parametrize("where", ATTESTED)
@pytest.mark.parametrize("nonce", [2**64 - 1, 2**48 - 1])
def test_the_last_number_ends_nothing(where: str, nonce: int) -> None:
    story = Backing(where)
    story.at(story.now() + 1)
    story.refuses("reserve: wrong nonce", ins.AttestReserve("MSFT", Shares.of(1_000), nonce=nonce))
    for shares in (1_001, 1_002):
        story.holds(shares)
        story.mint(1)
        story.is_full()


@pytest.mark.parametrize("where", ATTESTED)
def test_an_attestation_of_a_basis_that_is_not_the_stocks_is_refused(where: str) -> None:
    """After 3:1 and its confirmation 3,000 are owed. 1,000 shares of before are no shares of now, nor are those of a
    split that is not scheduled."""
    story = Backing(where)
    story.at(story.split(3, 1))
    story.holds(3_003, THREE)
    story.confirm()
    story.at(story.now() + 1)
    for basis in (FIRST, ins.Basis(3, 1, 0), ins.Basis(1, 1, 1), ins.Basis(6, 1, 2)):
        story.refuses("reserve: wrong basis", ins.AttestReserve("MSFT", Shares.of(9_000), basis=basis))
    story.holds(3_003)
    story.mint(1)
    story.is_full()


@pytest.mark.parametrize("where", ATTESTED)
def test_what_was_attested_before_a_split_says_nothing_once_it_is_adopted(where: str) -> None:
    story = Backing(where)
    story.at(story.split(3, 1))
    story.holds(2_000, FIRST)
    story.apply(ins.SetBasis("MSFT", THREE))
    story.refuses_to_mint(1, "reserve: bad answer")
