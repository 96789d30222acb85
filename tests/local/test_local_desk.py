"""A desk on this machine: brought up once, everything that it and the first hour say to try is tried, as it stands.

Twenty CPU-seconds and more: two nodes with a deployment each, on which some seventy commands are given. They are what a
newcomer's first hour consists of, and nothing else here runs the product's own nodes from a cold start.
"""

from __future__ import annotations

import json
import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_world import DOCS, DeskWorld, blocks, brought_up

from scrip.errors import InputError
from scrip.evm.accounts import local_account
from scrip.evm.rpc.node import Node
from scrip.local.desk import Desk
from scrip.local.settings import Settings
from scrip.manifest import load
from scrip.parameters import DAY
from scrip.solana.local.endpoint.client import Served


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskWorld]:
    """A desk, kept as `local up` leaves it."""
    with pytest.MonkeyPatch.context() as patch, brought_up(tmp_path_factory.mktemp("desk")) as world:
        patch.chdir(world.folder)
        for name, url in world.urls.items():
            patch.setenv(name, url)
        said = world.cli.run(world.up.removeprefix("ape run "))
        try:
            assert said.code == 0, said
            (world.folder / "said.txt").write_text(said.out)
            assert world.cli.run("local down").out == "ended: anvil, solana\n"
            world.keep()
            yield world
        finally:
            world.cli.run("local down")


@pytest.fixture
def desk(made: DeskWorld) -> Iterator[DeskWorld]:
    """The same, shut, and put back after the test."""
    yield made
    made.back()


def running(desk: DeskWorld) -> dict[str, int]:
    """The processes of a desk that runs."""
    return {name: int((desk.folder / f".scrip/local/{name}.pid").read_text()) for name in ("anvil", "solana")}


def test_what_it_says_to_try_next_works(desk: DeskWorld) -> None:
    said = (desk.folder / "said.txt").read_text()
    assert "local: 20 investors onboarded" in said
    assert "solana-local: 20 investors onboarded" in said
    assert "export" not in said  # the variables are set
    printed = re.findall(r"^  (ape run .*)$", said, flags=re.M)
    assert printed[-1] == "ape run local down"
    desk.cli.run(desk.up.removeprefix("ape run "))
    found = desk.follow(iter(printed))
    assert found["ape run audit chain"] == "local-1 on local: as the manifest says\n"
    assert "solana-local-1 on solana-local: as the manifest" in found["ape run audit chain --network solana-local"]
    assert re.search(r"supply +10 tokens\nmultiplier +2\n", found["ape run stock show MSFT"])
    assert re.search(r"reserve basis +2:1#1\n", found["ape run stock show MSFT"])


def test_the_first_hour_does_what_it_says(desk: DeskWorld) -> None:
    lines = list(blocks("first-hour.md"))
    assert lines[0] == "ape run local up"
    # How far the clock moves to a dividend depends on the day of the week: the page says when a word is too old.
    page = (DOCS / "first-hour.md").read_text(encoding="utf-8")
    backing = [load(Path(f"manifests/{name}.yaml")).stocks["AAPL"].reserve for name in ("local", "solana-local")]
    assert [one.max_age for one in backing] == [4 * DAY, 4 * DAY]
    assert "older than four days it is too old" in " ".join(page.split())
    found = desk.follow(iter([desk.up, *lines[1:]]))
    assert re.search(r"multiplier +1\.003035714285714285\n", found["ape run stock show AAPL"])
    assert "fresh" in found["ape run stock show AAPL"]
    assert found["ape run market mint ada.json --as ada --apply"].startswith("already: quote order-1")
    assert found["ape run stock why AAPL --from ada --to ben --amount 1"] == "9: receiver blocked\n"
    assert "revokeRole" in found["ape run timelock queue"]
    assert "roles.PAUSER" in found["ape run audit chain  # exit 3"]
    assert found["ape run audit records"] == "local-1 on local: as the manifest says\n"
    assert "expected 1000000 shares, found 2000000" in found["ape run audit chain --network solana-local  # exit 3"]
    assert found["ape run local down"] == "ended: anvil, solana\n"


def test_it_goes_on_where_it_stood_even_after_a_kill(desk: DeskWorld) -> None:
    assert desk.cli.run("local down").out == "nothing ran\n"
    up = desk.up.removeprefix("ape run ")
    assert desk.cli.run(up).code == 0
    before = running(desk)
    assert desk.cli.run(up).out.startswith("it runs already\n")
    assert running(desk) == before
    # What an emergency puts in the place of a transaction that waits has to offer more than it, and is paid for.
    node = Node.at(desk.urls["SCRIP_LOCAL_RPC"])
    for name in load(Path("manifests/local.yaml")).accounts:
        assert int(node.rpc("eth_getBalance", local_account(name).address, "latest"), 16) > 10**17, name

    desk.cli.done("local fund ada 500")
    later = desk.cli.done("local time +36h")["time"]
    # Of anvil's last seconds a kill may take some: it writes what it holds now and then. The cluster writes each block.
    os.kill(before["solana"], signal.SIGKILL)
    time.sleep(0.1)
    assert "solana does not run" in desk.cli.run("local status").out
    assert desk.cli.run("local fund ben 1 --network solana-local").code == 64
    assert desk.cli.run("local down").out == "ended: anvil\n"
    assert desk.cli.run(up).code == 0
    after = running(desk)
    assert not set(after.values()) & set(before.values())
    said = desk.cli.run("local fund ada 1")
    assert said.out == "local: ada has 1000501\nsolana-local: ada has 1000501\n", said
    served = Served(desk.urls["SCRIP_SOLANA_LOCAL_RPC"])
    assert served.ask("getBlockTime", served.ask("getSlot")) >= later
    assert desk.cli.run("audit records --network solana-local").code == 0
    assert desk.cli.run("audit records").code == 0


REFUSED = {
    "time +48": "time: 48 what? A duration carries its unit",
    "time 2020-01-01": "time: has passed: the clocks show",
    "time tomorrow": "or say +48h, or one of this desk's actions (split-1, dividend-1) (got 'tomorrow')",
    "time +9999999h": "time: is after 2200 (got '3",
    "fund nobody 5": "is no account",
    "fund ada 5 --network mainnet": "network: is no network of this desk (local, solana-local) (got 'mainnet')",
    "attest TSLA": "stock: is no stock of the manifest (MSFT, AAPL) (got 'TSLA')",
    "up --preset open": "preset: is none on the desk that stands in .scrip/local: without this option local up goes on",
    "fund ada 1%s" % ("0" * 86): "amount: is more than the chain's 256 bits hold",
    "fund ada 1%s" % ("0" * 47): "amount: is more than the chain's 64 bits hold, 18446744073709.551615",
    "attest MSFT -- -1": "shares: is negative (got '-1')",
    "attest MSFT 1%s" % ("0" * 47): "shares: is more than the chain's 128 bits hold",
    "up --port 19999": "port of local: is ",
    "up --without-solana": "networks: is local, solana-local on the desk that stands",
    "status --folder elsewhere": "folder: holds no desk: local up makes one (got 'elsewhere')",
    "up --folder another --preset nowhere": "is no preset of manifests/presets (allowlist, eu-mica-retail, open, ",
}
"""What cannot be done, and what is said of it."""


def test_what_cannot_be_done_is_refused_by_name(desk: DeskWorld) -> None:
    desk.cli.run(desk.up.removeprefix("ape run "))
    for line, told in REFUSED.items():
        said = desk.cli.run(f"local {line}")
        assert said.code == 64, line
        assert told in said.err, line
    taken = desk.cli.run(f"local up --folder another --port {desk.ports[0]} --without-solana")
    assert (taken.code, "port: cannot be listened on" in taken.err) == (64, True)
    assert desk.cli.run("local down --folder another --wipe").code == 0


def test_a_desk_goes_on_with_the_preset_that_it_began_with(tmp_path: Path) -> None:
    """Asked for without its preset it was refused, with the advice to wipe it."""
    folder = tmp_path / "desk"
    Settings(networks=["local"], ports={"local": 8600}, manifests="m", preset="open", records="books", began=1).write(
        folder
    )
    found = Desk.of(folder).settings
    assert (found.preset, found.networks, found.ports, found.records) == ("open", ["local"], {"local": 8600}, "books")
    assert Desk.of(folder, Path("books"), "open", {"local": 8600}, ("local",)).settings == found
    with pytest.raises(InputError, match=r"preset: is open on the desk that stands in .*: without this option"):
        Desk.of(folder, preset="allowlist")


def test_a_preset_is_in_the_place_of_every_stocks_rules(made: DeskWorld) -> None:
    from scrip.local.manifests import with_preset
    from scrip.manifest.rules import resolve

    with_preset(Path("manifests"), ("local", "solana-local"), "open", Path("opened"))
    for name in ("local", "solana-local"):
        manifest = load(Path(f"opened/{name}.yaml"))
        assert {resolve(manifest, stock).policy for stock in manifest.stocks} == {"BLOCKLIST"}


def test_settings_that_were_edited_are_named(made: DeskWorld) -> None:
    folder = Path("edited")
    folder.mkdir()
    (folder / "desk.json").write_text(json.dumps({"networks": ["local"], "ports": {"local": "many"}}))
    said = made.cli.run("local status --folder edited")
    assert (said.code, "edited/desk.json: ports.local: " in said.err) == (1, True)
    assert made.cli.run("local down --folder edited --wipe").code == 0
    assert not folder.exists()
