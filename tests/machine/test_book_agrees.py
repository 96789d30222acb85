"""What the book records, model against contracts: each code announced, amended, cancelled and completed alike.

The orders are written out: each code's terms as they are needed, one term short, one too many, and past each instant.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from machine import states
from machine.test_evm_agrees import START
from machine.twins import DONE, Twins

from scrip import instructions as ins
from scrip.action_codes import BOOK_CODES
from scrip.evm.deploy.dividends import open_distributor
from scrip.evm.deploy.suite import deploy_suite
from scrip.evm.dividends import DividendDesign
from scrip.evm.ledger import EvmLedger
from scrip.evm.local.revm_chain import RevmChain
from scrip.instructions.base import ISSUER, TREASURY
from scrip.instructions.subjects import Subjects
from scrip.ledger import EVM
from scrip.model.ledger import ModelLedger
from scrip.model.state import Dividends
from scrip.units import WAD, Wad

DAY, YEAR = 86_400, 365 * 86_400
STOCK, OTHER = "ACME", "SPUN"
CODES = [code for code in BOOK_CODES if code != "DVCA"]
MIDNIGHT = START - START % DAY + 5 * DAY
RECORD, DEADLINE, PAY = MIDNIGHT + DAY // 2, MIDNIGHT + 5 * DAY, MIDNIGHT + 10 * DAY
HASH = "0x" + "07" * 32
SAMPLE: dict[str, Any] = {
    "pay": PAY,
    "ex": datetime.fromtimestamp(MIDNIGHT, UTC).date(),
    "ex_at": MIDNIGHT + 60,
    "record_at": RECORD,
    "deadline": DEADLINE,
    "expiry": PAY + 4 * YEAR,
    "gross": Wad(WAD // 4),
    "fee": Wad(WAD // 100),
    "currency": "EUR",
    "asset": "stablecoin",
    "rate": Wad(WAD),
    "source": HASH,
    "num": 1,
    "den": 3,
    "other": OTHER,
    "price": Wad(20 * WAD),
    "most": 10**24,
    "document": HASH,
    "name": "Acme Works",
    "ticker": "ACMW",
    "isin": "US0000000003",
}


def terms(code: str, *, more: bool = False, **changes: Any) -> ins.RecordTerms:
    kind = BOOK_CODES[code]
    names = [*kind.needs, *(kind.more if more else ())]
    if code == "CHAN" and not more:
        names.append("ticker")
    if code == "MRGR" and not more:
        names += ["gross", "currency"]
    return replace(ins.RecordTerms(**{name: SAMPLE[name] for name in names}), **changes)


class World(Twins):
    """Two stocks and a book, in the model and on revm."""

    def __init__(self) -> None:
        model, self.chain = ModelLedger(EVM, START), RevmChain(START)
        suite = open_distributor(self.chain, deploy_suite(self.chain), DividendDesign(TREASURY, "tax"), ISSUER)
        model.state.dividends = Dividends(TREASURY, "tax")
        super().__init__(model, {"revm": EvmLedger(self.chain, suite)}, ("revm",))
        self.must(ins.CreateStock(STOCK, "Acme", "US0000000001"))
        self.must(ins.CreateStock(OTHER, "Spun", "US0000000002"))


@pytest.fixture(scope="module")
def world() -> World:
    return World()


def test_every_order_is_answered_alike(world: World) -> None:
    for code in CODES:
        given = terms(code, more=True)
        for wrong in _wrong(code, given):
            assert world.apply(ins.AnnounceRecord(STOCK, code, "x", wrong)) != DONE, wrong
        world.must(ins.AnnounceRecord(STOCK, code, code, given))
        assert world.apply(ins.AnnounceRecord(STOCK, code, code, given)) == "book: already announced"
        world.must(ins.AmendRecord(STOCK, code, code, terms(code, document=HASH)))
        world.must(ins.AnnounceRecord(STOCK, code, "off", terms(code)))
        world.must(ins.CancelRecord(STOCK, code, "off", 7, HASH))
        assert world.apply(ins.CancelRecord(STOCK, code, "off", 7, HASH)) == "book: not announced"
        world.must(ins.AnnounceRecord(OTHER, code, "kept", terms(code)))
    # Of a deferred ex the shares are there before the record; what a merger gives is chosen between.
    world.must(ins.AnnounceRecord(OTHER, "SOFF", "early", terms("SOFF", pay=RECORD - 2 * DAY)))
    world.must(ins.AnnounceRecord(OTHER, "MRGR", "chosen", terms("MRGR", more=True, other="")))
    _compare(world)
    for instant in (RECORD - DAY + 1, RECORD, DEADLINE, DEADLINE + 1, PAY - 1, PAY):
        world.advance_to(instant)
        for code in CODES:
            _at(world, code, instant)
        world.apply(ins.CompleteRecord(OTHER, "SOFF", "early"))
        for changes in ({"gross": Wad(WAD)}, {"other": OTHER}, {"other": STOCK}, {"currency": "USD"}):
            world.apply(ins.AmendRecord(OTHER, "MRGR", "chosen", terms("MRGR", more=True, **{"other": "", **changes})))
    for code in CODES:
        world.apply(ins.CompleteRecord(STOCK, code, code, HASH))
    _compare(world)
    assert world.tally["book: bad terms"] > 100
    expected = {"expiry too early", "record has come", "deadline has come", "notice too short", "not effective"}
    assert {f"book: {name}" for name in {*expected, "not announced", "unknown other"}} <= set(world.tally)


def _wrong(code: str, given: ins.RecordTerms) -> list[ins.RecordTerms]:
    """Terms that no chain takes: each needed one left out, each other one added, and bounds passed by one."""
    kind, empty = BOOK_CODES[code], ins.RecordTerms(0)
    short = [replace(given, **{name: getattr(empty, name)}) for name in kind.needs if name != "ex"]
    short += [replace(given, ex=None, ex_at=0)] if "ex" in kind.needs else []
    long = [replace(given, **{name: SAMPLE[name]}) for name in SAMPLE if name not in (*kind.needs, *kind.more)]
    passed = {"expiry": given.deadline - 1 if code == "RHTS" else PAY + 3 * YEAR - 1, "other": "NOBODY", "num": 2**64}
    passed |= {"gross": Wad(2**96), "most": 2**96, "deadline": PAY + 1, "ex": date(2020, 1, 1), "fee": given.gross}
    passed |= {"currency": "EURO", "rate": Wad(2**128)}
    known = [name for name in passed if getattr(given, name) and name not in ("currency",)]
    return [*short, *long, *(replace(given, **{name: passed[name]}) for name in known)]


def _at(world: World, code: str, instant: int) -> None:
    """What is announced too late, and what may still be amended, at an instant."""
    world.apply(ins.AnnounceRecord(STOCK, code, f"late {instant}", terms(code)))
    world.apply(ins.AmendRecord(OTHER, code, "kept", terms(code)))
    world.apply(ins.CompleteRecord(OTHER, code, "none"))
    for changes in ({"record_at": RECORD + 1}, {"deadline": DEADLINE + 1}, {"price": Wad(WAD)}, {"num": 2, "den": 3}):
        if set(changes) <= {*BOOK_CODES[code].needs, *BOOK_CODES[code].more}:
            world.apply(ins.AmendRecord(OTHER, code, "kept", terms(code, **changes)))


def _compare(world: World) -> None:
    """What was announced in time is kept alike; of a CHAN's words the chain keeps a hash."""
    about = Subjects(stocks=frozenset({STOCK}), references=frozenset(CODES))
    shown = states.read(world.chains["revm"], about).stocks[STOCK].actions.book
    kept = world.model.stocks[STOCK].actions.book
    now = world.model.now()
    for code in CODES:
        if code != "CHAN":
            # What takes effect at its second is so on a chain from then on, and a model tells it by the clock.
            one, other = (
                replace(found[code, code], status=found[code, code].status_at(now)) for found in (shown, kept)
            )
            assert one == other
    assert len(shown) == len(kept)


def test_a_dividend_in_shares_is_heard_of_as_a_dividend_and_moves_a_split(world: World) -> None:
    now = world.model.now()

    def order(reference: str, at: int, num: int, den: int) -> ins.Announce:
        day = datetime.fromtimestamp(at, UTC).date()
        return ins.Announce(OTHER, "DVSE", reference, day, at, num=num, den=den)

    assert world.apply(order("soon", now + DAY - 1, 103, 100)) == "actions: notice too short"
    assert world.apply(order("fewer", now + DAY, 100, 103)) == "actions: bad terms"
    world.must(order("shares", now + DAY, 103, 100))
    world.must(order("more", now + DAY, 3, 2))
    day = datetime.fromtimestamp(now + DAY, UTC).date()
    world.must(ins.Announce(OTHER, "DRIP", "cash", day, now + DAY, gross=Wad(WAD), pay=now + DAY))
    world.advance_to(now + DAY - 3600)
    world.must(ins.Schedule(OTHER, "DVSE", "shares"))
    # No other split has its second; a dividend has.
    assert world.apply(ins.Schedule(OTHER, "DVSE", "more")) == "actions: slot taken"
    world.must(ins.Schedule(OTHER, "DRIP", "cash", Wad(100 * WAD)))
    assert world.apply(ins.Schedule(OTHER, "DVSE", "more", Wad(WAD))) == "actions: bad terms"
    world.advance_to(now + DAY - 3599)
    assert world.apply(ins.Schedule(OTHER, "DVSE", "more")) == "actions: notice too short"
    world.compare_multiplier(OTHER, [])
    world.advance_to(now + DAY)
    world.compare_multiplier(OTHER, [])
    assert world.model.multiplier(OTHER).num == 103
    world.must(ins.Cancel(OTHER, "DVSE", "more", 7, HASH))
