"""A deployment whose manifest has prices from the start, in pieces: the feed, its sources, and what lenders read."""

from __future__ import annotations

from pathlib import Path

from support.network_world import empty_world, local_manifest

from scrip import flows
from scrip.evm.audit import audit
from scrip.evm.deploy.deployment import plan_deployment
from scrip.evm.deploy.settings import plan_settings
from scrip.manifest.model import EvmManifest
from scrip.manifest.prices import Price, Sequencer, Stream
from scrip.plan import Plan

TWO_SOURCES = Price(
    source="mock",
    basis="share",
    max_age="1h",
    band_bps=1_000,
    second="mock",
    second_basis="raw",
    deviation_bps=50,
    adapters=(6, 18),
)
STREAM = Stream(verifier="mock", feed_id="0x000a" + "01" * 30)
THEORETICAL = Price(source="stream", basis="raw", max_age="1h", band_bps=1_000, hours="24/7", stream=STREAM)


def manifest(**more: object) -> EvmManifest:
    found = local_manifest()
    assert isinstance(found, EvmManifest)
    prices = {"MSFT": TWO_SOURCES, "AAPL": THEORETICAL}
    stocks = {name: stock.model_copy(update={"price": prices[name]}) for name, stock in found.stocks.items()}
    return found.model_copy(update={"stocks": stocks, "sequencer": Sequencer(feed="mock", grace="1h"), **more})


def test_whatever_was_interrupted_the_rest_is_the_rest_and_the_audit_asks_for_sessions_alone(tmp_path: Path) -> None:
    with empty_world(tmp_path, manifest()) as world:
        count = len(plan_deployment(world.open()).steps)
        for _ in range(0, count, 7):
            rest = plan_deployment(world.open())
            world.run(Plan(rest.name, rest.reference, rest.steps[:7]))
        assert plan_deployment(world.open()).steps == plan_settings(world.open()).steps == ()
        assert [one.field for one in audit(world.open())] == ["calendar.XNAS"]
        shown = {one.stock: one.facts["judged by"] for one in flows.feeds.show(world.open())}
        assert "price-MSFT-second of raw units within 50 bps" in shown["MSFT"]
        assert "price-AAPL of raw units" in shown["AAPL"]
        assert shown["AAPL"].endswith("24/7")
        # Who takes a price out of the manifest is told that it is still there; the uptime feed is taken out by a plan.
        without = local_manifest()
        assert isinstance(without, EvmManifest)
        found = [(one.field, one.severity) for one in audit(world.open(without))]
        expected = ["sequencer.feed", *(f"stocks.{stock}.price" for stock in ("AAPL", "MSFT"))]
        assert found == [(field, "critical") for field in expected]
        (step,) = plan_settings(world.open(manifest(sequencer=None))).steps
        assert (step.sender, step.function) == ("timelock", "setSequencer")
        assert flows.feeds.poke(world.open(), (), "deployer").same == (
            "MSFT: feeds: bad answer, nothing is agreed",
            "AAPL: feeds: bad answer, nothing is agreed",
        )
