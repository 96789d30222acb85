"""A manifest names to whom coins leave the treasury: deployed, audited, changed, and paid; nobody is paid otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from solana_network_world import SolanaNetworkWorld, deployed_solana_world, solana_manifest

from scrip import flows
from scrip import instructions as ins
from scrip.errors import InputError
from scrip.instructions.base import TREASURY
from scrip.manifest.checks import check
from scrip.manifest.model import SolanaManifest
from scrip.manifest.settlement import Outflow
from scrip.reports.findings import Finding
from scrip.solana.audit import audit
from scrip.units import Stablecoin

SYMBOL = "USDC"


def manifest_with(account: str = "custodian", daily: str = "1000", symbol: str = SYMBOL, **more: Any) -> SolanaManifest:
    """The manifest with a custodian of its coin."""
    manifest = solana_manifest()
    assert isinstance(manifest, SolanaManifest)
    out = {symbol: Outflow(account=account, daily=daily)} if account else {}
    settlement = manifest.settlement.model_copy(update={"custodians": out})
    return manifest.model_copy(update={"settlement": settlement, **more})


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SolanaNetworkWorld]:
    with deployed_solana_world(tmp_path_factory.mktemp("treasury"), manifest_with()) as found:
        found.mark()
        yield found


@pytest.fixture
def world(built: SolanaNetworkWorld) -> SolanaNetworkWorld:
    """As it was deployed, for each test."""
    built.back()
    return built


def drift(world: SolanaNetworkWorld, manifest: SolanaManifest) -> dict[str, Finding]:
    """What an audit says of custodians, by field."""
    found = audit(world.open(manifest))
    return {one.field: one for one in found if one.field.startswith("settlement.custodians")}


def money(amount: str) -> Stablecoin:
    return Stablecoin.parse(amount)


def test_what_the_manifest_names_is_deployed_and_paid_within_the_day(world: SolanaNetworkWorld) -> None:
    assert drift(world, manifest_with()) == {}
    assert "where USDC leaves the treasury to" in world.open().settings("again").same
    world.open().ledger().apply(ins.FundStablecoin(TREASURY, money("5000")))
    assert [str(one) for one in flows.market_treasury.leaving(world.open())] == [
        "USDC to custodian: 1000 a day, 1000 now"
    ]
    plan = flows.market_treasury.withdraw(world.open(), SYMBOL, money("600"), "first")
    assert [(one.what, one.before, one.after) for one in plan.changes] == [("treasury's USDC", "5000", "4400")]
    assert world.open().preview(plan).refusal is None
    assert world.run(plan).changed
    ledger = world.open().ledger()
    assert (ledger.stablecoin("custodian"), ledger.stablecoin(TREASURY)) == (money("600"), money("4400"))
    # The same order again is done, another under its reference is refused, and so is more than is left.
    again = flows.market_treasury.withdraw(world.open(), SYMBOL, money("300"), "first 2")
    world.run(again)
    assert not world.run(again).changed
    with pytest.raises(InputError, match="of other terms"):
        flows.market_treasury.withdraw(world.open(), SYMBOL, money("1"), "first")
    with pytest.raises(InputError, match="over what may leave now"):
        flows.market_treasury.withdraw(world.open(), SYMBOL, money("101"), "third")
    with pytest.raises(InputError, match="no coin of"):
        flows.market_treasury.withdraw(world.open(), "EURC", money("1"))


def test_another_custodian_waits_for_the_settings(world: SolanaNetworkWorld) -> None:
    for wished, field, severity in (
        (manifest_with("duty-officer"), "account", "critical"),
        (manifest_with(daily="900"), "daily", "critical"),
        (manifest_with(daily="1100"), "daily", "drift"),
        (manifest_with(""), "account", "critical"),
    ):
        found = drift(world, wished)
        assert {one: finding.severity for one, finding in found.items()} == {
            f"settlement.custodians.USDC.{field}": severity
        }
    wished = manifest_with("duty-officer", "20")
    world.run(world.open(wished).settings("another"))
    assert drift(world, wished) == {}
    world.run(world.open(manifest_with("")).settings("none"))
    assert drift(world, manifest_with("")) == {}
    with pytest.raises(InputError, match="over what may leave"):
        flows.market_treasury.withdraw(world.open(), SYMBOL, money("0.000001"), "after")


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({"account": "deployer"}, "the deployer holds nothing"),
        ({"account": "nobody"}, "is no account of this manifest"),
        ({"symbol": "EURC"}, "is no coin of settlement.assets"),
        ({"daily": ""}, "is missing"),
    ],
)
def test_a_custodian_is_an_account_and_its_coin_settles(bad: dict[str, str], said: str) -> None:
    assert any(said in str(fault) for fault in check(manifest_with(**bad), "solana-local"))
