"""Votes at meetings: holders say by a register's root how the custodian votes their shares, and it reports what it did.

An account votes with no more than its leaf, the leaves come to the root's sum, and nobody's units are voted but by
instruction. An account has one place: of a recovered one its successor votes there, never both. A chain refuses beside
that what only it can know: another block, a root bound to another chain, stock, meeting.

The tree is imported where it is used: the model works where nothing else is installed, and it alone needs a library.
"""

from __future__ import annotations

from collections.abc import Sequence

from scrip import parameters
from scrip.errors import InputError, Refusal
from scrip.instructions.dividends import ProofNode, word
from scrip.instructions.voting import (
    CastSigned,
    CastVote,
    ConfirmVote,
    OpenVote,
    ProveWeight,
    PublishDocument,
    ReportVotes,
    VoidVote,
    VoteLeaf,
    VoteSplit,
)
from scrip.ledger.handlers import Handlers
from scrip.model.dividends import payee_of
from scrip.model.laws import arithmetic as law
from scrip.model.laws import voting as counting
from scrip.model.laws.voting import Votes
from scrip.model.reasons import check_reason
from scrip.model.state import State
from scrip.model.state.voting import Poll, Voting
from scrip.units import SHARE_BITS

HANDLERS: Handlers[State, None] = Handlers("the model")

MAX_RESOLUTIONS = parameters.MAX_RESOLUTIONS.value


# --- the desk --------------------------------------------------------------------------------------------------------


@HANDLERS.of(OpenVote)
def open_(state: State, order: OpenVote) -> None:
    """Refuses, in order: not announced, record to come, another part, opened, bad root, bad terms."""
    from scrip.model.laws.merkle_sum import Root

    voting, meeting = _voting(state), (order.stock, order.reference)
    known, root, terms = voting.meetings.get(meeting), order.root, order.terms
    if known is None or known.is_cancelled:
        raise Refusal("book: not announced", f"{order.stock} {order.reference}")
    if state.now < known.record_at:
        raise Refusal("book: record to come", f"in {known.record_at - state.now} s")
    parts = voting.parts.get(meeting, [])
    if order.part != len(parts):
        raise Refusal("voting: another part", f"{order.part}, and {len(parts)} were opened")
    if parts and voting.polls[parts[-1]].status != "VOIDED":
        raise Refusal("voting: opened", parts[-1])
    total = state.raw(root.sum)
    deep = parameters.PUSHED_DEPTH.value <= root.depth <= parameters.MAX_TREE_DEPTH.value
    if not (deep and 0 < total <= law.U128_MAX):
        raise Refusal("voting: bad root", f"sum {root.sum}, depth {root.depth}")
    if not 0 < terms.multiplier <= law.U96_MAX or not terms.agenda:
        raise Refusal("voting: bad terms", f"multiplier {terms.multiplier}, agenda {terms.agenda}")
    if not state.now <= terms.deadline <= known.deadline:
        raise Refusal("voting: bad terms", f"deadline {terms.deadline}, and the meeting's is {known.deadline}")
    if not 0 < terms.resolutions <= MAX_RESOLUTIONS:
        raise Refusal("voting: bad terms", f"{terms.resolutions} resolutions, at most {MAX_RESOLUTIONS}")
    voting.polls[order.vote] = Poll(
        stock=order.stock,
        reference=order.reference,
        root=Root(word(root.hash, "hash"), total, root.depth),
        record_at=known.record_at,
        deadline=terms.deadline,
        resolutions=terms.resolutions,
        multiplier=terms.multiplier,
    )
    voting.parts[meeting] = [*parts, order.vote]


@HANDLERS.of(VoidVote)
def void(state: State, order: VoidVote) -> None:
    """Refuses, in order: reason and document, unknown proposal, voided, reported."""
    check_reason("voting", order.reason, order.document)
    poll = _standing(state, order.vote)
    if poll.reports:
        raise Refusal("voting: reported", order.vote)
    poll.status = "VOIDED"


@HANDLERS.of(ReportVotes)
def report(state: State, order: ReportVotes) -> None:
    """Refuses, in order: unknown proposal, voided, not over, bad report, mirrored."""
    poll = _standing(state, order.vote)
    if state.now <= poll.deadline:
        raise Refusal("voting: not over", f"for {poll.deadline - state.now + 1} s")
    if not order.document or len(order.casts) != poll.resolutions:
        raise Refusal("voting: bad report", f"{len(order.casts)} resolutions of {poll.resolutions}")
    cast: dict[int, Votes] = {}
    for place, one in enumerate(order.casts):
        done = Votes(one.against.to_wad(), one.in_favour.to_wad(), one.abstain.to_wad())
        due = tally_of(state, poll, place)
        if max(done.choices) >> SHARE_BITS:
            raise Refusal("voting: bad report", f"resolution {place} has more than {SHARE_BITS} bits")
        if any(shares > owed for shares, owed in zip(done.choices, due.choices, strict=True)):
            raise Refusal("voting: mirrored", f"resolution {place}: {done.choices} of {due.choices}")
        cast[place] = done
    poll.cast = cast
    poll.reports += 1


@HANDLERS.of(PublishDocument)
def publish(state: State, order: PublishDocument) -> None:
    """A notice is of any action, whether anybody votes here. Refuses, in order: unknown stock, no document."""
    if order.stock not in state.stocks:
        raise Refusal("voting: unknown stock", order.stock)
    if not order.document or not order.uri:
        raise Refusal("voting: no document", order.document)


# --- holders ---------------------------------------------------------------------------------------------------------


@HANDLERS.of(ProveWeight)
def prove(state: State, order: ProveWeight) -> None:
    """Refuses, in order: unknown proposal, voided, over, what a bad proof is refused for."""
    poll = _castable(state, order.vote, 0)
    if units := _weight(state, poll, order.leaf, order.proof):
        poll.proven[order.leaf.account] = units


@HANDLERS.of(CastVote)
def cast(state: State, order: CastVote) -> None:
    """Refuses, in order: unknown proposal, voided, over, what a bad proof is refused for, no weight, held, not the
    account, over weight."""
    poll = _castable(state, order.vote, order.resolution)
    if not order.leaf.account:
        account = voter = order.by
        weight = poll.proven.get(account, 0)
    else:
        account = order.leaf.account
        voter = order.by or account
        weight = _weight(state, poll, order.leaf, order.proof)
    _count(state, poll, order.resolution, account, voter, weight, order.choice)


@HANDLERS.of(CastSigned)
def cast_signed(state: State, order: CastSigned) -> None:
    """Refuses, in order: unknown proposal, voided, over, what a bad proof is refused for, bad signature (of a number
    that was used up, or is to come), then as cast. Whose signature it is a chain alone can tell."""
    poll = _castable(state, order.vote, order.resolution)
    weight = _weight(state, poll, order.leaf, order.proof)
    due = poll.times.get((order.resolution, order.leaf.account), 0)
    if order.number != due:
        raise Refusal("voting: bad signature", f"it names {order.number}, and {due} is due")
    _count(state, poll, order.resolution, order.leaf.account, order.voter, weight, order.choice)


@HANDLERS.of(ConfirmVote)
def confirm(state: State, order: ConfirmVote) -> None:
    """Refuses: not counted."""
    poll = _voting(state).polls.get(order.vote)
    if poll is None or not is_counted(state, poll, order.resolution, order.account):
        raise Refusal("voting: not counted", order.account)


def tally_of(state: State, poll: Poll, resolution: int) -> Votes:
    """What the custodian is to cast for a resolution, in shares of 10^-18."""
    return counting.tally(poll.totals.get(resolution, Votes()), poll.multiplier, state.traits.decimals)


def is_counted(state: State, poll: Poll, resolution: int, account: str) -> bool:
    """Whether an account's votes are in what the custodian cast."""
    mine = poll.votes.get((resolution, account), Votes())
    done = poll.cast.get(resolution, Votes())
    return (
        bool(poll.reports)
        and not is_void(state, poll)
        and counting.is_counted(mine, tally_of(state, poll, resolution), done)
    )


# --- parts -----------------------------------------------------------------------------------------------------------


def _count(
    state: State, poll: Poll, resolution: int, account: str, voter: str, weight: int, choice: str | VoteSplit
) -> None:
    """An account's vote in the place of the one before, and its number used up. Refuses, in order: no weight, held, not
    the account, over weight."""
    if not weight:
        raise Refusal("voting: no weight", account)
    entitled = payee_of(state, account)
    if not entitled:
        raise Refusal("voting: held", account)
    if voter != entitled:
        raise Refusal("voting: not the account", voter)
    now = _chosen(state, choice, weight)
    if now.total > weight:
        raise Refusal("voting: over weight", f"{now.total} of {weight}")
    place = (resolution, account)
    before = poll.votes.get(place, Votes())
    poll.votes[place] = now
    poll.times[place] = poll.times.get(place, 0) + 1
    poll.totals[resolution] = poll.totals.get(resolution, Votes()) - before + now


def is_void(state: State, poll: Poll) -> bool:
    """Whether a vote counts for nothing: it was voided, or its meeting cancelled."""
    meeting = _voting(state).meetings.get((poll.stock, poll.reference))
    return poll.status != "OPENED" or (meeting is not None and meeting.is_cancelled)


def _voting(state: State) -> Voting:
    """InputError where nothing could be asked."""
    if state.voting is None:
        raise InputError("has no ballot: nobody votes here", field="voting")
    return state.voting


def _known(state: State, vote: str, resolution: int) -> Poll:
    poll = _voting(state).polls.get(vote)
    if poll is None or not 0 <= resolution < poll.resolutions:
        raise Refusal("voting: unknown proposal", f"{vote}, resolution {resolution}")
    return poll


def _standing(state: State, vote: str) -> Poll:
    poll = _known(state, vote, 0)
    if is_void(state, poll):
        raise Refusal("voting: voided", vote)
    return poll


def _castable(state: State, vote: str, resolution: int) -> Poll:
    poll = _known(state, vote, resolution)
    if poll.status != "OPENED":
        raise Refusal("voting: voided", vote)
    if poll.deadline < state.now:
        raise Refusal("voting: over", f"for {state.now - poll.deadline} s")
    return poll


def _weight(state: State, poll: Poll, leaf: VoteLeaf, proof: Sequence[ProofNode]) -> int:
    """The raw units of a leaf. Refuses, in order: bad proof (of another length), bad index, bad sum, bad proof."""
    from scrip.model.laws import merkle_sum

    units = state.raw(leaf.units)
    if len(proof) != poll.root.depth:
        raise Refusal("voting: bad proof", f"{len(proof)} of {poll.root.depth} levels")
    found = merkle_sum.Leaf(leaf.index, state.account_word(leaf.account), units, 0, units, leaf.pushable)
    nodes = [merkle_sum.Node(word(one.hash, "proof"), one.sum) for one in proof]
    if fault := merkle_sum.fault(poll.root, found, nodes):
        name = {"index": "voting: bad index", "amount": "voting: bad sum"}.get(fault, "voting: bad proof")
        raise Refusal(name, fault)
    return units


def _chosen(state: State, choice: str | VoteSplit, weight: int) -> Votes:
    if isinstance(choice, VoteSplit):
        return Votes(state.raw(choice.against), state.raw(choice.in_favour), state.raw(choice.abstain))
    sides = {"against": Votes(against=weight), "for": Votes(in_favour=weight), "abstain": Votes(abstain=weight)}
    return sides[choice]
