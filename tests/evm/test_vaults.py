"""A manifest that lets holders of a stock leave by request: deployed, set, audited."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.network_world import NetworkWorld, deployed_world, empty_world, local_manifest

from scrip.chains.evm import EvmNetwork
from scrip.evm.audit.run import audit
from scrip.evm.chain import Contract
from scrip.evm.deploy.deployment import plan_deployment, whole_deployment
from scrip.evm.deploy.rebuild import rebuild
from scrip.evm.deploy.settings import plan_settings
from scrip.evm.labels import VAULT, role
from scrip.evm.rpc.node import call_fields
from scrip.labels import TIMELOCK, VAULTS
from scrip.manifest.model import Manifest, Redemption

DAY = 86_400


def leaving(**changes: object) -> Manifest:
    """The local manifest, with a vault for MSFT alone."""
    manifest = local_manifest()
    wish = Redemption(minimum="5", reference="400").model_copy(update=changes)
    stock = manifest.stocks["MSFT"].model_copy(update={"redemption": wish})
    return manifest.model_copy(update={"stocks": {**manifest.stocks, "MSFT": stock}})


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NetworkWorld]:
    with deployed_world(tmp_path_factory.mktemp("leaving"), leaving()) as deployed:
        yield deployed


def test_the_vault_stands_works_and_is_as_the_manifest_says(world: NetworkWorld) -> None:
    network = world.open()
    network.ledger()
    vault = network.book.contract("vault-MSFT")
    assert network.chain.call(vault, "minimum") == 5 * 10**18
    assert (network.chain.call(vault, "patience"), network.chain.call(vault, "band")) == (7 * DAY, 2_000)
    assert network.chain.call(vault, "reference")[0] == 400 * 10**6
    assert network.chain.call(network.suite().roles, "hasRole", role(VAULT), vault.address)
    coin = network.suite().stablecoin
    assert network.chain.call(coin, "allowance", network.chain.address("treasury"), vault.address) > 2**255
    others = [ticker for ticker in network.manifest.stocks if ticker != "MSFT"]
    assert others
    assert [one for one in others if f"vault-{one}" in network.book] == []


def test_a_second_look_finds_nothing_to_do_and_nothing_wrong(world: NetworkWorld) -> None:
    assert plan_settings(world.open()).steps == ()
    assert audit(world.open()) == []


def test_other_terms_are_the_timelocks_to_set(world: NetworkWorld) -> None:
    plan = plan_settings(world.open(leaving(patience=3 * DAY, minimum="7")))
    assert [(one.sender, one.to, one.function, one.args) for one in plan.steps] == [
        (TIMELOCK, "vault-MSFT", "setTerms", (7 * 10**18, 3 * DAY, 2_000))
    ]
    found = audit(world.open(leaving(patience=3 * DAY, minimum="7")))
    assert {one.field for one in found} == {"vault-MSFT.minimum", "vault-MSFT.patience"}


def test_a_stock_that_begins_to_let_holders_ask(world: NetworkWorld) -> None:
    """Its vault is made first; its role, which needs an address, is in the next plan."""
    manifest = leaving()
    ticker = next(one for one in manifest.stocks if one != "MSFT")
    wish = manifest.stocks["MSFT"].redemption
    stock = manifest.stocks[ticker].model_copy(update={"redemption": wish})
    wanted = manifest.model_copy(update={"stocks": {**manifest.stocks, ticker: stock}})
    plan = plan_settings(world.open(wanted))
    assert [(one.sender, one.to, one.function, one.label) for one in plan.steps] == [
        (TIMELOCK, VAULTS, "createVault", f"vault-{ticker}")
    ]
    assert [one.field for one in audit(world.open(wanted))] == [f"vault-{ticker}"]


def test_a_network_that_lets_nobody_ask_needs_no_vaults(tmp_path: Path) -> None:
    """What is deployed for the local manifest as it is stays as it was."""
    with empty_world(tmp_path) as bare:
        labels = [one.label for one in plan_deployment(bare.open()).steps]
        assert not [one for one in labels if "vault" in one]
        wanted = {one.label for one in plan_deployment(bare.open(leaving())).steps} - set(labels)
        assert wanted == {"vault-blueprint", VAULTS, "vault-MSFT"}


def test_records_that_were_lost_know_the_vault_again(world: NetworkWorld, tmp_path: Path) -> None:
    network = EvmNetwork.open(world.manifest, world.url, tmp_path / "records")
    before = world.open()
    before.ledger()
    rebuild(network, whole_deployment(network))
    found = EvmNetwork.open(world.manifest, world.url, tmp_path / "records")
    assert found.book.contract("vault-MSFT") == before.book.contract("vault-MSFT")
    assert found.book.contract(VAULTS) == before.book.contract(VAULTS)


def test_who_else_holds_the_role_is_a_critical_finding_and_loses_it(world: NetworkWorld) -> None:
    network = world.open()
    at, timelock = network.chain.address("ada"), network.book.contract(TIMELOCK).address
    network.node.rpc("anvil_impersonateAccount", timelock)
    network.node.rpc("anvil_setBalance", timelock, hex(10**18))
    data = network.chain.abi("Roles").function("grantRole", 2).calldata((role(VAULT), at))
    roles: Contract = network.suite().roles
    network.node.rpc("eth_sendTransaction", call_fields(timelock, roles.address, data))
    [found] = audit(world.open())
    assert (found.field, found.severity) == ("roles.VAULT", "critical")
    [step] = plan_settings(world.open()).steps
    assert (step.function, step.name) == ("revokeRole", "revoke-VAULT-ada")
