"""The job holds on the real events, and fails on the slightest change to them."""

from contextlib import nullcontext
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import nextafter

import pytest
from replaying import altered, replay_model, shortened

from scrip.errors import Refusal
from scrip.instructions.base import Instruction
from scrip.instructions.market import Mint
from scrip.instructions.transfers import Transfer
from scrip.ledger import EVM, SOLANA, MultiplierState, Receipt
from scrip.model.ledger import ModelLedger
from scrip.replay import cast
from scrip.replay.events import Event, load_events
from scrip.replay.job import Replay
from scrip.replay.prices import load_history
from scrip.replay.result import LIMIT, ReplayError, Silent
from scrip.replay.stocks import KNOWN
from scrip.replay.timeline import build
from scrip.units import WAD, RawUnits


@pytest.mark.parametrize("ticker", [ticker for ticker in KNOWN if ticker != "MSFT"])
def test_every_stock_replays(ticker: str) -> None:
    result = replay_model(build(ticker, load_history(ticker), load_events(ticker)))
    assert result.deviation("model") <= 1e-12
    assert result.lowest_coverage > 1


def test_microsoft(msft_result) -> None:
    assert LIMIT == 1e-9
    assert msft_result.deviation("model") <= 1e-12
    assert len(msft_result.values["model"]) == len(msft_result.reference) == 3270
    assert len(msft_result.outcomes) == 38
    assert 1 < msft_result.lowest_coverage < Fraction(102, 100)
    split = msft_result.outcomes[0].multiplier["model"]
    assert (split.num, split.den, split.index) == (2, 1, 10**18)
    assert [outcome.multiplier["model"].generation for outcome in msft_result.outcomes] == list(range(1, 39))


def test_the_story_is_told_and_refused_as_it_must_be(msft_result) -> None:
    assert [(r.step, r.to, r.reason) for r in msft_result.refusals] == [
        ("transfer", "outsider", "ERC7943CannotReceive"),
        ("redeem on an old multiplier", "alice", "market: multiplier changed"),
        ("redeem on an expired quote", "alice", "market: quote expired"),
        ("redeem on a stranger's quote", "alice", "market: not a quote signer"),
        ("redeem on a used quote", "alice", "market: quote used"),
    ]
    final = msft_result.finals["model"]
    assert {name: str(units) for name, units in final.balances.items()} == {
        "alice": "3765.5",
        "bob": "6234.5",
        "outsider": "0",
    }
    assert str(final.supply) == "10000"
    # 5,000 tokens of 2.653364519147478084 shares at 27.95, rounded down to a millionth of a dollar.
    assert str(final.stablecoin["alice"]) == "370807.69155"
    assert final.coverage.attested >= final.coverage.required


def one_cent_less(events: list[Event]) -> None:
    place = next(i for i, event in enumerate(events) if event.code == "DRIP")
    events[place] = replace(events[place], gross=events[place].gross - Decimal("0.01"))


def one_cent_less_on_the_last(events: list[Event]) -> None:
    events[-1] = replace(events[-1], gross=events[-1].gross - Decimal("0.01"))


def swapped_terms(events: list[Event]) -> None:
    place = next(i for i, event in enumerate(events) if event.is_split)
    events[place] = replace(events[place], code="SPLR", num=events[place].den, den=events[place].num)


def dropped_dividend(events: list[Event]) -> None:
    del events[next(i for i, event in enumerate(events) if event.code == "DRIP")]


def dropped_split(events: list[Event]) -> None:
    del events[next(i for i, event in enumerate(events) if event.is_split)]


@pytest.mark.parametrize(
    ("alter", "day"),
    [
        (one_cent_less, "2003-02-20 00:00"),
        (one_cent_less_on_the_last, "2013-02-20 00:00"),
        (swapped_terms, "2003-02-19 00:00"),
        (dropped_dividend, "2003-02-20 00:00"),
        (dropped_split, "2003-02-19 00:00"),
    ],
)
def test_a_tampered_event_fails_on_its_day(alter, day) -> None:
    with pytest.raises(ReplayError, match=f"^{day} UTC: model deviates from the reference by"):
        replay_model(altered("MSFT", alter))


def test_swapped_terms_under_the_old_code_are_refused_by_the_ledger() -> None:
    def swap(events: list[Event]) -> None:
        events[0] = replace(events[0], num=1, den=2)

    with pytest.raises(ReplayError, match=r"model refused to announce SPLF of 2003-02-18: actions: bad terms"):
        replay_model(altered("MSFT", swap))


class Faulty(ModelLedger):
    """A ledger with one planted fault."""

    fault = ""

    def multiplier(self, stock: str) -> MultiplierState:
        state = super().multiplier(stock)
        if self.fault == "early" and state.effective_at:
            return replace(state, ui_multiplier=state.pending_ui_multiplier)
        if self.fault == "late" and state.generation:
            return replace(state, ui_multiplier=10**18)
        if self.fault == "off by one" and state.generation:
            return replace(state, ui_multiplier=state.ui_multiplier + 1)
        return state

    def apply(self, instruction: Instruction) -> Receipt:
        if self.fault == "open door" and isinstance(instruction, Transfer) and instruction.to == cast.OUTSIDER:
            return Receipt()
        if self.fault == "other reason" and isinstance(instruction, Transfer) and instruction.to == cast.OUTSIDER:
            raise Refusal("token: paused")
        if self.fault == "no mint" and isinstance(instruction, Mint):
            raise Refusal("market: paused")
        return super().apply(instruction)

    def coverage(self, stock: str):
        coverage = super().coverage(stock)
        return replace(coverage, attested=coverage.required - 1) if self.fault == "short" else coverage


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("early", "^2003-02-14 .* evm deviates from the reference by 1,"),
        ("late", "did not take effect at its time"),
        ("short", r"coverage is 9\d\.\d+%|coverage is 100\.0000%"),
        ("open door", "did not refuse to transfer"),
        ("no mint", "refused to mint for alice: market: paused"),
    ],
)
def test_a_fault_of_the_ledger_ends_the_replay(fault: str, message: str) -> None:
    timeline = shortened("MSFT", 700, 60)
    ledger = Faulty(EVM, timeline.genesis)
    ledger.fault = fault
    with pytest.raises(ReplayError, match=message):
        Replay(timeline, {"evm": ledger}).run()


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("off by one", "the multipliers differ"),
        ("other reason", "for ERC7943CannotReceive and token: paused"),
    ],
)
def test_ledgers_that_differ_end_the_replay(fault: str, message: str) -> None:
    timeline = shortened("MSFT", 700, 60)
    ledger = Faulty(EVM, timeline.genesis)
    ledger.fault = fault
    with pytest.raises(ReplayError, match=message):
        Replay(timeline, {"model": ModelLedger(EVM, timeline.genesis), "evm": ledger}).run()


class Rounding(ModelLedger):
    """A ledger whose wallets read a float one unit beside the nearest."""

    def shown_multiplier(self, stock: str) -> float:
        return nextafter(self.multiplier(stock).ui_multiplier / WAD, 0)


def test_a_float_beside_the_nearest_ends_the_replay() -> None:
    timeline = shortened("MSFT", 700, 60)
    with pytest.raises(ReplayError, match=r"solana shows wallets 0\.9+\d*, the multiplier is 1\.0"):
        Replay(timeline, {"solana": Rounding(SOLANA, timeline.genesis)}).run()


class Generous(ModelLedger):
    """A ledger that counts a unit too much."""

    def balance(self, stock: str, account: str) -> RawUnits:
        units = super().balance(stock, account)
        return RawUnits(units.value + 1, units.decimals)


@pytest.mark.parametrize(("kind", "same"), [(ModelLedger, True), (Generous, False)])
def test_balances_are_compared_across_decimals(kind: type[ModelLedger], same: bool) -> None:
    timeline = shortened("MSFT", 700, 60)
    ledgers = {"model": ModelLedger(EVM, timeline.genesis), "solana": kind(SOLANA, timeline.genesis)}
    with nullcontext() if same else pytest.raises(ReplayError, match="model and solana end with different balances"):
        Replay(timeline, ledgers).run()


def test_no_ledger_is_no_replay() -> None:
    with pytest.raises(ValueError, match="needs a ledger"):
        Replay(shortened("FB", 0, 10), {})


@dataclass
class Listener(Silent):
    days: int = 0
    acts: int = 0
    refusals: int = 0
    lines: int = 0

    def day(self, index: int) -> None:
        assert index == self.days
        self.days += 1

    def acted(self, outcome) -> None:
        assert outcome.lowest_coverage >= 1
        assert outcome.gas is None
        self.acts += 1

    def refused(self, at, refusal) -> None:
        self.refusals += 1

    def told(self, at, text) -> None:
        self.lines += 1


def test_the_watcher_hears_of_everything() -> None:
    timeline = shortened("MSFT", 700, 60)
    listener = Listener()
    Replay(timeline, {"model": ModelLedger(EVM, timeline.genesis)}, listener).run()
    assert (listener.days, listener.acts, listener.refusals, listener.lines) == (60, 2, 5, 5)
