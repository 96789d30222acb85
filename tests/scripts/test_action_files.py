"""Corporate actions by file: announced, amended, shown, cancelled; a calendar's drafts; the whole history."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from support.desk_people import buy, give_coins, onboard
from support.network_cli import Cli, fresh
from support.network_orders import attest
from support.network_world import deployed_world

from scrip.manifest.load import load

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


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cli]:
    """A desk with a book, two holders, and the files of a meeting and a split."""
    folder = tmp_path_factory.mktemp("actions")
    fresh(folder)
    path = folder / "manifests" / "local.yaml"
    content = yaml.safe_load(path.read_text())
    content["dividends"] = {"tax": "custodian"}
    path.write_text(yaml.safe_dump(content))
    with pytest.MonkeyPatch.context() as patch, deployed_world(folder, load(path)) as world:
        patch.chdir(folder)
        patch.setenv("SCRIP_LOCAL_RPC", world.url)
        cli = Cli(world)
        attest(world.open(), 200)
        onboard(cli, {"owner-1": ("DE", "professional")})
        give_coins(cli, "owner-1")
        buy(cli, "owner-1")
        (folder / "meet.yaml").write_text(MEETING)
        (folder / "split.yaml").write_text(SPLIT)
        yield cli


def test_a_meeting_is_recorded_amended_shown_and_cancelled(desk: Cli) -> None:
    said = desk.run("action announce meet.yaml").out
    assert "MSFT of owner-1" in said
    assert "50 votes at one a share" in said
    assert "and nothing more" not in said
    desk.done("action announce meet.yaml --apply")
    assert "nothing to do" in desk.run("action announce meet.yaml").out
    Path("meet.yaml").write_text(MEETING.replace("the agenda", "a longer agenda"))
    assert "was announced on other terms: `action amend`" in desk.run("action announce meet.yaml").err
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
    desk.done("action schedule MSFT SPLF split-2027 --apply")
    rows = json.loads(desk.run("action history MSFT --json").out)["history"]
    by_name = {row["reference"]: row for row in rows}
    assert by_name["split-2027"]["before"] == "index 1, factor 1:1"
    assert by_name["split-2027"]["after"] == "index 1, factor 2:1"
    assert by_name["split-2027"]["status"] == "scheduled"


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
    assert "USD 83 gross" in said or "USD 41.5 gross" in said
    desk.done(f"action announce {written[0]} --apply")
    codes = [row["code"] for row in json.loads(desk.run("action history MSFT --json").out)["history"]]
    assert codes == ["SPLF", "MEET", "DVCA"]
