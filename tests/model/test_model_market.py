from dataclasses import replace
from typing import Any

import pytest
from model_world import DAY, START, STOCK, World, scheduled, small_world, split, units

from scrip.errors import InputError
from scrip.instructions.base import TREASURY, Instruction
from scrip.instructions.fleet import CreateStock, Pause, Unpause
from scrip.instructions.investors import Onboard
from scrip.instructions.market import (
    FundStablecoin,
    Mint,
    PauseMarket,
    Redeem,
    RevokeQuote,
    RevokeQuotes,
    UnpauseMarket,
)
from scrip.ledger import SOLANA
from scrip.model import ModelConfig
from scrip.units import Stablecoin

MILLION = Stablecoin.parse("1000000")


def coins(world: World, account: str) -> str:
    return str(world.ledger.stablecoin(account))


def test_the_settlement_goes_to_the_treasury_and_back(world: World) -> None:
    world.do(world.mint("alice", 10, settlement="273.90"))
    assert (coins(world, "alice"), coins(world, TREASURY)) == ("999726.1", "1000273.9")
    world.do(world.redeem("alice", 10, settlement="273.90"))
    assert (coins(world, "alice"), coins(world, TREASURY)) == ("1000000", "1000000")
    assert coins(world, "nobody") == "0"


def test_the_treasury_may_be_an_investor_of_its_own(world: World) -> None:
    world.do(Onboard("House", TREASURY, 276, "institutional", 2**40 - 1), world.mint(TREASURY, 10, settlement="5"))
    assert coins(world, TREASURY) == "1000000"


def quoted(order: Mint | Redeem, **changes: Any) -> Mint | Redeem:
    return replace(order, quote=replace(order.quote, **changes))


@pytest.mark.parametrize("kind", ["mint", "redeem"])
def test_of_several_faults_in_a_quote_the_first_is_named(funded: World, kind: str) -> None:
    used = funded.mint("alice", 1)
    good: Mint | Redeem = funded.mint("alice", 1) if kind == "mint" else funded.redeem("alice", 1)
    funded.do(used)
    order = replace(
        quoted(
            good,
            nonce=used.quote.nonce,
            epoch=7,
            side="redeem" if kind == "mint" else "mint",
            expiry=START,
            asset="shells",
            generation=7,
            signer="mallory",
            forged=True,
        ),
        stock="NONE",
        by="mallory",
        settlement=Stablecoin.parse("1000001"),
    )
    # Numbers are each signer's own, a stranger's too.
    funded.do(RevokeQuote(signer="mallory", nonce=used.quote.nonce, by="mallory"))
    funded.do(PauseMarket(), Pause(STOCK))
    rungs: tuple[tuple[str, dict[str, Any]], ...] = (
        ("market: wrong side", {"side": None}),
        ("market: not your quote", {}),
        ("market: quote expired", {"expiry": START + 1}),
        ("market: asset not listed", {"asset": "stablecoin"}),
        ("market: unknown stock", {}),
        ("market: multiplier changed", {"generation": 0}),
        ("market: quote revoked", {"epoch": 0}),
        ("market: quote used", {"nonce": 5}),
        ("market: not a quote signer", {"signer": "issuer"}),
        ("market: bad signature", {"forged": False}),
    )
    assert funded.refused(order) == "market: paused"
    funded.do(UnpauseMarket())
    for name, mended in rungs:
        assert funded.refused(order) == name
        order = quoted(order, **mended)
        if name == "market: not your quote":
            order = replace(order, by="")
        if name == "market: unknown stock":
            order = replace(order, stock=STOCK)
    # A mint is paid first; a redemption burns first.
    names = ["stablecoin: insufficient", "token: paused"]
    first, second = names if kind == "mint" else reversed(names)
    assert funded.refused(order) == first
    if first.startswith("stable"):
        order = replace(order, settlement=MILLION)
    else:
        funded.do(Unpause(STOCK))
    assert funded.refused(order) == second


def test_a_quote_is_valid_until_the_second_before_its_expiry(world: World) -> None:
    first, second = world.mint(expiry=START + 10), world.mint(expiry=START + 10)
    world.at(START + 9)
    world.do(first)
    world.at(START + 10)
    assert world.refused(second) == "market: quote expired"


def test_a_quote_works_once_across_sides_and_accounts(world: World) -> None:
    world.do(world.mint("alice", 10, id="q"))
    for order in (world.mint("alice", 10, id="q"), world.mint("bob", 1, id="q"), world.redeem("alice", 1, id="q")):
        assert world.refused(order) == "market: quote used"


def test_a_refused_quote_is_not_used_up(world: World) -> None:
    order = world.mint("alice", 10)
    world.do(Pause(STOCK))
    assert world.refused(order) == "token: paused"
    world.do(Unpause(STOCK), order)


def test_a_quote_from_before_a_multiplier_change_is_refused_from_its_second(world: World) -> None:
    at = START + 2 * DAY
    world.do(*scheduled(split("s1", at)))
    old = world.mint("alice", 1, expiry=at + 60)
    other = world.mint("alice", 1, expiry=at + 60)
    early = world.mint("alice", 1, expiry=at + 60, generation=1)
    world.at(at - 1)
    assert world.refused(early) == "market: multiplier changed"
    world.do(old)
    world.at(at)
    assert world.refused(other) == "market: multiplier changed"


def test_a_quote_of_one_stock_is_checked_against_that_stocks_generation(world: World) -> None:
    world.do(CreateStock("IBM", "IBM", "US4592001014"), *scheduled(split("s1", START + DAY)))
    world.at(START + DAY)
    assert world.refused(replace(world.mint(generation=1), stock="IBM")) == "market: multiplier changed"
    assert world.refused(replace(world.mint(generation=0), stock="IBM")) == "reserve: not configured"


def test_payment_must_be_there(world: World) -> None:
    world.do(world.mint("alice", 1, settlement="1000000"))
    assert world.refused(world.mint("alice", 1, settlement="0.000001")) == "stablecoin: insufficient"
    assert world.refused(world.redeem("alice", 1, settlement="2000000.000001")) == "stablecoin: insufficient"
    world.do(world.redeem("alice", 1, settlement="2000000"))


def test_any_account_with_the_role_signs() -> None:
    world = small_world(config=ModelConfig(roles=frozenset({"issuer", "desk"})))
    world.do(world.mint(signer="desk"))


def test_only_the_pauser_pauses_the_market(world: World) -> None:
    assert world.refused(PauseMarket(by="alice")) == "roles: not authorised"
    assert world.refused(UnpauseMarket(by="alice")) == "roles: not authorised"
    world.do(PauseMarket(), PauseMarket(), UnpauseMarket(), UnpauseMarket(), world.mint())


@pytest.mark.parametrize("account", ["alice", TREASURY, "nobody"])
def test_stablecoin_can_be_given_for_tests(world: World, account: str) -> None:
    before = world.ledger.stablecoin(account)
    world.do(FundStablecoin(account, MILLION))
    assert world.ledger.stablecoin(account) == before + MILLION


def test_the_settlement_asset_has_its_own_decimals(world: World) -> None:
    wrong: list[Instruction] = [
        FundStablecoin("alice", Stablecoin(1, 18)),
        replace(world.mint(), settlement=Stablecoin(1, 18)),
        replace(world.mint(), settlement=units(1)),  # type: ignore[arg-type]
    ]
    for order in wrong:
        with pytest.raises(TypeError):
            world.do(order)


def test_nobody_signs_for_the_zero_address(world: World) -> None:
    with pytest.raises(InputError, match="zero address"):
        world.do(world.mint(""))


def test_a_quote_that_is_revoked_is_not_used(world: World) -> None:
    one, other = world.mint(), world.mint()
    world.do(RevokeQuote(nonce=one.quote.nonce))
    assert world.refused(one) == "market: quote used"
    assert world.refused(RevokeQuote(nonce=one.quote.nonce)) == "market: quote used"
    world.do(other)
    assert world.refused(RevokeQuote(nonce=other.quote.nonce)) == "market: quote used"


def test_an_epoch_voids_every_quote_of_a_signer_and_names_the_desk(world: World) -> None:
    old = world.mint()
    world.do(RevokeQuotes(desk=5))
    assert world.refused(old) == "market: quote revoked"
    world.do(quoted(old, epoch=(1 << 160) + 5), RevokeQuotes(desk=5))
    assert world.refused(world.mint(epoch=(1 << 160) + 5)) == "market: quote revoked"
    world.do(world.mint(epoch=(2 << 160) + 5))


def test_the_signer_alone_or_the_admin_revokes() -> None:
    world = small_world(config=ModelConfig(roles=frozenset({"issuer", "desk"})))
    quote = world.mint(signer="desk")
    for by in ("alice", "mallory", ""):
        assert world.refused(RevokeQuote(signer="desk", nonce=1, by=by)) == "market: not your quotes"
        assert world.refused(RevokeQuotes(signer="desk", by=by)) == "market: not your quotes"
    world.do(RevokeQuote(signer="desk", nonce=1), RevokeQuote(signer="desk", nonce=2, by="desk"), quote)
    # Whoever signs for nobody may say so all the same.
    world.do(RevokeQuotes(signer="mallory", by="mallory"))


@pytest.mark.parametrize("value", [-1, 2**256])
def test_numbers_that_no_word_holds(value: int) -> None:
    for kind, field in ((RevokeQuote, "nonce"), (RevokeQuotes, "desk")):
        with pytest.raises(InputError, match=f"{field}: is not between 0"):
            kind(**{field: value - (field == "nonce" and value < 0)})


def test_where_a_quote_is_known_by_its_id_its_number_says_nothing() -> None:
    world = small_world(SOLANA)
    used = world.mint(epoch=9)
    world.do(used)
    assert world.refused(quoted(used, nonce=3)) == "market: quote used"
    world.do(world.mint(nonce=used.quote.nonce))
