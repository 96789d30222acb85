"""`ape run show` on a cluster, and on two networks that have one stock."""

from __future__ import annotations

import json
import shutil

import pytest
from multichain_networks_world import Both
from solana_cli import SolanaCli, onboarded, wallet
from support.network_cli import Cli
from support.npm_packages import packed, run

from scrip import instructions as ins
from scrip.solana.addresses import token_account
from scrip.units import Stablecoin

ISIN = "US5949181045"
REASON = "--reason 7 --document order-1"


@pytest.fixture
def cli(both: Both, monkeypatch: pytest.MonkeyPatch) -> SolanaCli:
    both.commands(monkeypatch)
    return SolanaCli(both.solana)  # type: ignore[arg-type]


def test_what_was_minted_on_solana_is_found_by_each_name_and_on_both_networks_by_isin(
    cli: SolanaCli, both: Both
) -> None:
    onboarded(cli, "owner-1")
    both.solana.open().ledger().apply(ins.FundStablecoin("owner-1", Stablecoin.parse("10000")))
    # As many as the other network may owe, 1,000,000, are no backing here.
    cli.done("market attest MSFT 1100000 --apply")
    file = cli.folder / "quote.json"
    cli.done(f"market quote mint MSFT owner-1 100 9000.00 --out {file} --reference s-1 --apply")
    cli.done(f"market mint {file} --as owner-1 --apply")
    number = ""
    for asked in ("owner-1", wallet("owner-1")):
        found = cli.done(f"show investor {asked} --alone")
        (who,) = found["investors"]
        assert (who["status"], who["country"], who["class"]) == ("cleared", "CH Switzerland", "professional")
        assert who["wallets"] == [wallet("owner-1")]
        assert [(one["stock"], one["tokens"], one["shares"]) for one in found["holdings"]] == [("MSFT", "100", "100")]
        number = who["number"]
    assert cli.done(f"show investor {number} --alone")["investors"][0]["wallets"] == [wallet("owner-1")]
    stocks = cli.done(f"show stock {ISIN}")["stocks"]
    assert [(one["network"], one["supply"]) for one in stocks] == [("solana-local", "100"), ("local", "0")]
    assert [one["shares"] for one in stocks] == ["100", "0"]
    assert cli.done(f"show stock {stocks[0]['address']} --alone")["stocks"][0]["ticker"] == "MSFT"
    assert {one["reference"]: one["status"] for one in cli.done("show quotes --used")["quotes"]} == {"s-1": "used"}
    # What is frozen of it, and who may hold no more.
    cli.done(f"compliance freeze-tokens MSFT owner-1 12.5 {REASON} --apply")
    cli.done(f"compliance freeze MSFT owner-1 {REASON} --apply")
    (one,) = cli.done("show wallet owner-1 --alone")["wallets"][0]["holdings"]
    assert (one["tokens"], one["frozen"], one["is_frozen"]) == ("100", "12.5", "yes")
    cli.done(f"compliance block owner-1 {REASON} --apply")
    assert [one["status"] for one in cli.done("show investors --alone")["investors"]] == ["blocked"]
    assert cli.run("show investor nobody").code == 64


def test_an_action_of_both_networks_is_pending_on_both(cli: SolanaCli, both: Both) -> None:
    named = "MSFT SPLF split-1"
    cli.done(f"action announce {named} --ex 2027-01-25 --effective 2027-01-25T14:30:00Z --new 2 --old 1 --apply")
    found = cli.done("show pending MSFT")
    assert {(one["network"], one["what"], one["status"]) for one in found["pending"]} == {
        ("solana-local", "SPLF split-1", "announced"),
        ("local", "SPLF split-1", "announced"),
    }
    assert [one["network"] for one in found["read_at"]] == ["solana-local", "local"]
    assert all(one["block"] > 0 for one in found["read_at"])
    assert {one["network"] for one in Cli(both.local).done("show pending MSFT --alone")["pending"]} == {"local"}
    assert [one["network"] for one in cli.done("show action MSFT SPLF split-1")["actions"]] == ["solana-local", "local"]


def test_a_report_of_both_networks_holds_until_one_of_them_moves(cli: SolanaCli, both: Both) -> None:
    cli.done("market attest MSFT 1100000 --apply")
    shutil.rmtree(cli.folder / "page", ignore_errors=True)
    read_at = cli.done("report site --out page")["read_at"]
    assert [one["network"] for one in read_at] == ["solana-local", "local"]
    found = json.loads((cli.folder / "page/report.json").read_text())
    stocks = {(one["network"], one["ticker"]): one for one in found["stocks"]}
    # The margin is 50 bps: 1,100,000 less 5,500 are counted, and 1,000,000 of them may be owed elsewhere.
    assert stocks["solana-local", "MSFT"]["attested"] == "1094500"
    assert stocks["solana-local", "MSFT"]["there"] == "94500"
    roles = {(one["network"], one["role"]) for one in found["powers"]}
    assert {("solana-local", "PAUSER"), ("local", "PAUSER"), ("solana-local", "ADMIN")} <= roles
    cli.done("report verify page")
    cli.done("emergency pause MSFT --apply")
    said = cli.run("report verify page")
    assert (said.code, "report.stocks[0].status: expected paused, found open" in said.out) == (3, True), said


def test_a_watch_finds_what_is_open_and_must_not_be_and_freezes_it(cli: SolanaCli, both: Both) -> None:
    """An account that a block left open, as where a node did not list it, is told and with --act frozen."""
    shutil.rmtree(cli.folder / "watch", ignore_errors=True)
    onboarded(cli, "owner-1")
    cli.done("compliance thaw MSFT owner-1 --apply")
    assert [one for one in cli.done("watch --once --alone")["alerts"] if one["kind"] == "left open"] == []
    # A clearance that ends freezes nothing by itself: somebody has to.
    both.solana.pass_time(4 * 365 * 86_400)
    found = cli.done("watch --once --alone")
    (one,) = (one for one in found["alerts"] if one["kind"] == "left open")
    assert (one["command"], "owner-1 is open, and its wallet is lapsed" in one["text"]) == ("compliance sweep", True)
    acted = cli.done("watch --once --alone --act --as deployer")
    assert len(acted["done"]) == 1
    assert [one for one in acted["alerts"] if one["kind"] == "left open"] == []
    assert cli.done("watch --once --alone --act --as deployer")["done"] == []


def test_what_two_networks_disagree_about_is_told(cli: SolanaCli, both: Both) -> None:
    shutil.rmtree(cli.folder / "watch", ignore_errors=True)
    named = "MSFT SPLF split-1 --ex 2027-01-25 --effective 2027-01-25T14:30:00Z --new 2 --old 1"
    cli.done(f"action announce {named} --alone --apply")
    alerts = cli.done("watch --once")["alerts"]
    assert any(one["kind"] == "one-sided" and "split-1" in one["subject"] for one in alerts), alerts


def test_node_checks_a_quote_with_kit_and_reads_the_mint(
    cli: SolanaCli, both: Both, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The TypeScript package knows the mint from the manifest alone, and who signed which terms."""
    onboarded(cli, "owner-1")
    both.solana.open().ledger().apply(ins.FundStablecoin("owner-1", Stablecoin.parse("10000")))
    cli.done("market attest MSFT 1100000 --apply")
    file = cli.folder / "npm-quote.json"
    file.unlink(missing_ok=True)
    cli.done(f"market quote mint MSFT owner-1 100 9000.00 --out {file} --reference npm-1 --apply")
    cli.done(f"market mint {file} --as owner-1 --apply")
    network = both.solana.open()
    mint = network.listing("MSFT").mint
    coin = network.suite().stablecoin
    told = run(
        packed(tmp_path_factory.mktemp("npm-solana"), both.records),
        {
            "solana": json.loads(file.read_text()),
            "network": "solana-local",
            "tokenAccount": str(token_account(network.keys.address("owner-1"), mint)),
            "settlementMint": str(coin),
            "rpc": both.solana.served.url,
        },
    )
    assert (told["signed"], told["forged"]) == (True, False)
    assert told["supply"] == str(100 * 10**8)
    assert told["program"] == str(network.program.id)
