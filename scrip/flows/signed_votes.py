"""Votes that a holder signs without a node, and that anybody hands in: by file, in batches that resume.

A holder signs from the proof that `vote proof` wrote, which says how often it has voted on each resolution: a signed
vote names that number, and any vote of the account, signed or by transaction, uses it up. So a signed vote that was
never handed in does not come back after a later one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from eth_utils import keccak
from pydantic import Field, TypeAdapter, ValidationError

from scrip import instructions as ins
from scrip.chains.network import Network
from scrip.chains.offline import OfflineNetwork
from scrip.errors import InputError
from scrip.evm.encoding.ballots import SignedBallot, digest, shown, typed_message
from scrip.evm.handlers.voting import FRACTIONAL, SUPPORT, amounts, number
from scrip.evm.rpc.signers import Signer
from scrip.evm.safe.transaction import recovered
from scrip.flows.voting import Desk, Poll, Wish, told, votes_of
from scrip.inputs.reading.text import text_of_file
from scrip.model.laws.voting import ROOM
from scrip.plan import Change, Plan
from scrip.plan.draft import Draft
from scrip.records import files
from scrip.units import EVM_DECIMALS, RawUnits

SCHEMA = 1
MAX_BYTES = 2_000_000
_ADDRESS = Annotated[str, Field(pattern=r"^0x[0-9a-fA-F]{40}$")]
_HEX = Annotated[str, Field(pattern=r"^0x([0-9a-f]{2})*$")]
_WORD = Annotated[str, Field(pattern=r"^0x[0-9a-f]{64}$")]
_COUNT = Annotated[int, Field(ge=0)]
_NUMBER = Annotated[str, Field(pattern=r"^[0-9]{1,78}$")]


@dataclass(frozen=True)
class Of:
    """The vote that a paper is of."""

    network: str
    stock: str
    reference: str
    vote: _WORD


@dataclass(frozen=True)
class Proof:
    """A holder's proof as `vote proof` writes it, as far as a signature needs it."""

    of: Of
    contract: _ADDRESS
    chain_id: _COUNT
    proposals: tuple[_NUMBER, ...]
    account: _ADDRESS
    raw_units: _NUMBER
    next_nonces: tuple[_COUNT, ...]
    proof: _HEX


@dataclass(frozen=True)
class Message:
    """What was signed of one resolution, as the typed message has it."""

    proposalId: _NUMBER
    support: Annotated[int, Field(ge=0, le=255)]
    voter: _ADDRESS
    nonce: _COUNT
    reason: str
    params: _HEX


@dataclass(frozen=True)
class SignedVote:
    """One resolution's signed vote."""

    message: Message
    signature: _HEX


@dataclass(frozen=True)
class Signed:
    """A file of signed votes: whose, of which vote, on which chain's Ballot."""

    schema: int
    of: Of
    contract: _ADDRESS
    chain_id: _COUNT
    votes: tuple[SignedVote, ...]


# --- signing ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Drafted:
    """Votes that are not signed yet: what each says, for people, and the key that signs them here."""

    paper: Proof
    ballots: tuple[SignedBallot, ...]
    lines: tuple[str, ...]
    key: Signer

    def sign_into(self, path: Path) -> None:
        """Sign each and write the file, whole or not at all; InputError where one stands already."""
        paper = self.paper
        votes = []
        for ballot in self.ballots:
            typed = typed_message(ballot, paper.chain_id, paper.contract)
            signature = "0x" + self.key.sign_typed(typed).hex()
            message = {**typed["message"], "proposalId": str(ballot.proposalId)}
            votes.append({"message": message, "signature": signature})
        of = {name: getattr(paper.of, name) for name in ("network", "stock", "reference", "vote")}
        made = {"schema": SCHEMA, "of": of, "contract": paper.contract, "chain_id": paper.chain_id, "votes": votes}
        files.create_new(path, files.text_of(made))


def draft(network: OfflineNetwork, proof: Path, wish: Wish, sender: str = "") -> Drafted:
    """Draft signed votes from a holder's proof; no node is asked. `sender` signs: the account itself, or its successor.

    InputError for a proof of another network, and for an account whose key is not on this machine.
    """
    paper: Proof = _read(proof, Proof, "proof of `vote proof`")
    if paper.of.network != network.manifest.network:
        raise InputError(f"is of {paper.of.network}", file=str(proof), field="network", value=network.manifest.network)
    name = sender or network.names().name(paper.account.lower())
    key = network.signer(name)
    counts = len(paper.proposals)
    if len(paper.next_nonces) != counts:
        raise InputError("are not one a resolution", file=str(proof), field="next_nonces", value=len(paper.next_nonces))
    units, ballots, lines = int(paper.raw_units), [], []
    for place, choice in sorted(wish.choices(counts).items()):
        split = isinstance(choice, ins.VoteSplit)
        params = (amounts(choice) if isinstance(choice, ins.VoteSplit) else b"") + bytes.fromhex(paper.proof[2:])
        support = FRACTIONAL if isinstance(choice, ins.VoteSplit) else SUPPORT[choice]
        votes = votes_of(choice, units)
        if split and votes.total > units:
            raise InputError("come to more than the account's units", field="split", value=votes.total)
        proposal = number(paper.of.vote, place)
        ballots.append(SignedBallot(proposal, support, key.address, paper.next_nonces[place], wish.reason, params))
        lines.append(f"resolution {place + 1} of {paper.account}: {told(votes)}")
    return Drafted(paper, tuple(ballots), tuple(lines), key)


# --- handing in ------------------------------------------------------------------------------------------------------


def relay(network: Network, papers: Sequence[Path], sender: str = "") -> Plan:
    """Hand in the signed votes of files, by anybody: `sender`, or ACTIONS. What was counted before is left, so a batch
    that was stopped goes on where it stood.

    A vote that a later one of its account has overtaken is told and left. InputError for a file of another network or
    Ballot, for a vote that does not stand, and for a signature that is not the voter's.
    """
    read: list[tuple[Path, Signed]] = [(path, _read(path, Signed, "file of signed votes")) for path in papers]
    if not read:
        raise InputError("names none", field="files")
    desks: dict[tuple[str, str], tuple[Desk, Poll]] = {}
    batch = keccak(text=" ".join(sorted(one.signature for _, each in read for one in each.votes))).hex()[:16]
    made: Draft[Any] = Draft(network.views(), "vote relay", batch, natural=True)
    by = made.anyone("ACTIONS", sender)
    for path, one in read:
        if one.of.network != network.manifest.network:
            raise InputError(f"is of {one.of.network}", file=str(path), field="network", value=network.manifest.network)
        desk, poll = _desk(network, one, path, desks)
        due: dict[str, list[int]] = {}
        for vote in one.votes:
            _relay(made, desk, poll, vote, path, by, due)
    return made.plan()


def _desk(
    network: Network, one: Signed, path: Path, desks: dict[tuple[str, str], tuple[Desk, Poll]]
) -> tuple[Desk, Poll]:
    place = (one.of.stock, one.of.reference)
    if place not in desks:
        if one.of.stock not in network.manifest.stocks:
            raise InputError("is no stock of the manifest", file=str(path), field="stock", value=one.of.stock)
        desk = Desk(network, one.of.stock)
        desks[place] = desk, desk.demand(one.of.reference)
    desk, poll = desks[place]
    here = (desk.chain.chain_id(), desk.ballot.address.lower())
    if (one.chain_id, one.contract.lower()) != here:
        found = f"is of chain {one.chain_id}, Ballot {one.contract}"
        raise InputError(found, file=str(path), field="contract", value=desk.ballot.address)
    if one.of.vote != poll.vote:
        raise InputError("is not the vote that stands", file=str(path), field="vote", value=one.of.vote)
    return desk, poll


def _relay(
    made: Draft[Any], desk: Desk, poll: Poll, vote: SignedVote, path: Path, by: str, due: dict[str, list[int]]
) -> None:
    """Add the step of one signed vote, or say why none is needed."""
    message = vote.message
    proposal = int(message.proposalId)
    place = proposal % ROOM
    if number(poll.vote, place) != proposal or place >= poll.resolutions:
        raise InputError("is no resolution of the vote", file=str(path), field="proposalId", value=message.proposalId)
    support, is_split = message.support, message.support == FRACTIONAL
    if not is_split and support not in SUPPORT.values():
        raise InputError("is none that a Ballot counts", file=str(path), field="support", value=support)
    params = bytes.fromhex(message.params[2:])
    ballot = SignedBallot(proposal, support, message.voter, message.nonce, message.reason, params)
    found = shown(params, is_split)
    signature = bytes.fromhex(vote.signature[2:])
    is_contract = bool(desk.views.network.node.code(message.voter))
    mine = recovered(digest(ballot, desk.chain.chain_id(), desk.ballot.address), signature) == message.voter.lower()
    if not mine and not is_contract:
        raise InputError("is not the voter's, or of another message", file=str(path), field="signature", value=proposal)
    if found.account not in due:
        due[found.account] = poll.numbers(found.account)
    numbers = due[found.account]
    raw = (RawUnits(one, EVM_DECIMALS) for one in found.amounts)
    choice: ins.Support | ins.VoteSplit = (
        ins.VoteSplit(*raw) if is_split else {value: name for name, value in SUPPORT.items()}[support]  # type: ignore[assignment]
    )
    what = f"{found.account} on resolution {place + 1}"
    votes = votes_of(choice, found.units)
    if message.nonce < numbers[place]:
        counted = message.nonce + 1 == numbers[place] and poll.votes_of(found.account)[place] == votes
        made.same.append(f"{what}: {'counted' if counted else 'a later vote stands in its place'}")
        return
    if message.nonce > numbers[place]:
        reason = f"is to come: {numbers[place]} is due, and the vote before it is missing"
        raise InputError(reason, file=str(path), field="nonce", value=message.nonce)
    numbers[place] += 1
    leaf = ins.VoteLeaf(found.account, found.index, RawUnits(found.units, EVM_DECIMALS), found.pushable)
    nodes = tuple(ins.ProofNode("0x" + hash_.hex(), total) for hash_, total in found.siblings)
    order = ins.CastSigned(
        poll.vote, place, choice, leaf, nodes, message.voter, message.nonce, vote.signature, by, message.reason
    )
    title = f"{found.account} votes on resolution {place + 1}: {told(votes)}"
    made.add(desk.views.step(made.fresh(f"vote {vote.signature[2:18]}"), title, [order]))
    made.changes.append(Change(what, told(poll.votes_of(found.account)[place]), told(votes)))


def _read(path: Path, kind: type[Any], what: str) -> Any:
    """Read a paper of ours; InputError for what is none. What it says beside is not looked at."""
    try:
        return TypeAdapter(kind).validate_json(text_of_file(path, MAX_BYTES)[0])
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        raise InputError(f"is no {what}: {first['msg']}", file=str(path), field=field) from None
    except (ValueError, json.JSONDecodeError) as error:
        raise InputError(f"is no {what}: {error}", file=str(path)) from None
