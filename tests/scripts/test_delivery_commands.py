"""A spin-off by command, as the runbook has it: announced, posted, made, pushed, parked, mended, delivered, swept.

By hand, one AAPL for three MSFT at the record, no multiplier having moved: 50 give 16.666666666666666666 and a third of
a raw unit that is not made, 40 give 13.333333333333333333, 10 give 3.333333333333333333; owner-2 is retail, which
AAPL's rules keep out. Its desk has the Safe for the ISSUER, as on a public network: 12 commands, three of the Safe's.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.desk_people import buy, give_coins, onboard
from support.kept_desk import KeptDesk, opened_desk
from support.network_cli import Cli
from support.network_orders import attest
from support.runbook import follow, section

from scrip.elections import results
from scrip.model.laws.elections import Split

SECTION = "A spin-off, from the announcement to the last delivery"
UNIT, DAY = 10**18, 86_400
GIVEN = {"owner-1": 50 * UNIT // 3, "owner-2": 40 * UNIT // 3, "owner-3": 10 * UNIT // 3}
RECORD = 1_800_369_000
OUT = "dividends/local/MSFT/spin-2027-units"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptDesk]:
    """A desk before the announcement; its manifest delivers units, and AAPL is for professionals."""
    with opened_desk(tmp_path_factory.mktemp("deliveries"), edited, ready) as cli:
        yield KeptDesk(cli)


@pytest.fixture
def desk(kept: KeptDesk) -> Cli:
    """As it was made ready, for each test."""
    return kept.again()


def edited(content: dict[str, Any]) -> None:
    content["dividends"] = {"tax": "custodian", "in_stock": True}


def ready(cli: Cli) -> None:
    attest(cli.world.open(), 200)
    give_coins(cli, "owner-1", "owner-2")
    people = {"owner-1": ("DE", "professional"), "owner-2": ("JP", "retail"), "owner-3": ("CH", "institutional")}
    onboard(cli, people | {"treasury": ("CH", "institutional")}, until="2036-12-31")
    buy(cli, "owner-1", "owner-2")
    network = cli.world.open()
    token = network.ledger().stocks["MSFT"].token
    network.chain.send(token, "transfer", network.chain.address("owner-3"), 10 * UNIT, sender="owner-2")
    Path("spin-off.yaml").write_text("\n".join(re.findall(r"^    (.*)$", section(SECTION), flags=re.M)))


def units(cli: Cli, account: str, stock: str = "AAPL") -> int:
    network = cli.world.open()
    return int(network.chain.call(network.ledger().stocks[stock].token, "balanceOf", network.chain.address(account)))


def custodian(cli: Cli, line: str) -> None:
    """What the custodian does meanwhile."""
    found = re.fullmatch(r"# the custodian holds (\d+) shares of (\w+)", line)
    assert found, line
    attest(cli.world.open(), int(found[1]), found[2])


def test_the_runbook_s_spin_off(desk: Cli) -> None:
    said = follow(
        desk, "A spin-off, from the announcement to the last delivery", tool=lambda line: custodian(desk, line)
    )
    assert "its country or class is shut out" in "".join(said)
    assert "nothing of MSFT spin-2027 waits" in said[-2]
    assert "1 AAPL for 3 MSFT" in said[-1]
    rows = csv.DictReader(Path(OUT, "dividend.csv").read_text().splitlines())
    address = desk.world.open().chain.address
    assert {row["account"]: int(row["net"]) for row in rows} == {address(one).lower(): it for one, it in GIVEN.items()}
    summary = json.loads(Path(OUT, "dividend.json").read_text())
    assert (summary["totals"]["remainder"], summary["terms"]["units"]) == ("1", "AAPL")
    assert [units(desk, one) for one in GIVEN] == list(GIVEN.values())
    network = desk.world.open()
    token = network.ledger().stocks["AAPL"].token
    assert network.chain.call(token, "totalSupply") == sum(GIVEN.values())
    assert list(network.chain.call(token, "multiplierTerms"))[:3] == [UNIT, 1, 1]
    assert units(desk, "owner-1", "MSFT") == 50 * UNIT


def test_what_is_not_delivered_counts_for_whose_it_is(desk: Cli) -> None:
    """A spin-off that is not pushed: owner-1 fetches its own, owner-3's leaf is left, owner-2 is parked."""
    terms = Path("spin-off.yaml").read_text().replace("spin-2027", "spin-2").replace("01-19", "02-16")
    Path("again.yaml").write_text(terms.replace("01-22", "02-19"))
    desk.done("action announce again.yaml --apply")
    chain = desk.world.open().chain
    chain.advance_to(RECORD + 28 * DAY)
    desk.pass_time(60)
    desk.done("register build MSFT --ex 2027-02-16")
    folder, root = "dividends/local/MSFT/spin-2-units", "--register registers/local/MSFT/2027-02-16"
    said = desk.run(f"dividend root MSFT spin-2 --code SOFF {root}")
    assert "gives no cash, but units: --in-stock" in said.err
    desk.done(f"dividend root MSFT spin-2 --code SOFF --in-stock {root} --apply")
    assert "is posted, as" in desk.run(f"dividend root MSFT spin-2 --code SOFF --in-stock {root} --apply").out
    attest(desk.world.open(), 80, "AAPL")
    desk.signed(f"dividend fund MSFT spin-2 {folder} --code SOFF", "again.json")
    assert "are made" in desk.run(f"dividend fund MSFT spin-2 {folder} --code SOFF").out
    chain.advance_to(RECORD + 32 * DAY)
    desk.done(f"dividend claim MSFT spin-2 {folder} owner-1 owner-2 --code SOFF --apply")
    desk.pass_time(60)
    waiting = desk.done(f"dividend undelivered MSFT spin-2 {folder} --code SOFF")["undelivered"]
    assert {(one["account"], one["state"]) for one in waiting} == {
        (desk.world.open().chain.address("owner-2").lower(), "parked"),
        (desk.world.open().chain.address("owner-3").lower(), "unclaimed"),
    }
    now = datetime.fromtimestamp(desk.world.open().chain.now(), UTC).isoformat()
    desk.done(f"register build AAPL --record {now} --delivered {folder} --out reg-aapl")
    rows = csv.DictReader(Path("reg-aapl", "holders.csv").read_text().splitlines())
    held = {row["account"]: int(row["units"]) for row in rows if int(row["units"])}
    assert held == {desk.world.open().chain.address(one).lower(): given for one, given in GIVEN.items()}
    why = {row["rule"] for row in csv.DictReader(Path("reg-aapl", "allocations.csv").read_text().splitlines())}
    assert why == {"parked", "undelivered"}


COINS = {
    "cap-1": {"owner-1": 110, "owner-2": 88, "owner-3": 22},
    "end-1": {"owner-1": 125, "owner-2": 100, "owner-3": 25},
}
"""By hand: 2.20 and 2.50 a share on 50, 40 and 10, whole, for neither is income."""


def test_a_choice_a_capital_distribution_and_a_liquidation_s_payment(desk: Cli) -> None:
    """By hand: owner-1 chose stock, one for 40 of 50 tokens; the others 0.47 a share, of which 15 % are withheld."""
    chain = desk.world.open().chain
    day = datetime.fromtimestamp(chain.now(), UTC).date() + timedelta(days=4)
    day += timedelta(days=(1 - day.weekday()) % 7)
    record, pay = f"{day}T14:30:00Z", f"{day + timedelta(days=3)}T15:00:00Z"
    end = f"RDTE: {record}\nOFFR: USD 2.50"
    more = f"MKDT: {day + timedelta(days=2)}\nGRSS: USD 0.47\nNEWO: '1:40'\nXDTE: {day}"
    for code, name, terms in (
        ("CAPD", "cap-1", f"XDTE: {day}\nGRSS: USD 2.20"),
        ("LIQU", "end-1", end),
        ("DVOP", "opt-1", more),
    ):
        Path("one.yaml").write_text(f"stock: MSFT\nCAEV: {code}\nCORP: {name}\nPAYD: {pay}\n{terms}\n")
        desk.done("action announce one.yaml --apply")
    chain.advance_to(int(datetime.fromisoformat(record).timestamp()) + 60)
    desk.pass_time(60)
    desk.done(f"register build MSFT --ex {day} --out reg")
    attest(desk.world.open(), 200)
    for code, name in (("CAPD", "cap-1"), ("LIQU", "end-1")):
        root = f"dividend root MSFT {name} --code {code} --register reg --out paid/{name}"
        assert "is of income, and this is none" in desk.run(f"{root} --treaty none.yaml").err
        desk.done(f"{root} --apply")
        give_coins(desk, "treasury")
        desk.done(f"dividend fund MSFT {name} paid/{name} --code {code} --apply")
    chain.advance_to(int(datetime.fromisoformat(pay).timestamp()) + 60)
    for code, name in (("CAPD", "cap-1"), ("LIQU", "end-1")):
        before = coins(desk)
        desk.done(f"dividend push MSFT {name} paid/{name} --code {code} --apply")
        assert {one: held - before[one] for one, held in coins(desk).items()} == {
            one: due * 10**6 for one, due in COINS[name].items()
        }
    elections(desk)
    root = "dividend root MSFT opt-1 --code DVOP --register reg"
    assert "is the folder of what holders chose" in desk.run(root).err
    assert "is CASH in the election" in desk.run(f"{root} --elections chosen --default SECU").err
    desk.done(f"{root} --elections chosen --out paid/opt-cash --apply")
    desk.done(f"{root} --elections chosen --in-stock --out paid/opt-units --apply")
    desk.done("dividend fund MSFT opt-1 paid/opt-cash --code DVOP --apply")
    attest(desk.world.open(), 200)
    desk.signed("dividend fund MSFT opt-1 paid/opt-units --code DVOP", "chosen.json")
    before, held = coins(desk), {one: units(desk, one, "MSFT") for one in GIVEN}
    for leg in ("cash", "units"):
        desk.done(f"dividend push MSFT opt-1 paid/opt-{leg} --code DVOP --apply")
    paid = {one: now - before[one] for one, now in coins(desk).items()}
    assert paid == {"owner-1": 0, "owner-2": 15_980_000, "owner-3": 3_995_000}
    given = {one: units(desk, one, "MSFT") - held[one] for one in GIVEN}
    assert given == {"owner-1": 50 * UNIT // 40, "owner-2": 0, "owner-3": 0}
    rows = Path("chosen", "elections.csv").read_text()
    Path("chosen", "elections.csv").write_text(rows.replace("SECU", "CASH"))
    assert desk.run(f"{root} --elections chosen --out again").code == 3
    year = day.year
    desk.done(f"dividend statement {year} --dividends paid --out told")
    natures = {
        (row["code"], row["nature"]) for row in csv.DictReader(Path("told", "payments.csv").read_text().splitlines())
    }
    assert natures == {("CAPD", "return of capital"), ("LIQU", "return of capital"), ("DVOP", "income")}
    [one] = csv.DictReader(Path("told", "deliveries.csv").read_text().splitlines())
    assert (one["code"], one["tokens_given"], one["new"], one["old"]) == ("DVOP", "1.25", "1", "40")


def coins(cli: Cli) -> dict[str, int]:
    ledger = cli.world.open().ledger()
    return {one: ledger.stablecoin(one).value for one in GIVEN}


def elections(cli: Cli) -> None:
    """What holders chose, as its folder has it: owner-1 stock, owner-2 cash, and owner-3 nothing, which is cash."""
    network = cli.world.open()
    register = json.loads(Path("reg", "register.json").read_text())
    about, tree, rows = register["subject"], register["tree"], []
    rows = list(csv.DictReader(Path("reg", "tree.csv").read_text().splitlines()))
    accounts = [row["account"] for row in rows]
    held = {network.chain.address(one).lower(): GIVEN[one] for one in GIVEN}
    held = {
        account: {GIVEN["owner-1"]: 50, GIVEN["owner-2"]: 40, GIVEN["owner-3"]: 10}[held[account]]
        for account in accounts
    }
    said = [
        Split(secu=50 * UNIT) if one == 50 else Split(cash=40 * UNIT) if one == 40 else Split() for one in held.values()
    ]
    subject = results.Subject(
        network="local",
        chain_id=about["chain_id"],
        contract="",
        token=about["token"],
        stock="MSFT",
        code="DVOP",
        reference="opt-1",
        action="0x" + network.ledger().action_id("MSFT", "DVOP", "opt-1").hex(),
        election="",
        record_at=about["instant"],
        deadline=about["instant"],
        register=register["digest"],
        root=tree["root"],
        sum=100 * UNIT,
        depth=tree["depth"],
        block=about["block"],
        block_hash=about["block_hash"],
        default="CASH",
        most=0,
    )
    results.write(Path("chosen"), results.make(subject, accounts, [one * UNIT for one in held.values()], said))
