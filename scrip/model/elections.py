"""Elections between cash and stock: holders choose for their units by a register's root, until the action's deadline.

An account chooses for no more than its leaf, the leaves come to the root's sum, and what nobody says is the default's.
A leaf has one choice, its last: each change takes the next number, signed or not, so that a signature which was not
handed in is worth nothing once anything was said after it. Of a recovered account its successor chooses, never both. A
chain refuses beside that what only it can know: another block, a root bound to another chain, stock, action, whose a
signature is.

The tree is imported where it is used: the model works where nothing else is installed, and it alone needs a library.
"""

from __future__ import annotations

from scrip import parameters
from scrip.errors import InputError, Refusal
from scrip.instructions.dividends import word
from scrip.instructions.elections import Elect, ElectSigned, FollowElection, OpenElection, VoidElection
from scrip.ledger.handlers import Handlers
from scrip.model.dividends import payee_of
from scrip.model.laws.elections import OPTIONS, UNITS_BITS, Split, whole
from scrip.model.reasons import check_reason
from scrip.model.state import State
from scrip.model.state.elections import ELECTION_CODES, Election, Elections

HANDLERS: Handlers[State, None] = Handlers("the model")


# --- the desk --------------------------------------------------------------------------------------------------------


@HANDLERS.of(OpenElection)
def open_(state: State, order: OpenElection) -> None:
    """Refuses, in order: not announced, no options, record to come, over, another part, opened, bad root, bad
    default."""
    from scrip.model.laws.merkle_sum import Root

    elections, action, root = _elections(state), (order.stock, order.reference), order.root
    offer = elections.offers.get(action)
    if offer is None or offer.status != "ANNOUNCED":
        raise Refusal("book: not announced", f"{order.stock} {order.reference}")
    if offer.code not in ELECTION_CODES:
        raise Refusal("elections: no options", offer.code)
    if state.now < offer.record_at:
        raise Refusal("book: record to come", f"in {offer.record_at - state.now} s")
    if offer.deadline < state.now:
        raise Refusal("elections: over", f"for {state.now - offer.deadline} s")
    parts = elections.parts.get(action, [])
    if order.part != len(parts):
        raise Refusal("elections: another part", f"{order.part}, and {len(parts)} were opened")
    if parts and elections.held[parts[-1]].status != "VOIDED":
        raise Refusal("elections: opened", parts[-1])
    total = state.raw(root.sum)
    deep = parameters.PUSHED_DEPTH.value <= root.depth <= parameters.MAX_TREE_DEPTH.value
    if not (deep and 0 < total < 1 << UNITS_BITS):
        raise Refusal("elections: bad root", f"sum {root.sum}, depth {root.depth}")
    if order.default not in OPTIONS:
        raise Refusal("elections: bad default", order.default)
    elections.held[order.election] = Election(
        stock=order.stock,
        reference=order.reference,
        root=Root(word(root.hash, "hash"), total, root.depth),
        record_at=offer.record_at,
        deadline=offer.deadline,
        default=order.default,
    )
    elections.parts[action] = [*parts, order.election]


@HANDLERS.of(VoidElection)
def void(state: State, order: VoidElection) -> None:
    """Refuses, in order: reason and document, unknown, voided, paid."""
    check_reason("elections", order.reason, order.document)
    found = _standing(state, order.election)
    offer = _elections(state).offers.get((found.stock, found.reference))
    if offer is not None and offer.status == "OTHER":
        raise Refusal("elections: paid", order.election)
    found.status = "VOIDED"


@HANDLERS.of(FollowElection)
def follow(state: State, order: FollowElection) -> None:
    """Refuses, in order: unknown, voided, nothing new."""
    found = _standing(state, order.election)
    offer = _elections(state).offers.get((found.stock, found.reference))
    if offer is not None and offer.status == "CANCELLED":
        found.status = "VOIDED"
    elif offer is None or offer.deadline == found.deadline:
        raise Refusal("elections: nothing new", order.election)
    else:
        found.deadline = offer.deadline


# --- holders ---------------------------------------------------------------------------------------------------------


@HANDLERS.of(Elect)
def elect(state: State, order: Elect) -> None:
    """Refuses, in order: unknown, voided, over, bad proof (of another length), bad index, bad sum, bad proof, over
    units, held, not the account."""
    _choose(state, order, order.by or order.account)


@HANDLERS.of(ElectSigned)
def elect_signed(state: State, order: ElectSigned) -> None:
    """Refuses, in order: bad signature (its number is not the leaf's next), and what elect is refused for."""
    found = _elections(state).held.get(order.election)
    due = found.changes.get(order.index, 0) if found is not None else 0
    if not order.signature or order.nonce != due:
        raise Refusal("elections: bad signature", f"number {order.nonce}, and {due} is next")
    _choose(state, order, order.signer)


def _choose(state: State, order: Elect | ElectSigned, by: str) -> None:
    found = _standing(state, order.election)
    if found.deadline < state.now:
        raise Refusal("elections: over", f"for {state.now - found.deadline} s")
    units = _units(state, found, order)
    choice = Split(state.raw(order.choice.cash), state.raw(order.choice.secu))
    if choice.total > units:
        raise Refusal("elections: over units", f"{choice.total} of {units}")
    entitled = payee_of(state, order.account)
    if not entitled:
        raise Refusal("elections: held", order.account)
    if by != entitled:
        raise Refusal("elections: not the account", by)
    found.totals = found.totals - found.said.get(order.index, Split()) + choice
    found.said[order.index] = choice
    found.changes[order.index] = found.changes.get(order.index, 0) + 1


def totals_of(found: Election) -> Split:
    """All units of the register by option, with the default's filled in, before anything is prorated."""
    return found.totals + whole(found.default, found.root.sum - found.totals.total)


# --- parts -----------------------------------------------------------------------------------------------------------


def _elections(state: State) -> Elections:
    """InputError where nothing could be asked."""
    if state.elections is None:
        raise InputError("has no elections: nobody chooses here", field="elections")
    return state.elections


def _standing(state: State, election: str) -> Election:
    found = _elections(state).held.get(election)
    if found is None:
        raise Refusal("elections: unknown", election)
    if found.status != "OPENED":
        raise Refusal("elections: voided", election)
    return found


def _units(state: State, election: Election, order: Elect | ElectSigned) -> int:
    """The raw units of a leaf. Refuses, in order: bad proof (of another length), bad index, bad sum, bad proof."""
    from scrip.model.laws import merkle_sum

    units = state.raw(order.units)
    if len(order.proof) != election.root.depth:
        raise Refusal("elections: bad proof", f"{len(order.proof)} of {election.root.depth} levels")
    leaf = merkle_sum.Leaf(order.index, state.account_word(order.account), units, 0, units, order.pushable)
    nodes = [merkle_sum.Node(word(one.hash, "proof"), one.sum) for one in order.proof]
    if fault := merkle_sum.fault(election.root, leaf, nodes):
        name = {"index": "elections: bad index", "amount": "elections: bad sum"}.get(fault, "elections: bad proof")
        raise Refusal(name, fault)
    return units
