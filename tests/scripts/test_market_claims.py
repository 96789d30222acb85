"""Who is owed a dividend beside its register, by hand: see docs/market-claims.md, whose example this is."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.desk_people import give_coins, onboard
from support.kept_desk import KeptDesk, opened_desk
from support.network_cli import Cli
from support.network_orders import attest

from scrip.labels import entry_label, vault_label

EX_AT, RECORD, PAID_FROM = 1_800_316_800, 1_800_369_000, 1_801_224_000
HOUR, DAY = 3_600, 86_400
WHOLE, COIN, PRICE = 10**18, 10**6, 400 * 10**6
BOUGHT, SOLD, LATER = (bytes([one]) * 32 for one in (1, 2, 3))
ROOT = "dividend root MSFT q1 --register reg --treaty us.yaml --reliefs reliefs.csv"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptDesk]:
    """A desk with both vaults of MSFT and dividends in cash; owner-1 holds 50, owner-2 40, owner-3 none."""
    with opened_desk(tmp_path_factory.mktemp("claims"), edited, ready) as cli:
        yield KeptDesk(cli)


@pytest.fixture
def desk(kept: KeptDesk) -> Cli:
    """As it was made ready, for each test."""
    return kept.again()


def edited(content: dict[str, Any]) -> None:
    content["dividends"], content["withholding"] = {"tax": "custodian"}, {"DE": 1_500}
    content["stocks"]["MSFT"]["redemption"] = {"minimum": "1", "reference": "400"}
    content["stocks"]["MSFT"]["subscription"] = {"minimum": "100", "reference": "400"}


def ready(cli: Cli) -> None:
    _filled(cli)
    traded(cli)


def _filled(cli: Cli) -> None:
    network = cli.world.open()
    attest(network, 200)
    lands = {"owner-1": "DE", "owner-2": "JP", "owner-3": "CH"}
    give_coins(cli, *lands, "treasury")
    onboard(cli, {one: (land, "retail") for one, land in lands.items()})
    for one, tokens in (("owner-1", 50), ("owner-2", 40)):
        trade(cli, "mint", one, tokens)
    cli.done("dividend announce MSFT q1 --ex 2027-01-19 --gross 0.83 --pay 2027-01-29T12:00:00Z --apply")
    owner = network.chain.call(network.suite().registry, "investorOf", network.chain.address("owner-1"))
    Path("reliefs.csv").write_text(f"investor,document,until\n{owner},W-8BEN,2027-12-31\n")
    table = {"schema": 1, "source": "US", "statutory_bps": 3_000, "treaty": {"DE": {"bps": 1_500}}}
    Path("us.yaml").write_text(yaml.safe_dump(table))


def quote(cli: Cli, side: str, account: str, tokens: int, name: str) -> None:
    line = f"market quote {side} MSFT {account} {tokens} {400 * tokens} --life 1d --out {name}.json"
    cli.done(f"{line} --reference {name} --apply")


def trade(cli: Cli, side: str, account: str, tokens: int, name: str = "") -> None:
    """Carry out a quote of that name, or one that is signed now."""
    if not name:
        quote(cli, side, account, tokens, name := f"{side}-{account}-{tokens}")
    cli.done(f"market {side} {name}.json --as {account} --apply")


def vault(cli: Cli, label: str, function: str, *args: object) -> None:
    network = cli.world.open()
    network.chain.send(network.ledger().vaults[label], function, *args, sender="quote-key")


def at(cli: Cli, second: int) -> None:
    cli.world.open().chain.advance_to(second)


def address(cli: Cli, account: str) -> str:
    return str(cli.world.open().chain.address(account)).lower()


def table(folder: str, name: str, *columns: str) -> list[tuple[str, ...]]:
    rows = csv.DictReader(Path(folder, f"{name}.csv").read_text().splitlines())
    return sorted(tuple(row[one] for one in columns) for row in rows)


def traded(cli: Cli) -> None:
    """Two days around the ex, with the register of the record."""
    entry, leaving = entry_label("MSFT"), vault_label("MSFT")
    at(cli, EX_AT - 4 * HOUR)
    cli.done("subscription request MSFT 4000 --as owner-3 --apply")
    cli.done("redemption request MSFT 6 --as owner-1 --apply")
    cli.done("redemption request MSFT 4 --as owner-2 --apply")
    at(cli, EX_AT - 2 * HOUR)
    vault(cli, entry, "strike", BOUGHT, PRICE, EX_AT + 20 * HOUR)
    quote(cli, "mint", "owner-2", 5, "cum")
    quote(cli, "redeem", "owner-1", 2, "twice")
    # The market trades without it: nothing is minted, and who leaves now is paid a price without it.
    at(cli, EX_AT + HOUR)
    vault(cli, leaving, "strike", SOLD, PRICE, EX_AT + 20 * HOUR)
    vault(cli, leaving, "fill", SOLD, [address(cli, "owner-1")])
    trade(cli, "redeem", "owner-1", 1)
    at(cli, RECORD + HOUR)
    attest(cli.world.open(), 200)
    vault(cli, entry, "fill", BOUGHT, [address(cli, "owner-3")])
    trade(cli, "mint", "owner-2", 5, "cum")
    trade(cli, "redeem", "owner-1", 2, "twice")
    # Neither: the price of today in the units of today.
    trade(cli, "mint", "owner-3", 1)
    cli.done("register build MSFT --ex 2027-01-19 --out reg")


# Two days of a desk of its own, with both vaults: 5 s.
def test_what_is_owed_beside_the_register(desk: Cli) -> None:
    """All in one story of two days, as the example in the docs tells it."""
    leaving = vault_label("MSFT")
    found = desk.done("dividend claims MSFT q1 --out claims.csv")
    owed = {(one[0], one[1], one[2], int(one[6]) // WHOLE) for one in found["claims"]}
    mine, its, third = (address(desk, one) for one in ("owner-1", "owner-2", "owner-3"))
    assert owed == {
        (third, "bought", "subscription", 10),
        (its, "bought", "quote", 5),
        (mine, "sold", "redemption", 6),
        (mine, "sold", "quote", 1),
    }
    assert [(one[0], int(one[6]) // WHOLE) for one in found["owed_back"]] == [(mine, 2)]
    assert [line.split(" of ")[0] for line in found["waits"]] == ["4"]

    # 43, 36 and no tokens at the record; 0.83 each; 15 % of owner-1's, 30 % of the others'.
    assert "NOT in this root: 4 market claims, and 1 that are not decided" in desk.run(ROOT + " --out without").out
    desk.done(f"{ROOT} --claims claims.csv --out part --apply")
    assert table("part", "dividend", "account", "units", "gross", "withheld", "net") == sorted([
        (mine, str(50 * WHOLE), "41500000", "6225000", "35275000"),
        (its, str(41 * WHOLE), "34030000", "10209000", "23821000"),
        (third, str(10 * WHOLE), "8300000", "2490000", "5810000"),
    ])  # fmt: skip
    assert table("part", "claims", "account", "by", "gross", "here", "net") == sorted([
        (third, "subscription", "8300000", "2490000", "5810000"),
        (its, "quote", "4150000", "1245000", "2905000"),
        (mine, "redemption", "4980000", "747000", "4233000"),
        (mine, "quote", "830000", "124500", "705500"),
    ])  # fmt: skip
    told = json.loads(Path("part", "dividend.json").read_text())["claims"]
    assert (told["count"], told["paid_by"], told["net"], told["here"]) == (4, "treasury", "13653500", "4606500")
    assert "18.26 of 4 of them, which no custodian's dividend covers" in desk.run("dividend fund MSFT q1 part").out
    desk.done("dividend fund MSFT q1 part --apply")

    # Nobody was filled at the price for which the register took owner-2's four tokens for sold.
    at(desk, EX_AT + DAY)
    later = desk.done("dividend claims MSFT q1 --out claims.csv")
    assert [(one[0], int(one[6]) // WHOLE) for one in later["claims"] if "at the record" in one[3]] == [(its, 4)]
    desk.done(f"{ROOT} --claims claims.csv --after part --out later --apply")
    names = ("account", "gross", "withheld", "net")
    assert table("later", "dividend", *names) == [(its, "3320000", "996000", "2324000")]
    desk.done("dividend fund MSFT q1 later --apply")
    # Filled after all, at another price: it is the claim that was paid.
    vault(desk, leaving, "strike", LATER, PRICE, EX_AT + DAY + HOUR)
    vault(desk, leaving, "fill", LATER, [address(desk, "owner-2")])
    assert desk.done("dividend claims MSFT q1 --out claims.csv")["claims"] == later["claims"]
    assert "is posted" in desk.run(f"{ROOT} --claims claims.csv --after part --out later").out
    # A paper of who is in the first part by a claim alone.
    whose = table("part", "dividend", "account", "investor")
    papers = "".join(f"{investor},W-8BEN,2027-12-31\n" for account, investor in whose if account in (mine, third))
    Path("papers.csv").write_text(f"investor,document,until\n{papers}")
    rates = {"DE": {"bps": 1_500}, "CH": {"bps": 1_500}}
    Path("ch.yaml").write_text(yaml.safe_dump({"schema": 1, "source": "US", "statutory_bps": 3_000, "treaty": rates}))
    line = ROOT.replace("us.yaml --reliefs reliefs.csv", "ch.yaml --reliefs papers.csv")
    for after in ("--after later --after part", "--after part --after later"):
        desk.done(f"{line} --claims claims.csv {after} --out papers")
    assert table("papers", "dividend", *names, "kind") == [(third, "1245000", "0", "1245000", "holder")]
    at(desk, PAID_FROM)
    before = {one: desk.world.open().ledger().stablecoin(one).value for one in ("owner-1", "owner-2", "owner-3")}
    for folder in ("part", "later"):
        desk.done(f"dividend push MSFT q1 {folder} --apply")
    after = {one: desk.world.open().ledger().stablecoin(one).value - was for one, was in before.items()}
    assert after == {"owner-1": 35_275_000, "owner-2": 26_145_000, "owner-3": 5_810_000}

    # A year's statement has both parts of owner-2's as one income.
    Path("paid").mkdir()
    for folder in ("part", "later"):
        Path(folder).rename(Path("paid", folder))
    desk.done("dividend statement 2027 --dividends paid --out told")
    assert ("37.35", "11.205", "26.145") in table("told", "statement", "gross", "withheld_here", "net")


def test_a_quote_of_which_nobody_noted_when_it_was_signed(desk: Cli) -> None:
    """Its price may be of before the ex or after: it is neither paid nor forgotten."""
    [note] = [
        one
        for one in Path("records").rglob("quotes/signed/*.json")
        if json.loads(one.read_text())["reference"] == "cum"
    ]
    was = json.loads(note.read_text())["second"]
    note.rename("kept.json")
    found = desk.done("dividend claims MSFT q1 --out open.csv")
    [open_] = found["undecided"]
    assert (open_[0], len(found["claims"])) == (address(desk, "owner-2"), 3)
    for second, count in ((was, 4), (EX_AT, 3)):
        Path("signed.csv").write_text(f"quote,signed\n{open_[3]},{second}\n")
        assert len(desk.done("dividend claims MSFT q1 --signed signed.csv --out open.csv")["claims"]) == count
    Path("kept.json").rename(note)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("bought", "sold", "has no such market claim"),
        ("5000000000000000000", "5000000000000000001", "has no such market claim"),
        ("quote", "gift", "is none of quote, subscription, redemption"),
        ("5000000000000000000", "0", "is 0"),
    ],
)
def test_a_claim_that_is_none_is_refused(desk: Cli, old: str, new: str, told: str) -> None:
    desk.done("dividend claims MSFT q1 --out claims.csv")
    rows = Path("claims.csv").read_text().splitlines()
    mine = next(row for row in rows if row.startswith(address(desk, "owner-2")) and ",quote," in row)
    Path("forged.csv").write_text("\n".join([rows[0], mine.replace(old, new)]) + "\n")
    found = desk.run(f"{ROOT} --claims forged.csv --out forged")
    assert found.code in (1, 3), found
    assert told in found.err, found
    assert not Path("forged").exists()
