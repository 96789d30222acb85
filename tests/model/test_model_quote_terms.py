"""What a quote costs on top, and from when on two keys sign it, in the model's market."""

from __future__ import annotations

from dataclasses import replace

import pytest
from model_world import STOCK, World, priced

from scrip.instructions.base import ISSUER
from scrip.instructions.market import Mint, RevokeQuotes, SetQuoteTerms
from scrip.model.laws.fees import fee_of
from scrip.roles import ADMIN
from scrip.units import WAD

SECOND = "second-key"


@pytest.mark.parametrize(
    ("settlement", "bps", "fee"), [(0, 500, 0), (1, 1, 1), (10_000, 1, 1), (10_001, 1, 2), (1, 0, 0), (2_000, 500, 100)]
)
def test_the_fee_by_hand(settlement: int, bps: int, fee: int) -> None:
    assert fee_of(settlement, bps) == fee


def test_a_mint_pays_it_on_top_and_a_redemption_is_paid_less(world: World) -> None:
    assert world.refused(world.mint(settlement="10", fee_bps=1)) == "market: fee over the cap"
    world.do(SetQuoteTerms(50, 0))
    assert world.refused(world.mint(settlement="10", fee_bps=51)) == "market: fee over the cap"
    market = world.ledger.market
    before = market.coins_of("alice")
    world.do(world.mint(settlement="10", fee_bps=50))
    assert before - market.coins_of("alice") == 10_050_000
    world.do(world.redeem(settlement="1", fee_bps=50))
    assert before - market.coins_of("alice") == 10_050_000 - 995_000


def test_from_the_threshold_on_two_keys_of_two_desks_sign(world: World) -> None:
    ledger = world.ledger
    ledger.config = replace(ledger.config, roles=frozenset({ISSUER, SECOND}))
    priced(world, price=WAD)
    ledger.market.bands[STOCK] = 5_000
    world.do(SetQuoteTerms(0, 1_000))

    def mint(settlement: str, **terms: object) -> Mint:
        return world.mint(amount=10, settlement=settlement, **terms)

    world.do(mint("9.99"))
    for bad in ({}, {"second": ISSUER}, {"second": "alice"}, {"second": SECOND, "second_epoch": 1}):
        assert world.refused(mint("9.990001", **bad)) == "market: no second signature"
    world.do(mint("10", second=SECOND), world.redeem(amount=10, settlement="10", second=SECOND))
    world.do(RevokeQuotes(signer=SECOND, desk=7, by=SECOND))
    epoch = ledger.market.epochs[SECOND]
    assert world.refused(mint("10", second=SECOND)) == "market: no second signature"
    world.do(mint("10", second=SECOND, second_epoch=epoch))
    world.do(RevokeQuotes(desk=7))
    own = {"epoch": ledger.market.epochs[ISSUER], "second": SECOND, "second_epoch": epoch}
    assert world.refused(mint("10", **own)) == "market: no second signature"


def test_two_keys_sign_whatever_no_price_bounds(world: World) -> None:
    """A settlement does not say there what is traded: one key gave a thousand shares for next to nothing."""
    world.ledger.config = replace(world.ledger.config, roles=frozenset({ISSUER, SECOND}))
    world.do(SetQuoteTerms(0, 1_000))
    for settlement in ("0", "0.000001", "9.99"):
        assert world.refused(world.mint(settlement=settlement)) == "market: no second signature"
        assert world.refused(world.redeem(settlement=settlement)) == "market: no second signature"
    world.do(world.mint(settlement="0.01", second=SECOND), world.redeem(settlement="0.01", second=SECOND))
    world.do(SetQuoteTerms(0, 0))
    world.do(world.mint(settlement="0.01"))


def test_terms_that_are_none_and_who_loosens_them(world: World) -> None:
    for bad in ((-1, 0), (501, 0), (0, -1), (0, 1 << 47)):
        assert world.refused(SetQuoteTerms(*bad)) == "limits: bad terms"
    roles = world.ledger.config.roles
    world.ledger.config = replace(
        world.ledger.config, holders={ADMIN: frozenset({"admin"}), "PAUSER": frozenset({"pauser"}), "other": roles}
    )
    world.do(SetQuoteTerms(10, 500, by="admin"), SetQuoteTerms(9, 499, by="pauser"))
    for loose in ((10, 499), (9, 500), (9, 0)):
        assert world.refused(SetQuoteTerms(*loose, by="pauser")) == "limits: would loosen"
    assert world.refused(SetQuoteTerms(0, 1, by="alice")) == "roles: not authorised"
