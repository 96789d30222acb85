"""A manifest by which stocks can end: deployed, set, audited; without the section there is none of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.network_world import NetworkWorld, deployed_world, empty_world, local_manifest

from scrip.evm.audit.run import audit
from scrip.evm.deploy.deployment import plan_deployment
from scrip.evm.deploy.settings import plan_settings
from scrip.evm.labels import role
from scrip.labels import TIMELOCK, WIND_UP
from scrip.manifest.checks import check
from scrip.manifest.choices import WindUp
from scrip.manifest.model import CashDividends, Manifest


def ending(account: str = "custodian") -> Manifest:
    """The local manifest with cash dividends, what nobody fetches at a stock's end to be an account's."""
    wishes = {"dividends": CashDividends(tax="compliance-desk"), "wind_up": WindUp(escheat_account=account)}
    return local_manifest().model_copy(update=wishes)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NetworkWorld]:
    with deployed_world(tmp_path_factory.mktemp("ending"), ending()) as deployed:
        yield deployed


def test_it_stands_has_its_role_and_may_be_funded(world: NetworkWorld) -> None:
    network = world.open()
    suite, ask = network.suite(), network.chain.call
    assert suite.wind_up is not None
    assert suite.book is not None
    assert ask(suite.wind_up, "BOOK") == suite.book.address
    assert ask(suite.wind_up, "escheatAccount") == network.chain.address("custodian")
    assert ask(suite.roles, "hasRole", role("VAULT"), suite.wind_up.address)
    assert ask(suite.stablecoin, "allowance", network.chain.address("treasury"), suite.wind_up.address) > 2**255


def test_a_second_look_finds_nothing_to_do_and_nothing_wrong(world: NetworkWorld) -> None:
    assert plan_settings(world.open()).steps == ()
    assert audit(world.open()) == []


def test_another_escheat_account_is_the_timelocks_to_name(world: NetworkWorld) -> None:
    wanted = ending("compliance-desk")
    plan = plan_settings(world.open(wanted))
    assert [(one.sender, one.to, one.function) for one in plan.steps] == [(TIMELOCK, WIND_UP, "setEscheatAccount")]
    assert [one.field for one in audit(world.open(wanted))] == ["wind_up.escheat_account"]


def test_a_network_whose_stocks_do_not_end_has_none(tmp_path: Path) -> None:
    with empty_world(tmp_path) as bare:
        assert WIND_UP not in {one.label for one in plan_deployment(bare.open()).steps}


def test_it_needs_a_book_and_keeps_unclaimed_property_apart() -> None:
    manifest = ending("treasury").model_copy(update={"dividends": None})
    found = {fault.where for fault in check(manifest, "local")}
    assert {("wind_up",), ("wind_up", "escheat_account")} <= found
