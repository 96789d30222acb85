"""Requests to buy by command: paid in, called back, filled at a price, fetched, declined, and shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from support.desk_people import give_coins, onboard
from support.network_cli import Cli, fresh, prepared
from support.network_orders import attest
from support.network_world import NetworkWorld, deployed_world

from scrip import flows
from scrip.executor import Executor
from scrip.manifest.describe import describe
from scrip.manifest.load import load
from scrip.plan import Step
from scrip.units import Stablecoin

DAY = 86_400


@pytest.fixture(scope="module")
def entering(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[NetworkWorld, dict[str, bytes]]]:
    """The local manifest with a vault into MSFT; two owners are investors with money, 200 shares are attested."""
    folder = tmp_path_factory.mktemp("entering")
    fresh(folder)
    write_manifest(folder)
    with deployed_world(folder, load(folder / "manifests" / "local.yaml")) as world:
        yield world, prepared(world, filled)


def write_manifest(folder: Path) -> None:
    """The local manifest, in which investors may subscribe to MSFT."""
    path = folder / "manifests" / "local.yaml"
    content = yaml.safe_load(path.read_text())
    content["stocks"]["MSFT"]["subscription"] = {"minimum": "100", "reference": "400"}
    path.write_text(yaml.safe_dump(content))


@pytest.fixture
def desk(entering: tuple[NetworkWorld, dict[str, bytes]], monkeypatch: pytest.MonkeyPatch) -> Iterator[Cli]:
    """Commands there."""
    world, files = entering
    folder = world.records.parent
    fresh(folder, files)
    write_manifest(folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("SCRIP_LOCAL_RPC", world.url)
    yield Cli(world)
    world.back()


def filled(cli: Cli) -> None:
    """Onboard the owners."""
    attest(cli.world.open(), 200)
    give_coins(cli, "owner-1", "owner-2")
    onboard(cli, dict.fromkeys(("owner-1", "owner-2"), ("CH", "professional")), until="2029-12-31", prefix="")


def held(cli: Cli, account: str) -> str:
    return str(cli.world.open().ledger().balance("MSFT", account))


def coins(cli: Cli, account: str) -> int:
    return cli.world.open().ledger().stablecoin(account).value


def refused(cli: Cli, line: str, reason: str, code: int) -> None:
    said = cli.run(line)
    assert reason in said.out + said.err
    assert said.code == code


def test_what_was_paid_in_is_called_back_in_full(desk: Cli) -> None:
    assert desk.run("subscription request MSFT 4000").code == 64
    refused(desk, "subscription request MSFT 99 --as owner-1", "vault: below minimum", 1)
    said = desk.run("subscription request MSFT 4000 --as owner-1")
    assert "let entry-MSFT take 4,000" in said.out.replace("4000", "4,000")
    before = coins(desk, "owner-1")
    desk.done("subscription request MSFT 4000 --as owner-1 --apply")
    assert coins(desk, "owner-1") == before - 4_000 * 10**6
    [entry] = desk.done("subscription queue MSFT")["queue"]["entries"]
    assert (entry["controller"], entry["waiting"], entry["late"], entry["cleared"]) == ("owner-1", "4000", False, True)
    desk.done("subscription cancel MSFT owner-1 --apply")
    assert coins(desk, "owner-1") == before
    assert "nothing of owner-1 waits" in desk.run("subscription cancel MSFT owner-1 --apply").out


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("killed_at", ["signed", "sent", "mined"])
def test_a_request_that_was_cut_short_is_not_paid_in_twice(desk: Cli, killed_at: str) -> None:
    """The vault was let take it, and the request itself is under way, or in a block and in no record."""
    before = coins(desk, "owner-1")

    def watch(event: str, step: Step, record: object = None) -> None:
        if (event, step.name) == (killed_at, "request"):
            raise Killed

    network = desk.world.open()
    plan = flows.subscriptions.request(network, "MSFT", Stablecoin.parse("4000"), "owner-1")
    with pytest.raises(Killed):
        Executor(network.transactions(), watch=watch).run(plan)
    desk.done("subscription request MSFT 4000 --as owner-1 --apply")
    assert coins(desk, "owner-1") == before - 4_000 * 10**6
    # What is asked for after it is another request.
    desk.done("subscription request MSFT 4000 --as owner-1 --apply")
    assert coins(desk, "owner-1") == before - 8_000 * 10**6


def test_a_keeper_s_page_that_was_cut_short_goes_on_though_it_would_be_another_now(desk: Cli) -> None:
    for one, amount in (("owner-1", 4_000), ("owner-2", 2_000)):
        desk.done(f"subscription request MSFT {amount} --as {one} --apply")
        desk.done(f"subscription operator MSFT owner-3 --as {one} --apply")
    desk.pass_time(60)
    desk.done("subscription fill MSFT 400 --reference cut-short --apply")

    def watch(event: str, step: Step, record: object = None) -> None:
        if (event, step.name) == ("signed", "claim owner-1"):
            raise Killed

    network = desk.world.open()
    plan = flows.subscriptions.claim(network, "MSFT", (), "owner-3")
    with pytest.raises(Killed):
        Executor(network.transactions(), watch=watch).run(plan)
    [own] = flows.subscriptions.claim(network, "MSFT", ("owner-2",), "owner-2").steps
    network.ledger().apply(own.instructions[0])
    refused(desk, "subscription claim MSFT --as owner-3 --apply --yes", "was under way under this reference", 1)
    assert "nothing is there to fetch" in desk.run("subscription claim MSFT --as owner-3 --apply").out
    assert desk.done("subscription queue MSFT")["queue"]["entries"] == []


def test_a_price_is_struck_and_filled_once_and_a_keeper_fetches_the_units(desk: Cli) -> None:
    for one, amount in (("owner-1", 4_000), ("owner-2", 2_000)):
        desk.done(f"subscription request MSFT {amount} --as {one} --apply")
    assert desk.run("subscription fill MSFT 400 --apply").code == 64
    refused(desk, "subscription fill MSFT 300 --reference s-0", "vault: price outside band", 1)
    desk.pass_time(60)
    treasury = coins(desk, "treasury")
    line = "subscription fill MSFT 400 --reference s-1 --apply"
    # One reference may price several stocks: by its name a step is told from another vault's, which is done.
    names = [one["name"] for one in desk.done(line.removesuffix(" --apply"))["steps"]]
    assert names == ["entry-MSFT strike", "entry-MSFT fill owner-1"]
    desk.done(line)
    assert coins(desk, "treasury") - treasury == 6_000 * 10**6
    entries = desk.done("subscription queue MSFT")["queue"]["entries"]
    assert [(one["controller"], one["units"]) for one in entries] == [("owner-1", "10"), ("owner-2", "5")]
    assert "no request can be filled" in desk.run(line).out
    refused(desk, "subscription fill MSFT 401 --reference s-1", "was struck at 400", 64)
    assert "nothing is there to fetch" in desk.run("subscription claim MSFT --as owner-3").out
    desk.done("subscription operator MSFT owner-3 --as owner-1 --apply")
    desk.done("subscription claim MSFT --as owner-3 --apply")
    assert [held(desk, "owner-1"), held(desk, "owner-2")] == ["10", "0"]
    desk.signed("subscription return MSFT owner-2 --reason 7 --document order-1", "return.json")
    assert held(desk, "owner-2") == "5"
    assert (
        "no units were made for owner-2"
        in desk.run("subscription return MSFT owner-2 --reason 7 --document order-1").out
    )


def test_the_reserve_refuses_a_fill_and_nothing_moves(desk: Cli) -> None:
    desk.done("subscription request MSFT 4000 --as owner-1 --apply")
    attest(desk.world.open(), 9)
    desk.pass_time(60)
    refused(desk, "subscription fill MSFT 400 --reference s-2", "reserve", 1)
    [entry] = desk.done("subscription queue MSFT")["queue"]["entries"]
    assert (entry["waiting"], entry["units"]) == ("4000", "0")


def test_what_is_not_filled_is_sent_back(desk: Cli) -> None:
    for one in ("owner-1", "owner-2"):
        desk.done(f"subscription request MSFT 4000 --as {one} --apply")
    refused(desk, "subscription decline MSFT owner-1 --as owner-3", "waits not too long yet", 64)
    assert "no request is to be sent back" in desk.run("subscription decline MSFT").out
    desk.done("subscription decline MSFT owner-1 --apply")
    desk.pass_time(7 * DAY + 1)
    assert "LATE: anyone can send it back" in desk.run("subscription queue MSFT").out
    desk.done("subscription decline MSFT --as owner-3 --apply")
    before = coins(desk, "owner-2")
    desk.done("subscription claim MSFT --as owner-2 --apply")
    assert coins(desk, "owner-2") - before == 4_000 * 10**6


def test_a_vault_is_closed_and_opened(desk: Cli) -> None:
    assert "takes new requests" in desk.run("subscription open MSFT").out
    desk.done("subscription close MSFT --apply")
    refused(desk, "subscription request MSFT 4000 --as owner-1", "vault: closed", 1)
    assert "REFUSED, until `subscription open`" in desk.run("subscription queue MSFT").out
    assert "entry-MSFT.requests" in desk.run("audit chain --json").out
    desk.signed("subscription open MSFT", "open.json")
    desk.done("subscription approve MSFT owner-1 owner-2 --apply")
    desk.done("subscription operator MSFT owner-1 --as owner-2 --apply")
    desk.done("subscription request MSFT 100 --as owner-1 --for owner-2 --apply")
    assert "nobody waits" not in desk.run("subscription queue MSFT").out


def test_a_stock_of_cash_at_nav_alone_is_quoted_to_nobody(desk: Cli) -> None:
    path = desk.folder / "manifests" / "local.yaml"
    content = yaml.safe_load(path.read_text())
    line = f"market quote mint MSFT owner-1 1 400.00 --out {desk.folder}/q.json --reference q-1"
    content["stocks"]["MSFT"]["quotes"] = False
    path.write_text(yaml.safe_dump(content))
    refused(desk, line, "leaves holders no way out: give redemption, too", 1)
    content["stocks"]["MSFT"]["redemption"] = {"minimum": "5", "reference": "400"}
    path.write_text(yaml.safe_dump(content))
    refused(desk, line, "is bought and sold by request alone", 64)
    assert "cash at NAV, by request alone" in "\n".join(describe(load(path)))


def test_what_is_not_there_is_said(desk: Cli) -> None:
    other = next(one for one in desk.world.manifest.stocks if one != "MSFT")
    refused(desk, f"subscription queue {other}", "has no vault that takes USDC: investors buy on quotes", 64)
    refused(desk, "redemption queue MSFT", "has no vault that pays USDC: holders redeem on quotes", 64)
