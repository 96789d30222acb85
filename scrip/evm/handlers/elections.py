"""Elections between cash and stock: opened, chosen in, voided in Elections, on actions of the ActionBook."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.evm.chain import Call, Chain, Contract, ask_all
from scrip.evm.encoding.values import Transaction, document_hash
from scrip.evm.handlers.table import TRANSACTIONS, Facts
from scrip.instructions.dividends import word
from scrip.labels import ELECTIONS
from scrip.model.laws.elections import Option, Split
from scrip.model.laws.merkle_sum import TOP, Root
from scrip.model.state.elections import ELECTION_CODES, Election, Elections, ElectionStatus, Offer
from scrip.plan import Address

CONTRACT_ELECTIONS = "Elections"
STATUS: Mapping[int, ElectionStatus] = {1: "OPENED", 2: "VOIDED"}
OPENED, VOIDED = STATUS
"""What the contract stores of an election: its numbers."""
CANCELLED = 3
"""The book's status of an action that is cancelled."""
STATES: Mapping[int, str] = {0: "unknown", 1: "open", 2: "void", 3: "over"}
"""Where an election stands, by what the contract's view says."""


# --- the desk --------------------------------------------------------------------------------------------------------


@TRANSACTIONS.of(ins.OpenElection)
def open_(facts: Facts, order: ins.OpenElection) -> Transaction:
    """Open an election."""
    root = order.root
    action = facts.action_id(order.stock, order.code, order.reference)
    top = (word(root.hash, "hash"), root.sum.value, root.depth, root.block, word(root.block_hash, "block_hash"))
    args = (action, order.part, top, order.default, order.uri, word(order.bound, "bound"))
    return Transaction(order.by, ELECTIONS, CONTRACT_ELECTIONS, "open", args)


@TRANSACTIONS.of(ins.VoidElection)
def void(_: Facts, order: ins.VoidElection) -> Transaction:
    """End an election of which nothing is paid."""
    args = (word(order.election, "election"), order.reason, document_hash(order.document))
    return Transaction(order.by, ELECTIONS, CONTRACT_ELECTIONS, "voidElection", args)


@TRANSACTIONS.of(ins.FollowElection)
def follow(_: Facts, order: ins.FollowElection) -> Transaction:
    """Let an election follow its action."""
    return Transaction(order.by, ELECTIONS, CONTRACT_ELECTIONS, "follow", (word(order.election, "election"),))


# --- holders ---------------------------------------------------------------------------------------------------------


@TRANSACTIONS.of(ins.Elect)
def elect(_: Facts, order: ins.Elect) -> Transaction:
    """Choose for a leaf's units."""
    args = (word(order.election, "election"), _leaf(order), _choice(order), _proof(order))
    return Transaction(order.by or order.account, ELECTIONS, CONTRACT_ELECTIONS, "elect", args)


@TRANSACTIONS.of(ins.ElectSigned)
def elect_signed(_: Facts, order: ins.ElectSigned) -> Transaction:
    """Hand in a signed choice."""
    shown = (word(order.election, "election"), _leaf(order), _choice(order), Address(order.signer), _proof(order))
    args = (*shown, _signature(order.signature))
    return Transaction(order.by, ELECTIONS, CONTRACT_ELECTIONS, "electBySig", args)


def _leaf(order: ins.Elect | ins.ElectSigned) -> tuple[Any, ...]:
    return (order.index | (TOP if order.pushable else 0), Address(order.account), order.units.value)


def _choice(order: ins.Elect | ins.ElectSigned) -> tuple[int, int]:
    return (order.choice.cash.value, order.choice.secu.value)


def _proof(order: ins.Elect | ins.ElectSigned) -> list[tuple[bytes, int]]:
    return [(word(one.hash, "proof"), one.sum) for one in order.proof]


def _signature(text: str) -> bytes:
    try:
        return bytes.fromhex(text.removeprefix("0x"))
    except ValueError:
        raise InputError("is no 0x-prefixed hex", field="signature", value=text) from None


# --- read back -------------------------------------------------------------------------------------------------------

FIELDS = ("action", "status", "record_at", "deadline", "default", "root", "sum", "depth")


def read_election(chain: Chain, elections: Contract, election: str) -> Mapping[str, Any] | None:
    """Read what the chain keeps of an election, by FIELDS; None for an unknown one."""
    found = dict(zip(FIELDS, chain.call(elections, "election", word(election, "election")), strict=True))
    return found if found["status"] else None


def read_parts(chain: Chain, elections: Contract, action: bytes) -> list[str]:
    """The elections that were opened for an action, in their order."""
    count = chain.call(elections, "parts", action)
    found = chain.call_many([Call(elections, "partAt", (action, i)) for i in range(count)])
    return ["0x" + bytes(one).hex() for one in found]


def read_said(chain: Chain, elections: Contract, election: str, places: Sequence[int]) -> list[Split]:
    """What each of these leaves said, in raw units."""
    identity = word(election, "election")
    return [Split(*one) for one in ask_all(chain, [Call(elections, "chosen", (identity, one)) for one in places])]


def read_nonce(chain: Chain, elections: Contract, election: str, place: int) -> int:
    """The number that the next signature about a leaf has."""
    return int(chain.call(elections, "nextNonce", word(election, "election"), place))


def read_totals(chain: Chain, elections: Contract, election: str) -> Split:
    """All units of the register by option, with the default's filled in."""
    return Split(*chain.call(elections, "totals", word(election, "election")))


def read_state(chain: Chain, elections: Contract, election: str) -> str:
    """Where an election stands, by its own deadline and what the book says now: see STATES."""
    return STATES[chain.call(elections, "state", word(election, "election"))]


def read_offer(chain: Chain, book: Contract, action: bytes) -> Offer | None:
    """What an election goes by of an action; None for one that the book does not know."""
    _, code, status, record_at, deadline = chain.call(book, "timesOf", action)
    if not status:
        return None
    return Offer(code, record_at, deadline, {1: "ANNOUNCED", CANCELLED: "CANCELLED"}.get(status, "OTHER"))  # type: ignore[arg-type]


def read_elections(
    chain: Chain,
    book: Contract,
    elections: Contract,
    wanted: Collection[str],
    leaves: Collection[tuple[str, int]],
    references: Mapping[bytes, tuple[str, str]],
) -> Elections:
    """Read what the model keeps of these elections, of actions by their ids, and of these leaves."""
    found = Elections()
    for identity, pair in references.items():
        if (offer := read_offer(chain, book, identity)) is not None and offer.code in ELECTION_CODES:
            found.offers[pair] = offer
        if parts := read_parts(chain, elections, identity):
            found.parts[pair] = parts
    for election in sorted({*wanted, *(one for parts in found.parts.values() for one in parts)}):
        shown = read_election(chain, elections, election)
        if shown is None:
            continue
        action = bytes(shown["action"])
        pair = references.get(action, ("", "0x" + action.hex()))
        if pair not in found.offers and (offer := read_offer(chain, book, action)) is not None:
            found.offers[pair] = offer
        kept = found.held[election] = _election(shown, *pair)
        places = sorted(place for name, place in leaves if name == election)
        kept.said = dict(zip(places, read_said(chain, elections, election, places), strict=True))
        kept.changes = {one: read_nonce(chain, elections, election, one) for one in places}
        kept.totals = _said_in_all(read_totals(chain, elections, election), kept)
    return found


def _election(shown: Mapping[str, Any], stock: str, reference: str) -> Election:
    option: Option = shown["default"]
    return Election(
        stock=stock,
        reference=reference,
        root=Root(bytes(shown["root"]), shown["sum"], shown["depth"]),
        record_at=shown["record_at"],
        deadline=shown["deadline"],
        default=option,
        status=STATUS[shown["status"]],
    )


def _said_in_all(totals: Split, election: Election) -> Split:
    """What was said without the default's: of the default's option the chain tells only both together.

    What it said itself of the default's option changes no total: it counts as unsaid here.
    """
    return Split(secu=totals.secu) if election.default == "CASH" else Split(cash=totals.cash)
