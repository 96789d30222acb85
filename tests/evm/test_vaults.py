"""A manifest that lets holders of a stock leave by request: deployed, set, audited."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from eth_utils import keccak
from support.deployed_network import call_as, planted
from support.network_world import NetworkWorld, deployed_world, empty_world, local_manifest

from scrip.chains.evm import EvmNetwork
from scrip.evm.audit.run import audit, records
from scrip.evm.chain import Contract
from scrip.evm.deploy.deployment import plan_deployment, whole_deployment
from scrip.evm.deploy.rebuild import rebuild
from scrip.evm.deploy.settings import plan_settings
from scrip.evm.labels import VAULT, role
from scrip.evm.rpc.node import call_fields
from scrip.evm.vaults import FACTORY
from scrip.labels import STABLECOIN, TIMELOCK, VAULTS
from scrip.manifest.model import Manifest, Redemption, Subscription

DAY = 86_400
CONFIGURED = "Configured(address,address,bool,address,bool,uint256,uint256,uint256,uint256)"


def leaving(**changes: object) -> Manifest:
    """The local manifest, with a vault for MSFT alone."""
    manifest = local_manifest()
    wish = Redemption(minimum="5", reference="400").model_copy(update=changes)
    stock = manifest.stocks["MSFT"].model_copy(update={"redemption": wish})
    return manifest.model_copy(update={"stocks": {**manifest.stocks, "MSFT": stock}})


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NetworkWorld]:
    with deployed_world(tmp_path_factory.mktemp("leaving"), leaving()) as deployed:
        yield deployed


@pytest.fixture
def world(left: NetworkWorld) -> NetworkWorld:
    """As it was deployed, for each test."""
    left.back()
    return left


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


def test_whether_the_shares_themselves_may_be_asked_for_is_the_timelocks(world: NetworkWorld) -> None:
    [step] = plan_settings(world.open(leaving(in_kind=True))).steps
    assert (step.sender, step.to, step.function, step.args) == (TIMELOCK, "vault-MSFT", "setInKind", (True,))
    assert [one.field for one in audit(world.open(leaving(in_kind=True)))] == ["vault-MSFT.in_kind"]


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


def test_what_was_done_in_a_vault_and_no_record_tells_is_found(world: NetworkWorld) -> None:
    """Only the suite's own contracts and its stocks were looked at: a strike beside the records was not seen."""
    network = world.open()
    network.ledger()
    before = records(network)
    with planted(network):
        vault, until = network.book.contract("vault-MSFT"), network.chain.now() + DAY
        network.chain.send(vault, "strike", b"beside".ljust(32), 400 * 10**6, until, sender="quote-key")
        network.chain.send(vault, "setOperator", network.chain.address("owner-2"), True, sender="owner-1")
        [found] = [one for one in records(world.open()) if one not in before]
        assert found.found.startswith("none: KeyUsed, Struck, done in block")
        assert "by quote-key" in found.found
    assert records(world.open()) == before


def test_a_factory_of_vaults_and_a_price_feed_that_no_record_tells_are_found(world: NetworkWorld) -> None:
    network = world.open()
    before = records(network)
    with planted(network):
        chain, suite, timelock = network.chain, network.suite(), network.book.contract(TIMELOCK).address
        ours = (suite.roles.address, suite.registry.address)
        network.node.rpc("anvil_setBalance", timelock, hex(10**18))
        blueprint = chain.blueprint("RequestVault", sender="owner-1")
        factory = chain.deploy(FACTORY, *ours, suite.market.address, blueprint, sender="owner-1")
        feed = chain.deploy("SharePriceFeed", *ours, suite.actions.address, sender="owner-1")
        assert records(world.open()) == before
        stock, coin = network.book.contract("MSFT").address, network.book.contract(STABLECOIN).address
        call_as(network, timelock, factory, "createVault", stock, coin, 10**18, DAY, 2_000, 10**6)
        source, none = network.book.contract("oracle-MSFT").address, "0x" + "00" * 20
        always = 2 * 2**32
        call_as(network, timelock, feed, "configure", stock, source, False, none, False, always, DAY, 100, 0)
        found = [one for one in records(world.open()) if one not in before]
        assert [one.expected for one in found] == [
            f"a record of the making of {one.address}" for one in (factory, feed)
        ]
        assert ["a VaultFactory" in found[0].found, "a SharePriceFeed" in found[1].found] == [True, True]


def test_a_contract_that_only_says_that_it_keeps_a_suites_prices_is_not_its(world: NetworkWorld) -> None:
    network = world.open()
    before = records(network)
    with planted(network):
        stock = network.book.contract("MSFT").address
        topics = [keccak(text=CONFIGURED), bytes.fromhex(stock[2:].rjust(64, "0")), bytes(32)]
        # PUSH32 each topic, then LOG3 of nothing.
        code = b"".join(b"\x7f" + one for one in reversed(topics)) + bytes.fromhex("60006000a300")
        at = network.chain.address("owner-2")
        network.node.rpc("anvil_setCode", at, "0x" + code.hex())
        network.chain.transact("owner-1", at, b"")
        assert [log["address"] for log in network.node.logs([], ["0x" + keccak(text=CONFIGURED).hex()])] == [at]
        assert records(world.open()) == before


@pytest.fixture(scope="module")
def entered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NetworkWorld]:
    """Holders may leave by request, and investors subscribe."""
    with deployed_world(tmp_path_factory.mktemp("both"), entering()) as deployed:
        yield deployed


@pytest.fixture
def both(entered: NetworkWorld) -> NetworkWorld:
    """As it was deployed, for each test."""
    entered.back()
    return entered


def entering(**changes: object) -> Manifest:
    """The manifest of `leaving`, with a vault into MSFT, too."""
    manifest = leaving(in_kind=True)
    wish = Subscription(minimum="100.5", reference="400").model_copy(update=changes)
    stock = manifest.stocks["MSFT"].model_copy(update={"subscription": wish})
    return manifest.model_copy(update={"stocks": {**manifest.stocks, "MSFT": stock}})


def test_both_kinds_of_vault_stand_and_are_as_the_manifest_says(both: NetworkWorld, tmp_path: Path) -> None:
    network = both.open()
    ledger = network.ledger()
    entry = network.book.contract("entry-MSFT")
    assert {"vault-MSFT", "entry-MSFT"} <= set(ledger.vaults)
    assert (network.chain.call(entry, "minimum"), network.chain.call(entry, "closed")) == (100_500_000, False)
    roles = network.suite().roles
    for name, holds in (("VAULT", True), ("MINTER", True)):
        assert network.chain.call(roles, "hasRole", role(name), entry.address) == holds
    assert not network.chain.call(roles, "hasRole", role("MINTER"), network.book.contract("vault-MSFT").address)
    assert plan_settings(both.open()).steps == ()
    assert audit(both.open()) == []
    lost = EvmNetwork.open(both.manifest, both.url, tmp_path / "records")
    rebuild(lost, whole_deployment(lost))
    found = EvmNetwork.open(both.manifest, both.url, tmp_path / "records")
    assert found.book.contract("entry-MSFT") == entry


def test_a_way_in_that_the_manifest_does_not_ask_for_may_make_nothing(both: NetworkWorld) -> None:
    """It loses MINTER and VAULT; its terms are the timelock's."""
    network = both.open(leaving(in_kind=True))
    plan = plan_settings(network)
    assert {one.name for one in plan.steps} == {"revoke-MINTER-entry-MSFT", "revoke-VAULT-entry-MSFT"}
    found = {(one.field, one.severity) for one in audit(both.open(leaving(in_kind=True)))}
    assert {("roles.MINTER", "critical"), ("roles.VAULT", "critical")} <= found
    [step] = plan_settings(both.open(entering(minimum="7"))).steps
    assert (step.to, step.function, step.args) == ("entry-MSFT", "setTerms", (7_000_000, 7 * DAY, 2_000))


@pytest.mark.parametrize(
    ("label", "lost", "said"),
    [
        ("entry-MSFT", "VAULT", "nobody can fetch the units that fills make"),
        ("entry-MSFT", "MINTER", "no request can be filled"),
        ("vault-MSFT", "VAULT", "nobody can ask"),
    ],
)
def test_a_vault_that_lacks_a_role_is_named_with_what_gives_it(
    both: NetworkWorld, label: str, lost: str, said: str
) -> None:
    """What the audit says, and `deploy show`; `deploy settings` gives it."""
    network = both.open()
    assert network.misfits() == []
    timelock = network.suite().timelock.address
    with planted(network):
        vault = network.book.contract(label).address
        call_as(network, timelock, network.suite().roles, "revokeRole", role(lost), vault)
        [shown] = both.open().misfits()
        assert (shown.field, shown.expected) == (f"{label}.{lost}", "the vault holds the role")
        assert said in shown.found
        assert "`deploy settings` grants it, through the timelock" in shown.found
        assert {one.field for one in audit(both.open())} == {shown.field, f"roles.{lost}"}
        assert [(one.name, one.sender) for one in plan_settings(both.open()).steps] == [
            (f"grant-{lost}-{label}", TIMELOCK)
        ]
