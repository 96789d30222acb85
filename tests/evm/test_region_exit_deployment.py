"""A manifest by which countries can be left: deployed, set, audited; without the section there is none of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.network_world import NetworkWorld, deployed_world, empty_world, local_manifest

from scrip.evm.audit.run import audit
from scrip.evm.deploy.deployment import plan_deployment
from scrip.evm.deploy.settings import plan_settings
from scrip.evm.labels import role
from scrip.labels import REGION_EXIT, TIMELOCK
from scrip.manifest.checks import check
from scrip.manifest.choices import RegionExit
from scrip.manifest.model import Manifest


def leaving(account: str = "custodian") -> Manifest:
    """The local manifest, what nobody fetches of an exit to be an account's. It needs no book of actions."""
    return local_manifest().model_copy(update={"region_exit": RegionExit(escheat_account=account)})


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NetworkWorld]:
    with deployed_world(tmp_path_factory.mktemp("leaving"), leaving()) as deployed:
        yield deployed


def test_it_stands_has_its_role_and_may_be_funded(world: NetworkWorld) -> None:
    network = world.open()
    suite, ask = network.suite(), network.chain.call
    assert suite.region_exit is not None
    assert ask(suite.region_exit, "escheatAccount") == network.chain.address("custodian")
    assert ask(suite.roles, "hasRole", role("VAULT"), suite.region_exit.address)
    assert ask(suite.stablecoin, "allowance", network.chain.address("treasury"), suite.region_exit.address) > 2**255


def test_a_second_look_finds_nothing_to_do_and_nothing_wrong(world: NetworkWorld) -> None:
    assert plan_settings(world.open()).steps == ()
    assert audit(world.open()) == []


def test_another_escheat_account_is_the_timelocks_to_name(world: NetworkWorld) -> None:
    wanted = leaving("compliance-desk")
    plan = plan_settings(world.open(wanted))
    assert [(one.sender, one.to, one.function) for one in plan.steps] == [(TIMELOCK, REGION_EXIT, "setEscheatAccount")]
    assert [one.field for one in audit(world.open(wanted))] == ["region_exit.escheat_account"]


def test_a_manifest_that_drops_it_takes_its_role(world: NetworkWorld) -> None:
    plan = plan_settings(world.open(local_manifest()))
    assert [(one.sender, one.to, one.function) for one in plan.steps] == [(TIMELOCK, "roles", "revokeRole")]
    assert {one.field for one in audit(world.open(local_manifest()))} == {"roles.VAULT"}


def test_a_network_that_leaves_no_country_has_none(tmp_path: Path) -> None:
    with empty_world(tmp_path) as bare:
        assert REGION_EXIT not in {one.label for one in plan_deployment(bare.open()).steps}


@pytest.mark.parametrize("account", ["treasury", "nobody"])
def test_unclaimed_property_is_kept_apart_by_an_account_of_the_manifest(account: str) -> None:
    assert ("region_exit", "escheat_account") in {fault.where for fault in check(leaving(account), "local")}
