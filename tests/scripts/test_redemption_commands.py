"""Requests to redeem by command: asked, called back, filled at a price, fetched, and shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from support.network_cli import Cli, fresh
from support.network_orders import attest
from support.network_world import NetworkWorld, deployed_world

from scrip.manifest.load import load

DAY = 86_400


@pytest.fixture(scope="module")
def leaving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NetworkWorld]:
    """The local manifest with a vault for MSFT, deployed."""
    folder = tmp_path_factory.mktemp("leaving")
    fresh(folder)
    write_manifest(folder)
    with deployed_world(folder, load(folder / "manifests" / "local.yaml")) as world:
        yield world


def write_manifest(folder: Path) -> None:
    """The local manifest, in which holders of MSFT may ask."""
    path = folder / "manifests" / "local.yaml"
    content = yaml.safe_load(path.read_text())
    content["stocks"]["MSFT"]["redemption"] = {"minimum": "5", "reference": "400"}
    path.write_text(yaml.safe_dump(content))


@pytest.fixture
def desk(leaving: NetworkWorld, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cli]:
    """Owner-1 and owner-2 hold 50 MSFT each; the treasury has money."""
    folder = leaving.records.parent
    fresh(folder)
    write_manifest(folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("SCRIP_LOCAL_RPC", leaving.url)
    cli = Cli(leaving)
    network = leaving.open()
    attest(network, 200)
    for account in ("owner-1", "owner-2", "treasury"):
        network.chain.send(
            network.suite().stablecoin, "mint", network.chain.address(account), 10**12, sender="deployer"
        )
    rows = [f"{one},{network.chain.address(one)},CH,professional,2029-12-31\n" for one in ("owner-1", "owner-2")]
    (folder / "owners.csv").write_text("investor,wallet,country,class,expiry\n" + "".join(rows))
    cli.done("compliance onboard owners.csv --apply")
    for one in ("owner-1", "owner-2"):
        cli.done(f"market quote mint MSFT {one} 50 20000.00 --out {one}.json --reference {one} --apply")
        cli.done(f"market mint {one}.json --as {one} --apply")
    yield cli
    leaving.back()


def held(cli: Cli, account: str) -> str:
    network = cli.world.open()
    return str(network.ledger().balance("MSFT", account))


def coins(cli: Cli, account: str) -> int:
    return cli.world.open().ledger().stablecoin(account).value


def test_a_request_is_called_back(desk: Cli) -> None:
    assert desk.run("redemption request MSFT 10").code == 64
    said = desk.run("redemption request MSFT 10 --as owner-1")
    assert "10 MSFT of owner-1 wait to be redeemed" in said.out
    desk.done("redemption request MSFT 10 --as owner-1 --apply")
    assert held(desk, "owner-1") == "40"
    [entry] = desk.done("redemption queue MSFT")["queue"]["entries"]
    assert (entry["controller"], entry["waiting"], entry["overdue"]) == ("owner-1", "10", False)
    desk.done("redemption cancel MSFT owner-1 --apply")
    assert held(desk, "owner-1") == "50"
    assert "nothing of owner-1 waits" in desk.run("redemption cancel MSFT owner-1 --apply").out


def test_a_price_is_struck_and_filled_once_and_the_money_is_fetched(desk: Cli) -> None:
    for one, amount in (("owner-1", 10), ("owner-2", 5)):
        desk.done(f"redemption request MSFT {amount} --as {one} --apply")
    assert desk.run("redemption fill MSFT 400 --apply").code == 64
    refused = desk.run("redemption fill MSFT 300 --reference f-0")
    assert refused.code == 1
    assert "vault: price outside band" in refused.out + refused.err
    line = "redemption fill MSFT 400 --reference f-1 --apply"
    desk.pass_time(60)
    desk.done(line)
    queue = desk.done("redemption queue MSFT")["queue"]
    assert [(one["controller"], one["money"]) for one in queue["entries"]] == [("owner-1", "4000"), ("owner-2", "2000")]
    assert "no request can be filled" in desk.run(line).out
    other = desk.run("redemption fill MSFT 401 --reference f-1")
    assert "was struck at 400" in other.out + other.err
    before = coins(desk, "owner-1")
    desk.done("redemption claim MSFT --as owner-1 --apply")
    assert coins(desk, "owner-1") - before == 4_000 * 10**6
    assert "nothing is there to fetch" in desk.run("redemption claim MSFT --as owner-1 --apply").out


def test_a_file_of_fills_goes_on_where_it_was_cut_short(desk: Cli) -> None:
    for one in ("owner-1", "owner-2"):
        desk.done(f"redemption request MSFT 5 --as {one} --apply")
    (desk.folder / "fills.csv").write_text("controller\nowner-1\n")
    desk.pass_time(60)
    desk.done("redemption fill MSFT 400 --file fills.csv --reference f-2 --apply")
    (desk.folder / "fills.csv").write_text("controller\nowner-1\nowner-2\n")
    said = desk.run("redemption fill MSFT 400 --file fills.csv --reference f-2 --apply --yes")
    assert said.code == 0
    assert "nothing of owner-1 waits" in said.out
    entries = desk.done("redemption queue MSFT")["queue"]["entries"]
    assert [one["filled"] for one in entries] == ["5", "5"]
    desk.pass_time(3_700)
    desk.done("redemption request MSFT 5 --as owner-1 --apply")
    late = desk.run("redemption fill MSFT 400 --reference f-2")
    assert "expired" in late.out + late.err


def test_who_waits_too_long_is_shown(desk: Cli) -> None:
    desk.done("redemption request MSFT 5 --as owner-1 --apply")
    desk.pass_time(7 * DAY + 1)
    said = desk.run("redemption queue MSFT").out
    assert "OVERDUE: anyone can stop new mints for it" in said
    assert "overdue          from 5 on, after 604,800 s" in said


def test_what_is_not_there_is_said(desk: Cli) -> None:
    other = next(one for one in desk.world.manifest.stocks if one != "MSFT")
    for line, reason in (
        (f"redemption queue {other}", "has no vault that pays USDC: holders redeem on quotes"),
        ("redemption queue MSFT --asset EURC", "settles nothing here (USDC do)"),
        ("redemption queue NONE", "is not a known stock"),
    ):
        said = desk.run(line)
        assert said.code == 64
        assert reason in said.out + said.err
