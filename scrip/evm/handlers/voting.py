"""Votes at meetings: opened, cast, reported and confirmed in the Ballot, on meetings of the ActionBook."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from eth_utils import keccak

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.evm.chain import Call, Chain, Contract
from scrip.evm.encoding.values import Transaction, document_hash
from scrip.evm.handlers.table import TRANSACTIONS, Facts, known_or_nothing
from scrip.instructions.dividends import word
from scrip.labels import BALLOT
from scrip.model.laws.merkle_sum import TOP, Root
from scrip.model.laws.voting import ROOM, Votes, proof_words
from scrip.model.state.voting import MEETING_CODE, Meeting, Poll, PollStatus, Voting
from scrip.plan import Address, Packed
from scrip.units import Wad, fitting

CONTRACT_BALLOT = "Ballot"
SUPPORT: Mapping[str, int] = {"against": 0, "for": 1, "abstain": 2}
FRACTIONAL = 255
"""The support of votes in parts, which `params` begins with."""
OPEN_STATUS = (1, 2)
"""The book's status of an action that was announced, or is being carried out."""
CANCELLED_STATUS = 3
"""That of one which was cancelled."""
STATUS: Mapping[int, PollStatus] = {1: "OPENED", 2: "VOIDED"}
OPENED, VOIDED = STATUS
"""What the ballot stores of a vote: its numbers."""
PUBLISHED = keccak(text="DocumentPublished(address,bytes32,bytes32,string,address)")


# --- the desk --------------------------------------------------------------------------------------------------------


@TRANSACTIONS.of(ins.OpenVote)
def open_(facts: Facts, order: ins.OpenVote) -> Transaction:
    """Open a vote."""
    root, terms = order.root, order.terms
    meeting = facts.action_id(order.stock, MEETING_CODE, order.reference)
    top = (word(root.hash, "hash"), root.sum.value, root.depth, root.block, word(root.block_hash, "block_hash"))
    said = (terms.multiplier, terms.deadline, terms.resolutions, document_hash(terms.agenda))
    args = (meeting, order.part, top, said, order.uri, word(order.bound, "bound"))
    return Transaction(order.by, BALLOT, CONTRACT_BALLOT, "open", args)


@TRANSACTIONS.of(ins.VoidVote)
def void(_: Facts, order: ins.VoidVote) -> Transaction:
    """End a vote of which nothing is reported."""
    args = (number(order.vote), order.reason, document_hash(order.document))
    return Transaction(order.by, BALLOT, CONTRACT_BALLOT, "voidVote", args)


@TRANSACTIONS.of(ins.ReportVotes)
def report(_: Facts, order: ins.ReportVotes) -> Transaction:
    """Record what the custodian cast."""
    casts = [tuple(one.to_wad() for one in (each.against, each.in_favour, each.abstain)) for each in order.casts]
    args = (number(order.vote), casts, document_hash(order.document), order.uri)
    return Transaction(order.by, BALLOT, CONTRACT_BALLOT, "report", args)


@TRANSACTIONS.of(ins.PublishDocument)
def publish(facts: Facts, order: ins.PublishDocument) -> Transaction:
    """Put a document on record."""
    subject = facts.action_id(order.stock, order.code, order.reference)
    args = (known_or_nothing(order.stock, facts), subject, document_hash(order.document), order.uri)
    return Transaction(order.by, BALLOT, CONTRACT_BALLOT, "publish", args)


# --- holders ---------------------------------------------------------------------------------------------------------


@TRANSACTIONS.of(ins.ProveWeight)
def prove(_: Facts, order: ins.ProveWeight) -> Transaction:
    """Show an account's units by a proof."""
    args = (number(order.vote), Packed(_proof(order.leaf, order.proof)))
    return Transaction(order.by, BALLOT, CONTRACT_BALLOT, "prove", args)


@TRANSACTIONS.of(ins.CastVote)
def cast(_: Facts, order: ins.CastVote) -> Transaction:
    """Vote on a resolution."""
    is_shown = bool(order.leaf.account)
    proof = _proof(order.leaf, order.proof) if is_shown else ()
    by = order.by or order.leaf.account
    proposal = number(order.vote, order.resolution)
    if is_shown and not order.reason and not isinstance(order.choice, ins.VoteSplit):
        leaf, nodes = order.leaf, [(word(one.hash, "proof"), one.sum) for one in order.proof]
        shown = (leaf.index | (TOP if leaf.pushable else 0), Address(leaf.account), leaf.units.value, nodes)
        return Transaction(by, BALLOT, CONTRACT_BALLOT, "castVoteWithProof", (proposal, SUPPORT[order.choice], *shown))
    support, split = _support(order.choice)
    args = (proposal, support, order.reason, Packed((split, *proof)))
    return Transaction(by, BALLOT, CONTRACT_BALLOT, "castVoteWithReasonAndParams", args)


@TRANSACTIONS.of(ins.CastSigned)
def cast_signed(_: Facts, order: ins.CastSigned) -> Transaction:
    """Hand in a vote that somebody signed."""
    support, split = _support(order.choice)
    params = Packed((split, *_proof(order.leaf, order.proof)))
    signature = bytes.fromhex(order.signature.removeprefix("0x"))
    args = (number(order.vote, order.resolution), support, Address(order.voter), order.reason, params, signature)
    return Transaction(order.by, BALLOT, CONTRACT_BALLOT, "castVoteWithReasonAndParamsBySig", args)


def _support(choice: ins.Support | ins.VoteSplit) -> tuple[int, bytes]:
    """OpenZeppelin's number of a choice, and the amounts of one in parts."""
    if isinstance(choice, ins.VoteSplit):
        return FRACTIONAL, amounts(choice)
    return SUPPORT[choice], b""


@TRANSACTIONS.of(ins.ConfirmVote)
def confirm(_: Facts, order: ins.ConfirmVote) -> Transaction:
    """Have it logged that an account's votes were cast."""
    args = (number(order.vote, order.resolution), Address(order.account))
    return Transaction(order.by, BALLOT, CONTRACT_BALLOT, "confirm", args)


def number(vote: str, resolution: int = 0) -> int:
    """The proposal of a resolution of a vote; InputError for a place that no vote has."""
    if not 0 <= resolution < ROOM:
        raise InputError(f"is not between 0 and {ROOM - 1}", field="resolution", value=resolution)
    return int.from_bytes(word(vote, "vote"), "big") + resolution


def hex_of(number: int) -> str:
    """A vote's number as orders name it."""
    return "0x" + number.to_bytes(32, "big").hex()


def amounts(split: ins.VoteSplit) -> bytes:
    """Votes in parts as `params` begin with them: against, for, abstain, 16 bytes each. InputError for more."""
    parts = (split.against, split.in_favour, split.abstain)
    return b"".join(fitting(one.value, 128, "votes", one.decimals).to_bytes(16, "big") for one in parts)


def _proof(leaf: ins.VoteLeaf, proof: Iterable[ins.ProofNode]) -> tuple[bytes | Address, ...]:
    nodes = [(word(one.hash, "proof"), one.sum) for one in proof]
    before, after = proof_words(leaf.index, leaf.pushable, leaf.units.value, nodes)
    return (before, Address(leaf.account), after)


# --- read back -------------------------------------------------------------------------------------------------------

FIELDS = (
    *("token", "meeting", "status", "record_at", "deadline", "resolutions", "multiplier"),
    *("root", "sum", "depth", "agenda", "reports", "report"),
)


@dataclass(frozen=True, slots=True)
class Times:
    """What the book says of an action: the stock's address, code, record and the last second of instructions."""

    token: str
    code: str
    is_open: bool
    is_cancelled: bool
    record_at: int
    deadline: int


def read_times(chain: Chain, book: Contract, meeting: bytes) -> Times:
    """Ask the book about an action; an unknown one has no code."""
    token, code, status, record_at, deadline = chain.call(book, "timesOf", meeting)
    return Times(token, code, status in OPEN_STATUS, status == CANCELLED_STATUS, record_at, deadline)


def read_poll(chain: Chain, ballot: Contract, vote: str) -> Mapping[str, Any] | None:
    """Read what the chain keeps of a vote, by FIELDS; None for an unknown one."""
    found = dict(zip(FIELDS, chain.call(ballot, "poll", number(vote)), strict=True))
    return found if found["status"] else None


def read_parts(chain: Chain, ballot: Contract, meeting: bytes) -> list[str]:
    """The votes that were opened for a meeting, in their order."""
    count = chain.call(ballot, "parts", meeting)
    return [hex_of(one) for one in chain.call_many([Call(ballot, "partAt", (meeting, i)) for i in range(count)])]


def read_votes(chain: Chain, ballot: Contract, vote: str, resolutions: int, account: str) -> list[Votes]:
    """How an account, an address, votes on each resolution, in raw units."""
    places = [Call(ballot, "votesOf", (number(vote, place), account)) for place in range(resolutions)]
    return [Votes(*one) for one in chain.call_many(places)]


def read_numbers(chain: Chain, ballot: Contract, vote: str, resolutions: int, account: str) -> list[int]:
    """The number that a signed vote with an account's units has to name now, of each resolution."""
    asked = [Call(ballot, "nextNonce", (number(vote, place), account)) for place in range(resolutions)]
    return [int(one) for one in chain.call_many(asked)]


def read_sums(chain: Chain, ballot: Contract, vote: str, resolutions: int, view: str) -> list[Votes]:
    """What a view of the Ballot's says of each resolution: proposalVotes, tally, or castOf."""
    return [Votes(*one) for one in chain.call_many(
        [Call(ballot, view, (number(vote, place),)) for place in range(resolutions)]
    )]  # fmt: skip


def read_counted(chain: Chain, ballot: Contract, vote: str, resolutions: int, account: str) -> list[bool]:
    """Whether an account's votes are in what the custodian cast, of each resolution."""
    asked = [Call(ballot, "isCounted", (number(vote, place), account)) for place in range(resolutions)]
    return [bool(one) for one in chain.call_many(asked)]


def read_voting(
    chain: Chain,
    book: Contract,
    ballot: Contract,
    polls: Collection[str],
    references: Mapping[bytes, tuple[str, str]],
    accounts: Mapping[str, str],
) -> Voting:
    """Read what the model keeps of these votes and meetings, and of these accounts, addresses by name."""
    found = Voting()
    meant = dict(references)
    for identity, pair in references.items():
        times = read_times(chain, book, identity)
        if (times.is_open or times.is_cancelled) and times.code == MEETING_CODE:
            found.meetings[pair] = Meeting(times.record_at, times.deadline, times.is_cancelled)
        if parts := read_parts(chain, ballot, identity):
            found.parts[pair] = parts
    wanted = {*polls, *(one for parts in found.parts.values() for one in parts)}
    for vote in sorted(wanted):
        shown = read_poll(chain, ballot, vote)
        if shown is not None:
            poll = _poll(shown, meant)
            found.polls[vote] = poll
            if vote in polls:
                _read_into(chain, ballot, vote, poll, accounts)
    return found


def _poll(shown: Mapping[str, Any], references: Mapping[bytes, tuple[str, str]]) -> Poll:
    meeting = bytes(shown["meeting"])
    stock, reference = references.get(meeting, ("", "0x" + meeting.hex()))
    return Poll(
        stock=stock,
        reference=reference,
        root=Root(bytes(shown["root"]), shown["sum"], shown["depth"]),
        record_at=shown["record_at"],
        deadline=shown["deadline"],
        resolutions=shown["resolutions"],
        multiplier=Wad(shown["multiplier"]),
        status=STATUS[shown["status"]],
        reports=shown["reports"],
    )


def _read_into(chain: Chain, ballot: Contract, vote: str, poll: Poll, accounts: Mapping[str, str]) -> None:
    poll.totals = dict(enumerate(read_sums(chain, ballot, vote, poll.resolutions, "proposalVotes")))
    poll.cast = dict(enumerate(read_sums(chain, ballot, vote, poll.resolutions, "castOf")))
    for name, address in accounts.items():
        if weight := chain.call(ballot, "weightOf", number(vote), address):
            poll.proven[name] = weight
        for place, votes in enumerate(read_votes(chain, ballot, vote, poll.resolutions, address)):
            if votes.total:
                poll.votes[place, name] = votes
        for place, times in enumerate(read_numbers(chain, ballot, vote, poll.resolutions, address)):
            if times:
                poll.times[place, name] = times
