"""Leaving countries by command, from the announcement to the last parked claim and the sweep, killed on the way.

Japan and Switzerland are left. owner-1 (JP) redeems in time, owner-2 (JP) comes late and is parked, owner-3 (CH) is
blocked at the date, ada (JP) moves to Germany, ben (JP) is taken in, and the ceiling desk is a venue of Japan's.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from support.desk_people import buy, give_coins, onboard
from support.network_cli import Cli, fresh
from support.network_orders import attest
from support.network_world import deployed_world, local_manifest

from scrip.evm.audit.run import audit
from scrip.manifest.load import load
from scrip.manifest.rules import resolve
from scrip.units import Stablecoin

sys.path.append(str(Path(__file__).resolve().parents[1] / "executor" / "killing"))
import kill_points

DAY, YEAR = 86_400, 365 * 86_400
HOLDERS = {
    "owner-1": ("JP", "retail"),
    "owner-2": ("JP", "retail"),
    "owner-3": ("CH", "retail"),
    "ada": ("JP", "professional"),
    "ben": ("JP", "professional"),
    "ceiling-desk": ("JP", "venue"),
}
GROUP = "redemption region-exit"
RUN = f"{GROUP} run MSFT leave-jp-ch --apply"
WHY = "--reason 9 --document 0x" + "22" * 32


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cli]:
    """A desk that can leave countries: everybody above has 50 tokens."""
    folder = tmp_path_factory.mktemp("exits")
    fresh(folder)
    path = folder / "manifests" / "local.yaml"
    content = yaml.safe_load(path.read_text())
    content["region_exit"] = {"escheat_account": "custodian"}
    path.write_text(yaml.safe_dump(content))
    with pytest.MonkeyPatch.context() as patch, deployed_world(folder, load(path)) as world:
        patch.chdir(folder)
        patch.setenv("SCRIP_LOCAL_RPC", world.url)
        cli = Cli(world)
        attest(world.open(), 400)
        onboard(cli, HOLDERS)
        give_coins(cli, *HOLDERS, "treasury")
        buy(cli, *HOLDERS)
        yield cli


def _deny(cli: Cli) -> None:
    """The manifest shuts both countries out of MSFT, beside those that its preset shuts out."""
    path = cli.folder / "manifests" / "local.yaml"
    content = yaml.safe_load(path.read_text())
    denied = [*resolve(load(path), "MSFT").countries_denied, "JP", "CH"]
    content["stocks"]["MSFT"]["rules"]["countries_denied"] = denied
    path.write_text(yaml.safe_dump(content))


def _killed(cli: Cli, line: str, point: str) -> None:
    """A process of its own is killed at a point of the write-ahead protocol."""
    child = os.fork()
    if not child:
        kill_points.arm(point)
        os._exit(cli.run(line).code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def _told(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).isoformat().replace("+00:00", "Z")


def _has(cli: Cli, account: str) -> tuple[int, int]:
    """Whole tokens and coins of an account."""
    network = cli.world.open()
    token, at = network.views().ledger.token("MSFT"), network.chain.address(account)
    units = network.chain.call(token, "balanceOf", at)
    return units // 10**18, network.chain.call(network.suite().stablecoin, "balanceOf", at)


def _fates(cli: Cli) -> dict[str, str]:
    return {one["account"]: one["fate"] for one in cli.done(f"{GROUP} show MSFT leave-jp-ch")["exit"]["holders"]}


def _audited(cli: Cli) -> set[str]:
    found = audit(cli.world.open(load(cli.folder / "manifests" / "local.yaml")))
    return {one.field.rpartition(".")[2] for one in found if ".exit." in one.field}


def test_from_the_announcement_to_the_last_parked_claim(desk: Cli) -> None:
    """One story, of forty commands and three killed processes, which take 5 s. 50 tokens at 410.00 are 20,500.00."""
    chain = desk.world.open().chain
    until = chain.now() + 40 * DAY
    opening = (
        f"{GROUP} open MSFT leave-jp-ch --countries JP,CH --until {_told(until)} --expiry {_told(until + 3 * YEAR)}"
    )
    assert "is no exit of MSFT that is opened" in desk.run(f"{GROUP} show MSFT leave-jp-ch").err
    # Nothing is opened that the manifest would let in again, or whose date leaves holders less than 30 days.
    assert "JP" in desk.run(opening).err
    _deny(desk)
    planned = desk.done(f"{GROUP} plan MSFT --countries JP,CH")["exit"]
    assert (planned["status"], planned["units"], len(planned["holders"])) == ("not opened", "300", 6)
    soon = _told(chain.now() + 31 * DAY)
    assert "then 30 days to redeem" in desk.run(f"{GROUP} open MSFT x --countries JP --until {soon}").err
    early = f"{opening.partition(' --expiry')[0]} --expiry {_told(until + YEAR)}"
    assert "three years after the date" in desk.run(early).err

    # COMPLIANCE shuts them out at once, the timelock announces after its delay.
    desk.done(f"{opening} --apply")
    assert "write a proposal with --propose" in desk.run(f"{opening} --apply --yes").err
    desk.by_the_timelock(opening)
    assert "is opened" in desk.run(f"{opening} --apply --yes").out
    assert "another exit's" in desk.run(f"{GROUP} open MSFT leave-jp-ch --countries JP --until {_told(until)}").err
    (listed,) = desk.done(f"{GROUP} show MSFT")["exits"]
    assert (listed["status"], listed["countries"], listed["until"]) == ("opened", ["JP", "CH"], until)
    assert _audited(desk) == set()
    assert desk.done("deploy settings")["steps"] == []
    # A manifest that admits them again would let them in: the audit says so before anybody does it.
    wanted = load(desk.folder / "manifests" / "local.yaml")
    admitting = wanted.model_copy(update={"stocks": {**wanted.stocks, "MSFT": local_manifest().stocks["MSFT"]}})
    assert "manifest" in {one.field.rpartition(".")[2] for one in audit(desk.world.open(admitting))}
    assert "holders redeem until" in desk.run(f"{RUN} --yes").out

    # They buy no more, and redeem as long as they like.
    late = "market quote mint MSFT owner-2 1 400.00 --out late.json --reference late --apply"
    assert desk.run(f"{late} --yes").code or desk.run("market mint late.json --as owner-2 --apply --yes").code
    desk.done("market quote redeem MSFT owner-1 50 20000.00 --out leave.json --reference leave --apply")
    desk.done("market redeem leave.json --as owner-1 --apply")
    desk.done("compliance profile inv-ada DE professional --apply")
    desk.done(f"{GROUP} take-in MSFT leave-jp-ch ben --apply")
    assert "ben is taken in" in desk.run(f"{GROUP} take-in MSFT leave-jp-ch ben --apply --yes").out
    desk.done(f"compliance block inv-owner-3 {WHY} --apply")

    # The date comes; then the timelock names the price, once.
    priced = f"{GROUP} price MSFT leave-jp-ch 410.00 --source close-2027"
    assert "is not named before the date" in desk.run(priced).err
    chain.advance_to(until)
    assert "the timelock names it" in desk.run(f"{RUN} --yes").err
    assert _audited(desk) == {"price"}
    desk.by_the_timelock(priced)
    assert "is paid 410 already" in desk.run(priced).out
    assert "is named once" in desk.run(priced.replace("410.00", "400.00")).err
    assert _audited(desk) == set()

    # A paused stock burns nothing; the blocked waits; the venue's, the taken in's and who moved keep theirs.
    desk.done("emergency pause MSFT --apply")
    assert _fates(desk)["owner-2"] == "held"
    assert "can be parked now" in desk.run(f"{RUN} --yes").out
    desk.signed("emergency unpause MSFT", "go.json")
    assert _fates(desk) == {"owner-2": "parked", "owner-3": "held", "ben": "kept", "ceiling-desk": "venue"}
    before = _has(desk, "treasury")[1]
    # Before anything is on disk, with the funding sent and unrecorded, with the page recorded.
    for point in ("intent-half-written:1", "sent:1", "record-durable:1"):
        _killed(desk, f"{RUN} --yes", point)
    desk.run(f"{RUN} --yes")
    assert before - _has(desk, "treasury")[1] == Stablecoin.parse("20500").value
    assert "can be parked now" in desk.run(f"{RUN} --yes").out
    assert {one: _has(desk, one)[0] for one in HOLDERS} == {
        **dict.fromkeys(("owner-1", "owner-2"), 0),
        **dict.fromkeys(("owner-3", "ada", "ben", "ceiling-desk"), 50),
    }

    # owner-2 comes late, and is paid once.
    held = _has(desk, "owner-2")[1]
    desk.done(f"{GROUP} take MSFT leave-jp-ch owner-2 --apply")
    assert _has(desk, "owner-2")[1] - held == Stablecoin.parse("20500").value
    assert "nothing is parked" in desk.run(f"{GROUP} take MSFT leave-jp-ch owner-2 --apply --yes").out

    # The block ends: the same run funds and parks the rest, which nobody fetches until the expiry.
    desk.done(f"compliance unblock inv-owner-3 {WHY} --apply")
    desk.done(RUN)
    assert desk.done(f"{GROUP} show MSFT leave-jp-ch")["exit"]["parked"] == "20500"
    desk.done(f"{GROUP} close MSFT leave-jp-ch --apply")
    assert "is closed" in desk.run(f"{GROUP} close MSFT leave-jp-ch --apply --yes").out
    assert "is closed" in desk.run(f"{RUN} --yes").out
    desk.done(f"compliance block inv-owner-3 --reason 9 --document 0x{'33' * 32} --apply")
    sweep = f"{GROUP} sweep MSFT leave-jp-ch {WHY} --apply"
    assert "nothing is swept before" in desk.run(f"{sweep} --yes").err
    chain.advance_to(until + 3 * YEAR)
    assert "left to be swept" in desk.run(f"{sweep} --yes").out
    desk.done(f"compliance unblock inv-owner-3 --reason 9 --document 0x{'44' * 32} --apply")
    desk.done(sweep)
    assert _has(desk, "custodian")[1] == Stablecoin.parse("20500").value
    assert desk.done(f"{GROUP} show MSFT leave-jp-ch")["exit"]["cash"] == "0"


def test_a_network_without_the_section_says_so(cli: Cli) -> None:
    for command in ("plan MSFT --countries JP", "show MSFT"):
        assert "no country is left here" in cli.run(f"{GROUP} {command}").err
