"""The runbook does what it says: its commands are taken out of it and run."""

import json
import re
from pathlib import Path

import pytest
from support.edited_sources import VERSION_2, edited
from support.network_cli import Cli, commands
from support.network_orders import attest
from support.runbook import RUNBOOK, follow, section

from scrip.evm.accounts import local_account

DAY = 86_400


def test_every_command_is_in_the_runbook_once() -> None:
    table = section("Commands")
    listed = re.findall(r"^\| `([^`]+)` \|", table, flags=re.M)
    assert sorted(listed) == sorted(name for name, _ in commands())
    assert all(len(row.split("|")) == 6 for row in table.splitlines() if row.startswith("| "))


def test_safe_and_timelock(cli: Cli) -> None:
    said = follow(cli, "What goes through the Safe and the timelock")
    assert "revokeRole" in said[1]
    assert "waits until" in said[5]
    assert "does not hold PAUSER" in cli.run("emergency revoke PAUSER duty-officer").out


def test_limits_on_a_stock_that_is_held_already(trading: Cli) -> None:
    said = follow(trading, "Limits on a stock that is held already")
    assert re.search(r"limits +2000 holders", said[8])
    assert re.search(r"holders +1\n", said[8])
    assert said[9].startswith("local-1 on local: as the manifest says")
    assert said[11] == "10: receiver not cleared\n"
    assert "every country but AS, BY, GU, MP, PR, RU, UM, US, VI" in said[12]


def test_the_quote_signers_key_leaked(trading: Cli) -> None:
    follow(trading, "The quote signer's key leaked")
    quote = f"market quote mint MSFT owner-1 1 90.00 --out {trading.folder}/new.json --reference q-2 --apply"
    trading.done(quote)
    assert json.loads(Path("new.json").read_text())["signer"] == local_account("quote-key-2").address.lower()
    trading.done("market mint new.json --as owner-1 --apply")


def test_the_reserve_feed_is_down(trading: Cli) -> None:
    trading.pass_time(5 * DAY)
    said = follow(trading, "The reserve feed is down")
    assert re.search(r"reserve answer .* TOO OLD: mints are refused", said[0])
    assert re.search(r"reserve answer .* fresh", said[7])
    assert re.search(r"reserve source +attested", said[-2])
    assert re.search(r"reserve answer .* fresh", said[-2])
    assert re.search(r"covered +yes", said[-2])


def test_redeemed_shares_are_sold(trading: Cli) -> None:
    trading.done(
        f"market quote redeem MSFT owner-1 60 5400.00 --out {trading.folder}/back.json --reference q-2 --apply"
    )
    network = trading.world.open()
    network.chain.send(network.suite().stablecoin, "mint", network.chain.address("treasury"), 10**12, sender="deployer")
    trading.done("market redeem back.json --as owner-1 --apply")
    said = follow(trading, "Redeemed shares are sold", tool=lambda line: answer(trading, line))
    assert re.search(r"there +199\n.*\n?free +159\n", said[0])
    assert "1. ape run market ceiling MSFT 159 --basis 1:1#0 --apply" in said[0]
    assert re.search(r"there +159\n.*\n?free +119\n", said[2])
    assert re.search(r"reserve +159.2\n", said[-1])
    shown = trading.done("market surplus MSFT --sell 0")["surplus"]
    assert (shown["free"], shown["sold"], shown["lowered"], shown["order"]) == ("119.2", "0", "159.2", [])
    assert trading.run("market surplus MSFT --sell 119.3").code == 64


def answer(cli: Cli, line: str) -> None:
    """What somebody else does meanwhile: the oracle answers."""
    if found := re.fullmatch(r"# the oracle says (\d+)", line):
        attest(cli.world.open(), int(found[1]))
    else:
        assert line == "# the custodian sells 40 of 200 shares"


def test_a_split_that_the_reserve_does_not_show_yet(trading: Cli) -> None:
    split = "MSFT SPLF split-2027"
    trading.done(f"action announce {split} --ex 2027-01-19 --effective 2027-01-19T14:30:00Z --new 2 --old 1 --apply")
    trading.done(f"action schedule {split} --apply")
    trading.pass_time(5 * DAY)
    attest(trading.world.open(), 150)
    said = follow(trading, "A split that the reserve does not show yet")
    assert re.search(r"required +100 shares", said[0])
    assert "counted in the present split basis" in said[-2]
    assert re.search(r"required +200 shares", said[-1])


def test_a_wrong_multiplier_is_scheduled(trading: Cli) -> None:
    wrong = "MSFT SPLF split-2027"
    trading.done(f"action announce {wrong} --ex 2027-02-16 --effective 2027-02-16T14:30:00Z --new 20 --old 1 --apply")
    trading.done(f"action schedule {wrong} --apply")
    said = follow(trading, "A wrong multiplier is scheduled", between=33 * DAY)
    assert re.search(r"MSFT ceiling +0 ", said[3]), "an aggregator answers here"
    assert "2.000000000 at 2027-02-16 14:30:00 UTC" in said[7]
    assert re.search(r"paused +no", said[-1])


def test_the_custodian_holds_less_than_it_should(trading: Cli) -> None:
    attest(trading.world.open(), 91)
    said = follow(trading, "The custodian holds less than it should")
    assert re.search(r"covered +NO", said[0])
    assert "nothing may be sold" in said[1]
    assert re.search(r"supply +90 tokens", said[8])
    assert re.search(r"covered +yes", said[8])
    assert "ceiling" in said[-1]


def test_there_is_a_bug_in_the_token(trading: Cli) -> None:
    fixed = trading.folder / "fixed"
    fixed.unlink(missing_ok=True)
    fixed.symlink_to(edited("version-2", VERSION_2))
    said = follow(trading, "There is a bug in the token")
    assert said[-1].startswith("local-1 on local: as the manifest says")
    assert trading.world.open().ledger().balance("MSFT", "owner-1").value == 100 * 10**18


def test_an_investor_who_enters_by_itself(cli: Cli) -> None:
    said = follow(cli, "An investor who enters by itself")
    assert "wallets of investor inv-0002" in said[1]
    assert "inv-0002 is on the register" in said[2]


def test_a_wallet_is_lost(trading: Cli) -> None:
    said = follow(trading, "A wallet is lost")
    assert "all the same" in said[0]
    assert "nothing is left with owner-1" in said[-2]
    assert trading.world.open().ledger().balance("MSFT", "owner-2").value == 100 * 10**18


@pytest.mark.parametrize("block", re.findall(r"^```csv\n(.*?)^```", RUNBOOK, flags=re.M | re.S))
def test_the_batch_file_is_one(cli: Cli, block: str) -> None:
    Path("batch.csv").write_text(block)
    assert len(cli.done("compliance onboard batch.csv --apply")["transactions"]) == 1
