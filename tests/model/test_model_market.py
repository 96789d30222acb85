from dataclasses import replace
from typing import Any

import pytest
from model_world import DAY, START, STOCK, World, scheduled, small_world, split, units

from scrip.errors import InputError
from scrip.instructions.base import TREASURY, Instruction
from scrip.instructions.fleet import CreateStock, Pause, Unpause
from scrip.instructions.investors import Onboard
from scrip.instructions.market import FundStablecoin, Mint, PauseMarket, Redeem, UnpauseMarket
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
            id=used.quote.id,
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
    funded.do(PauseMarket(), Pause(STOCK))
    rungs: tuple[tuple[str, dict[str, Any]], ...] = (
        ("market: wrong side", {"side": None}),
        ("market: not your quote", {}),
        ("market: quote expired", {"expiry": START + 1}),
        ("market: asset not listed", {"asset": "stablecoin"}),
        ("market: unknown stock", {}),
        ("market: multiplier changed", {"generation": 0}),
        ("market: quote used", {"id": "fresh"}),
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
