"""A stock's end by command, from its announcement to the last claim and the sweep, killed on the way."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from eth_utils import keccak
from support.desk_people import buy, give_coins, onboard
from support.kept_desk import KeptDesk, opened_desk
from support.network_cli import Cli
from support.network_orders import attest
from support.runbook import follow

from scrip.evm.audit.run import audit
from scrip.units import Stablecoin

sys.path.append(str(Path(__file__).resolve().parents[1] / "executor" / "killing"))
import kill_points

DAY = 86_400
UNIT = 10**18
WHY = "--reason 9 --document 0x" + keccak(text="the state's order").hex().removeprefix("0x")
LAST = """stock: MSFT
CAEV: LIQU
CORP: last
PAYD: {pay}
OFFR: USD 12.50
"""
RUN = "redemption wind-up run MSFT last --apply"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptDesk]:
    """A desk on which a stock can end: owner-1 and owner-2 have 50 tokens each, and the market's own account none."""
    with opened_desk(tmp_path_factory.mktemp("ends"), edited, ready) as cli:
        yield KeptDesk(cli)


@pytest.fixture
def desk(kept: KeptDesk) -> Cli:
    """As it was made ready, for each test."""
    return kept.again()


def edited(content: dict[str, Any]) -> None:
    content["dividends"] = {"tax": "custodian"}
    content["wind_up"] = {"escheat_account": "custodian"}
    content["stocks"]["MSFT"]["redemption"] = {"minimum": "5", "reference": "400"}


def ready(cli: Cli) -> None:
    network = cli.world.open()
    attest(network, 200)
    onboard(cli, {"owner-1": ("DE", "professional"), "owner-2": ("JP", "retail"), "owner-3": ("CH", "retail")})
    give_coins(cli, "owner-1", "owner-2", "owner-3", "treasury")
    buy(cli, "owner-1", "owner-2", "owner-3")


def _killed(cli: Cli, line: str, point: str) -> int:
    """How a process of its own ends that is killed at a point of the write-ahead protocol."""

    child = os.fork()
    if not child:
        kill_points.arm(point)
        os._exit(cli.run(line).code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _coins(cli: Cli, account: str) -> int:
    network = cli.world.open()
    return network.chain.call(network.suite().stablecoin, "balanceOf", network.chain.address(account))


def _mints_end(cli: Cli) -> int:
    network = cli.world.open()
    return network.chain.call(network.views().ledger.token("MSFT"), "mintsEnd")


def test_an_end_is_opened_by_its_announcement_and_follows_amendment_and_cancellation(desk: Cli) -> None:
    """Before the story: each in the same plan as the order about the action."""
    pay = desk.world.open().chain.now() + 9 * DAY
    for at in (pay, pay + DAY):
        text = LAST.format(pay=datetime.fromtimestamp(at, UTC).isoformat().replace("+00:00", "Z"))
        Path("drawn.yaml").write_text(text.replace("last", "drawn"))
        desk.done(f"action {'announce' if at == pay else 'amend'} drawn.yaml --apply")
        assert _mints_end(desk) == at
        assert "is announced" in desk.run("action announce drawn.yaml --apply --yes").out
    assert "end MSFT" in desk.run("action history MSFT").out
    assert "opened, no mints from" in desk.run(f"action cancel MSFT LIQU drawn {WHY}").out
    cancel = f"action cancel MSFT LIQU drawn {WHY} --apply"
    assert _killed(desk, f"{cancel} --yes", "record-durable:1") == -signal.SIGKILL
    assert _mints_end(desk) == pay + DAY
    desk.done(cancel)
    assert _mints_end(desk) == 0
    assert "is cancelled" in desk.run(f"{cancel} --yes").out


def test_the_runbook_s_end(desk: Cli) -> None:
    """As the runbook has it, to the last claim and the sweep. By hand, 50 tokens each at 12.50: 625 for owner-1 and
    owner-2 at once; owner-3, whom a block holds, burns 20 for 250 when it is let go; 375 go to the state's account."""
    network = desk.world.open()
    pay = network.chain.now() + 4 * DAY
    Path("last.yaml").write_text(LAST.format(pay=datetime.fromtimestamp(pay, UTC).isoformat().replace("+00:00", "Z")))
    desk.done("compliance block inv-owner-3 --reason 7 --document 0x" + "11" * 32 + " --apply")
    accounts = ("owner-1", "owner-2", "owner-3", "custodian", "treasury")
    before = {one: _coins(desk, one) for one in accounts}

    def meanwhile(line: str) -> None:
        if line == "# whom a block held is let go":
            desk.done("compliance unblock inv-owner-3 --reason 7 --document 0x" + "22" * 32 + " --apply")
        else:
            expiry = desk.done("redemption wind-up show MSFT")["end"]["expiry"]
            network.chain.advance_to({"# the effect has come": pay, "# the expiry has come": expiry}[line])

    said = follow(desk, "A stock's end", tool=meanwhile)
    got = {one: (_coins(desk, one) - before[one]) // 10**6 for one in accounts}
    assert got == {"owner-1": 625, "owner-2": 625, "owner-3": 250, "custodian": 375, "treasury": -1_875}
    assert "closed" in said[-1]
    assert network.ledger().supply("MSFT").value == 0


def test_from_the_announcement_to_the_last_claim(desk: Cli) -> None:
    """One story. 150 units at 12.50 a share are 1,875.00, 20 of owner-2's and 5 of owner-3's wait in the vault; owner-3
    is blocked until the expiry has come."""
    network = desk.world.open()
    pay = network.chain.now() + 4 * DAY
    Path("last.yaml").write_text(LAST.format(pay=datetime.fromtimestamp(pay, UTC).isoformat().replace("+00:00", "Z")))
    assert "has no announced action that ends it" in desk.run("redemption wind-up plan MSFT").err
    # Announced, and killed before the end is opened: the audit says so, and either command goes on.
    assert _killed(desk, "action announce last.yaml --apply --yes", "record-durable:1") == -signal.SIGKILL
    planned = desk.run("redemption wind-up plan MSFT")
    assert "its end is not opened" in planned.out
    assert "mints end         NEVER" in planned.out
    assert {one.field for one in audit(desk.world.open())} == {"stocks.MSFT.end"}
    for point in ("intent-half-written:1", "sent:1"):
        assert _killed(desk, f"{RUN} --yes", point) == -signal.SIGKILL
    desk.done("action announce last.yaml --apply")
    assert _mints_end(desk) == pay
    assert audit(desk.world.open()) == []
    assert "it is funded then" in desk.run(f"{RUN} --yes").out

    desk.done("redemption request MSFT 20 --as owner-2 --apply")
    desk.done("redemption request MSFT 5 --as owner-3 --apply")
    assert "vault-MSFT holds 25 units: fill its requests" in desk.run("redemption wind-up plan MSFT").out
    investor = "compliance block inv-owner-3 --reason 7 --document 0x" + "11" * 32
    desk.done(f"{investor} --apply")
    network.chain.advance_to(pay)
    shown = desk.done("redemption wind-up show MSFT")["end"]
    assert (shown["needed_cash"], shown["supply"]) == ("1875", "150")
    assert {one["account"]: one["burned_by"] for one in shown["holders"]} == {
        "owner-1": "anyone",
        "owner-2": "anyone",
        "owner-3": "nobody",
        "vault-MSFT": "itself",
    }
    before = [_coins(desk, one) for one in ("owner-1", "owner-2", "treasury")]
    # Before anything is on disk, with the funding sent and unrecorded, with the page that pays recorded.
    for point in ("intent-half-written:1", "sent:1", "record-durable:1"):
        assert _killed(desk, f"{RUN} --yes", point) == -signal.SIGKILL
    desk.done(RUN)
    after = [_coins(desk, one) for one in ("owner-1", "owner-2", "treasury")]
    assert [new - old for new, old in zip(after, before, strict=True)] == [625_000_000, 625_000_000, -1_875_000_000]
    over = desk.run(f"{RUN} --yes").out
    assert "everybody who can be paid" in over
    assert "vault-MSFT keeps 5 units: of whoever is HELD" in desk.run(RUN.removesuffix(" --apply")).out
    refused = desk.run("market quote mint MSFT owner-1 1 400.00 --out late.json --reference late --apply")
    assert refused.code == 1 or "mints ended" in desk.run("market mint late.json --as owner-1 --apply --yes").err

    sweep = f"redemption wind-up sweep MSFT {WHY} --apply"
    assert "nothing is swept before" in desk.run(f"{sweep} --yes").err
    expiry = desk.done("redemption wind-up show MSFT")["end"]["expiry"]
    network.chain.advance_to(expiry)
    assert "is left to be swept" in desk.run(f"{sweep} --yes").out
    desk.done("compliance unblock inv-owner-3 --reason 7 --document 0x" + "22" * 32 + " --apply")
    desk.done("redemption wind-up burn MSFT 20 --as owner-3 --apply")
    assert _coins(desk, "custodian") == 0
    assert "vault-MSFT hands back 5 units to 1 accounts" in desk.run(RUN.removesuffix(" --apply")).out
    desk.done(sweep)
    assert _coins(desk, "custodian") == Stablecoin.parse("312.50").value
    before = [_coins(desk, "owner-3")]
    desk.done(RUN)
    assert _coins(desk, "owner-3") - before[0] == Stablecoin.parse("62.50").value
    desk.done(RUN)
    assert desk.done("redemption wind-up show MSFT")["end"]["status"] == "closed"
    assert "is wound up" in desk.run(f"{RUN} --yes").out
    assert "nothing is parked" in desk.run("redemption wind-up take MSFT owner-1 --apply --yes").out
