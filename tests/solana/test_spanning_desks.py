"""Operations of two real chains, an anvil and a cluster behind its endpoint, through the desks that operators have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from desk_cli import SCRIPTS, Cli, fresh
from desk_world import DeskWorld, deployed_world
from solana_desk_world import START, SolanaDeskWorld, deployed_solana_world

from scrip import instructions as ins
from scrip.execute import Executor
from scrip.preview import Preview
from scrip.spanning.actions import CalledOff, SpanningAction
from scrip.spanning.audit import one_sided
from scrip.spanning.ceilings import CeilingMove
from scrip.spanning.desks import DeskSide, side_of
from scrip.units import WAD, Shares

DAY = 86_400
AT = START + 9 * DAY
EX = date(2027, 1, 24)
ISINS = {"MSFT": "US5949181045", "AAPL": "US0378331005"}
ORDERS = [("local", "solana-local"), ("solana-local", "local")]


class Crash(BaseException):
    """The process ends here."""


@dataclass
class Both:
    """Two networks with the same stocks, whose desks share a folder of records."""

    local: DeskWorld
    solana: SolanaDeskWorld

    @property
    def records(self) -> Path:
        """Where both keep them."""
        return self.local.records

    def sides(self, order: Sequence[str] = ORDERS[0]) -> list[DeskSide]:
        """Both desks, as the next command would find them."""
        found = {"local": side_of(self.local.open()), "solana-local": side_of(self.solana.open())}
        return [found[name] for name in order]

    def action(self, stock: str, code: str, reference: str, sides: Sequence[DeskSide] = ()) -> SpanningAction:
        return SpanningAction(sides or self.sides(), self.records, ISINS[stock], code, reference)

    def run(self, side: DeskSide, order: ins.Announce | ins.Schedule | ins.Cancel) -> None:
        """Carry an order out on one network alone."""
        Executor(side.desk).run(side.plan(order))


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    folder = tmp_path_factory.mktemp("spanning")
    with deployed_world(folder) as local, deployed_solana_world(folder) as solana:
        assert local.records == solana.records
        yield Both(local, solana)


def split(stock: str, reference: str, at: int = AT) -> ins.Announce:
    return ins.Announce(stock, "SPLF", reference, EX, at, 2, 1)


def statuses(action: SpanningAction) -> list[str]:
    return [one.status for one in action.standings()]


def found(both: Both) -> list[tuple[str, str]]:
    return [(one.field, one.severity) for one in one_sided(both.sides())]


def ceilings(both: Both, order: Sequence[str] = ORDERS[0]) -> list[int]:
    return [side.ceiling("MSFT").to_wad() // WAD for side in both.sides(order)]


def move(both: Both, order: Sequence[str], reference: str) -> CeilingMove:
    """A thousand shares from one ceiling to the other."""
    return CeilingMove(*both.sides(order), both.records, ISINS["MSFT"], Shares.of(1_000), reference)


def test_a_dividend_is_announced_scheduled_and_cancelled_as_one(both: Both) -> None:
    named = ("MSFT", "DRIP", "dividend-1")
    announce = ins.Announce(*named, EX, AT, gross=3 * WAD, pay=AT + DAY)
    assert found(both) == []
    assert both.action(*named).announce(announce)
    assert not both.action(*named).announce(announce)
    assert both.action(*named).schedule(ins.Schedule(*named, 30 * WAD))
    one, other = both.action(*named).standings()
    assert one == other
    assert (one.status, one.effective_at, one.price) == ("scheduled", AT, 30 * WAD)
    assert one.withheld + one.net == 3 * WAD
    assert not both.action(*named).schedule(ins.Schedule(*named, 30 * WAD))
    assert found(both) == []
    order = ins.Cancel(*named, 7, "order-1")
    assert both.action(*named).cancel(order)
    assert statuses(both.action(*named)) == ["cancelled", "cancelled"]
    assert not both.action(*named).cancel(order)
    assert found(both) == []


@pytest.mark.parametrize("order", ORDERS, ids=" ".join)
def test_what_the_second_chain_refuses_is_cancelled_on_the_first(
    both: Both, order: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second chain's slot is taken, which its model would say: here it says nothing, and the chain itself does."""
    reference, taken = f"split {order[0]}", ("AAPL", "SPLF", f"taken {order[1]}")
    second = both.sides(order)[1]
    both.run(second, split("AAPL", taken[2], AT + DAY))
    both.run(second, ins.Schedule(*taken))
    sides = both.sides(order)
    action = both.action("AAPL", "SPLF", reference, sides)
    action.announce(split("AAPL", reference))
    monkeypatch.setattr(sides[1], "preview", lambda _: Preview(()))
    with pytest.raises(CalledOff, match=f"{order[1]}.*slot taken"):
        action.schedule(ins.Schedule("AAPL", "SPLF", reference))
    again = both.action("AAPL", "SPLF", reference, both.sides(order))
    assert statuses(again) == ["cancelled", "cancelled"]
    assert again.called_off is not None
    assert [side.multiplier("AAPL").effective_at for side in both.sides(order)] == [0, AT + DAY]
    both.run(both.sides(order)[1], ins.Cancel(*taken, 1, "the end"))


def test_a_run_that_ended_between_the_chains_is_finished_by_the_next(both: Both) -> None:
    reference = "split crash"
    both.action("MSFT", "SPLF", reference).announce(split("MSFT", reference))

    def crash(side: DeskSide, _plan: object) -> None:
        if side.manifest.network == "solana-local":
            raise Crash

    action = both.action("MSFT", "SPLF", reference)
    action.watch = crash
    with pytest.raises(Crash):
        action.schedule(ins.Schedule("MSFT", "SPLF", reference))
    assert statuses(both.action("MSFT", "SPLF", reference)) == ["scheduled", "announced"]
    # A multiplier is pending on one chain only.
    assert found(both) == [
        (f"spanning.MSFT.SPLF.{reference}.solana-local", "critical"),
        ("spanning.MSFT.pending.solana-local", "critical"),
    ]
    assert both.action("MSFT", "SPLF", reference).schedule(ins.Schedule("MSFT", "SPLF", reference))
    assert found(both) == []
    both.action("MSFT", "SPLF", reference).cancel(ins.Cancel("MSFT", "SPLF", reference, 1, "the end"))


def test_what_one_chain_has_alone_is_found(both: Both) -> None:
    reference, place = "alone", 1
    side = both.sides()[place]
    both.run(side, split("MSFT", reference))
    other = ORDERS[0][1 - place]
    assert found(both) == [(f"spanning.MSFT.SPLF.{reference}.{other}", "drift")]
    both.run(side, ins.Schedule("MSFT", "SPLF", reference))
    assert (f"spanning.MSFT.SPLF.{reference}.{other}", "critical") in found(both)
    both.run(side, ins.Cancel("MSFT", "SPLF", reference, 1, "the end"))
    assert found(both) == []


def test_shares_leave_one_ceiling_before_they_arrive_in_the_other(both: Both) -> None:
    order = ORDERS[1]

    def crash(side: DeskSide, _plan: object) -> None:
        if side.manifest.network == order[1]:
            raise Crash

    before = ceilings(both, order)
    first = move(both, order, "move-0")
    first.watch = crash
    with pytest.raises(Crash):
        first.carry_out()
    assert ceilings(both, order) == [before[0] - 1_000, before[1]]
    assert move(both, order, "move-0").carry_out()
    assert ceilings(both, order) == [before[0] - 1_000, before[1] + 1_000]
    assert not move(both, order, "move-0").carry_out()
    assert move(both, ORDERS[0], "back-0").carry_out()
    assert ceilings(both, order) == before


# --- through the commands ---

ISSUER = "issuer: Example Securities AG\n"


@pytest.fixture
def cli(both: Both, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Commands in a folder whose manifests span each other."""
    folder = both.records.parent
    fresh(folder)
    for name, other in ORDERS:
        path = folder / f"manifests/{name}.yaml"
        path.write_text(path.read_text().replace(ISSUER, f"{ISSUER}spans: [{other}]\n"))
    monkeypatch.chdir(folder)
    monkeypatch.setenv("SCRIP_LOCAL_RPC", both.local.url)
    monkeypatch.setenv("SCRIP_SOLANA_LOCAL_RPC", both.solana.served.url)
    return Cli(both.local)


def commands_of(section: str) -> list[str]:
    """The commands of a section of the runbook."""
    text = (SCRIPTS / "README.md").read_text(encoding="utf-8").partition(f"## {section}\n")[2].partition("\n## ")[0]
    found = re.findall(r"^ape run (.*)$", text, flags=re.M)
    assert found, section
    return found


def test_the_runbook_does_what_it_says_on_both(both: Both, cli: Cli) -> None:
    before = ceilings(both)
    for line in commands_of("What several networks have"):
        said = cli.run(f"{line} --yes" if "--apply" in line else line)
        assert said.code == 0, (line, said)
    assert ceilings(both) == [before[0] - 1_000, before[1] + 1_000]
    assert statuses(both.action("MSFT", "SPLF", "split-2027")) == ["cancelled", "cancelled"]
    assert move(both, ORDERS[1], "back-1").carry_out()


def test_a_plan_shows_what_every_network_would_do_and_sends_nothing(both: Both, cli: Cli) -> None:
    line = "action announce MSFT SPLF split-plan --ex 2027-01-24 --effective 2027-01-24T08:00:00Z --new 2 --old 1"
    plan = cli.done(line)
    assert plan["networks"] == ["local", "solana-local"]
    assert [step["title"].partition(":")[0] for step in plan["steps"]] == ["local", "solana-local"]
    assert statuses(both.action("MSFT", "SPLF", "split-plan")) == ["unknown", "unknown"]
    refused = cli.run(f"{line} --propose file.json")
    assert refused.code == 64
    assert "propose it --alone" in refused.err


def test_the_audit_of_either_tells_what_the_other_has_alone(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    line = "action announce AAPL SPLF split-alone --ex 2027-01-24 --effective 2027-01-24T08:00:00Z --new 2 --old 1"
    cli.done(f"{line} --network solana-local --alone --apply")
    for network in ORDERS[0]:
        said = cli.run(f"audit chain --network {network} --json")
        assert said.code == 3
        assert [one["what"] for one in said.object["drift"]] == ["spanning.AAPL.SPLF.split-alone.local"]
    cli.done("action cancel AAPL SPLF split-alone --reason 7 --document order-1 --apply")
    assert cli.run("audit chain").code == 0
    monkeypatch.setenv("SCRIP_SOLANA_LOCAL_RPC", "http://127.0.0.1:9")
    said = cli.run("audit chain --json")
    assert [(one["what"], one["severity"]) for one in said.object["drift"]] == [("spanning.solana-local", "unproven")]


def test_a_manifest_beside_that_does_not_answer_in_kind_is_said(cli: Cli) -> None:
    path = cli.folder / "manifests/solana-local.yaml"
    path.write_text(path.read_text().replace("spans: [local]\n", ""))
    said = cli.run("action cancel MSFT SPLF split-1 --reason 1 --document d")
    assert said.code == 1
    assert "solana-local.yaml: spans: does not name local" in said.err


def test_shares_go_where_a_manifest_says(cli: Cli) -> None:
    said = cli.run("market move-ceiling MSFT 1 --to mainnet --reference m-9")
    assert said.code == 64
    assert "is no network that local spans" in said.err
