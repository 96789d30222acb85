"""The plan of settings: what differs between manifest and chain, by whoever may, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.deployed_network import call_as
from support.network_world import NetworkWorld, deployed_world, empty_world

from scrip.errors import InputError
from scrip.evm.accounts import local_account
from scrip.evm.deploy.deployment import plan_deployment
from scrip.evm.deploy.settings import plan_settings
from scrip.evm.handlers.holder_limits import read_limits, read_rules
from scrip.evm.labels import CANCELLER, role
from scrip.manifest import resolve
from scrip.manifest.model import Manifest, Rules
from scrip.plan import Change


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NetworkWorld]:
    with deployed_world(tmp_path_factory.mktemp("network")) as world:
        yield world


def changed(manifest: Manifest, **parts: object) -> Manifest:
    return manifest.model_copy(update=parts)


def summary(world: NetworkWorld, manifest: Manifest) -> list[tuple[str, str]]:
    return [(step.sender, step.name) for step in plan_settings(world.open(manifest)).steps]


def test_after_a_deployment_there_is_nothing_to_set(standing: NetworkWorld) -> None:
    plan = plan_settings(standing.open())
    assert plan.steps == plan.changes == ()
    assert {"grant MINTER to market", "a delay of 172800 s in the timelock"} <= set(plan.same)


def test_a_holder_more_and_a_holder_less(standing: NetworkWorld) -> None:
    roles = {**standing.manifest.roles, "PAUSER": ("owner-1", "safe")}
    manifest = changed(standing.manifest, roles=roles)
    assert summary(standing, manifest) == [
        ("timelock", "grant-PAUSER-owner-1"),
        ("timelock", "revoke-PAUSER-duty-officer"),
    ]
    assert plan_settings(standing.open(manifest)).changes == (
        Change("owner-1 holds PAUSER", "no", "yes"),
        Change("duty-officer holds PAUSER", "yes", "no"),
    )


def test_each_parameter_by_whoever_may_set_it(standing: NetworkWorld) -> None:
    manifest = standing.manifest
    policy = manifest.corporate_actions.model_copy(update={"grace": 86_400, "withholding_bps": 0})
    timelock = manifest.timelock.model_copy(update={"delay": 3_600, "cancellers": ("owner-2",)})
    stock = manifest.stocks["MSFT"]
    looser = stock.reserve.model_copy(update={"margin_bps": 10, "ceiling": "5"})
    stocks = {**manifest.stocks, "MSFT": stock.model_copy(update={"reserve": looser})}
    settlement = manifest.settlement.model_copy(update={"treasury": "owner-3"})
    wanted = changed(manifest, corporate_actions=policy, timelock=timelock, stocks=stocks, settlement=settlement)
    assert summary(standing, wanted) == [
        ("timelock", "treasury-owner-3"),
        ("timelock", "grace-86400"),
        ("timelock", "withholding_bps-0"),
        ("timelock", "delay-3600"),
        ("timelock", "grant-CANCELLER_ROLE-owner-2"),
        ("timelock", "reserve-MSFT"),
        ("ceiling-desk", "ceiling-MSFT-5-0"),
        ("owner-3", "approve-stablecoin"),
        ("timelock", "revoke-CANCELLER_ROLE-duty-officer"),
    ]
    found = {change.what: (change.before, change.after) for change in plan_settings(standing.open(wanted)).changes}
    assert found["MSFT's ceiling"] == ("1000000 shares", "5 shares")
    assert found["treasury"] == ("treasury", "owner-3")
    assert found["withholding_bps, bps"] == ("1500", "0")


def test_what_all_other_chains_have_is_set_beside_the_ceiling(standing: NetworkWorld) -> None:
    manifest = standing.manifest
    stock = manifest.stocks["AAPL"]
    more = stock.reserve.model_copy(update={"others": "75000"})
    wanted = changed(manifest, stocks={**manifest.stocks, "AAPL": stock.model_copy(update={"reserve": more})})
    assert summary(standing, wanted) == [("ceiling-desk", "ceiling-AAPL-500000-75000")]
    assert plan_settings(standing.open(wanted)).changes == (
        Change("AAPL's ceilings elsewhere", "0 shares", "75000 shares"),
    )


def test_a_ceiling_of_0_is_left_to_whoever_named_it(standing: NetworkWorld) -> None:
    """Mints were stopped, by people or by a split that was withdrawn: no manifest lets them go on."""
    network, mark = standing.open(), standing.open().node.rpc("evm_snapshot")
    suite, token = network.suite(), network.ledger().token("MSFT").address
    desk = network.chain.address("ceiling-desk")
    call_as(network, desk, suite.feed, "setCeiling", token, 0, 0, 1, 1, 0)
    try:
        assert summary(standing, standing.manifest) == []
        stock = standing.manifest.stocks["MSFT"]
        more = stock.reserve.model_copy(update={"others": "75000"})
        stocks = {**standing.manifest.stocks, "MSFT": stock.model_copy(update={"reserve": more})}
        assert summary(standing, changed(standing.manifest, stocks=stocks)) == [
            ("ceiling-desk", "ceiling-MSFT-0-75000")
        ]
    finally:
        assert network.node.rpc("evm_revert", mark)


def test_both_ceilings_are_told_where_both_change(standing: NetworkWorld) -> None:
    manifest = standing.manifest
    stock = manifest.stocks["AAPL"]
    more = stock.reserve.model_copy(update={"ceiling": "5", "others": "75000"})
    plan = plan_settings(
        standing.open(changed(manifest, stocks={**manifest.stocks, "AAPL": stock.model_copy(update={"reserve": more})}))
    )
    assert plan.changes == (Change("AAPL's ceilings", "500000 shares", "5 shares, 75000 elsewhere"),)
    assert [step.title for step in plan.steps] == ["a ceiling of 5 shares, 75000 elsewhere for AAPL"]


def test_a_holder_whom_no_manifest_names_is_found_and_revoked(tmp_path: Path) -> None:
    """Roles and the timelock's own, given behind the manifest's back before the hand-over."""
    eve = local_account("eve").address.lower()
    with empty_world(tmp_path) as world:
        whole = plan_deployment(world.open())
        cut = [step.name for step in whole.steps].index("renounce-ADMIN-deployer-timelock")
        world.run(type(whole)(whole.name, whole.reference, whole.steps[:cut]))
        network = world.open()
        coin = network.chain.deploy("MockStablecoin", sender="deployer")
        network.chain.send(network.book.contract("roles"), "grantRole", role("MINTER"), eve, sender="deployer")
        network.chain.send(network.book.contract("timelock"), "grantRole", CANCELLER, eve, sender="deployer")
        rest = plan_deployment(world.open())
        world.run(type(rest)(rest.name, rest.reference, rest.steps[:-1]))
        network = world.open()
        network.chain.send(network.book.contract("market"), "listAsset", coin.address, True, sender="deployer")
        # The deployer still administers: what it may undo, it undoes.
        assert summary(world, world.manifest) == [
            ("deployer", f"revoke-MINTER-{eve}"),
            ("timelock", f"revoke-CANCELLER_ROLE-{eve}"),
            ("deployer", f"delist-{coin.address}"),
        ]
        world.run(plan_deployment(world.open()))
        assert summary(world, world.manifest)[0] == ("timelock", f"revoke-MINTER-{eve}")


def test_what_was_done_and_undone_needs_a_reference_of_its_own(standing: NetworkWorld) -> None:
    manifest = standing.manifest
    stock = manifest.stocks["AAPL"]
    lower = stock.reserve.model_copy(update={"ceiling": "7"})
    wanted = changed(manifest, stocks={**manifest.stocks, "AAPL": stock.model_copy(update={"reserve": lower})})
    try:
        standing.run(plan_settings(standing.open(wanted)))
        standing.run(plan_settings(standing.open(manifest)))
        with pytest.raises(InputError, match="reference: names an operation that did this before"):
            plan_settings(standing.open(wanted))
        again = plan_settings(standing.open(wanted), "second thoughts")
        assert [step.name for step in again.steps] == ["ceiling-AAPL-7-0"]
        assert standing.run(again).changed
        assert not plan_settings(standing.open(wanted)).steps
    finally:
        standing.back()


def with_rules(manifest: Manifest, ticker: str, **said: object) -> Manifest:
    stock = manifest.stocks[ticker]
    return changed(manifest, stocks={**manifest.stocks, ticker: stock.model_copy(update={"rules": Rules(**said)})})


def differences(world: NetworkWorld, manifest: Manifest) -> list[tuple[str, str, str]]:
    """Who signs, what it is about, and how it will be."""
    plan = plan_settings(world.open(manifest))
    return [(step.sender, one.what, one.after) for step, one in zip(plan.steps, plan.changes, strict=True)]


def test_a_deployment_sets_the_rules_of_the_manifest(standing: NetworkWorld) -> None:
    network = standing.open()
    registry = network.suite().registry
    for ticker in standing.manifest.stocks:
        token, wanted = network.ledger().token(ticker), resolve(standing.manifest, ticker)
        assert read_rules(network.chain, registry, token) == wanted.stock_rules
        assert read_limits(network.chain, registry, token) == (wanted.holder_limits or None)


def test_compliance_tightens_rules_and_the_timelock_loosens_them(standing: NetworkWorld) -> None:
    manifest = standing.manifest
    fewer = with_rules(manifest, "AAPL", preset="professional-only", classes=("professional",), max_holders=100)
    assert differences(standing, fewer) == [
        ("compliance-desk", "who may hold AAPL", "professional; every country"),
        ("compliance-desk", "AAPL's limits", "100 holders, each of any amount"),
    ]
    more = with_rules(manifest, "AAPL", policy="ALLOWLIST", max_holders=501)
    assert differences(standing, more) == [
        ("timelock", "who may hold AAPL", "every class; every country"),
        ("timelock", "AAPL's limits", "501 holders, each of any amount"),
    ]
    none = with_rules(manifest, "AAPL", preset="professional-only")
    assert differences(standing, none) == [("timelock", "AAPL's limits", "none")]


def test_what_is_partly_tighter_is_tightened_at_once_and_loosened_later(standing: NetworkWorld) -> None:
    other = with_rules(
        standing.manifest, "AAPL", policy="ALLOWLIST", classes=("retail", "venue"), min_holding="2", max_holders=600
    )
    assert differences(standing, other) == [
        ("compliance-desk", "who may hold AAPL", "venue; every country"),
        ("timelock", "who may hold AAPL", "retail, venue; every country"),
        ("compliance-desk", "AAPL's limits", "500 holders, each of at least 2 tokens"),
        ("timelock", "AAPL's limits", "600 holders, each of at least 2 tokens"),
    ]
    # Nobody is admitted by both: until the timelock lets the others in, nobody is.
    swap = with_rules(standing.manifest, "AAPL", policy="ALLOWLIST", classes=("retail",), max_holders=500)
    assert [one[2] for one in differences(standing, swap)] == [
        "institutional, professional, venue; no country",
        "retail; every country",
    ]


def test_tightening_is_carried_out_at_once_by_its_own_role(standing: NetworkWorld) -> None:
    tighter = with_rules(standing.manifest, "MSFT", preset="reg-s-no-us", countries_denied=("US", "CA"))
    try:
        plan = plan_settings(standing.open(tighter))
        ours = [step for step in plan.steps if step.sender == "compliance-desk"]
        standing.run(type(plan)(plan.name, plan.reference, tuple(ours)))
        assert [one[0] for one in differences(standing, tighter)] == ["timelock"]
        network = standing.open()
        found = read_rules(network.chain, network.suite().registry, network.ledger().token("MSFT"))
        assert not found.admits(124, "retail")
        assert not found.admits(630, "retail")
        assert found.admits(276, "retail")
    finally:
        standing.back()


def test_before_the_deployment_there_is_nothing_to_compare(tmp_path: Path) -> None:
    with empty_world(tmp_path) as world, pytest.raises(InputError, match="is not deployed on this network"):
        plan_settings(world.open())
