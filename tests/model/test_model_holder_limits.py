"""Rules of a stock and limits on its holders in the model: who is shut out, who is counted, in the contract's order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from model_world import EXPIRY, START, STOCK, World, small_world, units

from scrip import instructions as ins
from scrip.holder_limits import Countries, HolderLimits, StockRules
from scrip.ledger import EVM
from scrip.model import ModelConfig
from scrip.roles import ADMIN, EVM_ROLES

OFFICER = "officer"
US, GERMANY = 840, 276
NO_AMERICANS = StockRules(countries=Countries.all_but([US]))


@pytest.fixture
def world() -> World:
    """The small world, in which somebody holds COMPLIANCE alone. Alice has 100 units, and bob 50."""
    holders = {name: frozenset({ins.ISSUER}) for name in (*EVM_ROLES, ADMIN)}
    config = ModelConfig(holders=holders | {"COMPLIANCE": frozenset({ins.ISSUER, OFFICER})})
    world = small_world(EVM, config)
    world.do(world.mint("alice", 100), world.mint("bob", 50))
    return world


def rules(**changes: object) -> ins.SetStockRules:
    return ins.SetStockRules(STOCK, replace(StockRules(), **changes))


def limits(most: int = 0, maximum: int | str = 0, minimum: int | str = 0) -> ins.SetHolderLimits:
    return ins.SetHolderLimits(STOCK, HolderLimits(most, units(maximum), units(minimum)))


def limited(world: World, *wanted: ins.SetHolderLimits, seeds: tuple[str, ...] = ("alice", "bob")) -> None:
    world.do(ins.Pause(STOCK), *wanted, ins.SeedHolders(STOCK, seeds), ins.Unpause(STOCK))


# --- rules -----------------------------------------------------------------------------------------------------------


def test_whom_a_rule_shuts_out_neither_receives_nor_sends_and_can_redeem(world: World) -> None:
    world.do(ins.SetStockRules(STOCK, NO_AMERICANS))
    assert world.refused(world.transfer("bob", "alice")) == "ERC7943CannotReceive"
    assert world.refused(world.transfer("alice", "bob")) == "ERC7943CannotSend"
    assert world.refused(world.mint("alice", 1)) == "ERC7943CannotReceive"
    world.do(world.redeem("alice", 100))


def test_a_profile_is_judged_by_the_rules_at_once(world: World) -> None:
    world.do(ins.SetStockRules(STOCK, replace(NO_AMERICANS, classes=frozenset({"professional"}))))
    world.do(ins.SetProfile("Alice", GERMANY, "professional"))
    world.do(world.transfer("bob", "alice"))
    for country, kind in ((GERMANY, "retail"), (US, "professional")):
        world.do(ins.SetProfile("Bob", country, kind))
        assert world.refused(world.transfer("alice", "bob")) == "ERC7943CannotReceive"
    world.do(ins.SetProfile("Bob", GERMANY, "professional"))
    world.do(world.transfer("alice", "bob"))


def test_a_profile_names_a_country_and_a_known_investor(world: World) -> None:
    world.ladder(
        ins.SetProfile("Nobody", 0, "retail", by="mallory"),
        ("roles: not authorised", {"by": OFFICER}),
        ("registry: unknown investor", {"investor": "Alice"}),
        ("registry: bad country", {"country": 1000}),
        ("registry: bad country", {"country": 999}),
    )
    assert world.refused(ins.Onboard("Dora", "dora", 0, "retail", EXPIRY)) == "registry: bad country"


def test_rules_are_refused_in_the_contracts_order(world: World) -> None:
    world.do(ins.CreateStock("OPEN", "Open Inc", "US0000000002", "BLOCKLIST"))
    world.do(ins.SetStockRules(STOCK, NO_AMERICANS))
    order = world.ladder(
        ins.SetStockRules("NONE", StockRules(frozenset()), by="mallory"),
        ("roles: not authorised", {"by": OFFICER}),
        ("registry: not a stock", {"stock": "OPEN"}),
        ("rules: not an allowlist", {"stock": STOCK}),
        ("rules: bad classes", {"rules": StockRules()}),
        ("rules: would loosen", {"rules": replace(NO_AMERICANS, classes=frozenset({"retail"}))}),
    )
    world.do(order)
    wider = ins.SetStockRules(STOCK, NO_AMERICANS, by=OFFICER)
    assert world.refused(wider) == "rules: would loosen"
    world.do(replace(wider, by=ins.ISSUER))
    for by in (OFFICER, ins.ISSUER):
        assert world.refused(replace(wider, by=by)) == "rules: nothing changes"


# --- limits ----------------------------------------------------------------------------------------------------------


def test_limits_are_refused_in_the_contracts_order(world: World) -> None:
    world.do(ins.CreateStock("OPEN", "Open Inc", "US0000000002", "BLOCKLIST"))
    world.ladder(
        ins.SetHolderLimits("NONE", HolderLimits(), by="mallory"),
        ("roles: not authorised", {"by": OFFICER}),
        ("registry: not a stock", {"stock": "OPEN"}),
        ("rules: not an allowlist", {"stock": STOCK}),
        ("holders: bad limits", {"limits": HolderLimits(2**32 - 1)}),
        ("holders: bad limits", {"limits": HolderLimits(0, units(1), units(2))}),
        ("holders: bad limits", {"limits": HolderLimits(2)}),
        ("holders: not paused", {}),
    )
    limited(world, replace(limits(3, 200, 1), by=OFFICER))
    for looser in (limits(4, 200, 1), limits(0, 200, 1), limits(3, 201, 1), limits(3, 0, 1), limits(3, 200)):
        assert world.refused(replace(looser, by=OFFICER)) == "rules: would loosen"
        world.do(looser)
        world.do(limits(3, 200, 1))
    world.do(replace(limits(2, 150, 2), by=OFFICER))


def test_limits_come_at_once_while_nothing_is_issued(world: World) -> None:
    world.do(world.redeem("alice", 100), world.redeem("bob", 50), limits(1))
    world.do(world.mint("alice", 10))
    assert world.refused(world.mint("bob", 1)) == "holders: too many"


def test_a_holder_is_an_investor_with_all_its_wallets(world: World) -> None:
    limited(world, limits(2, 120))
    world.do(ins.LinkWallet("Alice", "alice2"), world.transfer("alice", "alice2", 60))
    assert world.ledger.stocks[STOCK].token.holders.count() == 2
    assert world.refused(world.transfer("bob", "alice2", 21)) == "holders: above the maximum"
    world.do(world.transfer("bob", "alice2", 20))
    # Without its investor the wallet is a holder of its own, one more than there may be.
    world.do(ins.UnlinkWallet("Alice", "alice2", 4, "lost"))
    assert world.ledger.stocks[STOCK].token.holders.count() == 3
    world.do(ins.Onboard("Carol", "carol", GERMANY, "retail", EXPIRY))
    assert world.refused(world.transfer("bob", "carol")) == "holders: too many"


def test_the_last_units_make_room_for_another_holder(world: World) -> None:
    limited(world, limits(2))
    world.do(ins.Onboard("Carol", "carol", GERMANY, "retail", EXPIRY))
    assert world.refused(world.transfer("bob", "carol", 49)) == "holders: too many"
    world.do(world.transfer("bob", "carol", 50))


def test_nobody_is_left_with_dust_but_by_redeeming(world: World) -> None:
    limited(world, limits(minimum=5))
    world.do(ins.Onboard("Carol", "carol", GERMANY, "retail", EXPIRY))
    assert world.refused(world.transfer("bob", "carol", 4)) == "holders: below the minimum"
    assert world.refused(world.transfer("bob", "carol", 46)) == "holders: below the minimum"
    world.do(world.transfer("bob", "carol", 45), world.redeem("bob", 4), world.transfer("bob", "carol", 1))


def test_venues_are_neither_counted_nor_limited(world: World) -> None:
    world.do(ins.Onboard("Pool", "pool", GERMANY, "venue", EXPIRY))
    limited(world, limits(2, 60, 3), seeds=("alice", "bob", "pool"))
    world.do(world.transfer("alice", "pool", 96), world.transfer("alice", "pool", 4))
    assert world.ledger.stocks[STOCK].token.holders.count() == 1
    world.do(ins.SetProfile("Pool", GERMANY, "institutional"))
    assert world.ledger.stocks[STOCK].token.holders.count() == 2
    assert world.refused(world.transfer("bob", "pool", 10)) == "holders: above the maximum"


def test_forced_actions_are_counted_and_never_refused(world: World) -> None:
    limited(world, limits(2, 100))
    world.do(ins.Onboard("Carol", "carol", GERMANY, "retail", EXPIRY))
    world.do(ins.ForcedTransfer(STOCK, "alice", "carol", units(99), 6, "judgment"))
    world.do(ins.ForcedBurn(STOCK, "alice", units(1), 6, "judgment"))
    assert world.ledger.stocks[STOCK].token.holders.count() == 2


# --- seeding ---------------------------------------------------------------------------------------------------------


def test_nothing_is_transferred_until_every_holder_is_counted(world: World) -> None:
    world.do(ins.Pause(STOCK), limits(5), ins.SeedHolders(STOCK, ("alice", "mallory")), ins.Unpause(STOCK))
    holders = world.ledger.stocks[STOCK].token.holders
    assert (holders.count(), holders.unseeded()) == (1, units(50).value)
    assert world.refused(world.transfer("alice", "bob")) == "holders: not seeded"
    assert world.refused(ins.SeedHolders(STOCK, ("bob",))) == "holders: not paused"
    # What the others redeem need not be counted any more.
    world.do(world.redeem("bob", 50))
    assert (holders.count(), holders.unseeded()) == (1, 0)
    world.do(world.transfer("alice", "bob"))
    assert holders.count() == 2
    assert world.refused(ins.SeedHolders(STOCK, ("bob",))) == "holders: not seeding"


def test_limits_end_and_begin_anew(world: World) -> None:
    assert world.refused(ins.RemoveHolderLimits("NONE")) == "registry: not a stock"
    assert world.refused(ins.RemoveHolderLimits(STOCK)) == "holders: not counted"
    assert world.refused(ins.SeedHolders(STOCK, ("alice",))) == "holders: not counted"
    limited(world, limits(2))
    assert world.refused(ins.RemoveHolderLimits(STOCK, by=OFFICER)) == "roles: not authorised"
    world.do(ins.RemoveHolderLimits(STOCK), ins.Onboard("Carol", "carol", GERMANY, "retail", EXPIRY))
    world.do(world.transfer("bob", "carol", 10))
    limited(world, limits(2), seeds=("alice", "bob"))
    assert world.ledger.stocks[STOCK].token.holders.unseeded() == units(10).value
    assert world.ledger.now() == START


def test_no_more_than_64_stocks_are_counted(world: World) -> None:
    for number in range(64):
        name = f"S{number:02d}"
        world.do(ins.CreateStock(name, name, f"US00000001{number:02d}"))
        world.do(ins.SetHolderLimits(name, HolderLimits(9)))
    world.do(ins.Pause(STOCK))
    assert world.refused(limits(9)) == "holders: too many stocks"
