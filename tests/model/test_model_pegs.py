"""The guard of a settlement coin: when an answer is good, by hand, and what the model's market refuses without one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from model_world import World

from scrip.errors import Refusal
from scrip.instructions.market import PokePeg, SetPeg
from scrip.model.laws import pegs
from scrip.model.state.prices import PriceSource
from scrip.roles import ADMIN

COIN, FEED = "stablecoin", "peg-USDC"
PEG = SetPeg(COIN, FEED, 50, 3_600)


@pytest.mark.parametrize(
    ("answer", "decimals", "age", "band", "good"),
    [
        (10**8, 8, 0, 50, True),
        (99_500_000, 8, 0, 50, True),
        (99_499_999, 8, 0, 50, False),
        (100_500_000, 8, 3_600, 50, True),
        (100_500_001, 8, 0, 50, False),
        (10**8, 8, 3_601, 50, False),
        (10**8, 8, -1, 50, False),
        (10**8, 8, 0, 0, False),
        (0, 8, 0, 1_000, False),
        (-(10**8), 8, 0, 1_000, False),
        (1, 0, 0, 1, True),
        (10**36, 36, 0, 1, True),
        (10**37, 37, 0, 1, False),
    ],
)
def test_when_an_answer_is_good_by_hand(answer: int, decimals: int, age: int, band: int, good: bool) -> None:
    assert pegs.good_until(answer, decimals, 10_000 - age, band, 3_600, 10_000) == (13_600 - age if good else 0)


def test_quotes_wait_for_a_poke_and_for_the_peg(world: World) -> None:
    (admin,) = world.ledger.config.holding(ADMIN)
    source = world.ledger.prices.sources[FEED] = PriceSource(8, 10**8, 0, world.ledger.now())
    assert world.refused(PokePeg(COIN)) == "market: no peg"
    assert world.refused(PokePeg("shells")) == "market: asset not listed"
    world.do(world.mint(), replace(PEG, by=admin))
    for order in (world.mint(), world.redeem()):
        assert world.refused(order) == "market: off peg"
    world.do(PokePeg(COIN, "anyone"), world.mint(), world.redeem())
    world.at(world.ledger.now() + 3_600)
    world.do(world.mint())
    world.at(world.ledger.now() + 1)
    for order in (world.mint(), world.redeem()):
        assert world.refused(order) == "market: off peg"
    for fault in ({"fails": True}, {"carried": True}, {"answer": 99 * 10**6}, {"answer": 10**8}):
        fresh = {"updated_at": world.ledger.now() - (3_601 if fault == {"answer": 10**8} else 0)}
        world.ledger.prices.sources[FEED] = replace(source, **(fresh | fault))
        world.do(PokePeg(COIN))
        assert world.refused(world.mint()) == "market: off peg"
    world.do(SetPeg(COIN, "", 0, 0, by=admin), world.mint())


def test_who_guards_a_coin_how(world: World) -> None:
    admin, holders = "admin", {ADMIN: frozenset({"admin"}), "PAUSER": frozenset({"pauser"})}
    world.ledger.config = replace(world.ledger.config, holders=holders)
    for band, age in ((-1, 60), (1_001, 60), (50, 0), (50, 604_801)):
        assert world.refused(SetPeg(COIN, FEED, band, age, by=admin)) == "market: bad peg"
    for terms in (("", 50, 60), ("", 0, 60), ("", 50, 0)):
        assert world.refused(SetPeg(COIN, *terms, by=admin)) == "market: bad peg"
    assert world.refused(SetPeg("", FEED, 50, 60, by=admin)) == "market: bad peg"
    for by in ("alice", "pauser"):
        with pytest.raises(Refusal):
            world.ledger.apply(replace(PEG, by=by))
    world.do(replace(PEG, by=admin), SetPeg(COIN, FEED, 0, 1, by="pauser"))
    for terms in ((FEED, 1, 1), (FEED, 0, 2), ("other", 0, 1), ("", 0, 0)):
        assert world.refused(SetPeg(COIN, *terms, by="pauser")) == "market: would loosen"
