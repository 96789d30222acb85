"""A stock's multiplier, backing and corporate actions, read from a chain as the model keeps them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from eth_utils import keccak

from scrip import parameters
from scrip.errors import Refusal
from scrip.evm.chain import Call, Chain, Contract
from scrip.evm.compiled.artifacts import artifact
from scrip.evm.deploy.suite import Suite
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.encoding.values import action_id
from scrip.evm.ledger import Listing
from scrip.model.actions import CODES, MAX_PARTS, Action, ActionId, Actions, Status, day_of
from scrip.model.multiplier import Multiplier, Terms
from scrip.model.reserve import Feed, FeedConfig, Receivable, Round, ScheduledSplit
from scrip.units import WAD_DECIMALS

STATUS: dict[int, Status] = {1: "ANNOUNCED", 2: "SCHEDULED", 3: "CANCELLED", 4: "SCHEDULED"}
"""The chain's numbers; an effective action is to the model one that was scheduled."""
EFFECTIVE = 4
REPAIRS = tuple(parameters.REPAIR_CODES)
"""The issuer's own kinds, alone in their slot, which the model does not apply."""
MAX_ROUNDS = 400
"""Rounds of an oracle that are looked back at."""
ROUNDS_AT_ONCE = 50


# --- the multiplier --------------------------------------------------------------------------------------------------


def read_multiplier(chain: Chain, suite: Suite, token: Contract, records: Collection[Record]) -> Multiplier:
    """The settled multiplier, and every change of the index that took effect. `records` are the stock's."""
    terms, generation = chain.call_many([Call(token, "multiplierTerms"), Call(token, "multiplierGeneration")])
    instants = sorted({0, *(one["effectiveAt"] for one in records if one["status"] == EFFECTIVE)})
    indices = chain.call_many([Call(suite.actions, "indexAt", (token.address, instant)) for instant in instants])
    return Multiplier(
        current=Terms(*terms[:3]),
        pending=Terms(*terms[3:6]),
        effective_at=terms[6],
        generation=generation,
        history=tuple(zip(instants, indices, strict=True)),
    )


# --- corporate actions -----------------------------------------------------------------------------------------------

FIELDS = (
    *("token", "code", "status", "announcedAt", "ex", "pay", "effectiveAt"),
    *("num", "den", "gross", "withheld", "net", "price", "index"),
)


Record = Mapping[str, Any]
"""An action as the chain keeps it, by FIELDS, and its "id"."""


def read_records(chain: Chain, suite: Suite, token: Contract) -> list[Record]:
    """Every action of a stock, oldest first."""
    count = chain.call(suite.actions, "actionCount", token.address)
    ids = chain.call_many([Call(suite.actions, "actionAt", (token.address, place)) for place in range(count)])
    found = chain.call_many([Call(suite.actions, "action", (one,)) for one in ids])
    return [dict(zip(FIELDS, values, strict=True)) | {"id": one} for one, values in zip(ids, found, strict=True)]


def read_actions(
    chain: Chain, suite: Suite, token: Contract, records: Collection[Record], names: Names, into: Actions
) -> None:
    """A stock's records, splits and slot."""
    for one in records:
        code, reference = name_of(names, one["id"], one["code"])
        if one["code"] in CODES:
            into.records[code, reference] = _action(one, reference)
    into.parts = slot_of(chain, suite, token, names)
    count = chain.call(suite.actions, "splitCount", token.address)
    splits = chain.call_many([Call(suite.actions, "splitAt", (token.address, place)) for place in range(count)])
    into.splits = [ScheduledSplit(*split) for split in splits]


Names = Mapping[bytes, ActionId]
"""Codes and references by ids: the chain keeps a reference in the id alone."""


def known_ids(isin: str, references: Collection[str]) -> Names:
    """The actions of a stock that somebody asks about, by the ids that they have on the chain."""
    return {action_id(isin, code, one): (code, one) for code in (*CODES, *REPAIRS) for one in references}


def name_of(names: Names, identity: bytes, code: str) -> ActionId:
    """An action's code and reference, or its id in hex where nobody asks about it by reference."""
    return names.get(bytes(identity), (code, f"0x{bytes(identity).hex()}"))


def slot_of(chain: Chain, suite: Suite, token: Contract, names: Names) -> list[ActionId]:
    """What waits in the slot; a correction or a fold fills it, for nothing may join one."""
    ids = chain.call(suite.actions, "pendingParts", token.address)
    codes = [one[1] for one in chain.call_many([Call(suite.actions, "action", (identity,)) for identity in ids])]
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
        gross=one["gross"],
        pay=one["pay"],
        status=STATUS[one["status"]],
        price=one["price"],
        withheld=one["withheld"],
        net=one["net"],
    )


# --- backing ---------------------------------------------------------------------------------------------------------


def read_feed(chain: Chain, suite: Suite, listing: Listing, names: Names) -> Feed:
    """How a stock's reserve is judged, what its oracle said, and the dividends that are yet to be bought."""
    token = listing.token
    asked = [Call(suite.feed, view, (token.address,)) for view in ("configuration", "basis")]
    (oracle, decimals, max_age, margin, ceiling), basis = chain.call_many(asked)
    configured = oracle != ZERO_ADDRESS
    feed = Feed(decimals if configured else WAD_DECIMALS)
    feed.basis = tuple(basis)
    if configured:
        feed.config = FeedConfig(max_age, margin, ceiling)
        feed.rounds = read_rounds(chain, Contract(listing.oracle.name, oracle))
    feed.receivables = read_receivables(chain, suite, token, names)
    return feed


def read_rounds(chain: Chain, oracle: Contract) -> list[Round]:
    """The oracle's newest rounds, oldest first: back to the first, or as far as it answers, or MAX_ROUNDS."""
    latest, answer, _, updated_at, _ = chain.call(oracle, "latestRoundData")
    found = [Round(answer, updated_at)] if updated_at else []
    numbers = range(latest - 1, max(latest - MAX_ROUNDS, 0), -1)
    for start in range(0, len(numbers), ROUNDS_AT_ONCE):
        calls = [Call(oracle, "getRoundData", (number,)) for number in numbers[start : start + ROUNDS_AT_ONCE]]
        answers = _as_far_as_it_answers(chain, calls)
        found += [Round(answer, updated_at) for _, answer, _, updated_at, _ in answers]
        if len(answers) < len(calls):
            break
    return found[::-1]


def _as_far_as_it_answers(chain: Chain, calls: Sequence[Call]) -> list[Any]:
    """Answers up to the first refusal: an oracle's numbers have gaps where it was replaced."""
    try:
        return chain.call_many(calls)
    except Refusal:
        answers = []
    for one in calls:
        try:
            answers.append(chain.call(one.contract, one.function, *one.args))
        except Refusal:
            break
    return answers


def read_receivables(chain: Chain, suite: Suite, token: Contract, names: Names) -> list[Receivable]:
    """Open receivables, from the feed's storage (contracts/reserve/reserve_book.vy): no view shows them one by one."""
    first = _book_slot(token.address)
    count = chain.word(suite.feed, first) >> 212 & 7
    found = []
    for place in range(count):
        word = chain.word(suite.feed, first + 2 + place)
        identity = chain.word(suite.feed, first + 6 + place).to_bytes(32)
        entry = Receivable(
            id=name_of(names, identity, "DRIP"),
            delta=word >> 128 & (2**94 - 1),
            supply=word & (2**128 - 1),
            until=word >> 222,
        )
        found.append(entry)
    return found


def _book_slot(token: str) -> int:
    """Where the feed keeps a stock's book: Vyper hashes the map's slot and the key."""
    slot = artifact("ReserveFeed").layout["storage_layout"]["book"]["books"]["slot"]
    return int.from_bytes(keccak(slot.to_bytes(32) + bytes.fromhex(token[2:]).rjust(32, b"\0")))
