"""Corporate actions, and the multiplier that they move."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from eth_utils import keccak

from scrip import instructions as ins
from scrip import parameters
from scrip.action_codes import ACTION_CODES, REPAIR_CODES
from scrip.evm.chain import Call, Chain, Contract
from scrip.evm.encoding.values import Transaction, action_id, document_hash, reference_word
from scrip.evm.encoding.words import decode
from scrip.evm.handlers.table import TRANSACTIONS, Facts, known_or_nothing
from scrip.instructions.subjects import reference_text
from scrip.ledger import ActionState, ActionStatus, MultiplierState
from scrip.model.laws.multiplier import Multiplier, Terms
from scrip.model.state.actions import CODES, MAX_PARTS, Action, ActionId, Actions, Status, day_of
from scrip.model.state.config import Rules
from scrip.units import Wad

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
    found = read_record(chain, actions, identity)
    return ActionState(
        id=identity,
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
    )


def announced_actions(
    chain: Chain, actions: Contract, token: Contract, stock: str, since: int
) -> Iterator[ActionState]:
    """Every action that was announced for a stock since a block, as it stands now: each is an event."""
    word = bytes.fromhex(token.address[2:]).rjust(32, b"\0")
    for event in chain.logs(actions, [ANNOUNCED, None, word], since):
        code, reference = decode(HEAD, event.data)
        yield read_action(chain, actions, event.topics[1], stock, code, reference_text(reference))


def read_multiplier(chain: Chain, token: Contract) -> MultiplierState:
    """A stock's multiplier as its token's views show it now."""
    views = ("multiplierTerms", "uiMultiplier", "newUIMultiplier", "effectiveAt", "multiplierGeneration")
    terms, ui, pending, effective, generation = chain.call_many([Call(token, view) for view in views])
    index, num, den, *_ = terms
    return MultiplierState(Wad(index), num, den, Wad(ui), Wad(pending), effective, generation)


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


Names = Mapping[bytes, ActionId]
"""Codes and references by ids: the chain keeps a reference in the id alone."""


def known_ids(isin: str, series: int, references: Collection[str]) -> Names:
    """The actions of a stock that somebody asks about: code and reference by the id that each has on the chain."""
    return {action_id(isin, series, code, one): (code, one) for code in (*CODES, *REPAIRS) for one in references}


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
