"""A changed ISIN, a new epoch, an investor's profile: by whoever may, once, with the difference said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.network_world import NetworkWorld, deployed_world

from scrip import flows
from scrip.errors import InputError
from scrip.evm.accounts import local_account
from scrip.evm.deploy.deployment import plan_deployment
from scrip.evm.rehearse.forecast import preview_plan
from scrip.inputs.batch import read_newcomers
from scrip.manifest.model import Manifest
from scrip.plan import Change

NEW = "US5949181052"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NetworkWorld]:
    with deployed_world(tmp_path_factory.mktemp("network")) as standing:
        yield standing


def renamed(manifest: Manifest) -> Manifest:
    stock = manifest.stocks["MSFT"].model_copy(update={"isin": NEW})
    return manifest.model_copy(update={"stocks": {**manifest.stocks, "MSFT": stock}})


def test_an_isin_is_changed_by_the_timelock(world: NetworkWorld) -> None:
    old = world.manifest.stocks["MSFT"].isin
    plan = flows.fleet.change_isin(world.open(renamed(world.manifest)), "MSFT", old)
    assert [(step.sender, step.function, step.args) for step in plan.steps] == [("timelock", "setIsin", (old, NEW))]
    assert plan.changes == (Change("MSFT ISIN", old, NEW),)
    assert not flows.fleet.change_isin(world.open(), "MSFT", "US0000000001").steps


def test_no_second_token_is_made_for_an_isin_that_changed(world: NetworkWorld) -> None:
    network = world.open(renamed(world.manifest))
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


def test_a_profile_is_set_once_by_compliance(world: NetworkWorld, tmp_path: Path) -> None:
    path = tmp_path / "investors.csv"
    address = local_account("alice").address.lower()
    path.write_text(f"investor,wallet,country,class,expiry\ninv-alice,{address},DE,retail,2030-01-01\n")
    world.run(flows.investors.onboard(world.open(), read_newcomers(path)))
    plan = flows.investors.set_profile(world.open(), "inv-alice", 756, "professional")
    until = "cleared until 2030-01-01 00:00:00 UTC"
    assert preview_plan(world.open(), plan).changes == (
        Change("investor inv-alice", f"retail, country 276, {until}", f"professional, country 756, {until}"),
    )
    assert world.run(plan).changed
    assert not flows.investors.set_profile(world.open(), "inv-alice", 756, "professional").steps
    back = flows.investors.set_profile(world.open(), "inv-alice", 276, "retail")
    world.run(back)
    again = flows.investors.set_profile(world.open(), "inv-alice", 756, "professional")
    assert again.reference != plan.reference
    assert world.run(again).changed


def test_profiles_of_nobody_and_of_no_class(world: NetworkWorld) -> None:
    with pytest.raises(InputError, match="is not in the registry"):
        flows.investors.set_profile(world.open(), "nobody", 756, "retail")
    with pytest.raises(InputError, match="class: is none of retail"):
        flows.investors.set_profile(world.open(), "nobody", 756, "rich")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="is no ISO 3166 country number"):
        flows.investors.set_profile(world.open(), "nobody", 999, "retail")
