"""The desk's operations on a deployed network: each plan's preview is what happens, and what stands is left alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from desk_orders import carried_out, keyed_manifest, minted, newcomers, wallet
from desk_world import DeskWorld, deployed_world

from scrip import instructions as ins
from scrip.batch import read_links, read_newcomers, read_renewals
from scrip.errors import InputError, InputErrors
from scrip.evm.operations import actions, directory, enforcement, market, stocks, stops
from scrip.evm.operations.common import Grounds
from scrip.evm.operations.forecast import preview_plan
from scrip.units import WAD, RawUnits, Shares

DOCUMENT = "0x" + "ab" * 32
DAY = 86_400


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskWorld]:
    """The local manifest, deployed, whose roles are given to keys."""
    with deployed_world(tmp_path_factory.mktemp("desk"), keyed_manifest()) as world:
        yield world


@pytest.fixture
def world(standing: DeskWorld) -> Iterator[DeskWorld]:
    yield standing
    standing.back()


def onboarded(world: DeskWorld, folder: Path) -> None:
    rows = [f"inv-{name},{wallet(name)},DE,professional,2030-01-01" for name in ("alice", "bob")]
    carried_out(world, directory.onboard(world.open(), read_newcomers(newcomers(folder, *rows))))


@pytest.fixture
def holding(world: DeskWorld, tmp_path: Path) -> DeskWorld:
    """The treasury holds 100 MSFT, alice and bob are onboarded."""
    onboarded(world, tmp_path)
    rows = [f"house,{world.open().chain.address('treasury')},DE,institutional,2030-01-01"]
    carried_out(world, directory.onboard(world.open(), read_newcomers(newcomers(tmp_path, *rows))))
    minted(world)
    return world


def test_a_batch_is_onboarded_once(world: DeskWorld, tmp_path: Path) -> None:
    rows = [f"i{number},{wallet(f'w{number}')},FR,retail,2029-06-30" for number in range(120)]
    batch = read_newcomers(newcomers(tmp_path, *rows))
    plan = directory.onboard(world.open(), batch)
    assert [step.name for step in plan.steps] == ["rows 1-50", "rows 51-100", "rows 101-120"]
    assert plan.reference == batch.digest
    carried_out(world, plan)
    again = directory.onboard(world.open(), batch)
    assert again.steps == ()
    assert again.same == ("120 rows",)


def test_a_batch_that_meets_other_records_is_refused_whole_by_line(world: DeskWorld, tmp_path: Path) -> None:
    onboarded(world, tmp_path)
    path = newcomers(
        tmp_path,
        f"inv-new,{wallet('new')},FR,retail,2029-06-30",
        f"inv-alice,{wallet('alice')},FR,professional,2030-01-01",
        f"inv-other,{wallet('bob')},DE,professional,2030-01-01",
    )
    with pytest.raises(InputErrors) as caught:
        directory.onboard(world.open(), read_newcomers(path))
    assert [(error.line, error.field) for error in caught.value.errors] == [(3, "investor"), (4, "wallet")]


def test_renewals_and_links_row_by_row(world: DeskWorld, tmp_path: Path) -> None:
    onboarded(world, tmp_path)
    path = tmp_path / "renew.csv"
    path.write_text("investor,expiry\ninv-alice,2031-01-01\ninv-bob,2030-01-01\n")
    plan = directory.renew(world.open(), read_renewals(path))
    assert [step.name for step in plan.steps] == ["line 2"]
    carried_out(world, plan)
    path = tmp_path / "link.csv"
    path.write_text(f"investor,wallet\ninv-alice,{wallet('alice2')}\n")
    carried_out(world, directory.link(world.open(), read_links(path)))
    assert not directory.link(world.open(), read_links(path)).steps
    path.write_text(f"investor,wallet\nnobody,{wallet('alice3')}\n")
    with pytest.raises(InputErrors, match="is not in the registry"):
        directory.link(world.open(), read_links(path))


def test_a_block_reaches_every_wallet_and_is_lifted(holding: DeskWorld) -> None:
    plan = directory.block(holding.open(), "house", Grounds(2, DOCUMENT))
    shown = {change.what: change.after for change in preview_plan(holding.open(), plan).changes}
    assert shown == {"investor house is blocked": "yes"}
    carried_out(holding, plan)
    assert not directory.block(holding.open(), "house", Grounds(2, DOCUMENT)).steps
    carried_out(holding, directory.unblock(holding.open(), "house", Grounds(3, DOCUMENT)))


def test_a_refusal_is_known_before_anything_is_sent(holding: DeskWorld) -> None:
    desk = holding.open()
    wrong = replace(
        enforcement.seize(desk, "MSFT", "treasury", wallet("alice"), RawUnits(WAD, 18), Grounds(6, DOCUMENT))
    )
    order = replace(wrong.steps[0].instructions[0], to="owner-1")
    shown = preview_plan(desk, replace(wrong, steps=(replace(wrong.steps[0], instructions=(order,)),)))
    assert shown.refusal is not None
    assert shown.refusal.name == "ERC7943CannotReceive"


def test_forced_actions(holding: DeskWorld) -> None:
    half = RawUnits(50 * WAD, 18)
    carried_out(holding, enforcement.freeze_tokens(holding.open(), "MSFT", "treasury", half, Grounds(5, DOCUMENT)))
    carried_out(holding, enforcement.freeze(holding.open(), "MSFT", "treasury", True, Grounds(5, DOCUMENT)))
    carried_out(holding, enforcement.open_case(holding.open(), "MSFT", "treasury", Grounds(5, DOCUMENT)))
    seize = enforcement.seize(
        holding.open(), "MSFT", "treasury", wallet("bob"), RawUnits(70 * WAD, 18), Grounds(6, DOCUMENT)
    )
    desk = carried_out(holding, seize)
    assert desk.ledger().balance("MSFT", wallet("bob")) == RawUnits(70 * WAD, 18)
    assert not holding.run(seize).changed
    carried_out(holding, enforcement.close_case(holding.open(), "MSFT", "treasury"))
    carried_out(holding, enforcement.freeze(holding.open(), "MSFT", "treasury", False, Grounds(5, DOCUMENT, "lifted")))


def test_a_split_from_announcement_to_the_new_basis(holding: DeskWorld) -> None:
    desk = holding.open()
    at = desk.chain.now() + 3 * DAY
    order = ins.Announce("MSFT", "SPLF", "2027-split", date(2027, 1, 18), at, num=2, den=1)
    carried_out(holding, actions.announce(desk, order))
    assert not actions.announce(holding.open(), order).steps
    with pytest.raises(InputError, match="is announced with other terms"):
        actions.announce(holding.open(), replace(order, num=3))
    plan = actions.schedule(holding.open(), ins.Schedule("MSFT", "SPLF", "2027-split"))
    later = {
        change.what: change.after for change in preview_plan(holding.open(), plan).changes if " from " in change.what
    }
    assert any(what.startswith("MSFT of treasury from") and "= 200 shares" in now for what, now in later.items())
    desk = carried_out(holding, plan)
    desk.node.rpc("evm_mine", {"timestamp": at})
    desk.chain.send(desk.ledger().stocks["MSFT"].oracle, "push", 2 * 10**6 * WAD, sender="deployer")
    carried_out(holding, market.confirm_basis(holding.open(), "MSFT", "ceiling-desk"))
    assert not market.confirm_basis(holding.open(), "MSFT", "ceiling-desk").steps


def test_an_action_is_cancelled_once(holding: DeskWorld) -> None:
    desk = holding.open()
    at = desk.chain.now() + 3 * DAY
    carried_out(
        holding, actions.announce(desk, ins.Announce("MSFT", "DRIP", "d", date(2027, 1, 18), at, gross=WAD, pay=at))
    )
    carried_out(holding, actions.schedule(holding.open(), ins.Schedule("MSFT", "DRIP", "d", 27 * WAD)))
    cancel = ins.Cancel("MSFT", "DRIP", "d", 7, DOCUMENT)
    carried_out(holding, actions.cancel(holding.open(), cancel))
    assert not actions.cancel(holding.open(), cancel).steps


def test_stops_can_be_made_again_and_again(world: DeskWorld) -> None:
    for wished in (True, False, True, False):
        carried_out(world, stops.pause(world.open(), "MSFT", wished))
        carried_out(world, stops.pause_market(world.open(), wished))
    carried_out(world, stops.halt(world.open(), True))
    assert stops.halt(world.open(), True).same == ("the fleet is halted",)
    assert stops.halt(world.open(), False).steps[0].sender == "timelock"


def test_a_ceiling_is_moved_by_its_own_desk(holding: DeskWorld) -> None:
    plan = market.ceiling(holding.open(), "MSFT", Shares.of(200))
    assert plan.steps[0].sender == "ceiling-desk"
    carried_out(holding, plan)
    assert not market.ceiling(holding.open(), "MSFT", Shares.of(200)).steps


def test_a_stock_that_stands_is_left_alone(world: DeskWorld) -> None:
    assert not stocks.create(world.open(), "MSFT").steps
    with pytest.raises(InputError, match="is no stock of the manifest"):
        stocks.create(world.open(), "IBM")
