"""The plan of a deployment: all of it, the rest of it, none of it; and nobody holds power who should not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from support.desk_world import DeskWorld, deployed_world, empty_world, local_manifest

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
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskWorld]:
    with deployed_world(tmp_path_factory.mktemp("desk")) as world:
        yield world


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[DeskWorld]:
    with empty_world(tmp_path) as world:
        yield world


def holders(desk: EvmNetwork, name: str) -> set[str]:
    """Who of everybody that the desk knows holds a role."""
    names = {*desk.manifest.accounts, *(label for label, _ in desk.book)}
    roles = desk.book.contract("roles")
    return {one for one in names if desk.chain.call(roles, "hasRole", role(name), desk.chain.address(one))}


def test_a_deployed_manifest_leaves_nothing_to_do(standing: DeskWorld) -> None:
    plan = plan_deployment(standing.open())
    assert plan.steps == plan.changes == ()
    assert "grant ADMIN to timelock" not in plan.same
    assert "create MSFT, Microsoft Corporation, US5949181045, ALLOWLIST" in plan.same


def test_roles_are_the_manifests_and_the_deployer_is_left_with_none(standing: DeskWorld) -> None:
    desk = standing.open()
    for name in EVM_ROLES:
        assert holders(desk, name) == set(desk.manifest.roles[name]), name
    assert [holders(desk, name) for name in ("ADMIN", "MINTER", "FACTORY")] == [{"timelock"}, {"market"}, {"factory"}]
    timelock = desk.book.contract("timelock")
    cancels = {
        one
        for one in ("safe", "duty-officer", "deployer", "owner-1")
        if desk.chain.call(timelock, "hasRole", CANCELLER, desk.chain.address(one))
    }
    assert cancels == {"safe", "duty-officer"}
    assert not desk.chain.call(timelock, "hasRole", ADMIN, desk.chain.address("deployer"))
    assert desk.chain.call(timelock, "hasRole", role("PROPOSER_ROLE"), desk.chain.address("safe"))
    assert desk.chain.call(timelock, "get_minimum_delay") == desk.manifest.timelock.delay


def test_settings_and_stocks_are_the_manifests(standing: DeskWorld) -> None:
    desk = standing.open()
    actions, policy = desk.book.contract("actions"), desk.manifest.corporate_actions
    assert desk.chain.call(actions, "withholdingBps") == policy.withholding_bps == 1500
    assert desk.chain.call(actions, "grace") == policy.grace
    ledger = desk.ledger()
    assert set(ledger.stocks) == {"MSFT", "AAPL"}
    feed = desk.chain.call(ledger.suite.feed, "configuration", ledger.token("MSFT").address)
    assert feed == (desk.chain.address("oracle-MSFT"), 18, 345_600, 50, 1_000_000 * 10**18)
    owners = desk.chain.call(desk.book.contract("safe"), "getOwners")
    assert {one.lower() for one in owners} == {desk.chain.address(f"owner-{number}") for number in (1, 2, 3)}
    assert desk.chain.call(desk.book.contract("safe"), "getThreshold") == 2


def test_wherever_it_is_interrupted_the_plan_is_the_rest_and_only_the_deployer_administers(empty: DeskWorld) -> None:
    whole = plan_deployment(empty.open())
    names = [step.name for step in whole.steps]
    lent = names.index("grant-ISSUER-deployer")
    # Everywhere else the plan is the same list, so a few places speak for the others.
    for stop in (2, 4, 7, 8, 9, 13, 20, 30, lent + 1, lent + 3, len(names) - 4, len(names) - 1, len(names)):
        empty.run(replace(plan_deployment(empty.open()), steps=(*whole.steps[:stop],)))
        desk = empty.open()
        rest = [step.name for step in plan_deployment(desk).steps]
        assert rest == names[stop:]
        if "roles" in desk.book:
            expected = {"deployer"} if stop < len(names) - 1 else {"deployer", "timelock"}
            assert holders(desk, "ADMIN") == (expected if stop < len(names) else {"timelock"})
    assert all(record.done for record in empty.open().records.all())
    assert len(empty.open().records.all()) == len(names)


def test_the_rest_of_a_deployment_has_a_preview(empty: DeskWorld) -> None:
    """The deployer creates stocks with a role that the plan itself lends it."""
    whole = plan_deployment(empty.open())
    stop = [step.name for step in whole.steps].index("grant-ISSUER-deployer")
    empty.run(replace(whole, steps=whole.steps[:stop]))
    desk = empty.open()
    shown = preview_plan(desk, plan_deployment(desk))
    assert shown.ok, shown.refusal
    told = {change.what: (change.before, change.after) for change in shown.changes}
    assert told["MSFT"] == ("none", "Microsoft Corporation, US5949181045, ALLOWLIST")
    assert told["AAPL ceiling"] == ("none", "500000 shares")


def test_what_the_plan_says_is_what_is_sent(standing: DeskWorld) -> None:
    desk = standing.open()
    sent = [record.action for record in desk.records.all()]
    assert {action.sender_name for action in sent} == {"deployer", "treasury"}
    assert sent[-1].function == "renounceRole"
    assert sent[-1].arguments[0] == "0x" + "00" * 32


def with_account(manifest: Manifest, name: str) -> Manifest:
    account = manifest.accounts["owner-1"]
    return manifest.model_copy(update={"accounts": {**manifest.accounts, name: account}})


@pytest.mark.parametrize("name", ["registry", "market", "proxy-blueprint", "stablecoin"])
def test_no_account_has_a_contracts_name(standing: DeskWorld, name: str) -> None:
    with pytest.raises(InputError, match="is the name of a contract"):
        plan_deployment(standing.open(with_account(standing.manifest, name)))


def test_mocks_are_for_networks_without_value() -> None:
    manifest = local_manifest()
    public = manifest.model_copy(update={"chain": manifest.chain.model_copy(update={"public": True})})
    desk = EvmNetwork(public, None, None, None, None)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="is a mock, on a public network"):
        plan_deployment(desk)


def test_a_deployment_that_somebody_else_administers_is_refused(empty: DeskWorld) -> None:
    whole = plan_deployment(empty.open())
    stop = [step.name for step in whole.steps].index("deploy-registry")
    empty.run(replace(whole, steps=whole.steps[:stop]))
    desk = empty.open()
    roles, eve = desk.book.contract("roles"), local_account("eve").address
    desk.chain.send(roles, "grantRole", ADMIN, eve, sender="deployer")
    desk.chain.send(roles, "renounceRole", ADMIN, desk.chain.address("deployer"), sender="deployer")
    with pytest.raises(InputError, match="somebody else administers"):
        plan_deployment(empty.open())


def test_records_of_contracts_that_the_chain_does_not_have_are_told(standing: DeskWorld) -> None:
    desk = standing.open()
    desk.learn("feed", Contract("ReserveFeed", "0x" + "12" * 20))
    with pytest.raises(ScripError, match=r"the records say that feed stands at 0x1212.*, where the chain has no code"):
        plan_deployment(desk)
    assert administrator(survey(standing.open())) == "timelock"


def test_a_stock_added_after_the_hand_over_takes_three_desks(
    standing: DeskWorld,
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
