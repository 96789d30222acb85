"""Dividends in cash, replayed on revm and on the model, with refusals, and units that are missing."""

from __future__ import annotations

import ast
import inspect
import io
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from replaying import altered, shortened
from rich.console import Console

from scrip.evm.deploy.dividends import open_distributor
from scrip.evm.deploy.suite import deploy_suite, hand_over
from scrip.evm.dividends import DividendDesign
from scrip.evm.ledger import EvmLedger
from scrip.evm.local.revm_chain import RevmChain
from scrip.holders.instant import At
from scrip.instructions.base import ISSUER, TREASURY, Instruction
from scrip.instructions.dividends import ClaimDividend
from scrip.ledger import EVM, Receipt
from scrip.model.laws import merkle_sum
from scrip.model.ledger import ModelLedger
from scrip.replay import payout, report, show, wealth
from scrip.replay.events import Event
from scrip.replay.payout import CashReplay, EvmBinder
from scrip.replay.result import ReplayError, Result
from scrip.replay.timeline import Timeline, build
from scrip.units import RawUnits, Stablecoin


class PlainBinder:
    """A model's roots are good for nothing else."""

    def word(self, account: str) -> bytes:
        return merkle_sum.keccak(account.encode())

    def binding(self, reference: str, instant: int) -> merkle_sum.Binding:
        return merkle_sum.Binding(bytes(32), bytes(32), merkle_sum.keccak(reference.encode()), instant, bytes(32))


def in_cash(timeline: Timeline) -> Timeline:
    """The same days and events, the dividends in cash."""
    events = tuple(action.event for action in timeline.actions)
    return build(timeline.stock.ticker, timeline.history, events, in_cash=True)


def on_model(timeline: Timeline, kind: type[ModelLedger] = ModelLedger) -> Result:
    model, binder = kind(EVM, timeline.genesis), PlainBinder()
    payout.pays(model, binder)
    return CashReplay(timeline, {"model": model}, binder).run()


def test_a_split_and_two_dividends_on_a_chain() -> None:
    """May 2002 to October 2003: in step with the model, to the last unit, and as the report tells it."""
    timeline = in_cash(shortened("MSFT", 735, 180))
    chain = RevmChain(timeline.genesis)
    # The blocks of roots are older than a chain remembers: those that it knows have tests of their own.
    chain._block += 10_000
    suite = open_distributor(chain, deploy_suite(chain), DividendDesign(TREASURY, payout.TAX), ISSUER)
    model, evm = ModelLedger(EVM, timeline.genesis), EvmLedger(chain, suite)
    binder = EvmBinder(evm, "MSFT", lambda instant: At(7, "0x" + "07" * 32, instant - 1))
    payout.pays(model, binder)
    ledgers = {"model": model, "evm": evm}
    result = CashReplay(timeline, ledgers, binder, ready=lambda _: hand_over(chain, suite)).run()
    assert [outcome.action.code for outcome in result.outcomes] == ["SPLF", "DVCA", "DVCA"]
    assert result.deviation("evm") == result.deviation("model") <= 1e-12
    refused = [(one.step, one.reason) for one in result.refusals if one.ledger == "evm"]
    assert refused[:2] == [("claim before it is paid", "dividend: before pay"), ("claim twice", "dividend: claimed")]
    # By hand: 0.08 and 0.16 for each of two shares a token; alice gave 1,234.5 tokens away between the two.
    coins = {name: result.finals["evm"].stablecoin[name] for name in ("bob", TREASURY)}
    assert coins["bob"] == Stablecoin((5_000 * 16 + 62_345 * 32 // 10) * 10_000)
    assert coins[TREASURY] == result.finals["model"].stablecoin[TREASURY]
    told = report.render(result, 1.0)
    assert set(told["deviation"]) == {"model", "evm", "wealth", "limit"}
    assert told["deviation"]["wealth"] == max(result.deviation("model"), result.deviation("evm"))
    assert (told["payout"], "deviation_theoretical" in told) == ("cash", False)
    assert told["actions"][1]["code"] == "DVCA"
    assert list(result.outcomes[1].steps) == ["announce", "root", "fund", "claim.alice", "claim.bob"]
    out = io.StringIO()
    show.summary(Console(file=out, width=120), result)
    assert "units plus cash, reinvested" in out.getvalue()


@pytest.mark.parametrize("ticker", ["IBM", "AAPL"])
def test_other_stocks_on_the_model(ticker: str) -> None:
    timeline = in_cash(altered(ticker, lambda _: None))
    result = on_model(timeline)
    assert len(result.outcomes) == len(timeline.actions)
    assert result.deviation("model") <= 1e-9


def one_cent_less(events: list[Event]) -> None:
    events[1] = replace(events[1], gross=events[1].gross - Decimal("0.01"))


def dropped(events: list[Event]) -> None:
    del events[1]


@pytest.mark.parametrize("alter", [one_cent_less, dropped])
def test_other_terms_than_the_market_had_fail_on_their_day(alter) -> None:
    with pytest.raises(ReplayError, match=r"^2003-02-20 .* model deviates from the reference by"):
        on_model(in_cash(altered("MSFT", alter)))


class Stingy(ModelLedger):
    """A ledger that pays a base unit too little."""

    def apply(self, instruction: Instruction) -> Receipt:
        receipt = super().apply(instruction)
        if isinstance(instruction, ClaimDividend):
            self.state.market.coins[instruction.leaf.account] -= 1
        return receipt


class Hiding(ModelLedger):
    """A ledger whose supply is less by a billionth and a half."""

    def supply(self, stock: str) -> RawUnits:
        units = super().supply(stock)
        return RawUnits(units.value - units.value * 3 // (2 * 10**9), units.decimals)


@pytest.mark.parametrize(("kind", "message"), [(Stingy, "paid alice 1402.479999, not 1402.48"), (Hiding, "deviates")])
def test_a_missing_unit_ends_the_replay(kind: type[ModelLedger], message: str) -> None:
    # Alice has 8,765.5 tokens of two shares, at 0.08 a share.
    with pytest.raises(ReplayError, match=message):
        on_model(in_cash(shortened("MSFT", 735, 12)), kind)


def test_the_reader_by_hand_and_with_nothing_of_ours() -> None:
    """100 shares at 10; 1 a share at 20 buys 5 shares, a split makes 210, and 0.5 a share at 7 buys 15 more."""
    reader = wealth.Reader()
    assert reader.due(Fraction(100), Fraction(1)) == 100_000_000
    reader.dividend(Fraction(1), Fraction(20))
    reader.receive(Fraction(100), Fraction(20))
    assert (reader.bought, reader.worth(Fraction(100), Fraction(20))) == (5, 2_100)
    reader.split(2, 1)
    assert reader.due(Fraction(100), Fraction(1, 2)) == 100_000_000
    reader.dividend(Fraction(1, 2), Fraction(7))
    reader.receive(Fraction(200), Fraction(7))
    assert reader.worth(Fraction(200), Fraction(7)) == 225 * 7
    tree = ast.parse(inspect.getsource(wealth))
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert modules == {"__future__", "fractions", "math"}
