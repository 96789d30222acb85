"""Votes at meetings: opened on a register, proven, cast, tallied for the custodian, reported, confirmed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from scrip import instructions as ins
from scrip.chains.evm import evm_only
from scrip.chains.network import Network
from scrip.errors import InputError
from scrip.evm.encoding.values import document_hash
from scrip.evm.handlers.actions import multiplier_at
from scrip.evm.handlers.voting import (
    OPENED,
    VOIDED,
    Times,
    hex_of,
    read_counted,
    read_numbers,
    read_parts,
    read_poll,
    read_sums,
    read_times,
    read_votes,
)
from scrip.evm.views import EvmViews
from scrip.flows.register import demand_register
from scrip.holders import files
from scrip.holders.roll import Roll, read_roll
from scrip.inputs.batch import read_choices
from scrip.model.laws import merkle_sum
from scrip.model.laws.voting import Votes, vote_id
from scrip.model.state.voting import MEETING_CODE
from scrip.plan import Change, Plan
from scrip.plan.draft import Draft, Reason
from scrip.preview import moment
from scrip.units import EVM_DECIMALS, RawUnits, Shares, ShareWad, format_fixed, format_wad
from scrip.voting import papers
from scrip.voting.agenda import read_agenda

PROVEN_FROM = 4
"""Resolutions of one account from which on a proof on its own costs less than one with each vote."""


# --- the desk --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a vote is opened with: a register's folder, the agenda's file, and the last second in which a vote counts, 0
    for the manifest's lead before the meeting's last instructions.
    """

    register: Path
    agenda: Path
    deadline: int = 0


def open_(network: Network, stock: str, reference: str, sheet: Sheet, sender: str = "") -> Plan:
    """Open the vote of an announced meeting on the register at its record; nothing where it stands on these terms.

    InputError where the register is of another stock, chain or record, where a vote stands on other terms; Drift where
    a file is not what it was, or the record's block may still change.
    """
    desk = Desk(network, stock)
    draft = Draft(desk.views, "vote open", f"{stock} {reference}", natural=True)
    times, read = desk.demand_meeting(reference), read_agenda(sheet.agenda)
    written = files.verify(sheet.register)
    live = evm_only(network)
    at = demand_register(live, stock, sheet.register, times.record_at)
    subject = files.Subject(**written.summary["subject"])
    multiplier = multiplier_at(live.at(at.number).chain, desk.token, times.record_at)
    lead = live.manifest.voting.lead if live.manifest.voting else 0
    deadline = sheet.deadline or times.deadline - lead
    if not desk.views.now() <= deadline <= times.deadline:
        reason = f"is past, or after the meeting's last instructions, {moment(times.deadline)}"
        raise InputError(reason, field="deadline", value=moment(deadline))
    terms = ins.VoteTerms(multiplier, deadline, len(read.agenda.resolutions), read.hash)
    bound = merkle_sum.bound(written.root, subject.binding(desk.meeting(reference)))
    parts = desk.parts(reference)
    standing = desk.standing(parts)
    part = len(parts) - 1 if standing else len(parts)
    given = (terms.multiplier, terms.deadline, terms.resolutions, document_hash(terms.agenda))
    vote = hex_of(vote_id(bound, part, *given))
    if standing:
        if standing.vote != vote:
            raise InputError("has a vote on other terms: void it first", field="reference", value=reference)
        return draft.nothing(f"the vote of {stock} {reference} is open, as {vote}")
    root = ins.VoteRoot(
        hash="0x" + written.root.hash.hex(),
        sum=RawUnits(written.root.sum, EVM_DECIMALS),
        depth=written.root.depth,
        block=subject.block,
        block_hash=subject.block_hash,
    )
    order = ins.OpenVote(stock, reference, part, root, terms, "0x" + bound.hex(), vote, read.agenda.uri)
    count, units = written.summary["tree"]["leaves"], root.sum
    title = f"{count:,} accounts vote on {terms.resolutions} resolutions of {stock} {reference}"
    draft.order(title, order, sender, draft.fresh(f"open {part}"))
    draft.changes.append(Change(f"vote {stock} {reference}", "none", f"{vote}, until {moment(deadline)}"))
    draft.changes.append(Change("units that may vote", "0", f"{units} at {format_wad(multiplier)} shares each"))
    return draft.plan()


def void(network: Network, stock: str, reference: str, why: Reason) -> Plan:
    """End a vote of which nothing is reported: another may then be opened, in which nobody has voted."""
    desk = Desk(network, stock)
    draft = Draft(desk.views, "vote void", f"{stock} {reference}", natural=True)
    poll = desk.standing(desk.parts(reference))
    if poll is None or desk.times(reference).is_cancelled:
        return draft.nothing(f"{stock} {reference} has no vote that stands")
    vote = poll.vote
    order = ins.VoidVote(vote, why.code, why.document)
    draft.order(f"the vote of {stock} {reference} is void", order, why.sender, draft.fresh(f"void {vote}"))
    draft.changes.append(Change(f"vote {stock} {reference}", vote, "voided"))
    return draft.plan()


def report(
    network: Network, stock: str, reference: str, cast: Path | None, document: str, uri: str = "", sender: str = ""
) -> Plan:
    """Record what the custodian cast, by its file in shares; nothing where the last report says the same.

    Without a file it cast what it was instructed: the whole shares of the tally, as in `vote tally`'s instruction.
    """
    desk = Desk(network, stock)
    draft = Draft(desk.views, "vote report", f"{stock} {reference}", natural=True)
    poll = desk.demand(reference)
    casts = papers.read_cast(cast, poll.resolutions) if cast else papers.as_instructed(poll.sums("tally"))
    done = [Votes(one.against.to_wad(), one.in_favour.to_wad(), one.abstain.to_wad()) for one in casts]
    before = poll.sums("castOf")
    if poll.reports and done == before and poll.report == document_hash(document):
        return draft.nothing(f"what was cast of {stock} {reference} is reported so")
    for number, (mine, due) in enumerate(zip(done, poll.sums("tally"), strict=True), 1):
        for name, shares, owed in zip(("against", "for", "abstain"), mine.choices, due.choices, strict=True):
            if shares > owed:
                reason = f"is more than was instructed of resolution {number}, {_shares(owed)}: nothing is mirrored"
                raise InputError(reason, field=name, value=_shares(shares))
    order = ins.ReportVotes(poll.vote, casts, document, uri)
    title = f"what the custodian cast of {stock} {reference} is on record"
    draft.order(title, order, sender, draft.fresh(f"report {poll.reports}"))
    for number, (old, new) in enumerate(zip(before, done, strict=True), 1):
        draft.changes.append(Change(f"resolution {number}, cast", told(old, shares=True), told(new, shares=True)))
    return draft.plan()


def publish(
    network: Network,
    stock: str,
    code: str,
    reference: str,
    document: str,
    uri: str,
    sender: str = "",
    operation: str = "vote publish",
) -> Plan:
    """Put a notice or a disclosure document on record: its hash, and where it is read."""
    desk = Desk(network, stock)
    hash_ = "0x" + document_hash(document).hex()
    draft = Draft(desk.views, operation, f"{stock} {code} {reference} {hash_}", natural=True)
    order = ins.PublishDocument(stock, code, reference, document, uri)
    draft.order(f"{document} about {stock} {reference} is on record", order, sender, f"publish {hash_}")
    return draft.plan()


# --- holders ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wish:
    """How an account wants to vote: resolutions by number, from 1, that it is for, against, or abstains on, and a
    file that splits its units on others.
    """

    in_favour: tuple[int, ...] = ()
    against: tuple[int, ...] = ()
    abstain: tuple[int, ...] = ()
    split: Path | None = None
    reason: str = ""

    def choices(self, resolutions: int) -> dict[int, ins.Support | ins.VoteSplit]:
        """What is chosen, by resolution from 0; InputError for none, for one that is not there, and for one twice."""
        found: dict[int, ins.Support | ins.VoteSplit] = {}
        whole: tuple[tuple[ins.Support, tuple[int, ...]], ...] = (
            ("for", self.in_favour),
            ("against", self.against),
            ("abstain", self.abstain),
        )
        rows: list[tuple[str, int, ins.Support | ins.VoteSplit]] = [
            (name, number, name) for name, numbers in whole for number in numbers
        ]
        if self.split is not None:
            for line, row in read_choices(self.split).rows:
                parts = [_units(text, self.split, line) for text in row.choices]
                rows.append(("split", row.resolution, ins.VoteSplit(*parts)))
        for name, number, choice in rows:
            if not 1 <= number <= resolutions:
                raise InputError(f"is not between 1 and {resolutions}", field=name, value=number)
            if number - 1 in found:
                raise InputError("is chosen twice", field=name, value=number)
            found[number - 1] = choice
        if not found:
            raise InputError("names no resolution: --for 1, --against 2, --abstain 3, --split FILE", field="vote")
        return found


def cast(
    network: Network, stock: str, reference: str, register: Path, account: str, wish: Wish, sender: str = ""
) -> Plan:
    """Vote with an account's units by its proof; `sender` is its successor where it was recovered.

    What it votes already is left; the last vote before the deadline counts.
    """
    desk = Desk(network, stock)
    address = desk.views.address(account)
    draft = Draft(desk.views, "vote cast", f"{stock} {reference} {account}", natural=True)
    poll = desk.demand(reference)
    paper = desk.roll(poll, register)
    place = paper.place(address, account)
    found, proof = paper.leaf(place), paper.proof(place)
    units = found.net
    leaf = ins.VoteLeaf(account, place, RawUnits(units, EVM_DECIMALS), found.pushable)
    chosen, before = wish.choices(poll.resolutions), poll.votes_of(address)
    left = {number: one for number, one in chosen.items() if votes_of(one, units) != before[number]}
    by = sender or account
    proven = poll.weight_of(address) == units and by == account
    if not proven and by == account and len(left) >= PROVEN_FROM:
        draft.add(
            desk.views.step(
                draft.fresh("prove"), f"{account} shows its units", [ins.ProveWeight(poll.vote, leaf, proof, by)]
            )
        )
        proven = True
    for number, one in left.items():
        order = ins.CastVote(poll.vote, number, one, reason=wish.reason, by=by)
        if not proven:
            order = replace(order, leaf=leaf, proof=proof)
        said = told(votes_of(one, units))
        title = f"{account} votes on resolution {number + 1}: {said}"
        draft.add(desk.views.step(draft.fresh(f"resolution {number + 1} {said}"), title, [order]))
        draft.changes.append(Change(f"resolution {number + 1} of {account}", told(before[number]), said))
    return draft.plan() if draft.steps else draft.nothing(f"{account} votes so already")


def proofs(
    network: Network, stock: str, reference: str, register: Path, accounts: Sequence[str]
) -> dict[str, dict[str, object]]:
    """What each account votes with itself, from any wallet: its units and its proof's bytes, by the name of a file."""
    desk = Desk(network, stock)
    poll = desk.demand(reference)
    paper = desk.roll(poll, register)
    head, found = desk.head(reference, poll), dict[str, dict[str, object]]()
    for account in accounts:
        address = desk.views.address(account)
        place = paper.place(address, account)
        found[f"proof-{address}.json"] = {
            "schema": 1,
            "of": head.as_json(),
            "contract": desk.ballot.address,
            "chain_id": desk.chain.chain_id(),
            "proposals": [str(int(poll.vote, 16) + number) for number in range(poll.resolutions)],
            "account": address,
            "raw_units": str(paper.leaf(place).net),
            "next_nonces": poll.numbers(address),
            "proof": "0x" + papers.proof_bytes(paper.leaf(place), paper.tree.proof(place)).hex(),
        }
    return found


def write(folder: Path, found: Mapping[str, dict[str, object]]) -> list[Path]:
    """Write papers into a folder by their names; where they are. InputError where another paper stands there."""
    for name, paper in found.items():
        papers.write(folder / name, paper)
    return [folder / name for name in found]


def confirm(network: Network, stock: str, reference: str, accounts: Sequence[str], out: Path, sender: str = "") -> Plan:
    """Write each account a confirmation of how its votes were cast, and have those that were counted logged.

    InputError before the custodian's report.
    """
    desk = Desk(network, stock)
    draft = Draft(desk.views, "vote confirm", f"{stock} {reference}", natural=True)
    poll = desk.demand(reference)
    if not poll.reports:
        raise InputError("has no report of what was cast: `vote report`", field="reference", value=reference)
    head, done = desk.head(reference, poll), poll.sums("castOf")
    by = sender or draft.sender("ACTIONS")
    for account in accounts:
        address = desk.views.address(account)
        mine, counted = poll.votes_of(address), poll.counted(address)
        paper = papers.confirmation(head, address, mine, counted, done, "0x" + poll.report.hex())
        path = out / f"confirmation-{address}-{poll.reports}.json"
        papers.write(path, paper)
        draft.same.append(f"{path}: {sum(counted)} of {poll.resolutions} resolutions counted")
        for number, is_counted in enumerate(counted):
            if is_counted:
                order = ins.ConfirmVote(poll.vote, number, account, by)
                title = f"{account}'s vote on resolution {number + 1} is confirmed"
                draft.add(desk.views.step(f"confirm {address} {number} {poll.reports}", title, [order]))
    return draft.plan()


# --- views -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shown:
    """A meeting's vote as the desk looks at it: its terms, its votes in raw units, what is to be cast and what was."""

    stock: str
    reference: str
    vote: str
    status: str
    terms: Mapping[str, Any]
    votes: tuple[Votes, ...] = ()
    due: tuple[Votes, ...] = ()
    cast: tuple[Votes, ...] = ()

    @property
    def facts(self) -> dict[str, object]:
        """For programs. Resolutions are numbered from 1; votes are raw units, due and cast shares as wads."""
        rows = [
            {"resolution": number, "votes": _facts(votes), "due": _facts(due), "cast": _facts(cast)}
            for number, (votes, due, cast) in enumerate(zip(self.votes, self.due, self.cast, strict=True), 1)
        ]
        head = {"stock": self.stock, "reference": self.reference, "vote": self.vote, "status": self.status}
        return {**head, **self.terms, "resolutions": rows}

    def lines(self) -> Iterator[str]:
        """For people."""
        yield f"{self.stock} {self.reference}: {self.status}, {self.vote}"
        if not self.terms:
            return
        yield f"  record {moment(self.terms['record_at'])}, votes until {moment(self.terms['deadline'])}"
        for number, (due, cast) in enumerate(zip(self.due, self.cast, strict=True), 1):
            reported = f"; cast {told(cast, shares=True)}" if self.terms["reports"] else ""
            yield f"  resolution {number}: {told(due, shares=True)}{reported}"


def show(network: Network, stock: str, reference: str) -> Shown:
    """A meeting's last vote; InputError where the book announced no such meeting."""
    desk = Desk(network, stock)
    parts = desk.parts(reference)
    if not parts:
        desk.demand_meeting(reference)
        return Shown(stock, reference, "", "no vote opened", {})
    poll = desk.poll(parts[-1])
    over = desk.views.now() > poll.shown["deadline"]
    status = "reported" if poll.reports else "over, to be cast by the custodian" if over else "open"
    if desk.times(reference).is_cancelled:
        status = "void: the meeting was cancelled"
    elif poll.shown["status"] == VOIDED:
        status = "voided"
    is_void = status.startswith("void")
    names = ("record_at", "deadline", "reports")
    terms = {name: poll.shown[name] for name in names}
    terms |= {"multiplier": str(poll.shown["multiplier"]), "root_sum": str(poll.shown["sum"])}
    terms |= {"agenda": "0x" + bytes(poll.shown["agenda"]).hex(), "report": "0x" + poll.report.hex()}
    nothing = (Votes(),) * poll.resolutions
    return Shown(
        stock,
        reference,
        poll.vote,
        status,
        terms,
        tuple(poll.sums("proposalVotes")),
        nothing if is_void else tuple(poll.sums("tally")),
        tuple(poll.sums("castOf")),
    )


def tally(network: Network, stock: str, reference: str, out: Path | None = None, agenda: Path | None = None) -> Shown:
    """What the custodian is to vote; with `out` written into a folder once the vote is over, as JSON and CSV.

    `agenda` is the file that the vote was opened with, for the issuer's labels; without it they are those of the
    instruction that stands in the folder, and resolutions are numbered where none does. So it is given once.
    """
    shown = show(network, stock, reference)
    if out is None:
        return shown
    desk = Desk(network, stock)
    poll = desk.demand(reference)
    if desk.views.now() <= poll.shown["deadline"]:
        reason = f"is open until {moment(poll.shown['deadline'])}: an instruction written now would not be the last"
        raise InputError(reason, field="reference", value=reference)
    labels = papers.labels_of(out / "instruction.json", poll.vote, poll.resolutions)
    if agenda is not None:
        read = read_agenda(agenda)
        if document_hash(read.hash) != bytes(poll.shown["agenda"]):
            raise InputError("is not the agenda that the vote was opened on", field="agenda", value=agenda)
        labels = [one.label for one in read.agenda.resolutions]
    wanted = evm_only(network).manifest.voting
    names = (wanted.custodian, wanted.safekeeping_account) if wanted else ("", "")
    papers.write(out / "instruction.json", papers.instruction(desk.head(reference, poll), shown.due, *names, labels))
    papers.write(out / "instruction.csv", papers.instruction_csv(shown.due))
    return shown


# --- parts -----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Poll:
    """A vote on the chain."""

    desk: Desk
    vote: str
    shown: Mapping[str, Any]
    resolutions: int = field(init=False)
    reports: int = field(init=False)
    report: bytes = field(init=False)

    def __post_init__(self) -> None:
        self.resolutions, self.reports = self.shown["resolutions"], self.shown["reports"]
        self.report = bytes(self.shown["report"])

    def sums(self, view: str) -> list[Votes]:
        return read_sums(self.desk.chain, self.desk.ballot, self.vote, self.resolutions, view)

    def votes_of(self, address: str) -> list[Votes]:
        return read_votes(self.desk.chain, self.desk.ballot, self.vote, self.resolutions, address)

    def counted(self, address: str) -> list[bool]:
        return read_counted(self.desk.chain, self.desk.ballot, self.vote, self.resolutions, address)

    def numbers(self, address: str) -> list[int]:
        return read_numbers(self.desk.chain, self.desk.ballot, self.vote, self.resolutions, address)

    def weight_of(self, address: str) -> int:
        return int(self.desk.chain.call(self.desk.ballot, "weightOf", int(self.vote, 16), address))


class Desk:
    """A stock's book and ballot. InputError where the network has no votes."""

    def __init__(self, network: Network, stock: str) -> None:
        self.network, self.stock = network, stock
        self.views: EvmViews = evm_only(network).views()
        self.chain = self.views.network.chain
        suite = self.views.ledger.suite
        if suite.book is None or suite.ballot is None:
            raise InputError("is missing in the manifest, or not deployed: nobody votes here", field="voting")
        self.book, self.ballot = suite.book, suite.ballot
        self.token = self.views.ledger.token(stock)

    def meeting(self, reference: str) -> bytes:
        return self.views.ledger.action_id(self.stock, MEETING_CODE, reference)

    def times(self, reference: str) -> Times:
        return read_times(self.chain, self.book, self.meeting(reference))

    def demand_meeting(self, reference: str) -> Times:
        times = self.times(reference)
        if times.is_cancelled:
            raise InputError("was cancelled: its votes are void", field="reference", value=reference)
        if not times.is_open or times.code != MEETING_CODE:
            raise InputError(f"is no announced meeting of {self.stock}", field="reference", value=reference)
        return times

    def parts(self, reference: str) -> list[str]:
        return read_parts(self.chain, self.ballot, self.meeting(reference))

    def standing(self, parts: Sequence[str]) -> Poll | None:
        """The vote that is not voided, of those of a meeting; None for none."""
        found = self.poll(parts[-1]) if parts else None
        return found if found is not None and found.shown["status"] == OPENED else None

    def poll(self, vote: str) -> Poll:
        return Poll(self, vote, read_poll(self.chain, self.ballot, vote) or {})

    def demand(self, reference: str) -> Poll:
        found = self.standing(self.parts(reference))
        if self.times(reference).is_cancelled:
            raise InputError("was cancelled: its votes are void", field="reference", value=reference)
        if found is None:
            reason = f"has no vote of {self.stock} that stands: `vote open`"
            raise InputError(reason, field="reference", value=reference)
        return found

    def roll(self, poll: Poll, register: Path) -> Roll:
        """The accounts of the register that a vote is on; Drift where its files were changed."""
        return read_roll(register, bytes(poll.shown["root"]), poll.shown["sum"], "the vote")

    def head(self, reference: str, poll: Poll) -> papers.Meeting:
        return papers.Meeting(
            network=self.network.manifest.network,
            stock=self.stock,
            isin=self.network.manifest.stocks[self.stock].isin,
            token=self.token.address,
            reference=reference,
            meeting="0x" + self.meeting(reference).hex(),
            vote=poll.vote,
            recorded=poll.shown["record_at"],
            deadline=poll.shown["deadline"],
            multiplier=poll.shown["multiplier"],
            agenda="0x" + bytes(poll.shown["agenda"]).hex(),
            resolutions=poll.resolutions,
        )


def votes_of(choice: ins.Support | ins.VoteSplit, units: int) -> Votes:
    """What a choice says of so many raw units."""
    if isinstance(choice, ins.VoteSplit):
        return Votes(choice.against.value, choice.in_favour.value, choice.abstain.value)
    sides = {"against": Votes(against=units), "for": Votes(in_favour=units), "abstain": Votes(abstain=units)}
    return sides[choice]


def _units(text: str, path: Path, line: int) -> RawUnits:
    try:
        return RawUnits.parse(text, EVM_DECIMALS, "units")
    except InputError as wrong:
        raise InputError(wrong.message, file=str(path), line=line, field="units", value=text) from None


def _shares(wad: int) -> str:
    return str(Shares.from_wad(ShareWad(wad)))


def told(votes: Votes, shares: bool = False) -> str:
    """Votes for people: shares, or tokens."""
    if not votes.total:
        return "nothing"
    show = _shares if shares else lambda units: format_fixed(units, EVM_DECIMALS)
    names = (("for", votes.in_favour), ("against", votes.against), ("abstain", votes.abstain))
    return ", ".join(f"{name} {show(units)}" for name, units in names if units)


def _facts(votes: Votes) -> dict[str, str]:
    return {"against": str(votes.against), "for": str(votes.in_favour), "abstain": str(votes.abstain)}
