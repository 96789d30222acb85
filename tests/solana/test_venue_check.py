"""`ape run venue` on Solana: each way in which a stock would not go into a venue's account or out of it is named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from solana_cli import SolanaCli, fresh_cli, onboarded, wallet
from solana_network_world import SolanaNetworkWorld, deployed_solana_world
from solana_world import ROOT
from support.network_cli import Cli

IN, OUT = "would a unit arrive", "would it leave again"
CLEARED, OPENED = "is it cleared as a venue", "may its account be opened"
MAINNET = ROOT / "manifests/solana-mainnet.yaml"
REASON = "--reason 7 --document order-1"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SolanaNetworkWorld]:
    with deployed_solana_world(tmp_path_factory.mktemp("venues")) as found:
        yield found


@pytest.fixture
def cli(world: SolanaNetworkWorld, monkeypatch: pytest.MonkeyPatch) -> SolanaCli:
    return fresh_cli(world, monkeypatch)


def listed(cli: SolanaCli, name: str) -> None:
    """A custodial wallet as an investor of class venue."""
    file = cli.folder / f"{name}.csv"
    row = f"{name},{wallet(name)},CH,venue,2029-12-31"
    file.write_text(f"investor,wallet,country,class,expiry\n{row}\n")
    cli.done(f"compliance onboard {file} --apply")


def answers(said: Any) -> dict[str, str]:
    """The answer to each question, of one account in one stock."""
    return {one["question"]: one["answer"] for one in said["answers"]}


def test_a_venue_is_rehearsed_and_nothing_is_sent(cli: SolanaCli, world: SolanaNetworkWorld) -> None:
    assert "no investor is of class venue" in cli.run("venue list").out
    assert cli.run("venue check").code == 64
    # Who is onboarded as anything else is no venue; what is nobody's may have no account.
    refused = cli.run("venue check owner-3 --stock MSFT")
    assert (refused.code, "it is nobody's wallet" in refused.out) == (3, True), refused
    listed(cli, "owner-3")
    before = len(world.open().records.all())
    found = answers(cli.done("venue check owner-3 --stock MSFT"))
    assert {one: found[one] for one in (CLEARED, OPENED, IN, OUT)} == dict.fromkeys((CLEARED, OPENED, IN, OUT), "yes")
    assert found["does klend take its extensions from anybody"] == "unknown"
    assert len(world.open().records.all()) == before
    assert cli.done("venue list")["empty"] == [wallet("owner-3")]
    cli.done("emergency pause MSFT --apply")
    said = cli.run("venue check --stock MSFT")
    assert (said.code, "would a unit arrive: yes" in said.out) == (3, True), said
    cli.done("emergency unpause MSFT --apply")
    assert cli.run("venue check --stock MSFT").code == 0
    assert cli.run("venue check --stock NONE").code == 64
    cli.done(f"compliance block owner-3 {REASON} --apply")
    said = cli.run("venue check --stock MSFT")
    assert (said.code, "its investor is blocked" in said.out) == (3, True), said


def test_an_investor_of_another_class_is_no_venue(cli: SolanaCli) -> None:
    onboarded(cli, "owner-1")
    said = cli.run("venue check owner-1 --stock MSFT")
    assert (said.code, "its investor is of class professional" in said.out) == (3, True), said


def test_a_network_without_a_url_is_refused_by_the_name_of_its_variable(
    cli: SolanaCli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SCRIP_SOLANA_MAINNET_RPC", raising=False)
    said = Cli.run(cli, f"venue check --manifest {MAINNET} --network solana-mainnet")
    assert (said.code, "SCRIP_SOLANA_MAINNET_RPC" in said.err) == (64, True), said
