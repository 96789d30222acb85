"""What every holder of a register chose, as a folder of two files that deliveries are made by and held to.

    elections.csv    account, option, raw_units: a row for each option that an account has units of, in the order of the
                     register's tree, CASH before SECU. What was left unsaid stands under the default, and stock that
                     the terms cap is prorated. Every account of the tree is in it, with all of its units.
    elections.json   of which chain, stock, action, election, register and block it is; the totals by option, as they
                     were chosen and as they are delivered; the default, the cap; the SHA-256 of elections.csv

Names are ISO 15022's: CASH, SECU, DFLT. The same inputs give the same bytes. `check` holds a folder to what the chain
keeps: the totals, and each leaf's choice. A folder whose sums are right and whose rows are not is found by the second.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scrip.errors import Drift, InputError
from scrip.inputs.reading.numbers import whole as whole_number
from scrip.model.laws.elections import OPTIONS, Option, Split, allotted, filled
from scrip.records.files import create, text_of

SCHEMA = 1
CSV, SUMMARY = "elections.csv", "elections.json"
COLUMNS = ("account", "option", "raw_units")


@dataclass(frozen=True, slots=True)
class Subject:
    """What an election is of. Hashes and addresses are 0x-prefixed hex; times are UTC seconds; `most` is raw units, 0
    for no cap. `register` is the digest that `register.json` has, `root`, `sum` and `depth` its tree's.

    `block` and `block_hash` are the block at which the choices were read, after the deadline.
    """

    network: str
    chain_id: int
    contract: str
    token: str
    stock: str
    code: str
    reference: str
    action: str
    election: str
    record_at: int
    deadline: int
    register: str
    root: str
    sum: int
    depth: int
    block: int
    block_hash: str
    default: Option
    most: int

    def as_json(self) -> dict[str, object]:
        """The summary's own fields."""
        return {
            "chain": {"network": self.network, "chain_id": self.chain_id, "contract": self.contract},
            "token": self.token,
            "stock": self.stock,
            "code": self.code,
            "reference": self.reference,
            "action": self.action,
            "election": self.election,
            "record_at": self.record_at,
            "deadline": self.deadline,
            "register": {"digest": self.register, "root": self.root, "sum": str(self.sum), "depth": self.depth},
            "block": {"number": self.block, "hash": self.block_hash},
            "DFLT": self.default,
            "most": str(self.most),
        }


@dataclass(frozen=True, slots=True)
class Results:
    """What each account gets, in the order of the register's tree, and what was chosen before proration.

    `digest` is the SHA-256 of elections.csv.
    """

    subject: Subject
    accounts: tuple[str, ...]
    delivered: tuple[Split, ...]
    chosen: Split
    digest: str

    @property
    def totals(self) -> Split:
        """What is delivered, by option."""
        return sum(self.delivered, Split())

    @property
    def is_prorated(self) -> bool:
        """Whether more stock was chosen than the terms have."""
        return self.chosen != self.totals

    def units(self, option: Option) -> dict[str, int]:
        """The raw units of one option by account, of those that have any."""
        rows = zip(self.accounts, self.delivered, strict=True)
        return {account: found for account, one in rows if (found := one.of(option))}


# --- made and written ------------------------------------------------------------------------------------------------


def make(subject: Subject, accounts: Sequence[str], units: Sequence[int], said: Sequence[Split]) -> Results:
    """What comes of what each leaf said: the default filled in, and stock prorated. All in the order of the tree.

    InputError where the units are not the register's sum, or somebody said more than it has.
    """
    if sum(units) != subject.sum:
        raise InputError(f"come to another sum than the root's, {subject.sum}", field="raw_units", value=sum(units))
    wanted = [filled(one, held, subject.default) for one, held in zip(said, units, strict=True)]
    delivered = tuple(allotted(wanted, subject.most))
    digest = hashlib.sha256(_csv(accounts, delivered).encode()).hexdigest()
    return Results(subject, tuple(accounts), delivered, sum(wanted, Split()), digest)


def write(folder: Path, found: Results) -> tuple[Path, Path]:
    """Write the two files into a folder, new or of the same election; InputError where another stands there."""
    content = {CSV: _csv(found.accounts, found.delivered), SUMMARY: text_of(_summary(found))}
    for name, text in content.items():
        path = folder / name
        if path.exists() and path.read_text(encoding="utf-8") != text:
            raise InputError("holds something else already: name another folder", field="out", value=path)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in content.items():
        if not (folder / name).exists():
            create(folder / name, text)
    return folder / CSV, folder / SUMMARY


def _csv(accounts: Sequence[str], delivered: Sequence[Split]) -> str:
    text = io.StringIO(newline="")
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(COLUMNS)
    for account, split in zip(accounts, delivered, strict=True):
        lines.writerows((account, option, split.of(option)) for option in OPTIONS if split.of(option))
    return text.getvalue()


def _summary(found: Results) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        **found.subject.as_json(),
        "accounts": len(found.accounts),
        "chosen": _named(found.chosen),
        "totals": _named(found.totals),
        "prorated": found.is_prorated,
        "files": {CSV: found.digest},
    }


def _named(split: Split) -> dict[str, str]:
    return {option: str(split.of(option)) for option in OPTIONS}


# --- read back -------------------------------------------------------------------------------------------------------


def read(folder: Path) -> Results:
    """A folder's results; InputError for what is no such folder, Drift where its files are not what they say."""
    path = folder / SUMMARY
    told = _json(path)
    try:
        subject, chosen = _subject(told), _split(told["chosen"])
        digest, totals = str(told["files"][CSV]), _split(told["totals"])
        count, is_prorated = told["accounts"], told["prorated"]
    except (KeyError, TypeError, ValueError) as wrong:
        raise InputError(f"is no summary of an election: {wrong}", file=str(path)) from None
    accounts, delivered = _rows(folder / CSV)
    if hashlib.sha256((folder / CSV).read_bytes()).hexdigest() != digest:
        raise Drift(f"{folder / CSV} is not what {path} has the hash of")
    found = Results(subject, accounts, delivered, chosen, digest)
    for name, said, here in (
        ("accounts", count, len(accounts)),
        ("totals", totals, found.totals),
        ("prorated", is_prorated, found.is_prorated),
        ("sum", subject.sum, found.totals.total),
        ("chosen", subject.sum, chosen.total),
    ):
        if said != here:
            raise Drift(f"{path}: {name} is {said}, and the rows come to {here}")
    return found


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=str(path)) from None
    except ValueError as error:
        raise InputError(f"is no JSON: {error}", file=str(path)) from None
    if not isinstance(found, dict) or found.get("schema") != SCHEMA:
        raise InputError(f"is no summary of an election of schema {SCHEMA}", file=str(path), field="schema")
    return found


def _subject(told: Mapping[str, Any]) -> Subject:
    chain, register, block = told["chain"], told["register"], told["block"]
    return Subject(
        network=chain["network"],
        chain_id=chain["chain_id"],
        contract=chain["contract"],
        **{name: told[name] for name in ("token", "stock", "code", "reference", "action", "election")},
        record_at=told["record_at"],
        deadline=told["deadline"],
        register=register["digest"],
        root=register["root"],
        sum=int(register["sum"]),
        depth=register["depth"],
        block=block["number"],
        block_hash=block["hash"],
        default=_option(told["DFLT"]),
        most=int(told["most"]),
    )


def _option(text: str) -> Option:
    if text not in OPTIONS:
        raise ValueError(f"{text!r} is none of {', '.join(OPTIONS)}")
    return text


def _split(told: Mapping[str, str]) -> Split:
    return Split(*(int(told[option]) for option in OPTIONS))


def _rows(path: Path) -> tuple[tuple[str, ...], tuple[Split, ...]]:
    """Accounts in the order of the file, and what each has; InputError with file and line."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=str(path)) from None
    rows = csv.reader(io.StringIO(text, newline=""))
    if tuple(next(rows, ())) != COLUMNS:
        raise InputError(f"its columns are {', '.join(COLUMNS)}", file=str(path), line=1)
    found: dict[str, Split] = {}
    last: tuple[str, Option] | None = None
    for line, row in enumerate(rows, 2):
        if len(row) != len(COLUMNS) or row[1] not in OPTIONS:
            why = f"is no row of {', '.join(COLUMNS)}"
            raise InputError(why, field="option", value=",".join(row), file=str(path), line=line)
        account, option = row[0], _option(row[1])
        try:
            units = whole_number(row[2], "raw_units")
        except InputError as wrong:
            raise InputError(wrong.message, field="raw_units", value=row[2], file=str(path), line=line) from None
        if account in found and last != (account, "CASH"):
            why = "stands twice, or not in its order"
            raise InputError(why, field="account", value=account, file=str(path), line=line)
        if not units or (account in found and option == "CASH"):
            why = "has a row that says nothing, or one twice"
            raise InputError(why, field="option", value=option, file=str(path), line=line)
        add = Split(cash=units) if option == "CASH" else Split(secu=units)
        found[account] = found.get(account, Split()) + add
        last = (account, option)
    return tuple(found), tuple(found.values())


# --- held to the chain -----------------------------------------------------------------------------------------------


def check(found: Results, totals: Split, accounts: Sequence[str], units: Sequence[int], said: Sequence[Split]) -> None:
    """Hold results to the chain: `totals` that the contract keeps with the default filled in, and what each leaf
    `said`, with the register's accounts and units in the order of its tree.

    Drift that names the first that differs: a total, an account that is missing, an account that gets something else
    than it chose, after proration.
    """
    if totals != found.chosen:
        raise Drift(f"elections: CASH {found.chosen.cash} and SECU {found.chosen.secu} were chosen by the file, "
                    f"{totals.cash} and {totals.secu} by the contract")  # fmt: skip
    due = make(found.subject, accounts, units, said)
    given = dict(zip(found.accounts, found.delivered, strict=True))
    for account, right in zip(due.accounts, due.delivered, strict=True):
        got = given.pop(account, Split())
        if got != right:
            raise Drift(
                f"elections: {account} chose CASH {right.cash} and SECU {right.secu} after proration, "
                f"and the file gives it {got.cash} and {got.secu}"
            )
    if given:
        raise Drift(f"elections: {next(iter(given))} is no account of the register")
    if due.digest != found.digest or due.chosen != found.chosen:
        raise Drift("elections: the file is in another order than the register's tree")
