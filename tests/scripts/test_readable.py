"""What people sign says itself in units, names and dates, beside the raw words that are signed."""

import json

from support.network_cli import Cli

from scrip.evm.safe.words import in_words

REASON = "--reason 4 --document order-4"
SPLIT = "action announce MSFT SPLF s-1 --ex 2027-02-16 --effective 2027-02-16T14:30:00Z --new 2 --old 1"


def test_a_proposal_is_read_in_units_and_names(trading: Cli) -> None:
    line = f"compliance lock MSFT owner-1 2.5 2028-01-01 {REASON} --propose lock.json"
    trading.done(line)
    said = trading.run("safe show lock.json").out
    assert "amount = 2500000000000000000  (2.5 tokens)" in said
    assert "until = 1830297600  (2028-01-01 00:00:00 UTC)" in said
    assert "account = owner-1 0x" in said
    file = json.loads((trading.folder / "lock.json").read_text())
    assert "amount = 2500000000000000000  (2.5 tokens)" in file["scrip"]["words"]
    file["scrip"]["words"][1] = "amount = 2500000000000000000  (1 token)"
    (trading.folder / "lock.json").write_text(json.dumps(file))
    altered = trading.run("safe show lock.json")
    assert (altered.code, "was edited" in altered.err) == (1, True)
    file["scrip"]["words"] = []
    del file["scrip"]["words"]
    (trading.folder / "lock.json").write_text(json.dumps(file))
    assert "meta.checksum" in trading.run("safe show lock.json").err


def test_what_the_timelock_waits_for_is_told_as_a_duration(cli: Cli) -> None:
    cli.done("emergency halt --apply")
    cli.done("emergency unhalt --propose unhalt.json")
    assert "after 172800 s (2 d), by the timelock" in cli.run("safe show unhalt.json").out


def test_an_action_is_announced_and_shown_in_shares_money_and_dates(cli: Cli) -> None:
    said = cli.run(SPLIT).out
    for part in ("ratio", "2 new for 1 old", "2027-02-16, from 2027-02-16 14:30:00 UTC", "effect"):
        assert part in said
    dividend = (
        "action announce AAPL DRIP d-1 --ex 2027-02-16 --effective 2027-02-16T14:30:00Z --gross 0.75 --pay 2027-03-01"
    )
    planned = cli.done(dividend)["changes"]
    told = {one["what"].removeprefix("AAPL DRIP d-1 "): one["after"] for one in planned}
    assert told["gross"] == "0.75 a share"
    assert told["pay date"] == "2027-03-01 00:00:00 UTC"
    cli.done(f"{SPLIT} --apply")
    cli.done(f"{dividend} --apply")
    shown = cli.run("action show MSFT SPLF s-1").out
    assert "num            2  (2 new for 1 old)" in shown
    assert "ex             20270216  (2027-02-16)" in shown
    found = cli.done("action show AAPL DRIP d-1")
    assert found["action"]["gross"] == str(75 * 10**16)
    assert found["readable"]["gross"] == "0.75 a share"
    assert found["readable"]["pay"] == "2027-03-01 00:00:00 UTC"


def test_a_word_of_which_nobody_knows_the_unit_stays_a_word() -> None:
    assert in_words("transfer", "amount", "5") == ""
    assert in_words("approve", "amount", str(2**256 - 1)) == "without limit"
    assert in_words("announce", "effectiveAt", "0") == "none"
    assert in_words("announce", "effectiveAt", str(2**200)) == ""
    assert in_words("correct", "reference", "0x" + b"incident-18".hex().ljust(64, "0")) == "'incident-18'"
    assert in_words("correct", "reference", "0x" + "fe" * 32) == ""
    assert (in_words("setProfile", "country", "756"), in_words("setProfile", "country", "999")) == ("CH", "")
    assert in_words("setGrace", "duration", "5400") == "90 m"
    assert in_words("setGrace", "duration", "5401") == "5401 s"
