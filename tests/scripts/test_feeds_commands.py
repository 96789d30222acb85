"""A price feed beside a suite that stands, from the desk: deployed, judged, loaded, agreed, stopped, audited."""

from __future__ import annotations

from eth_abi import encode
from support.network_cli import Cli

from scrip.evm.chain import Contract

DAY = 86_400
MSFT = "    rules: {preset: reg-s-no-us}\n"
PRICE = """\
    price:
      source: mock
      basis: share
      max_age: 1h
      band_bps: 1000
      adapters: [6]
"""
SOURCE = "price-MSFT"
AAPL = '    reserve: {source: aggregator, oracle: mock, max_age: 4d, margin_bps: 50, ceiling: "500000"}\n'
FEED = bytes.fromhex("000b") + b"AAPL".ljust(30, b"\1")
STREAM = f"""\
    price:
      source: stream
      basis: share
      max_age: 1h
      band_bps: 1000
      hours: 24/5
      stream: {{verifier: mock, feed_id: "0x{FEED.hex()}", statuses: extended}}
"""


def priced(cli: Cli, before: str, after: str) -> None:
    """Edit the manifest."""
    path = cli.folder / "manifests" / "local.yaml"
    assert path.read_text().count(before) == 1
    path.write_text(path.read_text().replace(before, after))


def say(cli: Cli, dollars: int, label: str = SOURCE) -> None:
    """What a mock of a source answers from now on."""
    network = cli.world.open()
    mock = Contract("MockReserveOracle", network.book.contract(label).address)
    network.chain.send(mock, "push", dollars * 10**8, sender="deployer")


def findings(cli: Cli, line: str) -> set[str]:
    """The fields that a check names; it must end with 3."""
    said = cli.run(f"{line} --json")
    assert said.code == 3, said
    return {one["what"] for one in said.object["drift"]}


def reported(cli: Cli) -> None:
    """A keeper hands a signed report of AAPL's stream in, of before the market, and pokes."""
    now = cli.world.open().chain.now()
    words = [FEED, now, now, 0, 0, now + DAY, 250 * 10**18, now * 10**9, 1, 0, 1, 0, 1]
    file = cli.folder / "report.hex"

    def written(status: int, feed: bytes = FEED) -> None:
        told = [feed, *words[1:], status]
        body = b"".join(one if isinstance(one, bytes) else one.to_bytes(32) for one in told)
        kinds = ["bytes32[3]", "bytes", "bytes32[]", "bytes32[]", "bytes32"]
        file.write_text("0x" + encode(kinds, ([bytes(32)] * 3, body, [bytes(32)], [bytes(32)], bytes(32))).hex() + "\n")

    line = f"feeds report AAPL {file} --as deployer"
    for status, feed in ((5, FEED), (2, FEED[:-1] + b"?")):
        written(status, feed)
        assert cli.run(line).code == 64
    written(1)
    assert cli.run(f"feeds report MSFT {file} --as deployer").code == 64
    (step,) = cli.done(f"{line} --apply")["steps"]
    assert step["title"].startswith("report AAPL at 250 dollars as of")
    cli.done("feeds poke AAPL --as deployer --apply")


def test_a_price_feed_from_the_manifest_to_the_audit(cli: Cli) -> None:
    nothing = cli.run("feeds show --json")
    assert (nothing.code, nothing.object["error"]["value"]) == (64, "prices")
    priced(cli, MSFT, MSFT + PRICE)
    priced(cli, AAPL, AAPL + STREAM)
    assert "prices" in findings(cli, "audit chain")

    # The deployer's key deploys, the timelock says how it judges, and then what lenders read can be deployed.
    first = cli.done("deploy settings --apply")
    assert [one["sender"] for one in first["steps"]] == [*["deployer"] * 2, "timelock", *["deployer"] * 2, "timelock"]
    cli.by_the_timelock("deploy settings")
    assert [one["sender"] for one in cli.done("deploy settings --apply")["steps"]] == ["deployer"]
    assert cli.done("deploy settings")["steps"] == []
    ends = {"calendar.XNAS", "calendar.XNAS 24/5"}
    assert findings(cli, "audit chain") == ends
    silent = {f"feeds.{stock}.{what}" for stock in ("MSFT", "AAPL") for what in ("sources", "price")}
    assert findings(cli, "feeds check") == silent | ends
    shown = cli.done("feeds show")["prices"]["MSFT"]
    assert (shown["to trade at"], shown["for lenders"]) == ("feeds: no price", "none")

    # A year is loaded once; most of it is the same a second time.
    cli.by_the_timelock("feeds calendar 2027")
    again = cli.done("feeds calendar 2027")
    assert (again["steps"], cli.run("feeds calendar 2027 XPAR").code) == ([], 64)
    assert cli.done("audit chain")["drift"] == []

    assert cli.run("feeds poke MSFT").code == 64
    assert cli.done("feeds poke --as deployer")["steps"] == []
    cli.pass_time(4 * DAY)
    say(cli, 400)
    changes = cli.done("feeds poke MSFT --as deployer --apply")["changes"]
    assert ("MSFT price", "none", "400 dollars as of") in {
        (one["what"], one["before"], one["after"][:17]) for one in changes
    }
    assert cli.done("feeds check MSFT")["drift"] == []
    reported(cli)
    assert cli.done("feeds check")["drift"] == []
    cli.done("feeds poke MSFT --as deployer --apply")

    # Tighter at once, by PAUSER; looser by the timelock; the manifest's word is what the audit goes by.
    assert cli.run("feeds tighten MSFT --band 1001 --apply --yes").code == 1
    (tighter,) = cli.done("feeds tighten MSFT --band 500 --max-age 30m --apply")["steps"]
    assert tighter["sender"] == "duty-officer"
    assert cli.done("feeds tighten MSFT --band 500")["steps"] == []
    assert findings(cli, "audit chain") == {"stocks.MSFT.price.max_age", "stocks.MSFT.price.band_bps"}
    assert {one["sender"] for one in cli.done("deploy settings")["steps"]} == {"timelock"}
    priced(
        cli,
        "basis: share\n      max_age: 1h\n      band_bps: 1000\n      adapters",
        "basis: share\n      max_age: 20m\n      band_bps: 500\n      adapters",
    )
    assert {one["sender"] for one in cli.done("deploy settings")["steps"]} == {"duty-officer"}

    cli.done("feeds suspend MSFT --apply")
    assert cli.done("feeds suspend MSFT")["steps"] == []
    assert {"feeds.MSFT.price"} == findings(cli, "feeds check MSFT")
    assert "stocks.MSFT.price.suspended" in findings(cli, "audit chain")
    cli.signed("feeds resume MSFT", "resume.json")
    assert cli.done("feeds resume MSFT")["steps"] == []
    said = cli.run("feeds accept MSFT --json")
    assert (said.code, "feeds: no window" in said.object["error"]["message"]) == (1, True)

    day = cli.done("feeds close XNAS 2027-03-03 --days 2 --apply")
    # Of both tables that the exchange has: its own hours and 24/5.
    assert [one["sender"] for one in day["steps"]] == ["duty-officer"] * 2
    assert len(cli.done("feeds calendar 2027")["steps"]) == 2
    for wrong in ("XNAS 2027-03-06", "XPAR 2027-03-03", "XNAS 2027-03-03 --days 15"):
        assert cli.run(f"feeds close {wrong}").code == 64

    # Other code where the feed stands, or another source than the manifest's, is told as what it is.
    network = cli.world.open()
    for label, field in (
        ("adapter-MSFT-6", "stocks.MSFT.price.adapters.6"),
        ("price-AAPL", "stocks.AAPL.price.stream"),
    ):
        network.node.rpc("anvil_setCode", network.book.contract(label).address, "0x00")
        assert field in findings(cli, "audit chain")
    priced(cli, "source: mock\n      basis: share", "source: mock\n      basis: raw")
    assert "stocks.MSFT.price.basis" in findings(cli, "audit chain")
    network.node.rpc("anvil_setCode", network.book.contract("prices").address, "0x00")
    assert "code.prices" in findings(cli, "audit chain")
