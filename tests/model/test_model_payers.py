"""Mints that another account pays, in the model's market."""

from __future__ import annotations

from dataclasses import replace

import pytest
from model_world import STOCK, World

from scrip.errors import InputError
from scrip.instructions.base import TREASURY
from scrip.instructions.enforcement import Freeze
from scrip.instructions.investors import Block
from scrip.instructions.market import FundStablecoin, Redeem
from scrip.units import Stablecoin


def test_the_payer_pays_and_the_account_receives(world: World) -> None:
    market = world.ledger.market
    before = {name: market.coins_of(name) for name in ("alice", "bob", TREASURY)}
    held = world.balance("alice")
    world.do(replace(world.mint(amount=1, settlement="10", payer="bob"), by="bob"))
    assert {name: market.coins_of(name) - was for name, was in before.items()} == {
        "alice": 0,
        "bob": -10_000_000,
        TREASURY: 10_000_000,
    }
    assert world.balance("alice") == held + 10**18


def test_who_may_pay_and_who_consents(world: World) -> None:
    order = world.mint(amount=1, settlement="10", payer="bob")
    for by in ("mallory", TREASURY):
        assert world.refused(replace(order, by=by, consent="bob")) == "market: not your quote"
    for way in ("allowance", "permit"):
        for consent in ("", "alice", "mallory"):
            assert world.refused(replace(order, way=way, consent=consent)) == "market: no consent"
    world.do(replace(order, way="permit", consent="bob"))
    world.do(replace(world.mint(amount=1, settlement="10", payer="bob"), way="authorization"))
    world.do(FundStablecoin("mallory", Stablecoin.parse("100")))
    unknown = replace(world.mint(amount=1, settlement="10", payer="mallory"), by="mallory")
    assert world.refused(unknown) == "market: payer not cleared"
    poor = replace(world.mint(amount=1, settlement="999999999999", payer="bob"), by="bob")
    assert world.refused(poor) == "stablecoin: insufficient"


@pytest.mark.parametrize("fault", ["blocked", "frozen"])
def test_a_payer_that_may_hold_nothing_pays_for_nobody(world: World, fault: str) -> None:
    investor = world.ledger.investors.investor_of("bob")
    world.do(Block(investor, 3, "letter") if fault == "blocked" else Freeze(STOCK, "bob", True, 3, "letter"))
    order = replace(world.mint(amount=1, settlement="10", payer="bob"), by="bob")
    assert world.refused(order) == "market: payer not cleared"


def test_an_account_that_names_itself_is_no_other_payer(world: World) -> None:
    for way in ("allowance", "permit", "authorization"):
        world.do(replace(world.mint(amount=1, settlement="10", payer="alice"), way=way))


def test_a_redemption_has_no_payer(world: World) -> None:
    with pytest.raises(InputError, match="pays a mint alone"):
        world.redeem(payer="bob")
    assert isinstance(world.redeem(payer="alice"), Redeem)
