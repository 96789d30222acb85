"""`ape run show`: what was onboarded, minted, asked for and announced is found again, by each of its names."""

import csv
import io
from pathlib import Path

import pytest
from support.network_cli import Cli

from scrip.errors import InputError
from scrip.evm.encoding.values import investor_number
from scrip.read import read_names
from scrip.reports.table import as_csv

ISIN = "US5949181045"
EFFECT = 1_800_887_400
"""2027-01-25 14:30:00 UTC."""
REASON = "--reason 4 --document order-4"


def owner(cli: Cli) -> str:
    return str(cli.world.open().chain.address("owner-1"))


@pytest.mark.parametrize("name", ["ticker", "isin", "address"])
def test_a_stock_is_found_by_each_of_its_names(trading: Cli, name: str) -> None:
    names = {"ticker": "MSFT", "isin": ISIN, "address": str(trading.world.open().ledger().token("MSFT").address)}
    found = trading.done(f"show stock {names[name]}")
    (stock,) = found["stocks"]
    # 200 shares are attested, of which the margin of 50 bps is kept back, and 100 tokens were minted.
    told = {
        one: stock[one] for one in ("ticker", "isin", "supply", "shares", "attested", "required", "status", "covered")
    }
    assert told == {
        "ticker": "MSFT",
        "isin": ISIN,
        "supply": "100",
        "shares": "100",
        "attested": "199",
        "required": "100",
        "status": "open",
        "covered": "yes",
    }
    assert stock["coverage"] == "1.99"
    assert found["read_at"][0]["network"] == "local"
    assert found["read_at"][0]["block"] == trading.world.open().node.block().number


def test_after_a_split_of_two_for_one_a_token_is_two_shares(trading: Cli) -> None:
    named, ex = "MSFT SPLF split-1", "--ex 2027-01-25 --effective 2027-01-25T14:30:00Z --new 2 --old 1"
    trading.done(f"action announce {named} {ex} --apply")
    (waits,) = trading.done("show pending MSFT")["pending"]
    assert (waits["kind"], waits["what"], waits["status"]) == ("action", "SPLF split-1", "announced")
    trading.done(f"action schedule {named} --apply")
    assert trading.done("show stock MSFT")["stocks"][0]["multiplier_pending"] == "2"
    trading.world.open().chain.advance_to(EFFECT)
    (holding,) = trading.done("show investor house")["holdings"]
    assert (holding["tokens"], holding["shares"]) == ("100", "200")
    (done,) = trading.done("show action MSFT SPLF split-1")["actions"]
    assert (done["unit_before"], done["unit_after"], done["status"]) == ("1", "2", "effective")
    assert trading.done("show action MSFT DRIP")["actions"] == []


@pytest.mark.parametrize("name", ["house", "number", "wallet", "owner-1"])
def test_an_investor_is_found_by_each_of_its_names(trading: Cli, name: str) -> None:
    number = str(investor_number("house"))
    asked = {"number": number, "wallet": owner(trading)}.get(name, name)
    found = trading.done(f"show investor {asked}")
    (who,) = found["investors"]
    assert (who["number"], who["status"], who["class"]) == (number, "cleared", "professional")
    assert (who["country"], who["expiry"]) == ("CH Switzerland", "2029-12-31 00:00:00 UTC")
    assert who["wallets"] == [owner(trading)]
    # The chain has no name: it is known where it was asked for, or where a file says it.
    assert who["name"] == ("house" if name == "house" else "")
    assert [(one["stock"], one["tokens"], one["shares"]) for one in found["holdings"]] == [("MSFT", "100", "100")]


def test_names_come_from_a_file(trading: Cli) -> None:
    assert trading.done("show investors")["investors"][0]["name"] == ""
    assert trading.done(f"show investors --names {trading.folder}/owner.csv")["investors"][0]["name"] == "house"
    (trading.folder / "wrong.csv").write_text("name\nhouse\n")
    said = trading.run(f"show investors --names {trading.folder}/wrong.csv")
    assert (said.code, "has no column investor" in said.err) == (1, True)


def test_whoever_is_blocked_lapsed_or_frozen_is_said_to_be(trading: Cli) -> None:
    assert trading.done("show expiring --days 0")["investors"] == []
    assert [one["status"] for one in trading.done("show expiring --days 36500")["investors"]] == ["cleared"]
    trading.signed(f"compliance freeze-tokens MSFT owner-1 12.5 {REASON}", "part.json")
    trading.signed(f"compliance lock MSFT owner-1 3 2028-01-01 {REASON}", "lock.json")
    trading.signed(f"compliance freeze MSFT owner-1 {REASON}", "whole.json")
    (holding,) = trading.done("show wallet owner-1")["wallets"][0]["holdings"]
    told = [holding[one] for one in ("is_frozen", "frozen", "locked", "until")]
    assert told == ["yes", "12.5", "3", "2028-01-01 00:00:00 UTC"]
    trading.done(f"compliance block house {REASON} --apply")
    assert [one["status"] for one in trading.done("show investors --status blocked")["investors"]] == ["blocked"]
    assert trading.done("show investors --status cleared")["investors"] == []
    assert trading.done("show expiring --days 36500")["investors"] == []
    trading.done(f"compliance unblock house {REASON} --reference u --apply")
    assert trading.done("show investors --country de")["investors"] == []
    assert len(trading.done("show investors --country ch --class professional")["investors"]) == 1


def test_quotes_requests_and_stops(trading: Cli) -> None:
    trading.done(f"market quote mint MSFT owner-1 5 450 --out {trading.folder}/q.json --reference q-9 --apply")
    (quote,) = trading.done("show quotes MSFT")["quotes"]
    told = [quote[one] for one in ("reference", "status", "tokens", "shares", "price", "account")]
    assert told == ["q-9", "open", "5", "5", "90.000000", "owner-1"]
    assert {one["reference"]: one["status"] for one in trading.done("show quotes --used")["quotes"]} == {
        "q-1": "used",
        "q-9": "open",
    }
    assert trading.done("show requests")["requests"] == []
    trading.done("emergency pause MSFT --apply")
    assert trading.done("show stock MSFT")["stocks"][0]["status"] == "paused"
    trading.done("emergency halt --apply")
    assert {one["status"] for one in trading.done("show stocks")["stocks"]} == {"halted"}


def test_what_waits_in_the_timelock_is_shown_with_its_calls(trading: Cli) -> None:
    trading.signed("stock bump-epoch MSFT", "bump.json")
    (waits,) = trading.done("show pending MSFT")["pending"]
    assert (waits["kind"], waits["status"]) == ("timelock", "waits")
    assert "bump" in waits["what"].lower()
    trading.pass_time(2 * 86_400)
    (ready,) = trading.done("show pending")["pending"]
    assert ready["status"] == "ready"
    assert trading.run(f"{ready['command']} --as deployer").code == 0


def test_a_table_is_csv_that_a_spreadsheet_does_not_run(trading: Cli) -> None:
    path = trading.folder / "investors.csv"
    path.unlink(missing_ok=True)
    trading.done(f"show investors --csv {path}")
    (row,) = csv.DictReader(io.StringIO(path.read_text()))
    assert (row["country"], row["wallets"]) == ("CH Switzerland", owner(trading))
    assert trading.run(f"show investors --csv {path}").code == 64, "it overwrote a file"
    said = trading.run("show investors --csv -")
    assert (said.code, said.out) == (0, path.read_text())
    assert as_csv(["a", "b"], [{"a": "=1+1", "b": "-1.5"}, {"a": "-x", "b": ["p", "q"]}]) == (
        "a,b\n'=1+1,-1.5\n'-x,p q\n"
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("show stock NONE", "stock: is no stock of the manifest: no ticker, ISIN or address (got 'NONE')"),
        ("show investor nobody", "is no investor of the register: neither a name, nor a number, nor a wallet of one"),
        ("show investor 99", "investor: is no investor of the register"),
        ("show wallet nobody", "nobody"),
        ("show holders MSFT", "there is no register in registers/local/MSFT"),
        ("show investors --country XX", "is no ISO 3166 alpha-2 country code"),
        ("show expiring --days -1", "--days"),
    ],
)
def test_what_is_not_there_is_named(trading: Cli, line: str, said: str) -> None:
    found = trading.run(line)
    assert (found.code, said in found.err) == (64, True), found


def test_people_see_tables_and_where_they_were_read(trading: Cli) -> None:
    said = trading.run("show investor house").out
    assert "CH Switzerland" in said
    assert "shares" in said
    block = trading.world.open().node.block().number
    assert f"read at local: block {block} of " in said


def test_names_that_nobody_sees_are_refused_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text("wallet,investor\nx,house\ny,ho\u200buse\n")
    with pytest.raises(InputError, match="which nobody sees") as wrong:
        read_names(path)
    assert wrong.value.line == 3
    path.write_text("wallet,investor\nx,house\ny,other\nz,house\n")
    assert read_names(path) == ["house", "other"]
