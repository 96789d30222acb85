"""What a vote gives people on paper: a holder's proof, the instruction to the custodian, a holder's confirmation.

Each is a JSON object; the instruction is written as CSV, too, in the columns in which what was cast is read back. Names
in it are those of ISO 20022's MeetingInstruction (seev.004) in words: the file is what a custodian's form or a bank's
message is filled in from, and no message itself.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scrip.errors import InputError
from scrip.inputs.batch import read_choices
from scrip.instructions.voting import Choices
from scrip.model.laws import merkle_sum as law
from scrip.model.laws.voting import Votes, proof_words
from scrip.records.files import create, text_of
from scrip.units import WAD, WAD_DECIMALS, Shares, ShareWad, format_fixed, parse_fixed

COLUMNS = ("resolution", "against", "for", "abstain")


@dataclass(frozen=True, slots=True)
class Meeting:
    """What a vote is of, as its papers say it. `multiplier` is a wad, times are UTC seconds."""

    network: str
    stock: str
    isin: str
    token: str
    reference: str
    meeting: str
    vote: str
    recorded: int
    deadline: int
    multiplier: int
    agenda: str
    resolutions: int

    def as_json(self) -> dict[str, object]:
        """The head of every paper."""
        return {
            "network": self.network,
            "stock": self.stock,
            "isin": self.isin,
            "token": self.token,
            "reference": self.reference,
            "meeting": self.meeting,
            "vote": self.vote,
            "record_at": self.recorded,
            "deadline": self.deadline,
            "multiplier": str(self.multiplier),
            "agenda": self.agenda,
        }


def proof_bytes(leaf: law.Leaf, siblings: Sequence[law.Node]) -> bytes:
    """A leaf's proof as the Ballot takes it: place, account, units and siblings from below, ABI-encoded."""
    nodes = [(one.hash, one.sum) for one in siblings]
    before, after = proof_words(leaf.index, leaf.pushable, leaf.net, nodes)
    return before + leaf.account + after


def whole_shares(wad: int) -> int:
    """How many whole shares a number of 10^-18 shares has: what a custodian can vote."""
    return wad // WAD


def instruction(
    of: Meeting, due: Sequence[Votes], custodian: str, account: str, labels: Sequence[str]
) -> dict[str, object]:
    """What the custodian is told to vote: for each resolution whole shares, and what was instructed exactly.

    `labels` are the issuer's names of the resolutions, in their order.
    Nobody's shares stand in it but by instruction.
    """
    details = []
    for label, votes in zip(labels, due, strict=True):
        exact = {"Against": votes.against, "For": votes.in_favour, "Abstain": votes.abstain}
        details.append(
            {
                "IssuerLabel": label,
                **{name: str(whole_shares(wad)) for name, wad in exact.items()},
                "Instructed": {name: format_fixed(wad, WAD_DECIMALS) for name, wad in exact.items()},
            }
        )
    return {
        "schema": 1,
        "MeetingInstruction": {
            "MeetingReference": {"MeetingIdentification": of.reference, "IssuerAgendaHash": of.agenda},
            "FinancialInstrumentIdentification": {"ISIN": of.isin},
            "AccountServicer": custodian,
            "Instruction": {
                "InstructionIdentification": of.vote,
                "SafekeepingAccount": account,
                "VoteDetails": {"VoteInstruction": details},
            },
        },
        "of": of.as_json(),
    }


def labels_of(path: Path, vote: str, resolutions: int) -> list[str]:
    """The issuer's labels of an instruction that stands already, of this vote; else the resolutions' numbers."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))["MeetingInstruction"]["Instruction"]
        details = told["VoteDetails"]["VoteInstruction"] if told["InstructionIdentification"] == vote else []
        found = [str(one["IssuerLabel"]) for one in details]
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        found = []
    return found if len(found) == resolutions else [str(number) for number in range(1, resolutions + 1)]


def as_instructed(due: Sequence[Votes]) -> tuple[Choices, ...]:
    """What a custodian casts that does what it was told: of each choice the whole shares."""
    return tuple(Choices(*(Shares.of(whole_shares(wad)) for wad in votes.choices)) for votes in due)


def instruction_csv(due: Sequence[Votes]) -> str:
    """The same as CSV, in whole shares: sent back with what was cast, it is what `vote report` takes."""
    text = io.StringIO(newline="")
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(COLUMNS)
    for number, votes in enumerate(due, 1):
        lines.writerow((number, *(whole_shares(wad) for wad in votes.choices)))
    return text.getvalue()


def read_cast(path: Path, resolutions: int) -> tuple[Choices, ...]:
    """What the custodian cast, in shares, by resolution: a row for each. InputError with file and line."""
    found: dict[int, Choices] = {}
    for line, row in read_choices(path).rows:
        if not 1 <= row.resolution <= resolutions:
            reason = f"is not between 1 and {resolutions}"
            raise InputError(reason, file=str(path), line=line, field="resolution", value=row.resolution)
        against, in_favour, abstain = (_shares(text, path, line) for text in row.choices)
        found[row.resolution] = Choices(against, in_favour, abstain)
    for number in range(1, resolutions + 1):
        if number not in found:
            raise InputError("has no row: give 0 for nothing", file=str(path), field="resolution", value=number)
    return tuple(found[number] for number in sorted(found))


def _shares(text: str, path: Path, line: int) -> Shares:
    try:
        return Shares.from_wad(ShareWad(parse_fixed(text, WAD_DECIMALS, "shares")))
    except InputError as wrong:
        raise InputError(wrong.message, file=str(path), line=line, field="shares", value=text) from None


def confirmation(
    of: Meeting, account: str, votes: Sequence[Votes], counted: Sequence[bool], cast: Sequence[Votes], report: str
) -> dict[str, object]:
    """What an account is told of its votes: how they stand, and whether the custodian's report has them."""
    rows = [
        {
            "resolution": number,
            "raw_units": _named(mine),
            "counted": is_counted,
            "cast_in_all": {name: format_fixed(wad, WAD_DECIMALS) for name, wad in _named_wads(done).items()},
        }
        for number, (mine, is_counted, done) in enumerate(zip(votes, counted, cast, strict=True), 1)
    ]
    return {"schema": 1, "of": of.as_json(), "account": account, "report": report, "votes": rows}


def _named(votes: Votes) -> dict[str, str]:
    return {name: str(units) for name, units in _named_wads(votes).items()}


def _named_wads(votes: Votes) -> dict[str, int]:
    return {"against": votes.against, "for": votes.in_favour, "abstain": votes.abstain}


def write(path: Path, text: str | dict[str, object]) -> None:
    """Write a paper into a new file, or find it the same; InputError where another stands there."""
    content = text if isinstance(text, str) else text_of(text)
    if path.exists():
        if path.read_text(encoding="utf-8") != content:
            raise InputError("holds something else already: name another place", field="out", value=path)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    create(path, content)
