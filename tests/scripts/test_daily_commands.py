"""A day's work of each role, by its commands: each once, then again with nothing left to do."""

from pathlib import Path

import pytest
from support.network_cli import Cli

REASON = "--reason 4 --document order-4"


def fresh(cli: Cli, name: str) -> Path:
    path = cli.folder / name
    path.unlink(missing_ok=True)
    return path


@pytest.mark.parametrize(
    ("line", "undo"),
    [
        (f"compliance block house {REASON}", f"compliance unblock house {REASON} --reference u"),
        ("emergency pause MSFT", ""),
        ("emergency halt", ""),
        ("market pause", ""),
        ("market ceiling MSFT 150", "market ceiling MSFT 1000000"),
        ("stock rules MSFT --deny RU,BY", ""),
        ("stock limits AAPL --holders 400", ""),
        ("compliance profile house DE institutional", "compliance profile house CH professional"),
        (f"compliance unlink house owner-1 {REASON}", ""),
        ("emergency renounce PAUSER duty-officer", ""),
    ],
)
def test_done_once_then_same_then_undone(trading: Cli, line: str, undo: str) -> None:
    assert [one["status"] for one in trading.done(f"{line} --apply")["transactions"]] == ["done"]
    again = trading.done(f"{line} --apply")
    assert again["steps"] == []
    assert again["same"]
    if undo:
        assert [one["status"] for one in trading.done(f"{undo} --apply")["transactions"]] == ["done"]
        # What was undone may be done again, under a reference of its own.
        assert trading.done(f"{line} --reference second --apply")["transactions"]


@pytest.mark.parametrize(
    "line",
    [
        f"compliance freeze MSFT owner-1 {REASON}",
        f"compliance freeze-tokens MSFT owner-1 12.5 {REASON}",
        f"compliance seize MSFT owner-1 owner-2 3 {REASON}",
        f"compliance burn MSFT owner-1 3 {REASON}",
        f"compliance lock MSFT owner-1 3 2028-01-01 {REASON}",
        f"compliance open-case MSFT owner-1 {REASON}",
    ],
)
def test_the_safe_enforces_once(trading: Cli, line: str) -> None:
    wallet = trading.world.open().chain.address("owner-2")
    row = f"other,{wallet},CH,professional,2029-12-31"
    (trading.folder / "other.csv").write_text(f"investor,wallet,country,class,expiry\n{row}\n")
    trading.done(f"compliance onboard {trading.folder}/other.csv --apply")
    planned = trading.done(line)
    assert planned["changes"]
    fresh(trading, "force.json")
    trading.signed(line, "force.json")
    again = trading.done(line)
    assert again["steps"] == [], "the same order would be carried out twice"


def test_the_safe_seizes_once_under_one_reference(trading: Cli) -> None:
    """With other terms it was planned, and would have been signed, a second time."""
    wallet = trading.world.open().chain.address("owner-2")
    row = f"other,{wallet},CH,professional,2029-12-31"
    (trading.folder / "other.csv").write_text(f"investor,wallet,country,class,expiry\n{row}\n")
    trading.done(f"compliance onboard {trading.folder}/other.csv --apply")
    fresh(trading, "seize.json")
    line = f"compliance seize MSFT owner-1 owner-2 {{}} {REASON} --reference ord-7"
    trading.signed(line.format(3), "seize.json")
    assert trading.done(line.format(3))["steps"] == []
    said = trading.run(line.format(4))
    assert said.code == 64
    assert "reference: names an order of other terms, which was carried out" in said.err


def test_why_a_transfer_would_be_refused(trading: Cli) -> None:
    asked = "stock why MSFT --from owner-1 --to owner-2 --amount"
    assert trading.done(f"{asked} 1")["restriction"] == {"code": 10, "message": "receiver not cleared"}
    trading.done("emergency pause MSFT --apply")
    assert trading.run(f"{asked} 1").out.strip() == "2: stock paused"
    assert trading.run(f"{asked} much").code == 64


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("stock rules MSFT --deny XX", "is no ISO 3166 alpha-2 country code"),
        ("stock rules MSFT --deny-class rich", "is none of institutional, professional, retail, venue"),
        ("stock limits MSFT --maximum 1 --minimum 2", "is more than the maximum, 1"),
        ("stock limits MSFT --holders -1", "is no whole number: digits alone"),
    ],
)
def test_rules_and_limits_that_make_no_sense(cli: Cli, line: str, said: str) -> None:
    found = cli.run(line)
    assert (found.code, said in found.err) == (64, True)


def test_locks_are_released(trading: Cli) -> None:
    for name in ("lock.json", "release.json"):
        fresh(trading, name)
    trading.signed(f"compliance lock MSFT owner-1 3 2028-01-01 {REASON}", "lock.json")
    trading.signed(f"compliance release MSFT owner-1 {REASON}", "release.json")
    assert trading.done(f"compliance release MSFT owner-1 {REASON}")["steps"] == []


def test_more_than_a_holder_has_is_not_taken(trading: Cli) -> None:
    said = trading.run(f"compliance burn MSFT owner-1 101 {REASON}")
    assert (said.code, "is more than owner-1 holds, 100" in said.err) == (64, True)


def test_batches_link_and_renew(trading: Cli) -> None:
    links, renewals = trading.folder / "links.csv", trading.folder / "renewals.csv"
    links.write_text(f"investor,wallet\nhouse,{trading.world.open().chain.address('owner-3')}\n")
    renewals.write_text("investor,expiry\nhouse,2030-06-30\n")
    for line in (f"compliance link {links}", f"compliance renew {renewals}"):
        assert trading.done(f"{line} --apply")["transactions"]
        assert trading.done(f"{line} --apply")["same"] == ["1 rows"]


def test_a_quote_is_redeemed_once(trading: Cli) -> None:
    quote = fresh(trading, "redeem.json")
    network = trading.world.open()
    coin = network.suite().stablecoin
    network.chain.send(coin, "mint", network.chain.address("treasury"), 10**12, sender="deployer")
    line = f"market quote redeem MSFT owner-1 40 3600 --out {quote} --reference q-2"
    assert "this is the quote" in trading.run(line).out
    assert not quote.exists()
    trading.done(f"{line} --apply")
    wrong = trading.run(f"market mint {quote} --as owner-1 --apply --yes")
    assert (wrong.code, "is to redeem" in wrong.err) == (1, True)
    assert trading.done(f"market redeem {quote} --as owner-1 --apply")["transactions"][-1]["status"] == "done"
    assert trading.world.open().ledger().supply("MSFT").value == 60 * 10**18
    assert trading.done(f"market redeem {quote} --as owner-1 --apply")["same"] == ["quote q-2 was carried out"]
    assert trading.run(f"{line} --apply --yes").code == 64


def test_a_dividend_from_announcement_to_slot(trading: Cli) -> None:
    named = "MSFT DRIP dividend-1"
    terms = "--ex 2027-01-19 --effective 2027-01-19T21:00:00Z --gross 0.75 --pay 2027-02-10"
    planned = trading.done(f"action announce {named} {terms}")
    assert any("action DRIP dividend-1" in one["what"] for one in planned["changes"])
    trading.done(f"action announce {named} {terms} --apply")
    assert trading.done(f"action announce {named} {terms} --apply")["same"] == [f"{named} is announced"]
    other = trading.run(f"action announce {named} {terms.replace('0.75', '0.76')} --apply --yes")
    assert (other.code, "with other terms" in other.err) == (64, True)
    shown = trading.done(f"action schedule {named} --price 410.10 --apply")
    assert any(one["what"] == "MSFT multiplier from 2027-01-19 21:00:00 UTC" for one in shown["changes"])
    assert trading.done(f"action schedule {named} --price 410.10 --apply")["same"] == [f"{named} is scheduled"]
    assert trading.done(f"action show {named}")["action"]["status"] == "scheduled"
    trading.done(f"action cancel {named} {REASON} --apply")
    assert trading.done(f"action cancel {named} {REASON} --apply")["same"] == [f"{named} is cancelled"]


def test_a_new_stock_is_created_by_the_safe_ruled_by_compliance_and_backed_by_the_timelock(cli: Cli) -> None:
    for name in ("create.json", "back.json"):
        fresh(cli, name)
    path = cli.folder / "manifests" / "local.yaml"
    path.write_text(path.read_text() + STOCK)
    cli.signed("stock create IBM", "create.json")
    # A mock oracle is the deployer's; a real one is named by its address.
    desks = ["compliance-desk", "deployer", "timelock"]
    assert [one["sender"] for one in cli.done("stock create IBM")["steps"]] == desks
    assert cli.done("stock create IBM --apply")["rest"] == ["timelock"]
    cli.signed("stock create IBM", "back.json")
    cli.pass_time(2 * 86_400)
    cli.done(f"safe execute {cli.folder}/back.json --apply")
    assert cli.done("stock create IBM")["steps"] == []
    assert cli.done("stock show IBM")["stock"]["ISIN"] == "US4592001014"


STOCK = """\
  IBM:
    name: International Business Machines
    isin: US4592001014
    calendar: XNYS
    rules: {preset: reg-s-no-us}
    reserve: {source: aggregator, oracle: mock, max_age: 4d, margin_bps: 50, ceiling: "1000"}
"""
