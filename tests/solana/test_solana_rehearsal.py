"""A rehearsal says what a plan would do, and whether that is what was previewed; the cluster never hears of it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import pytest
from solana_network_world import SolanaNetworkWorld, empty_solana_world

from scrip import instructions as ins
from scrip.chains.solana import SolanaNetwork
from scrip.plan import Plan
from scrip.reports.rehearsal import Report
from scrip.solana.addresses import local_address
from scrip.solana.audit import audit
from scrip.solana.rehearse.rehearse import rehearse
from scrip.solana.views import step
from scrip.units import Shares

DAY = 86_400


@dataclass(frozen=True)
class Rehearsed:
    """A world, and what was rehearsed of its deployment before that was carried out."""

    world: SolanaNetworkWorld
    deployment: Report
    sent: int
    """Transactions of the cluster after the rehearsal."""


@pytest.fixture(scope="module")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsed]:
    with empty_solana_world(tmp_path_factory.mktemp("rehearsal")) as world:
        network = world.open()
        plan = network.deployment()
        report, sent = rehearse(network, plan), world.served.ask("getEpochInfo")["transactionCount"]
        world.run(plan)
        yield Rehearsed(world, report, sent)


@pytest.fixture(scope="module")
def world(rehearsed: Rehearsed) -> SolanaNetworkWorld:
    return rehearsed.world


@pytest.fixture
def network(world: SolanaNetworkWorld) -> Iterator[SolanaNetwork]:
    """A network; what was sent to the cluster before a test is all that was sent after it."""
    count = world.served.ask("getEpochInfo")["transactionCount"]
    records = sorted(world.records.rglob("*"))
    yield world.open()
    assert world.served.ask("getEpochInfo")["transactionCount"] == count
    assert sorted(world.records.rglob("*")) == records


def plan_of(network: SolanaNetwork, *orders: ins.RoleInstruction) -> Plan:
    """Orders as a plan, a step each."""
    ledger = network.ledger()
    made = (
        step(f"step {place}", type(one).__name__, one.by, ledger.calls(one), one) for place, one in enumerate(orders)
    )
    return Plan("rehearsal", "r-1", tuple(made))


def lines(report: Report) -> str:
    return "\n".join(report.lines())


def test_a_deployment_ends_as_the_manifest_says(rehearsed: Rehearsed) -> None:
    report = rehearsed.deployment
    assert report.ok, lines(report)
    assert report.notes == ()
    assert (report.stocks, rehearsed.sent) == (2, 0)


def test_what_was_rehearsed_then_stands(network: SolanaNetwork) -> None:
    assert audit(network) == []


def test_an_action_is_as_previewed(network: SolanaNetwork) -> None:
    named = ("MSFT", "SPLF", "split-1")
    at = network.chain.now() + 2 * DAY
    announce = ins.Announce(*named, date(2027, 1, 15), at, 2, 1, by="actions-desk")
    report = rehearse(network, plan_of(network, announce, ins.Schedule(*named, by="actions-desk")))
    assert report.ok, lines(report)
    assert [one.what for one in report.changes] == ["MSFT scheduled", "MSFT action SPLF split-1"]
    assert [one.sender for one in report.steps] == ["actions-desk", "actions-desk"]
    assert all(one.gas > 1_000 for one in report.steps)
    assert "compute units" in lines(report)
    assert report.as_json()["compared"]["stocks"] == 2


def test_a_register_grows_by_whom_the_plan_names(network: SolanaNetwork) -> None:
    names = [f"inv-{number}" for number in range(5)]
    orders = [
        ins.Onboard(name, str(local_address(name)), 756, "professional", 1_900_000_000, by="compliance-desk", key=name)
        for name in names
    ]
    report = rehearse(network, plan_of(network, *orders))
    assert report.ok, lines(report)
    assert {f"investor {name}" for name in names} <= {one.what for one in report.changes}


def test_a_stop_is_said_to_be_what_the_audit_will_find(network: SolanaNetwork) -> None:
    report = rehearse(network, plan_of(network, ins.Pause("MSFT", by="duty-officer")))
    assert report.ok, lines(report)
    assert [one.field for one in report.notes] == ["stocks.MSFT.paused"]


def test_what_the_program_refuses_is_found(network: SolanaNetwork) -> None:
    """The model's word and the program's: the model refuses it, and so does the program, and nothing follows."""
    wrong = ins.Pause("MSFT", by="compliance-desk")
    report = rehearse(network, plan_of(network, wrong, ins.PauseMarket(by="duty-officer")))
    assert [(one.field, one.expected) for one in report.findings] == [
        ("Pause", "an instruction that may be"),
        ("Pause", "carried out"),
    ]
    assert all("roles: not authorised" in one.found for one in report.findings)
    assert report.steps == ()


def test_a_plan_that_does_something_else_than_its_preview_is_found(network: SolanaNetwork) -> None:
    plan = plan_of(network, ins.SetCeiling("MSFT", Shares.of(7), by="timelock"))
    lying = replace(plan.steps[0], instructions=(ins.SetCeiling("MSFT", Shares.of(8), by="timelock"),))
    report = rehearse(network, replace(plan, steps=(lying,)))
    assert [(one.field, one.expected, one.found) for one in report.findings] == [
        ("state.MSFT ceiling", "8 shares", "7 shares")
    ]


def test_a_plan_that_gives_power_away_is_found(network: SolanaNetwork) -> None:
    roles, signer = network.program.type["Role"], {"signer": network.keys.address("timelock")}
    for role, found in ((roles.Pauser(), "roles.offered"), (roles.QuoteSigner(), "roles.QUOTE_SIGNER")):
        call = network.program.build("offer_role", role, local_address("stranger"), accounts=signer)
        report = rehearse(network, Plan("rehearsal", "r-1", (step("offer", "offer", "timelock", [call]),)))
        assert [one.field for one in report.findings] == [found]
        assert not report.ok
