"""A halt, in the middle of an onboarding and after a crash: within seconds of being asked for.

Of a thousand rows and by `ape run` it is measured by `make bench`.
"""

import csv
import os
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eth_utils import keccak
from support.network_cli import Cli

from scrip import flows
from scrip.executor import Executor
from scrip.inputs.batch import read_newcomers
from scrip.records import Records

SECONDS = 3
"""Within which a halt stands, from being asked for."""
REASON = "--reason 3 --document order-9"


def newcomers(folder: Path, count: int) -> Path:
    """A file of investors whom nobody knows yet."""
    path = folder / "newcomers.csv"
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["investor", "wallet", "country", "class", "expiry"])
        for n in range(count):
            wallet = "0x" + keccak(text=f"newcomer {n}")[12:].hex()
            rows.writerow([f"newcomer-{n}", wallet, "CH", "professional", "2029-12-31"])
    return path


@contextmanager
def onboarding(cli: Cli, rows: int) -> Iterator[int]:
    """A process that onboards; entered once its first transaction is recorded."""
    file = newcomers(cli.folder, rows)
    before = len(journal(cli).all())
    process = os.fork()
    if not process:
        network = cli.world.open()
        Executor(network.transactions()).run(flows.investors.onboard(network, read_newcomers(file)))
        os._exit(0)
    while len(journal(cli).all()) == before:
        time.sleep(0.01)
    yield process


def journal(cli: Cli) -> Records:
    opened = next(cli.world.records.glob("local-*"))
    return Records.at(opened)


def halted_in_time(cli: Cli) -> None:
    asked = time.monotonic()
    cli.done("emergency halt --apply")
    assert time.monotonic() - asked < SECONDS
    network = cli.world.open()
    assert network.views().halted()


def finished(cli: Cli, rows: int) -> None:
    """The onboarding, ended by its own command: every row once, and the records true."""
    cli.done(f"compliance onboard {newcomers(cli.folder, rows)} --apply")
    assert cli.done("audit records")["drift"] == []
    assert cli.done(f"compliance onboard {newcomers(cli.folder, rows)}")["steps"] == []


def test_a_halt_waits_for_no_onboarding_and_for_no_crash(cli: Cli) -> None:
    with onboarding(cli, 1_000) as process:
        halted_in_time(cli)
        assert os.waitpid(process, os.WNOHANG) == (0, 0)
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
    cli.signed("emergency unhalt", "unhalt.json")
    finished(cli, 1_000)


def test_a_halt_after_a_crash_with_a_transaction_unmined(cli: Cli) -> None:
    """Signed by the desk's own key, too: the emergency takes the place of what is stuck."""
    cli.done(f"compliance onboard {newcomers(cli.folder, 1)} --apply")
    network = cli.world.open()
    desk = network.chain.address("compliance-desk")
    with onboarding(cli, 100) as process:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
    network = cli.world.open()
    assert network.records.open_intents() or len(network.records.all())
    halted_in_time(cli)
    before = network.node.nonce(desk)
    found = cli.done(f"compliance block newcomer-0 {REASON} --as compliance-desk --apply")
    assert [one["status"] for one in found["transactions"]] == ["done"]
    assert network.node.nonce(desk) == before + 1
    finished(cli, 100)


def test_an_emergency_is_signed_by_the_key_that_is_kept_for_it(cli: Cli) -> None:
    cli.done(f"compliance onboard {newcomers(cli.folder, 1)} --apply")
    assert [one["sender"] for one in cli.done(f"compliance block newcomer-0 {REASON}")["steps"]] == ["block-desk"]
    assert [one["sender"] for one in cli.done(f"compliance unblock newcomer-0 {REASON}")["steps"]] == []
    cli.done(f"compliance block newcomer-0 {REASON} --apply")
    steps = cli.done(f"compliance unblock newcomer-0 {REASON} --reference back")["steps"]
    assert [one["sender"] for one in steps] == ["compliance-desk"]


def test_what_is_stopped_is_said_first(cli: Cli) -> None:
    """`stock show` said `paused no` in a halt."""
    assert cli.done("stock show MSFT")["stopped"] == []
    cli.done("emergency pause MSFT --apply")
    cli.done("market pause --apply")
    cli.done("emergency halt --apply")
    said = cli.run("stock show MSFT").out.splitlines()
    assert said[:3] == [
        "STOPPED the fleet: every stock is halted, until `emergency unhalt`",
        "STOPPED the market: no mints and redemptions on quotes, until `market unpause`",
        "STOPPED MSFT: paused, until `emergency unpause MSFT`",
    ]
    assert cli.done("stock show AAPL")["stock"]["paused"] == "no, and the fleet is HALTED"
    planned = cli.run(
        "action announce AAPL SPLF halted-1 --ex 2027-02-16 --effective 2027-02-16T14:30:00Z --new 2 --old 1"
    )
    assert planned.out.startswith("STOPPED the fleet")


def test_what_still_waits_is_not_what_stands_as_wished(cli: Cli) -> None:
    """`safe execute` said that everything stood as wished while its schedule waited."""
    cli.done("emergency halt --apply")
    cli.signed("emergency unhalt", "unhalt.json")
    said = cli.run("safe execute unhalt.json --apply --yes")
    assert said.code == 3
    assert "waits until 2027-" in said.out
    assert "stands as wished" not in said.out
    cli.pass_time(2 * 86_400 + 60)
    cli.done("safe execute unhalt.json --apply")
    assert cli.run("safe execute unhalt.json --apply --yes").code == 0


def test_what_the_safe_executes_in_an_emergency_waits_for_nothing_either(cli: Cli) -> None:
    """A freeze is the Safe's on Ethereum-family chains: its execution was locked out by an onboarding, and refused
    after a crash."""
    wallet, file = cli.world.open().chain.address("owner-2"), cli.folder / "freeze.json"
    cli.done(f"compliance freeze MSFT {wallet} {REASON} --propose {file}")
    for owner in ("owner-1", "owner-3"):
        assert cli.run(f"safe sign {file} --as {owner} --yes").code == 0
    with onboarding(cli, 100) as process:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
    with journal(cli).locked("another operation"):
        asked = time.monotonic()
        found = cli.done(f"safe execute {file} --apply")
        assert time.monotonic() - asked < SECONDS
    assert [one["status"] for one in found["transactions"]] == ["done"]
    assert cli.world.open().views().frozen("MSFT", wallet)
    assert [one.action.sender_name for lane in journal(cli).lanes() for one in lane.all()] == ["duty-officer"]
    assert cli.done(f"safe execute {file} --apply")["steps"] == []
    finished(cli, 100)


def test_what_the_safe_executes_in_an_emergency_needs_no_records(cli: Cli) -> None:
    wallet, file = cli.world.open().chain.address("owner-2"), cli.folder / "freeze.json"
    cli.done(f"compliance freeze MSFT {wallet} {REASON} --propose {file}")
    for owner in ("owner-1", "owner-3"):
        assert cli.run(f"safe sign {file} --as {owner} --yes").code == 0
    shutil.rmtree(journal(cli).folder)
    assert "a suite of the deployer's stands" in cli.done(f"safe execute {file} --apply")["unrecorded"]
