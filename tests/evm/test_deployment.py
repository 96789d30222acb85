"""The plan of a deployment: all of it, the rest of it, none of it; and nobody holds power who should not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from support.network_world import NetworkWorld, deployed_world, empty_world, local_manifest

from scrip.chains.evm import EvmNetwork
from scrip.errors import InputError, ScripError
from scrip.evm.accounts import local_account
from scrip.evm.chain import Contract
from scrip.evm.deploy.deployment import administrator, plan_deployment, survey
from scrip.evm.labels import ADMIN, CANCELLER, role
from scrip.evm.rehearse.forecast import preview_plan
from scrip.manifest.model import Manifest
from scrip.roles import EVM_ROLES


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NetworkWorld]:
    with deployed_world(tmp_path_factory.mktemp("network")) as world:
        yield world


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[NetworkWorld]:
    with empty_world(tmp_path) as world:
        yield world


def holders(network: EvmNetwork, name: str) -> set[str]:
    """Who of everybody that the network knows holds a role."""
    names = {*network.manifest.accounts, *(label for label, _ in network.book)}
    roles = network.book.contract("roles")
    return {one for one in names if network.chain.call(roles, "hasRole", role(name), network.chain.address(one))}


def test_a_deployed_manifest_leaves_nothing_to_do(standing: NetworkWorld) -> None:
    plan = plan_deployment(standing.open())
    assert plan.steps == plan.changes == ()
    assert "grant ADMIN to timelock" not in plan.same
    assert "create MSFT, Microsoft Corporation, US5949181045, ALLOWLIST" in plan.same


def test_roles_are_the_manifests_and_the_deployer_is_left_with_none(standing: NetworkWorld) -> None:
    network = standing.open()
    for name in EVM_ROLES:
        assert holders(network, name) == set(network.manifest.roles[name]), name
    assert [holders(network, name) for name in ("ADMIN", "MINTER", "FACTORY")] == [
        {"timelock"},
        {"market"},
        {"factory"},
    ]
    timelock = network.book.contract("timelock")
    cancels = {
        one
        for one in ("safe", "duty-officer", "deployer", "owner-1")
        if network.chain.call(timelock, "hasRole", CANCELLER, network.chain.address(one))
    }
    assert cancels == {"safe", "duty-officer"}
    assert not network.chain.call(timelock, "hasRole", ADMIN, network.chain.address("deployer"))
    assert network.chain.call(timelock, "hasRole", role("PROPOSER_ROLE"), network.chain.address("safe"))
    assert network.chain.call(timelock, "get_minimum_delay") == network.manifest.timelock.delay


def test_settings_and_stocks_are_the_manifests(standing: NetworkWorld) -> None:
    network = standing.open()
    actions, policy = network.book.contract("actions"), network.manifest.corporate_actions
    assert network.chain.call(actions, "withholdingBps") == policy.withholding_bps == 1500
    assert network.chain.call(actions, "grace") == policy.grace
    ledger = network.ledger()
    assert set(ledger.stocks) == {"MSFT", "AAPL"}
    feed = network.chain.call(ledger.suite.feed, "configuration", ledger.token("MSFT").address)
    assert feed == (network.chain.address("oracle-MSFT"), 18, 345_600, 50, 1_000_000 * 10**18, 0, 0)
    owners = network.chain.call(network.book.contract("safe"), "getOwners")
    assert {one.lower() for one in owners} == {network.chain.address(f"owner-{number}") for number in (1, 2, 3)}
    assert network.chain.call(network.book.contract("safe"), "getThreshold") == 2


def test_wherever_it_is_interrupted_the_plan_is_the_rest_and_only_the_deployer_administers(empty: NetworkWorld) -> None:
    whole = plan_deployment(empty.open())
    names = [step.name for step in whole.steps]
    lent = names.index("grant-ISSUER-deployer")
    # Everywhere else the plan is the same list, so a few places speak for the others.
    for stop in (2, 4, 7, 8, 9, 13, 20, 30, lent + 1, lent + 3, len(names) - 4, len(names) - 1, len(names)):
        empty.run(replace(plan_deployment(empty.open()), steps=(*whole.steps[:stop],)))
        network = empty.open()
        rest = [step.name for step in plan_deployment(network).steps]
        assert rest == names[stop:]
        if "roles" in network.book:
            expected = {"deployer"} if stop < len(names) - 1 else {"deployer", "timelock"}
            assert holders(network, "ADMIN") == (expected if stop < len(names) else {"timelock"})
    assert all(record.done for record in empty.open().records.all())
    assert len(empty.open().records.all()) == len(names)


def test_the_rest_of_a_deployment_has_a_preview(empty: NetworkWorld) -> None:
    """The deployer creates stocks with a role that the plan itself lends it."""
    whole = plan_deployment(empty.open())
    stop = [step.name for step in whole.steps].index("grant-ISSUER-deployer")
    empty.run(replace(whole, steps=whole.steps[:stop]))
    network = empty.open()
    shown = preview_plan(network, plan_deployment(network))
    assert shown.ok, shown.refusal
    told = {change.what: (change.before, change.after) for change in shown.changes}
    assert told["MSFT"] == ("none", "Microsoft Corporation, US5949181045, ALLOWLIST")
    assert told["AAPL ceiling"] == ("none", "500000 shares")


def test_what_the_plan_says_is_what_is_sent(standing: NetworkWorld) -> None:
    network = standing.open()
    sent = [record.action for record in network.records.all()]
    assert {action.sender_name for action in sent} == {"deployer", "treasury"}
    assert sent[-1].function == "renounceRole"
    assert sent[-1].arguments[0] == "0x" + "00" * 32


def with_account(manifest: Manifest, name: str) -> Manifest:
    account = manifest.accounts["owner-1"]
    return manifest.model_copy(update={"accounts": {**manifest.accounts, name: account}})


@pytest.mark.parametrize("name", ["registry", "market", "proxy-blueprint", "stablecoin"])
def test_no_account_has_a_contracts_name(standing: NetworkWorld, name: str) -> None:
    with pytest.raises(InputError, match="is the name of a contract"):
        plan_deployment(standing.open(with_account(standing.manifest, name)))


def test_mocks_are_for_networks_without_value() -> None:
    manifest = local_manifest()
    public = manifest.model_copy(update={"chain": manifest.chain.model_copy(update={"public": True})})
    network = EvmNetwork(public, None, None, None, None)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="is a mock, on a public network"):
        plan_deployment(network)


def test_a_deployment_that_somebody_else_administers_is_refused(empty: NetworkWorld) -> None:
    whole = plan_deployment(empty.open())
    stop = [step.name for step in whole.steps].index("deploy-registry")
    empty.run(replace(whole, steps=whole.steps[:stop]))
    network = empty.open()
    roles, eve = network.book.contract("roles"), local_account("eve").address
    network.chain.send(roles, "grantRole", ADMIN, eve, sender="deployer")
    network.chain.send(roles, "renounceRole", ADMIN, network.chain.address("deployer"), sender="deployer")
    with pytest.raises(InputError, match="somebody else administers"):
        plan_deployment(empty.open())


def test_records_of_contracts_that_the_chain_does_not_have_are_told(standing: NetworkWorld) -> None:
    network = standing.open()
    network.learn("feed", Contract("ReserveFeed", "0x" + "12" * 20))
    with pytest.raises(ScripError, match=r"the records say that feed stands at 0x1212.*, where the chain has no code"):
        plan_deployment(network)
    assert administrator(survey(standing.open())) == "timelock"


def test_a_stock_added_after_the_hand_over_takes_three_signers(
    standing: NetworkWorld,
) -> None:
    manifest = standing.manifest
    stock = manifest.stocks["MSFT"].model_copy(update={"name": "IBM Corp", "isin": "US4592001014"})
    more = manifest.model_copy(update={"stocks": {**manifest.stocks, "IBM": stock}})
    plan = plan_deployment(standing.open(more))
    assert [(step.name.partition("-IBM-")[0], step.sender) for step in plan.steps] == [
        ("create-IBM", "safe"),
        ("rules", "compliance-desk"),
        ("deploy-oracle-IBM", "deployer"),
        ("reserve-IBM", "timelock"),
    ]
