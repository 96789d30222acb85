"""A manifest that pays dividends in cash: deployed, set, audited."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.network_world import NetworkWorld, deployed_world, empty_world, local_manifest

from scrip.chains.evm import EvmNetwork
from scrip.evm.audit.run import audit
from scrip.evm.deploy.deployment import plan_deployment, whole_deployment
from scrip.evm.deploy.rebuild import rebuild
from scrip.evm.deploy.settings import plan_settings
from scrip.labels import BOOK, DISTRIBUTOR, TIMELOCK
from scrip.manifest.checks import check
from scrip.manifest.model import CashDividends, Manifest

YEAR = 365 * 86_400


def paying(**changes: object) -> Manifest:
    """The local manifest, which pays dividends in cash, what is withheld to the compliance desk."""
    wish = CashDividends(tax="compliance-desk").model_copy(update=changes)
    return local_manifest().model_copy(update={"dividends": wish})


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NetworkWorld]:
    with deployed_world(tmp_path_factory.mktemp("paying"), paying()) as deployed:
        yield deployed


def test_both_stand_and_know_each_other(world: NetworkWorld) -> None:
    network = world.open()
    suite, ask = network.suite(), network.chain.call
    assert suite.book is not None
    assert suite.distributor is not None
    assert (ask(suite.actions, "book"), ask(suite.book, "distributor")) == (
        suite.book.address,
        suite.distributor.address,
    )
    assert ask(suite.book, "escheat") == 3 * YEAR
    named = [network.chain.address(one) for one in ("treasury", "compliance-desk")]
    assert [ask(suite.distributor, one) for one in ("treasury", "tax")] == named
    assert ask(suite.stablecoin, "allowance", named[0], suite.distributor.address) > 2**255


def test_a_second_look_finds_nothing_to_do_and_nothing_wrong(world: NetworkWorld) -> None:
    assert plan_settings(world.open()).steps == ()
    assert audit(world.open()) == []


def test_other_terms_are_the_timelocks_to_set(world: NetworkWorld) -> None:
    wanted = paying(tax="custodian", escheat=5 * YEAR)
    plan = plan_settings(world.open(wanted))
    assert [(one.sender, one.to, one.function) for one in plan.steps] == [
        (TIMELOCK, BOOK, "setEscheat"),
        (TIMELOCK, DISTRIBUTOR, "setAccounts"),
    ]
    found = audit(world.open(wanted))
    assert {(one.field, one.severity) for one in found} == {
        ("book.escheat", "drift"),
        ("distributor.tax", "critical"),
    }


def test_a_network_that_pays_none_in_cash_has_neither(tmp_path: Path) -> None:
    with empty_world(tmp_path) as bare:
        labels = {one.label for one in plan_deployment(bare.open()).steps}
        assert not labels & {BOOK, DISTRIBUTOR}
        assert {one.label for one in plan_deployment(bare.open(paying())).steps} - labels == {BOOK, DISTRIBUTOR}


def test_records_that_were_lost_know_both_again(world: NetworkWorld, tmp_path: Path) -> None:
    network = EvmNetwork.open(world.manifest, world.url, tmp_path / "records")
    rebuild(network, whole_deployment(network))
    found = EvmNetwork.open(world.manifest, world.url, tmp_path / "records")
    assert [found.book.contract(one) for one in (BOOK, DISTRIBUTOR)] == [
        world.open().book.contract(one) for one in (BOOK, DISTRIBUTOR)
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"escheat": YEAR - 1}, "escheat"), ({"escheat": 30 * YEAR + 1}, "escheat"), ({"tax": "treasury"}, "tax")],
)
def test_what_no_network_may_ask(changes: dict[str, object], field: str) -> None:
    found = [one.where for one in check(paying(**changes), "local")]
    assert ("dividends", field) in found
