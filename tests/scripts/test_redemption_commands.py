"""Requests to redeem by command: asked, called back, filled at a price, fetched, and shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from support.desk_people import buy, give_coins, onboard
from support.network_cli import Cli, fresh, prepared
from support.network_orders import attest
from support.network_world import NetworkWorld, deployed_world

from scrip.manifest.load import load

DAY = 86_400


@pytest.fixture(scope="module")
def leaving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[NetworkWorld, dict[str, bytes]]]:
    """The local manifest with a vault for MSFT; owner-1 and owner-2 hold 50 each, and the treasury has money."""
    folder = tmp_path_factory.mktemp("leaving")
    fresh(folder)
    write_manifest(folder)
    with deployed_world(folder, load(folder / "manifests" / "local.yaml")) as world:
        yield world, prepared(world, filled)


def write_manifest(folder: Path) -> None:
    """The local manifest, in which holders of MSFT may ask."""
    path = folder / "manifests" / "local.yaml"
    content = yaml.safe_load(path.read_text())
    content["stocks"]["MSFT"]["redemption"] = {"minimum": "5", "reference": "400", "in_kind": True}
    path.write_text(yaml.safe_dump(content))


@pytest.fixture
def desk(leaving: tuple[NetworkWorld, dict[str, bytes]], monkeypatch: pytest.MonkeyPatch) -> Iterator[Cli]:
    """Commands there."""
    world, files = leaving
    folder = world.records.parent
    fresh(folder, files)
    write_manifest(folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("SCRIP_LOCAL_RPC", world.url)
    yield Cli(world)
    world.back()


def filled(cli: Cli) -> None:
    """Onboard the owners, and mint."""
    network = cli.world.open()
    attest(network, 200)
    give_coins(cli, "owner-1", "owner-2", "treasury")
    onboard(cli, dict.fromkeys(("owner-1", "owner-2"), ("CH", "professional")), until="2029-12-31", prefix="")
    buy(cli, "owner-1", "owner-2")


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
    # Who looks things up finds it, and what to run about it.
    (waits,) = desk.done("show requests MSFT")["requests"]
    told = [waits[one] for one in ("kind", "controller", "waiting", "unit", "late", "held", "claimable")]
    assert told == ["redemption", "owner-1", "10", "MSFT", "no", "no", "0"]
    (also,) = desk.done("show pending")["pending"]
    assert (also["kind"], also["command"]) == ("redemption", "redemption queue MSFT")
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


def test_mints_stop_for_who_waits_too_long_and_go_on(desk: Cli) -> None:
    early = desk.run("redemption suspend MSFT owner-1")
    assert early.code == 64
    assert "nothing of it waits" in early.out + early.err
    desk.done("redemption request MSFT 4 --as owner-1 --apply")
    small = desk.run("redemption suspend MSFT owner-1")
    assert "4 wait, and requests below 5 stop none" in small.out + small.err
    desk.done("redemption request MSFT 1 --as owner-1 --apply")
    early = desk.run("redemption suspend MSFT owner-1")
    assert "it is overdue from" in early.out + early.err
    desk.pass_time(7 * DAY + 1)
    assert "vault-MSFT has stopped no mints" in desk.run("redemption resume MSFT").out
    desk.done("redemption suspend MSFT owner-1 --as owner-2 --apply")
    assert desk.done("redemption queue MSFT")["queue"]["mints_suspended"]
    assert "are stopped for owner-1" in desk.run("redemption suspend MSFT owner-1").out
    late = desk.run("redemption resume MSFT")
    assert "still waits too long: fill it first" in late.out + late.err
    desk.signed("compliance freeze MSFT owner-1 --reason 7 --document order-1", "freeze.json")
    desk.done("redemption resume MSFT --apply")
    assert not desk.done("redemption queue MSFT")["queue"]["mints_suspended"]


def test_a_keeper_fetches_for_who_made_it_its_operator(desk: Cli) -> None:
    desk.done("redemption request MSFT 5 --as owner-1 --apply")
    desk.pass_time(60)
    desk.done("redemption fill MSFT 400 --reference k-1 --apply")
    assert desk.run("redemption operator MSFT keeper").code == 64
    assert "nothing is there to fetch that owner-3 may" in desk.run("redemption claim MSFT --as owner-3").out
    desk.done("redemption operator MSFT owner-3 --as owner-1 --apply")
    assert "owner-3 acts for owner-1 in vault-MSFT" in desk.run("redemption operator MSFT owner-3 --as owner-1").out
    before = coins(desk, "owner-1")
    desk.done("redemption claim MSFT --as owner-3 --apply")
    assert coins(desk, "owner-1") - before == 2_000 * 10**6
    desk.done("redemption operator MSFT owner-3 --as owner-1 --revoke --apply")
    assert "does not act" in desk.run("redemption operator MSFT owner-3 --as owner-1 --revoke").out


def test_compliance_lets_an_owner_name_another_investors_account(desk: Cli) -> None:
    line = "redemption request MSFT 5 --as owner-1 --for owner-2"
    refused = desk.run(line)
    assert "vault: other investor" in refused.out + refused.err
    said = desk.run("redemption approve MSFT owner-1 owner-2")
    assert "as a controller owner-2 must make owner-1 its operator, too" in said.out
    desk.done("redemption approve MSFT owner-1 owner-2 --apply")
    assert "owner-1 may name owner-2 in vault-MSFT" in desk.run("redemption approve MSFT owner-1 owner-2").out
    desk.done("redemption operator MSFT owner-1 --as owner-2 --apply")
    desk.done(f"{line} --apply")
    desk.done("redemption approve MSFT owner-1 owner-2 --revoke --apply")
    [entry] = desk.done("redemption queue MSFT")["queue"]["entries"]
    assert (entry["controller"], entry["waiting"]) == ("owner-2", "5")


def test_a_claim_is_paid_to_another_account_that_may_have_it(desk: Cli) -> None:
    line = "redemption claim MSFT owner-1 --to owner-2 --as owner-1"
    assert "nothing of owner-1 is there to fetch" in desk.run(line).out
    desk.done("redemption request MSFT 5 --as owner-1 --apply")
    desk.pass_time(60)
    desk.done("redemption fill MSFT 400 --reference to-1 --apply")
    refused = desk.run(line)
    assert (refused.code, "vault: other investor" in refused.err) == (1, True)
    two = desk.run("redemption claim MSFT owner-1 owner-2 --to owner-2 --as owner-1")
    assert (two.code, "is given for one controller at a time" in two.err) == (64, True)
    desk.done("redemption approve MSFT owner-1 owner-2 --apply")
    before = coins(desk, "owner-2")
    desk.done(f"{line} --apply")
    assert coins(desk, "owner-2") - before == 2_000 * 10**6


def test_a_price_that_is_void_fills_no_more_under_its_reference(desk: Cli) -> None:
    for one in ("owner-1", "owner-2"):
        desk.done(f"redemption request MSFT 5 --as {one} --apply")
    (desk.folder / "first.csv").write_text("controller\nowner-1\n")
    desk.pass_time(60)
    desk.done("redemption fill MSFT 420 --file first.csv --reference slip --apply")
    assert "price now        420 a token until" in desk.run("redemption queue MSFT").out
    assert "420, struck" in desk.run("redemption void-strike MSFT slip").out
    desk.done("redemption void-strike MSFT slip --apply")
    again = desk.run("redemption fill MSFT 420 --reference slip")
    assert (again.code, "names a price that was made void: give another" in again.err) == (64, True)
    desk.pass_time(60)
    desk.done("redemption fill MSFT 400 --reference right --apply")
    entries = desk.done("redemption queue MSFT")["queue"]["entries"]
    assert [one["money"] for one in entries] == ["2100", "2000"]
    assert desk.done("audit records")["drift"] == []


def test_what_waits_is_handed_back_by_force(desk: Cli) -> None:
    line = "redemption return MSFT owner-1 --reason 7 --document order-9"
    assert "nothing of owner-1 waits" in desk.run(line).out
    desk.done("redemption request MSFT 5 --as owner-1 --apply")
    assert "5 MSFT that owner-1 asked for go back to owner-1, by force" in desk.run(line).out
    desk.signed(line, "return.json")
    assert held(desk, "owner-1") == "50"
    assert desk.done("redemption queue MSFT")["queue"]["entries"] == []


def test_the_shares_themselves_are_asked_for_and_delivered(desk: Cli) -> None:
    desk.done("redemption request MSFT 5 --as owner-1 --in-kind delivery-1 --apply")
    desk.done("redemption request MSFT 5 --as owner-2 --apply")
    [first, second] = desk.done("redemption queue MSFT")["queue"]["entries"]
    assert {first["delivery"] != "", second["delivery"] != ""} == {True, False}
    assert "wait in kind, by 0x" in desk.run("redemption queue MSFT").out
    desk.pass_time(60)
    assert "asked for the shares themselves" in desk.run("redemption fill MSFT 400 --reference d-1").out
    line = "redemption deliver MSFT owner-1 --receipt receipt-1 --delivery"
    other = desk.run(f"{line} delivery-2")
    assert "is not what owner-1 asked for: it waits by 0x" in other.out + other.err
    money = desk.run("redemption deliver MSFT owner-2 --receipt receipt-1 --delivery delivery-1")
    assert "it waits for money" in money.out + money.err
    supply = desk.world.open().ledger().supply("MSFT").value
    desk.done(f"{line} delivery-1 --apply")
    assert desk.world.open().ledger().supply("MSFT").value == supply - 5 * 10**18
    assert "nothing of owner-1 waits" in desk.run(f"{line} delivery-1").out


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
