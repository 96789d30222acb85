"""A manifest names who signs sanctions lists: deployed, audited, signed to a file, published and gone by."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from solana_cli import fresh_cli
from solana_network_world import SolanaNetworkWorld, deployed_solana_world, solana_manifest

from scrip import flows
from scrip.chains.solana import SolanaNetwork
from scrip.errors import InputError
from scrip.inputs.batch import Batch, Newcomer
from scrip.manifest.checks import check
from scrip.manifest.model import SolanaManifest
from scrip.model.laws.sanctions_list import ListTree
from scrip.plan import Plan
from scrip.reports.findings import Finding
from scrip.solana.addresses import local_address
from scrip.solana.audit import audit

ORACLE, DAY = "halt-desk", 86_400
LISTED = ("mallory", "ada", "dave")


def manifest_with(oracle: str = ORACLE, strict: bool = True) -> SolanaManifest:
    """The manifest with this oracle."""
    found = solana_manifest().model_copy(update={"sanctions_oracle": oracle, "strict_list": strict})
    assert isinstance(found, SolanaManifest)
    return found


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SolanaNetworkWorld]:
    with deployed_solana_world(tmp_path_factory.mktemp("lists"), manifest_with()) as found:
        rows = [Newcomer(one, str(local_address(one)), 756, "professional", 2**33) for one in ("ada", "ben")]
        found.run(flows.investors.onboard(found.open(), Batch("a.csv", "a", tuple(enumerate(rows, start=2)))))
        found.mark()
        yield found


@pytest.fixture
def world(deployed: SolanaNetworkWorld) -> Iterator[SolanaNetworkWorld]:
    yield deployed
    deployed.back()


def plain(path: Path, *names: str) -> Path:
    """A plain list of these."""
    path.write_text("# who is listed\n\n" + "".join(f"{local_address(one)}  # {one}\n" for one in names))
    return path


def signed(world: SolanaNetworkWorld, folder: Path, *names: str, life: int = DAY, serial: int = 0) -> Path:
    """The file of a list of these, as the oracle signed it."""
    out = folder / f"list-{len(list(folder.iterdir()))}.json"
    flows.sanctions.draft_list(world.open(), plain(folder / "plain.txt", *names), life, serial).sign_into(out)
    return out


def drift(world: SolanaNetworkWorld, manifest: SolanaManifest) -> dict[str, Finding]:
    """What an audit says of the list, by field."""
    found = audit(world.open(manifest))
    return {one.field: one for one in found if one.field in ("sanctions_oracle", "sanctions_list", "strict_list")}


def test_a_list_is_signed_published_and_gone_by(world: SolanaNetworkWorld, tmp_path: Path) -> None:
    """Ada is listed and blocked, ben shown absent; again there is nothing to do, and an older list does not count."""
    assert set(drift(world, manifest_with())) == {"sanctions_list"}
    path = signed(world, tmp_path, *LISTED)
    made = json.loads(path.read_text())
    words = sorted(bytes(local_address(one)) for one in LISTED)
    assert made["root"] == f"0x{ListTree(words).root.hex()}"
    assert made["serial"] == made["issued"] == world.open().chain.now()
    with pytest.raises(InputError, match="does not count: none does"):
        flows.sanctions.screen(world.open(), (), "", path)
    plan = flows.sanctions.publish_list(world.open(), path)
    assert world.open().preview(plan).refusal is None
    assert world.run(plan).changed
    assert drift(world, manifest_with()) == {}
    assert flows.sanctions.publish_list(world.open(), path).same == (f"list {made['serial']} counts",)
    plan = flows.sanctions.screen(world.open(), (), "owner-1", path)
    assert world.open().preview(plan).refusal is None
    assert [one.title for one in plan.steps] == [
        "block ada", f"show that list {made['serial']} does not name ben",
    ]  # fmt: skip
    world.run(plan)
    assert flows.sanctions.screen(world.open(), (), "owner-1", path).steps == ()
    stranger = flows.sanctions.screen(world.open(), (str(local_address("mallory")),), "", path)
    assert world.run(stranger).changed
    assert flows.sanctions.screen(world.open(), (str(local_address("mallory")),), "", path).steps == ()
    later = signed(world, tmp_path, "mallory", serial=made["serial"] + 1)
    world.run(flows.sanctions.publish_list(world.open(), later))
    with pytest.raises(InputError, match="is not above"):
        flows.sanctions.publish_list(world.open(), path)
    with pytest.raises(InputError, match="does not count: list"):
        screened(world, path)
    # Ben was shown absent from the list before alone, and ada's block stays.
    plan = flows.sanctions.screen(world.open(), (), "", later)
    assert [one.title.partition(" name ")[2] for one in plan.steps] == ["ben"]
    world.run(plan)


def test_an_expired_list_shows_nobody_absent_and_is_told(world: SolanaNetworkWorld, tmp_path: Path) -> None:
    path = signed(world, tmp_path, "mallory", life=60)
    world.run(flows.sanctions.publish_list(world.open(), path))
    world.pass_time(60)
    assert drift(world, manifest_with())["sanctions_list"].found.startswith("expired at")
    assert set(drift(world, manifest_with(strict=False))) == {"strict_list"}
    plan = flows.sanctions.screen(world.open(), ("ben", str(local_address("mallory"))), "", path)
    assert [one.title for one in plan.steps] == [f"block {local_address('mallory')}"]
    assert any("has expired" in one for one in plan.same)
    late = signed(world, tmp_path, "dave", life=60)
    world.pass_time(60)
    with pytest.raises(InputError, match="has passed"):
        flows.sanctions.publish_list(world.open(), late)


def test_who_is_heard_follows_the_manifest(world: SolanaNetworkWorld, tmp_path: Path) -> None:
    """Suspended by COMPLIANCE; named again, or another, by the settings: what was signed before counts no more."""
    path = signed(world, tmp_path, "mallory")
    assert "the sanctions oracle" in world.open().settings("again").same
    world.run(flows.sanctions.suspend(world.open(), "a doubt"))
    assert flows.sanctions.suspend(world.open(), "again").same == ("the sanctions oracle is suspended",)
    assert drift(world, manifest_with())["sanctions_oracle"].found == "suspended"
    for refused in (flows.sanctions.publish_list, screened_in):
        with pytest.raises(InputError, match="is suspended"):
            refused(world.open(), path)
    world.pass_time(1)
    world.run(world.open().settings("believed again"))
    refusal = world.open().preview(flows.sanctions.publish_list(world.open(), path)).refusal
    assert refusal is not None
    assert refusal.name == "sanctions: bad term"
    other = manifest_with("owner-2")
    assert drift(world, other)["sanctions_oracle"].severity == "critical"
    world.run(world.open(other).settings("another"))
    with pytest.raises(InputError, match="is not who is heard"):
        flows.sanctions.publish_list(world.open(), path)
    nobody = manifest_with("", strict=False)
    world.run(world.open(nobody).settings("nobody"))
    assert drift(world, nobody) == {}
    assert flows.sanctions.suspend(world.open()).same == ("there is no oracle",)
    with pytest.raises(InputError, match="nobody signs lists that count"):
        screened(world, path)
    with pytest.raises(InputError, match="names nobody who signs"):
        flows.sanctions.draft_list(world.open(nobody), path, DAY)


def screened(world: SolanaNetworkWorld, path: Path) -> Plan:
    return screened_in(world.open(), path)


def screened_in(network: SolanaNetwork, path: Path) -> Plan:
    return flows.sanctions.screen(network, (), "", path)


def test_a_file_that_was_altered_is_refused_by_field(world: SolanaNetworkWorld, tmp_path: Path) -> None:
    path = signed(world, tmp_path, "mallory", "dave")
    text = path.read_text()
    good = json.loads(text)
    for change, reason in (
        ({"serial": 7}, "is not the oracle's"),
        ({"expiry": good["expiry"] + 1}, "is not the oracle's"),
        ({"signature": ""}, "is not the oracle's"),
        ({"serial": 0}, "is less than"),
        ({"listed": good["listed"][:1]}, "is not that of its addresses"),
        ({"listed": ["nobody"]}, "base58"),
        ({"listed": [good["listed"][0]] * 2}, "is listed twice"),
        ({"oracle": "nobody"}, "base58"),
        ({"genesis": "0x" + "07" * 32}, "is of genesis"),
        ({"kind": "other"}, "no sanctions list for Solana"),
        ({"colour": "red"}, "is no field"),
    ):
        path.write_text(json.dumps(good | change))
        with pytest.raises(InputError, match=reason):
            flows.sanctions.publish_list(world.open(), path)
    path.write_text("[]")
    with pytest.raises(InputError, match="no sanctions list"):
        flows.sanctions.publish_list(world.open(), path)


def test_what_is_no_plain_list_is_refused_by_line(world: SolanaNetworkWorld, tmp_path: Path) -> None:
    path, one = tmp_path / "listed.txt", str(local_address("mallory"))
    for text, reason in (
        (f"{one}\n{one}\n", r":2: .*is on line 1 too"),
        ("# none\n0x40C57923924B5c5c5455c48D93317139ADDaC8fb\n", ":2: .*is no address: 32 bytes in base58"),
        (f"{one} {one}\n", ":1: .*is no address"),
        ("11111111111111111111111111111111\n", ":1: .*is the zero address"),
    ):
        path.write_text(text)
        with pytest.raises(InputError, match=reason):
            flows.sanctions.draft_list(world.open(), path, DAY)
    for life, serial, reason in ((0, 0, "out of bounds"), (30 * DAY + 1, 0, "out of bounds")):
        with pytest.raises(InputError, match=reason):
            flows.sanctions.draft_list(world.open(), plain(path), life, serial)
    # A list of nobody is one: everybody is absent.
    empty = signed(world, tmp_path)
    world.run(flows.sanctions.publish_list(world.open(), empty))
    with pytest.raises(InputError, match="is not above"):
        flows.sanctions.draft_list(world.open(), plain(path), DAY, json.loads(empty.read_text())["serial"])


def test_the_oracle_is_an_account_of_the_manifest() -> None:
    for name, reason in (("deployer", "holds nothing"), ("nobody", "is no account")):
        assert any(reason in fault.message for fault in check(manifest_with(name), "solana-local")), name
    assert any("lets nobody in" in fault.message for fault in check(manifest_with(""), "solana-local"))


def test_the_commands(world: SolanaNetworkWorld, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """From the plain file to a block, by commands; no other kind of chain takes a list."""
    cli = fresh_cli(world, monkeypatch)
    manifest = cli.folder / "manifests/solana-local.yaml"
    named = f"calendar: XNYS\nsanctions_oracle: {ORACLE}\nstrict_list: true\n"
    manifest.write_text(manifest.read_text().replace("calendar: XNYS\n", named))
    cli.folder.joinpath("listed.txt").write_text(f"{local_address('ada')}\n")
    assert "is missing" in cli.run("compliance screen").err
    assert "neither proposed nor rehearsed" in cli.run("compliance sign-list listed.txt --out l.json --rehearse").err
    assert cli.done("compliance sign-list listed.txt --out l.json")["list"]["serial"]
    assert not (cli.folder / "l.json").exists()
    cli.done("compliance sign-list listed.txt --out l.json --life 2h --apply")
    cli.done("compliance publish-list l.json --apply")
    assert cli.done("compliance publish-list l.json --apply")["steps"] == []
    blocked = cli.done("compliance screen --list l.json --apply")
    assert [one["title"] for one in blocked["steps"]][:1] == ["block ada"]
    assert cli.done("compliance screen --list l.json --apply")["steps"] == []
    cli.done("compliance suspend-oracle --apply")
