"""The backing of a stock, from the desk: what ATTESTOR signs, and the split basis that it is counted in."""

from __future__ import annotations

from support.network_cli import Cli
from support.network_orders import attest

DAY = 86_400
MOCK = 'reserve: {source: aggregator, oracle: mock, max_age: 4d, margin_bps: 50, ceiling: "500000"}'
ATTESTED = 'reserve: {source: attested, max_age: 30d, margin_bps: 50, ceiling: "500000"}'


def split(cli: Cli, reference: str, terms: str, at: str) -> None:
    """A split from its announcement on to its second, two days on."""
    code = reference.partition("-")[0]
    cli.done(f"action announce AAPL {code} {reference} {terms} --ex {at[:10]} --effective {at} --apply")
    cli.done(f"action schedule AAPL {code} {reference} --apply")


def test_what_an_aggregator_says_nobody_signs(cli: Cli) -> None:
    said = cli.run("market attest AAPL 100 --json")
    assert (said.code, said.object["error"]["message"]) == (64, "is said by an aggregator")


def test_a_split_that_will_be_in_doubt_is_shown_so_before_it_is_scheduled(cli: Cli) -> None:
    """The aggregator has said nothing yet: its answers will be read as the smaller of two, and nobody confirms them."""
    at = "2027-02-16T14:30:00Z"
    cli.done(f"action announce MSFT SPLF SPLF-1 --new 2 --old 1 --ex {at[:10]} --effective {at} --apply")
    changes = cli.done("action schedule MSFT SPLF SPLF-1 --apply")["changes"]
    told = {one["what"]: (one["before"], one["after"]) for one in changes}
    assert told["MSFT basis"] == ("1:1#0", "1:1#0, the next one in doubt")
    assert cli.done("stock show MSFT")["stock"]["reserve basis"] == "1:1#0, IN DOUBT; the figures here are in 2:1#1"
    cli.pass_time(33 * DAY)
    attest(cli.world.open(), 1)
    refused = cli.run("market confirm-basis MSFT --as deployer --apply --yes --json")
    message = refused.object["error"]["message"]
    assert (refused.code, "reserve: basis in doubt" in message, "`market set-basis`" in message) == (1, True, True)
    cli.by_the_timelock("market set-basis MSFT 2:1#1")
    assert cli.done("stock show MSFT")["stock"]["reserve basis"] == "2:1#1"


def test_an_attested_stock_from_its_first_paper_through_two_splits(cli: Cli) -> None:
    """One is shown by a paper, the other adopted on the timelock's word."""
    path = cli.folder / "manifests" / "local.yaml"
    assert MOCK in path.read_text()
    path.write_text(path.read_text().replace(MOCK, ATTESTED))
    cli.by_the_timelock("deploy settings --reference attested")
    assert cli.done("deploy settings --reference attested")["steps"] == []
    shown = cli.done("market attest AAPL 100 --apply")
    assert [one["sender"] for one in shown["steps"]] == ["custodian"]
    assert ("AAPL attested", "0 shares", "99.5 shares") in {
        (one["what"], one["before"], one["after"]) for one in shown["changes"]
    }
    # Each paper is as of a later second than the one before.
    cli.pass_time(1)
    later = cli.done("market attest AAPL 110 --others 20 --ceiling 400000 --life 1h --apply")["changes"]
    assert {"AAPL ceiling", "AAPL ceilings elsewhere"} <= {one["what"] for one in later}

    split(cli, "SPLF-1", "--new 2 --old 1", "2027-02-16T14:30:00Z")
    cli.pass_time(33 * DAY)
    assert (
        cli.done("stock show AAPL")["stock"]["reserve basis"]
        == "1:1#0, 2:1#1 NOT CONFIRMED YET; the figures here are in 1:1#0"
    )
    confirm = "market confirm-basis AAPL --as deployer"
    cli.done("market attest AAPL 110 --basis 1:1#0 --apply")
    early = cli.run(f"{confirm} --apply --yes --json")
    assert (early.code, "reserve: split not shown" in early.object["error"]["message"]) == (1, True)
    unknown = cli.run("market attest AAPL 110 --basis 3:1#1 --json")
    assert (unknown.code, unknown.object["error"]["field"]) == (64, "basis")
    cli.pass_time(1)
    unnamed = cli.run("market attest AAPL 220 --json").object["error"]
    assert (unnamed["field"], unnamed["value"]) == ("basis", "none")
    assert "1:1#0 before it or 2:1#1 after it" in unnamed["message"]
    assert cli.run("market ceiling AAPL 500 --json").object["error"]["field"] == "basis"
    assert len(cli.done("market ceiling AAPL 0")["steps"]) == 1
    cli.done("market attest AAPL 220 --basis 2:1#1 --apply")
    assert [one["step"] for one in cli.done(f"{confirm} --apply")["transactions"]] == ["confirm AAPL's split basis"]
    assert cli.done("market set-basis AAPL 2:1#1")["same"] == ["AAPL's reserve is counted in basis 2:1#1"]

    split(cli, "SPLR-2", "--new 1 --old 2", "2027-02-26T14:30:00Z")
    ahead = cli.run("market set-basis AAPL 1:1#2 --json")
    assert (ahead.code, ahead.object["error"]["field"]) == (64, "basis")
    cli.pass_time(9 * DAY)
    (step,) = cli.done("market set-basis AAPL 1:1#2")["steps"]
    assert step["title"] == "AAPL's reserve from basis 2:1#1 to 1:1#2"
    cli.by_the_timelock("market set-basis AAPL 1:1#2")
    assert cli.done("market set-basis AAPL 1:1#2")["same"] == ["AAPL's reserve is counted in basis 1:1#2"]
    stands = cli.done("stock show AAPL")["stock"]
    assert (stands["ceiling"], stands["ceilings elsewhere"]) == ("400000 shares", "20 shares")
    assert stands["reserve basis"] == "1:1#2"
