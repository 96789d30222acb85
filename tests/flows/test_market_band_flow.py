"""A band around a stock's price: from the manifest to the chain, compared by the audit, heard before signing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.network_orders import carried_out, claimed, house
from support.network_world import NetworkWorld, deployed_world, local_manifest

from scrip import flows
from scrip.chains.evm import EvmNetwork
from scrip.errors import Refusal
from scrip.evm.audit.run import audit
from scrip.evm.chain import Contract
from scrip.evm.deploy.settings import plan_settings
from scrip.evm.rpc.signers import LocalSigner
from scrip.inputs.quotes import QuoteFile
from scrip.instructions.base import Side
from scrip.manifest.model import EvmManifest, Price
from scrip.records.quotes import QuoteBook
from scrip.units import WAD, RawUnits, Stablecoin


def priced(band: int) -> EvmManifest:
    manifest = local_manifest()
    assert isinstance(manifest, EvmManifest)
    price = Price(source="mock", basis="share", hours="24/7", max_age="1h", band_bps=1_000, trade_band_bps=band)
    stocks = {**manifest.stocks, "MSFT": manifest.stocks["MSFT"].model_copy(update={"price": price})}
    return manifest.model_copy(update={"stocks": stocks})


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NetworkWorld]:
    """MSFT at 90 dollars, its quotes within 2 %; the treasury is an investor who signs."""
    folder = tmp_path_factory.mktemp("network")
    with deployed_world(folder, priced(200)) as world:
        network = house(world, folder)
        claimed(world)
        source = Contract("MockReserveOracle", network.book.contract("price-MSFT").address)
        network.chain.send(source, "push", 90 * 10**8, sender="deployer")
        world.run(flows.feeds.poke(world.open(), ("MSFT",), "deployer"))
        world.mark()
        yield world


@pytest.fixture
def world(standing: NetworkWorld) -> Iterator[NetworkWorld]:
    yield standing
    standing.back()


def draft(network: EvmNetwork, money: str, side: Side = "mint", override: bool = False, name: str = "q") -> QuoteFile:
    terms = ("MSFT", "treasury", RawUnits(10 * WAD, 18), Stablecoin.parse(money), name, 3_600, "", override)
    return flows.market.draft(network, side, *terms)


def differences(network: EvmNetwork) -> list[str]:
    return [str(one) for one in audit(network) if "trade_band" in one.field]


def test_a_deployment_sets_it_and_the_audit_agrees(standing: NetworkWorld) -> None:
    network = standing.open()
    assert differences(network) == []
    assert not plan_settings(network).steps
    at = network.views().traded_at("MSFT")
    assert at is not None
    assert (at.price, at.band_bps) == (90 * WAD, 200)
    assert network.views().traded_at("AAPL") is None


@pytest.mark.parametrize("side", ["mint", "redeem"])
def test_a_quote_outside_the_band_is_not_signed_and_names_the_band_and_both_prices(
    world: NetworkWorld, side: Side
) -> None:
    network = world.open()
    for money in ("918", "882"):
        assert not draft(network, money, side).signature
    for money, share in (("918.01", "91.801000"), ("881.99", "88.199000")):
        with pytest.raises(Refusal) as caught:
            draft(network, money, side)
        bounds = "within 200 bps that is 88.200000 to 91.800000"
        ends = "--override signs it, and the chain's own band holds"
        told = f"{share} a share, and the price is 90.000000: {bounds}; {ends}"
        assert (caught.value.name, caught.value.detail) == ("market: outside the band", told)


def test_one_that_is_signed_all_the_same_is_noted_and_refused_by_the_chain(world: NetworkWorld, tmp_path: Path) -> None:
    network = world.open()
    quote = draft(network, "930", override=True)
    flows.market.sign_into(network, quote, tmp_path / "q.json")
    (note,) = QuoteBook(network.records.folder).overrides()
    assert {name: note[name] for name in ("reference", "quoted", "price", "band_bps")} == {
        "reference": "q",
        "quoted": "93.000000",
        "price": "90.000000",
        "band_bps": 200,
    }
    signed = network.views().signed_by(quote, LocalSigner("quote-key"))
    refused = flows.market.refusal_of(network, signed)
    assert refused is not None
    assert refused.name == "market: outside the band"
    assert [one["id"] for one in QuoteBook(network.records.folder).all()] == ["q"]


def test_one_within_it_is_carried_out_and_none_later_than_its_price(world: NetworkWorld) -> None:
    network = world.open()
    signed = network.views().signed_by(draft(network, "900"), LocalSigner("quote-key"))
    assert flows.market.refusal_of(network, signed) is None
    assert world.run(flows.market.submit(network, signed, "treasury")).changed
    world.open().chain.advance_to(world.open().chain.now() + 3_600)
    late = draft(world.open(), "900", "redeem", name="later")
    refused = flows.market.refusal_of(world.open(), late)
    assert refused is not None
    assert refused.name == "feeds: not poked"


def test_the_pauser_narrows_and_the_timelock_widens(world: NetworkWorld) -> None:
    narrow = priced(100)
    assert differences(world.open(narrow)) == [
        "critical: stocks.MSFT.price.trade_band_bps: expected 100 bps, found 200 bps"
    ]
    plan = plan_settings(world.open(narrow), "narrow")
    assert [(step.function, step.sender) for step in plan.steps] == [("setBand", narrow.role_holders("PAUSER")[0])]
    carried_out(world, plan)
    assert differences(world.open(narrow)) == []
    for wide in (priced(101), priced(0)):
        assert differences(world.open(wide))[0].startswith("drift: stocks.MSFT.price.trade_band_bps")
        plan = plan_settings(world.open(wide), "wide")
        assert [(step.function, step.sender) for step in plan.steps] == [("setBand", "timelock")]
