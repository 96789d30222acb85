"""Corporate actions, and the multiplier that they move."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from eth_utils import keccak

from scrip import instructions as ins
from scrip import parameters
from scrip.action_codes import ACTION_CODES, BOOK_CODES, REPAIR_CODES
from scrip.evm.chain import Call, Chain, Contract
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.encoding.values import Transaction, action_id, document_hash, reference_word
from scrip.evm.encoding.words import decode, encode
from scrip.evm.handlers.table import TRANSACTIONS, Facts, known_or_nothing
from scrip.instructions.subjects import reference_text
from scrip.labels import BOOK
from scrip.ledger import ActionState, ActionStatus, MultiplierState
from scrip.model.laws.multiplier import Multiplier, Terms
from scrip.model.state.actions import CODES, MAX_PARTS, Action, ActionId, Actions, Status
from scrip.model.state.book import Recorded, RecordStatus
from scrip.model.state.config import Rules
from scrip.model.state.days import day_of, number_of
from scrip.model.state.dividends import CASH_CODE
from scrip.plan import Address
from scrip.units import Wad

BookOrder = ins.AnnounceRecord | ins.AmendRecord | ins.CancelRecord | ins.CompleteRecord
RECORD_STATUS: Mapping[int, RecordStatus] = {1: "ANNOUNCED", 2: "EFFECTIVE", 3: "CANCELLED", 4: "COMPLETED"}
"""A recorded action's status to the model, by the number that the book stores."""
RECORD_FIELDS = (
    *("ex", "ex_at", "record_at", "deadline", "pay", "expiry", "gross", "fee", "currency", "asset", "rate", "source"),
    *("num", "den", "other", "price", "most", "document"),
)
"""What the package calls the fields of the book's ActionTerms, in their order."""
STATUS: tuple[ActionStatus, ...] = ("unknown", "announced", "scheduled", "cancelled", "effective")
"""An action's status, by the number that the contracts store."""
EFFECTIVE = STATUS.index("effective")
MODEL_STATUS: dict[int, Status] = {1: "ANNOUNCED", 2: "SCHEDULED", 3: "CANCELLED", 4: "SCHEDULED"}
"""An action's status to the model, by the contracts' number: one that is in effect is to it a scheduled one."""
REPAIRS = tuple(REPAIR_CODES)
"""The issuer's own kinds, alone in their slot, which the model does not apply."""
REINVESTED = next(code for code, one in ACTION_CODES.items() if one.struck)
"""The code of the action that a receivable is for: the one that is struck at a price."""
ANNOUNCED = keccak(
    text="ActionAnnounced(bytes32,address,string,bytes32,address"
    ",uint256,uint256,uint256,uint256,uint256,uint256,uint256,uint256)"
)
SCHEDULED = keccak(text="ActionScheduled(bytes32,address,uint256,uint256,uint256,uint256,uint256,uint256,uint256)")
RECORDED = keccak(
    text="ActionRecorded(bytes32,address,string,bytes32,address,(uint256,uint256,uint256,uint256,uint256,uint256,uint256"
    ",uint256,string,address,uint256,bytes32,uint256,uint256,address,uint256,uint256,bytes32))"
)
HEAD = ("string", "bytes32")
"""What the event's data begin with: code and reference. All that follows is asked for."""


def _call(order: ins.RoleInstruction, function: str, *args: object) -> Transaction:
    return Transaction(order.by, "actions", "CorporateActions", function, args)


@TRANSACTIONS.of(ins.Announce)
def announce(facts: Facts, order: ins.Announce) -> Transaction:
    """Record an action's terms under its code and reference."""
    return _call(
        order,
        "announce",
        known_or_nothing(order.stock, facts),
        order.code,
        reference_word(order.reference),
        order.ex.year * 10_000 + order.ex.month * 100 + order.ex.day,
        order.ex_at,
        order.pay,
        order.buy,
        order.effective_at,
        order.num,
        order.den,
        order.gross,
    )


@TRANSACTIONS.of(ins.Schedule)
def schedule(facts: Facts, order: ins.Schedule) -> Transaction:
    """Put an announced action into its stock's slot."""
    return _call(order, "schedule", facts.action_id(order.stock, order.code, order.reference), order.price)


@TRANSACTIONS.of(ins.Cancel)
def cancel(facts: Facts, order: ins.Cancel) -> Transaction:
    """Withdraw an action."""
    identity = facts.action_id(order.stock, order.code, order.reference)
    return _call(order, "cancel", identity, order.reason, document_hash(order.document))


@TRANSACTIONS.of(ins.Correct)
def correct(facts: Facts, order: ins.Correct) -> Transaction:
    """Schedule another dividend index."""
    args = reference_word(order.reference), order.index, order.effective_at
    why = order.reason, document_hash(order.document)
    return _call(order, "correct", known_or_nothing(order.stock, facts), *args, *why)


@TRANSACTIONS.of(ins.Fold)
def fold(facts: Facts, order: ins.Fold) -> Transaction:
    """Write the same multiplier as a smaller pair."""
    args = reference_word(order.reference), order.index, order.num, order.den
    why = order.reason, document_hash(order.document)
    return _call(order, "fold", known_or_nothing(order.stock, facts), *args, *why)


# --- the book --------------------------------------------------------------------------------------------------------


@TRANSACTIONS.of(ins.AnnounceRecord)
def announce_record(facts: Facts, order: ins.AnnounceRecord) -> Transaction:
    """Record an action that moves no multiplier."""
    terms = _record_terms(facts, order.terms)
    args = (known_or_nothing(order.stock, facts), order.code, reference_word(order.reference), terms)
    return _book_call(order, "announce", *args, _change(order.terms))


@TRANSACTIONS.of(ins.AmendRecord)
def amend_record(facts: Facts, order: ins.AmendRecord) -> Transaction:
    """Put other terms in their place."""
    identity = facts.action_id(order.stock, order.code, order.reference)
    return _book_call(order, "amend", identity, _record_terms(facts, order.terms), _change(order.terms))


@TRANSACTIONS.of(ins.CancelRecord)
def cancel_record(facts: Facts, order: ins.CancelRecord) -> Transaction:
    """End a recorded action."""
    identity = facts.action_id(order.stock, order.code, order.reference)
    return _book_call(order, "cancel", identity, order.reason, document_hash(order.document))


@TRANSACTIONS.of(ins.CompleteRecord)
def complete_record(facts: Facts, order: ins.CompleteRecord) -> Transaction:
    """Close the record of an action that is carried out."""
    identity = facts.action_id(order.stock, order.code, order.reference)
    return _book_call(order, "complete", identity, document_hash(order.document))


def _book_call(order: BookOrder, function: str, *args: object) -> Transaction:
    return Transaction(order.by, BOOK, "ActionBook", function, args)


def _record_terms(facts: Facts, terms: ins.RecordTerms) -> tuple[object, ...]:
    times = (number_of(terms.ex), terms.ex_at, terms.record_at, terms.deadline, terms.pay, terms.expiry)
    coin = Address(terms.asset) if terms.asset else ZERO_ADDRESS
    money = (terms.gross, terms.fee, terms.currency, coin, terms.rate, document_hash(terms.source))
    other = known_or_nothing(terms.other, facts) if terms.other else ZERO_ADDRESS
    return (*times, *money, terms.num, terms.den, other, terms.price, terms.most, document_hash(terms.document))


def _change(terms: ins.RecordTerms) -> tuple[str, str, str]:
    return terms.name, terms.ticker, terms.isin


# --- read back -------------------------------------------------------------------------------------------------------

FIELDS = (
    *("token", "code", "status", "announcedAt", "ex", "exAt", "pay", "buy", "effectiveAt"),
    *("num", "den", "gross", "withheld", "net", "price", "index"),
)
Record = Mapping[str, Any]
"""An action as the chain keeps it, by FIELDS, and its "id"."""


def read_record(chain: Chain, actions: Contract, identity: bytes) -> Record:
    """Read what the chain keeps of an action, by its id; zeros for an unknown one."""
    return dict(zip(FIELDS, chain.call(actions, "action", identity), strict=True)) | {"id": identity}


def read_action(chain: Chain, actions: Contract, identity: bytes, stock: str, code: str, reference: str) -> ActionState:
    """Read an action by its id, as it stands now; stock, code and reference are what it is called."""
    return as_state(read_record(chain, actions, identity), stock, code, reference)


def as_state(found: Record, stock: str, code: str, reference: str) -> ActionState:
    """What the chain keeps of an action, as every ledger shows one; stock, code and reference are what it is called."""
    return ActionState(
        id=bytes(found["id"]),
        stock=stock,
        code=code,
        reference=reference,
        status=STATUS[found["status"]],
        ex=found["ex"],
        ex_at=found["exAt"],
        pay=found["pay"],
        buy=found["buy"],
        effective_at=found["effectiveAt"],
        num=found["num"],
        den=found["den"],
        gross=Wad(found["gross"]),
        withheld=Wad(found["withheld"]),
        net=Wad(found["net"]),
        price=Wad(found["price"]),
        index=Wad(found["index"] if code in REPAIRS else 0),
    )


def announced_actions(
    chain: Chain, actions: Contract, token: Contract, stock: str, since: int
) -> Iterator[ActionState]:
    """Every action that was announced for a stock since a block, as it stands now: each is an event."""
    for identity, (code, reference) in announced_names(chain, actions, token, since).items():
        yield read_action(chain, actions, identity, stock, code, reference)


def announced_names(chain: Chain, actions: Contract, token: Contract, since: int) -> dict[bytes, tuple[str, str]]:
    """Code and reference of every action that was announced for a stock since a block, by its id, oldest first."""
    word = bytes.fromhex(token.address[2:]).rjust(32, b"\0")
    found = {}
    for event in chain.logs(actions, [ANNOUNCED, None, word], since):
        code, reference = decode(HEAD, event.data)
        found[bytes(event.topics[1])] = (str(code), reference_text(reference))
    return found


def read_multiplier(chain: Chain, token: Contract) -> MultiplierState:
    """A stock's multiplier as its token's views show it now."""
    views = ("multiplierTerms", "uiMultiplier", "newUIMultiplier", "effectiveAt", "multiplierGeneration")
    terms, ui, pending, effective, generation = chain.call_many([Call(token, view) for view in views])
    index, num, den, *_ = terms
    return MultiplierState(Wad(index), num, den, Wad(ui), Wad(pending), effective, generation)


def multiplier_at(chain: Chain, token: Contract, record: int) -> Wad:
    """What a raw unit counts for at a record instant, asked of the last block before it.

    A split that takes effect by the record is in force at it, though not in that block; nobody can cancel it any more.
    A dividend that is reinvested from then on bought without the one that is counted for.
    """
    *now, later_index, later_num, later_den, at = chain.call(token, "multiplierTerms")
    is_split = 0 < at <= record and tuple(now[1:]) != (later_num, later_den)
    return _factors(*((later_index, later_num, later_den) if is_split else now)).ui_multiplier


# --- as the model keeps them -----------------------------------------------------------------------------------------


def read_rules(chain: Chain, actions: Contract) -> Rules:
    """The notices, the withholding and the grace of the issuer."""
    notices = [Call(actions, "noticeOf", (kind,)) for kind in range(len(parameters.NOTICES))]
    rest = [Call(actions, "withholdingBps"), Call(actions, "grace")]
    split, announced, struck, correction, withholding, grace = chain.call_many([*notices, *rest])
    return Rules(split, announced, struck, withholding, grace, correction)


def multiplier_of(chain: Chain, actions: Contract, token: Contract, records: Collection[Record]) -> Multiplier:
    """The settled multiplier of a stock, and every change of its index that took effect. `records` are the stock's."""
    terms, generation = chain.call_many([Call(token, "multiplierTerms"), Call(token, "multiplierGeneration")])
    instants = sorted({0, *(one["effectiveAt"] for one in records if one["status"] == EFFECTIVE)})
    indices = chain.call_many([Call(actions, "indexAt", (token.address, instant)) for instant in instants])
    return Multiplier(
        current=_factors(*terms[:3]),
        pending=_factors(*terms[3:6]),
        effective_at=terms[6],
        generation=generation,
        history=tuple(zip(instants, map(Wad, indices), strict=True)),
    )


def _factors(index: int, num: int, den: int) -> Terms:
    return Terms(Wad(index), num, den)


def read_records(chain: Chain, actions: Contract, token: Contract) -> list[Record]:
    """Every action of a stock, oldest first."""
    count = chain.call(actions, "actionCount", token.address)
    ids = chain.call_many([Call(actions, "actionAt", (token.address, place)) for place in range(count)])
    found = chain.call_many([Call(actions, "action", (one,)) for one in ids])
    return [dict(zip(FIELDS, values, strict=True)) | {"id": one} for one, values in zip(ids, found, strict=True)]


def read_into(
    chain: Chain, contract: Contract, token: Contract, records: Collection[Record], names: Names, into: Actions
) -> None:
    """Fill in a stock's records and slot."""
    for one in records:
        code, reference = name_of(names, one["id"], one["code"])
        if one["code"] in CODES:
            into.records[code, reference] = _action(one, reference)
    into.parts = slot_of(chain, contract, token, names)


def read_book(
    chain: Chain, book: Contract, token: Contract, names: Names, name_of_contract: Callable[[str], str]
) -> dict[ActionId, Recorded]:
    """Every recorded action of a stock but its cash dividends, by code and reference, or by its id in hex where nobody
    asks about it by reference. Of documents, and of what CHAN says, the chain keeps hashes."""
    count = chain.call(book, "actionCount", token.address)
    ids = chain.call_many([Call(book, "actionAt", (token.address, place)) for place in range(count)])
    answers = chain.call_many([Call(book, "action", (one,)) for one in ids])
    found = {}
    for identity, one in zip(ids, answers, strict=True):
        if one[1] != CASH_CODE:
            code, reference = name_of(names, identity, one[1])
            found[code, reference] = recorded_of(one, reference, name_of_contract)
    return found


def recorded_of(answer: Sequence[Any], reference: str, name_of_contract: Callable[[str], str]) -> Recorded:
    """A recorded action as the model keeps it, of what the contract's view `action` says."""
    _, code, status, _, amended, change, values = answer
    one = dict(zip(RECORD_FIELDS, values, strict=True))
    named = {name: name_of_contract(one[name]) if int(one[name], 16) else "" for name in ("asset", "other")}
    hashes = {name: _hash_text(one[name]) for name in ("source", "document")}
    money = {name: Wad(one[name]) for name in ("gross", "fee", "rate", "price")}
    day = day_of(one["ex"]) if one["ex"] else None
    said = {"name": _hash_text(change)}
    terms = ins.RecordTerms(**one | named | hashes | money | said | {"ex": day})
    return Recorded(code, reference, terms, RECORD_STATUS[status], amended)


def as_kept(terms: ins.RecordTerms) -> ins.RecordTerms:
    """The terms as the chain keeps them: hashes of documents, and one of what CHAN says."""
    change = _change(terms)
    said = _hash_text(keccak(encode(["string"] * 3, change)) if any(change) else b"")
    source, document = (_hash_text(document_hash(one)) for one in (terms.source, terms.document))
    return replace(terms, source=source, document=document, name=said, ticker="", isin="")


def scheduled_order(chain: Chain, actions: Contract, token: Contract, since: int) -> dict[bytes, int]:
    """In which order the actions of a stock were scheduled since a block, by id: each is an event."""
    word = bytes.fromhex(token.address[2:]).rjust(32, b"\0")
    events = chain.logs(actions, [SCHEDULED, None, word], since)
    return {event.topics[1]: place for place, event in enumerate(events)}


def recorded_names(chain: Chain, book: Contract, token: Contract, since: int) -> dict[bytes, ActionId]:
    """Codes and references of what the book has of a stock since a block, by id: each is an event."""
    word = bytes.fromhex(token.address[2:]).rjust(32, b"\0")
    found = {}
    for event in chain.logs(book, [RECORDED, None, word], since):
        code, reference = decode(HEAD, event.data)
        found[event.topics[1]] = (code, reference_text(reference))
    return found


def _hash_text(word: bytes) -> str:
    return "0x" + bytes(word).hex() if any(word) else ""


Names = Mapping[bytes, ActionId]
"""Codes and references by ids: the chain keeps a reference in the id alone."""


def known_ids(isin: str, series: int, references: Collection[str]) -> Names:
    """The actions of a stock that somebody asks about: code and reference by the id that each has on the chain."""
    return {
        action_id(isin, series, code, one): (code, one)
        for code in (*CODES, *REPAIRS, *BOOK_CODES)
        for one in references
    }


def name_of(names: Names, identity: bytes, code: str) -> ActionId:
    """An action's code and reference, or its id in hex where nobody asks about it by reference."""
    return names.get(bytes(identity), (code, f"0x{bytes(identity).hex()}"))


def slot_of(chain: Chain, actions: Contract, token: Contract, names: Names) -> list[ActionId]:
    """The actions that wait in a stock's slot; a correction or a fold counts as a full one, for nothing may join it."""
    ids = chain.call(actions, "pendingParts", token.address)
    codes = [one[1] for one in chain.call_many([Call(actions, "action", (identity,)) for identity in ids])]
    parts = [name_of(names, identity, code) for identity, code in zip(ids, codes, strict=True)]
    return parts * MAX_PARTS if any(code in REPAIRS for code in codes) else parts


def _action(one: Record, reference: str) -> Action:
    return Action(
        code=one["code"],
        reference=reference,
        ex=day_of(one["ex"]),
        effective_at=one["effectiveAt"],
        num=one["num"],
        den=one["den"],
        gross=Wad(one["gross"]),
        pay=one["pay"],
        ex_at=one["exAt"],
        buy=one["buy"],
        status=MODEL_STATUS[one["status"]],
        price=Wad(one["price"]),
        withheld=Wad(one["withheld"]),
        net=Wad(one["net"]),
    )
