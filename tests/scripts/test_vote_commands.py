"""Votes by command: a meeting from its announcement to the confirmations, with a register, a venue and a re-vote."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from eth_utils import keccak
from support.desk_people import buy, give_coins, onboard
from support.kept_desk import KeptDesk, opened_desk
from support.network_cli import Cli
from support.network_orders import attest
from support.runbook import follow

from scrip.evm.audit.run import audit

EX, RECORD = "2027-01-19", 1_800_369_000
OVER = 1_800_369_000 + 8 * 86_400
UNIT = 10**18
MEETING = """stock: MSFT
CAEV: MEET
CORP: agm-2027
RDTE: 2027-01-19T14:30:00Z
MKDT: 2027-01-27T22:00:00Z
MEET: 2027-01-28T16:00:00Z
document: the notice
"""
AGENDA = """title: Annual general meeting 2027
uri: https://example.com/agm-2027
resolutions:
  - {label: "1", title: Approve the accounts}
  - {label: "2a", title: Elect Ms Example}
  - {label: "2b", title: Elect Mr Example}
  - {label: "3", title: Pay the auditors}
"""
OPEN = "vote open MSFT agm-2027 --register reg --agenda agenda.yaml"
CAST = "vote cast MSFT agm-2027 {} --register reg {}"
REPORT = "vote report MSFT agm-2027 cast.csv --document 0x{} --uri https://example.com/cast"
DOCUMENT = keccak(text="the custodian's report").hex().removeprefix("0x")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptDesk]:
    """A desk before a meeting is announced: owner-1 has 53 tokens, owner-2 40, a venue 7."""
    with opened_desk(tmp_path_factory.mktemp("votes"), edited, ready) as cli:
        yield KeptDesk(cli)


@pytest.fixture
def desk(kept: KeptDesk) -> Cli:
    """As it was made ready, for each test."""
    return kept.again()


def edited(content: dict[str, Any]) -> None:
    content["dividends"] = {"tax": "custodian"}
    content["voting"] = {"custodian": "First Custody Bank", "safekeeping_account": "123-456"}


def ready(cli: Cli) -> None:
    network = cli.world.open()
    attest(network, 200)
    people = {"owner-1": ("DE", "professional"), "owner-2": ("JP", "retail"), "owner-3": ("CH", "venue")}
    onboard(cli, people)
    give_coins(cli, "owner-1", "owner-2")
    buy(cli, "owner-1", "owner-2")
    token = network.ledger().stocks["MSFT"].token
    for to, units in (("owner-3", 7), ("owner-1", 3)):
        network.chain.send(token, "transfer", network.chain.address(to), units * UNIT, sender="owner-2")
    for name, text in (("agm", MEETING), ("agenda", AGENDA)):
        (cli.folder / f"{name}.yaml").write_text(text)


def at_the_record(cli: Cli) -> None:
    """The meeting is announced, its record has come, and its register is built."""
    network = cli.world.open()
    cli.done("action announce agm.yaml --apply")
    assert "no vote opened" in cli.run("vote show MSFT agm-2027").out
    network.chain.advance_to(RECORD)
    network.chain.send(network.suite().stablecoin, "mint", network.chain.address("owner-1"), 1, sender="deployer")
    cli.done(f"register build MSFT --ex {EX} --out reg")


def test_from_the_opening_to_the_confirmations(desk: Cli) -> None:
    """One story: each step again does nothing, and every share is where the hand-made table says."""
    at_the_record(desk)
    said = desk.run(OPEN)
    assert "3 accounts vote on 4 resolutions of MSFT agm-2027" in said.out
    assert "until 2027-01-26 22:00:00" in said.out
    desk.done(f"{OPEN} --apply")
    assert "is open, as 0x" in desk.run(f"{OPEN} --apply").out
    Path("agenda.yaml").write_text(AGENDA.replace("Ms", "Mrs"))
    assert "on other terms: void it first" in desk.run(OPEN).err
    assert audit(desk.world.open()) == []

    # Four resolutions and no proof shown: it is shown once, and each vote is cheap.
    wish = CAST.format("owner-1", "--for 1 --for 3 --for 4 --against 2 --why 'as the board says'")
    said = desk.run(wish)
    desk.done(f"{wish} --apply")
    assert "owner-1 shows its units" in said.out
    assert "owner-1 votes on resolution 2: against 53" in said.out
    assert "votes so already" in desk.run(CAST.format("owner-1", "--for 1 --apply")).out
    desk.done(CAST.format("owner-1", "--abstain 3 --apply"))
    desk.done(CAST.format("owner-2", "--against 1 --apply"))
    Path("split.csv").write_text("resolution,against,for,abstain\n1,1.5,4.25,\n2,,7,0\n")
    desk.done(CAST.format("owner-3", "--split split.csv --apply"))
    shown = desk.done("vote show MSFT agm-2027")["vote"]
    assert [one["votes"] for one in shown["resolutions"]] == [
        {"against": "41500000000000000000", "for": "57250000000000000000", "abstain": "0"},
        {"against": "53000000000000000000", "for": "7000000000000000000", "abstain": "0"},
        {"against": "0", "for": "0", "abstain": "53000000000000000000"},
        {"against": "0", "for": "53000000000000000000", "abstain": "0"},
    ]
    for wrong, why in (
        ("", "names no resolution"),
        ("--for 5", "is not between 1 and 4"),
        ("--for 1 --against 1", "is chosen twice"),
        ("--split nowhere.csv", "no such file"),
    ):
        found = desk.run(CAST.format("owner-2", wrong))
        assert (found.code != 0, why in found.err.lower()) == (True, True), (wrong, found.err)
    assert "has no leaf in this register" in desk.run(CAST.format("treasury", "--for 1")).err
    files = desk.done("vote proof MSFT agm-2027 owner-2 --register reg --out proofs")["files"]
    paper = json.loads(Path(files[0]).read_text())
    assert (paper["raw_units"], len(paper["proposals"])) == (str(40 * UNIT), 4)

    _signed_and_relayed(desk, files[0])

    # The instruction is written once, when nothing can change it.
    assert "is open until" in desk.run("vote tally MSFT agm-2027 --out instruction").err
    assert "has no report" in desk.run("vote confirm MSFT agm-2027 owner-1").err
    desk.world.open().chain.advance_to(OVER)
    assert "voting: over" in desk.run(CAST.format("owner-2", "--for 1")).err
    assert "is not the agenda" in desk.run("vote tally MSFT agm-2027 --out instruction --agenda agenda.yaml").err
    Path("agenda.yaml").write_text(AGENDA)
    desk.done("vote tally MSFT agm-2027 --out instruction --agenda agenda.yaml")
    # Its labels are given once: the same files stand after another run without them.
    desk.done("vote tally MSFT agm-2027 --out instruction")
    told = json.loads(Path("instruction/instruction.json").read_text())["MeetingInstruction"]
    assert told["Instruction"]["SafekeepingAccount"] == "123-456"
    labels = [one["IssuerLabel"] for one in told["Instruction"]["VoteDetails"]["VoteInstruction"]]
    assert labels == ["1", "2a", "2b", "3"]
    assert told["Instruction"]["VoteDetails"]["VoteInstruction"][0] == {
        "IssuerLabel": "1",
        "For": "57",
        "Against": "41",
        "Abstain": "0",
        "Instructed": {"For": "57.25", "Against": "41.5", "Abstain": "0"},
    }
    cast = Path("instruction/instruction.csv").read_text()
    assert cast == "resolution,against,for,abstain\n1,41,57,0\n2,53,7,0\n3,0,0,53\n4,0,53,0\n"

    Path("cast.csv").write_text(cast.replace("1,41,57", "1,41,58"))
    assert "nothing is mirrored" in desk.run(REPORT.format(DOCUMENT)).err
    Path("cast.csv").write_text(cast.replace("3,0,0,53", "3,0,0,50"))
    assert "give CASTS, or --as-instructed" in desk.run(REPORT.format(DOCUMENT).replace("cast.csv ", "")).err
    told_so = desk.run(REPORT.format(DOCUMENT).replace("cast.csv", "--as-instructed"))
    assert "for 57, against 41" in told_so.out
    desk.done(f"{REPORT.format(DOCUMENT)} --apply")
    assert "is reported so" in desk.run(f"{REPORT.format(DOCUMENT)} --apply").out
    assert "cast against 41" not in desk.run("vote show MSFT agm-2027").err
    assert "3 of 4 resolutions counted" in desk.run("vote confirm MSFT agm-2027 owner-1 owner-3").out
    desk.done("vote confirm MSFT agm-2027 owner-1 owner-3 --apply")
    address = desk.world.open().chain.address("owner-1")
    paper = json.loads(Path(f"votes/local/MSFT/agm-2027/confirmation-{address}-1.json").read_text())
    assert [row["counted"] for row in paper["votes"]] == [True, True, False, True]
    assert paper["votes"][2]["raw_units"]["abstain"] == str(53 * UNIT)
    assert (
        "is reported" in desk.run("vote show MSFT agm-2027").out
        or "reported" in desk.run("vote show MSFT agm-2027").out
    )
    assert "voting: reported" in desk.run("vote void MSFT agm-2027 --reason 7 --document d").err
    desk.done("vote publish MSFT agm-2027 --document minutes --uri https://example.com/minutes --apply")


def _signed_and_relayed(desk: Cli, proof: str) -> None:
    """Owner-2 signs without a node, votes itself, and what it signed before is told and left; the batch resumes."""
    nonces = json.loads(Path(proof).read_text())["next_nonces"]
    assert nonces == [1, 0, 0, 0]
    sign = f"vote sign {proof} --for 1 --for 2 --abstain 4 --why 'signed at home' --out signed.json"
    assert "resolution 2 of 0x" in desk.run(sign).out
    assert not Path("signed.json").exists()
    desk.done(f"{sign} --apply")
    assert "signed.json" in desk.run(f"{sign} --apply").err
    assert "names no resolution" in desk.run(f"vote sign {proof} --out other.json").err
    desk.done(CAST.format("owner-2", "--abstain 1 --apply"))
    said = desk.run("vote relay signed.json")
    assert "on resolution 1: a later vote stands in its place" in said.out
    desk.done("vote relay signed.json --apply")
    again = desk.run("vote relay signed.json --apply").out
    assert again.count(": counted") == 2
    votes = desk.done("vote show MSFT agm-2027")["vote"]["resolutions"]
    assert [one["votes"]["abstain"] for one in votes] == [str(n * UNIT) for n in (40, 0, 53, 40)]
    assert votes[1]["votes"]["for"] == str(47 * UNIT)
    paper = json.loads(Path("signed.json").read_text())
    for change, why in (
        ({"chain_id": 5}, "is of chain 5"),
        ({"of": {**paper["of"], "network": "elsewhere"}}, "is of elsewhere"),
        ({"of": {**paper["of"], "vote": "0x" + "07" * 31 + "00"}}, "is not the vote that stands"),
        ({"votes": [{**paper["votes"][1], "signature": "0x" + "11" * 65}]}, "is not the voter's"),
        ({"votes": "none"}, "is no file of signed votes"),
    ):
        Path("forged.json").write_text(json.dumps({**paper, **change}))
        assert why in desk.run("vote relay forged.json").err, why
    # Back to what the rest of the story counts with.
    for wish in ("--against 1", "--split back.csv"):
        Path("back.csv").write_text("resolution,against,for,abstain\n2,0,0,0\n4,0,0,0\n")
        desk.done(CAST.format("owner-2", f"{wish} --apply"))


def test_the_runbook_s_meeting(desk: Cli) -> None:
    """As the runbook has it, from the announcement to the last confirmation. Owner-1 has 53 tokens, owner-2 splits 40,
    and a venue signs for its 7: of resolution 1 for 53 + 30.25 + 7, against 9.75; of 2 against 7 and abstained 53."""
    Path("split.csv").write_text("resolution,against,for,abstain\n1,9.75,30.25,0\n")

    def meanwhile(line: str) -> None:
        network = desk.world.open()
        network.chain.advance_to({"# the record comes": RECORD, "# the deadline is past": OVER}[line])
        network.chain.send(network.suite().stablecoin, "mint", network.chain.address("owner-1"), 1, sender="deployer")

    def signed(line: str) -> str:
        address = desk.world.open().chain.address("owner-3")
        return line.replace("proof-0x…", f"proof-{address}")

    follow(desk, "A vote at a meeting", tool=meanwhile, filled=signed)
    cast = Path("instruction/instruction.csv").read_text()
    assert cast == "resolution,against,for,abstain\n1,9,90,0\n2,7,0,53\n3,0,0,0\n4,0,0,0\n"
    shown = desk.done("vote show MSFT agm-2027")["vote"]["resolutions"]
    assert shown[0]["votes"] == {"against": str(975 * UNIT // 100), "for": str(9_025 * UNIT // 100), "abstain": "0"}
    papers = Path("votes/local/MSFT/agm-2027").glob("confirmation-*.json")
    counted = [sum(row["counted"] for row in json.loads(one.read_text())["votes"]) for one in papers]
    assert sorted(counted) == [1, 2, 2], "each vote that was cast: owner-2's is on one resolution"


def test_a_network_without_votes_says_so(desk: Cli) -> None:
    assert "is no announced meeting" in desk.run("vote show MSFT egm").err
    assert "is no announced meeting" in desk.run(OPEN.replace("agm-2027", "egm")).err


def test_the_votes_of_a_cancelled_meeting_are_void(desk: Cli) -> None:
    """The plan of the cancellation names the vote that ends; from then on nothing is tallied, reported or opened.

    It takes 5 CPU-seconds, for the meeting is held first, down to its report.
    """
    at_the_record(desk)
    desk.done(f"{OPEN} --apply")
    desk.done(CAST.format("owner-1", "--for 1 --abstain 3 --apply"))
    [proof] = desk.done("vote proof MSFT agm-2027 owner-2 --register reg --out proofs")["files"]
    desk.done(f"vote sign {proof} --against 1 --out signed.json --apply")
    desk.done("vote relay signed.json --apply")
    desk.world.open().chain.advance_to(OVER)
    desk.done("vote tally MSFT agm-2027 --out instruction --agenda agenda.yaml")
    desk.done(f"{REPORT.format(DOCUMENT).replace('cast.csv', '--as-instructed')} --apply")
    desk.done("vote publish MSFT agm-2027 --document minutes --uri https://example.com/minutes --apply")
    vote = desk.done("vote show MSFT agm-2027")["vote"]["vote"]
    cancel = "action cancel MSFT MEET agm-2027 --reason 7 --document d"
    said = next(one for one in desk.done(cancel)["changes"] if one["what"] == f"vote {vote}")
    assert said == {"what": f"vote {vote}", "before": "93 units have voted, reported 1 times", "after": "void"}
    desk.done(f"{cancel} --apply")
    shown = desk.done("vote show MSFT agm-2027")["vote"]
    assert shown["status"] == "void: the meeting was cancelled"
    assert [one["due"]["for"] for one in shown["resolutions"]] == ["0"] * 4
    for line in (
        "vote tally MSFT agm-2027 --out more",
        f"{REPORT.format(DOCUMENT)}",
        CAST.format("owner-1", "--for 1"),
    ):
        assert "was cancelled: its votes are void" in desk.run(line).err, line
    assert "was cancelled: its votes are void" in desk.run("vote relay signed.json").err
    assert "no vote that stands" in desk.run("vote void MSFT agm-2027 --reason 7 --document d").out
    row = next(one for one in desk.done("action history MSFT")["history"] if one["code"] == "MEET")
    notice = "notice 0x" + keccak(text="minutes").hex().removeprefix("0x")
    assert (row["status"], row["linked"]) == ("cancelled", f"vote {vote} {notice}")
