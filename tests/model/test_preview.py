"""A preview says what changes, in units that people read, and stops where the ledger would."""

from __future__ import annotations

from model_world import (
    DAY,
    EXPIRY,
    ISIN,
    START,
    STOCK,
    World,
    cancelled,
    dividend,
    fingerprint,
    scheduled,
    small_world,
    split,
    units,
)

from scrip import instructions as ins
from scrip.plan import Change
from scrip.preview import Preview, facts, moment, preview
from scrip.units import WAD, Shares


def told(shown: Preview) -> dict[str, tuple[str, str]]:
    return {change.what: (change.before, change.after) for change in shown.changes}


def funded_world() -> World:
    world = small_world()
    world.do(world.mint("alice", 100, "2739"))
    return world


def test_a_mint_changes_two_purses_a_supply_and_what_is_required() -> None:
    world = small_world()
    before = fingerprint(world.ledger)
    shown = preview(world.ledger, [world.mint("alice", "1.5", "150")])
    assert told(shown) == {
        "MSFT supply": ("0 tokens = 0 shares", "1.5 tokens = 1.5 shares"),
        "MSFT of alice": ("none", "1.5 tokens = 1.5 shares"),
        "stablecoin of alice": ("1000000 stablecoin", "999850 stablecoin"),
        "stablecoin of treasury": ("1000000 stablecoin", "1000150 stablecoin"),
        "MSFT required": ("0 shares", "1.5 shares"),
        "alice is cleared for MSFT": ("none", "yes"),
        "alice has an open case at MSFT": ("none", "no"),
    }
    assert shown.ok
    assert fingerprint(world.ledger) == before


def test_what_does_not_change_is_not_told() -> None:
    assert preview(funded_world().ledger, []).changes == ()


def test_a_split_is_told_as_scheduled_and_as_it_will_be() -> None:
    world, at = funded_world(), START + 2 * DAY
    shown = told(preview(world.ledger, scheduled(split("s", at))))
    assert shown["MSFT scheduled"] == ("none", f"multiplier 2 (index 1, split 2/1) from {moment(at)}")
    assert shown["MSFT action SPLF s"] == ("none", f"scheduled, effective {moment(at)}")
    assert shown[f"MSFT of alice from {moment(at)}"] == ("100 tokens = 100 shares", "100 tokens = 200 shares")
    assert shown[f"MSFT supply from {moment(at)}"] == ("100 tokens = 100 shares", "100 tokens = 200 shares")
    assert shown[f"MSFT multiplier from {moment(at)}"] == ("1", "2")
    assert "MSFT of alice" not in shown
    assert "MSFT multiplier" not in shown


def test_a_cancelled_dividend_is_told_as_what_will_not_be() -> None:
    world, at = funded_world(), START + 2 * DAY
    announced = dividend("d", at, gross=WAD)
    world.do(*scheduled(announced))
    shown = told(preview(world.ledger, [cancelled(announced)]))
    assert shown["MSFT action DRIP d"][1] == f"cancelled, effective {moment(at)}"
    assert shown[f"MSFT of alice from {moment(at)}"] == ("100 tokens = 101 shares", "100 tokens = 100 shares")
    assert shown["MSFT receivable"] == ("1 shares", "0 shares")


def test_units_that_the_plan_moves_are_told_once() -> None:
    world, at = funded_world(), START + 2 * DAY
    plan = [*scheduled(split("s", at)), world.transfer("alice", "bob", 40)]
    shown = told(preview(world.ledger, plan))
    assert shown["MSFT of alice"] == ("100 tokens = 100 shares", "60 tokens = 60 shares")
    assert f"MSFT of alice from {moment(at)}" not in shown
    assert shown[f"MSFT supply from {moment(at)}"][1] == "100 tokens = 200 shares"


def test_standing_freezes_and_blocks_are_told_for_every_wallet() -> None:
    world = funded_world()
    world.do(ins.LinkWallet("Alice", "alice2"), world.transfer("alice", "alice2", 1))
    shown = told(preview(world.ledger, [ins.Block("Alice", 2, "court order")]))
    assert shown == {
        "investor Alice is blocked": ("no", "yes"),
        "alice is cleared for MSFT": ("yes", "no"),
        "alice2 is cleared for MSFT": ("yes", "no"),
    }
    shown = told(preview(world.ledger, [ins.SetFrozenTokens(STOCK, "alice", units("2.5"), 5, "order")]))
    assert shown == {"MSFT of alice frozen": ("none", "2.5 tokens")}


def test_lock_ups_are_told_while_they_run() -> None:
    world, until = funded_world(), START + 30 * DAY
    lock = ins.Lock(STOCK, "alice", units(40), until, 5, "vesting")
    assert told(preview(world.ledger, [lock])) == {"MSFT of alice locked": ("none", f"40 tokens until {moment(until)}")}
    world.do(lock)
    world.at(until)
    assert facts(world.ledger)["MSFT of alice locked"] == "none"


def test_an_investor_and_a_stock_are_told_as_new() -> None:
    world = small_world()
    onboarded = told(preview(world.ledger, [ins.Onboard("Carol", "carol", 756, "venue", EXPIRY)]))
    assert onboarded["investor Carol"] == ("none", f"venue, country 756, cleared until {moment(EXPIRY)}")
    assert onboarded["wallets of investor Carol"] == ("none", "carol")
    created = told(preview(world.ledger, [ins.CreateStock("IBM", "IBM Corp", "US4592001014", "BLOCKLIST")]))
    assert created["IBM"] == ("none", "IBM Corp, US4592001014, BLOCKLIST")
    assert created["IBM ceiling"] == ("none", "0 shares")


def test_stops_and_ceilings_are_told() -> None:
    world = funded_world()
    assert preview(world.ledger, [ins.Halt()]).changes == (Change("the fleet", "running", "halted"),)
    assert preview(world.ledger, [ins.PauseMarket()]).changes == (Change("the primary market", "open", "paused"),)
    assert told(preview(world.ledger, [ins.Pause(STOCK)])) == {
        STOCK: (f"Microsoft Corporation, {ISIN}, ALLOWLIST", f"Microsoft Corporation, {ISIN}, ALLOWLIST, paused")
    }
    lower = told(preview(world.ledger, [ins.SetCeiling(STOCK, Shares.of(50))]))
    assert lower == {"MSFT ceiling": ("1000000000 shares", "50 shares"), "MSFT covered": ("yes", "no")}


def test_the_first_refusal_ends_the_preview_and_is_named() -> None:
    world = funded_world()
    good, bad, never = (world.transfer("alice", "bob", amount) for amount in (1, 1_000, 2))
    shown = preview(world.ledger, [good, bad, never])
    assert not shown.ok
    assert shown.refused is bad
    assert shown.refusal is not None
    assert shown.refusal.name == "ERC20InsufficientBalance"
    assert told(shown)["MSFT of alice"][1] == "99 tokens = 99 shares"


def test_every_fact_has_one_name_and_instants_are_readable() -> None:
    assert facts(funded_world().ledger)["investor Bob"].startswith("professional, country 276, cleared until 20")
    assert moment(START) == "2001-09-09 01:46:40 UTC"
    assert moment(2**40 - 1) == "1099511627775"
    assert moment(0) == "0"
