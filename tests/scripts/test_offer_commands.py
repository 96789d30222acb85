"""Offers by command: a tender offer from its announcement to the last claim, a rights issue to the end of its rights.

Above 5 CPU-seconds: a deployment of its own, and two offers that go through every command.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from operator import sub
from pathlib import Path
from typing import Any

import pytest
from support.desk_people import buy, give_coins, onboard
from support.kept_desk import KeptDesk, opened_desk
from support.network_cli import Cli
from support.network_orders import attest
from support.runbook import follow

from scrip.evm.audit.run import audit
from scrip.labels import OFFERS

UNIT, DAY = 10**18, 86_400
EX, RECORD = "2027-01-19", 1_800_369_000
MEETING = """stock: MSFT
CAEV: MEET
CORP: agm
RDTE: 2027-01-19T14:30:00Z
MKDT: 2027-01-27T22:00:00Z
MEET: 2027-01-28T16:00:00Z
document: the notice
"""
TENDER = """stock: MSFT
CAEV: TEND
CORP: buyback
MKDT: {deadline}
PAYD: {pay}
OFFR: USD 400
QTSO: "{most}"
asset: USDC
"""
RIGHTS = """stock: MSFT
CAEV: RHTS
CORP: rights
XDTE: {ex}
MKDT: {deadline}
PAYD: {pay}
EXPI: {pay}
OFFR: USD 1.5
NEWO: "1:4"
other: {other}
asset: USDC
"""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptDesk]:
    """A desk with offers, where owner-1 and owner-2 hold 50 tokens each."""
    with opened_desk(tmp_path_factory.mktemp("offers"), edited, ready) as cli:
        yield KeptDesk(cli)


@pytest.fixture
def desk(kept: KeptDesk) -> Cli:
    """As it was made ready, for each test."""
    return kept.again()


def edited(content: dict[str, Any]) -> None:
    content["dividends"] = {"tax": "custodian"}
    content["offers"] = {}
    content["voting"] = {"custodian": "First Custody Bank", "safekeeping_account": "123-456"}


def ready(cli: Cli) -> None:
    attest(cli.world.open(), 200)
    onboard(cli, {"owner-1": ("DE", "professional"), "owner-2": ("JP", "retail"), "owner-3": ("CH", "retail")})
    give_coins(cli, "owner-1", "owner-2")
    buy(cli, "owner-1", "owner-2")
    attest(cli.world.open(), 200, "AAPL")
    buy(cli, "owner-1", stock="AAPL", suffix="-rights")


def day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_the_deployment_is_what_the_manifest_says(desk: Cli) -> None:
    assert [str(one) for one in audit(desk.world.open()) if "offer" in str(one)] == []


def test_a_tender_offer_from_the_announcement_to_the_last_claim(desk: Cli) -> None:
    network = desk.world.open()
    now = network.chain.now()
    deadline, pay = now + 20 * DAY, now + 22 * DAY
    Path("tender.yaml").write_text(TENDER.format(deadline=day(deadline), pay=day(pay), most=20))
    desk.done("action announce tender.yaml --apply")
    assert "has no offer of MSFT" in desk.run("offer show MSFT buyback").err
    assert "is no announced action" in desk.run("offer open MSFT nothing").err
    said = desk.run("offer open MSFT buyback")
    assert "holders of MSFT choose in TEND buyback" in said.out
    desk.done("offer open MSFT buyback --apply")
    assert "is open, as 0x" in desk.run("offer open MSFT buyback").out
    token = network.ledger().stocks["MSFT"].token
    held = {one: network.chain.call(token, "balanceOf", network.chain.address(one)) for one in ("owner-1", "owner-2")}
    desk.done("offer tender MSFT buyback owner-1 30 --apply")
    desk.done("offer tender MSFT buyback owner-2 5 --apply")
    desk.done("offer withdraw MSFT buyback owner-2 --apply")
    assert "has nothing in MSFT buyback" in desk.run("offer withdraw MSFT buyback owner-2").out
    desk.done("offer sign MSFT buyback owner-2 10 --out choice.json --here")
    assert json.loads(Path("choice.json").read_text())["typed"]["message"]["units"] == str(10 * UNIT)
    desk.done("offer relay choice.json --as owner-3 --apply")
    assert "was handed in" in desk.run("offer relay choice.json --as owner-3").out
    assert desk.run("offer operator owner-3").code == 64
    assert "is the account itself" in desk.run("offer operator owner-2 --as owner-2").err
    desk.done("offer operator owner-3 --as owner-2 --apply")
    assert "owner-3 acts for owner-2 in offers" in desk.run("offer operator owner-3 --as owner-2").out
    assert "offer 0x" in desk.run("action history MSFT").out
    cancelled = desk.run("action cancel MSFT TEND buyback --reason 9 --document minutes").out
    assert "open, 40 units and 0 more were chosen" in cancelled
    desk.done("offer stop MSFT buyback --apply")
    assert desk.run("offer tender MSFT buyback owner-1 1").code == 1
    desk.signed("offer resume MSFT buyback", "resume.json")
    shown = desk.done("offer show MSFT buyback")["offer"]
    assert (shown["status"], shown["total"], shown["needed"]) == ("open", 40 * UNIT, 8_000 * 10**6)
    assert [(one["taken"], one["coins"]) for one in shown["positions"]] == [
        (15 * UNIT, 6_000 * 10**6),
        (5 * UNIT, 2_000 * 10**6),
    ]
    assert "takes choices until" in desk.run("offer fund MSFT buyback").err
    assert "`offer fund` comes first" in desk.run("offer settle MSFT buyback").err
    desk.pass_time(deadline + 1 - network.chain.now())
    give_coins(desk, "treasury")
    desk.done("offer fund MSFT buyback --apply")
    desk.done("offer settle MSFT buyback --apply")
    assert "is settled and collected" in desk.run("offer settle MSFT buyback").out
    desk.pass_time(pay - network.chain.now())
    desk.done("offer claim MSFT buyback owner-2 --as owner-3 --apply")
    desk.done("offer operator owner-3 --revoke --as owner-2 --apply")
    desk.done("offer claim MSFT buyback --apply")
    assert "is left to be fetched" in desk.run("offer claim MSFT buyback").out
    for one, taken in (("owner-1", 15), ("owner-2", 5)):
        assert network.chain.call(token, "balanceOf", network.chain.address(one)) == held[one] - taken * UNIT
    assert "stays until" in desk.run("offer sweep MSFT buyback --reason 9 --document minutes").out
    assert "is funded" in desk.run("offer cancel MSFT buyback --reason 9 --document minutes").out
    assert "price with its right" not in desk.run("offer show MSFT buyback").out
    assert "is of a rights issue alone" in desk.run("offer show MSFT buyback --cum 10").err


def test_the_runbook_s_tender_offer(desk: Cli) -> None:
    """As the runbook has it, to the last claim. By hand, of 40 tokens 20 at most are bought at 400: owner-1, of its 30,
    15 for 6,000, owner-2, of its 10, 5 for 2,000."""
    network = desk.world.open()
    now = network.chain.now()
    deadline, pay = now + 20 * DAY, now + 22 * DAY
    text = TENDER.replace("buyback", "buyback-2027").format(deadline=day(deadline), pay=day(pay), most=20)
    Path("tender.yaml").write_text(text)
    give_coins(desk, "treasury")
    before = {one: holding(desk, one) for one in ("owner-1", "owner-2", "treasury")}

    def meanwhile(line: str) -> None:
        network.chain.advance_to({"# the deadline is past": deadline + 1, "# pay has come": pay}[line])

    said = follow(desk, "An offer that holders answer with units", tool=meanwhile)
    assert "funded" in said[-1]
    got = {one: tuple(map(sub, holding(desk, one), before[one])) for one in before}
    coin = 10**6
    assert got == {
        "owner-1": (-15 * UNIT, 6_000 * coin),
        "owner-2": (-5 * UNIT, 2_000 * coin),
        "treasury": (0, -8_000 * coin),
    }
    network = desk.world.open()
    assert network.ledger().balance("MSFT", OFFERS).value == 0


def holding(cli: Cli, account: str) -> tuple[int, int]:
    """Raw units of MSFT and coins."""
    ledger = cli.world.open().ledger()
    return ledger.balance("MSFT", account).value, ledger.stablecoin(account).value


def looked_up(cli: Cli, folder: str) -> tuple[dict[str, int], dict[str, int]]:
    """Who has how much at this second, by a register that is built now; and what of it an offer's rule gave them."""
    network = cli.world.open()
    now = network.chain.now()
    cli.pass_time(60)
    cli.done(f"register build MSFT --record {day(now + 1)} --out {folder}")
    names = {network.chain.address(one).lower(): one for one in ("owner-1", "owner-2", "owner-3")}
    assert network.suite().offers is not None
    names[network.suite().offers.address.lower()] = "the escrow"
    held = csv.DictReader(Path(folder, "holders.csv").read_text().splitlines())
    rows = list(csv.DictReader(Path(folder, "allocations.csv").read_text().splitlines()))
    assert {row["rule"] for row in rows} <= {"offered"}
    given = {names[row["account"]]: int(row["units"]) for row in rows}
    return {names[row["account"]]: int(row["units"]) for row in held if int(row["units"])}, given


def test_units_in_an_offer_are_their_holders_in_registers_dividends_and_votes(desk: Cli) -> None:
    """By hand, 50 tokens each. While it takes choices all that was tendered is the holders'; once it is funded the 15
    and 5 that are bought are nobody's, the rest theirs until they fetch it, and a withdrawal is theirs at once."""
    network = desk.world.open()
    now = network.chain.now()
    deadline, pay = now + 20 * DAY, now + 22 * DAY
    Path("tender.yaml").write_text(TENDER.format(deadline=day(deadline), pay=day(pay), most=20))
    Path("agm.yaml").write_text(MEETING)
    Path("agenda.yaml").write_text(
        "title: AGM\nuri: https://example.com/agm\nresolutions: [{label: '1', title: One}]\n"
    )
    desk.done("action announce tender.yaml --apply")
    desk.done("action announce agm.yaml --apply")
    desk.done(f"dividend announce MSFT q1 --ex {EX} --gross 0.83 --pay 2027-01-29T12:00:00Z --apply")
    desk.done("offer open MSFT buyback --apply")
    for one, units in (("owner-1", 30), ("owner-2", 10), ("owner-2", 12)):
        desk.done(f"offer tender MSFT buyback {one} {units} --apply")
    assert looked_up(desk, "tendered") == (
        {"owner-1": 50 * UNIT, "owner-2": 50 * UNIT},
        {"owner-1": 30 * UNIT, "owner-2": 22 * UNIT},
    )
    desk.done("offer withdraw MSFT buyback owner-2 --apply")
    assert looked_up(desk, "withdrawn") == ({"owner-1": 50 * UNIT, "owner-2": 50 * UNIT}, {"owner-1": 30 * UNIT})
    desk.done("offer tender MSFT buyback owner-2 10 --apply")

    # The record of a dividend and a meeting: both are paid and vote with what they tendered, and the escrow with none.
    network.chain.advance_to(RECORD)
    desk.pass_time(60)
    desk.done(f"register build MSFT --ex {EX} --out reg")
    desk.done("dividend root MSFT q1 --register reg --out q1")
    rows = csv.DictReader(Path("q1", "dividend.csv").read_text().splitlines())
    accounts = [network.chain.address(one).lower() for one in ("owner-1", "owner-2")]
    assert {row["account"]: int(row["gross"]) for row in rows} == dict.fromkeys(accounts, 41_500_000)
    desk.done("vote open MSFT agm --register reg --agenda agenda.yaml --apply")
    desk.done("vote cast MSFT agm owner-1 --register reg --for 1 --apply")
    [one] = desk.done("vote show MSFT agm")["vote"]["resolutions"]
    assert one["votes"]["for"] == str(50 * UNIT)

    network.chain.advance_to(deadline + 1)
    give_coins(desk, "treasury")
    desk.done("offer fund MSFT buyback --apply")
    left = {"owner-1": 35 * UNIT, "owner-2": 45 * UNIT}
    funded, given = looked_up(desk, "funded")
    assert given == {"owner-1": 15 * UNIT, "owner-2": 5 * UNIT}
    assert funded == left | {"the escrow": 20 * UNIT}
    desk.done("offer settle MSFT buyback --apply")
    assert looked_up(desk, "settled")[0] == left
    network.chain.advance_to(pay)
    desk.done("offer claim MSFT buyback owner-1 --apply")
    assert looked_up(desk, "claimed") == (left, {"owner-2": 5 * UNIT})
    assert network.ledger().supply("MSFT").value == 80 * UNIT


def test_a_rights_issue_to_the_end_of_its_rights(desk: Cli) -> None:
    network = desk.world.open()
    chain = network.chain
    now = chain.now()
    ex, deadline, pay = now + 20 * DAY, now + 25 * DAY, now + 27 * DAY
    content = RIGHTS.format(ex=day(ex)[:10], deadline=day(deadline), pay=day(pay), other="AAPL")
    Path("rights.yaml").write_text(content)
    said = desk.run("action announce rights.yaml --expect 10")
    assert "8.3 (83/10)" in said.out
    assert "6.8 (34/5)" in said.out
    desk.done("action announce rights.yaml --apply")
    desk.done("offer open MSFT rights --most 100 --apply")
    desk.done("offer tender MSFT rights owner-1 40 --more 30 --apply")
    shown = desk.done("offer show MSFT rights --cum 10")["offer"]
    assert shown["theoretical"]["theoretical price without the right"] == "8.3 (83/10)"
    assert (shown["to_mint"], shown["coins"]) == (70 * UNIT, 105 * 10**6)
    desk.pass_time(deadline + 1 - chain.now())
    attest(desk.world.open(), 400)
    attest(desk.world.open(), 400, "AAPL")
    desk.done("offer fund MSFT rights --apply")
    desk.done("offer settle MSFT rights --apply")
    desk.pass_time(pay - chain.now())
    token, rights = (network.ledger().stocks[name].token for name in ("MSFT", "AAPL"))
    held = chain.call(token, "balanceOf", chain.address("owner-1"))
    desk.done("offer claim MSFT rights owner-1 --apply")
    assert chain.call(token, "balanceOf", chain.address("owner-1")) == held + 70 * UNIT
    sweep = "offer sweep MSFT rights --reason 9 --document minutes"
    assert "which it did not use, are burnt" in desk.run(sweep).out
    desk.done(f"{sweep} --apply")
    desk.signed(sweep, "sweep.json")
    assert chain.call(rights, "totalSupply") == 0
    assert chain.call(rights, "paused")
