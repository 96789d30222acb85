"""Cash dividends by command: announced, computed from a register, posted, funded, pushed, claimed, swept, shown."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
import yaml
from eth_utils import keccak
from support.desk_people import buy, give_coins, onboard
from support.network_cli import Cli, fresh
from support.network_orders import attest
from support.network_world import deployed_world

from scrip.dividends import files as folders
from scrip.dividends.entitlements import Holder, entitlements
from scrip.dividends.treaty import TreatyTable
from scrip.evm.chain import Call
from scrip.evm.handlers.dividends import paid_leaves
from scrip.holders import files as registers
from scrip.holders import limbs
from scrip.holders.movements import with_limbs
from scrip.holders.register import Register
from scrip.manifest.load import load
from scrip.model.laws import cash
from scrip.units import WAD, Wad

sys.path.append(str(Path(__file__).resolve().parents[1] / "executor" / "killing"))
import kill_points

EX, RECORD, PAY = "2027-01-19", 1_800_369_000, "2027-01-29T12:00:00Z"
PAID_FROM = 1_801_224_000
UNIT, COIN = 10**18, 10**6
OUT = "dividends/local/MSFT/2027-q1"
ANNOUNCE = f"dividend announce MSFT 2027-q1 --ex {EX} --gross 0.83 --pay {PAY}"
ROOT = "dividend root MSFT 2027-q1 --register reg --treaty us.yaml --reliefs reliefs.csv"
DEFERRED = f"dividend {{}} MSFT deferred --ex {EX} --gross 1.10 --pay 2027-01-12T12:00:00Z --currency EUR"
RATE_SOURCE = "ECB reference rate, 2027-01-12"
WHY = "--reason 7 --document minutes.pdf"
HELD = {"owner-1": 50, "owner-2": 40, "owner-3": 7, "deployer": 3}
"""Tokens at the record: the last is owner-1's second wallet, and owner-3 a venue that nobody looks through."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cli]:
    """A desk on the day of the record, its dividend announced and its register built."""
    folder = tmp_path_factory.mktemp("dividends")
    fresh(folder)
    path = folder / "manifests" / "local.yaml"
    content = yaml.safe_load(path.read_text())
    content["dividends"] = {"tax": "custodian"}
    content["withholding"] = {"DE": 1_500}
    path.write_text(yaml.safe_dump(content))
    with pytest.MonkeyPatch.context() as patch, deployed_world(folder, load(path)) as world:
        patch.chdir(folder)
        patch.setenv("SCRIP_LOCAL_RPC", world.url)
        cli = Cli(world)
        _filled(cli, folder)
        yield cli


def _filled(cli: Cli, folder: Path) -> None:
    network = cli.world.open()
    attest(network, 200)
    give_coins(cli, "owner-1", "owner-2", "treasury")
    people = {"owner-1": ("DE", "professional"), "owner-2": ("JP", "retail"), "owner-3": ("CH", "venue")}
    onboard(cli, people, until="2036-12-31")
    (folder / "more.csv").write_text(f"investor,wallet\ninv-owner-1,{network.chain.address('deployer')}\n")
    cli.done("compliance link more.csv --apply")
    buy(cli, "owner-1", "owner-2")
    for sender, to, units in (("owner-1", "deployer", 3), ("owner-2", "owner-3", 7), ("owner-2", "owner-1", 3)):
        token = network.ledger().stocks["MSFT"].token
        network.chain.send(token, "transfer", network.chain.address(to), units * UNIT, sender=sender)
    assert "pays 0.83 USD a share in cash" in cli.run(ANNOUNCE).out
    cli.done(f"{ANNOUNCE} --apply")
    for other in ("special", "bonus", "wide"):
        cli.done(f"{ANNOUNCE.replace('2027-q1', other)} --apply")
    cli.done(f"{DEFERRED.format('announce')} --rate 0 --apply")
    cli.done(f"{DEFERRED.format('amend')} --rate 1.0852 --source '{RATE_SOURCE}' --fee 0.02 --apply")
    network.chain.advance_to(RECORD)
    network.chain.send(network.suite().stablecoin, "mint", network.chain.address("owner-1"), 1, sender="deployer")
    cli.done(f"register build MSFT --ex {EX} --out reg")
    treaty = {"DE": {"bps": 1_500}, "JP": {"bps": 1_000}}
    table = {"schema": 1, "source": "US", "statutory_bps": 3_000, "treaty": treaty}
    (folder / "us.yaml").write_text(yaml.safe_dump(table))
    german = _investor(cli, "owner-1")
    (folder / "reliefs.csv").write_text(f"investor,document,until\n{german},W-8BEN-E,2027-12-31\n")


def _investor(cli: Cli, account: str) -> str:
    network = cli.world.open()
    return str(network.chain.call(network.suite().registry, "investorOf", network.chain.address(account)))


def coins(cli: Cli, account: str) -> int:
    return cli.world.open().ledger().stablecoin(account).value


def address(cli: Cli, account: str) -> str:
    return str(cli.world.open().chain.address(account)).lower()


def paying(cli: Cli) -> None:
    """The root is posted, and the pay date has come, whichever test is the first."""
    cli.done(f"{ROOT} --apply")
    chain = cli.world.open().chain
    chain.advance_to(max(chain.now() + 1, PAID_FROM))


def test_from_the_announcement_to_the_sweep(desk: Cli) -> None:
    """One story: each step again does nothing, and every cent is where the hand-made table says."""
    assert "was announced, on these terms" in desk.run(f"{ANNOUNCE} --apply").out
    assert "on other terms" in desk.run(f"{ANNOUNCE.replace('0.83', '0.84')} --apply").err

    # By hand: 0.83 a share; 15 % of who has shown a document, 30 % of the others. 50 and 3 tokens are owner-1's.
    due = {"owner-1": 35_275_000, "deployer": 2_116_500, "owner-2": 23_240_000, "owner-3": 4_067_000}
    withheld = 6_225_000 + 373_500 + 9_960_000 + 1_743_000
    before = {one: coins(desk, one) for one in (*due, "custodian", "treasury")}
    said = desk.run(ROOT)
    assert "4 accounts are due 64.6985" in said.out
    desk.done(f"{ROOT} --apply")
    assert "is posted" in desk.run(f"{ROOT} --apply").out
    rows = csv.DictReader(Path(OUT, "dividend.csv").read_text().splitlines())
    table = {row["account"]: row for row in rows}
    assert {one: int(table[address(desk, one)]["net"]) for one in due} == due
    summary = json.loads(Path(OUT, "dividend.json").read_text())
    assert summary["totals"] == {
        "gross": "83000000",
        "here": str(withheld),
        "upstream": "0",
        "fee": "0",
        "net": str(sum(due.values())),
        "remainder": "0",
    }

    assert "is not funded yet" in desk.run(f"dividend push MSFT 2027-q1 {OUT}").err
    desk.done(f"dividend fund MSFT 2027-q1 {OUT} --apply")
    assert "is funded, and what is withheld remitted" in desk.run(f"dividend fund MSFT 2027-q1 {OUT} --apply").out
    assert coins(desk, "custodian") - before["custodian"] == withheld
    assert before["treasury"] - coins(desk, "treasury") == 83 * COIN
    assert "pays from" in desk.run(f"dividend push MSFT 2027-q1 {OUT}").err

    desk.world.open().chain.advance_to(PAID_FROM)
    desk.done(f"dividend claim MSFT 2027-q1 {OUT} owner-1 --apply")
    assert coins(desk, "owner-1") - before["owner-1"] == due["owner-1"]
    desk.done(f"dividend push MSFT 2027-q1 {OUT} --apply")
    assert {one: coins(desk, one) - before[one] for one in due} == due | {"owner-3": 0}
    assert "nobody of MSFT 2027-q1 is left" in desk.run(f"dividend push MSFT 2027-q1 {OUT} --apply").out
    assert "was paid" in desk.run(f"dividend claim MSFT 2027-q1 {OUT} owner-1 --apply").out

    [shown] = desk.done("dividend show MSFT 2027-q1")["dividends"]
    [part] = shown["parts"]
    assert (shown["status"], part["status"], part["unpaid"], part["remitted"]) == ("paying", "funded", "4.067", True)
    assert "can be fetched until" in desk.run("dividend sweep MSFT 2027-q1 --apply").out
    elsewhere = desk.run(f"dividend claim MSFT 2027-q1 {OUT} owner-3 --as owner-1 --apply")
    assert (elsewhere.code, "is paid on its own word alone, and owner-1 asks" in elsewhere.err) == (64, True)
    desk.world.open().chain.advance_to(part["expiry"])
    desk.done("dividend sweep MSFT 2027-q1 --apply")
    assert coins(desk, "treasury") - before["treasury"] == due["owner-3"] - 83 * COIN
    assert desk.done("dividend show MSFT")["dividends"][0]["parts"][0]["status"] == "over"
    assert "nothing of MSFT 2027-q1 can be swept" in desk.run("dividend sweep MSFT 2027-q1 --apply").out


def test_files_that_were_changed_are_not_paid_from(desk: Cli) -> None:
    """A net that somebody raised in the folder, and a register of another record."""
    paying(desk)
    path = Path(OUT, "dividend.csv")
    kept = path.read_text()
    path.write_text(kept.replace("35275000", "35275001"))
    assert desk.run(f"dividend push MSFT 2027-q1 {OUT}").code == 3
    path.write_text(kept)
    register = Path("reg", "holders.csv")
    kept = register.read_text()
    register.write_text(kept.replace("50000000000000000000", "50000000000000000001"))
    assert desk.run(f"{ROOT} --out elsewhere").code == 3
    register.write_text(kept)
    assert "is no announced cash dividend" in desk.run("dividend root MSFT none --register reg").err


def test_a_treaty_that_the_manifest_contradicts(desk: Cli) -> None:
    table = {"schema": 1, "source": "US", "statutory_bps": 3_000, "treaty": {"DE": {"bps": 1_000}}}
    Path("other.yaml").write_text(yaml.safe_dump(table))
    said = desk.run("dividend root MSFT 2027-q1 --register reg --treaty other.yaml --out elsewhere")
    assert "is 1500 bps in the manifest, and 1000 bps in the table" in said.err


def test_a_second_root_names_the_parts_before(desk: Cli) -> None:
    """Owner-2 shows its document late: the difference alone is a part of its own."""
    paying(desk)
    german, japanese = _investor(desk, "owner-1"), _investor(desk, "owner-2")
    rows = [f"{one},W-8BEN,2027-12-31\n" for one in (german, japanese)]
    Path("late.csv").write_text("investor,document,until\n" + "".join(rows) + "077,W-8BEN,2027-12-31\n")
    late = ROOT.replace("reliefs.csv", "late.csv")
    assert "investor 077 has shown a document, and holds nothing" in desk.run(f"{late} --after {OUT}").out
    assert "name the folder of each with --after" in desk.run(f"{late} --out elsewhere").err
    desk.done(f"{late} --after {OUT} --apply")
    part = f"{OUT}-1"
    rows_of = csv.DictReader(Path(part, "dividend.csv").read_text().splitlines())
    assert [(row["account"], row["net"]) for row in rows_of] == [(address(desk, "owner-2"), "6640000")]
    desk.done(f"dividend fund MSFT 2027-q1 {part} --apply")
    before = coins(desk, "owner-2")
    desk.done(f"dividend push MSFT 2027-q1 {part} --apply")
    assert coins(desk, "owner-2") - before == 6_640_000


def test_after_names_each_posted_part_once(desk: Cli) -> None:
    """The folder of a root that was never posted, or of one that was named already, says nothing of what was paid."""
    paying(desk)
    late = ROOT.replace("reliefs.csv", "late.csv")
    Path("late.csv").write_text(f"investor,document,until\n{_investor(desk, 'owner-2')},W-8BEN,2027-12-31\n")
    desk.run(ROOT.replace("2027-q1", "special") + " --out special")
    for after in ("--after special", f"--after {OUT} --after {OUT}"):
        assert "is named twice, or its root is not posted" in desk.run(f"{late} --out elsewhere {after}").err


def test_a_root_that_was_posted_with_other_figures(desk: Cli) -> None:
    """A root's id does not bind what is withheld, and the treasury would remit it so. Voided, it is posted anew."""
    root, fund = ROOT.replace("2027-q1", "special") + " --out special", "dividend fund MSFT special special"
    desk.run(root)
    summary = json.loads(Path("special", "dividend.json").read_text())
    tree, subject, gross = summary["tree"], summary["subject"], int(summary["totals"]["gross"])
    network = desk.world.open()
    texts = (tree["root"], subject["block_hash"], summary["action"], summary["bound"])
    hash, block_hash, action, id = (bytes.fromhex(one[2:]) for one in texts)
    values = (hash, int(tree["sum"]), 2 * gross, gross, tree["depth"], subject["block"], block_hash)
    distributor = network.suite().distributor
    network.chain.send(distributor, "post", action, 0, values, id, sender="actions-desk")
    for command in (root, fund):
        found = desk.run(f"{command} --apply")
        assert found.code == 3
        assert "was posted with 166 gross, and its files say 83" in found.err
    assert "is not funded: `dividend void`" in desk.run(f"dividend recall MSFT special {WHY}").err
    said = desk.run(f"dividend void MSFT special {WHY}")
    assert "the root of part 0 of MSFT special, of 64.6985, pays nobody" in said.out
    assert desk.run(f"dividend void MSFT special {WHY} --as timelock --propose void.json --yes").code == 0
    Path("void.json").unlink()  # or what is proposed next would wait for it
    desk.done(f"dividend void MSFT special {WHY} --apply")
    assert "part 0 of MSFT special is voided" in desk.run(f"dividend void MSFT special {WHY} --apply").out
    assert "is of a root that was voided" in desk.run(fund).err
    desk.done(f"{root} --apply")
    assert "is posted, as" in desk.run(f"{root} --apply").out
    desk.done(f"{fund} --apply")
    [part] = desk.done("dividend show MSFT special")["dividends"][0]["parts"]
    assert (part["part"], part["status"], part["gross"], part["remitted"]) == (1, "funded", "83", True)

    # The root was wrong, say, and is recalled once owner-1 was paid: what others were due is due to them still.
    network.chain.advance_to(max(network.chain.now() + 1, PAID_FROM))
    desk.done("dividend claim MSFT special special owner-1 --apply")
    desk.done("dividend stop MSFT special --apply")
    for command, told in (
        ("void MSFT special", "is funded: stop it, and have it recalled"),
        ("recall MSFT special --part 7", "is no part that was posted and stands (1 do)"),
        ("recall MSFT later", "is no announced cash dividend of MSFT"),
    ):
        assert told in desk.run(f"dividend {command} {WHY}").err
    assert "does not hold ADMIN" in desk.run(f"dividend recall MSFT special {WHY} --as actions-desk").err
    assert "29.4235 that part 1 of MSFT special has not paid" in desk.run(f"dividend recall MSFT special {WHY}").out
    before = coins(desk, "treasury")
    desk.by_the_timelock(f"dividend recall MSFT special {WHY}")
    assert coins(desk, "treasury") - before == 29_423_500
    assert "part 1 of MSFT special was recalled" in desk.run(f"dividend recall MSFT special {WHY}").out
    assert "was funded, and is over" in desk.run(f"dividend void MSFT special {WHY}").err
    assert "and was recalled: a part --after it pays" in desk.run(f"{root} --apply").out
    desk.done(f"{root}-again --after special --apply")
    rows = csv.DictReader(Path("special-again", "dividend.csv").read_text().splitlines())
    assert {row["account"]: row["net"] for row in rows} == {
        address(desk, "deployer"): "2116500",
        address(desk, "owner-2"): "23240000",
        address(desk, "owner-3"): "4067000",
    }

    for name in ("special", "special-again"):
        shutil.copytree(name, f"recalled/{name}")
    desk.done("dividend statement 2027 --dividends recalled --out told-once")
    rows = csv.DictReader(Path("told-once", "payments.csv").read_text().splitlines())
    assert {row["account"]: (row["gross"], row["withheld_here"], row["net"]) for row in rows} == {
        address(desk, "owner-1"): ("41.5", "6.225", "35.275"),
        address(desk, "deployer"): ("2.49", "0.3735", "2.1165"),
        address(desk, "owner-2"): ("33.2", "9.96", "23.24"),
        address(desk, "owner-3"): ("5.81", "1.743", "4.067"),
    }

    # Who was blocked when its block was pushed is paid by the next push, although the records have that one as done.
    desk.done("dividend fund MSFT special special-again --apply")
    before, why = coins(desk, "owner-2"), "--reason 7 --document order.pdf"
    desk.done(f"compliance block inv-owner-2 {why} --apply")
    assert "is blocked: its cash waits" in desk.run("dividend push MSFT special special-again --apply --yes").out
    desk.done(f"compliance unblock inv-owner-2 {why} --reference again --apply")
    assert coins(desk, "owner-2") == before
    desk.done("dividend push MSFT special special-again --apply")
    assert coins(desk, "owner-2") - before == 23_240_000


def test_a_deferred_ex_in_another_currency(desk: Cli) -> None:
    """Paid to the issuer in euros a week before the market's ex, less a depositary's fee: from the record on at once.

    By hand: 1.10 at 1.0852 is 1.19372 coins a share, the fee 0.02 at it 0.021704. Owner-2 has shown a document that was
    good when the payer paid and no more at the record.
    """
    paying(desk)
    german, japanese = _investor(desk, "owner-1"), _investor(desk, "owner-2")
    shown = f"investor,document,until\n{german},W-8BEN-E,2027-12-31\n{japanese},W-8BEN,2027-01-18\n"
    Path("shown.csv").write_text(shown)
    root = "dividend root MSFT deferred --register reg --treaty us.yaml --reliefs shown.csv --out deferred"
    assert "source: is not what the dividend was announced with" in desk.run(f"{root} --source ECB").err
    desk.done(f"{root} --source '{RATE_SOURCE}' --apply")
    rows = csv.DictReader(Path("deferred", "dividend.csv").read_text().splitlines())
    names = ("gross", "withheld", "fee", "net")
    assert {row["account"]: tuple(int(row[one]) for one in names) for row in rows} == {
        address(desk, "owner-1"): (59_686_000, 8_952_900, 1_085_200, 49_647_900),
        address(desk, "deployer"): (3_581_160, 537_174, 65_112, 2_978_874),
        address(desk, "owner-2"): (47_748_800, 14_324_640, 868_160, 32_556_000),
        address(desk, "owner-3"): (8_356_040, 2_506_812, 151_928, 5_697_300),
    }
    before = coins(desk, "treasury")
    desk.done("dividend fund MSFT deferred deferred --apply")
    desk.done("dividend push MSFT deferred deferred --apply")
    # The fee is the depositary's, who was paid before the issuer was: it stays in nobody's account here.
    assert before - coins(desk, "treasury") == 90_880_074 + 26_321_526
    desk.done("dividend statement 2027 --pdf --out papers --dividends deferred")
    [row] = [
        one
        for one in csv.DictReader(Path("papers", "payments.csv").read_text().splitlines())
        if one["account"] == address(desk, "owner-2")
    ]
    told = ("paid", "currency", "per_share", "fee_per_share", "rate", "rate_source", "gross", "fee", "rate_percent")
    paid = ("2027-01-19", "EUR", "1.1", "0.02", "1.0852", RATE_SOURCE, "47.7488", "0.86816", "30")
    assert tuple(row[one] for one in told) == paid
    assert len(list(Path("papers", "pages").glob("local-*.pdf"))) == 3


def test_a_reference_of_two_stocks_and_terms_that_come_back(desk: Cli) -> None:
    """An operation was told by its reference alone: what another stock's had done was done, and nothing was sent."""
    terms = "--ex 2030-02-15 --gross 0.5 --pay 2030-03-01T12:00:00Z"
    for stock in ("MSFT", "AAPL"):
        desk.done(f"dividend announce {stock} same {terms} --apply")
    for gross in ("0.6", "0.5", "0.6"):
        desk.done(f"dividend amend MSFT same {terms.replace('0.5', gross)} --apply")
    for stock, gross in (("MSFT", 6), ("AAPL", 5)):
        [shown] = desk.done(f"dividend show {stock} same")["dividends"]
        assert (shown["status"], shown["terms"]["gross"]) == ("announced", gross * 10**17)
        desk.done(f"dividend cancel {stock} same --reason 7 --document minutes.pdf --apply")
        assert desk.done(f"dividend show {stock} same")["dividends"][0]["status"] == "cancelled"


def test_a_statement_of_what_was_computed(desk: Cli) -> None:
    """Owner-1 has two wallets: 53 tokens at 0.83, 15 % of it withheld."""
    paying(desk)
    desk.done("dividend statement 2027")
    rows = csv.DictReader(Path("statements", "2027", "statement.csv").read_text().splitlines())
    [found] = [row for row in rows if row["investor"] == _investor(desk, "owner-1")]
    told = ("stock", "country", "gross", "withheld_here", "net", "reinvested_units", "tokens")
    assert tuple(found[name] for name in told) == ("MSFT", "DE", "43.99", "6.5985", "37.3915", "0", "")


def test_a_dividend_is_amended_stopped_and_cancelled(desk: Cli) -> None:
    terms = "--ex 2030-02-15 --gross 0.5 --pay 2030-03-01T12:00:00Z"
    desk.done(f"dividend announce MSFT later {terms} --rate 0 --apply")
    desk.done(f"dividend amend MSFT later {terms} --rate 0.92 --currency EUR --source ECB --apply")
    [shown] = desk.done("dividend show MSFT later")["dividends"]
    assert (shown["terms"]["currency"], shown["terms"]["rate"], shown["amended"]) == ("EUR", 92 * 10**16, 1)
    assert (
        "has these terms"
        in desk.run(f"dividend amend MSFT later {terms} --rate 0.92 --currency EUR --source ECB --apply").out
    )
    # Where a rate is read is a term of its own: another source was taken for the same.
    desk.done(f"dividend amend MSFT later {terms} --rate 0.92 --currency EUR --source 'ECB, noon' --apply")
    [shown] = desk.done("dividend show MSFT later")["dividends"]
    assert (shown["terms"]["source"], shown["amended"]) == ("0x" + keccak(text="ECB, noon").hex(), 2)
    why = "--reason 7 --document minutes.pdf"
    desk.done(f"dividend cancel MSFT later {why} --apply")
    assert desk.done("dividend show MSFT later")["dividends"][0]["status"] == "cancelled"
    assert "is cancelled" in desk.run(f"dividend cancel MSFT later {why} --apply").out
    assert "is cancelled: nobody is owed it" in desk.run("dividend claims MSFT later --out none.csv").err
    assert "is cancelled: announce another" in desk.run(f"dividend amend MSFT later {terms} --apply").err
    assert "was cancelled: give another reference" in desk.run(f"dividend announce MSFT later {terms} --apply").err
    paying(desk)
    assert "has a root that was posted" in desk.run(f"dividend cancel MSFT 2027-q1 {why} --apply").err
    other = ANNOUNCE.replace("announce", "amend").replace("0.83", "0.84")
    assert "has a root that was posted" in desk.run(f"{other} --apply").err


def test_a_dividend_is_stopped_by_one_and_resumed_by_others(desk: Cli) -> None:
    paying(desk)
    desk.run(f"dividend fund MSFT 2027-q1 {OUT} --apply --yes")
    desk.done("dividend stop MSFT 2027-q1 --apply")
    parts = desk.done("dividend show MSFT 2027-q1")["dividends"][0]["parts"]
    assert all(one["stopped"] for one in parts if one["status"] in ("posted", "funded"))
    assert "is so already" in desk.run("dividend stop MSFT 2027-q1 --apply").out
    chain = desk.world.open().chain
    chain.advance_to(max(chain.now() + 1, *(one["expiry"] for one in parts)))
    swept = desk.run("dividend sweep MSFT 2027-q1 --apply")
    assert (swept.code, "stopped, which is not swept: `dividend resume` first" in swept.err) == (64, True)
    again = desk.run("dividend resume MSFT 2027-q1")
    if any(one["stopped"] for one in parts):
        assert "is paid again" in again.out
        assert desk.run("dividend resume MSFT 2027-q1 --propose resume.json --yes").code == 0


WIDE = 300
"""Accounts of a tree of three blocks, the last of 44."""


def _wide(cli: Cli) -> list[str]:
    """A posted and funded dividend to WIDE investors, the n-th of n thousandths of a token; their accounts."""
    network = cli.world.open()
    accounts = sorted(f"0x{keccak(text=f'wide {n}')[12:].hex()}" for n in range(WIDE))
    held = [Holder(one, (n + 1) * UNIT // 1_000, f"w{n}", "retail", "JP") for n, one in enumerate(accounts)]
    names = {"account": accounts, "investor": [one.investor for one in held]}
    names |= {"investor_class": ["retail"] * WIDE, "kind": ["holder"] * WIDE}
    text = {name: pa.array(values, pa.string()) for name, values in names.items()}
    rows = pa.table(text | with_limbs("units", limbs.of(one.units for one in held)))
    subject = registers.Subject(**registers.read_summary(Path("reg"))["subject"])
    register = Register(rows, subject.block, sum(one.units for one in held))
    registers.write_register(Path("wide-reg"), register, subject, [])
    per_share = cash.PerShare(Wad(83 * 10**16), Wad(0), Wad(WAD))
    table = TreatyTable(schema=1, source="US", statutory_bps=0)
    found = entitlements(held, per_share, cash.Counted(Wad(WAD), 18, 6), table, {}, date(2027, 1, 29))
    action, kinds = network.ledger().action_id("MSFT", "DVCA", "wide"), dict.fromkeys(accounts, "holder")
    written = folders.write(Path("wide"), Path("wide-reg"), action, found, kinds, [], {"stock": "MSFT"})
    root, id = written.root, bytes.fromhex(written.bound[2:])
    block_hash = bytes.fromhex(subject.block_hash[2:])
    values = (root.hash, root.sum, root.sum, 0, root.depth, subject.block, block_hash)
    network.chain.send(network.suite().distributor, "post", action, 0, values, id, sender="actions-desk")
    cli.done("dividend fund MSFT wide wide --apply")
    network.chain.advance_to(max(network.chain.now() + 1, PAID_FROM))
    return accounts


def _killed(cli: Cli, line: str, point: str) -> int:
    """How a process of its own ends that is killed at a point of the write-ahead protocol."""
    child = os.fork()
    if not child:
        kill_points.arm(point)
        os._exit(cli.run(line).code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_push_of_three_blocks_that_is_killed_again_and_again_pays_nobody_twice(desk: Cli) -> None:
    """Before anything of the first is on disk, with the second sent and unrecorded, with the last recorded."""
    accounts = _wide(desk)
    network = desk.world.open()
    suite, line = network.suite(), "dividend push MSFT wide wide --apply --yes"
    assert suite.distributor is not None
    asked, before = [Call(suite.stablecoin, "balanceOf", (one,)) for one in accounts], network.node.block().number
    paid = []
    for point in ("intent-half-written:1", "sent:2", "record-durable:3"):
        assert _killed(desk, line, point) == -signal.SIGKILL
        paid.append(sum(one != 0 for one in network.chain.call_many(asked)))
    assert paid == [0, 256, WIDE]
    assert "nobody of MSFT wide is left" in desk.run(line).out
    # By hand: n thousandths of a token at 0.83 a share and no tax are 830 n millionths.
    assert network.chain.call_many(asked) == [830 * (n + 1) for n in range(WIDE)]
    bound = json.loads(Path("wide", "dividend.json").read_text())["bound"]
    assert len(paid_leaves(network.chain, suite.distributor, bound)) == WIDE
    assert network.node.block().number - before == 3
    pushes = [one for one in desk.world.open().records.all() if one.action.reference == f"MSFT {bound}"]
    assert [one.done for one in pushes if one.action.operation == "dividend push"] == [True] * 3


# Nine commands that sign or send, and a dividend of its own: 5 s.
def test_cash_buys_new_units_at_claim(desk: Cli) -> None:
    """Owner-1's 35.275 at 400.25 a token are 0.088132417239225484 of one; a run that dies between the two goes on.

    Owner-2 claims cash, and owner-3, whose tax takes all of it here, is due nothing.
    """
    treaty = {"DE": {"bps": 1_500}, "CH": {"bps": 10_000}}
    Path("all.yaml").write_text(yaml.safe_dump({"schema": 1, "source": "US", "statutory_bps": 3_000, "treaty": treaty}))
    shown = "".join(f"{_investor(desk, one)},W-8,2027-12-31\n" for one in ("owner-1", "owner-3"))
    Path("all.csv").write_text(f"investor,document,until\n{shown}")
    named = "MSFT bonus bonus"
    desk.done("dividend root MSFT bonus --register reg --treaty all.yaml --reliefs all.csv --out bonus --apply")
    desk.done(f"dividend fund {named} --apply")
    Path("list.csv").write_text("account\nowner-1\nowner-2\nowner-3\n")
    signing = f"dividend reinvest-quotes {named} list.csv --price 400.25 --out quotes"
    chain = desk.world.open().chain
    chain.advance_to(max(chain.now() + 1, PAID_FROM))
    assert "is due nothing of this dividend" in desk.run(f"dividend claim {named} owner-3 --apply").err

    neither = signing.replace(" --price 400.25", "")
    for both in (neither, f"{signing} --spread 25bp"):
        assert "or a --spread from the stock's price: one of the two" in desk.run(both).err
    assert "has no price in the manifest" in desk.run(f"{neither} --spread 25bp").err
    quoted = desk.done(f"{signing} --apply")
    assert [(one["account"], one["state"], one.get("amount")) for one in quoted["quotes"]] == [
        ("owner-1", "to sign", "0.088132417239225484"),
        ("owner-2", "to sign", "0.058063710181136789"),
        ("owner-3", "left", None),
    ]
    assert [one["state"] for one in desk.done(f"{signing} --apply")["quotes"]] == ["open", "open", "left"]
    [mine, its] = (Path(one) for one in quoted["files"])
    claim = f"dividend claim {named} owner-1 --reinvest"
    for command, why in (
        (f"{claim} {its}", "is of a quote that reinvests no cash of owner-1"),
        (f"{claim} {mine} --as owner-2", "is not whom the quote names"),
        (f"dividend claim {named} owner-1 owner-2 --reinvest {mine}", "goes with one account"),
    ):
        found = desk.run(f"{command} --apply")
        assert found.code in (1, 64), found
        assert why in found.err, found

    # The process dies once the claim is on the chain: the plan that is made again has the mint alone.
    network, before = desk.world.open(), coins(desk, "owner-1")
    attest(network, 200)
    token = network.ledger().stocks["MSFT"].token
    supply = network.chain.call(token, "totalSupply")
    assert _killed(desk, f"{claim} {mine} --apply --yes", "sent:1") == -signal.SIGKILL
    assert coins(desk, "owner-1") - before == 35_275_000
    again = desk.run(f"{claim} {mine}")
    assert "owner-1 was paid 35.275" in again.out
    treasury = coins(desk, "treasury")
    desk.done(f"{claim} {mine} --apply")
    made, paid = network.chain.call(token, "totalSupply") - supply, coins(desk, "treasury") - treasury
    assert (made, coins(desk, "owner-1"), paid) == (88_132_417_239_225_484, before, 35_275_000)
    assert "were reinvested" in desk.run(f"{claim} {mine} --apply").out
    assert [one["state"] for one in desk.done(signing)["quotes"]] == ["reinvested", "open", "left"]

    # Owner-2's quote expires: its cash is claimed without, and the desk's next list has another for it.
    chain.advance_to(chain.now() + 86_400)
    late = desk.run(f"dividend claim {named} owner-2 --reinvest {its} --apply")
    assert (late.code, "is expired: ask the desk for another" in late.err) == (1, True)
    desk.done(f"dividend claim {named} owner-2 --apply")
    name = f"{quoted['quotes'][1]['reference'][:-1]}1"
    desk.done(f"market quote mint MSFT owner-2 0.01 4 --out other.json --reference '{name}' --apply")
    other = desk.run(f"dividend claim {named} owner-2 --reinvest other.json --apply")
    assert (other.code, "comes to 4 with its fee, and the leaf pays 23.24" in other.err) == (1, True)
    [_, second, *_] = desk.done(signing)["quotes"]
    assert (second["state"], second["reason"]) == (
        "left",
        f"quote {name} is open, of another account or sum: `market revoke` it",
    )

    desk.done(f"dividend reinvested {named} --out reinvested.csv")
    [row] = csv.DictReader(Path("reinvested.csv").read_text().splitlines())
    told = (row["reference"], row["account"], row["investor"], row["tokens"], row["amount"])
    owner = (address(desk, "owner-1"), _investor(desk, "owner-1"))
    assert told == ("bonus", *owner, "0.088132417239225484", "35.275")
    desk.done("dividend statement 2027 --dividends bonus --reinvested reinvested.csv --out told")
    rows = csv.DictReader(Path("told", "statement.csv").read_text().splitlines())
    assert {one["investor"]: one["reinvested_units"] for one in rows}[owner[1]] == "0.088132417239225484"
