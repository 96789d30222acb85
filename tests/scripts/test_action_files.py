"""Corporate actions by file: announced, amended, shown, cancelled; a calendar's drafts; the whole history."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.desk_people import buy, give_coins, onboard
from support.kept_desk import KeptDesk, opened_desk
from support.network_cli import Cli
from support.network_orders import attest

from scrip.errors import Drift
from scrip.flows import action_history
from scrip.manifest.load import load
from scrip.model.laws.multiplier import Terms

EX, OPENS = "2027-01-19", 1_800_369_000
MEETING = """stock: MSFT
CAEV: MEET
CORP: agm-2027
RDTE: 2027-01-19T14:30:00Z
MKDT: 2027-01-27T22:00:00Z
MEET: 2027-01-28T16:00:00Z
document: the agenda
"""
SPLIT = f"""stock: MSFT
CAEV: SPLF
CORP: split-2027
XDTE: {EX}
EFFD: 2027-01-19T14:30:00Z
NEWO: "2:1"
"""

CHANGE = """stock: MSFT
CAEV: CHAN
CORP: new-name
EFFD: 2027-02-25T14:30:00Z
name: Another Corporation
isin: US1234567899
"""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptDesk]:
    """A desk with a book, two holders, and the files of a meeting and a split."""
    with opened_desk(tmp_path_factory.mktemp("actions"), edited, ready) as cli:
        yield KeptDesk(cli)


@pytest.fixture
def desk(kept: KeptDesk) -> Cli:
    """As it was made ready, for each test."""
    return kept.again()


def edited(content: dict[str, Any]) -> None:
    content["dividends"] = {"tax": "custodian"}
    content["voting"] = {"custodian": "First Custody Bank", "safekeeping_account": "123-456"}


def ready(cli: Cli) -> None:
    attest(cli.world.open(), 200)
    onboard(cli, {"owner-1": ("DE", "professional")})
    give_coins(cli, "owner-1")
    buy(cli, "owner-1")
    (cli.folder / "meet.yaml").write_text(MEETING)
    (cli.folder / "split.yaml").write_text(SPLIT)


def test_a_meeting_is_recorded_amended_shown_and_cancelled(desk: Cli) -> None:
    said = desk.run("action announce meet.yaml").out
    assert "MSFT of owner-1" in said
    assert "50 votes at one a share" in said
    assert "and nothing more" not in said
    desk.done("action announce meet.yaml --apply")
    assert "nothing to do" in desk.run("action announce meet.yaml").out
    Path("meet.yaml").write_text(MEETING.replace("the agenda", "a longer agenda"))
    assert "was announced on other terms: `action amend`" in desk.run("action announce meet.yaml").err
    assert "50 votes at one a share" in desk.run("action amend meet.yaml").out
    desk.done("action amend meet.yaml --apply")
    assert "nothing to do" in desk.run("action amend meet.yaml").out
    shown = json.loads(desk.run("action show MSFT MEET agm-2027 --json").out)["action"]
    assert (shown["status"], shown["amended"], shown["record"]) == ("announced", "1 times", "2027-01-19 14:30:00 UTC")
    assert "book: not effective" in desk.run("action complete MSFT MEET agm-2027").err
    desk.done("action cancel MSFT MEET agm-2027 --reason 7 --document d --apply")
    assert "status         cancelled" in desk.run("action show MSFT MEET agm-2027").out


def test_a_split_s_file_shows_what_holders_have_before_and_after(desk: Cli) -> None:
    said = desk.run("action announce split.yaml").out
    assert "factor 2:1" in said
    assert "50 units = 50 shares" in said
    assert "50 units = 100 shares" in said
    assert "398 shares to be shown by the custodian, 100 owed" in said
    desk.done("action announce split.yaml --apply")
    assert "nothing to do" in desk.run("action announce split.yaml").out
    # The same is shown of an announcement by options, of a schedule, of an amendment, and of a cash dividend.
    terms = "--ex 2027-02-16 --effective 2027-02-16T14:30:00Z --new 3 --old 1 --twin"
    assert "50 units = 150 shares" in desk.run(f"action announce MSFT SPLF other {terms}").out
    said = desk.run("action schedule MSFT SPLF split-2027").out
    assert "50 units = 100 shares" in said
    assert "398 shares to be shown by the custodian, 100 owed" in said
    cash = "dividend announce MSFT q1 --ex 2027-02-16 --gross 0.83 --pay 2027-03-01T12:00:00Z"
    assert "50 units = 50 shares, and USD 41.5 gross" in desk.run(cash).out
    desk.done("action schedule MSFT SPLF split-2027 --apply")
    rows = json.loads(desk.run("action history MSFT --json").out)["history"]
    by_name = {row["reference"]: row for row in rows}
    assert by_name["split-2027"]["before"] == "index 1, factor 1:1"
    assert by_name["split-2027"]["after"] == "index 1, factor 2:1"
    assert by_name["split-2027"]["status"] == "scheduled"


def scheduled(cli: Cli) -> None:
    """The split of the file stands."""
    cli.done("action announce split.yaml --apply")
    cli.done("action schedule MSFT SPLF split-2027 --apply")


def effective(cli: Cli) -> None:
    """It is in effect for a minute."""
    scheduled(cli)
    cli.world.open().chain.advance_to(OPENS + 60)


def test_a_file_says_the_action_whole(desk: Cli) -> None:
    said = desk.run("action announce meet.yaml SPLF agm")
    assert (said.code, "meet.yaml says the action whole" in said.err) == (64, True)
    for line, missing in (
        ("MSFT", "argument 'CODE'"),
        ("MSFT SPLF", "argument 'REFERENCE'"),
        ("MSFT SPLF x", "'--ex'"),
    ):
        said = desk.run(f"action announce {line}")
        assert (said.code, missing in said.err) == (64, True), line
    assert "is not amended: cancel it" in desk.run("action amend split.yaml").err


def test_a_calendar_becomes_drafts_that_can_be_announced(desk: Cli) -> None:
    Path("year.csv").write_text(
        "stock,CAEV,CORP,XDTE,PAYD,GRSS,EFFD,NEWO,MEET,MKDT,RDTE,document\n"
        "MSFT,DVCA,2027-q1,2027-02-17,2027-03-11,USD 0.83,,,,,,\n"
        "MSFT,MEET,agm 2027/28,,,,,,2027-12-08,2027-12-07,2027-10-01,agenda\n"
    )
    written = desk.done("action calendar year.csv --out drafts")["drafts"]
    assert written == ["drafts/MSFT-DVCA-2027-q1.yaml", "drafts/MSFT-MEET-agm_2027_28.yaml"]
    assert "is there already" in desk.run("action calendar year.csv --out drafts").err
    said = desk.run(f"action announce {written[0]}").out
    assert "pays 0.83 USD a share in cash" in said
    assert "USD 41.5 gross" in said
    desk.done(f"action announce {written[0]} --apply")
    codes = [row["code"] for row in json.loads(desk.run("action history MSFT --json").out)["history"]]
    assert codes == ["DVCA"]


def test_the_history_shows_pair_unit_and_coverage_around_an_effect(desk: Cli) -> None:
    """100 units on 199 attested shares (200 less the margin): 1.99 before; from the second on twice as much is owed."""
    effective(desk)
    desk.done("action history MSFT --csv history.csv")
    row = next(one for one in csv.DictReader(Path("history.csv").read_text().splitlines()) if one["code"] == "SPLF")
    assert (row["status"], row["at"]) == ("effective", "2027-01-19 14:30:00 UTC")
    assert (row["factor_before"], row["factor_after"]) == ("1:1", "2:1")
    assert (row["unit_before"], row["unit_after"]) == ("1", "2")
    assert (row["index_before"], row["index_after"]) == ("1", "1")
    # What is owed is told in the basis of the last answer, which is the one before the split until another comes.
    assert (row["coverage_before"], row["coverage_after"]) == ("1.99", "1.99")
    assert "a unit: 1 -> 2 shares" in desk.run("action history MSFT").out
    assert "stands already" in desk.run("action history MSFT --csv history.csv").err
    assert "coverage" not in desk.run("action history MSFT --no-coverage").out


def test_a_notice_of_any_action_is_published_and_stands_in_the_history(desk: Cli) -> None:
    scheduled(desk)
    line = "action publish MSFT SPLF {} --document notice.pdf --uri https://example.com/notice"
    assert "is no SPLF that was announced" in desk.run(line.format("split-2028")).err
    assert "is no DVCA that was announced" in desk.run(line.format("x").replace("SPLF", "DVCA")).err
    desk.done(line.format("split-2027") + " --apply")
    row = next(one for one in desk.done("action history MSFT")["history"] if one["code"] == "SPLF")
    assert row["linked"].startswith("notice 0x")


def test_a_change_of_isin_says_what_to_run_once_it_takes_effect(desk: Cli) -> None:
    """The chain keeps a hash of what changes: the words are read from its event, and held to that."""
    Path("chan.yaml").write_text(CHANGE)
    assert "`action complete` says how" in desk.run("action announce chan.yaml").out
    desk.done("action announce chan.yaml --apply")
    desk.world.open().chain.advance_to(OPENS + 40 * 86_400)
    said = {one["what"]: one for one in desk.done("action complete MSFT CHAN new-name")["changes"]}
    old = load(Path("manifests/local.yaml")).stocks["MSFT"].isin
    assert said["MSFT ISIN"]["before"] == old
    assert said["MSFT ISIN"]["after"] == (
        f"`stocks.MSFT`: isin US1234567899, birth_isin {old}; then ape run stock change-isin MSFT {old} --apply"
    )
    assert said["MSFT name"]["after"].startswith("Another Corporation: the token keeps ")
    assert "MSFT ticker" not in said
    desk.done("action complete MSFT CHAN new-name --apply")
    assert "is completed" in desk.run("action complete MSFT CHAN new-name").out


def test_a_history_that_does_not_end_at_the_chain_s_pair_is_drift(desk: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """A law that plays a split otherwise than the chain did: exit 3, and both pairs are named."""
    effective(desk)
    monkeypatch.setattr(action_history, "played", lambda _, terms: terms.with_split(3, 1))
    said = desk.run("action history MSFT")
    assert said.code == 3
    assert "end at index 1, factor 3:1, and the chain stands at index 1, factor 2:1" in said.err


def test_networks_whose_histories_differ_are_told(desk: Cli) -> None:
    """The same action on two chains: another second or another pair is drift, one chain's own record is none."""
    effective(desk)
    mine = action_history.history(desk.world.open(), "MSFT")
    theirs = [replace(one, network="solana") for one in mine if one.code == "SPLF"]
    action_history.demand_same([mine, theirs])
    for changed in ({"at": OPENS + 1}, {"after": Terms(num=3)}):
        with pytest.raises(Drift, match="SPLF split-2027: local 2027-01-19 14:30:00 UTC"):
            action_history.demand_same([mine, [replace(theirs[0], **changed)]])
