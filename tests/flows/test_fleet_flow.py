"""Stocks and the fleet: created, stopped and going on again; what a stock is known by is amended once."""

from __future__ import annotations

import pytest
from support.deployed_network import call_as
from support.network_orders import carried_out
from support.network_world import NetworkWorld

from scrip import flows
from scrip.errors import InputError
from scrip.evm.deploy.deployment import plan_deployment
from scrip.manifest.model import Manifest
from scrip.plan import Change
from scrip.reports.findings import Finding

NEW = "US5949181052"


def test_stops_can_be_made_again_and_again(world: NetworkWorld) -> None:
    for wished in (True, False, True, False):
        carried_out(world, flows.fleet.pause(world.open(), "MSFT", wished))
        carried_out(world, flows.market.pause(world.open(), wished))
    carried_out(world, flows.fleet.halt(world.open(), True))
    assert flows.fleet.halt(world.open(), True).same == ("the fleet is halted",)
    assert flows.fleet.halt(world.open(), False).steps[0].sender == "timelock"


def test_a_stock_that_stands_is_left_alone(world: NetworkWorld) -> None:
    assert not flows.fleet.create(world.open(), "MSFT").steps
    with pytest.raises(InputError, match="is no stock of the manifest"):
        flows.fleet.create(world.open(), "IBM")


def renamed(manifest: Manifest, born: bool = True) -> Manifest:
    """The manifest in which MSFT carries another ISIN, and which says under which it was born, or does not."""
    stock = manifest.stocks["MSFT"]
    stock = stock.model_copy(update={"isin": NEW, "birth_isin": stock.isin if born else ""})
    return manifest.model_copy(update={"stocks": {**manifest.stocks, "MSFT": stock}})


def test_an_isin_is_changed_by_the_timelock(world: NetworkWorld) -> None:
    old = world.manifest.stocks["MSFT"].isin
    plan = flows.fleet.change_isin(world.open(renamed(world.manifest)), "MSFT", old)
    assert [(step.sender, step.function, step.args) for step in plan.steps] == [("timelock", "setIsin", (old, NEW))]
    assert plan.changes == (Change("MSFT ISIN", old, NEW),)
    assert not flows.fleet.change_isin(world.open(), "MSFT", "US0000000001").steps


def test_an_isin_is_not_changed_before_the_manifest_says_the_first_one(world: NetworkWorld) -> None:
    """Other networks know the stock by it, and one alone would run ahead."""
    old = world.manifest.stocks["MSFT"].isin
    with pytest.raises(InputError, match=f"is {old} for ever") as refused:
        flows.fleet.change_isin(world.open(renamed(world.manifest, born=False)), "MSFT", old)
    assert (refused.value.field, refused.value.value) == ("stocks.MSFT.birth_isin", NEW)


@pytest.mark.parametrize("changed", [False, True])
def test_a_stock_is_found_before_and_after_its_isin_changes(world: NetworkWorld, changed: bool) -> None:
    """It was found by the manifest's ISIN alone, and the audit looked for the stock that was born under that."""
    old, manifest = world.manifest.stocks["MSFT"].isin, renamed(world.manifest)
    token = world.open().ledger().token("MSFT")
    if changed:
        suite = world.open().suite()
        call_as(world.open(), suite.timelock.address, suite.factory, "setIsin", old, NEW)
    network = world.open(manifest)
    assert network.ledger().token("MSFT") == token
    assert network.views().sheet("MSFT")["ISIN"] == (NEW if changed else old)
    assert not flows.fleet.create(network, "MSFT").steps
    found = [one for one in network.audit(network.build(None)) if one.field.startswith("stocks.")]
    assert found == ([] if changed else [Finding("stocks.MSFT.isin", NEW, old)])


def saying(manifest: Manifest, **said: dict[str, object]) -> Manifest:
    """The manifest whose stocks say other things."""
    stocks = {ticker: stock.model_copy(update=said.get(ticker, {})) for ticker, stock in manifest.stocks.items()}
    return manifest.model_copy(update={"stocks": stocks})


def tokens(world: NetworkWorld, manifest: Manifest) -> dict[str, str]:
    """Where the ledger finds the stocks' tokens."""
    return {ticker: one.token.address for ticker, one in world.open(manifest).ledger().stocks.items()}


def test_stocks_that_exchange_their_isins_are_not_taken_for_each_other(world: NetworkWorld) -> None:
    """Before the chain knows of it each carries what the manifest says of the other: an order to one went to it."""
    microsoft, apple = (world.manifest.stocks[ticker].isin for ticker in ("MSFT", "AAPL"))
    exchanged = saying(
        world.manifest,
        MSFT={"isin": apple, "birth_isin": microsoft},
        AAPL={"isin": microsoft, "birth_isin": apple},
    )
    before = tokens(world, world.manifest)
    suite = world.open().suite()
    assert tokens(world, exchanged) == before
    with pytest.raises(InputError, match="is AAPL's already") as refused:
        flows.fleet.change_isin(world.open(exchanged), "MSFT", microsoft)
    assert (refused.value.field, refused.value.value) == ("stocks.MSFT.isin", apple)
    for old, new in ((microsoft, NEW), (apple, microsoft), (NEW, apple)):
        call_as(world.open(), suite.timelock.address, suite.factory, "setIsin", old, new)
    network = world.open(exchanged)
    assert tokens(world, exchanged) == before
    assert not [one for one in network.audit(network.build(None)) if one.field.startswith("stocks.")]


def test_a_successor_under_the_old_isin_is_no_stock_before_it_is_created(world: NetworkWorld) -> None:
    """Its predecessor carries the ISIN until the change is recorded, and was taken for it."""
    old = world.manifest.stocks["MSFT"].isin
    one = world.manifest.stocks["MSFT"].model_copy(update={"series": 2})
    manifest = renamed(world.manifest)
    manifest = manifest.model_copy(update={"stocks": {**manifest.stocks, "MSFT2": one}})
    before = tokens(world, world.manifest)
    assert tokens(world, manifest) == before
    fields = {found.field for found in world.open(manifest).audit(world.open(manifest).build(None))}
    assert {"stocks.MSFT.isin", "stocks.MSFT2"} <= fields
    suite = world.open().suite()
    call_as(world.open(), suite.timelock.address, suite.factory, "setIsin", old, NEW)
    assert tokens(world, manifest) == before
    assert flows.fleet.create(world.open(manifest), "MSFT2").steps[0].function == "createStock"


def test_no_second_token_is_made_for_an_isin_that_changed(world: NetworkWorld) -> None:
    network = world.open(renamed(world.manifest, born=False))
    for plan in (plan_deployment, lambda network: flows.fleet.create(network, "MSFT")):
        with pytest.raises(InputError, match=r"stocks\.MSFT\.isin: is not what the chain knows the stock by"):
            plan(network)


def test_an_isin_of_another_stock_is_not_taken_for_this_ones(world: NetworkWorld) -> None:
    network = world.open(renamed(world.manifest))
    with pytest.raises(InputError, match="is AAPL's, not MSFT's"):
        flows.fleet.change_isin(network, "MSFT", world.manifest.stocks["AAPL"].isin)
    with pytest.raises(InputError, match="is no stock's on this network"):
        flows.fleet.change_isin(network, "MSFT", "US0000000001")
    with pytest.raises(InputError, match="is no stock of the manifest"):
        flows.fleet.change_isin(network, "IBM", "US0000000001")


def test_an_epoch_is_the_next_one(world: NetworkWorld) -> None:
    plan = flows.fleet.bump_epoch(world.open(), "MSFT")
    assert plan.steps[0].sender == "timelock"
    assert plan.changes == (Change("MSFT epoch", "2", "3"),), "its rules were set at its birth"
