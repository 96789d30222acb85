"""Who may hold a stock, how many and how much: each plan's preview is what happens, by whoever may, once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.network_orders import carried_out, keyed_manifest, minted, newcomers, wallet
from support.network_world import NetworkWorld, deployed_world

from scrip import flows
from scrip import instructions as ins
from scrip.chains.evm import EvmNetwork
from scrip.errors import InputError
from scrip.evm.rehearse.forecast import preview_plan
from scrip.evm.rehearse.rehearse import rehearse
from scrip.inputs.batch import read_newcomers
from scrip.manifest.model import Manifest, Rules
from scrip.plan import Plan
from scrip.units import WAD, RawUnits

RUSSIA = 643


def tokens(whole: int) -> RawUnits:
    return RawUnits(whole * WAD, 18)


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NetworkWorld]:
    """The treasury and alice hold MSFT: 60 and 40."""
    with deployed_world(tmp_path_factory.mktemp("network"), keyed_manifest()) as world:
        folder = tmp_path_factory.mktemp("files")
        house = world.open().chain.address("treasury")
        rows = [f"house,{house},CH,institutional,2035-01-01", f"alice,{wallet('alice')},DE,retail,2035-01-01"]
        world.run(flows.investors.onboard(world.open(), read_newcomers(newcomers(folder, *rows))))
        minted(world)
        world.open().ledger().apply(ins.Transfer("MSFT", "treasury", wallet("alice"), tokens(40)))
        world.mark()
        yield world


@pytest.fixture
def world(standing: NetworkWorld) -> Iterator[NetworkWorld]:
    yield standing
    standing.back()


def saying(manifest: Manifest, **said: object) -> Manifest:
    """The manifest, with other rules for MSFT."""
    stock = manifest.stocks["MSFT"].model_copy(update={"rules": Rules(**said)})
    return manifest.model_copy(update={"stocks": {**manifest.stocks, "MSFT": stock}})


def shown(network: EvmNetwork, plan: Plan) -> dict[str, tuple[str, str]]:
    return {one.what: (one.before, one.after) for one in preview_plan(network, plan).changes}


def why(world: NetworkWorld, sender: str, to: str, whole: int = 1) -> tuple[int, str]:
    found = flows.holder_limits.restriction(world.open(), "MSFT", sender, to, tokens(whole))
    return found.code, found.message


def limited(world: NetworkWorld, **limits: object) -> None:
    """Paused, limited and seeded."""
    carried_out(world, flows.fleet.pause(world.open(), "MSFT", True))
    carried_out(world, flows.holder_limits.set_limits(world.open(), "MSFT", **limits))
    carried_out(world, flows.holder_limits.seed(world.open(), "MSFT"))


# --- rules -----------------------------------------------------------------------------------------------------------


def test_a_country_is_shut_out_at_once(world: NetworkWorld) -> None:
    plan = flows.holder_limits.set_rules(world.open(), "MSFT", [276])
    assert [step.sender for step in plan.steps] == ["compliance-desk"]
    seen = shown(world.open(), plan)
    assert seen["MSFT may be held by"][1] == "every class; every country but AS, DE, GU, MP, PR, UM, US, VI"
    carried_out(world, plan)
    assert why(world, "treasury", wallet("alice")) == (10, "receiver not cleared")
    assert why(world, wallet("alice"), "treasury") == (7, "sender not cleared")
    again = flows.holder_limits.set_rules(world.open(), "MSFT", [276])
    assert (again.steps, len(again.same)) == ((), 1)


def test_whom_the_manifest_lets_in_again_waits_for_the_timelock(world: NetworkWorld) -> None:
    carried_out(world, flows.holder_limits.set_rules(world.open(), "MSFT", [RUSSIA], ["retail"]))
    back = flows.holder_limits.set_rules(world.open(), "MSFT")
    assert [step.sender for step in back.steps] == ["timelock"]
    assert rehearse(world.open(), back).ok


def test_rules_that_would_leave_nobody_or_no_stock(world: NetworkWorld) -> None:
    every = ["retail", "professional", "institutional", "venue"]
    with pytest.raises(InputError, match="class: leaves no class"):
        flows.holder_limits.set_rules(world.open(), "MSFT", classes=every)
    with pytest.raises(InputError, match="is no stock of the manifest"):
        flows.holder_limits.set_rules(world.open(), "IBM", [RUSSIA])


def test_a_profile_changes_who_is_cleared(world: NetworkWorld) -> None:
    plan = flows.investors.set_profile(world.open(), "alice", 840, "retail")
    assert shown(world.open(), plan) == {
        "investor alice": (
            "retail, country 276, cleared until 2035-01-01 00:00:00 UTC",
            "retail, country 840, cleared until 2035-01-01 00:00:00 UTC",
        ),
    }
    carried_out(world, plan)
    assert why(world, "treasury", wallet("alice")) == (10, "receiver not cleared")


# --- limits ----------------------------------------------------------------------------------------------------------


def test_limits_on_a_stock_that_is_held_need_a_pause_and_a_count(world: NetworkWorld) -> None:
    plan = flows.holder_limits.set_limits(world.open(), "MSFT", 2)
    refusal = preview_plan(world.open(), plan).refusal
    assert refusal is not None
    assert refusal.name == "holders: not paused"
    carried_out(world, flows.fleet.pause(world.open(), "MSFT", True))
    assert shown(world.open(), plan)["MSFT not counted yet"] == ("none", "100 tokens")
    carried_out(world, plan)
    assert flows.fleet.show(world.open(), "MSFT").facts["holders"] == "0, and 100 tokens NOT COUNTED YET"
    seed = flows.holder_limits.seed(world.open(), "MSFT")
    assert shown(world.open(), seed) == {
        "MSFT holders": ("0 of 2", "2 of 2"),
        "MSFT not counted yet": ("100 tokens", "none"),
    }
    carried_out(world, seed)
    assert not flows.holder_limits.seed(world.open(), "MSFT").steps
    facts = flows.fleet.show(world.open(), "MSFT").facts
    assert (facts["limits"], facts["holders"]) == ("2 holders, each of any amount", "2")


def test_limits_bind_and_say_so_beforehand(world: NetworkWorld, tmp_path: Path) -> None:
    row = f"bob,{wallet('bob')},DE,retail,2035-01-01"
    carried_out(world, flows.investors.onboard(world.open(), read_newcomers(newcomers(tmp_path, row))))
    carried_out(world, flows.fleet.pause(world.open(), "MSFT", True))
    carried_out(world, flows.holder_limits.set_limits(world.open(), "MSFT", 2, tokens(70), tokens(5)))
    assert why(world, "treasury", wallet("alice")) == (2, "stock paused")
    carried_out(world, flows.fleet.pause(world.open(), "MSFT", False))
    assert why(world, "treasury", wallet("alice")) == (14, "holders not counted")
    carried_out(world, flows.fleet.pause(world.open(), "MSFT", True))
    carried_out(world, flows.holder_limits.seed(world.open(), "MSFT"))
    carried_out(world, flows.fleet.pause(world.open(), "MSFT", False))
    assert why(world, "treasury", wallet("alice")) == (0, "no restriction")
    assert why(world, "treasury", wallet("bob"), 20) == (15, "too many holders")
    assert why(world, "treasury", wallet("alice"), 31) == (16, "above the maximum")
    carried_out(world, flows.holder_limits.set_limits(world.open(), "MSFT", minimum=tokens(38)))
    assert why(world, "treasury", wallet("alice"), 23) == (17, "below the minimum")
    assert why(world, wallet("bob"), "treasury") == (11, "balance too small")


def test_limits_are_tightened_at_once_and_loosened_by_the_timelock(world: NetworkWorld) -> None:
    limited(world, most=10, maximum=tokens(1000))
    tighter = flows.holder_limits.set_limits(world.open(), "MSFT", 5)
    assert [step.sender for step in tighter.steps] == ["compliance-desk"]
    assert shown(world.open(), tighter) == {"MSFT holders": ("2 of 10", "2 of 5")}
    carried_out(world, tighter)
    assert not flows.holder_limits.set_limits(world.open(), "MSFT", 5).steps
    looser = flows.holder_limits.set_limits(world.open(), "MSFT", maximum=tokens(0))
    assert [step.sender for step in looser.steps] == ["timelock"]
    both = flows.holder_limits.set_limits(world.open(), "MSFT", 4, tokens(2000))
    assert [step.sender for step in both.steps] == ["compliance-desk", "timelock"]
    ended = flows.holder_limits.set_limits(world.open(), "MSFT")
    assert [(step.sender, step.title) for step in ended.steps] == [("timelock", "end MSFT's limits")]
    assert rehearse(world.open(), ended).ok


def test_the_manifests_limits_are_the_ones_wished_for(world: NetworkWorld) -> None:
    network = world.open(saying(world.manifest, preset="reg-s-no-us", max_holders=7, max_per_investor="80"))
    plan = flows.holder_limits.set_limits(network, "MSFT")
    assert [one.after for one in plan.changes] == ["7 holders, each of at most 80 tokens"]


def test_limits_that_nobody_could_keep(world: NetworkWorld) -> None:
    with pytest.raises(InputError, match="minimum: is more than the maximum, 5"):
        flows.holder_limits.set_limits(world.open(), "MSFT", maximum=tokens(5), minimum=tokens(6))


def test_many_holders_are_counted_in_pages(world: NetworkWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flows.holder_limits, "PAGE", 1)
    carried_out(world, flows.fleet.pause(world.open(), "MSFT", True))
    carried_out(world, flows.holder_limits.set_limits(world.open(), "MSFT", 2))
    plan = flows.holder_limits.seed(world.open(), "MSFT", sender="owner-1")
    assert [(step.name, step.sender) for step in plan.steps] == [
        ("MSFT page 1 of 2", "owner-1"),
        ("MSFT page 2 of 2", "owner-1"),
    ]
    carried_out(world, plan)
    assert world.open().ledger().holders("MSFT") == (2, 0)
