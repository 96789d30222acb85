"""How far a plan has come: which event ends a step, and how much a step counts for."""

from __future__ import annotations

import pytest
from support.record_samples import action

from scrip import instructions as ins
from scrip.executor import Ended, Event, ended, orders_in, orders_of
from scrip.plan import Plan, Step
from scrip.records import Record

ONE = Step("pause", "pause MSFT", "key", "StockToken", instructions=(ins.Pause("MSFT"),))
BATCH = Step("rows 1-2", "two stops", "key", "StockToken", instructions=(ins.Pause("MSFT"), ins.Pause("AAPL")))
SETTING = Step("notice", "a notice", "key", "CorporateActions")
"""The model knows no instruction of it."""


@pytest.mark.parametrize("event", ["resumed", "signed", "sent", "mined", "expired"])
def test_more_comes_after_an_event_on_the_way(event: Event) -> None:
    assert ended(event, ONE) is None


@pytest.mark.parametrize("event", ["already", "done", "failed"])
def test_the_last_word_has_the_transaction_of_its_record(event: Event) -> None:
    record = Record(1, "", "done", action(), "0x77", block=5, gas=21_000)
    assert ended(event, ONE, record) == Ended(ONE, event, "0x77", 5, 21_000)
    assert ended(event, ONE) == Ended(ONE, event, "", 0, 0)


def test_a_batch_counts_for_its_rows_and_anything_else_for_one() -> None:
    assert [orders_in(step) for step in (ONE, BATCH, SETTING)] == [1, 2, 1]
    assert orders_of(Plan("emergency pause", "", (ONE, BATCH, SETTING))) == 4
