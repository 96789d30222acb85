"""Offers by command: a tender offer from its announcement to the last claim, a rights issue to the end of its rights.

Above 5 CPU-seconds: a deployment of its own, and two offers that go through every command.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from support.desk_people import buy, give_coins, onboard
from support.network_cli import Cli, fresh
from support.network_orders import attest
from support.network_world import deployed_world

from scrip.evm.audit.run import audit
from scrip.manifest.load import load

UNIT, DAY = 10**18, 86_400
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
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cli]:
    """A desk with offers, where owner-1 and owner-2 hold 50 tokens each."""
    folder = tmp_path_factory.mktemp("offers")
    fresh(folder)
    path = folder / "manifests" / "local.yaml"
    content = yaml.safe_load(path.read_text())
    content["dividends"] = {"tax": "custodian"}
    content["offers"] = {}
    path.write_text(yaml.safe_dump(content))
    with pytest.MonkeyPatch.context() as patch, deployed_world(folder, load(path)) as world:
        patch.chdir(folder)
        patch.setenv("SCRIP_LOCAL_RPC", world.url)
        cli = Cli(world)
        attest(world.open(), 200)
        onboard(cli, {"owner-1": ("DE", "professional"), "owner-2": ("JP", "retail"), "owner-3": ("CH", "retail")})
        give_coins(cli, "owner-1", "owner-2")
        buy(cli, "owner-1", "owner-2")
        attest(world.open(), 200, "AAPL")
        buy(cli, "owner-1", stock="AAPL", suffix="-rights")
        yield cli


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
