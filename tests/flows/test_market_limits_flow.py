"""Limits of trades: from the manifest to the chain, compared by the audit, and heard before a quote is signed."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from support.network_orders import carried_out, claimed, house
from support.network_world import NetworkWorld, deployed_world, local_manifest

from scrip import flows
from scrip.chains.evm import EvmNetwork
from scrip.errors import InputError
from scrip.evm.audit.run import audit
from scrip.evm.deploy.settings import plan_settings
from scrip.evm.rpc.signers import LocalSigner
from scrip.manifest.model import EvmLimits, EvmManifest, MarketLimit
from scrip.units import WAD, RawUnits, Stablecoin

WIDE = EvmLimits(
    issuer=MarketLimit(net="5000", gross="20000"),
    stock=MarketLimit(gross="1000.50", window="12h"),  # type: ignore[arg-type]
    investor=MarketLimit(net="800"),
)


def limited(limits: EvmLimits) -> EvmManifest:
    manifest = local_manifest()
    assert isinstance(manifest, EvmManifest)
    return manifest.model_copy(update={"limits": limits})


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NetworkWorld]:
    """Deployed with limits; the treasury is an investor who signs."""
    folder = tmp_path_factory.mktemp("network")
    with deployed_world(folder, limited(WIDE)) as world:
        house(world, folder)
        claimed(world)
        world.mark()
        yield world


@pytest.fixture
def world(standing: NetworkWorld) -> Iterator[NetworkWorld]:
    yield standing
    standing.back()


def trade(world: NetworkWorld, cents: int, reference: str, side: str = "mint", amount: int = 10) -> None:
    network = world.open()
    views = network.views()
    terms = ("MSFT", "treasury", RawUnits(amount * WAD, 18), Stablecoin(cents * 10**4), reference, 3_600)
    quote = flows.market.draft(network, side, *terms)  # type: ignore[arg-type]
    signed = views.signed_by(quote, LocalSigner("quote-key"))
    world.run(flows.market.submit(network, signed, "treasury"))


def differences(network: EvmNetwork) -> list[str]:
    return [str(one) for one in audit(network) if one.field.startswith("limits")]


def test_a_deployment_sets_them_and_the_audit_agrees(standing: NetworkWorld) -> None:
    network = standing.open()
    assert [str(one.limits) for one in network.views().trading_limits("MSFT", "treasury")] == [
        "5000.00 net, 20000.00 gross within 86400 s",
        "1000.50 gross within 43200 s",
        "800.00 net within 86400 s",
    ]
    assert differences(network) == []
    assert not plan_settings(network).steps


def test_a_quote_over_a_limit_is_not_signed_and_says_whose_what_is_left_and_from_when(world: NetworkWorld) -> None:
    trade(world, 70_000, "a")
    found = flows.market.rooms(world.open(), "MSFT", "treasury")
    assert (found[0].scope, found[0].mint, found[0].redeem) == ("issuer", "4300.00", "5700.00")
    assert re.fullmatch(r"300\.5\d", found[1].mint)
    with pytest.raises(InputError) as caught:
        trade(world, 35_000, "b")
    said = str(caught.value)
    assert "settlement: is over the stock's limit, 1000.50 gross within 43200 s: 300.5" in said
    assert "is left now, there is room for it from 20" in said
    with pytest.raises(InputError, match=r"over the investor's limit, 800\.00 net within 86400 s: 100"):
        trade(world, 20_000, "b")
    with pytest.raises(InputError, match="it never fits: split it"):
        trade(world, 100_051, "b", side="redeem")
    trade(world, 10_000, "b", side="redeem", amount=1)


def test_the_pauser_tightens_and_the_timelock_loosens(world: NetworkWorld) -> None:
    tight = limited(WIDE.model_copy(update={"stock": MarketLimit(gross="10", window="24h")}))  # type: ignore[arg-type]
    network = world.open(tight)
    assert "critical: limits.stock of MSFT: expected 10.00 gross within 86400 s, found 1000.50" in "\n".join(
        differences(network)
    )
    plan = plan_settings(network, "tight")
    assert {(step.function, step.sender) for step in plan.steps} == {("setLimit", tight.role_holders("PAUSER")[0])}
    carried_out(world, plan)
    assert differences(world.open(tight)) == []
    loose = plan_settings(world.open(limited(EvmLimits())), "loose")
    assert {(step.function, step.sender) for step in loose.steps} == {("setLimit", "timelock")}
    assert "drift: limits.issuer: expected no limit, found 5000.00 net" in "\n".join(
        differences(world.open(limited(EvmLimits())))
    )
